"""Batches on their way: the device is never left without work while answers are read."""

from pathlib import Path
from typing import Any

import pytest

from benchmark.models.runtime import loop
from tests.models.test_local import answers, registry, request
from tests.support import checkpoints


def test_the_next_batch_is_handed_over_before_the_last_one_is_looked_at(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = loop.ask_rows
    events: list[tuple[str, int]] = []

    def ask(model: Any, rows: Any, **more: Any) -> Any:
        finish, number = real(model, rows, **more), sum(name == "asked" for name, _ in events)
        events.append(("asked", number))

        def wait() -> Any:
            events.append(("looked at", number))
            return finish()

        return wait

    monkeypatch.setattr(loop, "ask_rows", ask)
    models = registry(tmp_path, checkpoints.golden_phi3v(tmp_path / "phi3v"), batch_size=2)
    found = answers(models, [request(n, "verdict") for n in range(6)])
    assert [answer.error for answer in found] == [None] * 6
    order = [("asked", 0), ("asked", 1), ("looked at", 0), ("asked", 2), ("looked at", 1), ("looked at", 2)]
    assert events == order
