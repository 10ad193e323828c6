"""Parts of a selection for several hosts: each finds its own, and nobody has to tell the others.

Which part a trial is in depends on the selection and the number of parts alone, so it is the same on every
host, in whatever order tests are collected or run.
"""

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from kurabe.cases.names import as_composed
from kurabe.cases.trials import Trial

_Key = tuple[str, ...]


class Shard(NamedTuple):
    """One of several parts, written ``part/of``.

    Attributes:
        part: Which one, from 1.
        of: How many there are.
    """

    part: int
    of: int

    def __str__(self) -> str:
        """Return it as the user writes it."""
        return f"{self.part}/{self.of}"


def parse_shard(text: str) -> Shard:
    """Read which part is meant: ``2/4`` is the second of four.

    Raises:
        ValueError: If it is none.
    """
    match = re.fullmatch(r"\s*(\d{1,6})\s*/\s*(\d{1,6})\s*", text)
    if match is None or not 1 <= int(match[1]) <= int(match[2]):
        raise ValueError(f"takes a part K of N as K/N, with K from 1 to N, such as 2/4, not {text!r}")
    return Shard(int(match[1]), int(match[2]))


def split(trials: Iterable[Trial], of: int) -> dict[str, int]:
    """Return the part of each trial, from 1, by its id.

    What shares a set of good parts stays together, its control included: it is the unit of intervals and of
    cross-fitting, and its pictures are prepared once. A set that is larger than a fair share (one folder of
    good parts for a whole suite) is divided into specimens, or test pictures where no specimen is named. All
    models' trials of a pair stay together in any case.

    Args:
        trials: The whole selection, in any order.
        of: The number of parts. Their sizes differ by no more than the largest of what stays together.
    """
    by_id = {trial.id: trial for trial in trials}
    keys = {name: _set_of(trial) for name, trial in by_id.items()}
    sizes = Counter(keys.values())
    fair = len(by_id) / of
    _divide(by_id, keys, {key for key, size in sizes.items() if size > fair})
    sizes = Counter(keys.values())
    held = [0] * of
    part_of: dict[_Key, int] = {}
    # The largest first, each to the part that holds least. Of equals a digest decides, so that the parts get
    # a mixture of suites, and not one the long answers of 'describe' and another one verdicts.
    for key in sorted(sizes, key=lambda key: (-sizes[key], _digest(key))):
        least = held.index(min(held))
        part_of[key] = least + 1
        held[least] += sizes[key]
    return {name: part_of[key] for name, key in keys.items()}


def _set_of(trial: Trial) -> _Key:
    """Return what names a trial's set of good parts on every host."""
    good = trial.case.good or (str(trial.case.test),)
    return (trial.suite.name, *map(as_composed, good))


def _divide(trials: Mapping[str, Trial], keys: dict[str, _Key], large: set[_Key]) -> None:
    """Divide what is larger than a fair share; its control stays with the first part."""
    first: dict[_Key, _Key] = {}
    controls = []
    for name, key in keys.items():
        if key not in large:
            continue
        case = trials[name].case
        if trials[name].control:
            controls.append(name)
            continue
        keys[name] = part = (*key, as_composed(str(case.specimen or case.test)))
        first[key] = min(first.get(key, part), part)
    for name in controls:
        keys[name] = first.get(keys[name], keys[name])


def _digest(key: _Key) -> str:
    return hashlib.sha256("\0".join(key).encode()).hexdigest()
