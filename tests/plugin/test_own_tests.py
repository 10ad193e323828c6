"""The fixture ``kurabe_ask`` in tests of one's own: answered in batches, cached, reported."""

import csv
from pathlib import Path

import pytest

from tests.support.project import MAIN, manifest, picture, project, results

CONFTEST = """
from pathlib import Path
import kurabe

def said(request):
    with Path("asked").open("a") as file:
        print(request.trial, file=file)

@kurabe.model("mine", version=1)
def mine(request):
    said(request)
    good, suspect = (each.tobytes() for each in request.pair)
    return {"verdict": "No" if good == suspect else "Yes", "count": "2"}[request.question]

@kurabe.model("window", version=1, concurrent=64)
async def window(request):
    said(request)
    return kurabe.Answer("Yes", p_different=0.9)

@kurabe.model("fails")
def fails(request):
    raise RuntimeError("no line")
"""

TESTS = """
import pytest

def test_bad(kurabe_ask):
    assert kurabe_ask("good.png", "bad.png", model="mine").verdict == "different"

def test_wrong(kurabe_ask):
    assert kurabe_ask("good.png", "good.png", model="mine").verdict == "different"

def test_told(kurabe_ask):
    kurabe_ask("good.png", "bad.png", model="mine", expect="same")
    kurabe_ask("good.png", "bad.png", model="mine", question="count", expect=2)

def test_fails(kurabe_ask):
    kurabe_ask("good.png", "bad.png", model="fails")

def test_skipped(kurabe_ask):
    kurabe_ask("good.png", "bad.png", model="mine")
    pytest.skip("not today")
"""


@pytest.fixture
def root(pytester: pytest.Pytester) -> Path:
    pytester.makeconftest(CONFTEST)
    pytester.makeini("[pytest]\naddopts = -p no:randomly -p no:benchmark")
    for folder in (".", "tests"):
        picture(pytester.path / folder / "good.png")
        picture(pytester.path / folder / "bad.png", defect=True)
    return pytester.path


def write(root: Path, text: str, name: str = "test_my_part.py") -> str:
    (root / "tests" / name).write_text(text, encoding="utf-8")
    return f"tests/{name}"


def asked(root: Path) -> list[str]:
    return (root / "asked").read_text(encoding="utf-8").split()


def test_answers_are_results_of_the_run(pytester: pytest.Pytester, root: Path) -> None:
    done = pytester.runpytest_inprocess(write(root, TESTS))
    done.assert_outcomes(passed=2, failed=2, skipped=1)
    done.stdout.fnmatch_lines(["E*ModelError: fails (conftest.py:*) raised RuntimeError: no line in line *"])
    lines = {line["trial"]: line for line in results(root)}
    assert {name: (line["outcome"], line["expected"]) for name, line in lines.items()} == {
        "test_my_part/test_bad-verdict-raw-mine": ("correct", "as the test asserts"),
        "test_my_part/test_wrong-verdict-raw-mine": ("wrong", "as the test asserts"),
        "test_my_part/test_told-verdict-raw-mine": ("wrong", "same"),
        "test_my_part/test_told.2-count-raw-mine": ("correct", "2"),
        "test_my_part/test_fails-verdict-raw-fails": ("error", "as the test asserts"),
    }
    assert lines["test_my_part/test_told-verdict-raw-mine"]["expected_verdict"] == "same"
    assert lines["test_my_part/test_bad-verdict-raw-mine"]["shown"]
    with (root / "reports/leaderboard.csv").open(encoding="utf-8") as file:
        rows = {(row["suite"], row["model"], row["question"]): row for row in csv.DictReader(file)}
    assert rows["test_my_part", "mine", "verdict"]["n"] == "3"
    assert rows["test_my_part", "fails", "verdict"]["errors"] == "1"
    told = manifest(root)
    assert set(told["models"]) == {"mine", "fails"}
    assert told["partial"] == "no suite was asked in full"
    assert told["answered"] == 5


def test_answers_are_cached(pytester: pytest.Pytester, root: Path) -> None:
    file = write(root, TESTS.partition("def test_wrong")[0])
    for _ in range(2):
        assert pytester.runpytest_inprocess(file).ret == 0
    assert len(asked(root)) == 1
    assert [line["cached"] for line in results(root)] == [True]


