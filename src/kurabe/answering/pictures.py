"""From a trial to the pictures that a model is shown: read, processed, laid out; nothing twice."""

import hashlib
import io
import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from PIL import Image
from PIL.PngImagePlugin import PngInfo

from kurabe.answering.good_parts import GoodSets
from kurabe.answering.sources import Source, source_of
from kurabe.cases.case import Case, ProcessedPair
from kurabe.cases.pictures import others
from kurabe.cases.trials import RAW, Trial
from kurabe.common.atomic import replacing
from kurabe.common.errors import ImageError
from kurabe.common.memo import Memo
from kurabe.common.request import Picture
from kurabe.common.vocabulary import Relation
from kurabe.imaging import processors
from kurabe.imaging.content import GoodParts, Shown, content_id
from kurabe.imaging.layout import lay_out

_log = logging.getLogger(__name__)

_BUDGET = 256 * 2**20
"""Bytes of decoded and of processed pictures that are kept for the trials that follow."""

_NAMES = 100_000
"""Content ids that are remembered."""


@dataclass(frozen=True, slots=True)
class _Pair:
    """What a trial shows before layout.

    Attributes:
        raw: The pictures as they are read: reference and test, or the one of ``describe``.
        pair: The same, processed.
        beside: Other good parts that are shown, processed, by their places among all good parts.
        place: That of the reference.
        note: What else was done.
        good: The good parts.
    """

    raw: tuple[Image.Image, ...]
    pair: tuple[Image.Image, ...]
    beside: dict[int, Image.Image] = field(default_factory=dict)
    place: int = 0
    note: str = ""
    good: GoodParts | None = None

    def in_order(self) -> list[Image.Image]:
        """Return the good parts that are shown in the case's order, then the test.

        Tests that are shown the same good parts share the beginning of what they show.
        """
        goods = {**self.beside, self.place: self.pair[0]}
        return [*(goods[place] for place in sorted(goods)), *self.pair[1:]]


