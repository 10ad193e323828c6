"""Rows of phi3_v: prompts as ids, pictures as crops of bytes, from the family's own processor."""

from typing import TYPE_CHECKING

from kurabe.models.families.inputs import begins_itself, written
from kurabe.models.families.phi3v_core.processing import Phi3VProcessor
from kurabe.models.runtime.prepared import Picture

if TYPE_CHECKING:
    from PIL.Image import Image


class Phi3VRows:
    """`Phi3VProcessor` taken apart. The overview is left out: it is made of the crops' own values."""

    def __init__(self, processor: Phi3VProcessor, crops: int | None) -> None:
        self._processor = processor
        self._crops = crops

    def tokens(self, picture: "Image") -> int:
        """See `kurabe.models.families.family.RowProcessor`."""
        return self._processor.calc_num_image_tokens_from_image_size(*picture.size, self._crops)

    def ids(self, prompt: str, counts: tuple[int, ...]) -> list[int]:
        """See `kurabe.models.families.family.RowProcessor`."""
        text = written(self._processor, prompt, len(counts))
        first = not begins_itself(self._processor, text)
        return self._processor.ids(text, counts, add_special_tokens=first)

    def cut(self, picture: "Image", digest: bytes) -> Picture:
        """See `kurabe.models.families.family.RowProcessor`."""
        crops, tiling = self._processor.cut(picture, self._crops)
        return Picture(digest, crops, (tiling.rows, tiling.columns), self.tokens(picture))
