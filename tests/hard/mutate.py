"""Damages files: bytes are turned, lost, doubled and moved, and what a reader may stumble over is put in."""

import random
from collections.abc import Sequence

NASTY: tuple[bytes, ...] = (
    b"\x00", b"\xff\xfe", b"\xef\xbb\xbf", b"\x1b[31m", b"\r", b"\t", b"\xc3", b"\xed\xa0\x80",
    b"\xf0\x9f\x94\xa9",
    b"../" * 20, b"n" * 400, b"[" * 3000, b"{" * 3000, b"]", b"}", b'"', b"'", b"'''", b'"""', b"\\", b"#",
    b"%",
    b"-1", b"1e999", b"nan", b".inf", b"9" * 5000, b"0x1F", b"017", b"1.10", b"null", b"~", b"yes",
    b"2026-11-29",
    b"=cmd|'/c calc'!A0", b"<script>alert(1)</script>", b"{{ 7 * 7 }}", b"${HOME}", b"`touch ran`",
)  # fmt: skip
"""For any kind of text."""

YAML: tuple[bytes, ...] = (
    b"!!python/object/apply:os.system ['touch ran']", b'!!python/object/new:type ["ran", [], {}]',
    b"!!python/name:os.system", b"!!binary AAAA", b"!!set {a, b}", b"!include /etc/passwd", b"&a [*a]",
    b"*nobody",
    b"&a ", b"*a", b"<<: *a", b"<<: {}", b"? ", b": ", b"- ", b"---\n", b"...\n", b"|\n", b">\n",
    b"%YAML 9.9\n",
    b"a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\n", b"boxes: [[0, 0, 1e308, 1e308]]", b"count: -1",
    b"id: [1]",
)  # fmt: skip

TOML: tuple[bytes, ...] = (
    b"[models]\n", b'[models."a.b"]\n', b"[[models]]\n", b"= =", b"a.b.c = 1\n", b"inf",
    b"1979-05-27T07:32:00Z", b"9" * 5000,
    b'engine = "pixel_dif"\n', b'engine = "nothing:create"\n', b"engine = 3\n", b"default = 1\n",
    b"checkpoint = []\n",
    b'adapter = "../../../etc"\n', b"crops = -5\n", b"memory = 1e40\n", b"threshold = 2\n", b'base = "a"\n',
)  # fmt: skip

CSV: tuple[bytes, ...] = (
    b"sep=;\n", b"sep=|\n", b";", b",", b'""', b'"\n', b"[[1,2,3]]", b"[" * 3000, b'"[[NaN,0,1,1,""x""]]"',
    b"0x10",
    b"id,id\n", b"label\n", b"C:\\parts\\a.png", b"\\\\server\\share\\a.png", b"OK", b"NG",
    b"\x8c\xc2\x95\x69",
)  # fmt: skip


def damaged(chance: random.Random, seeds: Sequence[bytes], tokens: Sequence[bytes] = ()) -> bytes:
    """Return one of some files with damage in one to eight places."""
    data = bytearray(chance.choice(seeds))
    for _ in range(chance.choice((1, 1, 1, 2, 3, 8))):
        at = chance.randint(0, len(data))
        length = min(len(data) - at, chance.choice((1, 2, 4, 16, 64, 500)))
        match chance.randrange(7 if tokens else 6):
            case 0:  # other bits
                for _ in range(chance.choice((1, 3, 20))):
                    if data:
                        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
            case 1:
                del data[at : at + length]
            case 2:
                del data[at:]
            case 3:  # once more, at once or elsewhere
                part = data[at : at + length] * chance.choice((1, 2, 50))
                place = chance.choice((at, chance.randint(0, len(data))))
                data[place:place] = part
            case 4:  # a number such as a length, of the extreme ones
                data[at : at + length] = chance.choice((b"\x00", b"\xff", b"\x7f", b"\x80")) * length
            case 5:  # the end of another file
                other = chance.choice(seeds)
                data[at:] = other[chance.randint(0, len(other)) :]
            case _:
                data[at : at + chance.choice((0, length))] = chance.choice(tokens)
    return bytes(data)
