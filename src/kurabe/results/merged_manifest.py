"""The manifest of runs that were joined: what they have in common, and each one's own in ``parts``."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

Manifest = Mapping[str, Any]

_OF_THE_HOST = ("python", "platform", "cpus", "gpus", "packages", "git")
_OF_A_PART = ("run", "shard", "started", "finished", "planned", "answered", "command", *_OF_THE_HOST)


def joined(manifests: Sequence[Manifest], known: Manifest, *, complete: bool) -> dict[str, Any]:
    """Return the manifest of the whole, without its name.

    Args:
        manifests: Those of the parts.
        known: What is known of the whole: ``answered``, ``refused``, ``messages``, ``partial``, and
            ``planned`` where a plan tells it.
        complete: Whether all that was planned is there, also where a part was killed.
    """
    first = manifests[0]
    ends = [manifest.get("finished") for manifest in manifests]
    starts = [manifest["started"] for manifest in manifests if manifest.get("started")]
    models = _models(manifests)
    found = {key: value for key, value in first.items() if key != "format"}
    return found | {
        "started": min(starts, default=None),
        "finished": max([each for each in ends if each] or starts) if complete or None not in ends else None,
        "planned": _planned(manifests, known["answered"]),
        "options": _options([manifest.get("options", {}) for manifest in manifests]),
        "command": ["merge", *(str(manifest.get("run")) for manifest in manifests)],
        "models": models,
        "cards": _union(manifests, "cards"),
        "left_out": {k: v for k, v in _union(manifests, "left_out").items() if k not in models},
        "fewer": _union(manifests, "fewer"),
        "suites": _union(manifests, "suites"),
        "broken": _lines(manifests, "broken"),
        "shard": None,
        "cases": _union(manifests, "cases"),
        "prompts": _union(manifests, "prompts"),
        "thresholds": _thresholds(manifests),
        **{key: first.get(key) if _all_alike(manifests, key) else None for key in _OF_THE_HOST},
        "parts": [told for manifest in manifests for told in _told(manifest)],
        **known,
        "messages": [*known["messages"], *_lines(manifests, "messages")],
    }


def _planned(manifests: Sequence[Manifest], answered: int) -> int | None:
    """Return what runs without a common plan set out to do: what is there, and what each lacks."""
    missing = 0
    for manifest in manifests:
        planned = manifest.get("planned")
        if not isinstance(planned, int):
            return None
        missing += max(0, planned - int(manifest.get("answered", 0)))
    return answered + missing


def _told(manifest: Manifest) -> Sequence[Manifest]:
    """Return what is kept of a part; of one that was merged itself, its own parts."""
    own: Sequence[Manifest] = manifest.get("parts", ())
    return own or [{key: manifest.get(key) for key in _OF_A_PART}]


def _all_alike(manifests: Sequence[Manifest], key: str) -> bool:
    return all(a.get(key) == b.get(key) for a, b in pairwise(manifests))


def _options(options: Sequence[Manifest]) -> dict[str, Any]:
    """Return what was asked for; what the parts were asked differently is null."""
    first = options[0]
    at = list(dict.fromkeys(rule for each in options for rule in each.get("at") or ()))
    return {key: value if _all_alike(options, key) else None for key, value in first.items()} | {
        "shard": None,
        "at": at,
    }


def _union(manifests: Sequence[Manifest], key: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for manifest in manifests:
        for name, value in manifest.get(key, {}).items():
            found.setdefault(name, value)
    return found


def _models(manifests: Sequence[Manifest]) -> dict[str, dict[str, Any]]:
    """Return facts of each model; where hosts tell different ones, all of them in a list."""
    values: dict[str, dict[str, list[Any]]] = {}
    for manifest in manifests:
        for name, facts in manifest.get("models", {}).items():
            mine = values.setdefault(name, {})
            for fact, value in facts.items():
                known = mine.setdefault(fact, [])
                if value not in known:
                    known.append(value)
    return {
        name: {fact: found[0] if len(found) == 1 else found for fact, found in facts.items()}
        for name, facts in values.items()
    }


def _thresholds(manifests: Sequence[Manifest]) -> dict[str, dict[str, Any]]:
    """Return each model's thresholds; those that calibration chose for some parts only, from all of them."""
    found: dict[str, dict[str, Any]] = {}
    for manifest in manifests:
        for name, told in manifest.get("thresholds", {}).items():
            mine = found.setdefault(name, dict(told))
            if "chosen" in told:
                more = [each for each in told["chosen"] if each not in mine["chosen"]]
                mine["chosen"] = [*mine["chosen"], *more]
    return found


def _lines(manifests: Sequence[Manifest], key: str) -> list[str]:
    return list(dict.fromkeys(line for manifest in manifests for line in manifest.get(key, ())))
