"""What is odd about a suite: leaks, duplicates, and pictures that do not show what the case says."""

import math
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from PIL import Image
from scipy import ndimage

from kurabe.authoring.seen import Measured, Pair
from kurabe.cases.suites import Suite
from kurabe.imaging.align import UNLIKE, align
from kurabe.imaging.load import load_image

_ALIKE = 0.2
"""Distance of gists below which two pictures are compared closely; another shot of a part is beyond it."""

_COPIED = 1.2
"""Deviation of two pictures over their noise. Two shots have 1.4 by their noise alone, real ones 3.7 or more;
copies have 0.3 to 1.0 at half the size, and at most 1.1 as JPEG of quality 75, if they are of a photograph.
"""

_CLOSE = (2.5, 0.6)
"""Where there is little noise, JPEG adds more of its own: such a copy deviates by no more than the first of
these, and by less than the second from its original, as a share of how it deviates from the good part."""

_QUANTUM = 0.3
"""Noise of a picture that has none but its rounding to whole grey levels."""

_SHIFTED = 0.03
"""Shift as a share of the longest side from which a pair does not count as aligned."""

_TURNED = 3.0
"""The same for a turn, in degrees."""

_BLACK = 24
"""Grey value that nearly no pixel exceeds in a nearly black picture. 12 bits in 16 end at 16 of 255: files of
16 bits that hold no more are refused where they are read; what a converter made of one has 8 bits."""


@dataclass(frozen=True, slots=True)
class Oddity:
    """Something to look at.

    Attributes:
        what: A sentence.
        cases: Ids of the cases that it is about; empty if it is about the suite.
    """

    what: str
    cases: tuple[str, ...] = ()


def oddities(suite: Suite, pairs: Sequence[Pair]) -> list[Oddity]:
    """Return everything odd, what is about the whole suite first."""
    found = [
        *_one_class(pairs), *_leaks(pairs), *_copies(pairs), *_equal(pairs), *_sizes(pairs),
        *_brightness(pairs), *_boxes(suite, pairs), *_unaligned(suite, pairs),
    ]  # fmt: skip
    return sorted(found, key=lambda each: bool(each.cases))


def _one_class(pairs: Sequence[Pair]) -> Iterator[Oddity]:
    for split in sorted({pair.split for pair in pairs}):
        verdicts = {pair.case.expect.known_verdict for pair in pairs if pair.split == split} - {None}
        if len(verdicts) == 1:
            only = "good" if verdicts == {"same"} else "bad"
            yield Oddity(f"The {split} split has only {only} parts: balanced accuracy needs both.")


def _leaks(pairs: Sequence[Pair]) -> Iterator[Oddity]:
    """Find what both splits have: pictures by content, specimens, good parts."""
    tested: dict[str, list[Pair]] = defaultdict(list)
    specimens: dict[str, list[Pair]] = defaultdict(list)
    for pair in pairs:
        if pair.test is not None:
            tested[pair.test.content].append(pair)
        if pair.case.specimen:
            specimens[pair.case.specimen].append(pair)
    for same in tested.values():
        if len(same) < 2:
            continue
        cases = _ids(same)
        verdicts = {pair.case.expect.known_verdict for pair in same} - {None}
        if len({pair.split for pair in same}) > 1:
            yield Oddity("The same test picture is in the train and the test split.", cases)
        elif len(verdicts) > 1:
            yield Oddity("The same test picture is called good once and bad once.", cases)
        else:
            yield Oddity("The same test picture is asked about in several cases.", cases)
    for name, same in specimens.items():
        if len({pair.split for pair in same}) > 1:
            yield Oddity(f"The specimen {name!r} is in the train and the test split.", _ids(same))
    sets = {
        split: {name for pair in pairs if pair.split == split for name in pair.case.good}
        for split in ("train", "test")
    }
    if shared := sorted(sets["train"] & sets["test"]):
        some = ", ".join(shared[:3]) + (" …" if len(shared) > 3 else "")
        yield Oddity(
            f"{len(shared)} good parts are used by the train and the test split ({some}): a model that is "
            "trained on this suite cannot be scored on it."
        )


def _copies(pairs: Sequence[Pair]) -> Iterator[Oddity]:
    """Find pictures of the two splits that are copies of one shot, re-encoded or resized."""
    by_split = {
        split: [(pair, pair.test) for pair in pairs if pair.split == split and pair.test is not None]
        for split in ("train", "test")
    }
    train, test = by_split["train"], by_split["test"]
    if not train or not test:
        return
    learned = np.stack([measured.gist.ravel() for _, measured in train])
    lengths = (learned**2).mean(axis=1)
    for pair, measured in test:
        flat = measured.gist.ravel()
        far = lengths + (flat**2).mean() - 2 * (learned @ flat) / flat.size
        other, candidate = train[int(far.argmin())]
        if (
            far.min() < _ALIKE**2
            and candidate.content != measured.content
            and _copied(candidate, measured, pair.good)
        ):
            cases = (other.case.id, pair.case.id)
            yield Oddity("Nearly the same picture is in the train and the test split.", cases)


