"""One session's work, without pytest: trials go in, records come out."""

from collections.abc import Mapping, Sequence

from kurabe.answering.answerer import Answered, Answering
from kurabe.cases.prompts import Prompts
from kurabe.cases.trials import Trial, prompt_of
from kurabe.common.errors import RefusedError
from kurabe.models.protocol import Answer
from kurabe.reading import read
from kurabe.results.record import Record
from kurabe.scoring import Score, score


class Bench:
    """Asks, reads and scores."""

    def __init__(self, answering: Answering, prompts: Mapping[str, Prompts]) -> None:
        self.answering = answering
        self._prompts = prompts

    def record(self, trial: Trial) -> Record:
        """Return the result of a trial; failures are results, too, with ``outcome`` error.

        Raises:
            RefusedError: If the model was trained on the trial's pictures; there is no result then.
        """
        answered = self.answering.answer(trial)
        if answered.refused:
            raise RefusedError(answered.refused)
        return _record(trial, answered, self._score(trial, answered.answer))

    def _score(self, trial: Trial, answer: Answer) -> Score:
        suite, case = trial.suite, trial.case
        choice = case.expect.choice if trial.question == "choice" else None
        options: Sequence[str] = choice.options if choice else ()
        words = prompt_of(trial, self._prompts[suite.name])
        reading = read(trial.question, answer.text, suite.file.language, options, words.yes, words.no)
        return score(trial.question, case.expect, reading, answer)


def _record(trial: Trial, answered: Answered, scored: Score) -> Record:
    answer, pictures = answered.answer, answered.pictures
    expected = trial.case.expect.differences or ()
    boxes = {} if answer.boxes is None else {"boxes": [list(box) for box in answer.boxes]}
    return Record(
        trial=trial.id,
        suite=trial.suite.name,
        case=trial.case_id,
        reference=trial.reference,
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
        tags=trial.suite.tags(trial.case),
        error=answer.error,
        prompt=answered.prompt,
        kinds=tuple(difference.kind for difference in expected if difference.kind),
        boxes=tuple(difference.box for difference in expected if difference.box),
        raw=() if pictures is None else pictures.raw,
        pair=() if pictures is None else pictures.pair,
        shown=() if pictures is None else pictures.shown,
    )
