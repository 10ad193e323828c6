"""What a family of models implements so that the loop can answer with it."""

from collections.abc import Hashable, Mapping, Sequence
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Protocol

import torch
from torch import Tensor, nn

from kurabe.models.runtime.counts import Counts
from kurabe.models.runtime.prepared import Picture, Row

if TYPE_CHECKING:
    from kurabe.models.runtime.cache import Buffers
    from kurabe.models.runtime.graph import Workspace


class FamilyRuntime(Protocol):
    """A loaded model as the loop sees it.

    Attributes:
        counts: Of the engine.
        workspace: Static memory and captured graphs, filled by the loop.
        reuse: Whether features and common prefixes are computed once; set at will between batches.
        graphs: Whether steps are captured, on devices where that is possible; likewise.
    """

    counts: Counts
    workspace: "Workspace"
    reuse: bool
    graphs: bool

    @property
    def device(self) -> torch.device:
        """Where the model is, whole."""

    @property
    def dtype(self) -> torch.dtype:
        """Type of keys and values."""

    @property
    def layers(self) -> int:
        """Layers that keep keys and values of the row's tokens."""

    @property
    def kv_heads(self) -> int:
        """Heads of keys and values."""

    @property
    def head_dim(self) -> int:
        """Channels of a head."""

    def row_state(self) -> Mapping[str, tuple[tuple[int, ...], torch.dtype]]:
        """Name what else is kept of each row while decoding: its shape, without the rows, and its type."""

    def takes(self, row: Row, limit: int) -> bool:
        """Say whether a row with ``limit`` new tokens can be answered here."""

    def prefix(self, row: Row) -> tuple[Hashable, int]:
        """Tell what of the row's beginning others may share.

        Returns:
            A key, equal for rows whose beginnings give equal keys and values, and the beginning's length in
            tokens, less than the row's; None and 0 if nothing is worth sharing.
        """

    def begin(self, rows: Sequence[Row]) -> None:
        """Decide on the host what holds for a whole batch, before any of its rows is computed."""

    def graph_key(self) -> Hashable:
        """What a captured step depends on besides shapes and adapters, as `begin` has decided it."""

    def encode(self, pictures: Sequence[Picture]) -> list[Tensor]:
        """Return the features of each picture; those of pictures seen before are kept in bounded memory."""

    def prefill(self, rows: Sequence[Row], buffers: "Buffers | None", first_row: int) -> Tensor:
        """Compute prompts.

        Args:
            rows: Prompts of about equal length.
            buffers: Take keys, values and row state, from their row ``first_row`` on; None keeps nothing.
            first_row: See ``buffers``.

        Returns:
            (rows, hidden): each row's last position after the last norm.
        """

    def step(self, ids: Tensor, positions: Tensor, buffers: "Buffers") -> Tensor:
        """Compute one more token of every row.

        Nothing in here may wait for the device or allocate anything that outlives the call: the same code is
        captured in a CUDA graph.

        Args:
            ids: int64 (rows,).
            positions: int64 (rows,): the token's place in its row, and the column of its keys and values.
            buffers: Of as many rows.

        Returns:
            (rows, hidden), after the last norm.
        """

    def logits(self, hidden: Tensor) -> Tensor:
        """Apply the language-model head: (rows, hidden) to (rows, vocabulary)."""

    def signature(self) -> Hashable:
        """Identify the weights that answer now, as `signature` does for the whole model."""

    def forget(self) -> None:
        """Give back all that is kept between calls."""


def signature(module: nn.Module) -> Hashable:
    """Identify what a module computes now: where its weights lie, and which adapters act in it.

    Adapters that have no part in the module make no difference. Nor do weights that are changed in place, as
    by training.
    """
    adapters = tuple(
        _acting(part)
        for part in module.modules()
        if hasattr(part, "active_adapters") and hasattr(part, "merged_adapters")
    )
    return adapters, hash(tuple(parameter.data_ptr() for parameter in module.parameters()))


def _acting(part: Any) -> Hashable:
    """Name the adapters that PEFT's layer applies, and those that are merged into its weights."""
    held = {name for kind in part.adapter_layer_names for name in attrgetter(kind)(part)}
    active = () if part.disable_adapters else tuple(name for name in part.active_adapters if name in held)
    return active, tuple(part.merged_adapters)
