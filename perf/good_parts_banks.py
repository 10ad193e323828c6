"""How much ``good-parts`` depends on its good parts: ``uv run python -m perf.good_parts_banks GOOD BAD``.

Two folders of photographs of one product, good parts and bad ones. Some good parts are drawn as the bank; the
others and the bad ones are judged by it. Writes ``perf/results/good_parts_banks.json``, a row for each draw,
and a table into ``docs/background/good-parts.md``.

What is in the docs was measured on the alien figures of Amazon Lookout for Vision's examples (``normal`` and
``anomaly``). 24 of the 60 bad ones and ten of the 58 good ones are in the pairs of ``perf.good_parts``, which
the settings were chosen on; how surely parts are laid, and what an outlier counts, was decided on these.
"""

import argparse
import json
import random
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from kurabe.common.request import Picture
from kurabe.imaging.content import content_id
from kurabe.imaging.load import load_image
from kurabe.models.engines.good_parts.backbone import Backbone, weights_file
from kurabe.models.engines.good_parts.bank import Banks
from kurabe.models.engines.good_parts.settings import GoodPartsSettings
from kurabe.models.engines.good_parts.store import Store
from kurabe.report.statistics import auroc

ROOT = Path(__file__).resolve().parent.parent
FIGURES = ROOT / "perf" / "results" / "good_parts_banks.json"
PAGE = ROOT / "docs" / "background" / "good-parts.md"
ENDINGS = (".png", ".jpg", ".jpeg")


def parts(folder: Path) -> list[Picture]:
    """Return the pictures of a folder, by name."""
    found = []
    for path in sorted(each for each in folder.iterdir() if each.suffix.lower() in ENDINGS):
        image = load_image(path)
        found.append(Picture(content_id(image), lambda image=image: image))  # type: ignore[misc]
    return found


def draws(
    good: Sequence[Picture], bad: Sequence[Picture], sizes: Sequence[int], times: int, tests: int
) -> Iterator[dict[str, Any]]:
    """Judge by banks drawn at random; yield a row for each.

    Args:
        good: Good parts.
        bad: Bad ones.
        sizes: Good parts in a bank.
        times: Banks drawn of each size.
        tests: Parts judged at most, of either kind.

    Raises:
        SystemExit: If there are no weights.
    """
    settings = GoodPartsSettings()
    weights = weights_file(settings, ROOT)
    if isinstance(weights, str):
        raise SystemExit(weights)
    backbone = Backbone(weights, settings)
    chance = random.Random(1)
    for size in sizes:
        for _ in range(times):
            bank = chance.sample(good, size)
            others = [part for part in good if part not in bank]
            asked = [(part, False) for part in chance.sample(others, min(tests, len(others)))]
            asked += [(part, True) for part in chance.sample(bad, min(tests, len(bad)))]
            banks = Banks(backbone, settings, Store(None, ""))
            judged = [banks.judge(part, bank) for part, _ in asked]
            ratio = np.array([each.score / each.threshold for each in judged])
            is_bad = np.array([bad for _, bad in asked])
            caught, passed = (ratio[is_bad] >= 1).mean(), (ratio[~is_bad] < 1).mean()
            yield {
                "bank": size,
                "good": int((~is_bad).sum()),
                "bad": int(is_bad.sum()),
                "auroc": round(auroc(is_bad, ratio) or 0.0, 3),
                "balanced_accuracy": round(float(caught + passed) / 2, 3),
                "miss": round(1 - float(caught), 3),
                "overkill": round(1 - float(passed), 3),
            }


def table_of(rows: Sequence[dict[str, Any]]) -> str:
    """Return means over the draws of each size as a table in Markdown, with the least and the greatest."""

    def told(name: str, of: Sequence[dict[str, Any]]) -> str:
        values = [row[name] for row in of]
        return f"{np.mean(values):.2f} ({min(values):.2f} to {max(values):.2f})"

    names = ("auroc", "balanced_accuracy", "miss", "overkill")
    lines = [
        "| good parts | draws | AUROC | balanced accuracy | miss | overkill |",
        "|---|---|---|---|---|---|",
    ]
    for size in sorted({row["bank"] for row in rows}):
        of = [row for row in rows if row["bank"] == size]
        lines.append(f"| {size} | {len(of)} | {' | '.join(told(name, of) for name in names)} |")
    return "\n".join(lines)


def renewed(text: str, rows: Sequence[dict[str, Any]]) -> str:
    """Return the page with the table of these rows."""
    inner = f"<!-- banks -->\n{table_of(rows)}\n<!-- end -->"
    return re.sub("<!-- banks -->.*?<!-- end -->", lambda _: inner, text, flags=re.DOTALL)


def main() -> None:
    """Measure, print and record."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("good", type=Path)
    parser.add_argument("bad", type=Path)
    parser.add_argument("--sizes", type=int, nargs="+", default=[6, 12, 24])
    parser.add_argument("--times", type=int, default=3)
    parser.add_argument("--tests", type=int, default=20, help="of either kind, at most")
    chosen = parser.parse_args()
    rows = []
    for row in draws(parts(chosen.good), parts(chosen.bad), chosen.sizes, chosen.times, chosen.tests):
        print(row, flush=True)
        rows.append(row)
    FIGURES.write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")
    PAGE.write_text(renewed(PAGE.read_text(encoding="utf-8"), rows), encoding="utf-8")


if __name__ == "__main__":
    main()
