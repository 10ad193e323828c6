"""What is special about Llama-3.2-Vision."""

import re
from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kurabe.models.families.family import Family, RowProcessor
from kurabe.models.families.generic import Generic
from kurabe.models.families.mllama.correction import apply, with_all_tiles

if TYPE_CHECKING:
    from PIL.Image import Image

    from kurabe.models.families.bare import Bare
    from kurabe.models.runtime.counts import Counts
    from kurabe.models.runtime.protocol import FamilyRuntime


class Mllama(Generic):
    """Its features have to be corrected; a picture stands in the row as one tag, and is attended to."""

    mixes_picture_counts = False  # see `correction.group_by_images`

    def register(self) -> None:
        """Correct the features of transformers' vision tower."""
        apply()

    def tensors(
        self,
        processor: Any,
        texts: Sequence[str],
        pictures: Sequence[Sequence["Image"]],
        crops: int | None,
        options: Mapping[str, Any],
    ) -> dict[str, Any]:
        """Cut into at most ``crops`` tiles, numbered as the model numbers them."""
        made = super().tensors(processor, texts, pictures, crops, options)
        if crops is None:
            return made
        return with_all_tiles(made, crops, processor.image_processor.max_image_tiles)

    def rows(self, processor: Any, crops: int | None) -> RowProcessor | None:
        """Return `MllamaRows`; None where pictures are cut in another way than the published one."""
        from kurabe.models.families.mllama.rows import MllamaRows
        from kurabe.models.families.mllama.tiles import TileSettings

        own = processor.image_processor
        if not isinstance(own, TileSettings):
            own = TileSettings.read(own.to_dict(), by_pillow=type(own).__name__.endswith("Pil"))
        return None if own is None else MllamaRows(processor, own, crops)

    def bare(self, folder: Path) -> tuple["Bare", Any] | None:
        """Return `BareMllama` and `BareProcessor`."""
        from transformers.models.mllama.configuration_mllama import MllamaConfig

        from kurabe.models.families.bare import unset
        from kurabe.models.families.mllama.bare import BareMllama
        from kurabe.models.families.mllama.processor import BareProcessor

        processor = BareProcessor.read(folder)
        if processor is None:
            return None
        config = MllamaConfig.from_pretrained(folder)
        return unset(lambda: BareMllama(config)), processor

    def runtime(self, model: Any, processor: Any, counts: "Counts") -> "FamilyRuntime":
        """Return `MllamaRuntime`."""
        from kurabe.models.families.mllama.runtime import MllamaRuntime

        return MllamaRuntime(model, processor, counts)

    def matrices(self, model: Any) -> Sequence[Any]:
        """Return the decoder's layers and the vision tower's; embeddings and heads stay as they are."""
        tower = model.model.vision_model
        return model.model.language_model.layers, tower.transformer, tower.global_transformer

    def trained(self, base_class: str, modules: Iterable[str]) -> bool:
        """Tell its adapters by the class, or by the cross-attention that no other family has."""
        return base_class.startswith("Mllama") or any(".cross_attn." in module for module in modules)

    def by_row(self, module: str) -> bool:
        """Keys and values of the cross-attention come from pictures."""
        return super().by_row(module) and re.search(r"cross_attn\.[kv]_proj", module) is None

    def frozen_tower(self, model: Any) -> AbstractContextManager[None]:
        """Attend without a mask, as for answers."""
        from kurabe.models.families.mllama.frozen_tower import as_answered

        return as_answered(model)


FAMILY: Family = Mllama("mllama")
