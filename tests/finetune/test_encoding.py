"""Rows: the prompt's tokens are those of asking, the loss is on the answer alone, batches change nothing."""

import dataclasses
from pathlib import Path
from typing import Any

import pytest
import torch

from kurabe.common.errors import ModelError
from kurabe.finetune.encoding import IGNORED, Collator, Rows, check_pictures, encoder_for, verdict_tokens
from kurabe.finetune.trainer import answer_loss
from kurabe.models import families
from kurabe.models.families.inputs import prepare
from tests.finetune.made import FAMILIES, loaded, records


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("encoding")


@pytest.fixture(params=FAMILIES)
def family(request: pytest.FixtureRequest) -> str:
    return str(request.param)


CROPS = {"golden_phi3v": 1}


def test_a_row_is_the_prompt_as_it_is_asked_and_then_the_answer(root: Path, family: str) -> None:
    base = loaded(root, family)
    encoder = encoder_for(base.model, base.processor, CROPS.get(family))
    record = next(r for r in records(root) if r.target == "missing pin")
    row = encoder.encode(record)
    shown = [record.source.show().pictures]
    asked = prepare(base.family, base.processor, [record.prompt.text], shown, CROPS.get(family)).tensors
    length = asked["input_ids"].shape[1]
    assert torch.equal(row["input_ids"][:, :length], asked["input_ids"])
    assert (row["labels"][:, :length] == IGNORED).all()
    assert torch.equal(row["labels"][:, length:], row["input_ids"][:, length:])
    answer = row["labels"][0, length:].tolist()
    assert base.processor.tokenizer.decode(answer[:-1]).strip() == "missing pin"
    assert answer[-1] in encoder.ends
    assert row["attention_mask"].sum() == row["attention_mask"].numel() == length + len(answer)
    for key, value in asked.items():
        if value.is_floating_point():
            assert torch.equal(row[key], value.to(base.model.dtype))


def test_a_batch_gives_each_row_the_loss_that_it_has_alone(root: Path, family: str) -> None:
    base = loaded(root, family)
    encoder = encoder_for(base.model, base.processor, CROPS.get(family))
    chosen = [next(r for r in records(root) if r.target == target) for target in ("missing pin", "No")]
    rows = [encoder.encode(record) for record in chosen]
    assert rows[0]["input_ids"].shape != rows[1]["input_ids"].shape
    collate = Collator(base.processor.tokenizer.pad_token_id, cuts_logits=True)

    def loss(chosen_rows: list[dict[str, torch.Tensor]]) -> float:
        batch = collate(chosen_rows)
        labels = batch.pop("labels")
        with torch.no_grad():
            outputs = base.model(**batch)
        assert outputs.logits.shape[1] == labels.shape[1], "the logits of the prompt are not computed"
        return float(answer_loss(outputs, labels, 1))

    assert loss(rows) == pytest.approx(loss(rows[:1]) + loss(rows[1:]), rel=1e-4)


def test_the_loss_is_that_of_the_model_itself_over_the_answer(root: Path, family: str) -> None:
    base = loaded(root, family)
    encoder = encoder_for(base.model, base.processor, CROPS.get(family))
    row = encoder.encode(records(root)[0])
    batch = Collator(0, cuts_logits=False)([row])
    with torch.no_grad():
        outputs = base.model(**{**batch, "labels": row["labels"]})
    assert float(answer_loss(outputs, batch["labels"])) == pytest.approx(float(outputs.loss), rel=1e-5)


def test_an_answer_ends_with_the_token_with_which_the_template_ends_it(root: Path) -> None:
    base = loaded(root, "golden_phi3v")
    encoder = encoder_for(base.model, base.processor, 1)
    ids = base.processor.tokenizer.convert_tokens_to_ids
    assert {ids("<|end|>"), ids("<|endoftext|>")} <= encoder.ends
    assert encoder.answer_tokens("Is it?", 1, "Yes")[-1] == ids("<|end|>")


def test_a_row_that_exceeds_the_context_is_refused_with_what_to_lower(root: Path) -> None:
    base = loaded(root)
    encoder = dataclasses.replace(encoder_for(base.model, base.processor, None), context=20)
    with pytest.raises(ModelError, match=r"tokens exceed the model's context of 20: lower 'crops'"):
        encoder.encode(records(root)[0])


def test_rows_are_kept_in_memory_only_if_all_of_them_fit(root: Path) -> None:
    base = loaded(root)
    rows = Rows(records(root)[:3], encoder_for(base.model, base.processor, None))
    size = sum(value.nbytes for value in rows[0].values())
    fresh = [rows[i]["input_ids"] for i in range(3)]
    assert rows.keep_within(2 * size, 0) == 0
    assert rows.keep_within(3 * size + 1, 0) > 0
    assert all(torch.equal(rows[i]["input_ids"], fresh[i]) for i in range(3))
    assert rows[0]["pixel_values"].data_ptr() == rows[0]["pixel_values"].data_ptr()


def test_rows_prepared_by_other_processes_are_the_same(root: Path) -> None:
    base = loaded(root)
    made = [Rows(records(root)[:3], encoder_for(base.model, base.processor, None)) for _ in range(2)]
    for rows, workers in zip(made, (0, 2), strict=True):
        rows.keep_within(10**9, workers)
    for i in range(3):
        assert all(torch.equal(made[0][i][key], made[1][i][key]) for key in made[0][i])


def test_what_a_data_loader_cannot_pin_is_pinned_with_its_batch(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    base = loaded(root)
    row = encoder_for(base.model, base.processor, None).encode(records(root)[0])
    pinned: list[torch.Tensor] = []

    def pin(value: torch.Tensor) -> torch.Tensor:
        pinned.append(value)
        return value

    monkeypatch.setattr(torch.Tensor, "pin_memory", pin)
    row["pixel_values"] = row["pixel_values"].to("meta")  # stands for the GPU
    for pins in (False, True):
        batch = Collator(0, cuts_logits=False, pins=pins)([row, row])
        assert len(pinned) == (len(batch) - 1 if pins else 0)


def test_verdict_tokens_are_those_off_which_the_bench_reads_a_verdict(root: Path) -> None:
    base = loaded(root)
    tokens = verdict_tokens(base.processor.tokenizer)
    yes, no = tokens(next(r for r in records(root) if r.question == "verdict"))
    decode: Any = base.processor.tokenizer.decode
    assert {decode([t]).strip().lower()[:1] for t in yes} == {"y"}
    assert {decode([t]).strip().lower()[:1] for t in no} == {"n"}


def test_mllama_takes_no_batches_of_one_and_of_two_pictures() -> None:
    check_pictures(families.of("mllama"), {2})
    check_pictures(families.of("phi3_v"), {1, 2})
    with pytest.raises(ModelError, match="layout = 'stacked'"):
        check_pictures(families.of("mllama"), {1, 2})
