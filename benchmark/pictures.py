"""From a trial to the pictures that a model is shown: read, processed, laid out; nothing twice."""

import io
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from benchmark.errors import ImageError
from benchmark.imaging import processors
from benchmark.imaging.layout import lay_out
from benchmark.imaging.load import load_image
from benchmark.memo import Memo
from benchmark.trial import RAW, Trial

_BUDGET = 256 * 2**20
"""Bytes of decoded and of processed pictures that are kept for the trials that follow."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What a trial shows.

    Attributes:
        pair: The processed pictures: reference and test, or the one picture of ``describe``.
        pictures: The same after layout, in the order in which the model gets them.
        note: What else was done to the pair, such as fitting the test to the reference's size; or "".
    """

    pair: tuple[Image.Image, ...]
    pictures: tuple[Image.Image, ...]
    note: str = ""


class Pictures:
    """Makes the pictures of trials; files and processed pairs are shared between trials."""

    def __init__(self) -> None:
        self._files: Memo[Image.Image] = Memo(_BUDGET, _bytes)
        self._pairs: Memo[processors.Processed] = Memo(
            _BUDGET, lambda done: _bytes(done.reference) + _bytes(done.test)
        )

    def show(self, trial: Trial) -> Shown:
        """Return a trial's pictures.

        Raises:
            ImageError: If a file cannot be read or the processor fails; names the case.
        """
        try:
            pair, note = self._pair(trial)
            if trial.swapped:
                pair = pair[::-1]
            return Shown(pair, lay_out(pair, trial.layout), note)
        except ImageError as error:
            raise ImageError(f"case {trial.case_id}, variant {trial.variant}: {error}") from error

    def _pair(self, trial: Trial) -> tuple[tuple[Image.Image, ...], str]:
        case, suite = trial.case, trial.suite
        if trial.question == "describe" or not case.is_pair:
            only = case.test or case.reference
            assert only is not None
            return (self._file(suite.image(only)),), ""
        assert case.reference is not None
        assert case.test is not None
        own = case.processed.get(trial.variant)
        if own is not None:
            return (self._file(suite.image(own.reference)), self._file(suite.image(own.test))), ""
        relation = suite.relation(case)
        key = (suite.image(case.reference), suite.image(case.test), trial.variant, relation, trial.control)

        def process() -> processors.Processed:
            reference = self._file(suite.image(str(case.reference)))
            test = _reencoded(reference) if trial.control else self._file(suite.image(str(case.test)))
            return processors.apply(trial.variant, reference, test, relation)

        # The raw pair is in the memory of files already.
        kept = trial.variant != RAW or trial.control
        done = self._pairs.get(key, process) if kept else process()
        return (done.reference, done.test), done.note

    def _file(self, path: Path) -> Image.Image:
        return self._files.get(path, lambda: load_image(path))


def _reencoded(picture: Image.Image) -> Image.Image:
    """Return the same picture with other bytes: what a second shot of an unchanged part would be at best."""
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", quality=90)
    return Image.open(buffer).convert("RGB")


def _bytes(picture: Image.Image) -> int:
    return picture.width * picture.height * 3
