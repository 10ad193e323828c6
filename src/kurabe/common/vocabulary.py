"""The vocabulary that every room shares: plain types without behaviour.

Importing this module costs nothing (no torch, no pandas, no Pillow), so that collection stays fast.
"""

from typing import Literal, NamedTuple

Relation = Literal["aligned", "instance"]
"""``aligned``: the same specimen or scene. ``instance``: two specimens of one product."""

Verdict = Literal["same", "different"]

QuestionKind = Literal["verdict", "differences", "count", "choice", "describe"]

Split = Literal["train", "test", "calibration"]
"""``train``: to learn from. ``test``: to be asked about."""

Layout = Literal["stacked", "side-by-side", "separate"]

Language = Literal["en", "ja"]

PairingRule = Literal["same-name", "nearest", "first", "all-good"]
"""Which good part an imported picture is compared with, where its format names none."""

Asks = Literal["difference", "sameness"]
"""What a ``verdict`` asks for: whether there is a difference, or whether the two are the same."""

BoxForm = Literal["0-1000", "0-1000-yx", "0-1", "pixels"]
"""How a model writes boxes: what its coordinates count. They come as left, top, right, bottom; in
``0-1000-yx`` as top, left, bottom, right."""

Outcome = Literal["correct", "wrong", "unparsed", "error"]

QUESTIONS: tuple[QuestionKind, ...] = ("verdict", "differences", "count", "choice", "describe")
LAYOUTS: tuple[Layout, ...] = ("stacked", "side-by-side", "separate")
LANGUAGES: tuple[Language, ...] = ("en", "ja")


class Box(NamedTuple):
    """A rectangle in pixels of the test image: left, top, right, bottom; right and bottom are exclusive."""

    x1: float
    y1: float
    x2: float
    y2: float
