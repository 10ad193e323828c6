"""What a run was made of and made with, as ``manifest.json`` has it: plain values only."""

import os
import platform
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from kurabe import __version__

_PACKAGES = ("torch", "transformers", "peft", "pytest", "numpy", "pillow", "scikit-image", "flash-attn")


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What a session knows of its run.

    Attributes:
        run: The run's name.
        started: When the session began.
        finished: When it ended by itself; None before, and so for ever in a run that was killed.
        planned: Trials that it set out to ask; None where that is not known yet.
        answered: Trials that have a result.
        options: What the user asked for.
        command: The command line, without the program.
        models: Fingerprint and facts of each model that takes part.
        cards: Cards of the adapters that take part, by model.
        left_out: Models of the defaults that cannot run here, with the reason.
        refused: Trials that were not asked because the model was trained on their pictures, by model.
        fewer: Cases that are run and cases there are, of each suite that is not run in full.
        suites: Number of cases by suite.
        broken: What is wrong with cases that cannot be run.
        messages: What else there is to say.
        partial: Why the run is not full; None if it is, or has not ended.
        thresholds: Thresholds that verdicts were made with, and where they are from, by model.
        shard: Which part of a selection was asked, such as ``2/4``; None for all of it.
        judge: Who judged the answers, with its fingerprint; None without a judge.
        cases: A digest of what each suite declares.
        prompts: A digest of each suite's prompts.
        line: Keys of the production line that figures are of; None if none is known.
    """

    run: str
    started: datetime
    finished: datetime | None
    planned: int | None
    answered: int
    options: Mapping[str, Any]
    command: Sequence[str]
    models: Mapping[str, Mapping[str, Any]]
    cards: Mapping[str, Mapping[str, Any]]
    left_out: Mapping[str, str]
    refused: Mapping[str, int]
    fewer: Mapping[str, tuple[int, int]]
    suites: Mapping[str, int]
    broken: Sequence[str]
    messages: Sequence[str]
    partial: str | None
    line: Mapping[str, float] | None = None
    thresholds: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    shard: str | None = None
    judge: Mapping[str, str | None] | None = None
    cases: Mapping[str, str] = field(default_factory=dict)
    prompts: Mapping[str, str] = field(default_factory=dict)

    def told(self, repository: Path) -> dict[str, Any]:
        """Return the manifest as JSON has it, with what this process runs with.

        Args:
            repository: A folder in the repository whose commit is noted.
        """
        return {
            "kurabe": __version__,
            "run": self.run,
            "started": _at(self.started),
            "finished": None if self.finished is None else _at(self.finished),
            "planned": self.planned,
            "answered": self.answered,
            "options": dict(self.options),
            "command": list(self.command),
            "models": dict(self.models),
            "cards": dict(self.cards),
            "left_out": dict(self.left_out),
            "refused": dict(self.refused),
            "fewer": dict(self.fewer),
            "suites": dict(self.suites),
            "broken": list(self.broken),
            "messages": list(self.messages),
            "partial": self.partial,
            "shard": self.shard,
            "judge": None if self.judge is None else dict(self.judge),
            "cases": dict(self.cases),
            "prompts": dict(self.prompts),
            "thresholds": dict(self.thresholds),
            "line": None if self.line is None else dict(self.line),
            "python": platform.python_version(),
            "platform": platform.platform(),
            "cpus": os.cpu_count(),
            "gpus": _gpus(),
            "packages": _versions(),
            "git": _git(repository),
        }


def _at(time: datetime) -> str:
    return time.isoformat(timespec="seconds")


def _versions() -> dict[str, str]:
    found = {}
    for package in _PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            continue
    return found


def _gpus() -> list[str]:
    """Return the names of the GPUs, if anything has needed one."""
    torch: Any = sys.modules.get("torch")
    if torch is None or not torch.cuda.is_available():
        return []
    return [torch.cuda.get_device_name(index) for index in range(torch.cuda.device_count())]


def _git(folder: Path) -> dict[str, Any]:
    """Return commit and state of the repository that a folder is in, if it is in one."""

    def ask(*words: str) -> str | None:
        try:
            done = subprocess.run(["git", *words], cwd=folder, capture_output=True, text=True, timeout=10)  # noqa: S603, S607
        except (OSError, subprocess.TimeoutExpired):
            return None
        return done.stdout.strip() if done.returncode == 0 else None

    commit = ask("rev-parse", "HEAD")
    return {} if commit is None else {"commit": commit, "dirty": bool(ask("status", "--porcelain"))}
