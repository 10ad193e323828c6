"""A pytest plugin that writes down what a session has imported, for tests that start one of their own."""

import gc
import json
import os
import sys
from pathlib import Path

import pytest

HEAVY = (
    "torch",
    "torchvision",
    "transformers",
    "timm",
    "peft",
    "accelerate",
    "statsmodels",
    "sklearn",
    "skimage",
    "hypothesis",
)
FILE = "KURABE_TEST_SEEN"

_seen: dict[str, object] = {}


def pytest_runtest_logreport() -> None:
    """Note whether reports are being imported before the first trial has ended."""
    _seen.setdefault("reports_early", "kurabe.report.page" in sys.modules)


@pytest.hookimpl(trylast=True)
def pytest_unconfigure() -> None:
    """Write it down, after the bench has tidied up."""
    _seen["heavy"] = [name for name in HEAVY if name in sys.modules]
    _seen["frozen"] = gc.get_freeze_count()
    Path(os.environ[FILE]).write_text(json.dumps(_seen), encoding="utf-8")
