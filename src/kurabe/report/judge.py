"""A judge held against the word matcher, and both against people: statement by statement."""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from kurabe.common.errors import CaseError, Problem
from kurabe.report.columns import JUDGE, JUDGE_SHEET
from kurabe.report.csv_files import write_csv
from kurabe.report.frame import plain, units_of
from kurabe.report.kappa import cohen
from kurabe.report.raters import delimiter_of, text_of
from kurabe.results.judgements import Judgement
from kurabe.results.record import Record

LABELS = "judge_labels.csv"
"""What a person says that answers name: a filled ``judge_sheet.csv``, beside the suites."""

Named = Mapping[str, frozenset[int]]
"""Numbers of what each answer names, by trial."""

_NONE = frozenset({"none", "0", "-", "–"})


def judge_table(
    records: Sequence[Record], judgements: Mapping[str, Judgement], people: Named | None = None
) -> pd.DataFrame:
    """Return how far judge, word matcher and people agree on what answers name.

    A statement is one difference (or one statement of a description) that one answer may name. Kappa is
    Cohen's, its interval is taken over units. Answers that the judge's answer could not be read about are
    counted, and compared with nobody.
    """
    found: dict[tuple[str, str, str], list[tuple[Record, str]]] = {}
    for record, (_, unit) in zip(records, units_of(records), strict=True):
        if record.trial in judgements:
            judge = judgements[record.trial].judge
            found.setdefault((judge, record.model, record.question), []).append((record, unit))
    rows = []
    for key, group in found.items():
        unread = sum(judgements[record.trial].named is None for record, _ in group)
        changed = sum(_changed(record) for record, _ in group)
        about = {"answers": len(group), "unread": unread, "changed": changed}
        raters = {
            "judge": {
                record.trial: frozenset(named)
                for record, _ in group
                if (named := judgements[record.trial].named) is not None
            },
            "words": {record.trial: _by_words(record, judgements[record.trial]) for record, _ in group},
            "person": people or {},
        }
        for first, second in (("judge", "words"), ("judge", "person"), ("words", "person")):
            figures = _compared(group, judgements, raters[first], raters[second])
            if figures:
                who = dict(zip(("judge", "model", "question"), key, strict=True))
                rows.append({**who, "first": first, "second": second, **about, **figures})
    return plain(pd.DataFrame(rows, columns=JUDGE))


def _changed(record: Record) -> bool:
    words = record.score.get("by_words")
    return words is not None and words["outcome"] != record.outcome


def _by_words(record: Record, judgement: Judgement) -> frozenset[int]:
    """Return which numbers the word matcher found; of equal names as many as it found, the first ones."""
    parts = record.score.get("by_words", record.score)
    left = Counter(parts.get("hit" if record.question == "describe" else "found", ()))
    found = set()
    for number, name in enumerate(judgement.names, 1):
        if left[name] > 0:
            left[name] -= 1
            found.add(number)
    return frozenset(found)


def _compared(
    group: Sequence[tuple[Record, str]], judgements: Mapping[str, Judgement], first: Named, second: Named
) -> dict[str, Any]:
    units: dict[str, np.ndarray[Any, np.dtype[np.float64]]] = {}
    for record, unit in group:
        if record.trial not in first or record.trial not in second:
            continue
        table = units.setdefault(unit, np.zeros((2, 2)))
        for number in range(1, len(judgements[record.trial].names) + 1):
            table[int(number in first[record.trial]), int(number in second[record.trial])] += 1
    if not units:
        return {}
    tables = np.stack(list(units.values()))
    total = tables.sum(0)
    kappa = cohen(tables) or (None, None, None)
    return {
        "statements": int(total.sum()),
        "both": int(total[1, 1]),
        "first_only": int(total[1, 0]),
        "second_only": int(total[0, 1]),
        "neither": int(total[0, 0]),
        "agreement": float((total[0, 0] + total[1, 1]) / total.sum()),
        **dict(zip(("kappa", "kappa_lo", "kappa_hi"), kappa, strict=True)),
    }


def read_labels(path: Path, judgements: Mapping[str, Judgement]) -> dict[str, frozenset[int]]:
    """Read what a person says that answers name: columns ``trial`` and ``named`` (``1;3``, or ``none``).

    Rows without an entry, and trials that this run has no judgement of, are passed over.

    Raises:
        CaseError: With the line of everything that is wrong.
    """
    reader = csv.DictReader(io.StringIO(text_of(path), newline=""), delimiter=delimiter_of(path))
    lacking = [name for name in ("trial", "named") if name not in (reader.fieldnames or ())]
    if lacking:
        raise CaseError([Problem(f"the column {lacking[0]!r} is missing", path, 1)])
    found: dict[str, frozenset[int]] = {}
    problems: list[Problem] = []
    for row in reader:
        trial, told = (row.get("trial") or "").lstrip("'"), (row.get("named") or "").strip().casefold()
        if not told or trial not in judgements:
            continue
        words = [] if told in _NONE else [word for word in re.split(r"[;,\s]+", told) if word]
        most = len(judgements[trial].names)
        wrong = [word for word in words if not word.isdecimal() or not 1 <= int(word) <= most]
        if wrong:
            what = f"named: numbers from 1 to {most} are meant, such as '1;2', or 'none', not {wrong[0]!r}"
            problems.append(Problem(what, path, reader.line_num, trial))
        found[trial] = frozenset(int(word) for word in words if word not in wrong)
    if problems:
        raise CaseError(problems)
    return found


def write_judge(
    records: Sequence[Record],
    judgements: Mapping[str, Judgement],
    folder: Path,
    labels: Path | None = None,
) -> pd.DataFrame:
    """Write ``judge.csv`` and ``judge_sheet.csv`` of a run that was judged.

    Args:
        records: Its results.
        judgements: What the judge said.
        folder: Where to.
        labels: What a person said; None, or no such file, if nobody did.

    Returns:
        The table of the agreement.

    Raises:
        CaseError: If the labels cannot be read.
        OSError: If the folder cannot be written to.
    """
    people = read_labels(labels, judgements) if labels is not None and labels.is_file() else None
    table = judge_table(records, judgements, people)
    write_csv(table, folder / "judge.csv")
    write_csv(pd.DataFrame(_sheet(records, judgements), columns=JUDGE_SHEET), folder / "judge_sheet.csv")
    return table


def _sheet(records: Sequence[Record], judgements: Mapping[str, Judgement]) -> Iterator[dict[str, Any]]:
    for record in records:
        judgement = judgements.get(record.trial)
        if judgement is not None:
            yield {
                "trial": record.trial,
                "answer": record.text,
                "known": "; ".join(f"{number}. {name}" for number, name in enumerate(judgement.names, 1)),
                "by_judge": "unread" if judgement.named is None else _numbers(judgement.named),
                "by_words": _numbers(sorted(_by_words(record, judgement))),
                "named": "",
            }


def _numbers(named: Sequence[int]) -> str:
    return "; ".join(map(str, named)) or "none"
