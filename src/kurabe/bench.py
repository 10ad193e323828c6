"""One session's work, without pytest: trials go in, records come out."""

from collections.abc import Sequence
from dataclasses import replace

from kurabe.answering.answerer import Answerer
from kurabe.answering.states import Answered
from kurabe.calibration import Thresholds
from kurabe.cases.case import Difference
from kurabe.cases.trials import Trial
from kurabe.common.errors import KurabeError, RefusedError, UnaskedError
from kurabe.common.request import Answer
from kurabe.results.record import Record
from kurabe.scoring import Score, judge


class Bench:
    """Asks, reads and scores."""

    def __init__(self, answering: Answerer, thresholds: Thresholds | None = None) -> None:
        self.answering = answering
        self.thresholds = thresholds or Thresholds()

    def record(self, trial: Trial) -> Record:
        """Return the result of a trial; failures are results, too, with ``outcome`` error.

        Raises:
            RefusedError: If the model was trained on the trial's pictures; there is no result then.
            UnaskedError: If the model stopped before this trial, as for a budget; there is no result then.
        """
        answered = self.answering.answer(trial)
        if answered.refused:
            raise RefusedError(answered.refused)
        if answered.unasked:
            raise UnaskedError(answered.unasked)
        threshold = None
        try:
            threshold = self.thresholds.of(trial, self._uncalibrated)
            names = answered.pictures
            self.thresholds.check(trial, names.raw[-1] if names is not None and names.raw else None)
        except KurabeError as error:
            answered = replace(answered, answer=Answer(error=str(error)))
        return _record(trial, answered, threshold)

    def _uncalibrated(self, trial: Trial) -> Record | None:
        """Return the result of a trial as its words give it; None if the model was trained on it."""
        answered = self.answering.answer(trial)
        return None if answered.refused or answered.unasked else _record(trial, answered, None)


def failure(trial: Trial, why: str) -> Record:
    """Return the result of a trial that cannot be asked, which counts as an error of its model."""
    return _record(trial, Answered(Answer(error=why), cached=False), None)


def _size(differences: Sequence[Difference]) -> float | None:
    """Return the largest declared size, None unless every difference declares one."""
    sizes = [difference.size for difference in differences]
    return max((size for size in sizes if size is not None), default=None) if None not in sizes else None


def _record(trial: Trial, answered: Answered, threshold: float | None) -> Record:
    expect, language = trial.case.expect, trial.suite.file.language
    scored = judge(
        trial.question, expect, language, answered.prompt, answered.answer, threshold, answered.place
    )
    return record_of(trial, answered, scored, threshold)


def record_of(trial: Trial, answered: Answered, scored: Score, threshold: float | None) -> Record:
    """Return the result of a trial that has been scored."""
    answer, names, good = answered.answer, answered.pictures, answered.good
    raw = () if names is None else names.raw
    pictures = names if answered.kept else None
    expected = trial.case.expect.differences or ()
    boxes = {} if answer.boxes is None else {"boxes": [list(box) for box in answer.boxes]}
    return Record(
        trial=trial.id,
        suite=trial.suite.name,
        case=trial.case_id,
        reference=trial.reference if good is None else good.set,
        question=trial.question,
        variant=trial.variant,
        layout=trial.layout,
        model=trial.model,
        control=trial.control,
        swapped=trial.swapped,
        repeat=trial.repeat,
        expected=scored.expected,
        expected_verdict=scored.expected_verdict,
        text=answer.text,
        verdict=scored.verdict,
        p_different=answer.p_different,
        outcome=scored.outcome,
        score=scored.parts | boxes | ({"note": answered.note} if answered.note else {}),
        tokens_in=answer.tokens_in,
        tokens_out=answer.tokens_out,
        seconds=answer.seconds,
        cached=answered.cached,
        cost=answer.cost,
        heat=answer.heat,
        tags=trial.suite.tags(trial.case),
        error=answer.error,
        prompt=None if answered.prompt is None else answered.prompt.text,
        kinds=tuple(difference.kind for difference in expected if difference.kind),
        boxes=tuple(difference.box for difference in expected if difference.box),
        raw=() if pictures is None else pictures.raw,
        pair=() if pictures is None else pictures.pair,
        shown=() if pictures is None else pictures.shown,
        test=raw[-1] if raw else f"{trial.suite.name}/{trial.case.test or trial.case.reference}",
        rule=scored.rule or None,
        size=_size(expected),
        shake=None if trial.shake is None else str(trial.shake),
        chosen=None if good is None else good.chosen,
        shots=trial.shots,
        threshold=threshold,
        specimen=trial.case.specimen and f"{trial.suite.name}/{trial.case.specimen}",
    )
