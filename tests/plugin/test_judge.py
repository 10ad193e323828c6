"""A second model judges which difference an answer names: asked once, stored, and scored without it again."""

import csv
import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from kurabe.cli import app
from kurabe.results.judgements import read_judgements
from kurabe.results.run import Run, runs_of
from tests.support.project import MAIN, case, manifest, results, suite

CONFTEST = '''
import json, re
from pathlib import Path
import kurabe

def noted(name, what):
    with Path(name).open("a") as file:
        print(json.dumps(what), file=file)

@kurabe.model("inspector", version="1")
def inspector(request):
    """Uses a word that the case does not know."""
    first, second = (picture.convert("RGB").tobytes() for picture in request.pair)
    differs = max(abs(a - b) for a, b in zip(first, second)) > 64
    if request.question == "verdict":
        return "Yes" if differs else "No"
    return "There is a difference: the contact in the middle is gone." if differs else "No difference."

@kurabe.model("arbiter", version="1")
def arbiter(request):
    assert not request.pictures and not request.pair
    noted("asked", request.prompt)
    report = request.prompt.split("<report>")[1].split("</report>")[0]
    if Path("mumbles").exists():
        return "Well, the first one."
    return json.dumps({"named": [1] if "contact" in report and "gone" in report else [], "others": 0})
'''


@pytest.fixture
def root(pytester: pytest.Pytester) -> Path:
    pytester.makeconftest(CONFTEST)
    root = pytester.path
    bad = {"differences": [{"kind": "missing", "says": [["pin"], ["missing"]]}]}
    cases = [
        case(f"p{n}", "different" if n % 2 else "same", expect=bad if n % 2 else {"differences": []})
        for n in range(6)
    ]
    path = suite(root, "pins", cases)
    # `suite` draws what the verdict says, which these cases do not name.
    from tests.support.project import picture

    for n in range(6):
        picture(path.parent / f"images/p{n}.png", defect=bool(n % 2), shade=199 - n)
    return root


def run(pytester: pytest.Pytester, *words: str) -> pytest.RunResult:
    return pytester.runpytest(*MAIN, "--kurabe-model", "inspector", *words)


def outcomes(root: Path) -> dict[str, str]:
    return {line["case"]: line["outcome"] for line in results(root) if line["question"] == "differences"}


def table(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))


def asked(root: Path) -> list[Any]:
    path = root / "asked"
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


def test_a_judge_reads_what_the_words_of_the_case_do_not(pytester: pytest.Pytester, root: Path) -> None:
    assert run(pytester).ret == 0
    assert [outcomes(root)[f"pins/p{n}"] for n in (1, 3, 5)] == ["wrong"] * 3
    assert asked(root) == []  # off by default

    result = run(pytester, "--kurabe-judge", "arbiter")
    assert result.ret == 0
    result.stdout.fnmatch_lines(
        ["*judge arbiter: 3 answers judged, 3 outcomes differ from the word matcher's"]
    )
    assert set(outcomes(root).values()) == {"correct"}
    assert len(asked(root)) == 3
    assert run(pytester, "--kurabe-judge", "arbiter").ret == 0
    assert len(asked(root)) == 3  # its answers are cached as any model's are
    judged = runs_of(root / "reports")[-1]
    assert set(read_judgements(judged.folder)) == {f"pins/p{n}-differences-raw-inspector" for n in (1, 3, 5)}
    told = manifest(root)
    assert told["judge"]["model"] == "arbiter"
    assert told["models"].keys() == {"inspector"}
    board = table(judged.folder / "leaderboard.csv")
    row = next(row for row in board if row["question"] == "differences" and row["suite"] == "pins")
    assert (row["accuracy"], row["difference_recall"]) == ("1.0", "1.0")
    verdicts = [line for line in results(root) if line["question"] == "verdict"]
    assert all("judge" not in line["score"] for line in verdicts)
    (row,) = table(judged.folder / "judge.csv")
    assert (row["first"], row["second"], row["statements"]) == ("judge", "words", "3")
    assert (row["first_only"], row["both"], row["changed"]) == ("3", "0", "3")