def _copied(one: Measured, other: Measured, good: Measured | None) -> bool:
    """Say whether two pictures are of one shot: they share its noise, which no second shot does."""
    spread, noise = _spread(one, other)
    if spread < _COPIED * noise:
        return True
    if good is None or spread > _CLOSE[0] * noise:
        return False
    return spread < _CLOSE[1] * _spread(other, good)[0]


def _spread(one: Measured, other: Measured) -> tuple[float, float]:
    """Return by how many grey levels two pictures deviate, light and size aside, and their noise."""
    pictures = sorted((load_image(each.path).convert("L") for each in (one, other)), key=lambda p: p.width)
    size = pictures[0].size
    small, large = (np.asarray(each.resize(size, Image.Resampling.BOX), np.float32) for each in pictures)
    # The median is that of plain places; a Laplacian of noise has the root of 20 times its deviation.
    noise = float(np.median(np.abs(ndimage.laplace(small)))) / (0.6745 * math.sqrt(20))
    gap = (small - small.mean()) - (large - large.mean())
    return float(np.median(np.abs(gap))) / 0.6745, max(noise, _QUANTUM)


def _equal(pairs: Sequence[Pair]) -> Iterator[Oddity]:
    """Find tests that are their good part, pixel by pixel."""
    for pair in pairs:
        if pair.test is None or pair.good is None or pair.test.content != pair.good.content:
            continue
        if pair.case.expect.known_verdict == "different":
            yield Oddity("The test picture equals the good part, yet the verdict is different.", _ids([pair]))
        else:
            yield Oddity(
                "The test picture equals the good part: nothing can be seen from this case.", _ids([pair])
            )


def _sizes(pairs: Sequence[Pair]) -> Iterator[Oddity]:
    sizes: dict[tuple[int, int], list[Pair]] = defaultdict(list)
    for pair in pairs:
        if pair.test is not None:
            sizes[pair.test.size].append(pair)
        if pair.test is not None and pair.good is not None and pair.test.size != pair.good.size:
            (w1, h1), (w2, h2) = pair.good.size, pair.test.size
            yield Oddity(f"The good part has {w1}x{h1} pixels, the test picture {w2}x{h2}.", _ids([pair]))
    if len(sizes) > 1:
        common = max(sizes, key=lambda size: len(sizes[size]))
        few = [pair for size, some in sizes.items() if size != common for pair in some]
        if len(few) <= len(pairs) // 10 or len(few) <= 3:
            what = f"Of another size than most test pictures ({common[0]}x{common[1]})."
            yield Oddity(what, _ids(few))


def _brightness(pairs: Sequence[Pair]) -> Iterator[Oddity]:
    for pair in pairs:
        for role, measured in (("good part", pair.good), ("test picture", pair.test)):
            if measured is None:
                continue
            if measured.brightest < _BLACK:
                what = (
                    f"The {role} is nearly black (brightest grey {measured.brightest:.0f} of 255): was a "
                    "12-bit picture cut to 8 bits? Convert the original again, over its whole range."
                )
                yield Oddity(what, _ids([pair]))
            elif measured.brightest - measured.darkest < 8:
                yield Oddity(f"The {role} shows nothing: it is of one colour.", _ids([pair]))


def _boxes(suite: Suite, pairs: Sequence[Pair]) -> Iterator[Oddity]:
    for pair in pairs:
        if pair.test is None:
            continue
        region = suite.region(pair.case)
        width, height = pair.test.size if region is None else (region.x2 - region.x1, region.y2 - region.y1)
        for difference in pair.case.expect.differences or ():
            if (box := difference.box) is None:
                continue
            area = (box.x2 - box.x1) * (box.y2 - box.y1)
            if area > 0.5 * width * height:
                yield Oddity("A box covers more than half of the picture.", _ids([pair]))
            elif min(box.x2 - box.x1, box.y2 - box.y1) < 3:
                yield Oddity("A box is less than 3 pixels wide or high.", _ids([pair]))


def _unaligned(suite: Suite, pairs: Sequence[Pair]) -> Iterator[Oddity]:
    for pair in pairs:
        if pair.test is None or pair.good is None or suite.relation(pair.case) != "aligned":
            continue
        if pair.test.small.size != pair.good.small.size or pair.test.content == pair.good.content:
            continue
        _, _, found = align(pair.good.small, pair.test.small)
        longest = max(pair.good.small.size)
        share = max(map(abs, found.shift)) / longest
        if found.reason == UNLIKE:
            yield Oddity(f"Called aligned, but {found.reason}.", _ids([pair]))
        elif share > _SHIFTED or abs(found.angle) > _TURNED:
            how = f"{share:.0%} of its length, {abs(found.angle):.1f} degrees"
            yield Oddity(f"Called aligned, but the test picture is displaced by {how}.", _ids([pair]))


def _ids(pairs: Sequence[Pair]) -> tuple[str, ...]:
    return tuple(pair.case.id for pair in pairs)
