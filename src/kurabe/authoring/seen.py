"""Suites as ``kurabe look`` sees them: each picture is decoded once and measured."""

import os
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from kurabe.cases.case import Case
from kurabe.cases.pictures import others
from kurabe.cases.suites import Suite
from kurabe.common.errors import ImageError
from kurabe.imaging.content import content_id
from kurabe.imaging.load import load_image
from kurabe.imaging.nearest import Candidates, Gist, gist

THUMBNAIL = 260
"""Longest side in pixels of a picture on the sheet, and of what pairs are aligned by."""


@dataclass(frozen=True, slots=True)
class Measured:
    """A picture file.

    Attributes:
        path: Where it is.
        content: Its content id.
        size: Width and height in pixels.
        gist: What it is compared by.
        darkest: Smallest grey value.
        brightest: The grey value that one pixel in a thousand exceeds.
        small: The picture, reduced to `THUMBNAIL`.
    """

    path: Path
    content: str
    size: tuple[int, int]
    gist: Gist
    darkest: float
    brightest: float
    small: Image.Image


@dataclass(frozen=True, slots=True)
class Pair:
    """A case with its pictures.

    Attributes:
        case: The case.
        split: ``train`` or ``test``.
        test: The test picture; None if there is none or it cannot be read.
        good: The good part that the test would be compared with.
        good_name: How the case names it.
    """

    case: Case
    split: str
    test: Measured | None
    good: Measured | None
    good_name: str | None


def measure(path: Path) -> Measured | None:
    """Measure a picture; None if it cannot be read, which reading the suite or ``kurabe check`` tells."""
    try:
        picture = load_image(path)
    except ImageError:
        return None
    grey = np.asarray(picture.convert("L"))
    small = picture.copy()
    small.thumbnail((THUMBNAIL, THUMBNAIL), Image.Resampling.BOX, reducing_gap=2.0)
    bright = float(np.quantile(grey, 0.999))
    return Measured(path, content_id(picture), picture.size, gist(picture), float(grey.min()), bright, small)


def see(
    suite: Suite, cases: Iterable[Case], progress: Callable[[Iterable[str]], Iterable[str]] = iter
) -> list[Pair]:
    """Look at the pictures of cases.

    Args:
        suite: The suite.
        cases: Those of its cases that are looked at.
        progress: Wraps the names of the pictures, to show how far it is.
    """
    cases = list(cases)
    names = list(dict.fromkeys(name for case in cases for name in (*case.good, case.test) if name))
    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        found = pool.map(lambda name: measure(suite.image(name)), names)
        known = dict(zip(progress(names), found, strict=True))
    sets: dict[tuple[str, ...], Candidates] = {}

    def pair(case: Case) -> Pair:
        test = None if case.test is None else known[case.test]
        name = _nearest(case, test, known, sets)
        return Pair(case, suite.split(case), test, known[name] if name else None, name)

    return [pair(case) for case in cases]


def _nearest(
    case: Case,
    test: Measured | None,
    known: dict[str, Measured | None],
    sets: dict[tuple[str, ...], Candidates],
) -> str | None:
    """Return the good part that a test is compared with."""
    places = others(case)
    names = tuple(name for place in places if known[name := case.good[place]] is not None)
    if not names or test is None or len(names) == 1:
        return names[0] if names else None
    if names not in sets:
        sets[names] = Candidates([each.gist for name in names if (each := known[name]) is not None])
    return names[sets[names].nearest(test.gist)]
