"""Fewer cases on a CPU: which ones, when, and how that is said."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kurabe.cases import suites
from kurabe.cases.case import Case
from kurabe.cases.sampling import quick_cases
from tests.support import checkpoints
from tests.support.project import INSTANT, case, suite

MAIN = ("--pyargs", "kurabe.plugin.test_pairs", "-p", "no:cacheprovider")
SLOW = '[models.slow]\nengine = "local"\ncheckpoint = "slow"\ndevice = "cpu"\ndefault = true\n'


def made(number: int, reference: int, verdict: str, tag: str) -> Case:
    return Case.model_validate(
        {
            "id": f"c{number}",
            "reference": f"r{reference}.png",
            "test": f"c{number}.png",
            "expect": {"verdict": verdict},
            "tags": [tag],
        }
    )


CASES = st.lists(
    st.tuples(st.integers(0, 3), st.sampled_from(["same", "different"]), st.sampled_from(["easy", "hard"])),
    min_size=1,
    max_size=30,
).map(lambda rows: [made(number, *row) for number, row in enumerate(rows)])


@given(CASES, st.integers(1, 40))
def test_as_many_as_asked_for_in_their_order_and_always_the_same(cases: list[Case], number: int) -> None:
    chosen = quick_cases(cases, number)
    assert len(chosen) == min(number, len(cases))
    assert [case for case in cases if case in chosen] == chosen
    assert quick_cases(cases, number) == chosen


@given(CASES, st.integers(1, 40))
def test_no_reference_is_taken_again_before_all_others_were(cases: list[Case], number: int) -> None:
    there = Counter(case.reference for case in cases)
    taken = Counter(case.reference for case in quick_cases(cases, number))
    most = max(taken.values())
    assert all(taken[name] >= min(amount, most - 1) for name, amount in there.items())


def test_without_a_number_all_are_taken() -> None:
    cases = [made(number, 0, "same", "easy") for number in range(3)]
    assert quick_cases(cases, None) == cases


def test_the_shipped_subset_is_like_the_whole() -> None:
    root = Path(__file__).resolve().parents[2]
    (connector,) = suites.read([root / "cases/connector/connector.yaml"]).good
    cases = [case for case in connector.cases if connector.split(case) == "test"]
    chosen = quick_cases(cases, connector.file.quick)
    share = len(chosen) / len(cases)
    assert share == 0.5
    assert {*Counter(case.reference for case in chosen).values()} == {2}
    kinds = Counter(tag for case in cases for tag in case.tags)
    taken = Counter(tag for case in chosen for tag in case.tags)
    assert all(abs(taken[kind] - share * amount) <= 1 for kind, amount in kinds.items())


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("quick")
    checkpoints.llava(root / "slow")
    (root / "models.toml").write_text(INSTANT + SLOW, encoding="utf-8")
    pairs = [case(f"p{n}", "different" if n % 2 else "same") for n in range(6)]
    suite(root, "pins", pairs, quick=2)
    suite(root, "mine", [case(f"m{n}", "same") for n in range(4)])
    return root


def run(
    root: Path, capsys: pytest.CaptureFixture[str], *options: str
) -> tuple[list[dict[str, Any]], str, Path]:
    """Run the bench; return the results, what was printed, and the run's folder."""
    capsys.readouterr()
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(root)
        assert pytest.main([*MAIN, *options]) == 0
    folder = sorted((root / "reports" / "runs").iterdir())[-1]
    lines = (folder / "results.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines], capsys.readouterr().out, folder


def cases_by_model(results: list[dict[str, Any]]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for line in results:
        if not line["control"]:
            found.setdefault(line["model"], set()).add(line["case"])
    return found


def test_all_models_get_the_same_few_cases_and_the_summary_says_so(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    results, printed, folder = run(root, capsys)
    asked = cases_by_model(results)
    assert asked["slow"] == asked["instant"]
    assert Counter(name.split("/")[0] for name in asked["slow"]) == {"pins": 2, "mine": 4}
    assert "pins: 2 of 6 cases; --kurabe-all-cases asks all" in printed
    assert "mine:" not in printed
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["fewer"] == {"pins": [2, 6]}
    assert manifest["planned"] == manifest["answered"]


@pytest.mark.parametrize(
    ("options", "number"),
    [
        (["--kurabe-all-cases"], 6),
        (["--kurabe-model", "instant"], 6),  # nothing computes on the CPU for long
        (["-k", "pins and verdict"], 2),
        (["-k", "pins/"], 6),
    ],
)
def test_all_cases_are_there_where_they_are_asked_for_or_cost_nothing(
    root: Path, capsys: pytest.CaptureFixture[str], options: list[str], number: int
) -> None:
    results, printed, _ = run(root, capsys, *options)
    for asked in cases_by_model(results).values():
        assert sum(name.startswith("pins/") for name in asked) == number
    assert ("--kurabe-all-cases" in printed) == (number < 6)


def test_a_case_that_is_named_is_there(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    few, _, _ = run(root, capsys, "--kurabe-no-controls")
    left_out = sorted({f"pins/p{n}" for n in range(6)} - cases_by_model(few)["slow"])[0]
    results, _, _ = run(root, capsys, "-k", left_out)
    assert cases_by_model(results) == {"instant": {left_out}, "slow": {left_out}}


def test_a_run_of_another_suite_does_not_speak_of_it(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, printed, _ = run(root, capsys, "-k", "mine")
    assert "--kurabe-all-cases" not in printed
