import unicodedata
from pathlib import Path

import pytest

from kurabe.common.paths import is_there, located


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("images/good.png", unicodedata.normalize("NFD", "画像/ガード.png")):
        path = tmp_path / name
        path.parent.mkdir()
        path.write_bytes(b"x")
    return tmp_path


@pytest.mark.parametrize(
    "written",
    [
        "images/good.png",
        r"images\good.png",
        "画像/ガード.png",
        r"画像\ガード.png",
        r"images\..\images\good.png",
    ],
)
def test_a_file_is_found_however_its_name_is_written(folder: Path, written: str) -> None:
    assert located(folder, written).read_bytes() == b"x"


def test_a_file_whose_name_holds_a_backslash_comes_first(folder: Path) -> None:
    (folder / r"images\good.png").write_bytes(b"this one")
    assert located(folder, r"images\good.png").read_bytes() == b"this one"


@pytest.mark.parametrize(
    "written", ["images/bad.png", "nowhere/good.png", "x" * 300, "images/good.png/more", "a\0b"]
)
def test_what_is_not_there_keeps_its_name(folder: Path, written: str) -> None:
    assert located(folder, written) == folder / written
    assert not is_there(folder / written)
