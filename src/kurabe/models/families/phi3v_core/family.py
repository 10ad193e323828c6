"""What is special about Phi-3.5-vision."""

from collections.abc import Iterable, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

from kurabe.models.families.bare import Bare, unset
from kurabe.models.families.family import Family, RowProcessor, SpotLabels
from kurabe.models.families.generic import Generic
from kurabe.models.families.phi3v_core.bare import BarePhi3V
from kurabe.models.families.phi3v_core.configuration import Phi3VConfig, rope_side
from kurabe.models.families.phi3v_core.processing import Phi3VProcessor
from kurabe.models.families.phi3v_core.rows import Phi3VRows
from kurabe.models.families.phi3v_core.runtime import Phi3VRuntime
from kurabe.models.families.phi3v_core.spots import token_labels
from kurabe.models.runtime.counts import Counts
from kurabe.models.runtime.protocol import FamilyRuntime


class Phi3V(Generic):
    """It has its own processor, rope factors by a row's length, and tokens that keep a picture's grid."""

    def register(self) -> None:
        """Register the family with transformers' Auto classes."""
        import_module("kurabe.models.families.phi3v")

    @property
    def spot_labels(self) -> SpotLabels:
        """A picture's tokens come crop by crop, row by row."""
        return token_labels

    def processor(self, folder: Path) -> Any:
        """Load it without ``AutoProcessor``: the published files point to code that is never run here."""
        return Phi3VProcessor.from_pretrained(folder)

    def bare(self, folder: Path) -> tuple[Bare, Any] | None:
        """Return `BarePhi3V` and the processor."""
        config = Phi3VConfig.from_pretrained(folder)
        return unset(lambda: BarePhi3V(config)), self.processor(folder)

    def end_tokens(self, model: Any, processor: Any) -> frozenset[int]:
        """Take those of the chat template, which the published configuration does not name."""
        own = getattr(processor, "eos_token_ids", None)
        return frozenset(own) if own else super().end_tokens(model, processor)

    def batch_group(self, config: Any, length: int, limit: int) -> str:
        """Rows on two sides of the rope switch would change each other's factors."""
        return rope_side(length, limit, config)

    def rows(self, processor: Any, crops: int | None) -> RowProcessor:
        """Return `Phi3VRows`."""
        return Phi3VRows(processor, crops)

    def runtime(self, model: Any, processor: Any, counts: Counts) -> FamilyRuntime:
        """Return `Phi3VRuntime`."""
        return Phi3VRuntime(model, processor, counts)

    def matrices(self, model: Any) -> Sequence[Any]:
        """Return the decoder's layers and the vision tower's; embeddings and heads stay as they are."""
        decoder = model.model
        return decoder.layers, decoder.vision_embed_tokens.img_processor.vision_model.encoder

    def trained(self, base_class: str, modules: Iterable[str]) -> bool:
        """Tell its adapters by the class, or by the name of its image embedding."""
        return base_class.startswith("Phi3V") or any("vision_embed_tokens." in module for module in modules)


FAMILY: Family = Phi3V("phi3_v")
