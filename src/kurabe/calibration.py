"""Thresholds that ``models.toml`` sets: a number, or what a suite's ``split: calibration`` cases give."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from kurabe.cases.suites import Suite, Suites
from kurabe.cases.trials import Participant, Selection, Trial, expand
from kurabe.common.errors import KurabeError, ModelError, Problem, did_you_mean
from kurabe.models.config import Entry
from kurabe.results.record import Record

SPLIT = "calibration"
_VERDICTS = ("verdict", "differences")
"""The questions that a threshold answers."""

_Key = tuple[str, str, str, str]


def _key(trial: Trial) -> _Key:
    return trial.model, trial.question, trial.variant, trial.layout


def check_thresholds(
    entries: Mapping[str, Entry], chosen: Sequence[Participant], suites: Suites, split: str
) -> None:
    """Refuse what cannot be calibrated, before anything is asked.

    Args:
        entries: The entries of ``models.toml``.
        chosen: The models that are asked.
        suites: The suites.
        split: The cases that are scored.

    Raises:
        ModelError: If a suite is not there, has no cases to calibrate on, or if those would be scored, too;
            if a rule cannot be read.
    """
    from kurabe.report.rules import parse_rule

    known = {suite.name: suite for suite in suites.good}
    for entry in (entries[model.name] for model in chosen):
        name = entry.common.calibrate
        if name is None:
            continue
        what = ""
        if name not in known:
            what = f"there is no suite {name!r}{did_you_mean(name, known)}"
        elif split in (SPLIT, "all"):
            what = f"its cases of suite {name!r} would be scored, too: leave out the option for the split"
        elif not calibration_cases(known[name]):
            what = (
                f"suite {name!r} has no case with 'split: calibration'; to calibrate on cases that are "
                "scored is refused"
            )
        try:
            if parse_rule(entry.common.at).text == "least cost":
                what = what or "'least cost' cannot be calibrated: give a bound, or 'balanced'"
        except ValueError as error:
            what = what or str(error)
        if what:
            raise ModelError(
                str(Problem(f"calibrate: {what}", entry.path, entry.line, f"model {entry.name}"))
            )


def calibration_cases(suite: Suite) -> int:
    """Return how many cases of a suite are there to calibrate on."""
    return sum(suite.split(case) == SPLIT for case in suite.cases)


@dataclass
class Thresholds:
    """The thresholds of a session, each chosen when it is first needed.

    Attributes:
        entries: The entries of ``models.toml``.
        chosen: The models that are asked.
        suites: The suites.
        processors: Names of the processors.
    """

    entries: Mapping[str, Entry] = field(default_factory=dict)
    chosen: Sequence[Participant] = ()
    suites: Suites = field(default_factory=Suites)
    processors: Sequence[str] = ()

    def __post_init__(self) -> None:
        self._found: dict[_Key, float | KurabeError] = {}
        self._tests: dict[_Key, dict[str, str]] = {}
        self._fresh: list[Record] = []

    def of(self, trial: Trial, record: Callable[[Trial], Record | None]) -> float | None:
        """Return the threshold that a trial's verdict is made with; None where its words make it.

        Args:
            trial: The trial.
            record: Asks a trial and reads it without a threshold; None if the model refuses.

        Raises:
            KurabeError: If the calibration gives none.
        """
        entry = self.entries.get(trial.model)
        if entry is None or trial.question not in _VERDICTS:
            return None
        if entry.common.calibrate is None:
            return entry.common.threshold
        key = _key(trial)
        if key not in self._found:
            asked = [record(each) for each in self.trials_for(trial)]
            records = [replace(each, calibration=True) for each in asked if each is not None]
            self._fresh += records
            self._tests[key] = {each.test: each.case for each in records if each.test is not None}
            self._found[key] = _chosen(records, entry)
        found = self._found[key]
        if isinstance(found, KurabeError):
            raise found
        return found

    def check(self, trial: Trial, test: str | None) -> None:
        """Refuse a test picture that the trial's threshold was chosen on.

        Raises:
            KurabeError: With the case it is of.
        """
        case = self._tests.get(_key(trial), {}).get(test or "")
        if case is not None and not trial.control:
            raise KurabeError(
                f"its picture is also that of {case}, which the threshold was chosen on: to calibrate on "
                "cases that are scored is refused"
            )

    def take(self) -> list[Record]:
        """Return the results of calibration that have come in since the last call."""
        fresh, self._fresh = self._fresh, []
        return fresh

    def trials_for(self, trial: Trial) -> list[Trial]:
        """Return what is asked to calibrate for a trial: the same question, variant and layout."""
        name = self.entries[trial.model].common.calibrate
        suite = next((suite for suite in self.suites.good if suite.name == name), None)
        model = next((model for model in self.chosen if model.name == trial.model), None)
        if suite is None or model is None:
            return []
        selection = Selection(
            [model],
            variants=(trial.variant,),
            questions=(trial.question,),
            layouts=(trial.layout,),
            split=SPLIT,
            controls=False,
            processors=self.processors,
        )
        return expand(Suites([suite]), selection)

    def with_calibration(self, plan: Sequence[Trial]) -> Iterator[Trial]:
        """Yield a plan with the trials of calibration in front of the first that needs them."""
        begun: set[_Key] = set()
        for trial in plan:
            entry = self.entries.get(trial.model)
            if entry is not None and entry.common.calibrate is not None and trial.question in _VERDICTS:
                if _key(trial) not in begun:
                    yield from self.trials_for(trial)
                begun.add(_key(trial))
            yield trial


def calibrated(records: Sequence[Record], model: str) -> list[dict[str, object]]:
    """Return the thresholds of a model by question, variant and layout, and what they were chosen on."""
    kept = [record for record in records if record.model == model and record.expected_verdict is not None]
    made = {
        (record.question, record.variant, record.layout): record.threshold
        for record in kept
        if record.threshold is not None
    }
    return [
        {
            **dict(zip(("question", "variant", "layout"), key, strict=True)),
            "threshold": threshold,
            **{
                name: sum(
                    each.calibration
                    and (each.question, each.variant, each.layout) == key
                    and each.expected_verdict == verdict
                    for each in kept
                )
                for name, verdict in (("n_good", "same"), ("n_bad", "different"))
            },
        }
        for key, threshold in made.items()
    ]


def _chosen(records: Sequence[Record], entry: Entry) -> float | KurabeError:
    """Return the threshold that cases to calibrate on give, or why there is none."""
    import numpy as np

    from kurabe.report.points import calibrations
    from kurabe.report.rules import parse_rule
    from kurabe.report.thresholds import choose, needed

    rule, suite = parse_rule(entry.common.at), entry.common.calibrate
    found = list(calibrations(records).values())
    if not found:
        return KurabeError(f"suite {suite!r} has no case to calibrate this on: no such question or variant")
    chosen = choose(found[0][0], rule)
    if np.isnan(chosen.low):
        why = "; ".join(needed(found[0][0], rule)) or "it needs good and bad parts with P(different)"
        return KurabeError(f"suite {suite!r} gives no threshold for {rule.text!r}: {why}")
    if chosen.high > chosen.low:
        return KurabeError(f"suite {suite!r} gives no single threshold that keeps {rule.text!r}")
    return chosen.low
