"""What the page shows, as plain data: made from a run's files and those of the runs before it.

Everything here is JSON-able; nothing of it is markup. The page itself is `kurabe.report.page.render`.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kurabe.report.frame import units_of
from kurabe.report.page.history import Past, past_of
from kurabe.report.page.pictures import picture_facts
from kurabe.report.rules import Wanted, wanted_by
from kurabe.report.tables import Tables, make_tables, raw_is_turned
from kurabe.results.album import PICTURES
from kurabe.results.record import Record, scored
from kurabe.results.run import Run

if TYPE_CHECKING:
    import pandas as pd

FORMAT = 1
"""Version of the data, which the page's script checks."""

LONGEST_ANSWER = 100_000
"""Characters of an answer that go into the page; the rest stays in ``results.jsonl``."""

HEAT = 1_000_000
"""Bytes of heat maps that go into a page: some thousand of them."""

GRADES = ("easy", "medium", "hard")

_AS_THEY_ARE = (
    "trial", "suite", "case", "reference", "question", "variant", "layout", "model", "control", "swapped",
    "cached", "repeat", "expected", "expected_verdict", "verdict", "outcome", "error", "prompt", "score",
    "tokens_in", "tokens_out", "seconds", "cost", "rule",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Material:
    """A run's files, read once for all that is made of them.

    Attributes:
        run: The run.
        manifest: Its manifest; empty where the run was killed before it had one.
        records: Its results.
        tables: Their tables.
        past: The runs before it.
    """

    run: Run
    manifest: Mapping[str, Any]
    records: Sequence[Record]
    tables: Tables
    past: Past

    @classmethod
    def of(
        cls,
        run: Run,
        records: Sequence[Record] | None = None,
        tables: Tables | None = None,
        wanted: Wanted | None = None,
    ) -> "Material":
        """Read what the page of a run is made of.

        Args:
            run: The run.
            records: Its results, if they are in memory already.
            tables: Their tables, if they have been made already.
            wanted: Operating points to add; None for those that the run asked for.

        Raises:
            KurabeError: If the run's files are damaged, or of a kurabe that is too old or too new.
        """
        manifest = run.manifest() if run.has_manifest else {}
        records = run.records() if records is None else records
        tables = tables or make_tables(records, run.name, wanted or wanted_by(manifest))
        return cls(run, manifest, records, tables, past_of(run, manifest, records, tables))


def page_data(material: Material | Run, *, pictures_at: str = f"{PICTURES}/") -> dict[str, Any]:
    """Return what the page of a run shows.

    Args:
        material: The run, or what was read of it.
        pictures_at: Folder of the full-size pictures, relative to the page, with a slash at its end.

    Raises:
        KurabeError: If the run's files are damaged, or of a kurabe that is too old or too new.
    """
    if isinstance(material, Run):
        material = Material.of(material)
    tables = material.tables
    records = [record for record in scored(material.records) if record.shake is None]
    names = dict.fromkeys(name for record in records for name in record.pictures)
    return {
        "format": FORMAT,
        "run": _run(material),
        "pictures_at": pictures_at,
        "pictures": picture_facts(material.run.pictures, names),
        "trials": _columns(records),
        "heat": _heat(records),
        # Whose pictures stand exchanged in `raw`, as trials.csv tells them apart.
        "turned": [place for place, record in enumerate(records) if raw_is_turned(record)],
        # The kinds that a case names, where those that a trial counts by are others or in another order.
        "own_kinds": {
            str(place): list(record.kinds or ())
            for place, record in enumerate(records)
            if _kinds(record) != list(record.kinds or ())
        },
        "raw_vs_processed": _rows(tables.raw_vs_processed),
        "controls": _rows(tables.controls),
        "consistency": _rows(tables.consistency),
        "leaderboard": _rows(tables.leaderboard),
        # The operating points of each row, with what a rule would need where no threshold keeps it.
        "decisions": _rows(tables.decisions),
        "gaps": [dict(gap) for gap in tables.gaps],
        "line": {"settings": material.manifest.get("line"), "rows": _rows(tables.line)},
        "models": _models(material),
        "history": material.past.history,
        "comparisons": material.past.comparisons,
        "unread": material.past.unread,
    }


def _run(material: Material) -> dict[str, Any]:
    manifest, answered = material.manifest, len(scored(material.records))
    planned, finished = manifest.get("planned"), manifest.get("finished")
    missing = max(0, planned - answered) if isinstance(planned, int) else 0
    return {
        "name": material.run.name,
        "format": manifest.get("format"),
        "started": manifest.get("started"),
        "finished": finished,
        "planned": planned,
        "answered": answered,
        "missing": missing,
        "complete": finished is not None and not missing,
        "errors": _errors(material.records),
        # The cards have a place of their own, beside their models.
        "manifest": {key: value for key, value in manifest.items() if key != "cards"},
    }


def _errors(records: Sequence[Record]) -> list[tuple[str, int, int]]:
    """Return each model with errors, how many it has and of how many trials; most errors first."""
    trials = Counter(record.model for record in records)
    errors = Counter(record.model for record in records if record.outcome == "error")
    return [(model, count, trials[model]) for model, count in errors.most_common()]


def _columns(records: Sequence[Record]) -> dict[str, list[Any]]:
    """Return the trials by column: a name stands once, not once a trial."""
    columns: dict[str, list[Any]] = {
        name: [getattr(record, name) for record in records] for name in _AS_THEY_ARE
    }
    units: dict[str, int] = {}
    kinds_and_units = units_of(records)
    return columns | {
        # What intervals are taken over: fixed by the whole suite, whatever the filters leave of it.
        "unit_kind": [kind for kind, _ in kinds_and_units],
        "unit": [units.setdefault(unit, len(units)) for _, unit in kinds_and_units],
        "tags": [list(record.tags) for record in records],
        "text": [_answer(record.text) for record in records],
        "p": [record.p_different for record in records],
        "kinds": [_kinds(record) for record in records],
        "found_kinds": [_kinds_of(record, record.score.get("found", ())) for record in records],
        "grade": [next((grade for grade in GRADES if grade in record.tags), None) for record in records],
        "raw": [list(record.raw or ()) for record in records],
        "pair": [list(record.pair or ()) for record in records],
        "shown": [list(record.shown or ()) for record in records],
        "boxes": [[list(box) for box in record.boxes or ()] for record in records],
        # Of an exchanged pair they are in pixels of the reference, which stood in the test's place.
        "predicted": [None if record.swapped else record.score.get("boxes") for record in records],
    }


def _heat(records: Sequence[Record]) -> dict[str, Any]:
    """Return the heat maps, each once though several questions share it, and which of them a trial has.

    Those of exchanged pairs are left out: some engines lay them over the picture that stood in the test's
    place. So are those beyond `HEAT` bytes; they stay in ``results.jsonl``.
    """
    maps: dict[str, int] = {}
    of: dict[str, int] = {}
    held = 0
    for place, record in enumerate(records):
        if record.heat is None or record.swapped:
            continue
        if record.heat not in maps:
            if held + len(record.heat) > HEAT:
                continue
            held += len(record.heat)
        of[str(place)] = maps.setdefault(record.heat, len(maps))
    return {"maps": list(maps), "of": of}


def _answer(text: str) -> str:
    if len(text) <= LONGEST_ANSWER:
        return text
    return f"{text[:LONGEST_ANSWER]} … ({len(text) - LONGEST_ANSWER} more characters in results.jsonl)"


def _kinds(record: Record) -> list[str | None]:
    """Return the kinds that are expected; of a ``differences`` question those that can be found or missed."""
    names = [*record.score.get("found", ()), *record.score.get("missed", ())]
    if record.question != "differences" or not names:
        return list(record.kinds or ())
    return _kinds_of(record, names)


def _kinds_of(record: Record, names: Sequence[str]) -> list[str | None]:
    """Return the kinds of differences that are named "kind" or "kind at place", None for one without."""
    known = sorted(set(record.kinds or ()), key=len, reverse=True)
    return [next((k for k in known if name == k or name.startswith(f"{k} at ")), None) for name in names]


def _models(material: Material) -> dict[str, dict[str, Any]]:
    manifest = material.manifest
    cards = manifest.get("cards", {})
    models = {
        name: {
            "left_out": None,
            "fingerprint": facts.get("fingerprint"),
            "facts": {key: value for key, value in facts.items() if key != "fingerprint"},
            "card": cards.get(name),
        }
        for name, facts in manifest.get("models", {}).items()
    }
    for record in material.records:
        if record.model not in models:
            models[record.model] = {"left_out": None, "fingerprint": None, "facts": {}, "card": None}
    for name, reason in manifest.get("left_out", {}).items():
        models[name] = {"left_out": reason, "fingerprint": None, "facts": {}, "card": None}
    return models


def _rows(table: "pd.DataFrame") -> list[dict[str, Any]]:
    return [{str(key): value for key, value in row.items()} for row in table.to_dict("records")]
