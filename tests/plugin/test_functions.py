"""Functions of a project's ``conftest.py`` take part in its runs."""

import csv
from pathlib import Path

import pytest

from tests.support.project import INSTANT, MAIN, manifest, project, results

MINE = """
import asyncio
from pathlib import Path
import kurabe
from PIL import ImageChops

def said(name):
    with Path("asked").open("a") as file:
        print(name, file=file)

@kurabe.model("mine")
def mine(request):
    said("mine")
    return "Yes" if ImageChops.difference(*request.pair).convert("L").getextrema()[1] > 20 else "No"

@kurabe.model("later", version="1")
async def later(request: kurabe.Request) -> kurabe.Answer:
    said("later")
    await asyncio.sleep(0)
    return kurabe.Answer("Yes", p_different=0.75)

@kurabe.model("broken", default=False)
def broken(request):
    if "a2" in request.trial:
        return None
    return "No"
"""


@pytest.fixture
def root(pytester: pytest.Pytester) -> Path:
    pytester.makeconftest(MINE)
    return project(pytester.path)


def outcomes(root: Path, model: str) -> list[str]:
    return [line["outcome"] for line in results(root) if line["model"] == model and not line["control"]]


def asked(root: Path) -> list[str]:
    return (root / "asked").read_text(encoding="utf-8").split()


def test_functions_take_part_beside_the_models_of_the_file(pytester: pytest.Pytester, root: Path) -> None:
    done = pytester.runpytest_inprocess(*MAIN)
    assert done.ret == 0
    assert outcomes(root, "mine") == ["correct"] * 4
    assert outcomes(root, "later") == ["correct", "wrong"] * 2
    assert {line["model"] for line in results(root)} == {"instant", "mine", "later"}
    with (root / "reports/leaderboard.csv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["suite"] == "all"]
    assert {row["model"]: row["balanced_accuracy"] for row in rows}["mine"] == "1.0"
    told = manifest(root)["models"]
    assert told["later"]["fingerprint"] == "function later version 1"
    assert told["mine"]["function"] == "conftest.py:10"
    assert (root / "reports/index.html").is_file()


def test_only_a_function_with_a_version_is_cached(pytester: pytest.Pytester, root: Path) -> None:
    for _ in range(2):
        assert pytester.runpytest_inprocess(*MAIN).ret == 0
    assert asked(root).count("mine") == 10
    assert asked(root).count("later") == 5
    assert all(line["cached"] for line in results(root) if line["model"] == "later")


def test_a_wrong_return_is_an_error_of_that_trial_alone(pytester: pytest.Pytester, root: Path) -> None:
    done = pytester.runpytest_inprocess(*MAIN, "--kurabe-model", "broken", "--kurabe-model", "mine")
    done.stdout.fnmatch_lines(["*broken (conftest.py:*) returned None: return the answer as str, or as*"])
    assert done.ret == 1
    assert outcomes(root, "broken") == ["wrong", "error", "wrong", "correct"]
    assert outcomes(root, "mine") == ["correct"] * 4


def test_functions_need_no_models_file(pytester: pytest.Pytester, root: Path) -> None:
    (root / "models.toml").unlink()
    assert pytester.runpytest_inprocess("cases", *MAIN[:4], "-k", "a1").ret == 0
    assert [line["model"] for line in results(root)] == ["mine", "later"]


def test_a_name_that_is_taken_is_told_with_both_places(pytester: pytest.Pytester, root: Path) -> None:
    (root / "models.toml").write_text(INSTANT.replace("instant]", "mine]"), encoding="utf-8")
    done = pytester.runpytest_inprocess(*MAIN)
    done.stdout.fnmatch_lines(["*conftest.py:10: model mine: the name is taken by *models.toml:2: *"])
    assert done.ret == 2


def test_a_mistyped_name_finds_a_function(pytester: pytest.Pytester, root: Path) -> None:
    done = pytester.runpytest_inprocess(*MAIN, "--kurabe-model", "latr")
    done.stdout.fnmatch_lines(["*no model is called 'latr'; did you mean 'later'?*"])


def test_a_session_forgets_the_functions_of_the_one_before(pytester: pytest.Pytester, root: Path) -> None:
    assert pytester.runpytest_inprocess(*MAIN).ret == 0
    (root / "conftest.py").unlink()
    assert pytester.runpytest_inprocess(*MAIN).ret == 0
    assert {line["model"] for line in results(root)} == {"instant"}


def test_workers_of_xdist_ask_functions_once_each(
    pytester: pytest.Pytester, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("xdist")
    monkeypatch.delenv("PYTEST_XDIST_WORKER", raising=False)
    assert pytester.runpytest_subprocess(*MAIN, "-n", "2").ret == 0
    assert outcomes(root, "mine") == ["correct"] * 4
    assert asked(root).count("mine") == asked(root).count("later") == 5


def test_commands_know_the_functions_of_the_project(
    pytester: pytest.Pytester, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = pytester.run("kurabe", "models")
    done.stdout.fnmatch_lines(["*mine*function*"])
    assert done.ret == 0
    (root / "conftest.py").write_text("raise RuntimeError('not now')", encoding="utf-8")
    done = pytester.run("kurabe", "models")
    assert done.ret == 0
    done.stderr.fnmatch_lines(["conftest.py: cannot be imported: RuntimeError: not now*"])
    done.stdout.fnmatch_lines(["*instant*"])
