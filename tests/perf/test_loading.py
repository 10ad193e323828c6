"""The measurement of loading and switching, run with the tiny checkpoint on the CPU."""

import gc
import mmap
from pathlib import Path

from perf import loading, speed_page


def test_every_step_leaves_its_figures(tmp_path: Path) -> None:
    found = loading.main(["--cpu", "--out", str(tmp_path / "figures.json")])
    assert found["write"]["adapter_mib"] > 0
    assert found["load"]["first"]["seconds"] > 0
    # The weights are in memory afterwards, and not twice.
    assert found["load"]["again"]["host_gib"] < 2.5 * found["write"]["checkpoint_gib"]
    assert 0 < found["switch"]["median_milliseconds"] <= found["switch"]["slowest_milliseconds"]
    assert found["overlap"]["loading_alone_seconds"] > 0
    assert "Switching between two adapters" in speed_page.loading(found)


def test_memory_that_is_taken_meanwhile_is_seen() -> None:
    gc.collect()  # else what earlier tests left may go meanwhile
    with loading.Memory() as memory:
        # From the system: the allocator may have as much left over from earlier tests.
        taken = mmap.mmap(-1, 64 * 2**20, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
        for place in range(0, len(taken), 4096):
            taken[place] = 1
    taken.close()
    assert memory.own is not None
    assert 50 * 2**20 < memory.own < 500 * 2**20
