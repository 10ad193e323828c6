"""Freed memory stays with a process that computes."""

import platform
import subprocess
import sys

import pytest

PROGRAM = """
import resource, sys
import numpy as np
from kurabe.models.host_memory import keep_freed

if sys.argv[1] == "kept":
    assert keep_freed()
    assert keep_freed()

def faults():
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt

def compute():
    made = [np.full(3 * 2**20, 1.0) for _ in range(3)]  # 24 MiB each
    del made

compute()
before = faults()
for _ in range(20):
    compute()
print(faults() - before)
"""


def page_faults(how: str) -> int:
    return int(subprocess.check_output([sys.executable, "-c", PROGRAM, how], text=True))


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="other C libraries have no such settings")
def test_memory_that_was_freed_is_not_taken_anew() -> None:
    plain, kept = page_faults("plain"), page_faults("kept")
    # 20 times 72 MiB are 368,640 pages of 4 KiB, or 720 of 2 MiB.
    assert plain > 5 * kept + 200
