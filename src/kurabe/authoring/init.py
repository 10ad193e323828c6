"""``kurabe init``: a project that runs at once, in an empty folder or beside what is there."""

import shutil
from dataclasses import dataclass
from pathlib import Path

from kurabe.cases.suites import SCHEMA_FILE, write_schema
from kurabe.common.errors import KurabeError

_EXAMPLE = Path(__file__).parent / "example"

_COMMON = {
    "pytest.ini": "pytest.ini",
    "gitignore": ".gitignore",
    "workflow.yml": ".github/workflows/kurabe.yml",
}
"""Files that a repository may have already: these are left alone, and the user is told what to add."""

_SETTINGS = {
    "pytest.toml": "",
    ".pytest.toml": "",
    "pytest.ini": "",
    ".pytest.ini": "",
    "pyproject.toml": "[tool.pytest",
    "tox.ini": "[pytest]",
    "setup.cfg": "[tool:pytest]",
}
"""Where pytest looks for its settings, and what stands in a file that has some."""

_ADVICE = {
    "pytest.ini": "{name} has pytest's settings: add '-p kurabe.plugin.short' to addopts for the short "
    "options, and 'cases' to testpaths",
    "gitignore": "{name} is there already: add the line 'reports/'",
    "workflow.yml": "{name} is there already and was left alone",
}


@dataclass(frozen=True, slots=True)
class Begun:
    """A new project.

    Attributes:
        written: The files that were written.
        advice: What was left alone, and what to add there, a sentence each.
    """

    written: tuple[Path, ...]
    advice: tuple[str, ...]


def init(folder: Path, example: bool = True) -> Begun:
    """Write a project: models, pytest's settings, an example suite of four cases, CI, what Git ignores.

    Args:
        folder: The project's folder, which is made if need be.
        example: Whether to write the example suite.

    Raises:
        KurabeError: If the project or the example is there already; nothing is written then.
    """
    essential = {_EXAMPLE / "models.toml": folder / "models.toml"}
    if example:
        pictures = sorted(path for path in (_EXAMPLE / "cases").rglob("*") if path.is_file())
        essential |= {path: folder / path.relative_to(_EXAMPLE) for path in pictures}
    there = [target for target in essential.values() if target.exists()]
    if there:
        names = ", ".join(str(path) for path in there[:3]) + (", …" if len(there) > 3 else "")
        raise KurabeError(f"there already: {names}. Nothing was written: choose another folder")
    advice = []
    for source, target in _COMMON.items():
        owner = _settings(folder) if source == "pytest.ini" else _existing(folder / target)
        if owner is None:
            essential[_EXAMPLE / source] = folder / target
        else:
            advice.append(_ADVICE[source].format(name=owner))
    for path, copy in essential.items():
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, copy)
    written = list(essential.values())
    cases = folder / "cases"
    cases.mkdir(exist_ok=True)
    if not (cases / SCHEMA_FILE).exists():
        written.append(write_schema(cases))
    return Begun(tuple(written), tuple(advice))


def _existing(path: Path) -> Path | None:
    return path if path.exists() else None


def _settings(folder: Path) -> Path | None:
    """Return the file that has pytest's settings already, if there is one."""
    for name, section in _SETTINGS.items():
        path = folder / name
        if path.is_file() and section in path.read_text(encoding="utf-8", errors="replace"):
            return path
    return None
