"""Pictures as they are sent: made smaller if need be, as PNG or JPEG, in base64."""

import base64
import io
import math
import time
import zlib
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from kurabe.common.memo import Memo
from kurabe.common.request import Request
from kurabe.models.engines.served.png_file import pixels_alone
from kurabe.models.engines.served.remote import Encoded
from kurabe.models.engines.served.settings import ServedSettings

if TYPE_CHECKING:
    from PIL.Image import Image

_LARGEST_FILE = 64 * 2**20
"""Bytes of a file that may be sent as it is."""

_KEPT_BYTES = 64 * 2**20
"""Encoded pictures that are kept: several questions about one pair follow each other."""


class Encoder:
    """Encodes pictures, each once while it is in use. Several threads may share it."""

    def __init__(self, settings: ServedSettings) -> None:
        self._settings = settings
        self._since = time.time()
        self._kept = Memo[Encoded](_KEPT_BYTES, lambda encoded: len(encoded.data))

    def encode(self, request: Request) -> tuple[Encoded, ...]:
        """Return a request's pictures, in their order."""
        files = request.files or (None,) * len(request.pictures)
        if len(request.contents) != len(request.pictures):
            return tuple(map(self._encoded, request.pictures, files))
        return tuple(
            self._kept.get(content, partial(self._encoded, picture, file))
            for content, picture, file in zip(request.contents, request.pictures, files, strict=True)
        )

    def _encoded(self, picture: "Image", file: Path | None) -> Encoded:
        own = self._settings
        if own.picture == "png" and file is not None and (data := self._as_it_is(file, picture.size)):
            return Encoded("image/png", base64.b64encode(data).decode("ascii"))
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

    def _as_it_is(self, file: Path, size: tuple[int, int]) -> bytes | None:
        """Return a file that holds a picture as it would be sent; encoding it again takes much longer."""
        if fitted(size, self._settings.max_pixels) != size:
            return None
        try:
            about = file.stat()
            # Whoever writes it while the bench runs may change it after it was read.
            if max(about.st_mtime, about.st_ctime) >= self._since or about.st_size > _LARGEST_FILE:
                return None
            return pixels_alone(file.read_bytes(), size)
        except OSError:
            return None


def fitted(size: tuple[int, int], max_pixels: int | None) -> tuple[int, int]:
    """Return a size of about the same shape that has at most so many pixels; never a larger one."""
    width, height = size
    if max_pixels is None or width * height <= max_pixels:
        return size
    scale = math.sqrt(max_pixels / (width * height))
    return max(1, int(width * scale)), max(1, int(height * scale))
