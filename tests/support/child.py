"""Servers in processes of their own, which end with the test, and with the test's process if that dies.

A server's module calls `serve_until_told`: it tells its address on standard output, answers each line on
standard input once what it asks for holds, and ends with its standard input.
"""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TextIO


class Child:
    """A server's process.

    Attributes:
        url: The server's address, up to the version.
    """

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process
        self.url = self._said()
        assert self.url.startswith("http://127.0.0.1:"), f"no address, but {self.url!r}"

    def tell(self, wish: str) -> None:
        """Tell it something, and wait until it holds."""
        assert self._process.stdin is not None
        self._process.stdin.write(f"{wish}\n")
        self._process.stdin.flush()
        assert self._said() == wish

    def _said(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline().strip()


@contextmanager
def child(module: str, *arguments: str) -> Iterator[Child]:
    """Run a module as long as the context lasts."""
    pipes: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with subprocess.Popen([sys.executable, "-m", module, *arguments], **pipes) as process:
        try:
            yield Child(process)
        finally:
            assert process.stdin is not None
            process.stdin.close()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                raise


def own_output() -> TextIO:
    """Return standard output, which is for `Child` alone from now on; what else is printed is an error's."""
    said = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    return said


def serve_until_told(url: str, said: TextIO, do: Callable[[str], None] = lambda wish: None) -> None:
    """Tell a server's address, do what is asked for, and end the process with its standard input."""
    print(url, file=said, flush=True)
    for line in sys.stdin:
        do(line.strip())
        print(line.strip(), file=said, flush=True)
    os._exit(0)  # neither requests nor threads of the server have to end well
