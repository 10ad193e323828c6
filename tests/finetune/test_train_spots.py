"""Training with a second loss: it is learned, it resumes to the bit, and the adapter knows nothing of it."""

import dataclasses
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file

from kurabe.common.errors import ModelError
from kurabe.finetune import lora, spotting
from kurabe.finetune.encoding import Collator, encoder_for
from kurabe.finetune.records import TrainingRecord
from kurabe.finetune.train import train_adapter
from tests.finetune.made import loaded, records
from tests.finetune.test_train import SETTINGS, Act, figures, interrupt, weights

ON = dataclasses.replace(SETTINGS, spots=1.0)


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("spots")


@pytest.fixture(scope="module")
def lessons(root: Path) -> list[TrainingRecord]:
    return records(root, "separate", boxes=True)


@pytest.fixture
def exact() -> Iterator[None]:
    """On a CPU with several cores the gradient of repeated rows is summed in any order unless told not to."""
    torch.use_deterministic_algorithms(True)
    yield
    torch.use_deterministic_algorithms(False)


class Heads:
    """Keeps the heads that trainings put on, and the loss on spots of each pass."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.losses: list[float] = []
        put_on: Callable[..., Any] = spotting.put_on

        def kept(model: Any) -> Any:
            head = put_on(model)
            head.register_forward_hook(lambda module, given, out: self.losses.append(self._mean(given, out)))
            return head

        monkeypatch.setattr(spotting, "put_on", kept)

    def _mean(self, given: Any, out: torch.Tensor) -> float:
        return out.item() / spotting.weight_of(given[1]).item()


def test_tokens_learn_where_the_difference_lies(
    root: Path, lessons: list[TrainingRecord], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    heads, base = Heads(monkeypatch), loaded(root, "golden_phi3v")
    wanted = dataclasses.replace(ON, steps=12, validation=0.0)
    trained = train_adapter(base, lessons, wanted, tmp_path / "out")
    assert sum(heads.losses[-3:]) < 0.7 * sum(heads.losses[:3])
    logged = [entry["spots_loss"] for entry in trained.history if "loss" in entry]
    assert logged == pytest.approx(heads.losses), "a batch is a step here"
    held = sorted(path.name for path in (tmp_path / "out").iterdir())
    assert (
        " ".join(held)
        == "README.md adapter_config.json adapter_model.safetensors card.json curve.csv curve.svg"
    )
    assert all("lora_" in name for name in weights(trained))
    card = json.loads((tmp_path / "out/card.json").read_text(encoding="utf-8"))
    assert card["settings"]["spots"] == 1.0
    assert not hasattr(base.model, "spots")


@pytest.mark.usefixtures("exact")
def test_an_interrupted_training_resumes_with_its_head(
    root: Path, lessons: list[TrainingRecord], tmp_path: Path
) -> None:
    base = loaded(root, "golden_phi3v")
    whole = train_adapter(base, lessons, ON, tmp_path / "whole")
    with pytest.raises(KeyboardInterrupt):
        train_adapter(base, lessons, ON, tmp_path / "cut", callbacks=[Act(6, interrupt)])
    assert (tmp_path / "cut/checkpoints/checkpoint-4" / spotting.HEAD).is_file()
    with pytest.raises(ModelError, match="the interrupted training was another"):
        train_adapter(base, lessons, dataclasses.replace(ON, spots=0.5), tmp_path / "cut", resume=True)
    cut = train_adapter(base, lessons, ON, tmp_path / "cut", resume=True)
    assert all(torch.equal(weights(cut)[name], value) for name, value in weights(whole).items())
    assert figures(tmp_path / "cut") == figures(tmp_path / "whole")


def test_the_held_out_figures_are_of_the_answers_alone(
    root: Path, lessons: list[TrainingRecord], tmp_path: Path
) -> None:
    base = loaded(root, "golden_phi3v")
    first = dataclasses.replace(ON, steps=1)
    on = train_adapter(base, lessons, first, tmp_path / "on")
    off = train_adapter(base, lessons, dataclasses.replace(first, spots=0.0), tmp_path / "off")
    assert on.before == off.before
    losses = [next(entry["loss"] for entry in each.history if "loss" in entry) for each in (on, off)]
    assert losses[0] == pytest.approx(losses[1])
    assert any(not torch.equal(weights(on)[name], value) for name, value in weights(off).items())


@pytest.mark.parametrize("checkpointing", [False, True])
def test_accumulated_batches_learn_the_same_spots(
    checkpointing: bool, root: Path, lessons: list[TrainingRecord], tmp_path: Path
) -> None:
    base = loaded(root, "golden_phi3v")
    same = dataclasses.replace(
        ON,
        steps=2,
        dropout=0.0,
        validation=0.0,
        warmup=0.0,
        save_dtype="float32",
        checkpointing=checkpointing,
    )
    large = train_adapter(base, lessons, dataclasses.replace(same, batch_size=8), tmp_path / "a")
    small = train_adapter(base, lessons, dataclasses.replace(same, accumulation=2), tmp_path / "b")
    for name, value in weights(large).items():
        torch.testing.assert_close(weights(small)[name], value, rtol=1e-2, atol=2e-4)


def test_the_last_states_are_those_behind_the_decoders_norm(
    root: Path, lessons: list[TrainingRecord]
) -> None:
    base = loaded(root, "golden_phi3v")
    encoder = encoder_for(base.model, base.processor, 1)
    batch = Collator(0, cuts_logits=True)([encoder.encode(lessons[0])])
    labels = batch.pop("labels")
    model = lora.put_on(base.model, rank=2, alpha=2, dropout=0.0, vision=False)
    try:
        model.train()
        with spotting.last_states(model) as seen:
            outputs = model(**batch)
        assert [each.shape[:2] for each in seen] == [batch["input_ids"].shape]
        said = base.model.lm_head(seen[0][:, -labels.shape[1] :])
        torch.testing.assert_close(said, outputs.logits)
        with spotting.last_states(model) as again:
            pass
        model(**batch)
        assert again == []
    finally:
        lora.take_off(model)


def test_what_cannot_be_asked_for_is_refused_before_anything_is_written(
    root: Path, lessons: list[TrainingRecord], tmp_path: Path
) -> None:
    with pytest.raises(ModelError, match="for llava it is not known which token"):
        train_adapter(loaded(root), lessons, ON, tmp_path / "out")
    bare = records(tmp_path, "separate")
    with pytest.raises(ModelError, match="no train case says so"):
        train_adapter(loaded(root, "golden_phi3v"), bare, ON, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_head_is_read_back_as_it_was_written(tmp_path: Path) -> None:
    one, other = spotting.SpotHead(8), spotting.SpotHead(8)
    spotting.save(one, tmp_path)
    assert load_file(tmp_path / spotting.HEAD).keys() == {"linear.weight", "linear.bias"}
    spotting.load(other, tmp_path)
    assert torch.equal(one.linear.weight, other.linear.weight)
