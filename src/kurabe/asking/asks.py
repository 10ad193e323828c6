"""What is asked about a pair that is no case of a suite, and what the answer says."""

import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Union

from PIL import Image
from pydantic import ValidationError

from kurabe.answering.states import Answered
from kurabe.cases.case import Case, Defaults, Expect, SuiteFile
from kurabe.cases.prompts import Prompts, load_prompts
from kurabe.cases.suites import PROMPTS_FILE, Suite
from kurabe.cases.trials import RAW, Participant, Trial
from kurabe.common.errors import ImageError, KurabeError, ModelError, RefusedError, UnaskedError
from kurabe.common.vocabulary import (
    LANGUAGES,
    LAYOUTS,
    Box,
    Language,
    Layout,
    QuestionKind,
    Relation,
    Verdict,
)
from kurabe.imaging import processors
from kurabe.imaging.content import content_id
from kurabe.imaging.load import to_rgb
from kurabe.models.registry import Registry
from kurabe.project import Project, participants
from kurabe.scoring import read_answer

if TYPE_CHECKING:
    import numpy as np

    from kurabe.reading.reader import Reading

Picture = Union[str, "os.PathLike[str]", Image.Image, "np.ndarray[Any, Any]"]
"""A file, or a picture in memory: of Pillow, or an array of bytes, shape (height, width[, channels])."""

QUESTIONS: tuple[QuestionKind, ...] = ("verdict", "differences", "count")
"""What can be asked about a pair without more than the pair."""


@dataclass(frozen=True, slots=True)
class Ask:
    """One question about one pair or picture.

    Attributes:
        model: Who is asked.
        test: The suspect part, or the one picture of ``describe``.
        reference: The good part; None for ``describe``.
        question: What is asked.
        variant: How the pair is processed.
        layout: How it is shown; None for the model's own.
        relation: How the two belong together.
        language: Of the prompt.
        prompt: Asked instead of the usual words.
        repeat: Number of the repetition, for models that sample.
    """

    model: str
    test: Picture
    reference: Picture | None = None
    question: QuestionKind = "verdict"
    variant: str = RAW
    layout: Layout | None = None
    relation: Relation = "aligned"
    language: Language = "en"
    prompt: str | None = None
    repeat: int = 0


@dataclass(frozen=True, slots=True)
class Reply:
    """What a model answered, and what that says.

    Attributes:
        model: Who was asked.
        question: What was asked.
        text: The answer in words.
        verdict: What it says of the pair; None if it was not understood.
        p_different: Probability that the two differ, where the model can tell.
        seconds: How long the model took; None if nobody can tell.
        boxes: Where it sees differences, in pixels of the suspect picture; None if it gives no boxes.
        items: The differences that it names.
        count: The number that it gives.
        reason: Why the answer was not understood; "" if it was.
        rule: By which rule it was understood.
        prompt: What the model was asked.
        cached: True if it was asked before.
        tokens_in: Length of what it was asked, in tokens.
        tokens_out: Length of the answer, in tokens.
        note: What else was done to the pictures; or "".
    """

    model: str
    question: QuestionKind
    text: str
    verdict: Verdict | None = None
    p_different: float | None = None
    seconds: float | None = None
    boxes: tuple[Box, ...] | None = None
    items: tuple[str, ...] = ()
    count: int | None = None
    reason: str = ""
    rule: str = ""
    prompt: str = ""
    cached: bool = False
    tokens_in: int | None = None
    tokens_out: int | None = None
    note: str = ""

    def facts(self) -> dict[str, Any]:
        """Return everything as JSON has it."""
        return asdict(self)


class Maker:
    """Makes trials of what is asked.

    Args:
        project: Where prompts are.
        registry: The models.
        kept: Folder for pictures that are no files.
    """

    def __init__(self, project: Project, registry: Registry, kept: Path) -> None:
        self._project = project
        self._registry = registry
        self._kept = kept
        self._models: dict[str, Participant] = {}

    def trial(self, ask: Ask, suite: str, case: str, path: Path, expect: Expect | None = None) -> Trial:
        """Return the trial.

        Args:
            ask: What is asked.
            suite: Name of the suite that it is to be of.
            case: Id of its case.
            path: File that asks; pictures are relative to its folder, or else to the current one.
            expect: What is true of the pair.

        Raises:
            KurabeError: If a picture is not there, or if the model cannot run here or be asked this.
        """
        _check(ask)
        model = self._model(ask)
        made = Case.model_construct(
            id=case,
            reference=None if ask.reference is None else str(self._file(ask.reference, path.parent)),
            test=str(self._file(ask.test, path.parent)),
            expect=expect or Expect(),
        )
        file = SuiteFile.model_construct(
            suite=suite, language=ask.language, defaults=Defaults(relation=ask.relation), cases=[]
        )
        layout = ask.layout or model.layout
        more = f"-{layout}" if layout != model.layout else ""
        more += f"-r{ask.repeat + 1}" if ask.repeat else ""
        return Trial(
            suite=Suite(suite, path, file, ()),
            case=made,
            question=ask.question,
            variant=ask.variant,
            layout=layout,
            model=model.name,
            swapped=False,
            repeat=ask.repeat,
            control=False,
            id=f"{suite}/{case}-{ask.question}-{ask.variant}-{model.name}{more}",
            prompts=self._prompts(ask),
            boxes=model.boxes,
        )

    def _model(self, ask: Ask) -> Participant:
        if ask.model not in self._models:
            chosen = participants(self._registry, [ask.model]).chosen
            if len(chosen) > 1:
                raise ModelError(f"{ask.model!r} is {len(chosen)} models; name one of them")
            self._models[ask.model] = chosen[0]
        model = self._models[ask.model]
        if ask.question not in model.questions:
            known = ", ".join(sorted(model.questions))
            raise ModelError(f"{model.name} cannot be asked {ask.question!r}; it answers: {known}")
        return model

    def _prompts(self, ask: Ask) -> Prompts:
        prompts = load_prompts(self._project.cases / PROMPTS_FILE)
        if ask.prompt is None:
            return prompts
        # It is sent as it stands, for whoever words a question knows what is shown.
        told = {"text": ask.prompt, "introduce": False}
        return prompts.overlay({ask.question: {ask.language: told}})

    def _file(self, picture: Picture, folder: Path) -> Path:
        """Return a picture's file; one that is in memory is written, by its content."""
        if isinstance(picture, str | os.PathLike):
            path = Path(picture)
            found = [each for each in (folder / path, path.absolute()) if each.is_file()]
            if not found:
                where = (
                    "" if path.is_absolute() or folder == Path.cwd() else f", neither in {folder} nor here"
                )
                raise ImageError(f"{path}: there is no such file{where}")
            return found[0].absolute()
        image = to_rgb(_from_array(picture) if not isinstance(picture, Image.Image) else picture)
        target = self._kept / f"{content_id(image)}.png"
        if not target.is_file():
            target.parent.mkdir(parents=True, exist_ok=True)
            image.save(target, compress_level=1)
        return target.absolute()


