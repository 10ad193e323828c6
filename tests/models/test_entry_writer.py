"""New entries of models.toml: whatever they are called, and whatever stands there already."""

from pathlib import Path

import pytest

from kurabe.common.errors import ModelError
from kurabe.models import config
from kurabe.models.entry_writer import entry_text, register

HEAD = "# mine\r\n[models.b]\r\nengine = 'local'   # as it was\r\ncheckpoint = 'x'"


@pytest.mark.parametrize("name", ["plain", "with.dot", 'q"uo\\te', "日本", "two words"])
def test_an_entry_is_read_as_it_was_written(tmp_path: Path, name: str) -> None:
    path = tmp_path / "models.toml"
    path.write_bytes(HEAD.encode())
    settings: dict[str, str | int] = {"engine": "local", "checkpoint": name, "default": True}
    settings |= {"crops": 4, "note": 'a "note" \\'}
    register(path, name, entry_text(name, settings))
    made = config.read(path).entries[name]
    assert made.common.default is True
    assert made.common.note == settings["note"]
    assert made.settings == {"checkpoint": name, "crops": 4}


def test_everything_that_was_there_stays(tmp_path: Path) -> None:
    path = tmp_path / "models.toml"
    path.write_bytes(HEAD.encode())
    register(path, "c", entry_text("c", {"engine": "pixel-diff"}))
    assert path.read_bytes().startswith(HEAD.encode() + b"\n\n[models.c]\n")
    assert list(config.read(path).entries) == ["b", "c"]


def test_a_file_that_would_not_be_valid_stays_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "models.toml"
    path.write_bytes(HEAD.encode())
    for name, entry in (
        ("", entry_text("", {"engine": "local"})),
        ("b", entry_text("b", {"engine": "local"})),
        ("c", "[models.c]\nengine = 3\n"),
    ):
        with pytest.raises(ModelError):
            register(path, name, entry)
    assert path.read_bytes() == HEAD.encode()
    assert list(tmp_path.iterdir()) == [path]
