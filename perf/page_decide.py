"""How long the page takes to open, and its slider to follow: ``uv run python -m perf.page_decide [TRIALS]``.

The trials are drawn: one row of 10,000 and others up to as many as are asked for, without pictures.
``--page FILE`` measures a page that is there, such as one that another version wrote of the same run.
"""

import argparse
import random
import statistics
import tempfile
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

from kurabe.report.page.render import write_page
from kurabe.results.record import Record
from kurabe.results.run import Run
from tests.support.browser import COMPLETE, HOW, QUIET, READY, chromium

ROW = 10_000
MOVES = 60
_MOVE = """async (moves) => {
    const slider = document.getElementById("decide-at");
    const times = [];
    for (let move = 0; move < moves; move++) {
        slider.value = String(Math.round((slider.max * ((move * 37) % moves)) / moves));
        const start = performance.now();
        slider.dispatchEvent(new Event("input", { bubbles: true }));
        document.getElementById("decide").getBoundingClientRect();
        times.push(performance.now() - start);
        await new Promise((done) => requestAnimationFrame(done));
    }
    return times;
}"""


def drawn(trials: int) -> list[Record]:
    """Draw trials: the first 10,000 of one model, the others of models with 1,000 each."""
    chance = random.Random(0)
    made = []
    for place in range(trials):
        case, model = (place, 0) if place < ROW else (place % 1000, place // 1000)
        bad = chance.random() < 0.5
        p = min(1.0, max(0.0, chance.gauss(0.65 if bad else 0.35, 0.2)))
        truth: Any = "different" if bad else "same"
        said: Any = "different" if p >= 0.5 else "same"
        made.append(
            Record(
                trial=f"drawn/c{case}-verdict-raw-model-{model}", suite="drawn", case=f"drawn/c{case}",
                reference=f"{case // 4:032x}", question="verdict", variant="raw", layout="stacked",
                model=f"model-{model}", control=False, swapped=False, repeat=0, expected=truth,
                expected_verdict=truth, text=f"The pictures are {said}.", verdict=said, p_different=p,
                outcome="correct" if said == truth else "wrong", seconds=0.1, rule=f"verdict: {said}",
            )
        )  # fmt: skip
    return made


def write_run(folder: Path, trials: int) -> Run:
    """Write drawn trials as a run."""
    folder.mkdir(parents=True)
    run = Run(folder)
    for record in drawn(trials):
        run.append(record)
    run.close()
    return run


def measure(path: Path, times: int) -> dict[str, float]:
    """Print how long a page takes to show its first figures and all of them, and its slider to follow.

    Returns:
        The median seconds until the first figures and until all of them are there, by the page's mark.
    """
    with sync_playwright() as playwright:
        found = chromium(playwright)
        if found is None:
            raise SystemExit(HOW)
        browser = playwright.chromium.launch(executable_path=found, args=QUIET)
        shown: dict[str, list[float]] = {READY: [], COMPLETE: []}
        for _ in range(times):
            page = browser.new_page(viewport={"width": 1280, "height": 800})
            page.set_default_timeout(120_000)
            page.goto(path.as_uri(), wait_until="commit")
            for wait, seconds in shown.items():
                page.wait_for_selector(wait, state="attached")
                seconds.append(page.evaluate("() => performance.now() / 1000"))
        for wait, seconds in shown.items():
            print(f"{wait}: {statistics.median(seconds):.2f} s (median of {times})")
        if page.locator("#decide-at").count():
            page.wait_for_timeout(1000)
            moves = sorted(page.evaluate(_MOVE, MOVES))
            print(f"slider: median {statistics.median(moves):.1f} ms, slowest {moves[-1]:.1f} ms")
        browser.close()
    return {wait: statistics.median(seconds) for wait, seconds in shown.items()}


def main() -> None:
    """Write a page of drawn trials and measure it, or one that is there."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("trials", type=int, nargs="?", default=50_000)
    parser.add_argument("--page", type=Path)
    parser.add_argument("--times", type=int, default=3)
    asked = parser.parse_args()
    if asked.page:
        measure(asked.page.resolve(), asked.times)
        return
    with tempfile.TemporaryDirectory() as folder:
        run = write_run(Path(folder) / "reports" / "runs" / "20260101-000000", asked.trials)
        measure(write_page(run, run.folder), asked.times)


if __name__ == "__main__":
    main()
