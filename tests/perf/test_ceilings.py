"""The two ceilings, measured at a size that a CPU takes in no time."""

import pytest

from perf import ceilings
from perf.ceilings import measure


def test_both_ceilings_are_rates_of_real_work() -> None:
    found = measure("cpu", size=128, copied=2**20)
    assert (found.size, found.copied, found.dtype) == (128, 2**20, "float32")
    assert 1e7 < found.flops < 1e15
    assert 1e7 < found.bandwidth < 1e14


def test_a_product_counts_two_operations_a_term_and_a_copy_reads_and_writes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(ceilings, "_product", lambda *_: 0.5)
    monkeypatch.setattr(ceilings, "_copy", lambda *_: 0.25)
    found = measure("cpu", size=64, copied=1000)
    assert (found.flops, found.bandwidth) == (4 * 64**3, 8000)
