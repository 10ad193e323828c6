"""Lists of differences, and counts of them."""

import json

from tests.reading.fifth.en.frames import DIFFERENT, SAME
from tests.reading.fifth.en.prose import undecided_prose
from tests.reading.fifth.en.things import Fault
from tests.reading.fifth.en.writer import Writer, capital


def differences(w: Writer) -> tuple[str, str]:
    """A list of differences, or the statement that there are none."""
    number = w.rng.choice((0, 0, 1, 1, 2, 2, 2, 3, 3, 4, -1))
    if number < 0:
        return "?", undecided_prose(w)[1]
    if number == 0:
        return "0", no_differences(w)
    by_feature: dict[str, Fault] = {}
    for fault in w.rng.sample(w.thing.faults, k=len(w.thing.faults)):
        by_feature.setdefault(fault.about, fault)
    drawn = [
        Fault(w.place(fault.clause), fault.label, fault.about) for fault in list(by_feature.values())[:number]
    ]
    return str(len(drawn)), w.rng.choice((bulleted, bulleted, structured, told))(w, drawn)


def bulleted(w: Writer, drawn: list[Fault]) -> str:
    """The faults one a line, plain, with bullets or with numbers."""
    full = [f"{capital(fault.clause)} in {w.pair.second}" for fault in drawn]
    short = [capital(fault.clause) for fault in drawn]
    items = w.rng.choice((full, full, short, [capital(fault.label) for fault in drawn]))
    mark = w.rng.choice(("- ", "- ", "* ", "{}. ", "{}. ", "({}) ", "\u2022 ", ""))
    stop = w.rng.choice(("", "."))
    text = "\n".join(f"{mark.format(i)}{item}{stop}" for i, item in enumerate(items, 1))
    number = len(drawn)
    heads = (
        "There is one difference:" if number == 1 else f"There are {NUMBERS[number]} differences:",
        "**Difference:**" if number == 1 else "**Differences:**",
        f"{w.excluded()} What has changed in the thing itself:",
    )
    if w.maybe(0.35) and mark:
        text = f"{w.rng.choice(heads)}\n\n{text}"
    if w.maybe(0.15) and mark:
        text += "\n\nEverything else is the same."
    return text


def structured(w: Writer, drawn: list[Fault]) -> str:
    """The faults as JSON, as a table or under bold heads."""
    where = f" in {w.pair.second}"
    style = w.rng.randrange(4)
    if style == 0:
        chosen = w.rng.choice(([fault.clause for fault in drawn], [fault.label for fault in drawn]))
        text = json.dumps(chosen if w.maybe(0.5) else {"differences": chosen})
        return f"```json\n{text}\n```" if w.maybe(0.2) else text
    if style == 1:
        rows = [f"| {i} | {capital(fault.clause)}{where} |" for i, fault in enumerate(drawn, 1)]
        return "\n".join(["| No. | Difference |", "|---|---|", *rows])
    if style == 2:
        return "\n".join(
            f"{i}. **{capital(fault.label)}:** {fault.clause}{where}." for i, fault in enumerate(drawn, 1)
        )
    about = {fault.about for fault in drawn}
    untouched = [feature for feature in w.thing.features if feature not in about]
    rows = [f"- **{capital(fault.about)}:** {fault.clause}{where}" for fault in drawn]
    rows += [f"- **{capital(feature)}:** no difference" for feature in untouched[:2]]
    return "\n".join(w.rng.sample(rows, k=len(rows)))


def told(w: Writer, drawn: list[Fault]) -> str:
    """The faults in running text."""
    clauses = [fault.clause for fault in drawn]
    if len(drawn) == 1:
        return w.sentence(DIFFERENT, 0.15)
    listed = f"{', '.join(clauses[:-1])} and {clauses[-1]}"
    if w.maybe(0.5):
        return w.rng.choice((f"In {w.pair.second}, {listed}.", f"{capital(listed)} in {w.pair.second}."))
    starts = ("", "Also, ", "Besides, ", "Finally, ")
    order = zip(starts, clauses, strict=False)
    return " ".join(capital(f"{start}{clause} in {w.pair.second}.") for start, clause in order)


NUMBERS = {1: "one", 2: "two", 3: "three", 4: "four", 5: "five", 6: "six"}


def no_differences(w: Writer) -> str:
    """The statement that there is no difference, in one of its forms."""
    shape = w.rng.randrange(6)
    if shape == 0:
        return w.sentence(SAME, 0.3)
    if shape == 1:
        return f"{w.rng.choice((w.excluded, w.retraction, w.denial))()} No difference."
    if shape == 2:
        return f"No difference. {w.alike(w.kept[0])}"
    if shape == 3:
        lines = "\n".join(f"- {w.alike(feature)}" for feature in w.kept[: w.rng.choice((2, 3))])
        return f"{lines}\n\nNo difference."
    if shape == 4:
        return f"{w.shared()} No difference."
    return f"{w.sentence(SAME)} {w.states()}"


def count(w: Writer) -> tuple[str, str]:
    """A number of differences."""
    number = w.rng.choice((0, 1, 1, 2, 2, 3, 4, 5, 6))
    word = "no" if number == 0 else NUMBERS[number]
    noun = "difference" if number == 1 else "differences"
    verb = "is" if number == 1 else "are"
    frames = [
        f"{number}",
        f"{number}.",
        f"**{number}**",
        f"{number} {noun}",
        f"Answer: {number}",
        f"The answer is {number}.",
        f"There {verb} {number} {noun}.",
        f"There {verb} {word} {noun}.",
        f"There {verb} **{number}** {noun} between {{two}}.",
        f"There {verb} {word} {noun} between {{two}}.",
        f"Number of differences: {number}",
        f'{{"count": {number}}}',
    ]
    if number > 0:
        place = "place" if number == 1 else "places"
        frames += [
            capital(word),
            f"I count {number} {noun}.",
            f"I can see {word} {noun} between {{two}}.",
            f"{{two}} differ in {word} {place}.",
            f"{{two}} of the {{thing}} differ in {number} {place}.",
        ]
        frames += [f"The {{thing}} in {{b}} differs from the one in {{a}} in {word} {place}."]
    if number == 1:
        frames += ["Only one: {fault}.", "1 ({fault})", "Just one."]
    return str(number), capital(w.pick(tuple(frames)))
