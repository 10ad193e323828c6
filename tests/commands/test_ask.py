"""``kurabe ask`` and ``kurabe describe``, as a newcomer types them."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from kurabe.cli import app
from tests.support.project import picture

FUNCTION = """
import kurabe

@kurabe.model("mine")
def mine(request):
    return "A row of pins." if request.question == "describe" else "Yes"
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    picture(tmp_path / "good.png", size=(96, 64))
    picture(tmp_path / "bad.png", defect=True, size=(96, 64))
    return tmp_path


def run(*words: str, code: int = 0) -> str:
    done = CliRunner().invoke(app, words)
    assert done.exit_code == code, done.output
    return done.output


def test_one_answer_is_printed_with_what_it_says() -> None:
    told = run("ask", "good.png", "bad.png", "--model", "pixel-diff")
    assert told.startswith("Yes, 1 difference")
    assert "reads as:      different\nP(different):  0.9" in told
    assert "box: " in told
    assert "seconds: " in told


def test_scripts_get_everything_as_json() -> None:
    told = json.loads(
        run("ask", "good.png", "bad.png", "--model", "pixel-diff", "--question", "count", "--json")
    )
    assert (told["count"], told["question"], told["model"]) == (1, "count", "pixel-diff")
    assert told["seconds"] > 0


def test_functions_of_conftest_are_models_and_a_broken_one_is_no_matter(folder: Path) -> None:
    (folder / "conftest.py").write_text(FUNCTION, encoding="utf-8")
    assert run("describe", "good.png", "--model", "mine").startswith(
        "A row of pins.\n\nmodel:         mine\n"
    )
    (folder / "conftest.py").write_text("import nothing_of_that_name", encoding="utf-8")
    told = run("ask", "good.png", "bad.png", "--model", "pixel-diff")
    assert "conftest.py: cannot be imported: ModuleNotFoundError" in told
    assert "reads as:      different" in told


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["none.png", "bad.png", "--model", "pixel-diff"], "none.png: there is no such file"),
        (["good.png", "bad.png", "--model", "pixel-dif"], "did you mean 'pixel-diff'?"),
        (["good.png", "bad.png", "--model", "pixel-diff", "--variant", "absdif"], "did you mean 'absdiff'"),
    ],
)
def test_a_mistake_is_said_in_a_line(words: list[str], says: str) -> None:
    told = run("ask", *words, code=1)
    assert says in told
    assert told.count("\n") == 1
