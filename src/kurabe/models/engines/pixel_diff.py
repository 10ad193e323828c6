"""``pixel-diff``: the classical inspector that every leaderboard is held against. Needs only the CPU."""

import json
import math
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Annotated

import numpy as np
from PIL import Image
from pydantic import BaseModel, ConfigDict, Field
from scipy import ndimage

from kurabe.common.errors import ImageError
from kurabe.common.memo import Memo
from kurabe.common.request import Answer, Request
from kurabe.common.vocabulary import Box, QuestionKind, Relation, Verdict
from kurabe.imaging import difference
from kurabe.imaging.align import Registration, align
from kurabe.imaging.content import known_id
from kurabe.imaging.specimen import unlikeness
from kurabe.models.config import Entry
from kurabe.models.context import Context
from kurabe.models.engines.inspecting import Found, Inspector
from kurabe.models.engines.placing import Placing
from kurabe.models.protocol import Needs, Readiness

VERSION = 4
"""Part of the fingerprint; raised whenever answers may change."""

NEITHER = "different in color or shape"
"""What a difference is that is neither brighter nor darker."""

_INSTANCE_SIZE = 512
"""Longest side in pixels to which specimens are about reduced before they are registered."""
_BORDER = 0.5
"""Evidence down to which a difference extends around its peak."""
_SHORTEST_LINE = 48
"""Pixels of a line that has changed its width: shorter ones are told from blots and letters by nothing."""
_LEAST = 0.01
"""Added to texture and contrast, so that a uniform reference has a logarithm."""

_REMEMBERED = 20_000
"""Inspections that are kept, a few thousand bytes each."""
_MOST_THREADS = 8
"""Pairs that are inspected at once, where there are as many cores."""

_Positive = Annotated[float, Field(gt=0)]


class _Settings(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class AlignedSettings(_Settings):
    """One set for all pairs that show the same specimen.

    Attributes:
        tolerance: Pixels by which an edge may lie elsewhere.
        window: Side of the square over which a difference is averaged, as a share of the longest side; at
            least 3 pixels.
        floor: Grey levels of difference that count on a plain ground without noise.
        noise: Standard deviations of the pair's noise that are added to the floor.
        contrast: Share of the contrast nearby that is added to the floor.
        join: Differences nearer than twice this share of the longest side are one.
        pad: Share of the longest side by which a box is larger than what differs, on every side: people
            draw boxes with some air.
        steepness: How fast P(different) leaves 0.5 with the logarithm of the evidence.
        lines: Share of the longest side, and at least 48 pixels, along which a line has to be drawn thinner
            or thicker, or be gone, to count although its edges lie within the tolerance; 0: it never counts.
    """

    tolerance: Annotated[int, Field(ge=0, le=15)] = 3
    window: Annotated[float, Field(ge=0, le=0.05)] = 0.0078
    floor: _Positive = 20
    noise: Annotated[float, Field(ge=0)] = 3
    contrast: Annotated[float, Field(ge=0)] = 0.3
    join: Annotated[float, Field(ge=0, le=0.1)] = 0.011
    pad: Annotated[float, Field(ge=0, le=0.1)] = 0.0125
    steepness: _Positive = 4
    lines: Annotated[float, Field(ge=0, le=1)] = 0.125


class InstanceSettings(_Settings):
    """One set for all pairs of two specimens.

    The unlikeness at which two specimens count as different grows with what a good pair of such
    pictures differs by: a plain background (little texture) makes silhouettes decide, which vary more;
    pictures that could not be registered differ by their contrast. Constants by logistic regression,
    ``perf/pixel_diff.py --calibrate``.

    Attributes:
        registered: Logarithm of the threshold at texture 1, for registered pairs.
        texture: Its change with the logarithm of the reference's texture.
        unregistered: Logarithm of the threshold at contrast 1, for the other pairs.
        contrast: Its change with the logarithm of the reference's contrast.
        steepness: How fast P(different) leaves 0.5 with the logarithm of the evidence.
        join: Differences nearer than twice this many places of the fine scale are one.
    """

    registered: float = -0.227
    texture: float = -0.263
    unregistered: float = -0.977
    contrast: float = 0.457
    steepness: _Positive = 6.6
    join: Annotated[int, Field(ge=0, le=50)] = 2


class PixelDiffSettings(_Settings):
    """What ``models.toml`` may set of a ``pixel-diff`` entry."""

    aligned: AlignedSettings = AlignedSettings()
    instance: InstanceSettings = InstanceSettings()


@dataclass(frozen=True, slots=True)
class Finding:
    """One difference.

    Attributes:
        box: Where, in pixels of the test picture.
        brightness: By how many grey levels the test is brighter there.
    """

    box: Box
    brightness: float


@dataclass(frozen=True, slots=True)
class Inspection:
    """What the inspector says of a pair.

    Attributes:
        p_different: In [0, 1]; 0.5 is where the verdict turns.
        findings: The differences, strongest first; empty exactly if the verdict is "same".
        registration: How the test lay on the reference.
        size: Width and height of the test picture in pixels.
        heat: How strongly each place speaks for a difference, as `kurabe.imaging.heat` has it.
    """

    p_different: float
    findings: tuple[Finding, ...]
    registration: Registration
    size: tuple[int, int]
    heat: str

    @property
    def verdict(self) -> Verdict:
        """Same or different."""
        return "different" if self.findings else "same"

    @property
    def found(self) -> Found:
        """The same as an engine says it."""
        boxes = tuple(finding.box for finding in self.findings)
        words = [described(finding, self.size) for finding in self.findings]
        return Found(self.p_different, boxes, words, self.heat)


_found: Memo["Inspection"] = Memo(_REMEMBERED, lambda _: 1)


def inspect(
    reference: Image.Image, test: Image.Image, relation: Relation, settings: PixelDiffSettings | None = None
) -> Inspection:
    """Compare a test picture with its reference.

    Args:
        reference: The good picture, mode RGB.
        test: The suspect picture, mode RGB; of the reference's size if the relation is ``aligned``.
        relation: How the two belong together.
        settings: Defaults if None.

    Raises:
        ImageError: If an aligned pair is of different size.
    """
    settings = settings or PixelDiffSettings()
    if relation == "aligned":
        if reference.size != test.size:
            raise ImageError(
                "an aligned pair must be of one size, not {}x{} and {}x{}; cut the pictures to one size or "
                "declare the relation 'instance'".format(*reference.size, *test.size)
            )
        return _inspect_aligned(reference, test, settings.aligned)
    return _inspect_instance(reference, test, settings.instance)


def remembered(
    reference: Image.Image, test: Image.Image, relation: Relation, settings: PixelDiffSettings
) -> Inspection:
    """As `inspect`; what was found of equal pictures before in this process is looked up.

    Engines that build on this one would register and compare every pair of a run a second time.
    """
    key = (known_id(reference), known_id(test), relation, settings.model_dump_json())
    return _found.get(key, lambda: inspect(reference, test, relation, settings))


def _inspect_aligned(reference: Image.Image, test: Image.Image, settings: AlignedSettings) -> Inspection:
    moved, valid, found = align(reference, test)
    expected, seen = _channels(reference, moved)
    seen = difference.match_light(expected, seen, valid)
    radius = settings.tolerance
    departure = difference.departure(expected, seen, radius)
    contrast = np.maximum(*(difference.contrast(picture, 2 * radius) for picture in (expected, seen)))
    longest = max(test.size)
    window = max(3, round(settings.window * longest) | 1)
    strength = ndimage.uniform_filter(departure.astype(np.float32), window, mode="constant")
    noise = difference.noise_level(expected, seen)
    evidence = strength / (settings.floor + settings.noise * noise + settings.contrast * contrast)
    within = difference.inner(valid, radius + 2)
    # What lies at the rim may have come into the picture with the motion.
    evidence[~within] = 0
    if settings.lines and float(evidence.max(initial=0)) < 1:
        drawn = difference.line_change(expected, seen, radius) * within
        least = max(_SHORTEST_LINE, round(settings.lines * longest))
        evidence = np.maximum(evidence, difference.long_alone(drawn, least))
    regions = difference.regions(evidence, _BORDER, round(settings.join * longest))
    brighter = seen.mean(axis=2) - expected.mean(axis=2)
    place = Placing(found, 1, test.size, round(settings.pad * longest))
    findings = tuple(Finding(place(r.box), _brightness(brighter, r.box)) for r in regions)
    z = math.log(max(float(evidence.max(initial=0)), 1e-6))
    return Inspection(_probability(settings.steepness * z), findings, found, test.size, place.heat(evidence))


def _inspect_instance(reference: Image.Image, test: Image.Image, settings: InstanceSettings) -> Inspection:
    size = test.size
    if test.size != reference.size:
        test = test.resize(reference.size, Image.Resampling.LANCZOS)
    factor = max(1, round(max(reference.size) / _INSTANCE_SIZE))
    small = (reference.reduce(factor), test.reduce(factor)) if factor > 1 else (reference, test)
    moved, valid, found = align(*small)
    unlike = unlikeness(small[0], moved, valid)
    if found.applied:
        threshold = settings.registered + settings.texture * math.log(unlike.texture + _LEAST)
    else:
        threshold = settings.unregistered + settings.contrast * math.log(unlike.contrast + _LEAST)
    z = math.log(unlike.score + 1e-6) - threshold
    # The map is scaled so that its peak says what the score says: it reaches 1 where the verdict turns.
    evidence = unlike.fine * np.float32(math.exp(z) / max(float(unlike.fine.max()), 1e-6))
    height, width = evidence.shape
    brighter = _luminance(moved, (width, height)) - _luminance(small[0], (width, height))
    across, down = small[0].width / width, small[0].height / height
    place = Placing(found, size[0] / small[0].width, size, 0, size[1] / small[0].height)
    findings = []
    for region in difference.regions(evidence, _BORDER, settings.join):
        box = region.box
        inner = Box(box.x1 * across, box.y1 * down, box.x2 * across, box.y2 * down)
        findings.append(Finding(place(inner), _brightness(brighter, box)))
    heat = place.heat(evidence, (across, down))
    return Inspection(_probability(settings.steepness * z), tuple(findings), found, size, heat)


def _channels(reference: Image.Image, test: Image.Image) -> tuple[difference.Pixels, difference.Pixels]:
    """Return both as H x W x C; grey pictures need one channel only."""
    pair = np.asarray(reference), np.asarray(test)
    if all((p[..., 0] == p[..., 1]).all() and (p[..., 0] == p[..., 2]).all() for p in pair):
        return pair[0][..., :1], pair[1][..., :1]
    return pair


def _luminance(picture: Image.Image, size: tuple[int, int]) -> difference.Map:
    return np.asarray(picture.convert("L").resize(size, Image.Resampling.BOX)).astype(np.float32)


def _brightness(brighter: difference.Map, box: Box) -> float:
    x1, y1, x2, y2 = (int(v) for v in box)
    return float(brighter[y1:y2, x1:x2].mean())


def _probability(logit: float) -> float:
    return 1 / (1 + math.exp(-min(max(logit, -30.0), 30.0)))


def described(finding: Finding, size: tuple[int, int]) -> str:
    """Put a difference in a picture of that width and height into words."""
    x1, y1, x2, y2 = (int(v) for v in finding.box)
    column = ("left", "center", "right")[min(2, int(1.5 * (x1 + x2) / size[0]))]
    row = ("upper", "middle", "lower")[min(2, int(1.5 * (y1 + y2) / size[1]))]
    where = {"middle center": "center"}.get(f"{row} {column}", f"{row} {column}")
    # A change alone would name no difference to the reader of answers.
    how = "brighter" if finding.brightness > 2 else "darker" if finding.brightness < -2 else NEITHER
    return f"a change at the {where} (x {x1}-{x2}, y {y1}-{y2}), {x2 - x1}x{y2 - y1} px, {how}"


def create(entry: Entry, context: Context) -> "PixelDiff":  # noqa: ARG001 - every engine is built with it
    """Build the engine of an entry of ``models.toml``."""
    return PixelDiff(PixelDiffSettings.model_validate(entry.settings))


class PixelDiff:
    """The inspector as an engine of the bench.

    Args:
        settings: Thresholds; one set for ``aligned`` pairs, one for ``instance`` pairs.
    """

    questions: frozenset[QuestionKind] = frozenset({"verdict", "differences", "count"})
    reads_references = False
    greedy = True

    memory = "pixel-diff"

    def __init__(self, settings: PixelDiffSettings | None = None) -> None:
        self.settings = settings or PixelDiffSettings()

    def readiness(self) -> Readiness:
        """Say that it is ready: it needs nothing."""
        return Readiness(ready=True, source="none needed")

    def needs(self) -> Needs:
        """Return that it takes no memory worth planning."""
        return Needs(memory=0, device="cpu")

    def fingerprint(self) -> str:
        """Identify version and settings."""
        return f"pixel-diff/{VERSION}/{json.dumps(self.settings.model_dump(), sort_keys=True)}"

    def load(self) -> None:
        """Do nothing: there is no model."""

    def unload(self) -> None:
        """Do nothing: there is no model."""

    def describe(self) -> dict[str, object]:
        """Return version and settings."""
        return {"version": VERSION, "device": "cpu", "settings": self.settings.model_dump()}

    def answer(self, requests: Sequence[Request]) -> Iterator[tuple[int, Answer]]:
        """Answer in order; see `kurabe.models.engines.inspecting.Inspector`."""
        threads = max(1, min(_MOST_THREADS, os.cpu_count() or 1))
        inspector = Inspector("pixel-diff", self.questions, self._inspect, lambda r: r.relation, threads)
        return inspector.answer(requests)

    def _inspect(self, request: Request) -> Found:
        reference, test = request.pair
        return remembered(reference, test, request.relation, self.settings).found