MARKED = """
import pytest

bad = pytest.mark.kurabe_ask("good.png", "bad.png", model="window", expect="different")
good = pytest.mark.kurabe_ask("good.png", "good.png", model="window", expect="same")
lost = pytest.mark.kurabe_ask("good.png", "lost.png", model="window")

@pytest.mark.parametrize("verdict", [
    pytest.param("different", marks=bad),
    pytest.param("same", marks=good),
    pytest.param("lost", marks=lost),
])
def test_part(kurabe_ask, verdict):
    from pathlib import Path
    assert len(Path("asked").read_text().split()) == 2 if Path("asked").exists() else verdict == "different"
    kurabe_ask()
    assert len(Path("asked").read_text().split()) == 2
"""


def test_what_markers_declare_is_asked_together(pytester: pytest.Pytester, root: Path) -> None:
    done = pytester.runpytest_inprocess(write(root, MARKED))
    done.assert_outcomes(passed=2, failed=1)
    done.stdout.fnmatch_lines(["E*lost.png: there is no such file, neither in */tests nor here"])
    assert [line["outcome"] for line in results(root)] == ["correct", "wrong"]


def test_several_pairs_of_a_test_are_asked_together(pytester: pytest.Pytester, root: Path) -> None:
    text = """
def test_parts(kurabe_ask):
    pairs = [("good.png", "bad.png"), ("good.png", "good.png")]
    assert [reply.verdict for reply in kurabe_ask.many(pairs, model="mine")] == ["different", "same"]
"""
    assert pytester.runpytest_inprocess(write(root, text)).ret == 0
    assert [line["outcome"] for line in results(root)] == ["correct"] * 2


@pytest.mark.parametrize(
    ("call", "says"),
    [
        ("kurabe_ask('good.png', 'bad.png')", "*say which model to ask: model='…' in the test, or one*"),
        ("kurabe_ask()", "*say what to ask, here or with @pytest.mark.kurabe_ask*"),
        ("kurabe_ask('good.png', 'bad.png', modle='mine')", "*unknown argument 'modle': *"),
        ("kurabe_ask('a', 'b', 'c', model='mine')", "*3 pictures: a good part and a suspect part are asked*"),
        ("kurabe_ask('good.png', 'bad.png', model='mien')", "*'mien'; did you mean 'mine'?*"),
        ("kurabe_ask('good.png', 'bad.png', model='mine', expect='bad')", "*expect = 'bad': verdict: *"),
        ("kurabe_ask('good.png', 'bad.png', model='mine', question='differences', expect='different')",
         "*does not say what the answer to 'differences' should be*"),
    ],
)  # fmt: skip
def test_a_mistake_is_said(pytester: pytest.Pytester, root: Path, call: str, says: str) -> None:
    done = pytester.runpytest_inprocess(write(root, f"def test_it(kurabe_ask):\n    {call}\n"))
    done.assert_outcomes(failed=1)
    done.stdout.fnmatch_lines([f"E {says}"])
    assert "asked.py" not in done.stdout.str()
    assert not (root / "reports/runs").exists() or not any((root / "reports/runs").iterdir())


def test_the_command_line_names_the_model_of_all(pytester: pytest.Pytester, root: Path) -> None:
    text = "def test_it(kurabe_ask):\n    assert kurabe_ask('good.png', 'bad.png').verdict == 'different'\n"
    assert pytester.runpytest_inprocess(write(root, text), "--kurabe-model", "mine").ret == 0
    assert pytester.runpytest_inprocess(write(root, text), "--kurabe-model", "pixel-diff").ret == 0
    assert results(root)[0]["model"] == "pixel-diff"


def test_suites_and_own_tests_share_a_run(pytester: pytest.Pytester, root: Path) -> None:
    project(root)
    own = write(root, TESTS.partition("def test_wrong")[0])
    done = pytester.runpytest_inprocess(own, *MAIN, "--kurabe-model", "instant")
    assert done.ret == 0
    assert {line["suite"] for line in results(root)} == {"pins", "test_my_part"}
    told = manifest(root)
    assert set(told["models"]) == {"instant", "mine"}
    assert told["partial"] is None
    assert told["answered"] == told["planned"] == 6


def test_workers_of_xdist_report_what_they_ask(
    pytester: pytest.Pytester, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("xdist")
    monkeypatch.delenv("PYTEST_XDIST_WORKER", raising=False)
    text = MARKED.replace("    from pathlib import Path\n", "").replace(
        "    assert len(", "    # assert len("
    )
    pytester.runpytest_subprocess(write(root, text), "-n", "2").assert_outcomes(passed=2, failed=1)
    assert sorted(line["outcome"] for line in results(root)) == ["correct", "wrong"]
    assert len(asked(root)) == 2
