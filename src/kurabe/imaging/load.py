"""Reading pictures as an inspector sees them: upright, eight bits a channel, RGB, opaque."""

import os
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
from PIL import ExifTags, Image, ImageOps, UnidentifiedImageError

from kurabe.common.errors import ImageError

_SIXTEEN_BIT = ("I;16", "I;16L", "I;16B", "I;16N")
# Pillow knows more: some hand the file to another program (EPS), others are no pictures (MPEG, WMF).
_COMMON = ("PNG", "JPEG", "BMP", "GIF", "PPM")
_OTHERS = ("TIFF", "WEBP", "AVIF", "JPEG2000")
FORMATS = (*_COMMON, *_OTHERS)
"""The formats that are opened, whatever a file's name says."""
_DARKEST = 4096
"""A 16-bit picture whose values all stay below this one holds 12 bits or less and would be shown black."""
_HEIF = (b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1")
# EXIF orientations that exchange width and height.
_TURNED = range(5, 9)


def load_image(path: Path) -> Image.Image:
    """Read a picture in any common mode as RGB.

    EXIF orientation is applied, transparency is laid on white, 16-bit grey keeps its range, and an
    animation gives its first frame. Only files of the `FORMATS` are opened.

    Args:
        path: The file.

    Returns:
        A picture of mode RGB that is independent of the file.

    Raises:
        ImageError: If the file is missing, damaged, no picture, or larger than Pillow's limit.
    """
    with open_upright(path) as picture:
        try:
            return to_rgb(picture)
        except ImageError as error:
            raise ImageError(f"{path}: {error}") from error
        except Exception as error:
            raise _damaged(path, error) from error


def open_upright(path: Path) -> Image.Image:
    """Read a picture in its own mode, turned as EXIF says.

    Returns:
        The loaded picture; close it.

    Raises:
        ImageError: As `load_image`, but for what a mode means.
    """
    picture = _opened(path)
    try:
        picture.seek(0)
        # Loading may find the file truncated; only afterwards are late EXIF blocks known.
        picture.load()
        ImageOps.exif_transpose(picture, in_place=True)  # else it copies what is not turned, too
    except Exception as error:
        picture.close()
        raise _damaged(path, error) from error
    return picture


def _damaged(path: Path, error: Exception) -> ImageError:
    return ImageError(f"{path}: the picture is damaged or cut off ({_short(error)}); save it anew")


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
        except Exception:  # only the turn is lost; whoever loads the picture hears of the damage
            orientation = 1
    # Pillow gives a TIFF its turned size as soon as it is opened.
    turned = orientation in _TURNED and picture.format != "TIFF"
    return (height, width) if turned else (width, height)


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
        if values.size and 0 < (most := int(values.max())) < _DARKEST:
            bits = most.bit_length()
            raise ImageError(
                f"its 16-bit values end at {most}, so it holds {bits} bits and would be shown nearly black; "
                f"multiply its values by {2 ** (16 - bits)}, and those of all pictures of this camera"
            )
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
        picture = _identified(path)
    except FileNotFoundError as error:
        raise ImageError(f"{path}: there is no such file; correct the path or add the picture") from error
    except UnidentifiedImageError as error:
        raise ImageError(f"{path}: {_what_it_is(path)}") from error
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise ImageError(f"{path}: too large: {error}; scale the picture down or cut it") from error
    except Exception as error:  # what a decoder raises on a damaged file depends on the format
        raise ImageError(
            f"{path}: cannot be opened ({_short(error)}); save it anew as PNG or JPEG"
        ) from error
    # Between one and two times its limit Pillow only warns; a bench that runs unattended refuses.
    limit = Image.MAX_IMAGE_PIXELS
    if limit is not None and picture.width * picture.height > limit:
        picture.close()
        raise ImageError(
            f"{path}: too large: {picture.width}x{picture.height} pixels, the limit is {limit} pixels; "
            "scale the picture down or cut it"
        )
    return picture


def _identified(path: Path) -> Image.Image:
    Image.preinit()
    try:
        return Image.open(path, formats=_COMMON)
    except UnidentifiedImageError:
        Image.init()  # loads all drivers, so only where the common ones do not know the file
        return Image.open(path, formats=[name for name in _OTHERS if name in Image.OPEN])


def _what_it_is(path: Path) -> str:
    """Say what a file is that cannot be identified as a picture, and what to do about it."""
    try:
        with path.open("rb") as file:
            head = file.read(64)
    except OSError as error:
        return f"cannot be read: {error.strerror or error}"
    if head.startswith(b"version https://git-lfs"):
        return "a Git LFS pointer, not the picture itself: get the pictures with 'git lfs pull'"
    if head[4:8] == b"ftyp" and head[8:12] in _HEIF:
        return "a HEIC picture, which is not read: save it as JPEG or PNG"
    if not head:
        return "the file is empty: copy the picture again"
    return "not a picture that can be read; save it as PNG or JPEG"


def _short(error: Exception) -> str:
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return f"{type(error).__name__}: {error}" if str(error) else type(error).__name__


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
