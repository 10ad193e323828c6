"""What is special about a family of models: everything that the bench asks of one, in one protocol.

`kurabe.models.families.generic.Generic` answers all of it for a family that transformers handles alone. A
family of its own derives from that and says only where it differs.
"""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from kurabe.common.vocabulary import Box

if TYPE_CHECKING:
    from PIL.Image import Image
    from torch import Tensor

    from kurabe.models.families.bare import Bare
    from kurabe.models.runtime.counts import Counts
    from kurabe.models.runtime.prepared import Picture
    from kurabe.models.runtime.protocol import FamilyRuntime

UNASKED = -100
"""The label of a token that is not asked whether it shows a difference."""


class RowProcessor(Protocol):
    """A family's processor, taken apart so that each prompt and each picture is processed once."""

    def tokens(self, picture: "Image") -> int:
        """Return how many tokens of a row stand for a picture."""

    def ids(self, prompt: str, counts: tuple[int, ...]) -> list[int]:
        """Return the ids of a question about pictures that take so many tokens."""

    def cut(self, picture: "Image", digest: bytes) -> "Picture":
        """Cut a picture into crops.

        Args:
            picture: Mode RGB.
            digest: Identifies the result: its content and the number of crops that was asked for.
        """


@dataclass(frozen=True, slots=True)
class Marked:
    """Where differences lie in a picture that a model is shown, in pixels of that picture.

    Attributes:
        picture: Which of the pictures that the model gets, from 0.
        region: Where the test picture lies in it.
        boxes: The differences; none if the pair is known to be the same.
    """

    picture: int
    region: Box
    boxes: tuple[Box, ...]


class SpotLabels(Protocol):
    """Tells which tokens of a prompt show a difference."""

    def __call__(
        self, processor: Any, crops: int | None, marked: Marked, size: tuple[int, int], ids: "Tensor"
    ) -> "Tensor":
        """Label the tokens of a prompt.

        Args:
            processor: The model's.
            crops: The most crops of a picture; None for the processor's own number.
            marked: Where the differences lie.
            size: Width and height in pixels of the picture that ``marked`` is about.
            ids: (1, tokens), as the processor makes them.

        Returns:
            int8 (1, tokens): 1 for a difference, 0 for none, `UNASKED` for what is not asked.
        """


class Family(Protocol):
    """One family of models: all checkpoints whose configuration has the same ``model_type``.

    The order is that in which a checkpoint comes to life: loaded, asked by transformers' ``generate`` or by
    loops of our own, given adapters, trained. Nothing here keeps state: one object serves all checkpoints.

    Attributes:
        model_type: As the checkpoint's ``config.json`` says it.
        mixes_picture_counts: Whether rows with different numbers of pictures can share a batch, each
            computed as it would be alone.
        spot_labels: Tells which token of a picture stands for which part of it; None where that is not
            known, and ``kurabe finetune --spots`` is refused.
    """

    model_type: str
    mixes_picture_counts: bool

    @property
    def spot_labels(self) -> SpotLabels | None:
        """See the class."""

    # Loading

    def register(self) -> None:
        """Prepare transformers before a checkpoint is opened: add what it lacks, correct what is wrong.

        Called before every load, so a second call must do nothing.

        Raises:
            ModelError: If this version of transformers cannot be corrected.
        """

    def processor(self, folder: Path) -> Any:
        """Load the processor of a checkpoint. Code in the folder is never run.

        Raises:
            ModelError: If it cannot be loaded.
        """

    def bare(self, folder: Path) -> "tuple[Bare, Any] | None":
        """Build the modules that `runtime` reads, without transformers' classes.

        Those take seconds to import.

        Args:
            folder: Of a checkpoint in its own precision, with its weights in safetensors.

        Returns:
            The modules, their weights to be filled in, and as much of a processor as `rows`, `runtime` and
            `end_tokens` need; None where transformers has to load the checkpoint.

        Raises:
            Exception: Of any kind, if the folder's files do not say what such a model needs.
        """

    # Asking

    def tensors(
        self,
        processor: Any,
        texts: Sequence[str],
        pictures: Sequence[Sequence["Image"]],
        crops: int | None,
        options: Mapping[str, Any],
    ) -> dict[str, Any]:
        """Run the processor on a batch; see `kurabe.models.families.inputs.prepare`.

        Args:
            processor: The model's.
            texts: One prompt a row, chat template applied.
            pictures: The pictures of each row.
            crops: Crops or tiles a picture; None for the processor's own number.
            options: Further arguments of the processor: padding and the like.

        Returns:
            What the model's ``forward`` and ``generate`` take.
        """

    def end_tokens(self, model: Any, processor: Any) -> frozenset[int]:
        """Return the tokens that end an answer."""

    def batch_group(self, config: Any, length: int, limit: int) -> str:
        """Name the group of rows that may share a batch with this one.

        Args:
            config: The model's.
            length: Tokens of the prompt.
            limit: New tokens at most.

        Returns:
            Equal texts for rows that may be mixed; "" if any may.
        """

    # Loops of our own

    def rows(self, processor: Any, crops: int | None) -> RowProcessor | None:
        """Return what makes rows for `runtime`; None for a family that has no runtime."""

    def runtime(self, model: Any, processor: Any, counts: "Counts") -> "FamilyRuntime | None":
        """Return our own loops over a model in memory; None if transformers' ``generate`` answers.

        Args:
            model: The model, or PEFT's around it; whole on one device, its layers in 16 bits or more, or
                those of `matrices` in 8 bits.
            processor: Its processor.
            counts: Where to count.
        """

    def matrices(self, model: Any) -> Sequence[Any]:
        """Return the modules whose linear layers ``quantization = "fp8"`` puts into 8 bits.

        Args:
            model: The model, without adapters.

        Returns:
            The modules; none for a family that cannot be computed so.
        """

    # Adapters

    def trained(self, base_class: str, modules: Iterable[str]) -> bool:
        """Say whether an adapter belongs to this family.

        Args:
            base_class: The class of the model that it was trained on, as its file says it; "" if it doesn't.
            modules: Names of the modules that it changes.
        """

    def by_row(self, module: str) -> bool:
        """Say whether a module of the decoder gets one row of input for each row of the batch.

        Where it gets others, rows of a batch cannot be given different adapters.
        """

    # Training

    def frozen_tower(self, model: Any) -> AbstractContextManager[None]:
        """Compute a vision tower that is not trained as for answers, while the context lasts.

        Args:
            model: A model, with its LoRA on if it has one.
        """
