"""What holds of the repository itself: pins, sizes, and what the plugin's import costs."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PIN = r"[a-z0-9][a-z0-9-]*==[0-9][0-9A-Za-z.]*( ; [ ()a-z_A-Z0-9'.<>=!+-]+)?"


def pins() -> list[str]:
    config = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    found: list[str] = config["tool"]["uv"]["constraint-dependencies"]
    return found


def constraints() -> list[str]:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line.strip() and not line.startswith("#")]


@pytest.fixture(scope="module")
def tracked() -> list[Path]:
    """The files that git tracks; in an archive without git there are none to look at."""
    try:
        done = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("this is no git repository")
    found = [ROOT / name for name in done.stdout.decode().split("\0") if name]
    return [path for path in found if path.is_file()]


def test_uv_and_pip_are_given_the_same_versions() -> None:
    assert pins() == constraints()
    assert len(pins()) > 20


def test_pins_name_versions_and_no_place_to_get_them_from() -> None:
    assert [pin for pin in pins() if not re.fullmatch(PIN, pin)] == []
    config = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    table = tomllib.loads(config)["tool"]["uv"]
    assert not {"index", "index-url", "extra-index-url", "find-links"} & table.keys()
    for text in (config, (ROOT / "constraints.txt").read_text(encoding="utf-8")):
        assert "--index" not in text
        assert "://" not in text
        assert " @ " not in text


def test_every_dependency_is_pinned() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = [*project["dependencies"], *project["optional-dependencies"]["test"]]
    names = {re.split(r"[<>=!; \[]", text, maxsplit=1)[0].lower() for text in wanted}
    assert names - {pin.split("==")[0] for pin in pins()} == set()


def test_the_lock_that_names_an_index_is_not_tracked(tracked: list[Path]) -> None:
    assert [path for path in tracked if path.name == "uv.lock"] == []


def test_no_large_file_is_tracked_outside_checkpoints(tracked: list[Path]) -> None:
    large = [path for path in tracked if path.stat().st_size > 2 * 2**20]
    assert [path for path in large if path.relative_to(ROOT).parts[0] != "checkpoints"] == []


def test_modules_fit_on_a_few_screens() -> None:
    lengths = {
        path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8").count("\n")
        for path in (ROOT / "src").rglob("*.py")
    }
    assert {name: length for name, length in lengths.items() if length > 450} == {}
    assert len(lengths) > 30


def test_the_plugin_costs_sessions_that_do_not_need_it_nothing() -> None:
    program = (
        "import sys, kurabe.plugin, kurabe.plugin.short;"
        "heavy = {'torch', 'transformers', 'pandas', 'numpy', 'PIL', 'skimage', 'pydantic', 'yaml', 'rich'};"
        "print(sorted(heavy & sys.modules.keys()))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
