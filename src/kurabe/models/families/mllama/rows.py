"""Rows of mllama: prompts as ids, pictures as tiles of bytes, from transformers' processor."""

from typing import TYPE_CHECKING, Any

from kurabe.models.families.family import Family
from kurabe.models.families.inputs import prepare
from kurabe.models.families.mllama.correction import with_all_tiles
from kurabe.models.runtime.prepared import Picture

if TYPE_CHECKING:
    from PIL.Image import Image


class MllamaRows:
    """`transformers.MllamaProcessor` taken apart: one tag a picture, whatever its tiles."""

    def __init__(self, family: Family, processor: Any, tiles: int | None) -> None:
        self._family = family
        self._processor = processor
        self._tiles = tiles

    def tokens(self, picture: "Image") -> int:  # noqa: ARG002
        """See `kurabe.models.families.family.RowProcessor`."""
        return 1

    def ids(self, prompt: str, counts: tuple[int, ...]) -> list[int]:
        """See `kurabe.models.families.family.RowProcessor`."""
        from PIL import Image

        blank = Image.new("RGB", (8, 8))
        made = prepare(self._family, self._processor, [prompt], [[blank] * len(counts)], 1)
        found: list[int] = made.tensors["input_ids"][0].tolist()
        return found

    def cut(self, picture: "Image", digest: bytes) -> Picture:
        """See `kurabe.models.families.family.RowProcessor`."""
        import torch
        from transformers.models.mllama.image_processing_mllama import get_all_supported_aspect_ratios

        own = self._processor.image_processor
        most = self._tiles or own.max_image_tiles
        made = own(
            images=[[picture]],
            max_image_tiles=most,
            do_rescale=False,
            do_normalize=False,
            return_tensors="pt",
        )
        made = with_all_tiles(dict(made), most, own.max_image_tiles)
        aspect = int(made["aspect_ratio_ids"])
        rows, columns = get_all_supported_aspect_ratios(own.max_image_tiles)[aspect - 1]
        # The processor hands whole numbers on as floats; tiles of padding are zeros after normalisation.
        tiles = made["pixel_values"][0, 0, : rows * columns].to(torch.uint8)
        return Picture(digest, tiles, (rows, columns), 1, aspect)
