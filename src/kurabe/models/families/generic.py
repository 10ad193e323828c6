"""The family that needs nothing of its own: transformers loads it, and its ``generate`` answers."""

import inspect
from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kurabe.common.errors import ModelError
from kurabe.models.families.family import RowProcessor, SpotLabels

if TYPE_CHECKING:
    from PIL.Image import Image

    from kurabe.models.families.bare import Bare
    from kurabe.models.runtime.counts import Counts
    from kurabe.models.runtime.protocol import FamilyRuntime


class Generic:
    """A `Family` that transformers handles alone; the base of those that differ in something."""

    mixes_picture_counts = True

    def __init__(self, model_type: str) -> None:
        self.model_type = model_type

    @property
    def spot_labels(self) -> SpotLabels | None:
        """It is not known which token stands where."""
        return None

    def register(self) -> None:
        """Nothing is to be prepared."""

    def processor(self, folder: Path) -> Any:
        """Load it by transformers' ``AutoProcessor``."""
        from transformers import AutoProcessor

        try:
            return AutoProcessor.from_pretrained(folder, trust_remote_code=False)
        except (ValueError, OSError, ImportError) as error:
            raise ModelError(f"{folder}: the processor cannot be loaded: {error}") from error

    def bare(self, folder: Path) -> tuple["Bare", Any] | None:  # noqa: ARG002
        """There are no loops that could do with less than transformers' model."""
        return None

    def tensors(
        self,
        processor: Any,
        texts: Sequence[str],
        pictures: Sequence[Sequence["Image"]],
        crops: int | None,
        options: Mapping[str, Any],
    ) -> dict[str, Any]:
        """Call the processor, with the number of crops under the name that it has for it."""
        named = {} if crops is None else {_crops_keyword(processor): crops}
        images = [list(own) for own in pictures] if any(pictures) else None  # none were shown to any row
        return dict(processor(text=list(texts), images=images, **options, **named))

    def end_tokens(self, model: Any, processor: Any) -> frozenset[int]:
        """Take the checkpoint's own for generation, or else the tokenizer's."""
        own = model.generation_config.eos_token_id
        ends = processor.tokenizer.eos_token_id if own is None else own
        return frozenset(ends if isinstance(ends, list | tuple) else [ends]) - {None}

    def batch_group(self, config: Any, length: int, limit: int) -> str:  # noqa: ARG002
        """Rows of any lengths may share a batch."""
        return ""

    def rows(self, processor: Any, crops: int | None) -> RowProcessor | None:  # noqa: ARG002
        """There is no runtime to make rows for."""
        return None

    def runtime(self, model: Any, processor: Any, counts: "Counts") -> "FamilyRuntime | None":  # noqa: ARG002
        """Transformers' ``generate`` answers."""
        return None

    def matrices(self, model: Any) -> Sequence[Any]:  # noqa: ARG002
        """Nothing is known to be fit for 8 bits."""
        return ()

    def trained(self, base_class: str, modules: Iterable[str]) -> bool:  # noqa: ARG002
        """Nothing tells its adapters apart."""
        return False

    def by_row(self, module: str) -> bool:
        """Experts get single tokens."""
        return "expert" not in module

    def frozen_tower(self, model: Any) -> AbstractContextManager[None]:  # noqa: ARG002
        """The tower is left as it is."""
        return nullcontext()


def _crops_keyword(processor: Any) -> str:
    """Return what a processor calls the number of crops."""
    if "num_crops" in inspect.signature(processor.__call__).parameters:
        return "num_crops"
    return "max_image_tiles" if hasattr(processor.image_processor, "max_image_tiles") else "max_patches"
