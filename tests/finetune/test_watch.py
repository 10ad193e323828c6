"""Losses are looked at late where that saves waiting, but never too late."""

from pathlib import Path
from types import SimpleNamespace

import pytest
import torch

from kurabe.common.errors import ModelError
from kurabe.finetune import watch
from kurabe.finetune.records import TrainingRecord
from kurabe.finetune.settings import Trained
from kurabe.finetune.train import train_adapter
from kurabe.finetune.watch import NotFiniteError, Watch
from tests.finetune.made import loaded, records
from tests.finetune.test_train import Act, break_weights, settings, weights


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("watch")


@pytest.fixture(scope="module")
def lessons(root: Path) -> list[TrainingRecord]:
    return records(root)


@pytest.fixture
def late(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look at losses a batch later, as on a GPU."""
    monkeypatch.setitem(watch.BEHIND, "cpu", 1)


def end_step(watched: Watch, **wanted: bool) -> None:
    flags = dict.fromkeys(("should_log", "should_evaluate", "should_save"), False) | wanted
    watched.on_step_end(None, None, SimpleNamespace(**flags))


def test_a_loss_that_is_no_number_is_told_with_its_own_step() -> None:
    watched = Watch(torch.device("cpu"))
    watched.note(1, torch.tensor(0.5), 4)
    with pytest.raises(NotFiniteError) as told:
        watched.note(2, torch.tensor(float("inf")), 4)
    assert told.value.step == 2


@pytest.mark.usefixtures("late")
def test_a_late_look_finds_it_with_the_next_batch() -> None:
    watched = Watch(torch.device("cpu"))
    watched.note(7, torch.tensor(float("nan")), 4)
    end_step(watched)
    with pytest.raises(NotFiniteError) as told:
        watched.note(8, torch.tensor(0.5), 4)
    assert told.value.step == 7


@pytest.mark.usefixtures("late")
@pytest.mark.parametrize("then", ["should_log", "should_evaluate", "should_save"])
def test_a_late_look_is_not_later_than_an_evaluation_or_a_checkpoint(then: str) -> None:
    watched = Watch(torch.device("cpu"))
    watched.note(7, torch.tensor(float("nan")), 4)
    with pytest.raises(NotFiniteError):
        end_step(watched, **{then: True})


def test_the_clock_runs_from_the_first_batch_of_a_step_to_the_steps_end(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    times = iter((10.0, 13.0, 20.0, 21.0))
    monkeypatch.setattr("time.perf_counter", lambda: next(times))
    watched = Watch(torch.device("cpu"))
    for batches in (2, 1):
        for _ in range(batches):
            watched.begin()
            watched.note(1, torch.tensor(0.5), 4)
        end_step(watched)
    watched.look()
    assert (watched.learned, watched.seconds) == (12, 4.0)


@pytest.mark.usefixtures("late")
@pytest.mark.parametrize(("broken", "kept"), [(6, 4), (7, 4), (9, 8), (11, 8)])
def test_what_has_reached_the_weights_is_set_back_to_the_last_good_state(
    broken: int, kept: int, root: Path, lessons: list[TrainingRecord], tmp_path: Path
) -> None:
    base = loaded(root)
    calm = settings(learning_rate=1e-3, dropout=0.0)
    trained = train_adapter(base, lessons, calm, tmp_path / "out", callbacks=[Act(broken, break_weights)])
    assert trained.diverged
    assert trained.stopped.startswith(f"Stopped at step {broken + 1}:")
    assert trained.best_step == kept
    assert all(value.isfinite().all() for value in weights(trained).values())


@pytest.mark.usefixtures("late")
def test_from_the_start_nothing_is_left_also_after_a_late_look(
    root: Path, lessons: list[TrainingRecord], tmp_path: Path
) -> None:
    with pytest.raises(ModelError, match=r"NaN or infinite at step 2, before .*lower --learning-rate"):
        train_adapter(loaded(root), lessons, settings(), tmp_path / "out", callbacks=[Act(1, break_weights)])
    assert not (tmp_path / "out").exists()


def test_a_late_look_changes_nothing_of_a_good_training(
    root: Path, lessons: list[TrainingRecord], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    base, made = loaded(root), list[Trained]()
    for number, behind in enumerate((0, 1)):
        monkeypatch.setitem(watch.BEHIND, "cpu", behind)
        made.append(train_adapter(base, lessons, settings(steps=4), tmp_path / str(number)))
    assert all(torch.equal(weights(made[0])[name], value) for name, value in weights(made[1]).items())
    assert made[0].history[1:-1] == made[1].history[1:-1]
    assert made[1].records_per_second > 0
