"""Weights are found, known to be complete, and identified, without being loaded."""

import json
import os
from fnmatch import fnmatch
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import save_file

from kurabe.models import weights as files
from kurabe.models.weights import (
    Hasher,
    incomplete,
    is_repository,
    locate,
    read_ahead,
    tensor_bytes,
    weight_files,
)


def checkpoint(folder: Path, *shards: str, config: str = "config.json") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / config).write_text("{}", encoding="utf-8")
    for number, shard in enumerate(shards or ("model.safetensors",)):
        save_file({f"w{number}": np.full((8, 8), number, np.float32)}, folder / shard)
    return folder


def index(folder: Path, *shards: str) -> None:
    names = {f"w{number}": shard for number, shard in enumerate(shards)}
    text = json.dumps({"metadata": {}, "weight_map": names})
    (folder / "model.safetensors.index.json").write_text(text, encoding="utf-8")


SHARDS = ("model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors")


# Completeness


def test_whole_checkpoints_lack_nothing(tmp_path: Path) -> None:
    assert incomplete(checkpoint(tmp_path / "one")) == ""
    two = checkpoint(tmp_path / "two", *SHARDS)
    index(two, *SHARDS)
    assert incomplete(two) == ""
    assert [path.name for path in weight_files(two)] == list(SHARDS)
    assert tensor_bytes(two) == sum((two / shard).stat().st_size for shard in SHARDS)
    assert incomplete(checkpoint(tmp_path / "lora", config="adapter_config.json"), "adapter") == ""


def test_all_weights_are_read_ahead_and_what_cannot_be_read_is_left_to_the_loading(tmp_path: Path) -> None:
    two = checkpoint(tmp_path / "two", *SHARDS)
    assert read_ahead(two) == tensor_bytes(two) > 0
    (two / SHARDS[0]).unlink()
    (two / SHARDS[0]).symlink_to("nowhere")
    assert read_ahead(two) == 0


def test_a_folder_of_the_wrong_kind_is_told(tmp_path: Path) -> None:
    folder = checkpoint(tmp_path / "model")
    assert "has no adapter_config.json: it is no adapter" in incomplete(folder, "adapter")
    (tmp_path / "empty").mkdir()
    assert "has no config.json: it is no checkpoint" in incomplete(tmp_path / "empty")


def test_a_folder_without_weights_is_told(tmp_path: Path) -> None:
    folder = checkpoint(tmp_path)
    (folder / "model.safetensors").unlink()
    assert "has no weights: *.safetensors are missing" in incomplete(folder)


@pytest.mark.parametrize("name", ["pytorch_model.bin", "model.pt", "model.pth"])
def test_pickled_weights_are_refused_with_the_way_out(tmp_path: Path, name: str) -> None:
    folder = checkpoint(tmp_path)
    (folder / "model.safetensors").rename(folder / name)
    problem = incomplete(folder)
    assert name in problem
    assert "run code when loaded" in problem
    assert "safe_serialization=True" in problem


def test_pickles_beside_safetensors_do_no_harm(tmp_path: Path) -> None:
    folder = checkpoint(tmp_path)
    (folder / "optimizer.pt").write_bytes(b"pickle")
    assert incomplete(folder) == ""


@pytest.mark.parametrize("kept", [0, 5, 8, 40, -1])
def test_a_shard_that_is_cut_off_is_named(tmp_path: Path, kept: int) -> None:
    folder = checkpoint(tmp_path, *SHARDS)
    shard = folder / SHARDS[1]
    shard.write_bytes(shard.read_bytes()[:kept])
    problem = incomplete(folder)
    assert f"{SHARDS[1]} is cut off ({shard.stat().st_size}" in problem
    assert "fetch it again" in problem


