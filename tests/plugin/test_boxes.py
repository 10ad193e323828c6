"""Models that write boxes: read, mapped to the test picture, scored and on the page's list of boxes."""

import csv
from pathlib import Path

import pytest

from tests.support.project import MAIN, case, project, results, suite

# The middle pin of the test picture: 18 to 25 across and 8 to 25 down in 48 x 32 pixels.
PIN = (18, 8, 25, 25)

CONFTEST = """
import json
import kurabe

PIN = (18, 8, 25, 25)

def found(request):
    return request.pair[1].getpixel((21, 16))[0] < 100

@kurabe.model("thousand", questions=["differences"])
def thousand(request):
    (whole,) = request.pictures
    down = whole.height - request.pair[1].height
    x, y = 1000 / whole.width, 1000 / whole.height
    box = [PIN[0] * x, (PIN[1] + down) * y, PIN[2] * x, (PIN[3] + down) * y]
    return json.dumps([{"bbox_2d": box, "label": "missing pin"}] if found(request) else [])

@kurabe.model("own-pixels", questions=["differences"], layout="separate", boxes="pixels")
def pixels(request):
    told = f"<ref>missing pin</ref><box>[{list(PIN)}]</box>"
    return told if found(request) else "[]"

@kurabe.model("words", questions=["differences"])
def words(request):
    assert request.boxes == "0-1000"
    return "The middle pin is missing." if found(request) else "No difference."
"""


@pytest.fixture
def root(pytester: pytest.Pytester) -> Path:
    pytester.makeconftest(CONFTEST)
    folder = project(pytester.path)
    expect = {"differences": [{"kind": "missing pin", "box": list(PIN)}], "verdict": "different"}
    cases = [case("b1", "different", expect=expect), case("b2", "same", expect={"differences": []})]
    prompts = {"differences": {"en": {"boxes": "0-1000", "text": "List what differs as boxes."}}}
    suite(folder, "pins", cases, prompts=prompts)
    return folder


def test_boxes_in_words_are_scored_as_boxes(pytester: pytest.Pytester, root: Path) -> None:
    models = [f"--kurabe-model={name}" for name in ("thousand", "own-pixels", "words")]
    assert pytester.runpytest_inprocess(*MAIN, *models).ret == 0
    lines = {(line["model"], line["case"]): line for line in results(root)}
    for model in ("thousand", "own-pixels"):
        bad, good = lines[model, "pins/b1"], lines[model, "pins/b2"]
        assert [bad["outcome"], good["outcome"]] == ["correct", "correct"]
        assert bad["score"]["boxes"] == [pytest.approx(PIN, abs=0.02)]
        assert (bad["score"]["matched"], bad["score"]["claimed"]) == (1, 1)
        assert good["score"]["boxes"] == []
    assert lines["thousand", "pins/b1"]["rule"] == "1 box (0-1000)"
    assert lines["own-pixels", "pins/b1"]["rule"] == "1 box (pixels)"
    told = lines["words", "pins/b1"]
    assert (told["outcome"], told["score"]["reason"]) == ("unparsed", "differences are named without boxes")
    assert lines["words", "pins/b2"]["outcome"] == "correct"
    with (root / "reports/leaderboard.csv").open(encoding="utf-8") as file:
        rows = {row["model"]: row for row in csv.DictReader(file) if row["suite"] == "pins"}
    assert rows["thousand"]["difference_recall"] == rows["thousand"]["difference_precision"] == "1.0"


def test_an_unknown_form_is_an_error_with_its_line(pytester: pytest.Pytester, root: Path) -> None:
    file = root / "cases/pins/pins.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("0-1000", "0-999"), encoding="utf-8")
    done = pytester.runpytest_inprocess(*MAIN)
    done.stdout.fnmatch_lines(["*pins.yaml:*: prompts.differences.en.boxes: *'0-1000', '0-1000-yx', '0-1'*"])


def test_the_page_draws_them(pytester: pytest.Pytester, root: Path) -> None:
    from kurabe.report.page.data import page_data
    from kurabe.results.run import runs_of

    assert pytester.runpytest_inprocess(*MAIN, "--kurabe-model", "thousand").ret == 0
    (run,) = runs_of(root / "reports")
    predicted = page_data(run)["trials"]["predicted"]
    assert sorted(map(len, predicted)) == [0, 1]
