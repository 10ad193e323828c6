"""Write the cards of the embedded models from the records of their training and of their figures.

python -m training.cards
"""

import json
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

from training.words import Family

ROOT = Path(__file__).resolve().parents[1]
RESULTS = ROOT / "training" / "results"
NAMES: dict[Family, str] = {"phi3v": "Phi-3.5-vision", "mllama": "Llama-3.2-Vision"}
LAYOUTS: dict[Family, str] = {"phi3v": "two pictures, `separate`", "mllama": "one picture, `stacked`"}
PARTS = (
    "The first part learned with one further head, that of the differences' places, and 35 % of its "
    "pairs were "
    "`shapes`; most of the processes that render had ended half way (an option's text did not fit), so that "
    "pairs were shown more often.",
    "The second part went on from the first one's weights with both heads, half of the pairs being `shapes`.",
    "The third part went on from the second one's weights with other pairs.",
)


def main() -> None:
    """Write cards and curves."""
    parts = [json.loads(path.read_text(encoding="utf-8")) for path in sorted(RESULTS.glob("pretrain-*.json"))]
    figures = json.loads((ROOT / "checkpoints" / "figures.json").read_text(encoding="utf-8"))
    for family in NAMES:
        folder = ROOT / "checkpoints" / f"tiny-{family}"
        if not folder.is_dir():
            continue
        (folder / "curve.svg").write_text(curve(family, parts), encoding="utf-8")
        (folder / "README.md").write_text(card(family, parts, figures), encoding="utf-8")


def card(family: Family, parts: Sequence[dict[str, Any]], figures: dict[str, Any]) -> str:
    """Return the card of a model for people."""
    config = json.loads((ROOT / "checkpoints" / f"tiny-{family}" / "config.json").read_text(encoding="utf-8"))
    rows = [row for row in figures["rows"] if row["model"] == f"tiny-{family}"]
    parts = [part for part in parts if _log(family, part)]
    last = [_log(family, part)[-1] for part in parts]
    pairs = 12 * figures["references_a_grade"]
    lines = [
        f"# tiny-{family}",
        "",
        f"The architecture of {NAMES[family]} (`{config['model_type']}`) with fewer than 8 million "
        "parameters, "
        "trained from random weights for kurabe. It shows on any machine what the bench does with the real "
        "ones; it says nothing of what those can see.",
        "",
        f"Sees {LAYOUTS[family]}. Answers `verdict`, `differences`, `count`, `choice` and `describe` in "
        "English, in the words of the bench's own prompts. It has learned ordinary objects and plain bodies; "
        "it was never shown a connector.",
        "",
        "## Figures",
        "",
        f"On {pairs} pairs each, rendered with seeds that no training saw (`python -m "
        "training.figures`), shown "
        "raw, asked by the bench. A list of differences is correct if each is named and nothing else.",
        "",
        "| suite | question | pairs | correct | 95 % interval | balanced accuracy | overkill | miss |",
        "|---|---|---|---|---|---|---|---|",
        *(_row(row) for row in rows),
        "",
        "`choice` (what the body in the second picture is) and `describe` are asked about the shipped "
        "suites; they had little share in the training.",
        "",
        "## Data",
        "",
        "Pairs of the programs `scenes.everyday` and `scenes.shapes`, rendered while the "
        "training went on (`training/items.py`), each shown several times: exchanged, mirrored, in "
        "other light, "
        "with other noise and questions, some held against themselves; and words to be said after, "
        "so that the "
        "tokens of all suites' answers are known. No connectors, no photographs, nothing from elsewhere.",
        "",
        "## Training",
        "",
        "![Held-out figures](curve.svg)",
        "",
        *(_part(number, part, end) for number, (part, end) in enumerate(zip(parts, last, strict=True), 1)),
        "",
        *PARTS[: len(parts)],
        "",
        "Held-out figures of the curve are stricter than the bench's: a text counts as exact if "
        "every token is "
        "right, the words for the place included.",
        "",
        "Weights: bfloat16 safetensors. Licence: that of the project.",
        "",
    ]
    return "\n".join(lines)


def _log(family: Family, part: dict[str, Any]) -> list[dict[str, Any]]:
    return [row for row in part["log"] if row["family"] == family]


def _row(row: dict[str, Any]) -> str:
    rates = (row[key] for key in ("balanced_accuracy", "overkill_rate", "miss_rate"))
    shown = ["–" if rate is None else f"{rate:.3f}" for rate in rates]
    interval = f"{row['accuracy_lo']:.3f}–{row['accuracy_hi']:.3f}"
    cells = [row["suite"], row["question"], f"{row['n']:.0f}", f"{row['accuracy']:.3f}", interval, *shown]
    return f"| {' | '.join(cells)} |"


def _part(number: int, part: dict[str, Any], end: dict[str, Any]) -> str:
    settings = part["settings"]
    return (
        f"Part {number}: `python -m training.pretrain --minutes {settings['minutes']:g} --seed "
        f"{settings['seed']}` on one {part['card']}, torch {part['torch']}, beside "
        f"{'the other family' if len({row['family'] for row in part['log']}) > 1 else 'other work'}: "
        f"{end['steps']:,} steps of 256 pairs, {end['pairs_rendered']:,} pairs rendered, loss "
        f"{end['loss']:.3f}; "
        f"held out: balanced accuracy {end['balanced']:.3f}, exact {end['exact']:.3f}.\n"
    )


def curve(family: Family, parts: Sequence[dict[str, Any]]) -> str:
    """Return held-out figures and loss over pairs shown, as SVG."""
    names = {"loss": "loss", "balanced": "verdicts, balanced accuracy", "exact": "differences, every token"}
    values, before = [], 0
    for part in parts:
        log = _log(family, part)
        if not log:
            continue
        for row, earlier in zip(log, [None, *log], strict=False):
            if earlier is not None and row["seconds"] - earlier["seconds"] < 10:
                continue  # the mean loss of a few steps
            shown = (before + row["pairs_shown"]) / 1e6
            values += [{"pairs": shown, "figure": text, "value": row[key]} for key, text in names.items()]
        before += log[-1]["pairs_shown"]
    specification = {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "width": 520,
        "height": 260,
        "background": "white",
        "data": {"values": values},
        "mark": {"type": "line"},
        "encoding": {
            "x": {"field": "pairs", "type": "quantitative", "title": "million pairs shown"},
            "y": {
                "field": "value",
                "type": "quantitative",
                "title": None,
                "scale": {"domain": [0, 1], "clamp": True},
            },
            "color": {"field": "figure", "type": "nominal", "title": None, "sort": list(names.values())},
        },
    }
    converter: Any = import_module("vl_convert")
    return str(converter.vegalite_to_svg(vl_spec=specification, vl_version="5.20"))


if __name__ == "__main__":
    main()
