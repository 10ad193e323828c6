"""Training: it learns, resumes to the same result, stops where it must, and leaves the base as it was."""

import csv
import dataclasses
import json
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file
from transformers import TrainerCallback

from kurabe.common.errors import ModelError
from kurabe.finetune.encoding import Collator, encoder_for
from kurabe.finetune.records import TrainingRecord
from kurabe.finetune.settings import About, Settings, Trained, split
from kurabe.finetune.train import train_adapter
from kurabe.finetune.trainer import answer_loss
from kurabe.models.adapters import attach, use
from kurabe.models.adapters.card import trained_on
from kurabe.models.adapters.file import WEIGHTS
from kurabe.models.config import LocalSettings
from kurabe.models.engines.local.checkpoint import Base
from kurabe.models.engines.local.loaded import Loaded
from tests.finetune.made import FAMILIES, loaded, records

SETTINGS = Settings(
    rank=4, alpha=8, learning_rate=1e-2, batch_size=4, steps=12, evaluate_every=4, workers=0, validation=0.25,
    dropout=0.2, crops=1,
)  # fmt: skip


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("training")


@pytest.fixture(scope="module")
def lessons(root: Path) -> list[TrainingRecord]:
    return records(root)


def settings(family: str = "llava", **more: Any) -> Settings:
    own = SETTINGS if family == "golden_phi3v" else dataclasses.replace(SETTINGS, crops=None)
    return dataclasses.replace(own, **more)


def loss_of(base: Loaded, lessons: Sequence[TrainingRecord], crops: int | None = None) -> float:
    encoder = encoder_for(base.model, base.processor, crops)
    batch = Collator(base.processor.tokenizer.pad_token_id, True)([encoder.encode(r) for r in lessons])
    labels = batch.pop("labels")
    with torch.no_grad():
        return float(answer_loss(base.model(**batch), labels))


class Act(TrainerCallback):
    """Does something once a step has ended."""

    def __init__(self, step: int, act: Any) -> None:
        self.step, self.act = step, act

    def on_step_end(self, args: Any, state: Any, control: Any, model: Any = None, **kwargs: Any) -> None:
        if state.global_step == self.step:
            self.act(model)


def interrupt(model: Any) -> None:
    raise KeyboardInterrupt


def break_weights(model: Any) -> None:
    next(p for n, p in model.named_parameters() if "lora_B" in n).data.fill_(float("nan"))


@pytest.mark.parametrize("family", ["golden_phi3v", "golden_mllama", "llava"])
def test_the_loss_falls_and_the_adapter_says_the_same_when_it_is_put_on_anew(
    family: str, root: Path, lessons: list[TrainingRecord], tmp_path: Path
) -> None:
    base = loaded(root, family)
    before = {name: value.clone() for name, value in base.model.state_dict().items()}
    trained = train_adapter(base, lessons, settings(family, steps=6, patience=0), tmp_path / "out")
    losses = [entry["loss"] for entry in trained.history if "loss" in entry]
    assert sum(losses[-2:]) < sum(losses[:2])
    after = base.model.state_dict()
    assert after.keys() == before.keys()
    assert all(torch.equal(after[name], value) for name, value in before.items()), "the base has changed"
    assert not base.model.training
    assert not any(p.requires_grad for p in base.model.parameters())

    held = split(lessons, SETTINGS.validation, SETTINGS.seed)[1]
    crops = settings(family).crops
    assert loss_of(base, held, crops) == pytest.approx(trained.before["eval_loss"], rel=1e-4)
    report = attach(base.model, tmp_path / "out", "anew")
    use(report.model, "anew")
    # The weights were rounded to bfloat16 on their way.
    anew = dataclasses.replace(base, model=report.model)
    assert loss_of(anew, held, crops) == pytest.approx(trained.after["eval_loss"], rel=2e-2)


