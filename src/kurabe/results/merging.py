"""Several runs as one: their results joined, if they are of the same cases, prompts and models."""

import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from kurabe.common.atomic import replacing
from kurabe.common.errors import KurabeError
from kurabe.results.album import files_of
from kurabe.results.judgements import Judgement, read_judgements, write_judgements
from kurabe.results.likeness import refuse_unlike
from kurabe.results.merged_manifest import joined
from kurabe.results.plan import Plan, read_plan
from kurabe.results.record import Record, scored
from kurabe.results.run import Run

NAMED = 5
"""Trials that a message names before the rest is a number."""

_BESIDE = frozenset({"seconds", "cached", "raw", "pair", "shown", "heat"})
"""What may differ between two results of a trial that are taken for the same: its time, whether pictures were
kept, and how a heat map is compressed."""

_COMPARED = tuple(each.name for each in fields(Record) if each.name not in _BESIDE)


@dataclass(frozen=True, slots=True)
class Part:
    """A run that is to be joined with others."""

    run: Run
    manifest: Mapping[str, Any]
    records: Sequence[Record]
    plan: Plan | None

    @classmethod
    def of(cls, run: Run) -> "Part":
        """Read a run.

        Raises:
            KurabeError: If it cannot be read.
        """
        return cls(run, run.manifest(), run.records(), read_plan(run.folder))


@dataclass(frozen=True, slots=True)
class Merged:
    """Runs that were joined, not yet written.

    Attributes:
        parts: The runs.
        records: Their results, each trial once, in the order in which one run would have them.
        manifest: What the whole was made of and made with; its name is still missing.
        plan: What all parts together were to ask; None where the runs were not split.
    """

    parts: Sequence[Part]
    records: Sequence[Record]
    manifest: Mapping[str, Any]
    plan: Plan | None


def merge(runs: Sequence[Run]) -> Merged:
    """Join runs.

    Raises:
        KurabeError: If one cannot be read, or two do not belong together: the message names both, and the
            value that differs.
    """
    if twice := next((a for n, a in enumerate(runs) for b in runs[:n] if _same_folder(a, b)), None):
        raise KurabeError(f"{twice.folder} is named twice: name each run once")
    parts = [Part.of(run) for run in runs]
    refuse_unlike([(part.run, part.manifest, part.records, part.plan) for part in parts])
    chosen, notes = _each_once(parts)
    plan = next((part.plan for part in parts if part.plan is not None), None)
    records = _in_order(chosen, plan)
    refused = _refused(parts)
    missing, partial = _missing(parts, plan, records, sum(refused.values()))
    manifests = [part.manifest for part in parts]
    known = {
        "answered": len(scored(records)),
        "refused": refused,
        "messages": [*notes, *missing],
        "partial": partial,
    }
    if plan is not None:
        known["planned"] = len(plan.trials) - sum(refused.values())
    return Merged(parts, records, joined(manifests, known, complete=bool(plan and not missing)), plan)


def _same_folder(a: Run, b: Run) -> bool:
    return a.folder.resolve() == b.folder.resolve()


def write_merged(merged: Merged, run: Run) -> None:
    """Write joined runs into the folder of a new one, pictures first and the manifest last.

    Raises:
        OSError: If it cannot be written.
    """
    for part in merged.parts:
        _join_pictures(part, run)
    for record in merged.records:
        run.append(record)
    run.close()
    judgements: dict[str, Judgement] = {}
    for part in merged.parts:
        judgements = read_judgements(part.run.folder) | judgements
    write_judgements(run.folder, judgements.values())
    if merged.plan is not None:
        merged.plan.write(run.folder)
    run.write_manifest({**merged.manifest, "run": run.name})


def _join_pictures(part: Part, run: Run) -> None:
    """Take over the pictures of a run, as links where the file system has them."""
    run.pictures.mkdir(parents=True, exist_ok=True)
    for file in dict.fromkeys(file for record in part.records for file in files_of(record)):
        source, target = part.run.pictures / file, run.pictures / file
        with suppress(FileExistsError, FileNotFoundError):  # the page says which ones are missing
            _link(source, target)


def _link(source: Path, target: Path) -> None:
    try:
        os.link(source, target)
    except (FileExistsError, FileNotFoundError):
        raise
    except OSError:  # no links here, or another file system
        with replacing(target) as fresh:
            shutil.copyfile(source, fresh)


