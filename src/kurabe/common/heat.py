"""What a heat map is as a text, so that whoever passes one on can check it."""

import base64
import binascii
import re
import struct

LONGEST = 64
"""Cells along a heat map's longest side at most."""

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_HEAD = 26
"""Bytes of a PNG up to its kind of pixels."""
_TEXT = re.compile(r"[A-Za-z0-9+/]+={0,2}")
_LONGEST_TEXT = 16_384
"""A map of random numbers has 3,400 characters."""


def is_heat_map(heat: object) -> bool:
    """Whether this is what `kurabe.heat_map` returns: a small grey PNG in base64, which goes into pages."""
    if not isinstance(heat, str) or len(heat) > _LONGEST_TEXT or not _TEXT.fullmatch(heat):
        return False
    try:
        head = base64.b64decode(heat[: 4 * (_HEAD // 3 + 1)], validate=True)
    except (ValueError, binascii.Error):
        return False
    if len(head) < _HEAD or not head.startswith(_SIGNATURE):
        return False
    width, height, depth, colour = struct.unpack(">IIBB", head[16:_HEAD])
    return 0 < width <= LONGEST and 0 < height <= LONGEST and (depth, colour) == (8, 0)
