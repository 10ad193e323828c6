"""One selection over several hosts, and their runs as one again."""

import csv
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.testing import CliRunner, Result

from kurabe.cli import app
from kurabe.imaging.heat import heat_map
from kurabe.results.run import Run, runs_of
from tests.support.project import MAIN, case, picture, project, suite

TWO = """
[models.instant]
engine = "tests.support.instant:create"
default = true
[models.other]
engine = "tests.support.instant:create"
threshold = 250
default = true
"""


def hosts(root: Path) -> Path:
    """Write a project with several sets of good parts, several questions and two models."""
    project(root, TWO.replace("threshold = 250\n", ""))
    for number in range(6):
        picture(root / f"cases/rods/images/good{number}.png", shade=150 + number)
    cases = [
        case(
            f"r{number}", "different" if number % 2 else "same",
            reference=f"images/good{number % 6}.png",
            expect={"verdict": "different" if number % 2 else "same", "count": number % 2},
        )
        for number in range(12)
    ]  # fmt: skip
    suite(root, "rods", cases)
    return root


@pytest.fixture
def root(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv("PYTEST_XDIST_WORKER", raising=False)
    return hosts(pytester.path)


def shard(pytester: pytest.Pytester, told: str, *options: str) -> Run:
    """Run a part and return its run."""
    before = {run.name for run in runs_of(pytester.path / "reports")}
    assert pytester.runpytest(*MAIN, "--kurabe-shard", told, *options).ret == 0
    # Several may begin within a second, so the last one by name need not be the newest.
    (made,) = [run for run in runs_of(pytester.path / "reports") if run.name not in before]
    return made


def merge(*words: object) -> Result:
    return CliRunner().invoke(app, ["merge", *map(str, words)])


def tables(folder: Path) -> dict[str, list[dict[str, str]]]:
    """Return the tables of a folder without times and the name of the run, which its pictures' paths hold."""
    found = {}
    for path in folder.glob("*.csv"):
        rows = list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))
        beside = ("seconds", "seconds_per_trial", "cached", "run")
        found[path.name] = [
            {k: v.rsplit("/")[-1] if k.endswith("_picture") else v for k, v in row.items() if k not in beside}
            for row in rows
        ]
    return found


def test_parts_make_the_whole_and_their_merged_report_equals_it(
    pytester: pytest.Pytester, root: Path
) -> None:
    parts = [shard(pytester, f"{part}/3", "--kurabe-swap") for part in (2, 3, 1)]
    told = [part.manifest() for part in parts]
    assert [each["shard"] for each in told] == ["2/3", "3/3", "1/3"]
    assert all(each["partial"].startswith(f"shard {each['shard']}, ") for each in told)
    names = [record.trial for part in parts for record in part.records()]
    assert len(names) == len(set(names)) == sum(each["planned"] for each in told)
    assert "shard-2-of-3" in (parts[0].folder / "leaderboard.csv").read_text(encoding="utf-8")

    done = merge(*(part.name for part in parts))
    assert done.exit_code == 0, done.output
    merged = runs_of(root / "reports")[-1]
    manifest = merged.manifest()
    assert manifest["partial"] is None
    assert manifest["answered"] == manifest["planned"] == len(names)
    assert [part["shard"] for part in manifest["parts"]] == ["2/3", "3/3", "1/3"]
    assert tables(root / "reports") == tables(merged.folder)

    assert pytester.runpytest(*MAIN, "--kurabe-swap").ret == 0
    whole = runs_of(root / "reports")[-1]
    assert [record.trial for record in whole.records()] == [record.trial for record in merged.records()]
    assert tables(whole.folder) == tables(merged.folder)
    for table in whole.folder.glob("*.csv"):
        if table.name not in ("leaderboard.csv", "trials.csv"):  # these have times and the run's name
            assert table.read_bytes() == (merged.folder / table.name).read_bytes()
    assert {p.name for p in whole.pictures.iterdir()} == {p.name for p in merged.pictures.iterdir()}
    compared = CliRunner().invoke(app, ["compare", merged.name, whole.name])
    assert compared.exit_code == 0
    assert f"{len(names)} trials in both" in compared.output


