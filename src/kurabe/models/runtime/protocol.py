"""What a model family implements so that the loop can answer with it."""

from collections.abc import Hashable, Sequence
from typing import Protocol

from torch import Tensor

from kurabe.models.runtime.cache import Buffers, Cached
from kurabe.models.runtime.counts import Counts
from kurabe.models.runtime.forest import Beginning, Forest
from kurabe.models.runtime.graph import Workspace
from kurabe.models.runtime.prepared import Picture, Row
from kurabe.models.runtime.seats import Kept


class FamilyRuntime(Cached, Protocol):
    """A loaded model as the loop sees it.

    Attributes:
        counts: Of the engine.
        workspace: Static memory and captured graphs, filled by the loop.
        reuse: Whether anything is computed once for several rows; set at will between batches.
        shares: Whether what prompts begin with is, besides features of pictures; likewise.
        graphs: Whether steps are captured, on devices where that is possible; likewise.
        parted: Whether a step reads once what rows have in common.
        trees_per_pass: Trees that are computed at once; None for any number.
    """

    counts: Counts
    workspace: Workspace
    reuse: bool
    shares: bool
    graphs: bool
    parted: bool
    trees_per_pass: int | None

    def takes(self, row: Row, limit: int) -> bool:
        """Say whether a row with ``limit`` new tokens can be answered here."""

    def beginning(self, row: Row) -> Beginning:
        """Tell what of the row's beginning others may share.

        Returns:
            int64 (length of the row,): rows whose numbers are equal up to some token have equal keys and
            values up to it, as long as the same weights compute them.
        """

    def alike(self, row: Row) -> Hashable:
        """Return what rows must have in common to be computed in one pass."""

    def begin(self, rows: Sequence[Row]) -> None:
        """Decide on the host what holds for a whole batch, before any of its rows is computed."""

    def graph_key(self) -> Hashable:
        """What a captured step depends on besides shapes and adapters, as `begin` has decided it."""

    def encode(self, pictures: Sequence[Picture]) -> list[Tensor]:
        """Return the features of each picture; those of pictures seen before are kept in bounded memory."""

    def prefill(self, forest: Forest, kept: Kept | None) -> Tensor:
        """Compute prompts.

        Args:
            forest: A pass of them.
            kept: Where keys, values and state go; None keeps nothing.

        Returns:
            (nodes in which rows end, hidden): the last position of each after the last norm.
        """

    def step(self, ids: Tensor, positions: Tensor, buffers: Buffers) -> Tensor:
        """Compute one more token of every row.

        Nothing in here may wait for the device or allocate anything that outlives the call: the same code is
        captured in a CUDA graph.

        Args:
            ids: int64 (rows,).
            positions: int64 (rows,): the token's place in its row. Its keys and values stand as many columns
                before that as the row has tokens in common with others.
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
