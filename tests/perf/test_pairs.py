"""Pairs for measuring become a suite wherever their pictures lie."""

from pathlib import Path

import pytest
from PIL import Image

from kurabe.project import Project
from perf import pairs


def test_pictures_of_folders_without_anything_in_common_are_brought_together(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As those of a table beside mirrored ones in the system's temporary folder are."""
    folders = [tmp_path / "one", tmp_path / "other"]
    for folder in folders:
        folder.mkdir()
        for name, colour in (("a.png", "red"), ("b.png", "blue")):
            Image.new("RGB", (24, 18), colour).save(folder / name)
    # On this machine both have a parent; an import may look no higher than the table's own folder.
    monkeypatch.setattr("os.path.commonpath", lambda _: "/")
    project = Project.at(tmp_path, None, None, None)
    chosen = [pairs.Pair(folder / "a.png", folder / "b.png") for folder in folders]
    pairs.write_suite(project, "both", chosen, tmp_path / "work")
    suite = project.suites().good[0]
    shown = [suite.image(case.test) for case in suite.cases if case.test is not None]
    assert len(shown) == 2
    assert all(Image.open(path).getpixel((0, 0)) == (0, 0, 255) for path in shown)
    assert all(path.resolve().is_relative_to((tmp_path / "work").resolve()) for path in shown)
