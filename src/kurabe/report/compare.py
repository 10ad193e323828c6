"""Two runs held against each other: which trials changed, which figures, and whether that is too much."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from kurabe.report.columns import KEYS, LOWER_IS_BETTER, METRICS, known
from kurabe.report.gate import whose
from kurabe.results.record import Record, scored


@dataclass(frozen=True, slots=True)
class Change:
    """One figure of a row of the leaderboard in both runs.

    Attributes:
        row: Whose figure it is: model, variant, layout, suite, question.
        metric: The column.
        old: The figure of the earlier run; None if undefined.
        new: The figure of the later run; None if undefined.
    """

    row: dict[str, str]
    metric: str
    old: float | None
    new: float | None

    @property
    def delta(self) -> float | None:
        """New minus old; None unless both are defined."""
        return None if self.old is None or self.new is None else self.new - self.old

    @property
    def worse_by(self) -> float:
        """By how much the figure got worse; negative if it got better, 0 unless both are defined."""
        delta = self.delta or 0.0
        return delta if self.metric in LOWER_IS_BETTER else -delta


@dataclass(frozen=True, slots=True)
class Comparison:
    """What changed from one run to the next.

    Attributes:
        fixed: Trials that are correct now and were not, by id.
        broken: Trials that were correct and are not now.
        only_old: Trials that only the earlier run has.
        only_new: Trials that only the later run has.
        shared: Number of trials that both runs have.
        changes: The figures, those of ``KEYS`` by ``METRICS`` that either run defines.
    """

    fixed: tuple[str, ...]
    broken: tuple[str, ...]
    only_old: tuple[str, ...]
    only_new: tuple[str, ...]
    shared: int
    changes: tuple[Change, ...]


def compare(old: Sequence[Record], new: Sequence[Record]) -> Comparison:
    """Hold two runs against each other.

    The figures are those of the trials that both runs have, so that asking more or fewer cases is
    not taken for a model's getting better or worse.
    """
    before, after = ({record.trial: record for record in scored(run)} for run in (old, new))
    shared = [trial for trial in after if trial in before]
    was_right, is_right = (
        {trial for trial in shared if run[trial].outcome == "correct"} for run in (before, after)
    )
    return Comparison(
        fixed=tuple(trial for trial in shared if trial in is_right - was_right),
        broken=tuple(trial for trial in shared if trial in was_right - is_right),
        only_old=tuple(trial for trial in before if trial not in after),
        only_new=tuple(trial for trial in after if trial not in before),
        shared=len(shared),
        changes=_changes([before[trial] for trial in shared], [after[trial] for trial in shared]),
    )


@dataclass(frozen=True, slots=True)
class CompareFail:
    """How much worse a figure may get.

    Attributes:
        text: The expression as the user wrote it.
        metric: The column.
        limit: The most that it may get worse: a share of the old value if ``relative``, else in the
            column's own unit.
        relative: True if it was written with a percent sign.
    """

    text: str
    metric: str
    limit: float
    relative: bool

    def violations(self, comparison: Comparison) -> list[str]:
        """Return a sentence for each row that got worse by more than the limit, in its suite or in total.

        A figure that was defined and is not any more counts as worse, and so does having nothing to
        compare: a check that was never made has not passed.
        """
        changes = [c for c in comparison.changes if c.metric == self.metric and c.old is not None]
        if not changes:
            return [f"compare-fail '{self.text}': the runs share no trial that has {self.metric}"]
        return [
            f"compare-fail '{self.text}': {self.metric} went from {change.old:.4g} to "
            f"{'undefined' if change.new is None else f'{change.new:.4g}'} for {whose(change.row)}"
            for change in changes
            if self._too_much(change)
        ]

    def _too_much(self, change: Change) -> bool:
        if change.new is None:
            return True
        allowed = self.limit * abs(change.old or 0.0) if self.relative else self.limit
        # A billionth of slack: 0.95 - 0.90 is not more than 0.05.
        return change.worse_by > allowed + 1e-9


def parse_compare_fail(text: str) -> CompareFail:
    """Read how much worse a figure may be: ``balanced_accuracy:5%`` of the old value, or ``miss_rate:0.02``.

    For columns of which less is better, such as ``miss_rate``, getting worse is getting larger.

    Raises:
        ValueError: If it cannot be read; an unknown column comes with the nearest one.
    """
    match = re.fullmatch(r"\s*(\w+)\s*:\s*(\d+\.?\d*|\.\d+)\s*(%?)\s*", text)
    if match is None:
        raise ValueError(
            f"{text!r} is no limit; write COLUMN:NUMBER or COLUMN:NUMBER%, such as 'balanced_accuracy:5%'"
        )
    metric, number, percent = match.groups()
    limit = float(number) / (100 if percent else 1)
    return CompareFail(text, known(metric, METRICS), limit, bool(percent))


def _changes(old: Sequence[Record], new: Sequence[Record]) -> tuple[Change, ...]:
    from kurabe.report.leaderboard import leaderboard

    before, after = (
        {tuple(row[key] for key in KEYS): row for row in leaderboard(run).to_dict("records")}
        for run in (old, new)
    )
    return tuple(
        Change(dict(zip(KEYS, key, strict=True)), metric, before[key][metric], row[metric])
        for key, row in after.items()
        if key in before
        for metric in METRICS
        if before[key][metric] is not None or row[metric] is not None
    )
