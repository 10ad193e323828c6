"""Gaps between kernels, and where they are read from."""

import pytest

from perf.watch import by_kind, gaps, idle, longest_gaps, named_spans


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
    ((name, (start, end)),) = named_spans({"traceEvents": events})
    assert name == "gemm"
    assert [start, end] == pytest.approx([1.0, 1.000005])


def test_kernels_are_summed_by_what_their_names_say() -> None:
    spans = [
        ("nvjet_tst_128x256", (0.0, 2.0)),
        ("nvjet_tst_128x256", (3.0, 4.0)),
        ("cudnn_sdpa_sm90_flash_fprop", (4.0, 4.5)),
        ("triton_poi_fused_silu", (5.0, 5.25)),
    ]
    found = by_kind(spans, most=1)
    assert found["milliseconds"] == {
        "matrix products": 3000.0,
        "attention": 500.0,
        "fused elementwise": 250.0,
    }
    assert found["slowest"] == [{"kernel": "nvjet_tst_128x256", "milliseconds": 3000.0, "times": 2}]


def test_the_longest_gaps_are_named_by_what_is_around_them() -> None:
    spans = [("c", (5.0, 6.0)), ("a", (1.0, 4.0)), ("b", (2.0, 3.0)), ("d", (6.5, 7.0))]
    assert longest_gaps(spans, most=1) == [{"at": 3.0, "milliseconds": 1000.0, "after": "a", "before": "c"}]
    assert len(longest_gaps(spans)) == 2
    assert longest_gaps([]) == []
