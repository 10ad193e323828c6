"""kurabe as a user has it: the wheel, installed into an environment that does not know this repository."""

import os
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Installed:
    """An environment with the wheel in it.

    Attributes:
        wheel: The wheel.
        python: The environment's Python.
    """

    wheel: Path
    python: Path

    def files(self) -> list[str]:
        """Return the names of the files in the wheel."""
        with zipfile.ZipFile(self.wheel) as archive:
            return archive.namelist()

    def run(self, folder: Path, *command: str, code: int = 0) -> str:
        """Run ``python COMMAND`` in a folder; return what it printed.

        Args:
            folder: Where to run it.
            command: What follows the Python.
            code: The exit code that it has to end with.
        """
        environment = {key: value for key, value in os.environ.items() if not key.startswith("PYTEST")}
        for name in ("PYTHONPATH", "PYTHONDONTWRITEBYTECODE", "CUDA_VISIBLE_DEVICES"):
            environment.pop(name, None)
        # Compiled once for all sessions, and not into the environment of these tests.
        environment["PYTHONPYCACHEPREFIX"] = str(self.wheel.parent / "bytecode")
        done = subprocess.run(
            [str(self.python), *command], cwd=folder, env=environment, capture_output=True, text=True
        )
        assert done.returncode == code, done.stdout + done.stderr
        return done.stdout + done.stderr


def install(folder: Path) -> Installed:
    """Build the wheel and install it, without network.

    All that it depends on is linked from the environment of these tests, package by package; only kurabe
    itself, which is installed there in a way that points to this repository, is left out.
    """
    built, environment = folder / "wheel", folder / "environment"
    uv = shutil.which("uv")
    if uv is None:
        pytest.skip("uv, which installs the wheel, is not here")
    _run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(built))
    (wheel,) = built.glob("*.whl")
    _run(sys.executable, "-m", "venv", "--without-pip", str(environment))
    python = environment / "bin" / "python"
    site = Path(_run(str(python), "-c", "import sysconfig; print(sysconfig.get_path('purelib'))").strip())
    for path in sorted({Path(sysconfig.get_path(kind)) for kind in ("purelib", "platlib")}):
        for entry in path.iterdir():
            ours = "kurabe" in entry.name.lower() or entry.name.startswith(("_virtualenv", "__pycache__"))
            if not ours and not (site / entry.name).exists():
                (site / entry.name).symlink_to(entry)
    _run(uv, "pip", "install", "--quiet", "--offline", "--no-deps", "--python", str(python), str(wheel))
    return Installed(wheel, python)


def _run(*command: str) -> str:
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout
