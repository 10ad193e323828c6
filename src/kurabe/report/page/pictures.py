"""A run's pictures for its page: their sizes, their thumbnails, and all of them for a single file."""

import base64
import os
import struct
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image

from kurabe.results.album import write_thumbnail

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_HEAD = 24
"""Bytes of a PNG up to its height."""

THUMBNAILS = 16 * 2**20
"""Bytes of thumbnails that go into a page; those beyond are shown from their full-size files."""


def picture_facts(folder: Path, names: Iterable[str]) -> dict[str, dict[str, Any]]:
    """Return file name, width and height of each picture; None all three where the picture is missing."""
    return {name: _facts(folder / f"{name}.png") for name in names}


def _facts(path: Path) -> dict[str, Any]:
    try:
        with path.open("rb") as file:
            width, height = _size(file.read(_HEAD))
    except (OSError, ValueError):
        return {"file": None, "w": None, "h": None}
    return {"file": path.name, "w": width, "h": height}


def _size(head: bytes) -> tuple[int, int]:
    """Return width and height of a PNG.

    Raises:
        ValueError: If it is none.
    """
    if len(head) < _HEAD or not head.startswith(_SIGNATURE):
        raise ValueError("not a PNG")
    width, height = struct.unpack(">II", head[16:_HEAD])
    return width, height


def thumbnails(folder: Path, names: Iterable[str]) -> dict[str, str]:
    """Return thumbnails as data URIs, the first names first, until they are `THUMBNAILS` bytes together.

    Those that are not beside their pictures are made there. A picture that is missing or damaged has none.
    """
    uris: dict[str, str] = {}
    held = 0
    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        wanted = list(dict.fromkeys(names))
        for start in range(0, len(wanted), 256):
            part = wanted[start : start + 256]
            for name, uri in zip(part, pool.map(lambda name: _thumbnail(folder, name), part), strict=True):
                held += len(uri)
                if held > THUMBNAILS:
                    return uris
                if uri:
                    uris[name] = uri
    return uris


def _thumbnail(folder: Path, name: str) -> str:
    small = folder / f"{name}.webp"
    try:
        if not small.is_file():
            with Image.open(folder / f"{name}.png") as picture:
                picture.load()
                write_thumbnail(picture, small)
        return _uri(small.read_bytes(), "image/webp")
    except (OSError, ValueError, SyntaxError):
        return ""


@dataclass(frozen=True, slots=True)
class Bound:
    """How pictures are made smaller: no side longer than ``side`` pixels, and the quality of WebP."""

    side: int
    quality: int


BOUNDS = (Bound(1024, 80), Bound(768, 70), Bound(512, 60), Bound(384, 50), Bound(256, 40))
"""What is tried in turn until the pictures of a single file fit; the last is taken as it comes."""

SINGLE_FILE = 2_500_000
"""Bytes of pictures in a single file, as base64: with the page's own 2 MB it can be sent by mail."""


def in_one_file(folder: Path, names: Sequence[str], most: int = SINGLE_FILE) -> tuple[dict[str, str], Bound]:
    """Return pictures as data URIs of WebP, at the first of `BOUNDS` at which all are ``most`` bytes.

    Those that are missing or damaged are left out.
    """
    uris: dict[str, str] = {}
    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        for bound in BOUNDS:
            uris, held = {}, 0
            last = bound is BOUNDS[-1]
            for start in range(0, len(names), 64):
                part = names[start : start + 64]
                found = pool.map(lambda name, bound=bound: _smaller(folder / f"{name}.png", bound), part)
                for name, uri in zip(part, found, strict=True):
                    if uri:
                        uris[name] = uri
                        held += len(uri)
                if held > most and not last:
                    break  # too many already: the rest need not be tried
            if held <= most or last:
                return uris, bound
    raise AssertionError("the last bound is always taken")


def _smaller(path: Path, bound: Bound) -> str:
    try:
        with Image.open(path) as picture:
            small = picture.convert("RGB")
            small.thumbnail((bound.side, bound.side), Image.Resampling.LANCZOS)
            content = BytesIO()
            small.save(content, "WEBP", quality=bound.quality, method=2)
    except (OSError, ValueError, SyntaxError):
        return ""
    return _uri(content.getvalue(), "image/webp")


def _uri(content: bytes, kind: str) -> str:
    return f"data:{kind};base64,{base64.b64encode(content).decode('ascii')}"
