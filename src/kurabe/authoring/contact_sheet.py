"""The contact sheet of a suite: one HTML file with small pictures, their boxes, and what is odd."""

import base64
import io
from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np
from jinja2 import Environment, PackageLoader
from PIL import Image, ImageDraw

from kurabe.authoring.oddities import Oddity
from kurabe.authoring.seen import Measured, Pair
from kurabe.cases.suites import Suite
from kurabe.common.vocabulary import Box
from kurabe.imaging.load import load_image
from kurabe.imaging.masking import PAINT

_RED = (255, 40, 60)
_YELLOW = (255, 210, 0)


def sheet_html(suite: Suite, pairs: Sequence[Pair], odd: Sequence[Oddity], most: int) -> str:
    """Return the page.

    Args:
        suite: The suite.
        pairs: All cases that were looked at.
        odd: What is odd.
        most: Cases that are shown with pictures: the odd ones first.
    """
    of_case: dict[str, list[str]] = {}
    for each in odd:
        for case in each.cases:
            of_case.setdefault(case, []).append(each.what)
    shown = {pair.case.id for pair in sorted(pairs, key=lambda pair: pair.case.id not in of_case)[:most]}
    ids = {pair.case.id: f"case-{number}" for number, pair in enumerate(pairs) if pair.case.id in shown}
    cards = [
        _card(suite, pair, ids[pair.case.id], of_case.get(pair.case.id, []))
        for pair in pairs
        if pair.case.id in ids
    ]
    environment = Environment(loader=PackageLoader("kurabe.authoring", "."), autoescape=True)
    return environment.get_template("contact_sheet.html.j2").render(
        name=suite.name,
        title=suite.file.title or "",
        summary=_summary(pairs, len(cards)),
        odd=odd,
        ids=ids,
        cards=cards,
    )


def _summary(pairs: Sequence[Pair], shown: int) -> str:
    splits = Counter(pair.split for pair in pairs)
    verdicts = Counter(pair.case.expect.known_verdict for pair in pairs)
    kinds = Counter(
        difference.kind
        for pair in pairs
        for difference in pair.case.expect.differences or ()
        if difference.kind
    )
    parts = [
        f"{len(pairs)} cases: {verdicts['same']} good, {verdicts['different']} bad",
        ", ".join(f"{number} {split}" for split, number in sorted(splits.items())),
    ]
    if kinds:
        parts.append("kinds: " + ", ".join(f"{kind} {number}" for kind, number in kinds.most_common(12)))
    if shown < len(pairs):
        parts.append(f"{shown} of them are shown")
    return "; ".join(parts) + "."


def _card(suite: Suite, pair: Pair, anchor: str, odd: list[str]) -> dict[str, Any]:
    case = pair.case
    region = suite.region(case)
    left, top = (0, 0) if region is None else (round(region.x1), round(region.y1))
    differences = case.expect.differences or []
    boxes = [
        Box(box.x1 + left, box.y1 + top, box.x2 + left, box.y2 + top)
        for difference in differences
        if (box := difference.box) is not None
    ]
    more = f" (nearest of {len(case.good)})" if len(case.good) > 1 else ""
    pictures = [
        _picture(suite, pair, "good part", pair.good, f"{pair.good_name or 'none'}{more}", []),
        _picture(suite, pair, "test picture", pair.test, case.test or "none", boxes),
    ]
    named = [" ".join(filter(None, (each.kind, each.where and f"({each.where})"))) for each in differences]
    return {
        "id": case.id,
        "anchor": anchor,
        "verdict": case.expect.known_verdict or "",
        "split": pair.split,
        "tags": suite.tags(case),
        "pictures": pictures,
        "expected": ", ".join(filter(None, named)),
        "odd": list(dict.fromkeys(odd)),
    }


def _picture(
    suite: Suite, pair: Pair, role: str, measured: Measured | None, name: str, boxes: Sequence[Box]
) -> dict[str, str]:
    if measured is None:
        return {"role": role, "caption": name, "data": ""}
    width, height = measured.size
    drawn = measured.small.copy()
    scale = drawn.width / width
    draw = ImageDraw.Draw(drawn)

    def edges(box: Box) -> tuple[float, float, float, float]:
        return box.x1 * scale, box.y1 * scale, box.x2 * scale - 1, box.y2 * scale - 1

    ignored = suite.ignore(pair.case)
    if isinstance(ignored, str):
        mask = load_image(suite.image(ignored)).convert("L").resize(drawn.size)
        drawn.paste(PAINT, (0, 0), Image.fromarray((np.asarray(mask) > 127).astype(np.uint8) * 255))
    for box in ignored or ():
        if isinstance(box, Box):
            draw.rectangle(_ordered(edges(box)), fill=PAINT)
    if (region := suite.region(pair.case)) is not None:
        draw.rectangle(_ordered(edges(region)), outline=_YELLOW, width=2)
    for box in boxes:
        draw.rectangle(_ordered(edges(box)), outline=_RED, width=2)
    buffer = io.BytesIO()
    drawn.save(buffer, "WEBP", quality=80)
    data = base64.b64encode(buffer.getvalue()).decode("ascii")
    return {"role": role, "caption": f"{name}, {width}x{height}", "data": f"data:image/webp;base64,{data}"}


def _ordered(edges: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
    """Return a box of at least a pixel: small ones vanish when they are reduced."""
    left, top, right, bottom = edges
    return left, top, max(left, right), max(top, bottom)
