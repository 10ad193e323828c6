"""Verdicts in prose, and answers in prose that decide nothing."""

from tests.reading.fifth.en.frames import (
    BACKDROPS,
    DESCRIBED,
    DESCRIBED_MORE,
    DIFFERENT,
    DIFFERENT_END,
    DIFFERENT_HINTS,
    DIFFERENT_LATE,
    HEADINGS,
    OBSCURED,
    SAME,
    SAME_END,
    UNDECIDED,
    UNDECIDED_END,
)
from tests.reading.fifth.en.writer import Writer, capital, lowered


def joined(w: Writer, middles: list[str], core: str, ends: tuple[str, ...], share: float) -> str:
    """Middles and the core in one of the natural orders, with or without a closing."""
    parts = [*middles, core] if w.maybe(0.7) else [core, *middles]
    if w.maybe(share):
        end = w.pick(ends)
        return " ".join(parts) + ("\n\n" if end.startswith("**") else " ") + end
    return " ".join(parts)


def same_prose(w: Writer) -> tuple[str, str]:
    """An answer in prose that says same."""
    shape = w.rng.randrange(13)
    core = w.sentence(SAME, 0.25)
    features = w.rng.sample(w.thing.features, k=3)
    if shape < 2:
        text = core if w.maybe(0.5) else "No, " + lowered(w.sentence(SAME))
    elif shape < 7:
        middles = w.middles((w.denial, w.shared, w.retraction, w.states))
        text = joined(w, middles, core, SAME_END, 0.35)
        text = "No. " + text if w.maybe(0.15) else text
    elif shape == 7:
        frames = (
            "Apart from that, {two} are identical.",
            "Other than that, there is no difference.",
            "The {thing} itself is the same.",
            "As for the {thing}, nothing has changed.",
        )
        text = f"{w.excluded()} {w.pick(frames)}"
    elif shape == 8:
        lines = [f"- **{capital(feature)}:** {w.rng.choice(('same', 'identical'))}" for feature in features]
        text = f"{w.pick(HEADINGS)}\n\n" + "\n".join(lines) + f"\n\n{core}"
    elif shape == 9:
        lines = [f"{i}. {w.alike(feature)}" for i, feature in enumerate(features, 1)]
        text = "\n".join(lines) + f"\n\n{core}"
    elif shape == 10:
        text = table(w, features, None)
        text += f"\n\n{core}" if w.maybe(0.7) else ""
    elif shape == 11:
        thoughts = " ".join([w.alike(features[0]), *w.middles((w.denial, w.retraction))])
        text = f"<think>{thoughts}</think>\n\n{w.rng.choice(('No', 'No.', core))}"
    else:
        good = w.rng.choice(
            ("a {thing} without any defect", "a {thing} in good condition", "an intact {thing}")
        )
        lines = [f"{capital(picture)}: {w.fill(good)}" for picture in (w.pair.first, w.pair.second)]
        text = "Let me compare them.\n\n" + "\n".join(lines) + f"\n\n{w.rng.choice(('No difference.', core))}"
    return "same", text


def table(w: Writer, features: list[str], bad: str | None) -> str:
    """A table that compares features; the bad one, if there is one, has the drawn fault."""
    head = f"| Feature | {capital(w.pair.first)} | {capital(w.pair.second)} | Same? |\n|---|---|---|---|"
    good = w.rng.choice(("fine", "good", "no defect"))
    rows = [
        f"| {capital(feature)} | {good} | {w.fault.label if feature == bad else good} | "
        f"{'no' if feature == bad else 'yes'} |"
        for feature in features
    ]
    return "\n".join([head, *rows])


def different_prose(w: Writer) -> tuple[str, str]:
    """An answer in prose that says different."""
    shape = w.rng.randrange(13)
    core = w.sentence(DIFFERENT, 0.15)
    if shape < 2:
        text = core if w.maybe(0.5) else "Yes, " + lowered(w.sentence(DIFFERENT))
    elif shape < 7:
        flawless = " is fine" in core or "a good" in core
        middles = w.middles((w.denial, w.retraction) if flawless else (w.denial, w.shared, w.retraction))
        order = [*middles, core] if w.maybe(0.3) else [core, *middles]
        if order[-1] == core:
            turn = "However, " if ", but" in order[-2] else w.rng.choice(("However, ", "But "))
            order[-1] = turn + lowered(w.pick(DIFFERENT_LATE)) + "."
        text = " ".join(order)
        if w.maybe(0.3):
            end = w.pick(DIFFERENT_END[:9])
            text += ("\n\n" if end.startswith("**") else " ") + end
        text = "Yes. " + text if w.maybe(0.15) else text
    elif shape == 7:
        text = f"{core} {w.pick(DIFFERENT_END)}" if w.maybe(0.5) else w.pick(DIFFERENT_HINTS)
    elif shape == 8:
        lines = [f"- **{capital(feature)}:** same" for feature in w.kept[:2]]
        lines.insert(w.rng.randrange(3), f"- **{capital(w.fault.about)}:** {w.clause} in {w.pair.second}")
        text = f"{w.pick(HEADINGS)}\n\n" + "\n".join(lines)
        if w.maybe(0.5):
            text += f"\n\n{w.pick(DIFFERENT_END[:9])}"
    elif shape == 9:
        lines = [w.alike(feature) for feature in w.kept[:2]]
        lines.insert(w.rng.randrange(3), f"{capital(w.clause)} in {w.pair.second}.")
        text = "\n".join(f"{i}. {line}" for i, line in enumerate(lines, 1))
    elif shape == 10:
        features = [*w.kept[:2], w.fault.about]
        w.rng.shuffle(features)
        text = table(w, features, w.fault.about)
        text += f"\n\n{core}" if w.maybe(0.5) else ""
    elif shape == 11:
        doubt = w.rng.choice(("Wait, ", "Hmm, ", "But ", ""))
        found = f"{doubt}{w.clause} in {w.pair.second}."
        thoughts = " ".join([*w.middles((w.denial, w.retraction)), capital(found)])
        text = f"<think>{thoughts}</think>\n\n{w.rng.choice(('Yes', 'Yes.', core))}"
    else:
        bad = w.rng.choice(("a {thing}, but {fault}", "the same {thing}, except that {fault}"))
        lines = [f"{capital(w.pair.first)}: a {w.thing.name} without any defect"]
        lines.append(f"{capital(w.pair.second)}: {w.fill(bad)}")
        text = "Let me compare them.\n\n" + "\n".join(lines)
        text += f"\n\n{w.pick(DIFFERENT_END[:9])}" if w.maybe(0.5) else ""
    return "different", text


def undecided_prose(w: Writer) -> tuple[str, str]:
    """An answer in prose that decides nothing."""
    shape = w.rng.randrange(4)
    if shape == 0:
        return "?", w.sentence(UNDECIDED)
    if shape in (1, 2):
        text = f"{w.pick(OBSCURED)} {w.sentence(UNDECIDED)}"
        if w.maybe(0.4):
            text += " " + w.pick(UNDECIDED_END)
        return "?", text
    text = f"{capital(w.pick(DESCRIBED))} {w.rng.choice(BACKDROPS)}."
    if w.maybe(0.7):
        text += " " + w.pick(DESCRIBED_MORE)
    return "?", text
