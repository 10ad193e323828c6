"""What pytest's config carries for us: the bench's part of the session, and where the project is."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from kurabe.plugin.options import options_of, spelled

if TYPE_CHECKING:
    from kurabe.plugin.session import Session

RETRIED = "kurabe_retried"
"""Key of a worker's input: ids of the trials that were under way in a worker that died."""

BEGAN = "kurabe_began"
"""Key of a worker's input: when the session began, in seconds since the epoch."""

_SESSION = pytest.StashKey["Session"]()
_OUTSIDE = pytest.StashKey[list[Path]]()


def root_of(config: pytest.Config) -> Path:
    """Return the project's folder: pytest's root, or without a configuration file the current folder.

    In that case pytest guesses its root from all arguments that are folders, those of ``--kurabe-reports``
    and its like included.
    """
    named = config.inipath is not None or config.known_args_namespace.rootdir
    return config.rootpath if named else config.invocation_params.dir


def is_project(config: pytest.Config) -> bool:
    """Say whether anything declares models, a file or ``conftest.py``; nothing can run without them."""
    if (root_of(config) / (config.getoption("kurabe_models_file") or "models.toml")).is_file():
        return True
    functions: Any = sys.modules.get("kurabe.models.functions")
    return functions is not None and bool(functions.declared())  # not imported, it has declared none


def cases_of(config: pytest.Config) -> Path:
    """Return the folder of cases."""
    return (root_of(config) / (config.getoption("kurabe_cases") or "cases")).resolve()


def outside_suites(config: pytest.Config) -> list[Path]:
    """Return the suites that the command line names and that are not below the folder of cases."""
    if _OUTSIDE not in config.stash:
        cases = cases_of(config)
        named = [(config.invocation_params.dir / each.split("::")[0]).resolve() for each in config.args]
        config.stash[_OUTSIDE] = [
            path
            for path in dict.fromkeys(named)
            if path.suffix in (".yaml", ".yml") and path.is_file() and not path.is_relative_to(cases)
            if names_a_suite(path)
        ]
    return config.stash[_OUTSIDE]


def names_a_suite(path: Path) -> bool:
    """Say whether a YAML file says of itself that it is a suite: others have YAML files, too."""
    return bool(re.search(rb"(?m)^suite\s*:", path.read_bytes()))


def has_session(config: pytest.Config) -> bool:
    """Say whether this session has collected anything of ours."""
    return _SESSION in config.stash


def session_of(config: pytest.Config) -> Session:
    """Return the bench's part of this session, made when it is first asked for."""
    if _SESSION not in config.stash:
        from kurabe.plugin.session import Session
        from kurabe.project import Project

        if is_worker(config):
            _take_gpu(config.workerinput["kurabe_place"])  # type: ignore[attr-defined]
        options = options_of(config)
        project = Project.at(
            root_of(config),
            options.cases,
            options.models_file,
            options.reports,
            cases_option=spelled(config, "cases"),
        )
        config.stash[_SESSION] = Session(project, options, outside_suites(config), spelled(config, "reports"))
    return config.stash[_SESSION]


def is_worker(config: pytest.Config) -> bool:
    """Say whether this process is a worker of pytest-xdist that a controller with this plugin has started."""
    return "kurabe_place" in getattr(config, "workerinput", {})


def _take_gpu(place: int) -> None:
    """Leave this process the GPU of its place."""
    visible = os.environ.get("CUDA_VISIBLE_DEVICES")
    if visible is None:
        # Asking the driver would create a context on every GPU; the device files say how many there are.
        cards = [str(i) for i in range(len(list(Path("/dev").glob("nvidia[0-9]*"))))]
    else:
        cards = [card for card in visible.split(",") if card]
    if cards:
        os.environ["CUDA_VISIBLE_DEVICES"] = cards[place % len(cards)]
