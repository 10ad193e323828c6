"""Weights that are read before transformers is there make the same model as those that it reads itself."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch

from kurabe.common.errors import ModelError
from kurabe.models import config
from kurabe.models.config import LocalSettings
from kurabe.models.engines.local import early
from kurabe.models.engines.local.checkpoint import Base
from kurabe.models.engines.local.loaded import Loaded
from kurabe.models.registry import Registry
from tests.support import checkpoints

BUILDERS: dict[str, Callable[..., Path]] = {
    "llava": checkpoints.llava,
    "mllama": checkpoints.golden_mllama,
    "phi3v": checkpoints.golden_phi3v,
    "qwen2_vl": checkpoints.qwen2_vl,
}


def load(folder: Path, checkpoint: Path) -> Loaded:
    entry = ["[models.tiny]", 'engine = "local"', f"checkpoint = {json.dumps(str(checkpoint))}"]
    path = folder / "models.toml"
    path.write_text("\n".join([*entry, 'device = "cpu"']), encoding="utf-8")
    engine: Any = Registry(config.read(path)).ready("tiny")
    loaded: Loaded = engine.base.loaded
    return loaded.whole()


def begin_here(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any] | None]:
    """Read early on the CPU, too; return what is read."""
    seen: list[dict[str, Any] | None] = []

    class Watched(early.Early):
        def tensors(self) -> dict[str, Any] | None:
            seen.append(super().tensors())
            return seen[-1]

    def begin(folder: Path, device: str) -> early.Early:
        return Watched(early.read_by_transformers(folder), torch.device(device))

    monkeypatch.setattr(early, "begin", begin)
    return seen


def shard(folder: Path) -> None:
    """Cut a checkpoint's file in two."""
    from safetensors.torch import load_file, save_file

    tensors = load_file(folder / "model.safetensors")
    (folder / "model.safetensors").unlink()
    places: dict[str, str] = {}
    for number in range(2):
        part = {name: tensors[name] for name in sorted(tensors)[number::2]}
        name = f"model-0000{number + 1}-of-00002.safetensors"
        save_file(part, folder / name, metadata={"format": "pt"})
        places |= dict.fromkeys(part, name)
    index = {"metadata": {}, "weight_map": places}
    (folder / "model.safetensors.index.json").write_text(json.dumps(index), encoding="utf-8")


def generation(loaded: Loaded) -> dict[str, Any]:
    """Return how a model generates, without what is noted about the file."""
    about = ("_original_object_hash", "transformers_version")
    return {key: value for key, value in vars(loaded.model.generation_config).items() if key not in about}


@pytest.mark.parametrize("sharded", [False, True])
@pytest.mark.parametrize("family", sorted(BUILDERS))
def test_the_model_is_the_same(
    family: str, sharded: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    checkpoint = BUILDERS[family](tmp_path / family)
    if sharded:
        shard(checkpoint)
    usual = Base(LocalSettings(checkpoint=str(checkpoint), device="cpu"), tmp_path).load()
    seen = begin_here(monkeypatch)
    found = load(tmp_path, checkpoint)
    assert [bool(each) for each in seen] == [True]
    before, after = usual.model.state_dict(), found.model.state_dict()
    assert list(before) == list(after)
    for name, tensor in before.items():
        assert tensor.dtype == after[name].dtype
        assert torch.equal(tensor, after[name])
    for (name, buffer), (other, same) in zip(
        usual.model.named_buffers(), found.model.named_buffers(), strict=True
    ):
        assert name == other
        assert torch.equal(buffer, same)
    assert generation(usual) == generation(found)
    assert usual.model.config.to_dict() == found.model.config.to_dict()
    assert usual.model.name_or_path == found.model.name_or_path
    assert type(usual.model) is type(found.model)
    assert (usual.attention, usual.unexpected) == (found.attention, found.unexpected)
    assert usual.model.training == found.model.training


def test_missing_tensors_are_told_alike(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from safetensors.torch import load_file, save_file

    checkpoint = checkpoints.golden_phi3v(tmp_path / "phi3v")
    tensors = load_file(checkpoint / "model.safetensors")
    tensors.pop(sorted(tensors)[0])
    save_file(tensors, checkpoint / "model.safetensors", metadata={"format": "pt"})
    with pytest.raises(ModelError) as usual:
        load(tmp_path, checkpoint)
    begin_here(monkeypatch)
    with pytest.raises(ModelError) as found:
        load(tmp_path, checkpoint)
    assert str(found.value) == str(usual.value)


def test_what_cannot_be_read_is_left_to_the_usual_loading(tmp_path: Path) -> None:
    broken = tmp_path / "model.safetensors"
    broken.write_bytes(b"no tensors")
    for path in (broken, tmp_path / "absent.safetensors"):
        assert early.Early([path], torch.device("cpu")).tensors() is None


def test_only_files_that_transformers_reads_are_read(tmp_path: Path) -> None:
    checkpoint = checkpoints.golden_phi3v(tmp_path / "phi3v")
    single = checkpoint / "model.safetensors"
    (checkpoint / "consolidated.safetensors").write_bytes(single.read_bytes())
    assert early.read_by_transformers(checkpoint) == [single]
    assert early.begin(checkpoint, "cpu") is None
    described = json.loads((checkpoint / "config.json").read_text(encoding="utf-8"))
    described["quantization_config"] = {"quant_method": "fp8"}
    (checkpoint / "config.json").write_text(json.dumps(described), encoding="utf-8")
    assert early.read_by_transformers(checkpoint) == []
    assert early.read_by_transformers(tmp_path / "nowhere") == []
