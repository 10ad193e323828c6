"""Whether runs belong together: the same kurabe, cases, prompts, thresholds and models."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from kurabe.common.errors import KurabeError
from kurabe.results.plan import Plan
from kurabe.results.record import Record
from kurabe.results.run import Run


class Side(NamedTuple):
    """A run that is compared with another."""

    run: Run
    manifest: Mapping[str, Any]
    records: Sequence[Record]
    plan: Plan | None


class _Fact(NamedTuple):
    """Something that has to be equal wherever it is known: what it is, in words, and its value."""

    what: str
    value: object


def refuse_unlike(runs: Sequence[tuple[Run, Mapping[str, Any], Sequence[Record], Plan | None]]) -> None:
    """Refuse to mix runs that are not of the same things.

    Raises:
        KurabeError: With the two runs, what differs, and both values.
    """
    sides = [Side(*run) for run in runs]
    for side in sides:
        if "cases" not in side.manifest:
            raise KurabeError(
                f"{side.run.folder} cannot be merged: kurabe {side.manifest.get('kurabe')} left it, which "
                "took down no digest of its cases: make the run again"
            )
    for facts in (_versions, _cases, _pictures, _prompts, _plans, _models, _thresholds, _judges, _lines):
        known: dict[str, tuple[object, Side]] = {}
        for side in sides:
            for what, value in facts(side):
                before, owner = known.setdefault(what, (value, side))
                if before != value:
                    raise KurabeError(_unlike(owner, side, what, before, value))


def _unlike(a: Side, b: Side, what: str, first: object, second: object) -> str:
    return (
        f"{a.run.folder} and {b.run.folder} cannot be merged: {what} differs: {_shown(first)} in the first, "
        f"{_shown(second)} in the second{_how_plans_differ(a, b) if what.startswith('the selection') else ''}"
    )


def _shown(value: object) -> str:
    return "none" if value is None else str(value)


def _versions(side: Side) -> Iterator[_Fact]:
    yield _Fact("the version of kurabe", side.manifest.get("kurabe"))


def _cases(side: Side) -> Iterator[_Fact]:
    for suite, digest in side.manifest["cases"].items():
        yield _Fact(f"what suite {suite} declares (its digest)", digest)


def _pictures(side: Side) -> Iterator[_Fact]:
    """Tell what pictures were: files of a plan, whoever asks about them, and those that were asked about."""
    for case, digest in (side.plan.pictures if side.plan is not None else {}).items():
        yield _Fact(f"the digest of the pictures of {case}", digest)
    for record in side.records:
        if record.error is None and record.shake is None:
            # A description knows no good part, and processed files may lack the pair that they are made of.
            where = f"{record.case} ({record.question}, {record.variant})"
            yield _Fact(f"the good part of {where}", record.reference)
            yield _Fact(f"the test picture of {where}", record.test)


def _prompts(side: Side) -> Iterator[_Fact]:
    for suite, digest in side.manifest["prompts"].items():
        yield _Fact(f"the digest of the prompts of suite {suite}", digest)


def _plans(side: Side) -> Iterator[_Fact]:
    if side.plan is not None:
        yield _Fact("the number of shards", side.plan.of)
        trials = "\n".join(f"{part} {name}" for part, name in side.plan.trials)
        yield _Fact("the selection", _Plan(len(side.plan.trials), trials))


class _Plan(NamedTuple):
    size: int
    trials: str

    def __str__(self) -> str:
        return f"{self.size} trials"


def _how_plans_differ(a: Side, b: Side) -> str:
    """Say which trials only one of two hosts selected."""
    names = [dict.fromkeys(name for _, name in side.plan.trials) for side in (a, b) if side.plan is not None]
    for (one, other), side in zip((names, names[::-1]), (a, b), strict=True):
        only = [name for name in one if name not in other]
        if only:
            return (
                f"; {only[0]} is one of {len(only)} that only {side.run.name} selected: give every host the "
                "same options, suites and models (and --kurabe-all-cases, where only some have a GPU)"
            )
    return "; the same trials in another order or in other parts: a plugin has changed them"


def _models(side: Side) -> Iterator[_Fact]:
    for name, facts in side.manifest.get("models", {}).items():
        yield _Fact(f"the fingerprint of model {name}", facts.get("fingerprint"))


def _thresholds(side: Side) -> Iterator[_Fact]:
    for name, told in side.manifest.get("thresholds", {}).items():
        for key in ("threshold", "from", "rule"):
            if key in told and not (key == "from" and "threshold" in told):  # there it is a file's name
                kind = {"threshold": "threshold", "from": "threshold's source", "rule": "threshold's rule"}
                yield _Fact(f"the {kind[key]} of model {name}", told[key])
        for chosen in told.get("chosen", ()):
            what = " ".join(str(chosen[key]) for key in ("question", "variant", "layout"))
            yield _Fact(f"the threshold that {name} was calibrated to for {what}", chosen["threshold"])


def _judges(side: Side) -> Iterator[_Fact]:
    yield _Fact("the judge", side.manifest.get("judge"))


def _lines(side: Side) -> Iterator[_Fact]:
    yield _Fact("the production line", side.manifest.get("line"))
