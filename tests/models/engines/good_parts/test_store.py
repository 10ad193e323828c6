"""What was learned is kept, never wrong, and never too much."""

import os
from pathlib import Path

import numpy as np
import pytest

from kurabe.models.engines.good_parts.store import Store

NAMES = frozenset({"values"})


def files(folder: Path) -> list[Path]:
    return sorted(folder.glob("*"))


def test_arrays_come_back_for_their_key_and_identity_alone(tmp_path: Path) -> None:
    values = np.arange(6, dtype=np.float16).reshape(2, 3)
    Store(tmp_path / "new", "one").put(("a", "b"), {"values": values})
    found = Store(tmp_path / "new", "one").get(("a", "b"), NAMES)
    assert found is not None
    assert found["values"].dtype == np.float16
    np.testing.assert_array_equal(found["values"], values)
    assert Store(tmp_path / "new", "one").get(("ab",), NAMES) is None
    assert Store(tmp_path / "new", "other").get(("a", "b"), NAMES) is None


@pytest.mark.parametrize("damage", ["cut", "flip", "empty", "text"])
def test_a_damaged_file_is_made_again(tmp_path: Path, damage: str) -> None:
    store, values = Store(tmp_path, "one"), np.arange(1000.0)
    store.put(("a",), {"values": values})
    (path,) = files(tmp_path)
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 0xFF
    changed = {"cut": bytes(data[:3000]), "flip": bytes(data), "empty": b"", "text": b"no archive"}[damage]
    path.write_bytes(changed)
    assert store.get(("a",), NAMES) is None
    assert files(tmp_path) == []
    store.put(("a",), {"values": values})
    assert store.get(("a",), NAMES) is not None


def test_those_not_used_for_longest_leave(tmp_path: Path) -> None:
    for number in range(10):
        Store(tmp_path, "one").put((number,), {"values": np.zeros(1000)})
        for age, path in enumerate(sorted(files(tmp_path), key=lambda path: -path.stat().st_mtime)):
            os.utime(path, (1e9 - 100 * age, 1e9 - 100 * age))
    store = Store(tmp_path, "one", limit=40_000)
    assert store.get((0,), NAMES) is not None  # used now, so that it stays
    store.put((10,), {"values": np.zeros(1000)})
    kept = [number for number in range(11) if store.get((number,), NAMES) is not None]
    assert sum(path.stat().st_size for path in files(tmp_path)) <= 40_000
    assert kept[0] == 0
    assert kept[-1] == 10
    assert len(kept) == 4


def test_a_folder_that_cannot_be_written_is_done_without(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    store = Store(tmp_path / "file" / "folder", "one")
    store.put(("a",), {"values": np.zeros(3)})
    assert store.get(("a",), NAMES) is None
