"""`kurabe.ask` and `kurabe.describe`: one answer for one pair, in a project and outside of any."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

import kurabe
from kurabe.asking import desk
from kurabe.common.errors import KurabeError
from kurabe.models import functions
from tests.support.project import picture, project


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.chdir(tmp_path)
    picture(tmp_path / "good.png", size=(96, 64))
    picture(tmp_path / "bad.png", defect=True, size=(96, 64))
    functions.forget()
    yield tmp_path
    desk.close()
    functions.forget()


def test_a_pair_needs_no_project(folder: Path) -> None:
    reply = kurabe.ask("good.png", "bad.png", model="pixel-diff")
    assert reply.verdict == "different"
    assert reply.p_different is not None
    assert reply.p_different > 0.5
    assert reply.seconds is not None
    assert kurabe.ask("good.png", "good.png", model="pixel-diff").verdict == "same"
    assert sorted(path.name for path in folder.iterdir()) == ["bad.png", "good.png"]


def test_what_differs_is_listed_with_boxes_and_counted() -> None:
    listed = kurabe.ask("good.png", "bad.png", model="pixel-diff", question="differences")
    assert listed.boxes is not None
    assert len(listed.boxes) == len(listed.items) == 1
    assert kurabe.ask("good.png", "bad.png", model="pixel-diff", question="count").count == 1


@pytest.mark.parametrize(
    "as_what",
    [
        Path,
        Image.open,
        lambda path: np.asarray(Image.open(path)),
        lambda path: np.asarray(Image.open(path))[:],
    ],
)
def test_files_pictures_and_arrays_are_the_same(as_what: Any) -> None:
    reply = kurabe.ask(as_what("good.png"), as_what("bad.png"), model="pixel-diff")
    assert reply.p_different == kurabe.ask("good.png", "bad.png", model="pixel-diff").p_different


def test_grey_arrays_are_pictures() -> None:
    grey = np.asarray(Image.open("good.png").convert("L"))
    assert kurabe.ask(grey, grey[..., None], model="pixel-diff").verdict == "same"


def test_a_project_keeps_answers_and_asks_again_when_told_to(folder: Path) -> None:
    project(folder)
    assert not kurabe.ask("good.png", "bad.png", model="instant").cached
    assert kurabe.ask("good.png", "bad.png", model="instant").cached
    assert not kurabe.ask("good.png", "bad.png", model="instant", fresh=True).cached
    assert not kurabe.ask("good.png", "bad.png", model="instant", repeat=1).cached


def test_functions_are_asked_in_their_own_words() -> None:
    seen: list[kurabe.Request] = []

    @kurabe.model("mine", threshold=0.9)
    def mine(request: kurabe.Request) -> kurabe.Answer:
        seen.append(request)
        return kurabe.Answer("Yes", p_different=0.8)

    reply = kurabe.ask(
        "good.png", "bad.png", model="mine", layout="separate", prompt="Same {or} not?", variant="absdiff"
    )
    assert (reply.text, reply.verdict, reply.rule) == ("Yes", "same", "P < 0.9")
    assert reply.prompt == seen[0].prompt == "Same {or} not?"
    assert len(seen[0].pictures) == 2
    assert kurabe.describe("good.png", model="mine").text == "Yes"
    assert (seen[1].question, len(seen[1].pictures)) == ("describe", 1)


def test_what_is_not_understood_is_said() -> None:
    kurabe.model("mine")(lambda request: "Perhaps.")
    reply = kurabe.ask("good.png", "bad.png", model="mine")
    assert reply.verdict is None
    assert reply.reason


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"model": "pixel-dif"}, "no model is called 'pixel-dif'; did you mean 'pixel-diff'?"),
        ({"suspect": "none.png"}, "none.png: there is no such file"),
        ({"suspect": "broken.png"}, "broken.png: "),
        ({"suspect": np.zeros((4, 4))}, "not float64 of shape (4, 4)"),
        ({"suspect": 7}, "not a int"),
        ({"variant": "absdif"}, "did you mean 'absdiff'"),
        ({"layout": "diagonal"}, "there is no layout 'diagonal': use one of stacked"),
        ({"question": "choice"}, "there is no question 'choice' to ask: use one of verdict"),
        ({"model": "fails"}, "raised RuntimeError: no line"),
    ],
)
def test_what_goes_wrong_is_said(folder: Path, more: dict[str, Any], says: str) -> None:
    def fails(request: kurabe.Request) -> str:
        raise RuntimeError("no line")

    kurabe.model("fails")(fails)
    (folder / "broken.png").write_bytes(b"no picture")
    with pytest.raises(KurabeError) as caught:
        kurabe.ask(**{"good": "good.png", "suspect": "bad.png", "model": "pixel-diff", **more})
    assert says in str(caught.value)
    assert "case ask/" not in str(caught.value)


def test_a_model_is_not_asked_what_it_cannot_answer() -> None:
    with pytest.raises(KurabeError, match="pixel-diff cannot be asked 'describe'; it answers: count"):
        kurabe.describe("good.png", model="pixel-diff")


def test_a_model_that_cannot_run_here_says_why(folder: Path) -> None:
    (folder / "models.toml").write_text(
        '[models.a]\nengine = "local"\ncheckpoint = "none"\n', encoding="utf-8"
    )
    with pytest.raises(KurabeError, match="model 'a' cannot run here: "):
        kurabe.ask("good.png", "bad.png", model="a")


def test_importing_kurabe_costs_nothing() -> None:
    code = (
        "import sys, kurabe; before = set(sys.modules); kurabe.model, kurabe.Answer, kurabe.Request; "
        "assert not {'torch', 'pydantic', 'PIL', 'numpy'} & set(sys.modules), sys.modules; "
        "kurabe.ask; assert 'torch' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
