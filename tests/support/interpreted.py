"""Triton kernels without a GPU: the tests of a file once more, in a process where Triton interprets."""

import os
import subprocess
import sys

VARIABLE = "TRITON_INTERPRET"
INTERPRETS = os.environ.get(VARIABLE) == "1"


def run(file: str) -> None:
    """Run a file's tests by Triton's interpreter, of which it has to be told before it is imported."""
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", file]
    done = subprocess.run(command, env={**os.environ, VARIABLE: "1"}, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout
    assert " passed" in done.stdout
