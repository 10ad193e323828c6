"""good-parts is asked by default where its extra is installed, and left out with a word elsewhere."""

from importlib.util import find_spec
from pathlib import Path

import pytest

import kurabe
from kurabe.models import config
from kurabe.models.engines.good_parts import backbone
from kurabe.models.registry import Registry
from kurabe.project import participants

EXAMPLE = Path(kurabe.__file__).parent / "authoring" / "example" / "models.toml"


def test_a_new_project_asks_it() -> None:
    found = participants(Registry(config.read(EXAMPLE)), ())
    assert [each.name for each in found.chosen] == ["pixel-diff", "good-parts"]
    assert found.left_out == {}


@pytest.mark.parametrize("missing", ["timm", backbone.PACKAGE])
def test_without_its_extra_it_is_left_out_and_the_run_says_what_to_install(
    missing: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backbone, "find_spec", lambda name: None if name == missing else find_spec(name))
    found = participants(Registry(config.read(EXAMPLE)), ())
    assert [each.name for each in found.chosen] == ["pixel-diff"]
    assert "pip install 'kurabe[good-parts]'" in found.left_out["good-parts"]