def test_an_interrupted_training_resumes_to_the_result_of_an_uninterrupted_one(
    root: Path, lessons: list[TrainingRecord], tmp_path: Path
) -> None:
    base = loaded(root)
    whole = train_adapter(base, lessons, settings(), tmp_path / "whole")
    with pytest.raises(KeyboardInterrupt):
        train_adapter(base, lessons, settings(), tmp_path / "cut", callbacks=[Act(6, interrupt)])
    with pytest.raises(ModelError, match="interrupted training: go on with --resume"):
        train_adapter(base, lessons, settings(), tmp_path / "cut")
    with pytest.raises(ModelError, match="the interrupted training was another"):
        train_adapter(base, lessons, settings(rank=8), tmp_path / "cut", resume=True)
    cut = train_adapter(base, lessons, settings(), tmp_path / "cut", resume=True)
    assert weights(cut).keys() == weights(whole).keys()
    assert all(torch.equal(weights(cut)[name], value) for name, value in weights(whole).items())
    assert figures(tmp_path / "cut") == figures(tmp_path / "whole")
    assert (cut.best_step, cut.after) == (whole.best_step, whole.after)
    left = " ".join(sorted(path.name for path in (tmp_path / "cut").iterdir()))
    assert left == "README.md adapter_config.json adapter_model.safetensors card.json curve.csv curve.svg"


def test_what_a_killed_training_left_half_written_is_passed_over(
    root: Path, lessons: list[TrainingRecord], tmp_path: Path
) -> None:
    base = loaded(root)
    whole = train_adapter(base, lessons, settings(), tmp_path / "whole")
    out = tmp_path / "cut"
    with pytest.raises(KeyboardInterrupt):
        train_adapter(base, lessons, settings(), out, callbacks=[Act(9, interrupt)])
    (out / "checkpoints/checkpoint-8/trainer_state.json").unlink()
    cut = train_adapter(base, lessons, settings(), out, resume=True)
    assert all(torch.equal(weights(cut)[name], value) for name, value in weights(whole).items())
    shutil.rmtree(out)
    (out / "checkpoints/checkpoint-4").mkdir(parents=True)
    (out / "training.json").write_text("{}")
    (out / ".lock").touch()
    train_adapter(base, lessons, settings(steps=1), out)


def weights(trained: Trained) -> dict[str, torch.Tensor]:
    return load_file(trained.folder / WEIGHTS)


def figures(folder: Path) -> list[dict[str, str]]:
    with (folder / "curve.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_one_seed_gives_one_result_and_another_seed_another(
    root: Path, lessons: list[TrainingRecord], tmp_path: Path
) -> None:
    base = loaded(root)
    made = [
        weights(train_adapter(base, lessons, settings(steps=3, seed=seed), tmp_path / str(number)))
        for number, seed in enumerate((1, 1, 2))
    ]
    assert all(torch.equal(made[0][name], made[1][name]) for name in made[0])
    assert not all(torch.equal(made[0][name], made[2][name]) for name in made[0])


def test_accumulated_batches_learn_what_one_large_batch_learns(
    root: Path, lessons: list[TrainingRecord], tmp_path: Path
) -> None:
    base = loaded(root)
    same = settings(steps=3, dropout=0.0, save_dtype="float32", validation=0.0, warmup=0.0)
    large = train_adapter(base, lessons, dataclasses.replace(same, batch_size=8), tmp_path / "a")
    parts = dataclasses.replace(same, batch_size=4, accumulation=2)
    small = train_adapter(base, lessons, parts, tmp_path / "b")
    for name, value in weights(large).items():
        torch.testing.assert_close(weights(small)[name], value, rtol=1e-2, atol=1e-4)


def test_training_ends_when_the_held_out_loss_falls_no_more_and_the_best_state_is_kept(
    root: Path, lessons: list[TrainingRecord], tmp_path: Path
) -> None:
    base = loaded(root)
    harsh = settings(steps=60, evaluate_every=3, patience=2, learning_rate=0.3, warmup=0.0)
    trained = train_adapter(base, lessons, harsh, tmp_path / "out")
    seen = {e["step"]: e["eval_loss"] for e in trained.history if "eval_loss" in e and e["step"]}
    assert trained.steps < 60
    assert trained.stopped == f"Stopped at step {trained.steps}: no lower loss in 2 evaluations."
    assert trained.best_step == min(seen, key=lambda step: seen[step]) == trained.steps - 6
    assert trained.after["eval_loss"] == min(seen.values())
    report = attach(base.model, tmp_path / "out", "best")
    use(report.model, "best")
    held = split(lessons, harsh.validation, harsh.seed)[1]
    anew = dataclasses.replace(base, model=report.model)
    assert loss_of(anew, held) == pytest.approx(min(seen.values()), rel=5e-2)


