"""The script that the bench is compared with asks what the bench asks."""

import csv
from pathlib import Path

from PIL import Image

from kurabe.imaging.layout import lay_out
from perf.plain_mllama import stacked
from perf.start_end import answers, write_pairs


def test_the_script_stacks_pictures_as_the_bench_does() -> None:
    upper = Image.linear_gradient("L").resize((48, 32)).convert("RGB")
    lower = Image.radial_gradient("L").resize((40, 36)).convert("RGB")
    (ours,) = lay_out([upper, lower], "stacked")
    theirs = stacked(upper, lower)
    assert (theirs.size, theirs.tobytes()) == (ours.size, ours.tobytes())


def test_the_script_is_asked_what_a_run_was_asked_without_its_controls(tmp_path: Path) -> None:
    (tmp_path / "trials.csv").write_text(
        "control,prompt,reference_picture,test_picture\nFalse,Same?,runs/a.png,runs/b.png\n"
        "True,Same?,runs/a.png,runs/c.png\n",
        encoding="utf-8",
    )
    write_pairs(answers(tmp_path), tmp_path, tmp_path / "pairs.csv")
    with (tmp_path / "pairs.csv").open(encoding="utf-8", newline="") as file:
        (row,) = csv.DictReader(file)
    assert row == {
        "prompt": "Same?",
        "reference": str(tmp_path / "runs/a.png"),
        "test": str(tmp_path / "runs/b.png"),
    }