def _from_array(array: "np.ndarray[Any, Any]") -> Image.Image:
    shape, dtype = getattr(array, "shape", None), getattr(array, "dtype", None)
    if shape is None or str(dtype) != "uint8" or len(shape) not in (2, 3):
        what = f"{dtype} of shape {tuple(shape)}" if shape is not None else f"a {type(array).__name__}"
        raise ImageError(
            "a picture is a file, a picture of Pillow, or an array of uint8, (height, width[, channels]); "
            f"not {what}"
        )
    try:
        return Image.fromarray(array[..., 0] if len(shape) == 3 and shape[2] == 1 else array)
    except (TypeError, ValueError) as error:
        raise ImageError(f"an array of shape {tuple(shape)} is no picture: {error}") from error


def _check(ask: Ask) -> None:
    """Refuse what a mistyped word would otherwise make of a question."""
    known: Mapping[str, tuple[str, ...]] = {"layout": LAYOUTS, "language": LANGUAGES}
    for name, words in known.items():
        value = getattr(ask, name)
        if value is not None and value not in words:
            raise KurabeError(f"there is no {name} {value!r}: use one of {', '.join(words)}")
    if ask.question not in (("describe",) if ask.reference is None else QUESTIONS):
        raise KurabeError(f"there is no question {ask.question!r} to ask: use one of {', '.join(QUESTIONS)}")
    if ask.variant != RAW:
        processors.get_processor(ask.variant)


def expected_of(question: QuestionKind, told: object) -> Expect | None:
    """Return what is expected of an answer, as a test of one's own tells it; None if it tells nothing.

    Args:
        question: What is asked.
        told: A verdict, a count, or what a case has under ``expect``.

    Raises:
        KurabeError: If it says nothing about the question.
    """
    if told is None:
        return None
    short: dict[str, Any] = {"verdict": told} if question != "count" else {"count": told}
    if question == "differences" and told == "same":
        short = {"differences": []}
    try:
        expect = Expect.model_validate(told if isinstance(told, Mapping) else short)
    except ValidationError as error:
        finding = error.errors(include_url=False)[0]
        where = ".".join(map(str, finding["loc"]))
        raise KurabeError(f"expect = {told!r}: {where}: {finding['msg']}") from None
    if not expect.answers(question):
        raise KurabeError(
            f"expect = {told!r} does not say what the answer to {question!r} should be: write it as a case "
            "does"
        )
    return expect


def reply_of(trial: Trial, answered: Answered, threshold: float | None) -> Reply:
    """Return what an answer says.

    Raises:
        KurabeError: If there is none.
    """
    if answered.refused:
        raise RefusedError(answered.refused)
    if answered.unasked:
        raise UnaskedError(answered.unasked)
    answer = answered.answer
    if answer.error is not None:
        raise ModelError(answer.error.removeprefix(f"case {trial.case_id}, variant {trial.variant}: "))
    reading: Reading
    language = trial.suite.file.language
    reading, answer = read_answer(
        trial.question, language, answered.prompt, answer, threshold, answered.place
    )
    return Reply(
        model=trial.model,
        question=trial.question,
        text=answer.text,
        verdict=reading.verdict,
        p_different=answer.p_different,
        seconds=answer.seconds,
        boxes=answer.boxes,
        items=reading.items,
        count=reading.count,
        reason=reading.reason,
        rule=reading.rule,
        prompt="" if answered.prompt is None else answered.prompt.text,
        cached=answered.cached,
        tokens_in=answer.tokens_in,
        tokens_out=answer.tokens_out,
        note=answered.note,
    )


def threshold_of(registry: Registry, trial: Trial) -> float | None:
    """Return the threshold that a model's entry sets; None where words make the verdict."""
    common = registry.models.entries[trial.model].common
    return common.threshold if trial.question in ("verdict", "differences") else None
