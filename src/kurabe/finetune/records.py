"""From cases to training records: the question as it is asked, the pictures as they are shown, the answer."""

import dataclasses
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from itertools import cycle, islice
from multiprocessing import get_all_start_methods, get_context
from os import cpu_count
from pathlib import Path
from typing import Any, Protocol

from PIL.Image import Image

from kurabe.answering.pictures import Pictures
from kurabe.cases.case import Case
from kurabe.cases.prompts import Prompt, Prompts
from kurabe.cases.suites import Suite, Suites
from kurabe.cases.trials import RAW, Participant, Selection, Trial, expand, prompt_of
from kurabe.common.errors import CaseError, Problem
from kurabe.common.request import Answer
from kurabe.common.vocabulary import QUESTIONS, Layout, QuestionKind
from kurabe.finetune.targets import target
from kurabe.imaging.content import Shown, content_id
from kurabe.imaging.layout import lay_out
from kurabe.imaging.load import load_image
from kurabe.models.adapters.card import DIGITS, picture_hash
from kurabe.scoring import judge


class Source(Protocol):
    """Something that has the pictures of a record; it travels to the processes that prepare them."""

    def show(self) -> Shown:
        """Return the pictures, as a trial shows them."""


@dataclass(frozen=True, slots=True)
class TrainingRecord:
    """One thing to learn.

    Attributes:
        id: The trial's id, and what sets the record apart from it.
        question: What is asked.
        prompt: The prompt as it is put.
        target: The right answer.
        source: Where the pictures are.
        group: Identity of the reference picture; a group is trained on or held out as a whole.
        suite: Name of the suite.
        variant: How the pair is processed; ``raw/NAME`` and ``NAME/raw`` where only one side is.
        link: The linking that it belongs to; "" for the suites that are to be learned.
    """

    id: str
    question: QuestionKind
    prompt: Prompt
    target: str
    source: Source
    group: str
    suite: str
    variant: str
    link: str = ""


@dataclass(frozen=True, slots=True)
class TrialPictures:
    """The pictures of a trial.

    Attributes:
        trial: The trial; its suite may be without its cases, so that little travels.
        raw_side: The side of the pair that is shown raw in spite of the trial's variant: 0 for the reference,
            1 for the test, None for neither.
        kept: Folder in which processed pairs are kept.
    """

    trial: Trial
    raw_side: int | None = None
    kept: Path | None = None

    def show(self) -> Shown:
        """Return what the trial shows, as `Pictures.show` does."""
        pictures = _pictures(self.kept)
        shown = pictures.show(self.trial)
        if self.raw_side is None:
            return shown
        raw = pictures.show(dataclasses.replace(self.trial, variant=RAW))
        pair = [*shown.pair]
        pair[self.raw_side] = raw.pair[self.raw_side]
        return Shown(raw.raw, tuple(pair), lay_out(pair, self.trial.layout), shown.note)