def test_a_report_needs_no_judge(
    pytester: pytest.Pytester, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(pytester, "--kurabe-judge", "arbiter")
    monkeypatch.chdir(root)
    judged = runs_of(root / "reports")[-1]
    before = (judged.folder / "leaderboard.csv").read_bytes()
    (root / "conftest.py").unlink()
    done = CliRunner().invoke(app, ["report", "latest"])
    assert done.exit_code == 0, done.output
    assert (judged.folder / "leaderboard.csv").read_bytes() == before
    # A run that was killed before its results were written again.
    text = "".join(
        json.dumps({**line, "outcome": "wrong", "score": line["score"].get("by_words", {}) | {"found": []}})
        + "\n"
        if line["question"] == "differences" and line["expected_verdict"] == "different"
        else json.dumps(line) + "\n"
        for line in results(root)
    )
    (judged.folder / "results.jsonl").write_text(text, encoding="utf-8")
    CliRunner().invoke(app, ["report", "latest"])
    assert (judged.folder / "leaderboard.csv").read_bytes() == before
    CliRunner().invoke(app, ["report", "latest", "--words"])
    assert (judged.folder / "leaderboard.csv").read_bytes() != before


def test_a_judge_that_cannot_be_read_changes_nothing_and_is_counted(
    pytester: pytest.Pytester, root: Path
) -> None:
    (root / "mumbles").touch()
    result = run(pytester, "--kurabe-judge", "arbiter")
    assert result.ret == 0
    result.stdout.fnmatch_lines(["*3 not read (the judge's answer is no JSON): the word matcher's stand*"])
    assert [outcomes(root)[f"pins/p{n}"] for n in (1, 3, 5)] == ["wrong"] * 3
    assert table(runs_of(root / "reports")[-1].folder / "judge.csv") == []


def test_a_person_says_who_is_right(
    pytester: pytest.Pytester, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(pytester, "--kurabe-judge", "arbiter")
    monkeypatch.chdir(root)
    sheet = table(runs_of(root / "reports")[-1].folder / "judge_sheet.csv")
    assert {(row["known"], row["by_judge"], row["by_words"]) for row in sheet} == {
        ("1. missing", "1", "none")
    }
    labels = root / "cases/judge_labels.csv"
    lines = [f"{row['trial']},{said}" for row, said in zip(sheet, ("1", "none", ""), strict=True)]
    labels.write_text("\n".join(["trial,named", *lines, "other/x-differences-raw-m,1"]), encoding="utf-8")
    done = CliRunner().invoke(app, ["report", "latest"])
    assert done.exit_code == 0, done.output
    rows = table(runs_of(root / "reports")[-1].folder / "judge.csv")
    pairs = {(row["first"], row["second"]): row for row in rows}
    assert (pairs["judge", "person"]["statements"], pairs["judge", "person"]["agreement"]) == ("2", "0.5")
    assert pairs["words", "person"]["agreement"] == "0.5"
    labels.write_text(f"trial,named\n{sheet[0]['trial']},2\n", encoding="utf-8")
    done = CliRunner().invoke(app, ["report", "latest"])
    assert done.exit_code == 1
    assert "judge_labels.csv:2: " in done.output
    assert "numbers from 1 to 1 are meant" in done.output


@pytest.mark.parametrize(
    ("judge", "says"),
    [
        ("arbitr", "*did you mean 'arbiter'*"),
        ("pixels", "*engine 'pixel-diff' answers no question in words*"),
        ("warm", "*'temperature' is above 0*"),
    ],
)
def test_who_cannot_judge_is_refused_before_anything_is_asked(
    pytester: pytest.Pytester, root: Path, judge: str, says: str
) -> None:
    (root / "models.toml").write_text(
        '[models.pixels]\nengine = "pixel-diff"\n'
        '[models.warm]\nengine = "endpoint"\nbase_url = "http://127.0.0.1:9/v1"\nmodel = "m"\n'
        "temperature = 0.5\n",
        encoding="utf-8",
    )
    result = run(pytester, "--kurabe-judge", judge)
    assert result.ret != 0
    result.stdout.fnmatch_lines([says])
    assert not (root / "reports/runs").exists()


def test_shards_are_judged_apart_and_merged(
    pytester: pytest.Pytester, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for part in ("1/2", "2/2"):
        assert run(pytester, "--kurabe-judge", "arbiter", "--kurabe-shard", part).ret == 0
    monkeypatch.chdir(root)
    parts = [str(found.folder) for found in runs_of(root / "reports")]
    assert CliRunner().invoke(app, ["merge", *parts, "--into", "all"]).exit_code == 0
    assert len(read_judgements(root / "all")) == 3
    assert {r.outcome for r in Run(root / "all").records()} == {"correct"}
    other = Path(parts[1]) / "manifest.json"
    told = json.loads(other.read_text(encoding="utf-8"))
    other.write_text(json.dumps(told | {"judge": None}), encoding="utf-8")
    done = CliRunner().invoke(app, ["merge", *parts, "--into", "other"])
    assert "the judge differs" in done.output
