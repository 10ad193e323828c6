"""Records prepared for several trainings: shared rows are those that a training would encode itself."""

from pathlib import Path
from typing import Any

import pytest
import torch

from kurabe.cases import suites
from kurabe.finetune.encoding import encoder_for
from scenes.__main__ import load
from scenes.suite import write
from training import prepared
from training.tiny import phi3v


def test_rows_with_shared_pictures_are_those_that_are_encoded_one_by_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    base: Any = type(
        "Base", (), dict(zip(("model", "processor"), phi3v(prepared.ROOT / "cases"), strict=True))
    )
    write(load("connector", 2, 1), tmp_path, 1)
    suite = suites.read([tmp_path / "connector.yaml"]).good[0]
    monkeypatch.setattr(prepared, "VARIANTS", ("raw",))
    made, amount = prepared.prepare([(suite, "shapes")], 1, base.model, base.processor, tmp_path / "pictures")
    prepared.take_up(made, tmp_path / "pictures", amount)
    encoder = encoder_for(base.model, base.processor, None, spots=True)
    rows = prepared.SharedRows(made.records, encoder)
    seen: list[torch.Tensor] = []
    embedding = base.model.model.vision_embed_tokens
    prepared.normalising(base.model, base.processor)
    embedding.register_forward_pre_hook(lambda _module, arguments: seen.append(arguments[0]))
    told = set()
    for number, record in enumerate(made.records):
        row, expected = rows[number], encoder.encode(record)
        assert row.keys() == expected.keys()
        assert all(torch.equal(row[key], expected[key]) for key in row if key != "pixel_values")
        embedding(row["pixel_values"], [(2, 2)] * len(row["pixel_values"]))
        torch.testing.assert_close(seen.pop(), expected["pixel_values"])
        told |= set(row["spots"].unique().tolist())
    assert told == {-100, 0, 1}