@pytest.mark.parametrize(
    "header", [b"not json", b"[1, 2]", b'{"w": 3}', b'{"w": {"data_offsets": []}}', b"\xff\xfe"]
)
def test_a_file_that_is_no_safetensors_is_named(tmp_path: Path, header: bytes) -> None:
    folder = checkpoint(tmp_path)
    (folder / "model.safetensors").write_bytes(len(header).to_bytes(8, "little") + header + bytes(64))
    assert "model.safetensors is no safetensors file" in incomplete(folder)


def test_a_missing_shard_is_named_by_the_index(tmp_path: Path) -> None:
    folder = checkpoint(tmp_path, SHARDS[0])
    index(folder, *SHARDS)
    problem = incomplete(folder)
    assert f"lacks {SHARDS[1]}, which model.safetensors.index.json names" in problem
    assert SHARDS[0] not in problem


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"weight_map": []}', '{"weight_map": null}'])
def test_a_damaged_index_is_named(tmp_path: Path, text: str) -> None:
    folder = checkpoint(tmp_path)
    (folder / "model.safetensors.index.json").write_text(text, encoding="utf-8")
    assert "model.safetensors.index.json is damaged" in incomplete(folder)


# Places


@pytest.mark.parametrize(
    ("source", "can_be"),
    [
        ("owner/name", True),
        ("a-b.c/d_e", True),
        ("name", False),
        ("a/b/c", False),
        ("./name", True),
        ("", False),
    ],
)
def test_which_names_can_be_a_repositorys(source: str, can_be: bool) -> None:
    assert is_repository(source) == can_be


def test_a_folder_is_found_relative_to_the_models_file_and_by_its_full_path(tmp_path: Path) -> None:
    folder = checkpoint(tmp_path / "checkpoints" / "tiny")
    for source in ("checkpoints/tiny", str(folder)):
        found = locate(source, None, tmp_path)
        assert (found.source, found.folder, found.revision) == (source, folder, None)
        assert (found.problem, found.fetchable) == ("", False)


def test_a_folder_that_lacks_something_says_what(tmp_path: Path) -> None:
    (tmp_path / "checkpoints" / "tiny").mkdir(parents=True)
    found = locate("checkpoints/tiny", None, tmp_path)
    assert "has no config.json" in found.problem
    assert not found.fetchable


def test_a_folder_that_is_not_there_cannot_be_fetched(tmp_path: Path) -> None:
    for source in ("checkpoints/tiny/deep", "tiny", "/no/where"):
        found = locate(source, None, tmp_path)
        assert (found.folder, found.fetchable) == (None, False)
        assert f"there is no folder {tmp_path / source}" in found.problem


@pytest.fixture
def hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache of the hub's client."""
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path / "hub"))
    return tmp_path / "hub"


def test_a_repository_that_is_not_on_this_machine_can_be_fetched(tmp_path: Path, hub: Path) -> None:
    found = locate("owner/name", "v1", tmp_path)
    assert (found.folder, found.revision, found.fetchable) == (None, "v1", True)
    assert "kurabe models --fetch NAME" in found.problem


