"""Trials: case × question × variant × model, each of which becomes one pytest item."""

import fnmatch
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath

from kurabe.cases.case import Case, Expect
from kurabe.cases.names import as_composed
from kurabe.cases.pictures import others
from kurabe.cases.prompts import Prompt, Prompts
from kurabe.cases.sampling import quick_cases
from kurabe.cases.suites import Broken, Suite, Suites
from kurabe.common.errors import Problem, did_you_mean
from kurabe.common.vocabulary import QUESTIONS, BoxForm, Layout, QuestionKind
from kurabe.imaging.shake import Shake, draw

RAW = "raw"
_SWAPPABLE: frozenset[QuestionKind] = frozenset({"verdict", "count"})
"""What holds of a pair in either order; a missing pin seen the other way round is an added one."""


@dataclass(frozen=True, slots=True)
class Trial:
    """One question about one case to one model.

    Attributes:
        suite: The suite that the case is of.
        case: The case; the bench's own for a control.
        question: What is asked.
        variant: How the pair is processed before it is shown.
        layout: How the pair is shown.
        model: Who is asked.
        swapped: True if reference and test are exchanged.
        repeat: Number of the repetition, from 0.
        control: True for an identical pair, which must be called same.
        id: ``suite/case-question-variant-model`` and what sets it apart from its twins.
        shake: A harmless change of the test picture; None where it is shown as it is.
        shots: How many good parts are shown with the test picture.
        prompts: What words it instead of its suite's prompts.
        words: What is asked in words alone, without any picture; None for a question about the case's.
        boxes: How the model writes boxes; None for what the prompt says.
    """

    suite: Suite
    case: Case
    question: QuestionKind
    variant: str
    layout: Layout
    model: str
    swapped: bool
    repeat: int
    control: bool
    id: str
    shake: Shake | None = None
    shots: int = 1
    prompts: Prompts | None = field(default=None, repr=False, compare=False)
    words: Prompt | None = field(default=None, repr=False)
    boxes: BoxForm | None = None

    @property
    def case_id(self) -> str:
        """``suite/id``."""
        return f"{self.suite.name}/{self.case.id}"

    @property
    def reference(self) -> str:
        """The good parts by their place: ``suite/file``, or ``suite/first … last (number)``."""
        good = self.case.good or (self.case.test,)
        more = f" … {good[-1]} ({len(good)})" if len(good) > 1 else ""
        return f"{self.suite.name}/{good[0]}{more}"


@dataclass(frozen=True, slots=True)
class Participant:
    """A model that takes part in a run.

    Attributes:
        name: Its name.
        layout: How it is shown pairs.
        questions: What it can be asked.
        slow: True for a checkpoint that computes on the CPU.
        greedy: True if it always gives the same answer, so that asking again tells nothing.
        boxes: How it writes boxes; None for what the prompt says.
    """

    name: str
    layout: Layout
    questions: frozenset[QuestionKind]
    slow: bool = False
    greedy: bool = False
    boxes: BoxForm | None = None


@dataclass(frozen=True, slots=True)
class Selection:
    """What a run is asked to do; empty patterns mean "as the suites and models say".

    Attributes:
        models: Who takes part.
        variants: Names or globs of variants.
        questions: Names or globs of questions.
        layouts: Layouts instead of the models' own.
        split: ``test``, ``train``, ``calibration`` or ``all``.
        swap: Also ask with the pictures exchanged.
        repeat: How often each question is asked of models that do not always answer the same.
        shake: Harmless changes of the test picture about which each verdict, list, count and choice is asked.
        controls: Whether identical pairs are added.
        quick: Whether suites that set ``quick`` are asked so many of their cases only.
        shots: How many good parts are shown where a case has several.
        processors: Names of the processors that are registered.
    """

    models: Sequence[Participant]
    variants: Sequence[str] = ()
    questions: Sequence[str] = ()
    layouts: Sequence[Layout] = ()
    split: str = "test"
    swap: bool = False
    repeat: int = 1
    shake: int = 0
    controls: bool = True
    quick: bool = False
    shots: int = 1
    processors: Sequence[str] = (RAW,)


def prompt_of(trial: Trial, prompts: Prompts) -> Prompt:
    """Return what a trial asks, in the words of its suite's prompts."""
    suite, case = trial.suite, trial.case
    choice = case.expect.choice if trial.question == "choice" else None
    prompt = prompts.render(
        trial.question,
        suite.file.language,
        trial.layout,
        suite.relation(case),
        choice.options if choice else (),
        choice.question if choice else None,
        trial.shots,
    )
    asked = prompt.boxes is not None and trial.boxes is not None
    return replace(prompt, boxes=trial.boxes) if asked else prompt


def expand(suites: Suites, selection: Selection) -> list[Trial]:
    """Return all trials of a selection; suites with unknown variants are added to ``suites.broken``."""
    trials: list[Trial] = []
    for suite in suites.good:
        known = {RAW, *selection.processors, *(v for case in suite.cases for v in case.processed)}
        unknown = [variant for variant in suite.file.variants if variant not in known]
        if unknown:
            near = did_you_mean(unknown[0], known)
            what = f"unknown variant {unknown[0]!r}{near} (known: {', '.join(sorted(known))})"
            problem = Problem(what, suite.path, None, f"suite {suite.name}")
            suites.broken.append(Broken(suite.name, None, (problem,)))
            continue
        trials += _of_suite(suite, selection)
    return trials


