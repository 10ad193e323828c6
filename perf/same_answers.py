"""Whether two runs answered the same: ``uv run python -m perf.same_answers OLD NEW``.

Compares the ``results.jsonl`` of two run folders: which trials both have, whether words, verdicts, outcomes
and boxes are equal, and by how much P(different) differs at most. Exits with 1 if anything but the last bits
of P differs.
"""

import argparse
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

PLACES = 1e-6
"""The most by which P(different) may differ: sums of float32 in another order."""

EQUAL = ("text", "verdict", "outcome", "expected", "error", "tokens_in", "tokens_out", "prompt", "boxes")
"""What must be equal to the letter."""

Results = Mapping[str, Mapping[str, Any]]


def results_of(run: Path) -> Results:
    """Return the results of a run by the trial's id."""
    lines = (run / "results.jsonl").read_text(encoding="utf-8").splitlines()
    return {record["trial"]: record for record in map(json.loads, lines)}


def differences(old: Results, new: Results) -> list[str]:
    """Return a sentence for each trial that only one run has or that was answered differently."""
    found = [f"{trial}: only in the old run" for trial in old if trial not in new]
    found += [f"{trial}: only in the new run" for trial in new if trial not in old]
    for trial, before in old.items():
        after = new.get(trial, before)
        for key in EQUAL:
            if before.get(key) != after.get(key):
                found.append(f"{trial}: {key} was {before.get(key)!r} and is {after.get(key)!r}")
        if gap(before, after) > PLACES:
            found.append(f"{trial}: P(different) was {before['p_different']} and is {after['p_different']}")
    return found


def gap(before: Mapping[str, Any], after: Mapping[str, Any]) -> float:
    """Return by how much P(different) differs; infinity where only one answer has it."""
    old, new = before["p_different"], after["p_different"]
    if old is None or new is None:
        return 0.0 if old is new else float("inf")
    return float(abs(old - new))


def main() -> None:
    """Compare the two runs that the command line names."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("old", type=Path, help="folder of a run")
    parser.add_argument("new", type=Path, help="folder of a run")
    chosen = parser.parse_args()
    old, new = results_of(chosen.old), results_of(chosen.new)
    found = differences(old, new)
    for sentence in found[:50]:
        print(sentence)
    both = old.keys() & new.keys()
    largest = max((gap(old[trial], new[trial]) for trial in both), default=0.0)
    print(f"{len(both)} trials in both runs, {len(found)} differences; P differs by {largest:.1e} at most")
    sys.exit(bool(found))


if __name__ == "__main__":
    main()
