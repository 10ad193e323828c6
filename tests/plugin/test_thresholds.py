"""Thresholds in models.toml, operating points on the command line."""

import csv
from pathlib import Path

import pytest

from tests.support.project import MAIN, case, manifest, picture, results, suite


def pairs(root: Path, name: str, number: int, **more: object) -> None:
    cases = [case(f"{name}{i}", "different" if i % 2 else "same", **more) for i in range(number)]
    suite(root, name, cases)


@pytest.fixture
def root(pytester: pytest.Pytester) -> Path:
    pairs(pytester.path, "pins", 12)
    pairs(pytester.path, "tuned", 12, split="calibration")
    for number in range(12):  # in other shades, so that no picture is in both suites
        path = pytester.path / f"cases/tuned/images/tuned{number}.png"
        picture(path, defect=bool(number % 2), shade=180 - number)
    return pytester.path


def models(root: Path, more: str = "", tail: str = "") -> None:
    text = f'[models.pixel-diff]\nengine = "pixel-diff"\ndefault = true\n{more}\n{tail}'
    (root / "models.toml").write_text(text, encoding="utf-8")


def run(pytester: pytest.Pytester, *options: str) -> pytest.RunResult:
    return pytester.runpytest_inprocess(*MAIN, "--kurabe-question", "verdict", *options)


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_a_fixed_threshold_makes_the_verdicts(pytester: pytest.Pytester, root: Path) -> None:
    models(root, "threshold = 1.0")
    run(pytester)
    lines = results(root)
    assert {line["threshold"] for line in lines} == {1.0}
    for line in lines:
        assert line["verdict"] == ("different" if line["p_different"] >= 1.0 else "same")
    assert manifest(root)["thresholds"] == {"pixel-diff": {"threshold": 1.0, "from": "models.toml"}}
    shipped = [row for row in rows(root / "reports/decisions.csv") if row["rule"] == "shipped"]
    assert {(row["threshold"], row["fitted"]) for row in shipped} == {("1.0", "no")}


def test_a_suite_calibrates_and_is_in_no_row(pytester: pytest.Pytester, root: Path) -> None:
    models(root, 'calibrate = "tuned"')
    assert run(pytester, "-k", "pins").ret == 0
    lines = results(root)
    chosen_on = [line for line in lines if line["calibration"]]
    assert {line["suite"] for line in chosen_on} == {"tuned"}
    assert len(chosen_on) == 12
    assert {line["threshold"] for line in chosen_on} == {None}
    (threshold,) = {line["threshold"] for line in lines if not line["calibration"]}
    told = manifest(root)
    assert told["thresholds"]["pixel-diff"] == {
        "from": "suite tuned, split calibration",
        "rule": "balanced",
        "chosen": [
            {
                "question": "verdict",
                "variant": "raw",
                "layout": "stacked",
                "threshold": threshold,
                "n_good": 6,
                "n_bad": 6,
            }
        ],
    }
    assert told["planned"] == told["answered"] == len(lines) - 12
    assert told["partial"] is None
    assert {row["suite"] for row in rows(root / "reports/leaderboard.csv")} == {"all", "pins"}
    points = rows(root / "reports/decisions.csv")
    assert {(row["rule"], row["fitted"]) for row in points} == {("shipped", "tuned"), ("balanced", "tuned")}
    assert {float(row["threshold"]) for row in points} == {threshold}


@pytest.mark.parametrize(
    ("more", "options", "why"),
    [
        ('calibrate = "tunes"', [], "there is no suite 'tunes'; did you mean 'tuned'"),
        ('calibrate = "pins"', [], "no case with 'split: calibration'"),
        ('calibrate = "tuned"', ["--kurabe-split", "all"], "would be scored, too"),
        ('calibrate = "tuned"\nat = "auroc <= 0.1"', [], "no operating point"),
        ('calibrate = "tuned"\nthreshold = 0.5', [], "exclude each other"),
        ('at = "balanced"', [], "name the suite to calibrate on"),
        ("threshold = -1", [], "greater than or equal to 0"),
        ("threshold = 3", [], "threshold: a threshold of P(different) is at most 1"),
    ],
)
def test_what_cannot_calibrate_is_said_before_anything_runs(
    pytester: pytest.Pytester, root: Path, more: str, options: list[str], why: str
) -> None:
    models(root, more)
    found = run(pytester, *options)
    assert found.ret != 0
    assert why in found.stdout.str() + found.stderr.str()
    assert not (root / "reports/runs").exists()


def test_a_bound_that_the_calibration_cannot_show_is_an_error_of_the_trials(
    pytester: pytest.Pytester, root: Path
) -> None:
    models(root, 'calibrate = "tuned"\nat = "miss_rate <= 0.01"')
    assert run(pytester).ret == 1
    errors = {line["error"] for line in results(root) if not line["calibration"]}
    assert errors == {"suite 'tuned' gives no threshold for 'miss_rate <= 0.01': needs 299 bad parts, has 6"}


def test_a_picture_that_is_in_both_is_not_scored(pytester: pytest.Pytester, root: Path) -> None:
    models(root, 'calibrate = "tuned"')
    (root / "cases/tuned/images/tuned1.png").write_bytes((root / "cases/pins/images/pins1.png").read_bytes())
    assert run(pytester).ret == 1
    (line,) = [line for line in results(root) if line["error"]]
    assert line["case"] == "pins/pins1"
    assert "also that of tuned/tuned1, which the threshold was chosen on" in line["error"]


def test_points_and_line_of_the_command_line(pytester: pytest.Pytester, root: Path) -> None:
    models(root, tail="[line]\nbad_share = 0.1\nescape_cost = 100\n")
    more = ("--kurabe-at", "miss_rate<=50%", "--kurabe-line", "overkill_cost=2 parts_per_hour=60")
    found = run(pytester, *more)
    assert found.ret == 0
    found.stdout.fnmatch_lines(["*Operating points, cross-fitted: verdict*", "*On the line: verdict*"])
    at = rows(root / "reports/leaderboard_at.csv")
    assert {row["rule"] for row in at} == {"miss_rate <= 0.5"}
    rules = [row["rule"] for row in rows(root / "reports/decisions.csv") if row["suite"] == "pins"]
    assert rules == ["shipped", "balanced", "miss_rate <= 0.5", "least cost"]
    assert {row["cost_per_thousand"] != "" for row in rows(root / "reports/line.csv")} == {True}
    line = {"bad_share": 0.1, "escape_cost": 100, "overkill_cost": 2, "parts_per_hour": 60}
    assert manifest(root)["line"] == line


@pytest.mark.parametrize(
    ("options", "why"),
    [
        (["--kurabe-at", "miss_rate"], "no operating point"),
        (["--kurabe-at", "least cost"], "needs bad_share"),
        (["--kurabe-line", "bad_shares=1"], "did you mean 'bad_share'"),
    ],
)
def test_what_cannot_be_read_is_said_at_once(
    pytester: pytest.Pytester, root: Path, options: list[str], why: str
) -> None:
    models(root)
    found = run(pytester, *options)
    assert found.ret != 0
    assert why in found.stdout.str() + found.stderr.str()


def test_a_wrong_key_of_the_line_has_its_line(pytester: pytest.Pytester, root: Path) -> None:
    models(root, tail="[line]\nescape_costs = 1\n")
    found = run(pytester)
    told = found.stdout.str() + found.stderr.str()
    assert "models.toml:6: [line]: escape_costs: unknown key; did you mean 'escape_cost'" in told
