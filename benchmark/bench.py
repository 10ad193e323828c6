"""One session's work, without pytest: trials go in, records come out."""

from collections.abc import Mapping, Sequence

from benchmark.answering import Answered, Answering
from benchmark.models.protocol import Answer
from benchmark.question import Prompts
from benchmark.reading import read
from benchmark.record import Record
from benchmark.scoring import Score, score
from benchmark.trial import Trial


class Bench:
    """Asks, reads and scores."""

    def __init__(self, answering: Answering, prompts: Mapping[str, Prompts]) -> None:
        self.answering = answering
        self._prompts = prompts

    def record(self, trial: Trial) -> Record:
        """Return the result of a trial; failures are results, too, with ``outcome`` error."""
        answered = self.answering.answer(trial)
        return _record(trial, answered, self._score(trial, answered.answer))

    def _score(self, trial: Trial, answer: Answer) -> Score:
        suite, case = trial.suite, trial.case
        choice = case.expect.choice if trial.question == "choice" else None
        options: Sequence[str] = choice.options if choice else ()
        words = self._prompts[suite.name].render(
            trial.question, suite.file.language, trial.layout, suite.relation(case), options
        )
        reading = read(trial.question, answer.text, suite.file.language, options, words.yes, words.no)
        return score(trial.question, case.expect, reading, answer)


def _record(trial: Trial, answered: Answered, scored: Score) -> Record:
    answer = answered.answer
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
        score=scored.parts | ({"note": answered.note} if answered.note else {}),
        tokens_in=answer.tokens_in,
        tokens_out=answer.tokens_out,
        seconds=answer.seconds,
        cached=answered.cached,
        tags=trial.suite.tags(trial.case),
        error=answer.error,
    )