@cache
def _pictures(kept: Path | None) -> Pictures:
    """Return what this process makes pictures with."""
    return Pictures(kept)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which records are to be made.

    Attributes:
        layout: How the model is shown a pair.
        variants: Names or globs instead of raw and the suite's own variants.
        questions: Names or globs of questions; empty for all that a case has an answer to.
        processors: Names of the processors that are registered.
        swap: Whether questions that stay true are also asked with the pictures exchanged.
        kept: Folder in which processed pairs are kept.
    """

    layout: Layout
    variants: Sequence[str] = ()
    questions: Sequence[str] = ()
    processors: Sequence[str] = (RAW,)
    swap: bool = True
    kept: Path | None = None


def records_of(suite: Suite, prompts: Prompts, wanted: Wanted, link: str = "") -> list[TrainingRecord]:
    """Return the records of a suite's train split, in the order of its cases.

    Each case is asked everything that its expectation can answer, whatever its ``ask`` says; what stays true
    is also asked with the pictures exchanged; each reference is held against its own picture, re-encoded.

    Raises:
        CaseError: If the suite has no train cases, names an unknown variant, or the words that it expects
            are not read as what they say.
    """
    cases = [case for case in suite.cases if suite.split(case) == "train"]
    if not cases:
        what = "it has no train cases, so there is nothing to learn from: mark some with 'split: train'"
        raise CaseError([Problem(what, suite.path, 1, f"suite {suite.name}")])
    asking = dataclasses.replace(suite, cases=tuple(map(_asking_everything, cases)))
    own = [*suite.file.variants, *(name for case in cases for name in case.processed)]
    selection = Selection(
        models=[Participant("model", wanted.layout, frozenset(QUESTIONS))],
        variants=wanted.variants or list(dict.fromkeys([RAW, *own])),
        questions=wanted.questions,
        split="train",
        swap=wanted.swap,
        processors=wanted.processors,
    )
    suites = Suites([asking])
    trials = expand(suites, selection)
    if suites.broken:
        raise CaseError(suites.problems)
    bare = dataclasses.replace(suite, cases=())
    return [
        record
        for trial in trials
        if (record := _record(dataclasses.replace(trial, suite=bare), prompts, wanted, link)) is not None
    ]


def _asking_everything(case: Case) -> Case:
    possible = [q for q in QUESTIONS if case.expect.answers(q) and (case.is_pair or q == "describe")]
    return case.model_copy(update={"ask": possible})


def _record(trial: Trial, prompts: Prompts, wanted: Wanted, link: str) -> TrainingRecord | None:
    suite, case = trial.suite, trial.case
    prompt = prompt_of(trial, prompts)
    text = target(trial.question, case.expect, prompt)
    if text is None:
        return None
    _check_target(trial, prompt, text)
    first = (*case.good, case.test)[0]
    assert first is not None
    return TrainingRecord(
        id=trial.id.removesuffix("-model").replace("-model-", "-"),
        question=trial.question,
        prompt=prompt,
        target=text,
        source=TrialPictures(trial, kept=wanted.kept),
        group=str(suite.image(first)),
        suite=suite.name,
        variant=trial.variant,
        link=link,
    )


def _check_target(trial: Trial, prompt: Prompt, text: str) -> None:
    """Refuse to teach an answer that the scorer would not take for right."""
    expect, suite = trial.case.expect, trial.suite
    outcome = judge(trial.question, expect, suite.file.language, prompt, Answer(text)).outcome
    if outcome != "correct":
        what = (
            f"the answer {text!r}, made of its first words, is scored {outcome}: put those words first by "
            "which a person would name it"
        )
        raise CaseError([Problem(what, suite.path, None, f"case {trial.case.id}, question {trial.question}")])


def balanced(records: Sequence[TrainingRecord]) -> list[TrainingRecord]:
    """Return the records with as many good pairs as bad ones asked for a verdict: the fewer occur repeatedly.

    What a training sees more often it says when in doubt; suites mostly have more defects than good pairs,
    and a model that learned so would call good parts bad. Of good pairs, those of two pictures are repeated,
    not a reference held against itself, as long as there are any.
    """
    made = [*records]
    groups: dict[tuple[str, str, str], dict[bool, list[TrainingRecord]]] = {}
    for record in records:
        if record.question == "verdict":
            different = record.target == record.prompt.yes[0]
            group = groups.setdefault((record.link, record.suite, record.variant), {True: [], False: []})
            group[different].append(record)
    for group in groups.values():
        fewer, more = sorted(group.values(), key=len)
        telling = [record for record in fewer if not _is_control(record)] or fewer
        made += islice(cycle(telling), len(more) - len(fewer))
    return made


def _is_control(record: TrainingRecord) -> bool:
    return isinstance(record.source, TrialPictures) and record.source.trial.control


def picture_files(suite: Suite, split: str) -> set[Path]:
    """Return the files of all pictures of a split, the user's own processed ones included."""
    return {
        suite.image(name)
        for case in suite.cases
        if suite.split(case) == split
        for name in (
            *case.good,
            case.test,
            *(part for pair in case.processed.values() for part in (pair.reference, pair.test)),
        )
        if name is not None
    }


