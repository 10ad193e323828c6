"""What the README says is so: its figures, its options, its files."""

import importlib.util
import re
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def tool() -> ModuleType:
    spec = importlib.util.spec_from_file_location("readme_tool", ROOT / "tools" / "readme.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_figures_are_those_of_the_recorded_runs() -> None:
    assert tool().renewed(README) == README


def test_every_option_it_names_exists(pytestconfig: pytest.Config) -> None:
    table = README[README.index("## Options") : README.index("## Processed pictures")]
    for option in set(re.findall(r"--([a-z][a-z-]+)", table)):
        name = {"n": "numprocesses"}.get(option, option.replace("-", "_"))
        assert hasattr(pytestconfig.option, name), f"--{option}"


def test_every_file_it_links_to_is_there() -> None:
    for target in re.findall(r"\]\((?!http)([^)#]+)\)", README):
        assert (ROOT / target).is_file(), target
