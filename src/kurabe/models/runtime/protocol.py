"""What a model family implements so that the loop can answer with it."""

from collections.abc import Hashable, Sequence
from typing import Protocol

from torch import Tensor

from kurabe.models.runtime.cache import Buffers, Cached
from kurabe.models.runtime.counts import Counts
from kurabe.models.runtime.graph import Workspace
from kurabe.models.runtime.prepared import Picture, Row


class FamilyRuntime(Cached, Protocol):
    """A loaded model as the loop sees it.

    Attributes:
        counts: Of the engine.
        workspace: Static memory and captured graphs, filled by the loop.
        reuse: Whether features and common prefixes are computed once; set at will between batches.
        graphs: Whether steps are captured, on devices where that is possible; likewise.
    """

    counts: Counts
    workspace: Workspace
    reuse: bool
    graphs: bool

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

    def prefill(self, rows: Sequence[Row], buffers: Buffers | None, first_row: int) -> Tensor:
        """Compute prompts.

        Args:
            rows: Prompts of about equal length.
            buffers: Take keys, values and row state, from their row ``first_row`` on; None keeps nothing.
            first_row: See ``buffers``.

        Returns:
            (rows, hidden): each row's last position after the last norm.
        """

    def step(self, ids: Tensor, positions: Tensor, buffers: Buffers) -> Tensor:
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
