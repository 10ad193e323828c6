"""Pictures as they are sent: made smaller if need be, as PNG or JPEG, in base64."""

import base64
import io
import math
import zlib
from typing import TYPE_CHECKING

from kurabe.common.memo import Memo
from kurabe.common.request import Request
from kurabe.models.engines.served.remote import Encoded
from kurabe.models.engines.served.settings import ServedSettings

if TYPE_CHECKING:
    from PIL.Image import Image

_KEPT_BYTES = 64 * 2**20
"""Encoded pictures that are kept: several questions about one pair follow each other."""


class Encoder:
    """Encodes pictures, each once while it is in use. Several threads may share it."""

    def __init__(self, settings: ServedSettings) -> None:
        self._settings = settings
        self._kept = Memo[Encoded](_KEPT_BYTES, lambda encoded: len(encoded.data))

    def encode(self, request: Request) -> tuple[Encoded, ...]:
        """Return a request's pictures, in their order."""
        if len(request.contents) != len(request.pictures):
            return tuple(self._encoded(picture) for picture in request.pictures)
        return tuple(
            self._kept.get(content, lambda picture=picture: self._encoded(picture))  # type: ignore[misc]
            for content, picture in zip(request.contents, request.pictures, strict=True)
        )

    def _encoded(self, picture: "Image") -> Encoded:
        own = self._settings
        smaller = fitted(picture.size, own.max_pixels)
        if smaller != picture.size:
            from PIL import Image

            picture = picture.resize(smaller, Image.Resampling.LANCZOS)
        stream = io.BytesIO()
        if own.picture == "png":
            # Runs alone: photographs have no other repetition, and looking for it takes five times as long.
            picture.save(stream, "PNG", compress_level=1, compress_type=zlib.Z_RLE)
        else:
            # Colour at full resolution: thin coloured lines are what an inspection is about.
            picture.save(stream, "JPEG", quality=own.quality, subsampling=0)
        return Encoded(f"image/{own.picture}", base64.b64encode(stream.getbuffer()).decode("ascii"))


def fitted(size: tuple[int, int], max_pixels: int | None) -> tuple[int, int]:
    """Return a size of about the same shape that has at most so many pixels; never a larger one."""
    width, height = size
    if max_pixels is None or width * height <= max_pixels:
        return size
    scale = math.sqrt(max_pixels / (width * height))
    return max(1, int(width * scale)), max(1, int(height * scale))
