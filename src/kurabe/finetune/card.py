"""The card of an adapter: what it was made of, how, and with what result; for programs and for people."""

import dataclasses
import json
import platform
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from kurabe import __version__
from kurabe.finetune.records import TrainingRecord
from kurabe.finetune.settings import About, Settings, Trained
from kurabe.models.adapters.card import CARD

README = "README.md"


def card_of(
    about: About,
    settings: Settings,
    training: Sequence[TrainingRecord],
    validation: Sequence[TrainingRecord],
    trained: Trained,
    images: Sequence[str],
    device: str,
) -> dict[str, Any]:
    """Put together what a card says: plain values that go into JSON."""
    counted = {
        part: dict(sorted(Counter(getattr(r, part) or "none" for r in (*training, *validation)).items()))
        for part in ("question", "variant", "suite", "link")
    }
    packages = ("torch", "transformers", "peft", "accelerate")
    peak = trained.peak_bytes
    return {
        "name": about.name,
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
        "base": {"name": about.base, "checkpoint": about.checkpoint, "fingerprint": about.fingerprint},
        "origin": about.origin,
        "settings": dataclasses.asdict(settings),
        "records": {"training": len(training), "validation": len(validation), **counted},
        "steps": trained.steps,
        "best_step": trained.best_step,
        "stopped": trained.stopped,
        "before": trained.before,
        "after": trained.after,
        "records_per_second": round(trained.records_per_second, 3),
        "peak_gib": None if peak is None else round(peak / 2**30, 2),
        "seconds": round(trained.seconds, 1),
        "device": device,
        "versions": {
            "kurabe": __version__,
            "python": platform.python_version(),
            **{package: version(package) for package in packages},
        },
        "images": list(images),
    }


def write_card(folder: Path, card: Mapping[str, Any]) -> None:
    """Write ``card.json``, and the same for people as ``README.md``.

    Args:
        folder: The adapter's.
        card: As `card_of` returns it.
    """
    text = json.dumps(card, indent=1, ensure_ascii=False, allow_nan=False)
    (folder / CARD).write_text(text + "\n", encoding="utf-8")
    (folder / README).write_text(_for_people(card), encoding="utf-8")


def _for_people(card: Mapping[str, Any]) -> str:
    base, records = card["base"], card["records"]
    lines = [
        f"# {card['name']}",
        "",
        f"A LoRA adapter for `{base['name']}`, fine-tuned by kurabe {card['versions']['kurabe']} on "
        f"{card['created'][:10]} to compare a reference picture with a test picture.",
        "",
        "![Loss over steps](curve.svg)",
        "",
        "## Result",
        "",
        *_table(("on held-out references", "base", "adapter"), _figures(card)),
        "",
        " ".join(
            filter(
                None,
                (
                    f"Best of {card['steps']} steps is step {card['best_step']}.",
                    card["stopped"],
                    card["origin"],
                ),
            )
        ),
        *_chosen(card),
        "## Data",
        "",
        f"{records['training']} records to learn from, {records['validation']} held out; {_pictures(card)}",
        "",
    ]
    for part in (part for part in ("question", "variant", "suite", "link") if records[part]):
        lines += [*_table((part, "records"), list(records[part].items())), ""]
    settings = [(key, "" if value is None else value) for key, value in card["settings"].items()]
    lines += ["## Settings", "", *_table(("setting", "value"), settings), ""]
    versions = ", ".join(f"{name} {version}" for name, version in card["versions"].items())
    lines += [f"Made on {card['device']} in {card['seconds']:.0f} s with {versions}.", ""]
    return "\n".join(lines)


def _chosen(card: Mapping[str, Any]) -> list[str]:
    if not card["records"]["validation"]:
        return []
    return [
        "These records were held out of training by their reference picture, but they chose the step: the "
        "figures to report are those of a run on the test split.",
        "",
    ]


def _pictures(card: Mapping[str, Any]) -> str:
    if not card["images"]:
        return "its pictures were made while it learned and not kept, so no hashes are listed."
    return (
        f"{len(card['images'])} pictures, whose hashes are in `card.json`. The bench refuses to score the "
        "adapter on them."
    )


def _figures(card: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    names = {
        "eval_loss": "loss per answer token",
        "eval_balanced_accuracy": "balanced accuracy of verdicts",
        "eval_exact": "answers exactly right",
    }
    before, after = card["before"], card["after"]
    return [(text, _number(before.get(key)), _number(after.get(key))) for key, text in names.items()]


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"


def _table(heads: tuple[str, ...], rows: list[Any]) -> list[str]:
    return [
        f"| {' | '.join(heads)} |",
        "|" + "---|" * len(heads),
        *(f"| {' | '.join(map(str, row))} |" for row in rows),
    ]
