"""Ask the study's models: the bench's own session on the test splits, and the loss on pairs nobody saw."""

import importlib.metadata
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from kurabe.results.record import Record
from kurabe.results.run import runs_of
from perf.study import losses
from perf.study.kept import BASE, PIXELS, keep, kind_and_seed

ROOT = Path(__file__).resolve().parents[2]
VARIANTS = ("raw", "n-soartc", "soart3")
MAIN = ("verdict", "differences")
CURVE, CARD = "curve.csv", "card.json"


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be run.

    Attributes:
        base: Folder of the base's checkpoint.
        adapters: Folder of the adapters, each a folder named by kind and seed.
        cases: Folder of the suites connector, everyday and shapes, and of the prompts.
        workers: Processes that ask at once.
        references: Held-out connectors of each grade, each in `losses.TESTS` pairs.
        only: Restricts the trials, as pytest's ``-k`` does.
    """

    base: Path
    adapters: Path
    cases: Path
    workers: int = 2
    references: int = 5
    only: str = ""

    @property
    def names(self) -> list[str]:
        """Names of the adapters that are there, by kind and seed."""
        found = [path.name for path in self.adapters.iterdir() if (path / CARD).is_file()]
        return sorted((name for name in found if kind_and_seed(name)[0] != name), key=kind_and_seed)


@dataclass(frozen=True, slots=True)
class Part:
    """One session of the bench: which models are asked what of which suites."""

    suites: tuple[str, ...]
    models: tuple[str, ...]
    questions: tuple[str, ...]
    variants: tuple[str, ...] = VARIANTS
    controls: bool = True


def parts(names: Sequence[str]) -> list[Part]:
    """Return the sessions; what costs most and says least is asked of the first seed alone."""
    first = [name for name in names if kind_and_seed(name)[1] == 0]
    others = [name for name in names if name not in first]
    sessions = [
        Part(("everyday", "shapes"), (BASE, PIXELS), MAIN, ("raw",)),
        Part(("connector",), (BASE, PIXELS, *first), MAIN),
        Part(("connector",), (BASE, PIXELS, *first), ("count", "choice"), ("raw", "n-soartc")),
    ]
    return [*sessions, Part(("connector",), tuple(others), MAIN, controls=False)] if others else sessions


def run(plan: Plan, into: Path) -> None:
    """Ask everything and keep what the page needs.

    Raises:
        SystemExit: If there are no adapters, a session fails, or a trial ends without an answer.
    """
    begun = time.perf_counter()
    if not plan.names:
        raise SystemExit(f"{plan.adapters} holds no adapter called plain-0, linked-0 or the like")
    cards = {name: json.loads((plan.adapters / name / CARD).read_text("utf-8")) for name in plan.names}
    with tempfile.TemporaryDirectory() as folder:
        records = ask(plan, Path(folder))
        asked = time.perf_counter()
        table, held = _losses(plan, Path(folder), cards)
    facts = {
        "seconds": {"asking": round(asked - begun), "losses": round(time.perf_counter() - asked)},
        "workers": plan.workers,
        "trials": len(records),
        "held_out": held,
        "adapters": {name: _of_card(card) for name, card in cards.items()},
        "versions": {package: importlib.metadata.version(package) for package in ("torch", "transformers")},
    }
    curves = {name: plan.adapters / name / CURVE for name in plan.names}
    keep(into, records, table, curves, facts)
    print(f"{len(records)} trials and {len(table)} losses in {time.perf_counter() - begun:.0f} s: {into}")


def ask(plan: Plan, folder: Path) -> list[Record]:
    """Put the models to the suites in a project in ``folder``; controls included.

    Raises:
        SystemExit: See `run`.
    """
    (folder / "models.toml").write_text(_models(plan), encoding="utf-8")
    for part in parts(plan.names):
        start = time.perf_counter()
        _session(plan, folder, part)
        print(f"{', '.join(part.suites)}: {time.perf_counter() - start:.0f} s", flush=True)
    records = [record for each in runs_of(folder / "reports") for record in each.records()]
    failed = [record for record in records if record.outcome == "error"]
    if failed or not records:
        told = "\n".join(f"{record.trial}: {record.error}" for record in failed[:10])
        raise SystemExit(f"{len(failed)} of {len(records)} trials failed:\n{told}")
    return records


def _session(plan: Plan, folder: Path, part: Part) -> None:
    selected = " or ".join(part.suites)
    options = [f"--kurabe-{option}={name}" for option in ("model", "question", "variant")
               for name in getattr(part, f"{option}s")]  # fmt: skip
    command = [
        sys.executable,
        "-m",
        "pytest",
        "--pyargs",
        "kurabe.plugin.test_pairs",
        "-q",
        "-p",
        "no:cacheprovider",
    ]
    command += ["--kurabe-all-cases", "--kurabe-no-pictures", f"--kurabe-cases={plan.cases}", *options]
    command += ["-n", str(plan.workers)] if plan.workers > 1 else []
    command += [] if part.controls else ["--kurabe-no-controls"]
    command += ["-k", f"({selected}) and ({plan.only})" if plan.only else selected]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(done.stdout[-5000:] + done.stderr[-5000:])


def _models(plan: Plan) -> str:
    """Return ``models.toml`` for the study."""
    local = 'engine = "local"\nlayout = "separate"\nmax_new_tokens = 64\ndevice = "cpu"'
    entries = [
        f'[models.{PIXELS}]\nengine = "pixel-diff"',
        f"[models.{BASE}]\n{local}\ncheckpoint = {_place(plan.base)}",
    ]
    entries += [
        f'[models.{name}]\n{local}\nbase = "{BASE}"\nadapter = {_place(plan.adapters / name)}'
        for name in plan.names
    ]
    return "\n\n".join(entries) + "\n"


def _losses(
    plan: Plan, folder: Path, cards: dict[str, dict[str, Any]]
) -> tuple[pd.DataFrame, dict[str, int]]:
    """Return the losses on rendered pairs that no adapter saw, and how many pairs those are."""
    held = losses.HeldOut.render(folder / "held-out", plan.references, plan.workers)
    held.check(cards)
    adapters = {BASE: None, **{name: plan.adapters / name for name in plan.names}}
    table = losses.measure(held, plan.base, adapters, plan.cases, VARIANTS, plan.workers)
    print(f"losses: {len(table)} records and models", flush=True)
    return table, {
        "references": held.references,
        "pairs": held.pairs,
        "records": int(table["record"].nunique()),
    }


def _of_card(card: dict[str, Any]) -> dict[str, Any]:
    """Return what the page tells of a training."""
    wanted = ("rank", "alpha", "learning_rate", "batch_size", "seed")
    return {
        "settings": {key: card["settings"][key] for key in wanted},
        "records": {key: card["records"][key] for key in ("training", "validation", "link")},
        "pictures": len(card["images"]),
        **{key: card[key] for key in ("steps", "best_step", "stopped", "seconds", "device")},
    }


def _place(path: Path) -> str:
    return json.dumps(str(path.resolve()))