def test_a_loss_that_is_no_number_stops_and_keeps_the_last_good_state(
    root: Path, lessons: list[TrainingRecord], tmp_path: Path
) -> None:
    base = loaded(root)
    trained = train_adapter(base, lessons, settings(), tmp_path / "out", callbacks=[Act(9, break_weights)])
    assert trained.diverged
    assert trained.stopped == "Stopped at step 10: the loss was NaN or infinite."
    assert trained.best_step in (4, 8)
    assert all(value.isfinite().all() for value in weights(trained).values())
    card = json.loads((tmp_path / "out/card.json").read_text(encoding="utf-8"))
    assert card["stopped"] == trained.stopped
    assert card["after"] == trained.after != {}


def test_without_held_out_records_the_latest_good_state_is_kept(
    root: Path, lessons: list[TrainingRecord], tmp_path: Path
) -> None:
    base = loaded(root)
    whole = settings(validation=0.0)
    trained = train_adapter(base, lessons, whole, tmp_path / "out", callbacks=[Act(8, break_weights)])
    # The state of step 8 was written after the weights had been broken.
    assert (trained.diverged, trained.best_step) == (True, 4)
    assert all(value.isfinite().all() for value in weights(trained).values())


def test_a_loss_that_is_no_number_from_the_start_leaves_nothing(
    root: Path, lessons: list[TrainingRecord], tmp_path: Path
) -> None:
    base = loaded(root)
    with pytest.raises(ModelError, match=r"NaN or infinite at step 2, before .*lower --learning-rate"):
        train_adapter(base, lessons, settings(), tmp_path / "out", callbacks=[Act(1, break_weights)])
    assert not (tmp_path / "out").exists()
    assert not hasattr(base.model, "peft_config")


def test_too_little_memory_is_told_with_what_to_lower(
    root: Path, lessons: list[TrainingRecord], tmp_path: Path
) -> None:
    base = loaded(root)
    hook = base.model.register_forward_pre_hook(lambda module, args: torch.empty(2**48))
    try:
        with pytest.raises(ModelError, match=r"batches of 4: lower --batch-size to 2 .*--accumulation to 2"):
            train_adapter(base, lessons, settings(), tmp_path / "out")
    finally:
        hook.remove()
    assert not (tmp_path / "out").exists(), "another attempt must not find the folder in use"
    assert not hasattr(base.model, "peft_config")


def test_a_folder_in_use_is_refused(root: Path, lessons: list[TrainingRecord], tmp_path: Path) -> None:
    base = loaded(root)
    out = tmp_path / "out"
    out.mkdir()
    (out / "notes.txt").write_text("mine")
    with pytest.raises(ModelError, match=r"out: is in use, it holds notes\.txt: name a new folder"):
        train_adapter(base, lessons, settings(), out)
    assert [path.name for path in out.iterdir()] == ["notes.txt"]
    with pytest.raises(ModelError, match="is a file"):
        train_adapter(base, lessons, settings(), out / "notes.txt")


def test_a_folder_that_another_training_writes_into_is_refused(
    root: Path, lessons: list[TrainingRecord], tmp_path: Path
) -> None:
    base, other = loaded(root), loaded(root)

    def meanwhile(model: Any) -> None:
        with pytest.raises(ModelError, match=r"another training is writing into it"):
            train_adapter(other, lessons, settings(steps=1), tmp_path / "out")

    done = train_adapter(base, lessons, settings(steps=2), tmp_path / "out", callbacks=[Act(1, meanwhile)])
    assert done.steps == 2


def test_a_model_that_has_an_adapter_on_is_refused(
    root: Path, lessons: list[TrainingRecord], tmp_path: Path
) -> None:
    base = loaded(root)
    train_adapter(base, lessons, settings(steps=1), tmp_path / "first")
    report = attach(base.model, tmp_path / "first", "first")
    with pytest.raises(ModelError, match="an adapter is on this model already"):
        train_adapter(dataclasses.replace(base, model=report.model), lessons, settings(), tmp_path / "second")
    with pytest.raises(ModelError, match="nothing to learn"):
        train_adapter(loaded(root), [], settings(), tmp_path / "second")


