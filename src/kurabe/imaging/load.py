"""Reading pictures as an inspector sees them: upright, eight bits a channel, RGB, opaque."""

import os
import struct
import zlib
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
from PIL import ExifTags, Image, ImageOps, UnidentifiedImageError

from kurabe.common.errors import ImageError

_SIXTEEN_BIT = ("I;16", "I;16L", "I;16B", "I;16N")
# What Pillow's decoders raise on a damaged file depends on the format.
_DAMAGED = (OSError, SyntaxError, ValueError, EOFError, IndexError, struct.error, zlib.error)
# EXIF orientations that exchange width and height.
_TURNED = range(5, 9)


def load_image(path: Path) -> Image.Image:
    """Read a picture in any common mode as RGB.

    EXIF orientation is applied, transparency is laid on white, 16-bit grey keeps its range, and an
    animation gives its first frame.

    Args:
        path: The file.

    Returns:
        A picture of mode RGB that is independent of the file.

    Raises:
        ImageError: If the file is missing, damaged, no picture, or larger than Pillow's limit.
    """
    with _opened(path) as picture:
        try:
            picture.seek(0)
            # Loading may find the file truncated; only afterwards are late EXIF blocks known.
            picture.load()
            ImageOps.exif_transpose(picture, in_place=True)  # else it copies what is not turned, too
            return to_rgb(picture)
        except ImageError as error:
            raise ImageError(f"{path}: {error}") from error
        except _DAMAGED as error:
            raise ImageError(f"{path}: the picture is damaged or cut off ({error}); save it anew") from error


def image_size(path: Path) -> tuple[int, int]:
    """Read (width, height) in pixels from a picture's header, as `load_image` would turn it.

    Nothing is decoded, so a file that is cut off after its header still has a size.

    Raises:
        ImageError: If the file is missing, no picture, or larger than Pillow's limit.
    """
    with _opened(path) as picture:
        width, height = picture.size
        try:
            # Not picture.getexif(): for PNG that would decode the whole picture.
            orientation = Image.Image.getexif(picture).get(ExifTags.Base.Orientation, 1)
        except _DAMAGED:
            orientation = 1
    return (height, width) if orientation in _TURNED else (width, height)


def to_rgb(picture: Image.Image) -> Image.Image:
    """Convert a picture of any mode to RGB, on white where it is transparent.

    Raises:
        ImageError: If the mode has no defined white (32-bit integers beyond 16 bits, floats).
    """
    if picture.mode == "RGB" and not picture.has_transparency_data:
        return picture if type(picture) is Image.Image else picture.copy()
    if picture.mode in (*_SIXTEEN_BIT, "I"):
        values = np.asarray(picture).astype(np.int64)
        if values.size and (values.min() < 0 or values.max() > 65535):
            raise ImageError("32-bit values have no known white; save the picture with 8 or 16 bits")
        return Image.fromarray(((values + 128) // 257).astype(np.uint8)).convert("RGB")
    if picture.mode == "F":
        raise ImageError("floating-point values have no known white; save the picture with 8 or 16 bits")
    if picture.has_transparency_data:
        opaque = Image.new("RGBA", picture.size, "white")
        return Image.alpha_composite(opaque, picture.convert("RGBA")).convert("RGB")
    try:
        return picture.convert("RGB")
    except ValueError as error:
        raise ImageError(f"mode {picture.mode} cannot be shown; save the picture as RGB ({error})") from error


def _opened(path: Path) -> Image.Image:
    try:
        picture = Image.open(path)
    except FileNotFoundError as error:
        raise ImageError(f"{path}: there is no such file; correct the path or add the picture") from error
    except UnidentifiedImageError as error:
        raise ImageError(f"{path}: not a picture that can be read; save it as PNG or JPEG") from error
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise ImageError(f"{path}: too large: {error}; scale the picture down or cut it") from error
    except _DAMAGED as error:
        raise ImageError(f"{path}: cannot be opened ({error})") from error
    # Between one and two times its limit Pillow only warns; a bench that runs unattended refuses.
    limit = Image.MAX_IMAGE_PIXELS
    if limit is not None and picture.width * picture.height > limit:
        picture.close()
        raise ImageError(
            f"{path}: too large: {picture.width}x{picture.height} pixels, the limit is {limit} pixels; "
            "scale the picture down or cut it"
        )
    return picture


def unreadable(
    paths: Iterable[Path], progress: Callable[[Iterable[Path]], Iterable[Path]] = iter
) -> dict[Path, str]:
    """Decode pictures, several at a time, and return what is wrong with those that cannot be read."""
    paths = list(paths)

    def wrong(path: Path) -> str:
        try:
            load_image(path)
        except ImageError as error:
            return str(error)
        return ""

    with ThreadPoolExecutor(max_workers=os.cpu_count() or 1) as pool:
        found = zip(progress(paths), pool.map(wrong, paths), strict=True)
        return {path: what for path, what in found if what}