class Pictures:
    """Makes the pictures of trials; files and processed pairs are shared between trials."""

    def __init__(self, kept: Path | None = None, say: Callable[[str], None] = _log.info) -> None:
        """Take what pictures are made with.

        Args:
            kept: Folder in which processed pairs are kept for later models and runs; None keeps none.
            say: Told what the user should know.
        """
        self._kept = kept
        self._say = say
        self._left_out: set[Source] = set()
        self._files: Memo[Image.Image] = Memo(_BUDGET, _bytes)
        self._contents: Memo[str] = Memo(_NAMES, lambda name: 1)  # noqa: ARG005
        self._sets = GoodSets(self._read_source)
        self._pairs: Memo[processors.Processed] = Memo(
            _BUDGET, lambda done: _bytes(done.reference) + _bytes(done.test)
        )

    def show(self, trial: Trial) -> Shown:
        """Return a trial's pictures.

        Raises:
            ImageError: If a file cannot be read or the processor fails; names the case.
        """
        try:
            made = self._pair(trial)
            pair = made.pair[::-1] if trial.swapped else made.pair
            pictures = lay_out(made.in_order() if made.beside else pair, trial.layout)
            originals = self._unpainted(trial)
            suite = partial(self._of_suite, trial) if made.good is not None and trial.variant == RAW else None
            files = self._files_of(trial, pictures)
            return Shown(
                made.raw, pair, pictures, made.note, trial.swapped, made.good, originals, suite, files
            )
        except ImageError as error:
            raise ImageError(f"case {trial.case_id}, variant {trial.variant}: {error}") from error

    def _pair(self, trial: Trial) -> _Pair:
        """Return what a trial shows; the test is compared with the nearest of the good parts."""
        case, suite = trial.case, trial.suite
        if trial.question == "describe" or not case.is_pair:
            picture = (self._read_source(source_of(suite, case, case.test or case.good[0])),)
            return _Pair(picture, picture)
        assert case.test is not None
        goods = tuple(source_of(suite, case, each) for each in case.good)
        tested = source_of(suite, case, case.test)
        own = case.processed.get(trial.variant)
        if own is not None:
            return self._own(trial, own, goods, tested)
        places = self._places(trial, goods, tested)
        relation, first = suite.relation(case), self._read_source(goods[places[0]])
        test = _reencoded(first) if trial.control else self._read_source(tested)
        shaken = test if trial.shake is None else self._read_source(tested._replace(shake=trial.shake))
        if trial.variant == RAW:
            done = processors.apply(RAW, first, shaken, relation)
            unshaken = done if shaken is test else processors.apply(RAW, first, test, relation)
            raw = (unshaken.reference, unshaken.test)
        else:
            done = self._processed(trial.variant, first, shaken, relation)
            raw = (first, test)
        beside = {}
        for place in places[1 : trial.shots]:
            other = self._read_source(goods[place])
            # As a test picture would be shown that is good.
            beside[place] = (
                other if trial.variant == RAW else self._processed(trial.variant, first, other, relation).test
            )
        good = self._good(case, goods, places[0])
        return _Pair(raw, (done.reference, done.test), beside, places[0], done.note, good)

    def _own(self, trial: Trial, own: ProcessedPair, goods: tuple[Source, ...], tested: Source) -> _Pair:
        """Return the user's own processed files; the raw ones need not be readable."""
        case, suite = trial.case, trial.suite
        pair = tuple(self._read_source(source_of(suite, case, each)) for each in (own.reference, own.test))
        try:
            place = self._places(trial, goods, tested)[0]
            raw = (self._read_source(goods[place]), self._read_source(tested))
            return _Pair(raw, pair, place=place, good=self._good(case, goods, place))
        except ImageError:
            return _Pair((), pair)

    def _places(self, trial: Trial, goods: tuple[Source, ...], tested: Source) -> tuple[int, ...]:
        """Return the places of the good parts that a test may be compared with, the nearest first."""
        if len(goods) == 1:
            return (0,)
        order = self._sets.nearest(goods, tested)
        if trial.control:  # the first one against itself
            return (0, *(place for place in order if place != 0))
        possible = set(others(trial.case))
        return tuple(place for place in order if place in possible)

    def _good(self, case: Case, goods: tuple[Source, ...], place: int) -> GoodParts:
        if len(goods) == 1:
            name = self._content(goods[0])
            return GoodParts(name, name, (Picture(name, partial(self._read_source, goods[0])),))
        found = self._sets.of(goods)
        # A control is the first good part against itself; its test is one of the good parts.
        pictures = tuple(found.pictures[each] for each in others(case))
        return GoodParts(found.name, found.pictures[place].content, pictures)

    def _of_suite(self, trial: Trial) -> tuple[Picture, ...]:
        """Return the good parts of a trial's suite; which of its cases are asked makes no difference.

        One that cannot be read is left out, and the user is told; the case that it belongs to fails itself.
        """
        case, suite = trial.case, trial.suite
        relation = suite.relation(case)
        sources = dict.fromkeys(
            source_of(suite, each, good)
            for each in suite.cases
            if each.is_pair and suite.relation(each) == relation
            for good in each.good
        )
        found: dict[str, Source] = {}
        for source in reversed(sources):
            try:
                found[self._content(source)] = source
            except ImageError as error:
                if source not in self._left_out:
                    self._left_out.add(source)
                    self._say(f"{suite.name}: a good part is left out where all are compared: {error}")
        if not trial.control and case.test is not None:  # a control's test is one of the good parts
            found.pop(self._content(source_of(suite, case, case.test)), None)
        return tuple(
            Picture(name, partial(self._read_source, source)) for name, source in reversed(found.items())
        )

    def _unpainted(self, trial: Trial) -> tuple[str, ...]:
        """Return the content ids of a trial's files where they are not shown as they are."""
        case, suite = trial.case, trial.suite
        if not suite.ignore(case) and suite.region(case) is None:
            return ()
        names = [name for name in (*case.good, case.test) if name is not None]
        return tuple(self._content(Source(suite.image(name))) for name in names)

    def _files_of(self, trial: Trial, pictures: tuple[Image.Image, ...]) -> tuple[Path | None, ...]:
        """Return the file of each picture that is shown as it was read; None for one that was made here."""
        case, suite = trial.case, trial.suite
        own = case.processed.get(trial.variant)
        names = [*case.good, case.test, *((own.reference, own.test) if own is not None else ())]
        sources = [source_of(suite, case, name) for name in names if name is not None]
        read = [
            (self._files.held(source), source.path) for source in sources if source == Source(source.path)
        ]
        return tuple(next((path for held, path in read if held is picture), None) for picture in pictures)

    def _content(self, source: Source) -> str:
        return self._contents.get(source, lambda: content_id(self._read_source(source)))

    def _processed(
        self, variant: str, reference: Image.Image, test: Image.Image, relation: Relation
    ) -> processors.Processed:
        """Process a pair, or find it by its content: in memory, or in the folder of those that are kept."""
        digest = hashlib.blake2b(digest_size=16)
        version = processors.get_processor(variant).version
        digest.update(f"{variant} {version} {relation} {reference.size} {test.size} ".encode())
        digest.update(reference.tobytes())
        digest.update(test.tobytes())
        key = digest.hexdigest()

        def find() -> processors.Processed:
            return self._read(key) or self._keep(key, processors.apply(variant, reference, test, relation))

        return self._pairs.get(key, find)

    def _read(self, key: str) -> processors.Processed | None:
        if self._kept is None:
            return None
        path = self._kept / key[:2] / f"{key}.png"
        try:
            with Image.open(path) as stored:
                stored.load()
                width, height = (int(stored.info[f"kurabe-{side}"]) for side in ("width", "height"))
                both = stored.convert("RGB")
                note = str(stored.info["kurabe-note"])
        except (OSError, KeyError, ValueError, SyntaxError):  # not there, or cut off: it is made again
            return None
        reference = both.crop((0, 0, width, height))
        return processors.Processed(reference, both.crop((width, 0, both.width, both.height)), note)

    def _keep(self, key: str, done: processors.Processed) -> processors.Processed:
        """Store a pair as one PNG, side by side; a pair of two heights stays in memory alone."""
        if self._kept is None or done.reference.height != done.test.height:
            return done
        width, height = done.reference.size
        both = Image.new("RGB", (width + done.test.width, height))
        both.paste(done.reference, (0, 0))
        both.paste(done.test, (width, 0))
        facts = PngInfo()
        for name, value in (("width", width), ("height", height), ("note", done.note)):
            facts.add_itxt(f"kurabe-{name}", str(value))
        path = self._kept / key[:2] / f"{key}.png"
        try:
            with replacing(path) as fresh:
                both.save(fresh, "PNG", pnginfo=facts, compress_level=1)
        except OSError:  # it is made again when it is needed again; whoever keeps results says what is wrong
            self._kept = None
        return done

    def _read_source(self, source: Source) -> Image.Image:
        return self._files.get(source, source.read)


def _reencoded(picture: Image.Image) -> Image.Image:
    """Return the same picture with other bytes: what a second shot of an unchanged part would be at best."""
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", quality=90)
    return Image.open(buffer).convert("RGB")


def _bytes(picture: Image.Image) -> int:
    return picture.width * picture.height * 3
