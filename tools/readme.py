"""Write the figures of ``perf/results`` into README.md: ``uv run python tools/readme.py``.

What stands between a pair of marks ``<!-- NAME -->`` and ``<!-- end -->`` is made anew; a test keeps it true.
"""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent


def _results(name: str) -> Any:
    return json.loads((ROOT / "perf" / "results" / f"{name}.json").read_text(encoding="utf-8"))


def _figure(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}"


def pixel_diff() -> str:
    """Return the table of `pixel-diff` on real pairs."""
    lines = [
        "| pairs | n | balanced accuracy | box precision | box recall | exact count |",
        "|---|---|---|---|---|---|",
    ]
    for group in _results("pixel_diff")["groups"]:
        figures = (group[key] for key in ("balanced_accuracy", "box_precision", "box_recall", "exact_count"))
        lines.append(f"| {group['group']} | {group['pairs']} | {' | '.join(map(_figure, figures))} |")
    return "\n".join(lines)


def fullsize() -> str:
    """Return the table of memory at full size."""
    lines = ["| model | weights | peak, one pair | peak, batches of 32 |", "|---|---|---|---|"]
    names = {
        "phi": "Phi-3.5-vision (4.15 B), 4 crops",
        "mllama": "Llama-3.2-11B-Vision (10.67 B)",
    }
    record = _results("fullsize")
    for family, name in names.items():
        found = record[family]
        peaks = [found[f"batch_{batch}"]["differences"]["peak_gib"] for batch in (1, 32)]
        cells = [f"{size:.1f} GiB" for size in (found["weights_gib"], *peaks)]
        lines.append(f"| {name} | {' | '.join(cells)} |")
    return "\n".join(lines)


def memory() -> str:
    """Return the sentence about speed and memory of the bench's own loops."""
    found = [_results(f"throughput_{family}") for family in ("phi", "mllama")]
    assert len({record["card"] for record in found}) == 1
    (phi, phi_words), (llama, llama_words) = (
        [record[question]["warm"] for question in ("verdict", "words")] for record in found
    )
    rates = [f"{warm['pairs_per_second']:.1f}" for warm in (phi, phi_words, llama, llama_words)]
    peaks = [f"{warm['peak_gib']:.1f} GiB" for warm in (phi_words, llama_words)]
    return (
        f"On one {found[0]['card']}, Phi-3.5-vision then gives {rates[0]} verdicts or {rates[1]} answers of "
        f"64 tokens a second, Llama-3.2-11B-Vision {rates[2]} or {rates[3]}; words take at most {peaks[0]} "
        f"and {peaks[1]}."
    )


def collection() -> str:
    """Return the sentence about the bench's own cost."""
    found = _results("collection")
    return (
        f"{found['cases']:,} cases are collected in {found['collection_seconds']:.1f} s and "
        f"{found['collection_peak_mb']} MB; a trial costs {found['milliseconds_per_trial']:.1f} ms besides "
        f"the model, pytest included; the shipped suites are collected in "
        f"{found['collect_shipped_suites_seconds']:.1f} s."
    )


def default_run() -> str:
    """Return the sentence about the first run, and its leaderboard of verdicts."""
    found = _results("default_run")
    asked, there = found["fewer"] or (None, None)
    some = f", on {asked} of the suite's {there} cases" if asked else ""
    lines = [
        f"{found['trials']} trials in {found['seconds']:.0f} s on {found['cpus']} cores without a GPU{some}:",
        "",
        "| model | variant | n | balanced accuracy | overkill | miss |",
        "|---|---|---|---|---|---|",
    ]
    for row in found["leaderboard"]:
        if row["question"] != "verdict":
            continue
        low, high = row["balanced_accuracy_lo"], row["balanced_accuracy_hi"]
        interval = "" if low is None else f" [{low:.2f}, {high:.2f}]"
        cells = [f"{_figure(row['balanced_accuracy'])}{interval}"]
        cells += [_figure(row[key]) for key in ("overkill_rate", "miss_rate")]
        lines.append(f"| `{row['model']}` | {row['variant']} | {row['n']} | {' | '.join(cells)} |")
    return "\n".join(lines)


PARTS: dict[str, Callable[[], str]] = {
    "default-run": default_run,
    "pixel-diff": pixel_diff,
    "fullsize": fullsize,
    "memory": memory,
    "collection": collection,
}


def renewed(text: str) -> str:
    """Return README's text with all figures made anew."""
    for name, make in PARTS.items():
        pattern = rf"(<!-- {name} -->\n).*?(\n<!-- end -->)"
        made = make()
        text, count = re.subn(pattern, rf"\g<1>{made}\g<2>", text, flags=re.DOTALL)
        if count != 1:
            raise SystemExit(f"README.md must hold the mark <!-- {name} --> once, not {count} times")
    return text


def main() -> None:
    """Rewrite README.md."""
    path = ROOT / "README.md"
    path.write_text(renewed(path.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
