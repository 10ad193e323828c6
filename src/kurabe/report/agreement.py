"""Attribute agreement analysis: do people and models agree with themselves, each other and the truth?"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any, Literal

import numpy as np
import pandas as pd

from kurabe.common.errors import KurabeError, did_you_mean
from kurabe.report.kappa import Figure, cohen, fleiss, rate
from kurabe.report.raters import Call, in_order
from kurabe.results.record import Record, scored

Judgement = Literal["acceptable", "marginal", "unacceptable"]

AGREEMENT = [
    "measure", "rater", "other", "parts", "decisions", "count", "value", "value_lo", "value_hi", "limit",
    "marginal", "judgement", "shown",
]  # fmt: skip

HIGHER = frozenset({"effectiveness"})
"""Measures of which more is better; of the others that have limits, less is."""


@dataclass(frozen=True, slots=True)
class AgreementLimits:
    """From where on a rater is acceptable, and from where on marginal.

    The defaults are those of AIAG, Measurement Systems Analysis, 4th edition, for attribute studies.
    """

    acceptable: dict[str, float] = field(
        default_factory=lambda: {"effectiveness": 0.90, "miss_rate": 0.02, "false_alarm_rate": 0.05}
    )
    marginal: dict[str, float] = field(
        default_factory=lambda: {"effectiveness": 0.80, "miss_rate": 0.05, "false_alarm_rate": 0.10}
    )

    def judge(self, measure: str, value: float) -> Judgement:
        """Return what a value amounts to."""
        for word, limits in (("acceptable", self.acceptable), ("marginal", self.marginal)):
            if value >= limits[measure] - 1e-12 if measure in HIGHER else value <= limits[measure] + 1e-12:
                return word  # type: ignore[return-value]
        return "unacceptable"

    def shows(self, measure: str, low: float, high: float) -> bool:
        """Say whether the whole interval is acceptable."""
        limit = self.acceptable[measure]
        return low >= limit if measure in HIGHER else high <= limit


def parse_limit(text: str) -> tuple[str, float]:
    """Read a limit, such as ``miss_rate <= 0.02`` or ``effectiveness >= 0.9``.

    Raises:
        ValueError: If it cannot be read.
    """
    match = re.fullmatch(r"\s*(\w+)\s*(<=|>=)\s*(\d*\.?\d+)\s*(%?)\s*", text)
    if match is None:
        raise ValueError(f"{text!r} is no limit: write it like 'miss_rate <= 0.02'")
    measure, sign, number, percent = match.groups()
    known = AgreementLimits().acceptable
    if measure not in known:
        near = did_you_mean(measure, known, cutoff=0.0)
        raise ValueError(f"{text!r}: there is no limit of {measure!r}{near}")
    right = ">=" if measure in HIGHER else "<="
    if sign != right:
        raise ValueError(f"{text!r}: the limit of {measure} is written with {right}")
    return measure, float(number) / (100 if percent else 1)


@dataclass(frozen=True, slots=True)
class Study:
    """Who said what of which part.

    Attributes:
        bad: Whether each part is bad, by its name.
        calls: What each rater called each part, by rater and part: one entry a trial or shot, None where
            nothing could be read.
        models: The raters that are models.
    """

    bad: dict[str, bool]
    calls: dict[str, dict[str, list[bool | None]]]
    models: frozenset[str]


def study_of(records: Sequence[Record], people: Sequence[Call] = ()) -> Study:
    """Return what models and people said of the parts of a run.

    A part is the specimen that cases name, else the case; shots and repeats are its trials. Controls,
    exchanged and changed pictures do not enter. A model is a rater in each variant and layout.

    Args:
        records: The results.
        people: What people said; cases that the run does not hold are left out.

    Raises:
        KurabeError: If the cases of one specimen contradict each other, or there is no verdict at all.
    """
    asked = [
        record for record in scored(records)
        if record.question == "verdict" and not (record.control or record.swapped or record.shake)
    ]  # fmt: skip
    part = {record.case: record.specimen or record.case for record in asked}
    bad: dict[str, bool] = {}
    for record in asked:
        is_bad = record.expected_verdict == "different"
        if bad.setdefault(part[record.case], is_bad) != is_bad:
            told = "its cases do not agree whether it is good or bad"
            raise KurabeError(f"specimen {part[record.case]}: {told}; correct their 'expect'")
    if not asked:
        raise KurabeError("the run holds no answers to the question verdict: nothing can agree or disagree")
    names = _names(asked)
    calls: dict[str, dict[str, list[bool | None]]] = {}
    for record in sorted(asked, key=lambda record: (record.case, record.repeat)):
        said = None if record.verdict is None else record.verdict == "different"
        calls.setdefault(names[_who(record)], {}).setdefault(part[record.case], []).append(said)
    models = frozenset(calls)
    for call in in_order([call for call in people if call.case in part]):
        calls.setdefault(call.rater, {}).setdefault(part[call.case], []).append(call.bad)
    return Study(bad, calls, models)


def cases_of(records: Sequence[Record]) -> list[str]:
    """Return the cases of which a person may have said something."""
    asked = [record for record in scored(records) if record.question == "verdict" and not record.control]
    return list(dict.fromkeys(record.case for record in asked))


def agreement_table(study: Study, limits: AgreementLimits | None = None) -> pd.DataFrame:
    """Return all figures, a row each.

    ``within`` and ``within_kappa`` are of a rater's own trials, ``effectiveness`` is the share of parts that
    a rater called rightly in all trials, ``miss_rate`` and ``false_alarm_rate`` are of decisions,
    ``truth_kappa`` is Cohen's kappa with the truth. ``between`` and ``between_kappa`` are of two raters
    (parts on which all their trials agree, Cohen's kappa), ``all``, ``all_kappa`` (Fleiss) and ``all_truth``
    of all raters together. An unread answer is the wrong class, and agrees with no other in ``within``,
    ``between`` and ``all``.
    """
    limits = limits or AgreementLimits()
    rows = [_judged(row, limits) for row in _rows(study)]
    return pd.DataFrame(rows, columns=AGREEMENT, dtype=object).astype(object).where(lambda t: t.notna(), None)


def parts_table(study: Study) -> pd.DataFrame:
    """Return each part with what each rater called it, those that split the raters most first.

    ``split`` is the share of decisions that differ from what most said; 0 where all agree.
    """
    rows = []
    for part, bad in study.bad.items():
        given = {rater: calls.get(part, []) for rater, calls in study.calls.items()}
        said = [call for calls in given.values() for call in calls]
        most = max((said.count(call) for call in set(said)), default=0)
        row = {"part": part, "truth": "different" if bad else "same", "split": 1 - most / len(said)}
        rows.append(row | {rater: " ".join(_WORDS[call] for call in calls) for rater, calls in given.items()})
    table = pd.DataFrame(rows)
    return table.sort_values(["split", "part"], ascending=[False, True], kind="stable", ignore_index=True)


_WORDS = {True: "different", False: "same", None: "?"}


def _who(record: Record) -> tuple[str, str, str]:
    return record.model, record.variant, record.layout


def _names(asked: Sequence[Record]) -> dict[tuple[str, str, str], str]:
    """Return a rater's name: the model, with variant and layout where there are several."""
    who = list(dict.fromkeys(map(_who, asked)))
    several = [len({each[place] for each in who}) > 1 for place in (1, 2)]
    found = {}
    for model, variant, layout in who:
        more = [word for word, needed in zip((variant, layout), several, strict=True) if needed]
        found[model, variant, layout] = f"{model} ({', '.join(more)})" if more else model
    return found


def _judged(row: dict[str, Any], limits: AgreementLimits) -> dict[str, Any]:
    measure = row["measure"]
    if measure not in limits.acceptable or row["value"] is None:
        return row
    return row | {
        "limit": limits.acceptable[measure],
        "marginal": limits.marginal[measure],
        "judgement": limits.judge(measure, row["value"]),
        "shown": limits.shows(measure, row["value_lo"], row["value_hi"]),
    }


def _rows(study: Study) -> Iterator[dict[str, Any]]:
    for rater in study.calls:
        yield from _of_rater(study, rater)
    for one, other in combinations(study.calls, 2):
        yield from _of_pair(study, one, other)
    if len(study.calls) > 1:
        yield from _of_all(study)


def _of_rater(study: Study, rater: str) -> Iterator[dict[str, Any]]:
    calls = study.calls[rater]
    again = [said for said in calls.values() if len(said) > 1]
    yield _share("within", [_alike(said) for said in again], sum(map(len, again)), rater)
    least = min(map(len, again), default=0)
    counts = np.array(
        [_counts(_read(study, part, said)[:least]) for part, said in calls.items() if len(said) > 1]
    )
    yield _row(
        "within_kappa", fleiss(counts) if len(again) else None, len(again), sum(map(len, again)), rater
    )
    yield _share(
        "effectiveness",
        [_right(said, study.bad[part]) for part, said in calls.items()],
        sum(map(len, calls.values())),
        rater,
    )
    for measure, bad in (("miss_rate", True), ("false_alarm_rate", False)):
        judged = [said for part, said in calls.items() if study.bad[part] == bad]
        wrong = np.array([sum(call != bad for call in said) for said in judged], dtype=np.float64)
        of = np.array([len(said) for said in judged], dtype=np.float64)
        figure = rate(wrong, of) if judged else None
        yield _row(measure, figure, len(judged), int(of.sum()), rater, count=int(wrong.sum()))
    truth = [
        _crossed(_read(study, part, said), [study.bad[part]] * len(said)) for part, said in calls.items()
    ]
    yield _row("truth_kappa", cohen(np.array(truth)), len(truth), int(np.sum(truth)), rater)


def _of_pair(study: Study, one: str, other: str) -> Iterator[dict[str, Any]]:
    shared = [part for part in study.calls[one] if part in study.calls[other]]
    if not shared:
        return
    both = [(study.calls[one][part], study.calls[other][part]) for part in shared]
    decisions = sum(len(a) + len(b) for a, b in both)
    yield _share("between", [_alike([*a, *b]) for a, b in both], decisions, one, other)
    tables = []
    for part, (a, b) in zip(shared, both, strict=True):
        times = max(len(a), len(b))
        # Trial by trial, as AIAG crosses them; who judged fewer times is held against each of the others.
        first, second = (_read(study, part, [said[k % len(said)] for k in range(times)]) for said in (a, b))
        tables.append(_crossed(first, second))
    yield _row("between_kappa", cohen(np.array(tables)), len(shared), int(np.sum(tables)), one, other)


def _of_all(study: Study) -> Iterator[dict[str, Any]]:
    everyone = list(study.calls.values())
    shared = [part for part in study.bad if all(part in calls for calls in everyone)]
    if not shared:
        return
    said = {part: [call for calls in everyone for call in calls[part]] for part in shared}
    decisions = sum(map(len, said.values()))
    yield _share("all", [_alike(said[part]) for part in shared], decisions)
    yield _share("all_truth", [_right(said[part], study.bad[part]) for part in shared], decisions)
    times = max(len(calls[part]) for calls in everyone for part in shared)
    counts = [
        _counts(_read(study, part, [c[part][k % len(c[part])] for c in everyone for k in range(times)]))
        for part in shared
    ]
    yield _row("all_kappa", fleiss(np.array(counts)), len(shared), decisions)


def _row(
    measure: str,
    figure: Figure | None,
    parts: int,
    decisions: int,
    rater: str | None = None,
    other: str | None = None,
    count: int | None = None,
) -> dict[str, Any]:
    value, low, high = figure or (None, None, None)
    return {
        "measure": measure, "rater": rater, "other": other, "parts": parts, "decisions": decisions,
        "count": count if figure else None, "value": value, "value_lo": low, "value_hi": high,
    }  # fmt: skip


def _share(
    measure: str, held: Sequence[bool], decisions: int, rater: str | None = None, other: str | None = None
) -> dict[str, Any]:
    figure = rate(np.array(held, dtype=np.float64), np.ones(len(held))) if held else None
    return _row(measure, figure, len(held), decisions, rater, other, count=sum(held))


def _alike(said: Sequence[bool | None]) -> bool:
    return None not in said and len(set(said)) == 1


def _right(said: Sequence[bool | None], bad: bool) -> bool:
    return all(call == bad for call in said)


def _read(study: Study, part: str, said: Sequence[bool | None]) -> list[bool]:
    """Return the calls with the wrong class in place of those that could not be read."""
    return [not study.bad[part] if call is None else call for call in said]


def _counts(said: Sequence[bool]) -> list[float]:
    return [float(said.count(False)), float(said.count(True))]


def _crossed(one: Sequence[bool], other: Sequence[bool]) -> list[list[float]]:
    table = [[0.0, 0.0], [0.0, 0.0]]
    for a, b in zip(one, other, strict=True):
        table[a][b] += 1
    return table
