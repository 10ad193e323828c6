"""Parts of a selection: the same on every host, disjoint, complete, and what belongs together in one."""

import unicodedata
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kurabe.cases.case import Case, Expect, SuiteFile
from kurabe.cases.shards import Shard, parse_shard, split
from kurabe.cases.suites import Suite, Suites
from kurabe.cases.trials import Participant, Selection, Trial, expand

MODELS = [Participant(name, "stacked", frozenset({"verdict"})) for name in ("m", "n")]


def suite_of(goods: Sequence[str], *, specimens: bool = False, name: str = "pins") -> Suite:
    """Return a suite with a case for each good part that is named."""
    cases = tuple(
        Case(
            id=f"c{number}",
            reference=good,
            test=f"t{number}.png",
            specimen=f"s{number // 2}" if specimens else None,
            expect=Expect(verdict="same"),
        )
        for number, good in enumerate(goods)
    )
    return Suite(name, Path("pins.yaml"), SuiteFile(cases=list(cases)), cases)


def trials_of(*suites: Suite) -> list[Trial]:
    return expand(Suites(list(suites)), Selection(MODELS))


goods = st.lists(st.sampled_from([f"good{n}.png" for n in range(9)]), min_size=1, max_size=60)


@given(goods, st.integers(1, 12), st.booleans(), st.randoms())
def test_parts_are_the_same_in_any_order_and_balanced(
    goods: list[str], of: int, specimens: bool, random: Random
) -> None:
    trials = trials_of(suite_of(goods, specimens=specimens), suite_of(goods[:7], name="rods"))
    parts = split(trials, of)
    assert parts.keys() == {trial.id for trial in trials}
    assert set(parts.values()) <= set(range(1, of + 1))
    shuffled = list(trials)
    random.shuffle(shuffled)
    assert split([*shuffled, *shuffled[:3]], of) == parts
    sizes = Counter(parts.values())
    sets = Counter((trial.suite.name, trial.reference) for trial in trials)
    whole = [size for size in sets.values() if size <= len(trials) / of]
    pieces = Counter((trial.suite.name, trial.case.specimen or trial.case.test) for trial in trials)
    # What stays together is a set that fits, or a piece of one, with its control.
    most = max([*whole, max(pieces.values()) + len(MODELS)])
    assert max(sizes.values()) - min(sizes[part] for part in range(1, of + 1)) <= most


@given(goods, st.integers(1, 6))
def test_trials_of_a_pair_and_of_a_set_that_fits_stay_together(goods: list[str], of: int) -> None:
    trials = trials_of(suite_of(goods))
    parts = split(trials, of)
    by_case: dict[str, set[int]] = {}
    by_set: dict[str, list[int]] = {}
    for trial in trials:
        by_case.setdefault(trial.case_id, set()).add(parts[trial.id])
        by_set.setdefault(trial.reference, []).append(parts[trial.id])
    assert all(len(found) == 1 for found in by_case.values())
    for found in by_set.values():
        if len(found) <= len(trials) / of:
            assert len(set(found)) == 1
    for trial in trials:
        if trial.control:  # it goes with cases of its set
            cases = [t for t in trials if t.reference == trial.reference and not t.control]
            assert parts[trial.id] in {parts[case.id] for case in cases}


def test_one_folder_of_good_parts_is_divided_into_specimens() -> None:
    trials = trials_of(suite_of(["good.png"] * 40, specimens=True))
    parts = split(trials, 4)
    specimens: dict[str | None, set[int]] = {}
    for trial in trials:
        specimens.setdefault(trial.case.specimen, set()).add(parts[trial.id])
    assert all(len(found) == 1 for found in specimens.values())
    assert max(Counter(parts.values()).values()) == 22  # 82 trials in atoms of 4, one of 6 with the control


def test_the_parts_are_a_matter_of_names_alone() -> None:
    """Whoever changes this splits hosts whose versions differ, though their kurabe may say the same."""
    parts = split(trials_of(suite_of([f"good{n % 5}.png" for n in range(10)])), 3)
    assert [parts[f"pins/c{n}-verdict-raw-m"] for n in range(5)] == [1, 2, 1, 3, 2]


def test_a_name_that_a_file_system_has_decomposed_is_the_same() -> None:
    names = ["ガラス.png", *(f"good{n}.png" for n in range(12))]
    apart = [unicodedata.normalize("NFD", name) for name in names]
    assert apart != names
    assert split(trials_of(suite_of(names)), 5).items() >= {
        (name, part) for name, part in split(trials_of(suite_of(apart)), 5).items() if "control" not in name
    }


@pytest.mark.parametrize(("text", "shard"), [("1/1", (1, 1)), ("2/4", (2, 4)), (" 10 / 12 ", (10, 12))])
def test_a_part_is_written_as_k_of_n(text: str, shard: tuple[int, int]) -> None:
    assert parse_shard(text) == shard
    assert parse_shard(str(Shard(*shard))) == shard


@pytest.mark.parametrize("text", ["", "3", "0/2", "3/2", "-1/2", "1/0", "a/b", "1/2/3", "1.0/2"])
def test_what_is_no_part_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="with K from 1 to N, such as 2/4, not"):
        parse_shard(text)
