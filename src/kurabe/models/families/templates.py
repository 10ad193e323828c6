"""Limits on chat templates: they come with weights, and a sandbox holds neither memory nor time.

Before a template writes a prompt here, it writes the same one in a process of its own, which may take
little of either. One that is stopped there is refused, so that it cannot take the run with it.
"""

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from threading import Lock
from typing import Any

from kurabe.common.errors import ModelError
from kurabe.models.families.template_trial import TIMED_OUT

MEMORY = 2**30
"""Bytes; the process takes some 50 MiB of address space by itself."""

SECONDS = 30.0
"""Far above the milliseconds that a prompt takes, as the machine may be busy."""

CHARACTERS = 4 * 2**20
"""More than the context of any model holds."""

_PROMPTS = 4096
"""Prompts that are remembered as harmless."""


class TemplateTrials:
    """Tries templates out before they are used; several threads may ask."""

    def __init__(self, memory: int = MEMORY, seconds: float = SECONDS, characters: int = CHARACTERS) -> None:
        self._limits = (str(memory), str(seconds), str(characters))
        self._seconds = seconds
        self._lock = Lock()
        self._process: subprocess.Popen[str] | None = None
        self._owner = os.getpid()
        self._harmless: set[str] = set()
        self._stopped: dict[str, str] = {}

    def check(self, template: object, messages: Sequence[Mapping[str, Any]], **variables: object) -> None:
        """Let a template write a prompt under limits.

        Args:
            template: The template; what is no text is left to whoever writes the prompt.
            messages: The conversation as the template will get it.
            variables: What else it will get.

        Raises:
            ModelError: If it takes too much memory or time, or writes too much.
        """
        if not isinstance(template, str):
            return
        asked = json.dumps([template, messages, variables], default=str)
        with self._lock:
            if asked in self._harmless:
                return
            if template not in self._stopped:
                told = self._try(asked)
                if told is None:
                    if len(self._harmless) >= _PROMPTS:
                        self._harmless.clear()
                    self._harmless.add(asked)
                    return
                self._stopped[template] = told
            raise ModelError(
                f"the chat template {self._stopped[template]} and was stopped: it is damaged or harmful. Get "
                "the weights from a source that you trust"
            )

    def _try(self, asked: str) -> str | None:
        process = self._running()
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            process.stdin.write(asked + "\n")
            process.stdin.flush()
            answer = process.stdout.readline()
        except BrokenPipeError:
            answer = ""
        if answer:
            told: str | None = json.loads(answer)
            return told
        self._process = None
        if process.wait() == TIMED_OUT:
            return f"takes more than {self._seconds:g} seconds"
        return "takes more memory than a prompt can need"

    def _running(self) -> subprocess.Popen[str]:
        forked = self._owner != os.getpid()  # then the other end talks to somebody else
        if forked or self._process is None or self._process.poll() is not None:
            self._owner = os.getpid()
            # It ends with this process: its input does.
            self._process = subprocess.Popen(  # noqa: S603 - our own file
                [sys.executable, str(Path(__file__).with_name("template_trial.py")), *self._limits],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
                text=True,
                encoding="utf-8",
            )
        return self._process


TRIALS = TemplateTrials()
"""Those of this process."""
