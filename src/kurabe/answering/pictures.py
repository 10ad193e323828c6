"""From a trial to the pictures that a model is shown: read, processed, laid out; nothing twice."""

import hashlib
import io
from pathlib import Path

from PIL import Image
from PIL.PngImagePlugin import PngInfo

from kurabe.cases.trials import RAW, Trial
from kurabe.common.atomic import replacing
from kurabe.common.errors import ImageError
from kurabe.common.memo import Memo
from kurabe.common.vocabulary import Relation
from kurabe.imaging import processors
from kurabe.imaging.content import Shown
from kurabe.imaging.layout import lay_out
from kurabe.imaging.load import load_image
from kurabe.imaging.shake import Shake

_BUDGET = 256 * 2**20
"""Bytes of decoded and of processed pictures that are kept for the trials that follow."""


class Pictures:
    """Makes the pictures of trials; files and processed pairs are shared between trials."""

    def __init__(self, kept: Path | None = None) -> None:
        """Take the folder in which processed pairs are kept for later models and runs; None keeps none."""
        self._kept = kept
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
            raw, pair, note = self._pair(trial)
            if trial.swapped:
                pair = pair[::-1]
            return Shown(raw, pair, lay_out(pair, trial.layout), note, trial.swapped)
        except ImageError as error:
            raise ImageError(f"case {trial.case_id}, variant {trial.variant}: {error}") from error

    def _pair(self, trial: Trial) -> tuple[tuple[Image.Image, ...], tuple[Image.Image, ...], str]:
        """Return the raw pictures, the processed ones, and what else was done to them."""
        case, suite = trial.case, trial.suite
        if trial.question == "describe" or not case.is_pair:
            only = case.test or case.reference
            assert only is not None
            picture = (self._file(suite.image(only)),)
            return picture, picture, ""
        assert case.reference is not None
        assert case.test is not None
        own = case.processed.get(trial.variant)
        if own is not None:
            processed = (self._file(suite.image(own.reference)), self._file(suite.image(own.test)))
            return self._raw(trial), processed, ""
        relation = suite.relation(case)
        reference = self._file(suite.image(case.reference))
        test = _reencoded(reference) if trial.control else self._file(suite.image(case.test))
        shaken = test if trial.shake is None else self._shaken(trial.shake, suite.image(case.test))
        if trial.variant == RAW:
            done = processors.apply(RAW, reference, shaken, relation)
            raw = done if shaken is test else processors.apply(RAW, reference, test, relation)
            return (raw.reference, raw.test), (done.reference, done.test), done.note
        done = self._processed(trial.variant, reference, shaken, relation)
        return (reference, test), (done.reference, done.test), done.note

    def _raw(self, trial: Trial) -> tuple[Image.Image, ...]:
        """Return the raw pair where the suite brings processed files, which are what is asked about."""
        names = (trial.case.reference, trial.case.test)
        try:
            return tuple(self._file(trial.suite.image(name)) for name in names if name is not None)
        except ImageError:
            return ()

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
        with replacing(path) as fresh:
            both.save(fresh, "PNG", pnginfo=facts, compress_level=1)
        return done

    def _shaken(self, shake: Shake, path: Path) -> Image.Image:
        return self._files.get((path, shake), lambda: shake.apply(self._file(path)))

    def _file(self, path: Path) -> Image.Image:
        return self._files.get(path, lambda: load_image(path))


def _reencoded(picture: Image.Image) -> Image.Image:
    """Return the same picture with other bytes: what a second shot of an unchanged part would be at best."""
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", quality=90)
    return Image.open(buffer).convert("RGB")


def _bytes(picture: Image.Image) -> int:
    return picture.width * picture.height * 3
