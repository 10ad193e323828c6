"""Batches on their way: the device is never left without work while answers are read."""

import weakref
from pathlib import Path
from typing import Any

import pytest
import torch

from kurabe.models.engines.local import answers as told
from kurabe.models.protocol import Ahead
from kurabe.models.runtime import loop
from kurabe.models.runtime.decoding import Writing
from tests.models.engines.local.test_engine import answers, registry, request
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
    rest = [requests[2:4], [], [], requests[4:]]

    def following() -> list[Any]:
        return rest.pop(0) if rest else []

    engine = models.engine("tiny")
    assert isinstance(engine, Ahead)
    for each in requests[2:]:
        engine.prepare(each)
    given = list(engine.answer_on(requests[:2], following))
    assert [each is None for each in given] == 2 * [False, False, True]
    found = dict(each for each in given if each is not None)
    # Two windows of one batch each; the third is not asked for, as nothing was ready once.
    assert events == [("asked", 0), ("asked", 1), ("looked at", 0), ("looked at", 1)]
    assert [found[n].p_different for n in range(4)] == pytest.approx([a.p_different for a in alone[:4]])
    assert rest == [requests[4:]]


def test_the_first_answers_wait_for_no_pictures_of_what_follows(
    tmp_path: Path, events: list[tuple[str, int]]
) -> None:
    models = registry(tmp_path, checkpoints.golden_phi3v(tmp_path / "phi3v"), batch_size=2)
    requests = [request(n, "verdict") for n in range(6)]
    alone = answers(models, requests)
    events.clear()
    rest = [requests[2:4], requests[4:]]
    engine: Any = models.engine("tiny")
    given = engine.answer_on(requests[:2], lambda: rest.pop(0) if rest else [])
    found = dict(each for each in given if each is not None)
    # The first batch is read while what follows is cut; later ones, when the device has the next.
    order = [("asked", 0), ("looked at", 0), ("asked", 1), ("asked", 2), ("looked at", 1), ("looked at", 2)]
    assert events == order
    assert [found[n].p_different for n in range(6)] == pytest.approx([a.p_different for a in alone])


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch, events: list[tuple[str, int]]) -> list[tuple[str, int]]:
    """Note besides when answers are read, by how many batches have been read before."""
    real = told.of_batch

    def answered(*arguments: Any) -> Any:
        events.append(("read", sum(name == "read" for name, _ in events)))
        return real(*arguments)

    monkeypatch.setattr(told, "of_batch", answered)
    return events


def test_words_are_written_to_their_ends_before_the_next_batch_and_read_after(
    tmp_path: Path, read: list[tuple[str, int]]
) -> None:
    models = registry(tmp_path, checkpoints.golden_phi3v(tmp_path / "phi3v"), batch_size=2)
    found = answers(models, [request(n, "count") for n in range(4)])
    assert [answer.error for answer in found] == [None] * 4
    first = [("asked", 0), ("looked at", 0), ("asked", 1), ("read", 0)]
    assert read == [*first, ("looked at", 1), ("read", 1)]


def test_what_follows_words_is_asked_for_before_and_after_they_are_written(
    tmp_path: Path, read: list[tuple[str, int]]
) -> None:
    models = registry(tmp_path, checkpoints.golden_phi3v(tmp_path / "phi3v"), batch_size=2)
    requests = [request(n, "count") for n in range(4)]
    rest = [[], requests[2:]]

    def following() -> list[Any]:
        read.append(("following", len(rest)))
        return rest.pop(0) if rest else []

    engine: Any = models.ready("tiny")
    for each in requests[2:]:
        engine.prepare(each)
    given = dict(each for each in engine.answer_on(requests[:2], following) if each is not None)
    assert sorted(given) == [0, 1, 2, 3]
    first = [("asked", 0), ("following", 2), ("looked at", 0), ("following", 1)]
    then = [("following", 0), ("asked", 1), ("read", 0)]  # a small batch is filled up with what is ready
    assert read == [*first, *then, ("following", 0), ("looked at", 1), ("following", 0), ("read", 1)]


def test_what_words_were_written_in_is_let_go_before_the_next_batch_takes_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    models = registry(tmp_path, checkpoints.golden_phi3v(tmp_path / "phi3v"), batch_size=2)
    real = Writing.__init__
    kept: list[Any] = []
    alive: list[int] = []

    def begun(self: Any, *arguments: Any) -> None:
        alive.append(sum(each() is not None for each in kept))
        kept.append(weakref.ref(self))
        real(self, *arguments)

    monkeypatch.setattr(Writing, "__init__", begun)
    assert len(answers(models, [request(n, "count") for n in range(6)])) == 6
    assert alive == [0, 0, 0]


@pytest.mark.parametrize("question", ["verdict", "count"])
def test_a_batch_that_cannot_be_handed_over_takes_none_with_it(
    question: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    models = registry(tmp_path, checkpoints.golden_phi3v(tmp_path / "phi3v"), batch_size=2)
    real, asked = loop.ask_rows, []

    def ask(*arguments: Any, **more: Any) -> Any:
        asked.append(arguments)
        if len(asked) == 2:
            raise RuntimeError("a kernel is missing")
        return real(*arguments, **more)

    monkeypatch.setattr(loop, "ask_rows", ask)
    given: list[Any] = []
    with pytest.raises(RuntimeError, match="a kernel is missing"):
        given.extend(models.engine("tiny").answer([request(n, question) for n in range(6)]))
    assert [answer.error for _, answer in given] == [None] * 2


def test_words_for_which_memory_runs_out_while_they_are_written_are_asked_again_in_halves(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    models = registry(tmp_path, checkpoints.golden_phi3v(tmp_path / "phi3v"), batch_size=4)
    requests = [request(n, "count") for n in range(8)]
    wanted = [answer.text for answer in answers(models, requests)]
    real, sizes = Writing.written, []

    def written(self: Any, first: Any, finite: Any) -> Any:
        sizes.append(len(first))
        if len(first) > 2:
            raise torch.OutOfMemoryError("no memory for so many")
        return real(self, first, finite)

    monkeypatch.setattr(Writing, "written", written)
    found = answers(models, requests)
    assert [answer.error for answer in found] == [None] * 8
    assert [answer.text for answer in found] == wanted
    assert sizes == [4, 2, 2, 2, 2]

    def never(self: Any, first: Any, finite: Any) -> Any:
        raise torch.OutOfMemoryError("none at all")

    monkeypatch.setattr(Writing, "written", never)
    assert "lower 'crops'" in str(answers(models, requests[:1])[0].error)