def check_splits(suites: Sequence[Suite]) -> None:
    """Refuse suites of which a picture stands in the train split and in a test split; pixels count.

    Raises:
        CaseError: Naming the files.
    """
    train = sorted({path for suite in suites for path in picture_files(suite, "train")})
    test = sorted({path for suite in suites for path in picture_files(suite, "test")})
    with _parallel() as pool:
        learned = dict(zip(pool.map(_file_hash, train, chunksize=16), train, strict=True))
        shared = [
            (learned[digest], path)
            for digest, path in zip(pool.map(_file_hash, test, chunksize=16), test, strict=True)
            if digest in learned
        ]
    if shared:
        some = "; ".join(
            str(one) if one == other else f"{one} and {other}, which are equal" for one, other in shared[:3]
        )
        more = f" and {len(shared) - 3} more" if len(shared) > 3 else ""
        what = (
            f"pictures stand in the train split and in the test split: {some}{more}. A score on them would "
            "be of no worth: put all cases that share a picture into one split"
        )
        where = f"suite {', '.join(suite.name for suite in suites)}"
        raise CaseError([Problem(what, suites[0].path, None, where)])


def see(
    records: Sequence[TrainingRecord],
    progress: Callable[[int, int], None] = lambda done, total: None,  # noqa: ARG005
) -> frozenset[str]:
    """Look at all pictures once, in parallel processes, so that processed ones are there when training asks.

    Args:
        records: What will be learned.
        progress: Told how many of how many pairs are done.

    Returns:
        The hashes of all pictures, raw and processed. A picture of a single colour is not among them: the
        processed reference of a good pair may be black, and so is that of any other.

    Raises:
        ImageError: If a picture cannot be read or processed.
    """
    sources = list(_distinct(records))
    seen: set[str] = set()
    with _parallel() as pool:
        for done, hashes in enumerate(pool.map(_look, sources, chunksize=4), 1):
            seen |= hashes
            progress(done, len(sources))
    return frozenset(seen)


def _distinct(records: Sequence[TrainingRecord]) -> Iterator[Source]:
    """Yield sources of which no two have the same pictures, as far as their trials tell."""
    known: set[object] = set()
    for record in records:
        source = record.source
        key: object = id(source)
        if isinstance(source, TrialPictures):
            trial = source.trial
            single = trial.question == "describe" or not trial.case.is_pair
            # Exchanged or half raw, the pictures are those of the trial itself and of the raw one.
            key = (trial.suite.path, trial.case.id, trial.variant, single)
        if key not in known:
            known.add(key)
            yield source


def _look(source: Source) -> frozenset[str]:
    shown = source.show()
    pictures = [*shown.raw, *shown.pair]
    if isinstance(source, TrialPictures) and source.raw_side is not None:
        pictures += dataclasses.replace(source, raw_side=None).show().pair
    telling = (p for p in pictures if any(low != high for low, high in _extrema(p)))
    return frozenset(picture_hash(picture) for picture in telling) | frozenset(
        name[:DIGITS] for name in shown.originals
    )


def _extrema(picture: Image) -> list[tuple[float, float]]:
    bands: Any = picture.convert("RGB").getextrema()
    return list(bands)


def _file_hash(path: Path) -> str:
    return content_id(load_image(path))


def _parallel() -> Executor:
    """Return processes where they inherit what this one has registered, else threads."""
    workers = max(1, min(16, cpu_count() or 1))
    if "fork" in get_all_start_methods():
        return ProcessPoolExecutor(workers, mp_context=get_context("fork"))
    return ThreadPoolExecutor(workers)
