"""Batches on their way: the device is never left without work while answers are read."""

from pathlib import Path
from typing import Any

import pytest

from benchmark.models.protocol import Onward
from benchmark.models.runtime import loop
from tests.models.test_local import answers, registry, request
from tests.support import checkpoints


@pytest.fixture
def events(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, int]]:
    """Note when batches are handed to the device and when they are looked at."""
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
    return events


def test_the_next_batch_is_handed_over_before_the_last_one_is_looked_at(
    tmp_path: Path, events: list[tuple[str, int]]
) -> None:
    models = registry(tmp_path, checkpoints.golden_phi3v(tmp_path / "phi3v"), batch_size=2)
    found = answers(models, [request(n, "verdict") for n in range(6)])
    assert [answer.error for answer in found] == [None] * 6
    order = [("asked", 0), ("asked", 1), ("looked at", 0), ("asked", 2), ("looked at", 1), ("looked at", 2)]
    assert events == order


def test_what_follows_is_handed_over_before_the_last_batch_is_looked_at(
    tmp_path: Path, events: list[tuple[str, int]]
) -> None:
    models = registry(tmp_path, checkpoints.golden_phi3v(tmp_path / "phi3v"), batch_size=2)
    requests = [request(n, "verdict") for n in range(5)]
    alone = answers(models, requests)
    events.clear()
    rest = [requests[2:4], [], requests[4:]]

    def following() -> list[Any]:
        return rest.pop(0) if rest else []

    engine = models.engine("tiny")
    assert isinstance(engine, Onward)
    given = list(engine.answer_on(requests[:2], following))
    assert [each is None for each in given] == 2 * [False, False, True]
    found = dict(each for each in given if each is not None)
    # Two windows of one batch each; the third is not asked for, as nothing was ready once.
    assert events == [("asked", 0), ("asked", 1), ("looked at", 0), ("looked at", 1)]
    assert [found[n].p_different for n in range(4)] == pytest.approx([a.p_different for a in alone[:4]])
    assert rest == [requests[4:]]


def test_words_are_looked_at_at_once_as_they_are_there(tmp_path: Path, events: list[tuple[str, int]]) -> None:
    models = registry(tmp_path, checkpoints.golden_phi3v(tmp_path / "phi3v"), batch_size=2)
    answers(models, [request(n, "count") for n in range(4)])
    assert events == [("asked", 0), ("looked at", 0), ("asked", 1), ("looked at", 1)]
