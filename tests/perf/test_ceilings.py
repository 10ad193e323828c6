"""The two ceilings, measured at a size that a CPU takes in no time."""

from perf.ceilings import measure


def test_both_ceilings_are_rates_of_real_work() -> None:
    found = measure("cpu", size=128, copied=2**20)
    assert (found.size, found.copied, found.dtype) == (128, 2**20, "float32")
    assert 1e7 < found.flops < 1e15
    assert 1e7 < found.bandwidth < 1e14


def test_twice_the_side_takes_longer() -> None:
    small, large = (measure("cpu", size=size, copied=2**12) for size in (64, 512))
    seconds = [2 * each.size**3 / each.flops for each in (small, large)]
    assert seconds[1] > seconds[0]