def _each_once(parts: Sequence[Part]) -> tuple[dict[str, tuple[Record, Part]], list[str]]:
    """Return each trial's result and where it is from, and what there is to say.

    Of equal ones the first is taken, and an answer goes before an error.

    Raises:
        KurabeError: If a trial has two results that differ.
    """
    chosen: dict[str, tuple[Record, Part]] = {}
    mended: list[tuple[str, Part, Part]] = []
    for part in parts:
        for record in part.records:
            if record.trial not in chosen:
                chosen[record.trial] = record, part
                continue
            before, other = chosen[record.trial]
            if _same(before, record):
                if before.raw is None or not before.pictures:
                    chosen[record.trial] = record, part  # it has pictures, or is as good
            elif "error" not in (before.outcome, record.outcome):
                raise KurabeError(_two_results(before, other, record, part))
            elif before.outcome == "error" and record.outcome != "error":
                chosen[record.trial] = record, part
                mended.append((record.trial, other, part))
            elif record.outcome == "error" and before.outcome != "error":
                mended.append((record.trial, part, other))
    by_runs: dict[tuple[str, str], int] = {}
    for _, failed, answered in mended:
        key = failed.run.name, answered.run.name
        by_runs[key] = by_runs.get(key, 0) + 1
    return chosen, [
        f"{count} {'trials' if count > 1 else 'trial'} ended in an error in {failed} and "
        f"{'have an answer' if count > 1 else 'has an answer'} in {answered}: the answer counts"
        for (failed, answered), count in by_runs.items()
    ]


def _same(a: Record, b: Record) -> bool:
    return all(getattr(a, name) == getattr(b, name) for name in _COMPARED)


def _two_results(a: Record, first: Part, b: Record, second: Part) -> str:
    name = next(name for name in _COMPARED if getattr(a, name) != getattr(b, name))
    name = "text" if a.text != b.text else name
    return (
        f"{first.run.folder} and {second.run.folder} cannot be merged: {a.trial} has two results, whose "
        f"{name} differs: {_short(getattr(a, name))} in the first, {_short(getattr(b, name))} in the second; "
        "name one of the two runs"
    )


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 80 else f"{text[:80]}…"


def _in_order(chosen: Mapping[str, tuple[Record, Part]], plan: Plan | None) -> list[Record]:
    """Return the results in the order in which one run would have them, as far as that is known."""
    if plan is None:
        return [record for record, _ in chosen.values()]
    places = {name: place for place, (_, name) in enumerate(plan.trials)}
    ordinary = [record for record, _ in chosen.values() if not record.calibration]
    # What tests of one's own have asked is in no plan, and comes before the trials, as pytest runs it.
    ordinary.sort(key=lambda record: places.get(record.trial, -1))
    # The cases that a threshold was chosen on stand in front of the first trial that it is for.
    waiting: dict[tuple[str, str, str, str], list[Record]] = {}
    for record, _ in chosen.values():
        if record.calibration:
            waiting.setdefault(_asked(record), []).append(record)
    found: list[Record] = []
    for record in ordinary:
        found += [*waiting.pop(_asked(record), ()), record]
    return found + [record for left in waiting.values() for record in left]


def _asked(record: Record) -> tuple[str, str, str, str]:
    return record.model, record.question, record.variant, record.layout


def _refused(parts: Sequence[Part]) -> dict[str, int]:
    """Return the trials that were not asked, by model; a part that two runs are of counts once."""
    by_part: dict[tuple[str, str], int] = {}
    for number, part in enumerate(parts):
        shard = part.manifest.get("shard") or f"run {number}"
        for model, count in part.manifest.get("refused", {}).items():
            by_part[model, shard] = max(count, by_part.get((model, shard), 0))
    found: dict[str, int] = {}
    for (model, _), count in by_part.items():
        found[model] = found.get(model, 0) + count
    return found


def _missing(
    parts: Sequence[Part], plan: Plan | None, records: Sequence[Record], refused: int
) -> tuple[list[str], str | None]:
    """Return what is not there, a sentence each, and why the whole is not full."""
    if plan is None:
        why = [(part.run.name, _why_partial(part)) for part in parts]
        return [], "; ".join(f"{name}: {what}" for name, what in why if what) or None
    there = {record.trial for record in scored(records)}
    left = [(part, name) for part, name in plan.trials if name not in there]
    count = len(left) - refused
    if count <= 0:
        return [], plan.partial
    known = {part for run in parts for part in _shards(run)}
    absent = [part for part in range(1, plan.of + 1) if part not in known and plan.size(part)]
    whole = len(plan.trials)
    told = [f"shard {part}/{plan.of} is missing: {plan.size(part)} of {whole} trials" for part in absent]
    others = [name for part, name in left if part not in absent]
    if others and len(others) > refused:
        named = ", ".join(others[:NAMED]) + (" …" if len(others) > NAMED else "")
        told.append(f"{len(others) - refused} trials of the merged shards were not asked: {named}")
    shards = [f"{part}/{plan.of}" for part in absent]
    lead = f"shard {', '.join(shards)} missing; " if shards else ""
    return told, f"{lead}{count} of {whole} trials were not asked"


def _why_partial(part: Part) -> str | None:
    if part.manifest.get("finished") is None:
        return "the run did not end by itself"
    told: str | None = part.manifest.get("partial")
    return told


def _shards(part: Part) -> Iterator[int]:
    """Yield the parts of a plan that a run has asked, or had, if it was merged itself."""
    of = [part.manifest, *part.manifest.get("parts", ())]
    for shard in (each.get("shard") for each in of):
        if shard:
            yield int(shard.partition("/")[0])
