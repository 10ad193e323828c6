"""A run's pictures for its page: their sizes, their thumbnails, and all of them for a single file."""

import base64
import os
import struct
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
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


def full_size(folder: Path, names: Iterable[str]) -> dict[str, str]:
    """Return the pictures themselves as data URIs; those that are missing are left out."""
    uris = {}
    for name in names:
        try:
            uris[name] = _uri((folder / f"{name}.png").read_bytes(), "image/png")
        except OSError:
            continue
    return uris


def _uri(content: bytes, kind: str) -> str:
    return f"data:{kind};base64,{base64.b64encode(content).decode('ascii')}"