def test_cases_that_a_threshold_was_chosen_on_stand_where_one_run_has_them(
    pytester: pytest.Pytester,
) -> None:
    root = pytester.path
    suite(root, "pins", [case(f"pins{i}", "different" if i % 2 else "same") for i in range(6)])
    tuned = [case(f"t{i}", "different" if i % 2 else "same", split="calibration") for i in range(8)]
    suite(root, "tuned", tuned)
    for number in range(8):  # in other shades, so that no picture is in both suites
        picture(root / f"cases/tuned/images/t{number}.png", defect=bool(number % 2), shade=180 - number)
    entry = '[models.pixel-diff]\nengine = "pixel-diff"\ndefault = true\ncalibrate = "tuned"\n'
    (root / "models.toml").write_text(entry, encoding="utf-8")
    parts = [shard(pytester, f"{part}/2", "--kurabe-question", "verdict") for part in (1, 2)]
    done = merge(*(part.name for part in parts), "--into", root / "all")
    assert done.exit_code == 0, done.output
    assert pytester.runpytest(*MAIN, "--kurabe-question", "verdict").ret == 0
    whole = runs_of(root / "reports")[-1]
    assert sum(record.calibration for record in whole.records()) == 8
    assert tables(root / "all") == tables(whole.folder)
    assert Run(root / "all").manifest()["thresholds"] == whole.manifest()["thresholds"]


def test_a_selection_is_split_after_it_was_made(pytester: pytest.Pytester, root: Path) -> None:
    parts = [shard(pytester, f"{n}/2", "-k", "rods and count", "--kurabe-model", "other") for n in (1, 2)]
    names = {record.trial for part in parts for record in part.records()}
    assert names == {f"rods/r{number}-count-raw-other" for number in range(12)}
    assert [len(part.records()) for part in parts] == [6, 6]


def test_workers_of_xdist_find_the_same_part(pytester: pytest.Pytester, root: Path) -> None:
    pytest.importorskip("xdist")
    alone = shard(pytester, "1/2")
    words = (*MAIN, "--kurabe-shard", "1/2", "-n", "2")
    assert pytester.runpytest_subprocess(*words).ret == 0
    spread = runs_of(root / "reports")[-1]
    assert {r.trial for r in spread.records()} == {r.trial for r in alone.records()}
    assert (spread.folder / "plan.json").read_bytes() == (alone.folder / "plan.json").read_bytes()
    assert spread.manifest()["partial"] == alone.manifest()["partial"]


def test_a_part_replaces_no_full_run(pytester: pytest.Pytester, root: Path) -> None:
    assert pytester.runpytest(*MAIN).ret == 0
    before = (root / "reports/leaderboard.csv").read_bytes()
    part = shard(pytester, "1/2")
    assert (root / "reports/leaderboard.csv").read_bytes() == before
    assert merge(part.name).exit_code == 0
    assert (root / "reports/leaderboard.csv").read_bytes() == before


def test_an_empty_part_is_no_failure(pytester: pytest.Pytester, root: Path) -> None:
    result = pytester.runpytest(*MAIN, "--kurabe-shard", "3/3", "-k", "pins/a1")
    result.stdout.fnmatch_lines(["shard 3/3 is empty: the selection falls into no more than 1 parts"])
    assert result.ret == 0
    assert pytester.runpytest(*MAIN, "--kurabe-shard", "1/3", "-k", "nothing").ret == 5


def test_a_part_that_is_none_is_refused_at_once(pytester: pytest.Pytester, root: Path) -> None:
    result = pytester.runpytest(*MAIN, "--kurabe-shard", "4/3")
    assert result.ret == 4
    result.stderr.fnmatch_lines(["*--kurabe-shard takes a part K of N as K/N*not '4/3'"])


def test_missing_parts_and_trials_are_told(pytester: pytest.Pytester, root: Path) -> None:
    parts = [shard(pytester, f"{part}/3") for part in (1, 2)]
    lines = (parts[1].folder / "results.jsonl").read_text(encoding="utf-8").splitlines(keepends=True)
    (parts[1].folder / "results.jsonl").write_text("".join(lines[1:]), encoding="utf-8")
    lost = json.loads(lines[0])["trial"]
    done = merge(*(part.folder for part in parts), "--into", root / "whole")
    assert done.exit_code == 0, done.output
    manifest = Run(root / "whole").manifest()
    assert manifest["partial"].startswith("shard 3/3 missing; ")
    assert any(line.startswith("shard 3/3 is missing: ") for line in manifest["messages"])
    assert any(line.endswith(f"not asked: {lost}") for line in manifest["messages"])
    assert "partial run: shard 3/3 missing" in done.output
    # What is missing can still be added.
    rest = shard(pytester, "3/3")
    again = shard(pytester, "2/3")
    done = merge(root / "whole", rest.name, again.name, "--into", root / "all")
    assert done.exit_code == 0, done.output
    whole = Run(root / "all")
    assert whole.is_full
    assert [part["shard"] for part in whole.manifest()["parts"]] == ["1/3", "2/3", "3/3", "2/3"]


Change = Callable[[Path], object]


