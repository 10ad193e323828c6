"""PNG files that can be sent as they are, without what they tell besides the pixels."""

import struct

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_SENT = (b"IHDR", b"IDAT", b"IEND")
_IGNORED = (b"cHRM", b"gAMA", b"iCCP", b"sBIT", b"sRGB", b"bKGD", b"hIST", b"pHYs", b"sPLT", b"tIME", b"cICP")
"""What readers of pixels pass over. A text may hold EXIF data, and with them a turn; others are unknown."""

_RGB = bytes((8, 2, 0, 0))
"""Bits of a channel, kind of colour, and the only ways to compress and to filter."""


def pixels_alone(data: bytes, size: tuple[int, int]) -> bytes | None:
    """Return a PNG file reduced to its pixels: no text, no place, no time.

    Args:
        data: The file.
        size: Width and height that the picture is known to have.

    Returns:
        A PNG file of the same pixels. None if the file is no PNG of eight bits of red, green and blue, or
        holds anything that could change how it looks, such as transparency, a turn or further frames.
    """
    if not data.startswith(_SIGNATURE):
        return None
    kept = [_SIGNATURE]
    at = len(_SIGNATURE)
    while at + 12 <= len(data):
        length, kind = struct.unpack_from(">I4s", data, at)
        end = at + 12 + length
        if end > len(data):
            return None
        if kind in _SENT:
            kept.append(data[at:end])
        elif kind not in _IGNORED:
            return None
        if (kind == b"IHDR") != (len(kept) == 2 and at == len(_SIGNATURE)):
            return None
        if kind == b"IHDR" and (length != 13 or not _is_rgb(data[at + 8 : end - 4], size)):
            return None
        if kind == b"IEND":
            return b"".join(kept) if len(kept) > 3 else None
        at = end
    return None


def _is_rgb(header: bytes, size: tuple[int, int]) -> bool:
    return struct.unpack(">II", header[:8]) == size and header[8:12] == _RGB
