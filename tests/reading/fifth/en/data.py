"""Verdicts as data: JSON, dicts and lines of keys."""

import json

from tests.reading.fifth.en.frames import OBSCURED, SAME_REASONS
from tests.reading.fifth.en.writer import Writer, capital

# Keys under which a yes means different, or same.
DIFFERENT_KEYS = (
    "different", "difference", "has_difference", "differs", "difference_detected", "defect", "has_defect",
    "defect_found", "changed", "mismatch", "not_identical", "is_different", "anomaly",
)  # fmt: skip
SAME_KEYS = (
    "same", "identical", "is_same", "match", "matches_reference", "unchanged", "are_identical", "defect_free",
)  # fmt: skip
VERDICT_KEYS = ("verdict", "result", "conclusion", "comparison")


def laid_out(w: Writer, fields: dict[str, object]) -> str:
    """Fields as JSON, as a Python dict, as lines or in a fence."""
    style = w.rng.randrange(8)
    if style < 3:
        return json.dumps(fields)
    if style == 3:
        return repr(fields)
    if style == 4:
        return "```json\n" + json.dumps(fields, indent=2) + "\n```"
    plain = {key: spoken(value) for key, value in fields.items()}
    if style == 5:
        return "\n".join(f"{key}: {value}" for key, value in plain.items())
    if style == 6:
        return "\n".join(f"- **{capital(key.replace('_', ' '))}:** {value}" for key, value in plain.items())
    return "\n".join(f"{capital(key.replace('_', ' '))}: {value}" for key, value in plain.items())


def spoken(value: object) -> str:
    """A value as it stands in a line of text."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return "; ".join(map(str, value)) or "none"
    return str(value)


def data(w: Writer) -> tuple[str, str]:
    """A verdict as data."""
    verdict = w.rng.choice(("same", "same", "different", "different", "?"))
    if verdict == "?":
        return verdict, laid_out(w, undecided_fields(w))
    differs = verdict == "different"
    words = ("different", "not identical") if differs else ("same", "identical")
    key, value = w.rng.choice(
        (
            ("answer", "Yes" if differs else "No"),
            (w.rng.choice(DIFFERENT_KEYS), differs),
            (w.rng.choice(DIFFERENT_KEYS), "yes" if differs else "no"),
            (w.rng.choice(SAME_KEYS), not differs),
            (w.rng.choice(SAME_KEYS), "no" if differs else "yes"),
            (w.rng.choice(VERDICT_KEYS), w.rng.choice(words)),
            ("differences", [w.clause] if differs else []),
            ("defects", [w.fault.label] if differs else []),
        )
    )  # fmt: skip
    extra: list[tuple[str, object]] = []
    if w.maybe(0.5):
        reason = f"{w.clause} in {w.pair.second}" if differs else w.pick(SAME_REASONS)
        extra.append((w.rng.choice(("reason", "explanation", "comment", "notes")), capital(reason)))
    if w.maybe(0.3):
        extra.append(("object", w.thing.name))
    if w.maybe(0.3):
        extra.append(("confidence", round(w.rng.uniform(0.7, 0.99), 2)))
    if w.maybe(0.2):
        extra.append((w.kept[0].replace(" ", "_"), "same"))
        if differs:
            extra.append((w.fault.about.replace(" ", "_"), w.fault.label))
    if w.maybe(0.15):
        extra.append((w.rng.choice(("lighting_changed", "noise_differs", "shifted")), w.maybe(0.5)))
    fields = [*extra, (key, value)] if w.maybe(0.35) else [(key, value), *extra]
    return verdict, laid_out(w, dict(fields))


def undecided_fields(w: Writer) -> dict[str, object]:
    """Fields that decide nothing."""
    key = w.rng.choice(("answer", "verdict", "result", "different", "identical"))
    value = w.rng.choice(("unknown", "unclear", "cannot determine", "unsure", "undetermined", "inconclusive"))
    fields: dict[str, object] = {key: value}
    if w.maybe(0.7):
        fields[w.rng.choice(("reason", "explanation", "notes"))] = w.pick(OBSCURED).rstrip(".")
    if w.maybe(0.4):
        fields["object"] = w.thing.name
    return fields
