"""Small pictures of all formats and modes that are opened, and of some that are not."""

import io
from typing import Any

import numpy as np
from PIL import Image, features

from kurabe.imaging.load import FORMATS

_MODES: dict[str, tuple[str, ...]] = {
    "PNG": ("1", "L", "LA", "P", "RGB", "RGBA", "I;16"),
    "JPEG": ("L", "RGB", "CMYK"),
    "BMP": ("1", "L", "P", "RGB", "RGBA"),
    "GIF": ("L", "P", "RGB"),
    "PPM": ("1", "L", "RGB", "I;16"),
    "TIFF": ("1", "L", "LA", "P", "RGB", "RGBA", "CMYK", "YCbCr", "LAB", "I;16", "I", "F"),
    "WEBP": ("RGB", "RGBA"),
    "AVIF": ("RGB", "RGBA"),
    "JPEG2000": ("L", "RGB", "RGBA", "I;16"),
}
_MORE: dict[str, tuple[dict[str, Any], ...]] = {
    "PNG": ({}, {"compress_level": 0}),
    "JPEG": ({}, {"progressive": True}, {"quality": 100, "subsampling": 0}),
    "TIFF": ({}, *({"compression": name} for name in ("tiff_lzw", "tiff_deflate", "packbits", "jpeg"))),
    "WEBP": ({}, {"lossless": True}),
}

# Their decoders, in Pillow, run programs or read other files: they must never be reached.
_FOREIGN = (
    b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n(ran) (w) file closefile\nshowpage\n%%EOF\n",
    b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n",
    b"<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'><image href='http://192.0.2.1/a'/></svg>",
    b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic" + bytes(200),
    b"version https://git-lfs.github.com/spec/v1\noid sha256:" + b"0" * 64 + b"\nsize 9\n",
    b"8BPS\x00\x01" + bytes(6) + b"\x00\x03\x00\x00\x00\x09\x00\x00\x00\x09\x00\x08\x00\x03" + bytes(60),
    b"\xd7\xcd\xc6\x9a" + bytes(40), b"\x00\x00\x01\x00\x01\x00\x09\x09" + bytes(60), b"",
)  # fmt: skip


def samples() -> list[bytes]:
    """Return a file of each format, mode and way of saving, with EXIF where it can have any."""
    made = list(_FOREIGN)
    for name in FORMATS:
        if name in ("WEBP", "AVIF") and not features.check(name.lower()):
            continue
        for mode in _MODES[name]:
            for more in _MORE.get(name, ({},)):
                made += _saved(_drawn(mode), name, more)
    frames = [_drawn("P"), _drawn("P").rotate(90)]
    for name in ("GIF", "PNG", "TIFF", "WEBP"):
        made += _saved(frames[0].convert("RGB"), name, {"save_all": True, "append_images": frames[1:]})
    return made


def _drawn(mode: str) -> Image.Image:
    y, x = np.mgrid[0:18, 0:24]
    grey = ((x * 9 + y * y) % 256).astype(np.uint8)
    if mode == "I;16":
        return Image.fromarray(grey.astype(np.uint16) * 257)
    colour = Image.fromarray(np.stack([grey, grey.T[:18, :1] + grey, 255 - grey], -1).astype(np.uint8))
    return (
        colour.convert("RGB").convert(mode) if mode != "LAB" else Image.fromarray(np.asarray(colour), "LAB")
    )


def _saved(picture: Image.Image, name: str, more: dict[str, Any]) -> list[bytes]:
    exif = Image.Exif()
    exif[0x0112] = 6  # lies on its side
    turned = (
        {"exif": exif.tobytes()} if name in ("JPEG", "PNG", "WEBP", "AVIF") and "save_all" not in more else {}
    )
    file = io.BytesIO()
    try:
        picture.save(file, name, **more, **turned)
    except (OSError, ValueError, KeyError):  # no such mode with such a compression
        return []
    return [file.getvalue()]