def test_a_repository_in_the_hubs_cache_is_found_with_its_commit(
    tmp_path: Path, hub: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import huggingface_hub.constants

    monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_CACHE", str(hub))  # read when it was imported
    commit = "0123456789abcdef0123456789abcdef01234567"
    home = hub / "models--owner--name"
    snapshot = checkpoint(home / "snapshots" / commit)
    (home / "refs").mkdir()
    (home / "refs" / "main").write_text(commit, encoding="utf-8")
    found = locate("owner/name", None, tmp_path)
    assert found.problem == ""
    assert (found.folder, found.revision, found.fetchable) == (snapshot, commit, False)
    (snapshot / "model.safetensors").unlink()
    assert "has no weights" in locate("owner/name", commit, tmp_path).problem


# Hashes


def test_a_file_is_hashed_once_and_again_when_it_changes(tmp_path: Path) -> None:
    path = tmp_path / "a.bin"
    path.write_bytes(b"one")
    hasher = Hasher(tmp_path / "cache" / "hashes.json")
    first = hasher.file(path)
    assert first == "7692c3ad3540bb803c020b3aee66cd8887123234ea0c6e7143c0add73ff431ed"  # sha256sum
    path.write_bytes(b"three")
    assert hasher.file(path) != first
    path.write_bytes(b"two")  # as long as "one", written at another time
    os.utime(path, ns=(1, 1))
    assert len({first, hasher.file(path)}) == 2


def test_hashes_are_remembered_between_sessions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, memory = tmp_path / "a.bin", tmp_path / "cache" / "hashes.json"
    monkeypatch.setattr(files, "_SMALL_BYTES", 2)
    path.write_bytes(b"one" * 2**17)
    first = Hasher(memory).file(path)
    monkeypatch.setattr(files, "_digest", lambda path: "taken again")
    assert Hasher(memory).file(path) == first
    assert Hasher(None).file(path) == "taken again"
    assert list(memory.parent.iterdir()) == [memory]


@pytest.mark.parametrize("small", [2, 2**20])
def test_a_file_that_was_swapped_is_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, small: int) -> None:
    monkeypatch.setattr(files, "_SMALL_BYTES", small)
    path, memory = tmp_path / "a.bin", tmp_path / "hashes.json"
    path.write_bytes(b"one" * 2**17)
    os.utime(path, ns=(5, 5))
    first = Hasher(memory).file(path)
    path.write_bytes(b"two" * 2**17)
    os.utime(path, ns=(5, 5))  # size and time are as before
    assert Hasher(memory).file(path) != first


@pytest.mark.parametrize("text", ["", "{", "[]", '"x"', "null"])
def test_a_damaged_memory_is_forgotten(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    (tmp_path / "a.bin").write_bytes(b"one")
    (tmp_path / "hashes.json").write_text(text, encoding="utf-8")
    monkeypatch.setattr(files, "_SMALL_BYTES", 2)
    assert Hasher(tmp_path / "hashes.json").file(tmp_path / "a.bin") == Hasher(None).file(tmp_path / "a.bin")
    assert len(json.loads((tmp_path / "hashes.json").read_text(encoding="utf-8"))) == 1


def test_a_folders_hash_depends_on_names_and_contents_that_matter(tmp_path: Path) -> None:
    folder = checkpoint(tmp_path / "a")
    first = Hasher(None).folder(folder)
    (folder / "README.md").write_text("a card", encoding="utf-8")
    (folder / ".gitattributes").write_text("x", encoding="utf-8")
    (folder / "sub").mkdir()
    assert Hasher(None).folder(folder) == first
    assert Hasher(None).folder(checkpoint(tmp_path / "same")) == first
    (folder / "config.json").write_text('{"a": 1}', encoding="utf-8")
    changed = Hasher(None).folder(folder)
    (folder / "config.json").rename(folder / "konfig.json")
    assert len({first, changed, Hasher(None).folder(folder)}) == 3


def test_neither_code_nor_pickles_are_fetched() -> None:
    names = ["modeling_phi3_v.py", "pytorch_model.bin", "model.pt", "model.pth", "training_args.bin", "m.pkl"]
    assert not [name for name in names for pattern in files._WANTED if fnmatch(name, pattern)]
    needed = ["config.json", "model-00001-of-00002.safetensors", "tokenizer.model", "chat_template.jinja"]
    assert all(any(fnmatch(name, pattern) for pattern in files._WANTED) for name in needed)


@pytest.mark.parametrize("source", ["x" * 300, f"{'o' * 200}/{'n' * 200}", "~nobody-at-all/adapter"])
def test_a_source_that_no_file_system_holds_is_not_there(tmp_path: Path, source: str) -> None:
    found = locate(source, None, tmp_path, "adapter")
    assert (found.folder, bool(found.problem)) == (None, True)
