"""What is kept of the study: results, losses, curves and facts, small enough for the repository.

A model is named by its kind and seed: ``base``, ``pixel-diff``, ``plain-0``, ``linked-2``.
"""

import gzip
import io
import json
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd

from kurabe.results.record import Record

RESULTS = Path("perf") / "results" / "study"
RECORDS, LOSSES, FACTS = "results.jsonl.gz", "losses.csv.gz", "facts.json"
BASE, PIXELS = "base", "pixel-diff"
KINDS = ("plain", "linked")
LOSS_COLUMNS = ("kind", "seed", "record", "reference", "question", "variant", "tokens", "loss")

_LEFT_OUT = (
    "prompt", "boxes", "raw", "pair", "shown", "cached", "tokens_in", "tokens_out", "error", "repeat",
    "layout",
)  # fmt: skip
_ROUNDED = {"p_different": 4, "seconds": 3}


@dataclass(frozen=True, slots=True)
class Kept:
    """Everything that the page is made of.

    Attributes:
        records: Results of the trials; ``model`` is the kind, ``repeat`` the seed.
        losses: A row for each held-out record and model, with `LOSS_COLUMNS`: ``loss`` is the sum over the
            ``tokens`` of the right answer, ``reference`` the picture that the pair is held against.
        curves: By model's name, what its training logged: ``step``, ``loss``, ``eval_loss`` and so on.
        facts: Of base, adapters, held-out pairs, versions and time.
    """

    records: list[Record]
    losses: pd.DataFrame
    curves: dict[str, pd.DataFrame]
    facts: dict[str, Any]


def name_of(kind: str, seed: int) -> str:
    """Return the name of a model."""
    return f"{kind}-{seed}" if kind in KINDS else kind


def kind_and_seed(name: str) -> tuple[str, int]:
    """Return what `name_of` made the name of."""
    kind, _, seed = name.rpartition("-")
    return (kind, int(seed)) if kind in KINDS else (name, 0)


def keep(
    into: Path,
    records: Sequence[Record],
    losses: pd.DataFrame,
    curves: Mapping[str, Path],
    facts: Mapping[str, Any],
) -> None:
    """Write what is kept.

    Args:
        into: The folder; what it held before is removed.
        records: Results, ``model`` being a name as `name_of` makes it.
        losses: See `Kept`.
        curves: Files of the trainings' curves, by model's name.
        facts: Plain values.
    """
    shutil.rmtree(into, ignore_errors=True)
    into.mkdir(parents=True)
    _compress(into / RECORDS, "".join(f"{_line(record)}\n" for record in records))
    table = losses[list(LOSS_COLUMNS)].to_csv(index=False, float_format="%.5f", lineterminator="\n")
    _compress(into / LOSSES, table)
    for name, path in curves.items():
        shutil.copyfile(path, into / f"{name}.csv")
    (into / FACTS).write_text(json.dumps(facts, indent=1, allow_nan=False) + "\n", encoding="utf-8")


def read(folder: Path) -> Kept:
    """Read what `keep` wrote."""
    lines = gzip.decompress((folder / RECORDS).read_bytes()).decode().splitlines()
    records = []
    for line in lines:
        record = Record.from_json(json.dumps({"layout": "separate", "repeat": 0, **json.loads(line)}))
        kind, seed = kind_and_seed(record.model)
        records.append(replace(record, model=kind, repeat=seed))
    table = io.BytesIO(gzip.decompress((folder / LOSSES).read_bytes()))
    curves = {path.stem: pd.read_csv(path) for path in sorted(folder.glob("*.csv"))}
    facts = json.loads((folder / FACTS).read_text(encoding="utf-8"))
    return Kept(records, pd.read_csv(table), curves, facts)


def _line(record: Record) -> str:
    """Return a result without what the study does not need and what is as it is by default."""
    parts = json.loads(record.to_json())
    for name in _LEFT_OUT:
        del parts[name]
    for name, digits in _ROUNDED.items():
        if parts[name] is not None:
            parts[name] = round(parts[name], digits)
    parts["score"] = {key: value for key, value in parts["score"].items() if key not in ("boxes", "note")}
    return json.dumps(parts, ensure_ascii=False, separators=(",", ":"))


def _compress(path: Path, text: str) -> None:
    # Without a time in it, so that equal results make equal files.
    path.write_bytes(gzip.compress(text.encode(), 9, mtime=0))
