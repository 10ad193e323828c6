"""Gaps between kernels, and where they are read from."""

import pytest

from perf.watch import gaps, idle, spans_of


def test_overlapping_kernels_leave_no_gap() -> None:
    assert gaps([(0.0, 2.0), (1.0, 3.0), (0.5, 1.5), (5.0, 6.0)]) == [2.0]


def test_a_kernel_within_another_hides_no_gap() -> None:
    assert gaps([(0.0, 10.0), (1.0, 2.0), (11.0, 12.0)]) == [1.0]


def test_idle_time_is_summed_between_the_first_kernel_and_the_last() -> None:
    found = idle([(1.0, 2.0), (2.0005, 3.0), (4.0, 5.0)])
    assert found is not None
    assert found.seconds == 4.0
    assert found.share == pytest.approx(1.0005 / 4)
    assert found.long_share == pytest.approx(1.0 / 4)
    assert (found.long_gaps, found.longest, found.kernels) == (1, 1.0, 3)


def test_nothing_is_said_of_a_gpu_that_ran_nothing() -> None:
    assert idle([]) is None


def test_only_kernels_are_read_from_a_trace() -> None:
    events = [
        {"cat": "kernel", "ts": 1_000_000, "dur": 5, "name": "gemm"},
        {"cat": "cuda_runtime", "ts": 1, "dur": 5, "name": "cudaLaunchKernel"},
        {"cat": "gpu_memcpy", "ts": 2, "dur": 5, "name": "copy"},
        {"ph": "M", "name": "process_name"},
    ]
    ((start, end),) = spans_of({"traceEvents": events})
    assert [start, end] == pytest.approx([1.0, 1.000005])