def in_manifest(*keys: str, value: object) -> Change:
    def change(root: Path) -> None:
        for path in (root / "reports/runs").glob("*shard-2*/manifest.json"):
            told: Any = json.loads(path.read_text(encoding="utf-8"))
            inner = told
            for key in keys[:-1]:
                inner = inner[key]
            inner[keys[-1]] = value
            path.write_text(json.dumps(told), encoding="utf-8")

    return change


def words(root: Path) -> None:
    (root / "cases/prompts.yaml").write_text(
        yaml.safe_dump({"verdict": {"en": "Do they differ?"}}), encoding="utf-8"
    )


def expectation(root: Path) -> None:
    path = root / "cases/rods/rods.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("count: 1", "count: 2", 1), encoding="utf-8")


def options(root: Path) -> None:
    """Leave one model out."""
    (root / "models.toml").write_text(TWO.partition("[models.other]")[0], encoding="utf-8")


@pytest.mark.parametrize(
    ("between", "after", "told"),
    [
        (words, None, "the digest of the prompts of suite"),
        (expectation, None, "what suite rods declares"),
        (lambda root: picture(root / "cases/pins/images/a1.png", shade=90), None, "pictures of pins/a1"),
        (lambda root: (root / "models.toml").write_text(TWO), None, "the fingerprint of model other"),
        (options, None, "the selection"),
        (None, in_manifest("kurabe", value="0.0.9"), "the version of kurabe"),
        (None, in_manifest("thresholds", value={"m": {"threshold": 0.4}}), None),
        (None, in_manifest("line", value={"bad_share": 0.1}), "the production line"),
    ],
    ids=["prompts", "cases", "picture", "fingerprint", "selection", "version", "threshold", "line"],
)
def test_other_things_are_not_mixed(
    pytester: pytest.Pytester, root: Path, between: Change | None, after: Change | None, told: str | None
) -> None:
    first = shard(pytester, "1/2")
    if between is not None:
        between(root)
    second = shard(pytester, "2/2")
    if after is not None:
        after(root)
    if told is None:  # two thresholds of one model
        in_manifest("thresholds", value={"m": {"threshold": 0.4}})(root)
        path = first.folder / "manifest.json"
        manifest = json.loads(path.read_text(encoding="utf-8"))
        path.write_text(json.dumps(manifest | {"thresholds": {"m": {"threshold": 0.3}}}), encoding="utf-8")
        told = "the threshold of model m differs: 0.3 in the first, 0.4 in the second"
    done = merge(first.name, second.name)
    assert done.exit_code == 1
    assert first.name in done.output
    assert second.name in done.output
    assert told in done.output
    assert "in the first" in done.output
    assert len(runs_of(root / "reports")) == 2


def test_results_of_one_trial_are_taken_once_and_may_not_differ(
    pytester: pytest.Pytester, root: Path
) -> None:
    whole = shard(pytester, "1/1")
    copy = Path(shutil.copytree(whole.folder, root / "copy"))
    lines = [json.loads(line) for line in (copy / "results.jsonl").read_text(encoding="utf-8").splitlines()]

    def merged_with(**change: object) -> Result:
        changed = [lines[0] | change, *lines[1:]]
        text = "".join(json.dumps(line) + "\n" for line in changed)
        (copy / "results.jsonl").write_text(text, encoding="utf-8")
        shutil.rmtree(root / "both", ignore_errors=True)
        return merge(whole.name, copy, "--into", root / "both")

    assert merged_with(seconds=9.0, cached=True, heat=heat_map([[1.0]])).exit_code == 0
    assert Run(root / "both").records() == whole.records()
    done = merged_with(text="No.")
    assert done.exit_code == 1
    assert f"{lines[0]['trial']} has two results, whose text differs" in done.output
    done = merged_with(outcome="error", text="", verdict=None, error="out of memory")
    assert done.exit_code == 0, done.output
    assert Run(root / "both").records() == whole.records()
    assert any("the answer counts" in line for line in Run(root / "both").manifest()["messages"])


def test_a_folder_with_something_in_it_is_left_alone(pytester: pytest.Pytester, root: Path) -> None:
    part = shard(pytester, "1/1")
    done = merge(part.name, "--into", root / "cases")
    assert done.exit_code == 2
    assert "is there already" in done.output
    done = merge(part.name, part.folder)
    assert done.exit_code == 1
    assert "is named twice" in done.output


def test_a_gate_of_the_whole(pytester: pytest.Pytester, root: Path) -> None:
    parts = [shard(pytester, f"{part}/2").name for part in (1, 2)]
    assert merge(*parts, "--gate", "n >= 4").exit_code == 0
    done = merge(*parts, "--gate", "n >= 4000")
    assert done.exit_code == 1
    assert "FAILED" in done.output
