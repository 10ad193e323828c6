"""Figures made up for the study's page: what each model gets right, and the losses."""

import json
import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from kurabe.results.record import Record
from perf.study.kept import BASE, KINDS, LOSS_COLUMNS, PIXELS, Kept, keep, name_of, read
from perf.study.page import DEFECTS, GRADES, VARIANTS

SEEDS = (0, 1, 2)
REFERENCES = 16


@dataclass(frozen=True)
class Made:
    """What is made up.

    Attributes:
        general: Share that the base gets right on everyday and shapes.
        right: By kind of model and variant, the share that it gets right on connectors.
        bias: What a wrong answer is: True for missing bad pairs first, False for calling good ones bad.
        loss: By kind, the loss per answer token of each seed.
    """

    general: float = 0.97
    right: Mapping[tuple[str, str], float] = field(default_factory=dict)
    misses: bool = True
    loss: Mapping[str, tuple[float, ...]] = field(
        default_factory=lambda: {"base": (3.0,), "plain": (0.3, 0.32, 0.31), "linked": (0.2, 0.21, 0.22)}
    )

    def kept(self, folder: Path) -> Kept:
        """Write all of it as a run would, and read it."""
        curves = {}
        for kind in KINDS:
            for seed in SEEDS:
                path = folder / f"{kind}-{seed}-curve.csv"
                path.parent.mkdir(parents=True, exist_ok=True)
                lines = [f"{step},{3 / (1 + step)}," + (f"{3.2 / (1 + step)}" if step % 2 == 0 else "")
                         for step in range(9)]  # fmt: skip
                path.write_text("step,loss,eval_loss\n" + "\n".join(lines) + "\n", encoding="utf-8")
                curves[name_of(kind, seed)] = path
        keep(folder / "kept", self._records(), self._losses(), curves, _facts())
        return read(folder / "kept")

    def _records(self) -> list[Record]:
        made = []
        for suite in ("everyday", "shapes"):
            made += self._answers(suite, BASE, 0, "raw", self.general)
        for kind in (BASE, PIXELS, *KINDS):
            for variant in VARIANTS:
                for seed in SEEDS if kind in KINDS else (0,):
                    share = self.right.get((kind, variant), 0.6 if kind == BASE else 0.9)
                    made += self._answers("connector", kind, seed, variant, share)
        return made

    def _answers(self, suite: str, kind: str, seed: int, variant: str, share: float) -> list[Record]:
        found = []
        for number in range(4 * REFERENCES):
            bad = number % 3 != 0
            # An error of chance, and the same pairs are hard in all variants; biased towards one class.
            chance = random.Random(f"{suite} {number}").random() * 0.9 + seed / 30
            weight = 1.6 if bad == self.misses else 0.4
            right = chance < 1 - (1 - share) * weight
            reference = f"{suite}/r{number // 4:02}.png"
            found.append(
                _record(suite, f"c{number:02}", reference, kind, seed, variant, bad, right, "verdict")
            )
            found.append(
                _record(suite, f"c{number:02}", reference, kind, seed, variant, bad, right, "differences")
            )
        return found

    def _losses(self) -> pd.DataFrame:
        rows = []
        for kind, values in self.loss.items():
            for seed, value in enumerate(values):
                for variant in VARIANTS:
                    for number in range(30):
                        wobble = 1 + random.Random(f"{number} {variant}").uniform(-0.2, 0.2)
                        where = (f"h{number}-{variant}", f"r{number // 3}", "differences", variant, 5)
                        rows.append((kind, seed, *where, 5 * value * wobble))
        return pd.DataFrame(rows, columns=LOSS_COLUMNS)


def _record(
    suite: str,
    case: str,
    reference: str,
    kind: str,
    seed: int,
    variant: str,
    bad: bool,
    right: bool,
    question: str,
) -> Record:
    """Return a record, from a few facts."""
    truth, other = ("different", "same") if bad else ("same", "different")
    model = name_of(kind, seed)
    number = int(case[1:])
    return Record.from_json(
        json.dumps(
            {
                "trial": f"{suite}/{case}-{question}-{variant}-{model}",
                "suite": suite,
                "case": f"{suite}/{case}",
                "reference": reference,
                "question": question,
                "variant": variant,
                "layout": "separate",
                "model": model,
                "control": False,
                "swapped": False,
                "repeat": 0,
                "expected": truth,
                "expected_verdict": truth,
                "text": "",
                "verdict": truth if right else other,
                "p_different": 0.5,
                "outcome": "correct" if right else "wrong",
                "score": {"found": ["x"] * (bad and right), "expected": int(bad)},
                "tags": [GRADES[number // 4 % 3]],
                "kinds": [DEFECTS[number % len(DEFECTS)]] if bad else [],
            }
        )
    )


def _facts() -> dict[str, object]:
    card = {
        "settings": {"rank": 8, "alpha": 16, "learning_rate": 1e-3, "batch_size": 64},
        "records": {"training": 900, "validation": 100},
        "pictures": 500,
        "steps": 700,
        "best_step": 700,
        "stopped": "",
        "seconds": 100.0,
        "device": "CPU",
    }
    links = {"plain": {"none": 1000}, "linked": {"none": 1000, "raw-processed": 400}}
    adapters = {
        name_of(kind, seed): {
            **card,
            "settings": {**card["settings"], "seed": seed},  # type: ignore[dict-item]
            "records": {**card["records"], "link": links[kind]},  # type: ignore[dict-item]
        }
        for kind in KINDS
        for seed in SEEDS
    }
    held = {"references": 10, "pairs": 30, "records": 90}
    return {
        "seconds": {"asking": 300, "losses": 120},
        "workers": 2,
        "trials": 3000,
        "held_out": held,
        "adapters": adapters,
        "versions": {},
    }
