"""What is wrong in ``models.toml`` is told with the line and with what was probably meant."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from kurabe.common.errors import ModelError
from kurabe.models.config import LocalSettings, Models, read

GOOD = """\
# models
[models.pixel-diff]
engine = "pixel-diff"
default = true

[models."phi-3.5"]   # quotes, because of the dot
engine = "local"
checkpoint = "owner/phi"
layout = "separate"

[models.phi-lora]
engine = "local"
base = "phi-3.5"
adapter = "adapters/a"
"""


def from_text(folder: Path, text: str) -> Models:
    path = folder / "models.toml"
    path.write_text(text, encoding="utf-8")
    return read(path)


def told(folder: Path, text: str) -> str:
    with pytest.raises(ModelError) as caught:
        from_text(folder, text)
    return str(caught.value).replace(f"{folder}/", "")


def test_entries_keep_their_order_their_lines_and_their_engines_settings(tmp_path: Path) -> None:
    models = from_text(tmp_path, GOOD)
    assert list(models.entries) == ["pixel-diff", "phi-3.5", "phi-lora"]
    phi = models.entries["phi-3.5"]
    assert (phi.line, phi.common.layout, phi.common.default) == (6, "separate", False)
    assert phi.settings == {"checkpoint": "owner/phi"}
    assert models.entries["pixel-diff"].common.default


def test_a_file_without_models_has_none(tmp_path: Path) -> None:
    assert from_text(tmp_path, "").entries == {}


@pytest.mark.parametrize(
    ("text", "start", "says"),
    [
        ("[models.a]\nengine = local\n", "models.toml:2: ", "not valid TOML"),
        ("[models.a]\nengine = 'x'\n[models.a]\n", "models.toml:3: ", "not valid TOML"),
        ("[models.a\n", "models.toml:1: ", "not valid TOML"),
        (f"[models.a]\nx = {'[' * 3000}\n", "models.toml:3: ", "not valid TOML"),
        (f"[models.a]\nx = {'9' * 5000}\n", "models.toml:3: ", "not valid TOML"),
        ("[models.a]\nnote = '''\n\n", "models.toml:4: ", "not valid TOML"),
        ("\n[model.a]\nengine = 'x'\n", "models.toml:2: ", "unknown table 'model'"),
        ("[models.a]\nengine = 'x'\n[local]\n", "models.toml:3: ", "unknown table 'local'"),
        ("models = 3\n", "models.toml:1: ", "[models.NAME]"),
        ("a = 3\n", "models.toml:1: ", "unknown table 'a'"),
        ("[models.a]\nnote = 'x'\n", "models.toml:1: model a: ", "engine: the key is missing"),
        ("[models.a]\nengine = 'x'\n\nlayout = 'beside'\n", "models.toml:4: model a: ", "layout: "),
        ("[models.a]\nengine = 'x'\ndefault = 'perhaps'\n", "models.toml:3: model a: ", "default: "),
        ('[models."a\\u001b[2J"]\nengine = "x"\n', "models.toml:", r"visible characters, not 'a\x1b[2J'"),
        ("[models]\na = 3\n", "models.toml:2: model a: ", "valid dictionary"),
        ("[models]\n\na = {note = 'x'}\n", "models.toml:3: model a: ", "engine: the key is missing"),
    ],
)
def test_what_is_wrong_has_its_line(tmp_path: Path, text: str, start: str, says: str) -> None:
    message = told(tmp_path, text)
    assert message.startswith(start)
    assert says in message
    assert "Common" not in message


@pytest.mark.parametrize(
    ("name", "line"),
    [("phi-3.5", 4), ("phi-3.5.1", 4), ("gemma-3.4b", 4)],
)
@pytest.mark.parametrize("keys", ["engine = 'local'\ncheckpoint = 'a/b'\n", "checkpoint = 'a/b'\n"])
def test_a_name_with_a_dot_and_no_quotes_is_shown_with_them(
    tmp_path: Path, name: str, line: int, keys: str
) -> None:
    text = f"[models.x]\nengine = 'local'\n\n[models.{name}]\n{keys}"
    message = told(tmp_path, text)
    assert message == (
        f'models.toml:{line}: model {name}: a name with a dot needs quotes: write [models."{name}"]'
    )


def test_a_name_with_a_dot_beside_the_name_before_the_dot_is_found_too(tmp_path: Path) -> None:
    message = told(tmp_path, "[models.phi-3]\nengine = 'local'\n\n[models.phi-3.5]\nengine = 'local'\n")
    assert message.startswith("models.toml:4: model phi-3.5: a name with a dot needs quotes")


def test_a_table_of_settings_is_no_name_with_a_dot(tmp_path: Path) -> None:
    text = "[models.a]\nengine = 'local'\n[models.a.device_map]\nmodel = 0\n"
    assert from_text(tmp_path, text).entries["a"].settings == {"device_map": {"model": 0}}


def test_everything_that_is_wrong_is_told_at_once(tmp_path: Path) -> None:
    message = told(tmp_path, "[models.a]\n[models.b]\nengine = 3\n[models.c.1]\nengine = 'x'\n")
    assert [line.split(": ")[0] for line in message.splitlines()] == [
        "models.toml:1",
        "models.toml:3",
        "models.toml:4",
    ]


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="no such file"):
        read(tmp_path / "models.toml")
    (tmp_path / "models.toml").write_bytes(b"note = '\xfc'")
    with pytest.raises(ModelError, match="cannot be read"):
        read(tmp_path / "models.toml")


# What an engine finds


def engines_error(folder: Path, lines: str) -> str:
    models = from_text(folder, "[models.other]\nengine = 'x'\n\n[models.a]\nengine = 'local'\n" + lines)
    with pytest.raises(ValidationError) as caught:
        LocalSettings.model_validate(models.entries["a"].settings)
    return str(models.problem("a", caught.value)).replace(f"{folder}/", "")


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        (
            "checkpoint = 'a/b'\nchekpoint = 'c/d'\n",
            "7: model a: chekpoint: unknown key; did you mean 'checkpoint'?",
        ),
        ("checkpoint = 'a/b'\ndefualt = true\n", "7: model a: defualt: unknown key; did you mean 'default'?"),
        ("checkpoint = 'a/b'\nzzz = true\n", "7: model a: zzz: unknown key"),
        ("dtype = 'half'\ncheckpoint = 'a/b'\n", "6: model a: dtype: Input should be 'auto'"),
        ("checkpoint = 'a/b'\ncrops = 0\n", "7: model a: crops: "),
        ("checkpoint = 'a/b'\nbatch_size = 'many'\n", "7: model a: batch_size"),
        ("checkpoint = 'a/b'\ntemperature = -1\n", "7: model a: temperature: "),
        ("checkpoint = 'a/b'\ntop_k = 50\n", "4: model a: 'top_k' has no effect at temperature 0"),
        ("checkpoint = 'a/b'\ntemperature = 1\ntop_p = 2\n", "8: model a: top_p: "),
        ("checkpoint = 'a/b'\nmax_new_tokens = 0\n", "7: model a: max_new_tokens: "),
        ("dtype = 'auto'\n", "4: model a: name either 'checkpoint', or 'base'"),
        ("checkpoint = 'a/b'\nbase = 'other'\nadapter = 'c/d'\n", "4: model a: name either 'checkpoint', or"),
        ("base = 'other'\n", "4: model a: 'base' and 'adapter' belong together"),
    ],
)
def test_an_engines_findings_have_their_lines(tmp_path: Path, lines: str, says: str) -> None:
    assert engines_error(tmp_path, lines).startswith(f"models.toml:{says}")


# Selecting


@pytest.mark.parametrize(
    ("patterns", "names"),
    [
        (["phi-lora"], ["phi-lora"]),
        (["phi-lora", "phi-3.5"], ["phi-3.5", "phi-lora"]),
        (["phi*"], ["phi-3.5", "phi-lora"]),
        (["*"], ["pixel-diff", "phi-3.5", "phi-lora"]),
        (["p*", "phi-3.5"], ["pixel-diff", "phi-3.5", "phi-lora"]),
        ([], []),
    ],
)
def test_names_and_globs_select_in_the_files_order(
    tmp_path: Path, patterns: list[str], names: list[str]
) -> None:
    assert from_text(tmp_path, GOOD).select(patterns) == names


@pytest.mark.parametrize(
    ("pattern", "says"),
    [
        (
            "phi-lara",
            "no model is called 'phi-lara'; did you mean 'phi-lora'? models.toml has: pixel-diff, phi",
        ),
        ("qwen*", "no model is called 'qwen*'; models.toml has: pixel-diff, phi-3.5, phi-lora"),
    ],
)
def test_a_name_that_is_not_there_is_told_with_the_nearest(tmp_path: Path, pattern: str, says: str) -> None:
    with pytest.raises(ModelError) as caught:
        from_text(tmp_path, GOOD).select(["pixel-diff", pattern])
    assert str(caught.value).startswith(says)
    with pytest.raises(ModelError, match=r"models\.toml has: no model"):
        from_text(tmp_path, "").select([pattern])


def test_the_shipped_models_are_declared_rightly() -> None:
    models = read(Path(__file__).parents[2] / "models.toml")
    for entry in models.entries.values():
        if entry.common.engine == "local":
            settings = LocalSettings.model_validate(entry.settings)
            assert settings.checkpoint or (settings.base in models.entries and settings.adapter)