def unmatched(suites: Suites, selection: Selection) -> str:
    """Say which pattern of a variant or a question means nothing to any suite; "" if all do."""
    variants = {RAW, *selection.processors}
    variants |= {v for suite in suites.good for case in suite.cases for v in case.processed}
    for kind, patterns, known in (
        ("variant", selection.variants, variants),
        ("question", selection.questions, set(QUESTIONS)),
    ):
        for pattern in patterns:
            if not fnmatch.filter(known, pattern):
                near = did_you_mean(pattern, known)
                return f"no {kind} is called {pattern!r}{near}; there are: {', '.join(sorted(known))}"
    return ""


def chosen_cases(suite: Suite, selection: Selection) -> list[Case]:
    """Return the cases of a suite that a selection asks about, in the suite's order."""
    cases = [case for case in suite.cases if selection.split in ("all", suite.split(case))]
    return quick_cases(cases, suite.file.quick if selection.quick else None)


def _of_suite(suite: Suite, selection: Selection) -> Iterator[Trial]:
    cases = chosen_cases(suite, selection)
    for case in cases:
        for question in _matching(suite.questions(case), selection.questions):
            for variant in _variants(suite, case, question, selection):
                yield from _asked(suite, case, question, variant, selection, control=False)
    if not selection.controls or not _matching(["verdict"], selection.questions):
        return
    for case in _controls(cases, {case.id for case in suite.cases}):
        for variant in _variants(suite, case, "verdict", selection):
            yield from _asked(suite, case, "verdict", variant, selection, control=True)


def _asked(
    suite: Suite, case: Case, question: QuestionKind, variant: str, selection: Selection, *, control: bool
) -> Iterator[Trial]:
    shots = _shots(case, question, variant, selection)
    for model in selection.models:
        if question not in model.questions:
            continue
        for layout in dict.fromkeys(selection.layouts or [model.layout]):
            plain = Trial(
                suite=suite,
                case=case,
                question=question,
                variant=variant,
                layout=layout,
                model=model.name,
                swapped=False,
                repeat=0,
                control=control,
                id=f"{suite.name}/{case.id}-{question}-{variant}-{model.name}{_other(layout, model)}",
                shots=shots,
                boxes=model.boxes,
            )
            for repeat in range(1 if model.greedy else selection.repeat):
                again = replace(plain, id=f"{plain.id}-r{repeat + 1}", repeat=repeat) if repeat else plain
                yield again
                if _swaps(question, selection, control):
                    yield replace(again, id=f"{again.id}-swap", swapped=True)
            if not control and _can_be_shaken(case, question, variant):
                for number in range(selection.shake):
                    shake = draw(f"{suite.name}/{case.id}", number)
                    yield replace(plain, id=f"{plain.id}-shake{number + 1}-{shake.kind}", shake=shake)


def _can_be_shaken(case: Case, question: QuestionKind, variant: str) -> bool:
    """Say whether a changed picture makes sense: own processed files cannot be made again from it."""
    return question != "describe" and variant not in case.processed


def _other(layout: Layout, model: Participant) -> str:
    return f"-{layout}" if layout != model.layout else ""


def _shots(case: Case, question: QuestionKind, variant: str, selection: Selection) -> int:
    """Return how many good parts a trial shows; own processed files are one pair."""
    if selection.shots == 1 or question == "describe" or not case.is_pair or variant in case.processed:
        return 1
    return max(1, min(selection.shots, len(others(case))))


def _swaps(question: QuestionKind, selection: Selection, control: bool) -> bool:
    return selection.swap and not control and question in _SWAPPABLE


def _matching(names: Iterable[QuestionKind], patterns: Sequence[str]) -> list[QuestionKind]:
    return [n for n in names if not patterns or any(fnmatch.fnmatchcase(n, p) for p in patterns)]


def _variants(suite: Suite, case: Case, question: QuestionKind, selection: Selection) -> list[str]:
    """Return the variants in which a case is asked: the suite's, or those that the selection names."""
    if question == "describe" or not case.is_pair:
        possible = [RAW]  # processors take pairs
        wanted = suite.file.variants
    else:
        possible = list(dict.fromkeys([RAW, *suite.file.variants, *case.processed, *selection.processors]))
        wanted = [*suite.file.variants, *case.processed]
        possible = [v for v in possible if v in selection.processors or v == RAW or v in case.processed]
    if selection.variants:
        return [v for v in possible if any(fnmatch.fnmatchcase(v, p) for p in selection.variants)]
    return [v for v in possible if v in wanted]


def _controls(cases: Iterable[Case], taken: set[str]) -> Iterator[Case]:
    """Build the identical pair of each set of good parts: its first picture against the same re-encoded."""
    seen: set[tuple[str, ...]] = set()
    for case in cases:
        if not case.is_pair or case.good in seen:
            continue
        seen.add(case.good)
        reference = case.good[0]
        stem = "".join(c if c.isalnum() else "_" for c in as_composed(PurePosixPath(reference).stem))
        name, number = f"control.{stem}", 2
        while name in taken:
            name, number = f"control.{stem}.{number}", number + 1
        taken.add(name)
        yield Case(
            id=name,
            reference=case.reference,
            references=case.references,
            test=reference,
            relation=case.relation,
            ignore=case.ignore,
            region=case.region,
            expect=Expect(verdict="same"),
            tags=["control"],
        )