@pytest.mark.parametrize("family", FAMILIES)
def test_the_vision_tower_is_adapted_or_left_alone(
    family: str, root: Path, lessons: list[TrainingRecord], tmp_path: Path
) -> None:
    base = loaded(root, family)
    made = {}
    for vision in (True, False):
        wanted = settings(family, steps=1, vision=vision, validation=0.0)
        trained = train_adapter(base, lessons[:4], wanted, tmp_path / str(vision))
        made[vision] = {name for name in weights(trained) if "vision" in name or "visual" in name}
    assert made[True]
    assert not made[False]


@pytest.mark.parametrize("family", FAMILIES)
def test_activations_computed_twice_give_the_same_adapter(
    family: str, root: Path, lessons: list[TrainingRecord], tmp_path: Path
) -> None:
    base = loaded(root, family)
    made = []
    for on in (True, False):
        wanted = settings(
            family, steps=2, checkpointing=on, validation=0.0, dropout=0.0, warmup=0.0, save_dtype="float32"
        )
        made.append(weights(train_adapter(base, lessons[:8], wanted, tmp_path / str(on))))
    for name, value in made[0].items():
        torch.testing.assert_close(made[1][name], value, rtol=1e-3, atol=1e-5)


@pytest.mark.parametrize("family", FAMILIES)
def test_nothing_is_kept_for_gradients_of_a_vision_tower_that_is_not_trained(
    family: str, root: Path, lessons: list[TrainingRecord], tmp_path: Path
) -> None:
    base = loaded(root, family)
    wanting: dict[str, bool] = {}
    handles = [
        module.register_forward_hook(
            lambda _module, _inputs, made, name=name: wanting.__setitem__(
                name, isinstance(made, torch.Tensor) and made.requires_grad
            )
        )
        for name, module in base.model.named_modules()
        if "vision" in name or "visual" in name
    ]
    wanted = settings(family, steps=1, vision=False, checkpointing=True, validation=0.0)
    train_adapter(base, lessons[:4], wanted, tmp_path / "made")
    for handle in handles:
        handle.remove()
    assert len(wanting) > 5
    assert not [name for name, wants in wanting.items() if wants]


def test_a_reference_picture_is_learned_or_held_out_as_a_whole(lessons: list[TrainingRecord]) -> None:
    training, held = split(lessons, 0.25, 0)
    assert len(training) + len(held) == len(lessons)
    assert {r.group for r in training}.isdisjoint(r.group for r in held)
    assert len({r.group for r in held}) == 1
    assert split(lessons, 0.0, 0)[1] == []
    single = [record for record in lessons if record.group == lessons[0].group]
    assert split(single, 0.5, 0) == (single, [])


def test_the_card_names_every_picture_that_was_seen(
    root: Path, lessons: list[TrainingRecord], tmp_path: Path
) -> None:
    base = loaded(root)
    about = About("mine", "tiny", "checkpoints/tiny", "abc", frozenset({"0123456789abcdef"}))
    train_adapter(base, lessons, settings(steps=2), tmp_path / "given", about=about)
    assert trained_on(tmp_path / "given") == about.images
    card = json.loads((tmp_path / "given/card.json").read_text(encoding="utf-8"))
    assert card["base"] == {"name": "tiny", "checkpoint": "checkpoints/tiny", "fingerprint": "abc"}
    config = json.loads((tmp_path / "given/adapter_config.json").read_text(encoding="utf-8"))
    assert config["base_model_name_or_path"] == "checkpoints/tiny"
    text = (tmp_path / "given").joinpath("README.md").read_text(encoding="utf-8")
    assert "# mine" in text
    assert f"{card['records']['training']} records to learn from" in text
    train_adapter(base, lessons, settings(steps=2), tmp_path / "looked")
    assert len(trained_on(tmp_path / "looked")) == 4 + 8 + 4  # references, tests, references re-encoded
    assert all(len(digest) == 16 for digest in trained_on(tmp_path / "looked"))


def test_weights_in_four_bit_are_not_trained_on_a_cpu(
    root: Path, lessons: list[TrainingRecord], tmp_path: Path
) -> None:
    pytest.importorskip("bitsandbytes", reason="the extra kurabe[quantization] is not installed")
    loaded(root)
    packed = Base(LocalSettings(checkpoint="llava", quantization="4bit", device="cpu"), root).load()
    with pytest.raises(ModelError, match="weights in 4 bit are trained on a GPU"):
        train_adapter(packed, lessons, settings(), tmp_path / "out")
