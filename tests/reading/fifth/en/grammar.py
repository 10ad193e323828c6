"""English answers of known meaning, put together at random from frames and slots.

Every frame is written so that its meaning holds whatever its slots are filled with. The program knows
nothing of the reader: it is meant to measure it.
"""

import json
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice

Row = tuple[str, str, str, str, str]
ATTEMPTS = 300  # so many repeats in a row, and a group counts as used up


@dataclass(frozen=True)
class Fault:
    """What can be wrong with a thing: a clause, a label without article, and the feature it touches."""

    clause: str
    label: str
    about: str


@dataclass(frozen=True)
class Thing:
    """Something to compare, with its features, states that can be denied, and faults."""

    name: str
    features: tuple[str, ...]
    states: tuple[str, ...]
    faults: tuple[Fault, ...]


@dataclass(frozen=True)
class Pair:
    """How an answer calls the two pictures."""

    first: str
    second: str
    two: str
    both: str


def faults(*rows: tuple[str, str, str]) -> tuple[Fault, ...]:
    """Faults from rows of clause, label and feature."""
    return tuple(Fault(*row) for row in rows)


PAIRS = (
    Pair("the first picture", "the second picture", "the two pictures", "both pictures"),
    Pair("the first image", "the second image", "the two images", "both images"),
    Pair("the top picture", "the bottom picture", "the two pictures", "both pictures"),
    Pair("the upper image", "the lower image", "the two images", "both images"),
    Pair("the upper picture", "the lower picture", "the pictures", "both pictures"),
    Pair("picture 1", "picture 2", "the two pictures", "both pictures"),
    Pair("image 1", "image 2", "the images", "both images"),
    Pair("the first photo", "the second photo", "the two photos", "both photos"),
    Pair("the first photograph", "the second photograph", "the two photographs", "both photographs"),
    Pair("the reference image", "the test image", "the two images", "both images"),
)

# In clauses and labels, {nth} is filled with an ordinal and {side} with a side.
THINGS = (
    Thing(
        "connector",
        ("housing", "pins", "solder joints", "board", "marking"),
        ("cracked", "dirty", "melted"),
        faults(
            ("the {nth} pin is bent", "bent pin", "pins"),
            ("the {nth} pin is missing", "missing pin", "pins"),
            ("pins 2 and 3 are joined by solder", "solder bridge", "solder joints"),
            ("a solder ball sits next to pin 5", "solder ball", "solder joints"),
            ("the housing has a crack on the {side}", "crack in the housing", "housing"),
            ("a fibre lies on the {side} of the board", "stray fibre", "board"),
            ("the marking is smudged", "smudged marking", "marking"),
        ),
    ),
    Thing(
        "circuit board",
        ("resistors", "capacitors", "traces", "solder mask", "silkscreen"),
        ("burnt", "broken", "corroded"),
        faults(
            ("the {nth} resistor is missing", "missing resistor", "resistors"),
            ("one of the capacitors is tilted", "tilted capacitor", "capacitors"),
            ("a trace on the {side} is interrupted", "broken trace", "traces"),
            ("the solder mask is scratched on the {side}", "scratch in the solder mask", "solder mask"),
            ("the silkscreen is partly worn away", "worn spot in the silkscreen", "silkscreen"),
        ),
    ),
    Thing(
        "bottle",
        ("cap", "label", "neck", "liquid level", "glass"),
        ("cracked", "chipped", "dirty"),
        faults(
            ("the cap is missing", "missing cap", "cap"),
            ("the cap is not fully closed", "loose cap", "cap"),
            ("the label is torn on the {side}", "torn label", "label"),
            ("the label is crooked", "crooked label", "label"),
            ("the neck is chipped", "chip in the neck", "neck"),
            ("the liquid level is lower", "low liquid level", "liquid level"),
            ("the glass has a crack on the {side}", "crack in the glass", "glass"),
        ),
    ),
    Thing(
        "cookie",
        ("outline", "chocolate chips", "surface", "colour"),
        ("broken", "burnt", "crushed"),
        faults(
            ("a piece has broken off on the {side}", "missing piece", "outline"),
            ("one of the chocolate chips is missing", "missing chocolate chip", "chocolate chips"),
            ("the surface has a crack on the {side}", "crack in the surface", "surface"),
            ("the {side} edge is burnt", "burnt edge", "colour"),
        ),
    ),
    Thing(
        "capsule",
        ("shell", "imprint", "seam", "colour"),
        ("dented", "cracked", "leaking"),
        faults(
            ("the shell is dented on the {side}", "dent in the shell", "shell"),
            ("the shell has a fine crack", "crack in the shell", "shell"),
            ("the imprint is misplaced", "misplaced imprint", "imprint"),
            ("the seam is open", "open seam", "seam"),
            ("the colour has faded on the {side}", "faded spot", "colour"),
        ),
    ),
    Thing(
        "screw",
        ("head", "thread", "tip", "coating"),
        ("bent", "rusty", "scratched"),
        faults(
            ("the head is scratched", "scratch on the head", "head"),
            ("the thread is damaged on the {side}", "damaged thread", "thread"),
            ("the tip is broken off", "broken tip", "tip"),
            ("the coating is peeling on the {side}", "peeling spot in the coating", "coating"),
        ),
    ),
    Thing(
        "piece of fabric",
        ("weave", "edges", "pattern", "colour"),
        ("torn", "stained", "creased"),
        faults(
            ("the weave has a hole on the {side}", "hole in the weave", "weave"),
            ("a thread has been pulled out of the weave", "pulled thread", "weave"),
            ("the {side} edge is frayed", "frayed edge", "edges"),
            ("the pattern is interrupted on the {side}", "interrupted pattern", "pattern"),
            ("there is a dark stain on the {side}", "dark stain", "colour"),
        ),
    ),
    Thing(
        "zip",
        ("teeth", "slider", "tape", "stitching"),
        ("torn", "frayed", "dirty"),
        faults(
            ("the {nth} tooth is broken", "broken tooth", "teeth"),
            ("two of the teeth are squeezed together", "pair of squeezed teeth", "teeth"),
            ("the slider is missing", "missing slider", "slider"),
            ("the tape is torn on the {side}", "tear in the tape", "tape"),
            ("the stitching has come loose on the {side}", "loose stitch", "stitching"),
        ),
    ),
    Thing(
        "label",
        ("text", "barcode", "logo", "corners"),
        ("torn", "wrinkled", "stained"),
        faults(
            ("the {nth} line of the text is missing", "missing line of text", "text"),
            ("the barcode is smeared", "smeared barcode", "barcode"),
            ("the logo is upside down", "upside-down logo", "logo"),
            ("one of the corners is folded over", "folded corner", "corners"),
        ),
    ),
    Thing(
        "casting",
        ("flange", "holes", "surface", "edges"),
        ("cracked", "rusty", "deformed"),
        faults(
            ("the flange is chipped on the {side}", "chipped flange", "flange"),
            ("the {nth} hole has not been drilled", "undrilled hole", "holes"),
            ("the surface shows a blowhole on the {side}", "blowhole", "surface"),
            ("there is a burr along the {side} edge", "burr", "edges"),
        ),
    ),
    Thing(
        "dialog window",
        ("title", "buttons", "icon", "input fields"),
        ("cut off", "garbled", "greyed out"),
        faults(
            ("the title is misspelt", "misspelt title", "title"),
            ("the Cancel button is missing", "missing Cancel button", "buttons"),
            ("the icon is red rather than green", "wrong colour of the icon", "icon"),
            ("the {nth} input field is greyed out", "greyed-out input field", "input fields"),
        ),
    ),
    Thing(
        "gear",
        ("teeth", "hub", "keyway", "surface"),
        ("bent", "rusty", "cracked"),
        faults(
            ("one of the teeth is broken off", "broken tooth", "teeth"),
            ("the hub is cracked on the {side}", "crack in the hub", "hub"),
            ("the keyway is blocked by a chip of metal", "blocked keyway", "keyway"),
            ("the surface has a rust spot on the {side}", "rust spot", "surface"),
        ),
    ),
    Thing(
        "cable",
        ("wires", "insulation", "plug", "strain relief"),
        ("kinked", "frayed", "burnt"),
        faults(
            ("the {nth} wire is cut", "cut wire", "wires"),
            ("two wires have changed places", "swapped pair of wires", "wires"),
            ("the insulation is nicked on the {side}", "nick in the insulation", "insulation"),
            ("the plug is cracked", "crack in the plug", "plug"),
            ("the strain relief is missing", "missing strain relief", "strain relief"),
        ),
    ),
    Thing(
        "table",
        ("mug", "key", "book", "apple", "pencil"),
        ("damaged", "scratched", "stained"),
        faults(
            ("the mug is gone", "mug missing", "mug"),
            ("the key has moved to the {side}", "key moved", "key"),
            ("the book is open rather than closed", "book opened", "book"),
            ("the apple is green rather than red", "apple turned green", "apple"),
            ("the pencil has been removed", "pencil removed", "pencil"),
        ),
    ),
)

NTH = ("first", "second", "third", "fourth")
SIDES = ("left", "right")
EXCLUDED = (
    "{B} is slightly brighter",
    "{B} is a little darker",
    "{B} contains more noise",
    "{B} is shifted by a few pixels",
    "{B} was taken under warmer light",
    "{B} has a somewhat lower contrast due to the lighting",
    "the lighting is not quite the same in {both}",
)
NOT_COUNTED = ("does not count", "is to be ignored", "is not counted as a difference", "can be disregarded")

SAME = (
    "there is no difference between {two}",
    "there isn't a single mismatch between {two}",
    "there are no differences in the {thing} between {two}",
    "{two} show no difference",
    "{two} do not differ",
    "{two} are identical",
    "{two} are the same",
    "{two} appear to be the same",
    "{two} seem to be identical",
    "{two} match",
    "nothing has changed between {two}",
    "nothing about the {thing} has changed",
    "the {thing} is the same in {both}",
    "the {thing} is unchanged",
    "the {thing} in {b} matches the one in {a}",
    "the {thing} in {b} is in the same condition as the one in {a}",
    "the {thing} in {b} has no defect that the one in {a} does not have",
    "I can't see any difference between {two}",
    "I see no difference between {two}",
    "I did not find anything in {b} that differs from {a}",
    "I could not find a difference in the {thing}",
    "I don't think there is a difference between {two}",
    "it does not look as if anything had changed between {two}",
    "{both} show the same {thing} in the same condition",
    "{b} shows no deviation from {a}",
    "no difference can be found between {two}",
    "it would be wrong to say that {two} differ",
    "{two} are most likely the same",
    "{b} is no different from {a}",
)
SAME_END = (
    "So the answer is no.",
    "The answer is no.",
    "Therefore, no.",
    "I would answer no.",
    "Hence there is no difference.",
    "So they are the same.",
    "**Answer:** No",
    "Verdict: same.",
)
DIFFERENT = (
    "{fault} in {b}",
    "in {b}, {fault}",
    "{fault} in {b}, but not in {a}",
    "{fault} in {b}, which is not the case in {a}",
    "there is a difference between {two}: {fault} in {b}",
    "there is one difference: {fault} in {b}",
    "the only difference is that {fault} in {b}",
    "{two} differ in that {fault} in {b}",
    "{two} are not the same, since {fault} in {b}",
    "{two} are not identical: {fault} in {b}",
    "{two} do not match because {fault} in {b}",
    "{two} are identical apart from one thing: {fault} in {b}",
    "{two} are the same except that {fault} in {b}",
    "{two} look alike, but {fault} in {b}",
    "at first glance {two} look the same, but {fault} in {b}",
    "I first took {two} for identical, until I noticed that {fault} in {b}",
    "the {thing} in {b} does not match the one in {a}, as {fault}",
    "it seems that {fault} in {b}",
    "it looks as if {fault} in {b}",
    "I can see that {fault} in {b}",
    "I believe that {fault} in {b}",
    "it is most likely that {fault} in {b}",
    "I would not call {two} the same, for {fault} in {b}",
    "the {thing} in {a} is fine, but {fault} in {b}",
    "{a} shows a good {thing}, whereas {fault} in {b}",
    "unlike in {a}, {fault} in {b}",
    "compared with {a}, {b} shows a defect: {fault}",
)
DIFFERENT_END = (
    "So the answer is yes.",
    "The answer is yes.",
    "Therefore, yes.",
    "I would answer yes.",
    "Hence there is a difference.",
    "So they are not the same.",
    "**Answer:** Yes",
    "Verdict: different.",
    "The part fails.",
    "The rest is the same.",
    "Everything else is unchanged.",
    "Otherwise {two} are the same.",
)
UNOPENED = ("I ", "I'", "it ", "at first", "unlike", "compared")  # sentences that take no opening
OPENINGS = (
    "After comparing {two}, I can say that ",
    "On closer inspection, ",
    "Looking at {both}, I find that ",
    "Based on what is visible, ",
    "In summary, ",
    "As far as I can see, ",
    "Upon careful examination, ",
    "From what I can tell, ",
    "Overall, ",
)
UNDECIDED = (
    "I cannot tell whether {two} differ",
    "I can't say whether {fault} in {b}",
    "it is not clear whether {fault} in {b}",
    "it is impossible to say whether the {thing} in {b} is the same as in {a}",
    "I am not sure whether the {thing} has changed",
    "I am unable to determine whether there is a difference",
    "{two} may or may not be the same",
    "there may or may not be a difference in the {thing}",
    "whether the {feature} of the {thing} changed cannot be determined",
    "I have no way of knowing whether {two} are identical",
    "no conclusion can be drawn about the {thing}",
)
TABLE_DENIALS = (
    "No new object can be seen in {b}.",
    "Nothing was added in {b}.",
    "None of the objects has been turned upside down.",
    "There is no additional object in {b}.",
)
OBSCURED = (
    "{B} is too blurry.",
    "{B} is too dark.",
    "A reflection hides the {feature} in {b}.",
    "The resolution of {both} is too low.",
    "The {feature} cannot be made out in {b}.",
    "{B} is cut off before the {feature}.",
    "There is too much noise in {both}.",
    "A shadow covers the {feature} in {b}.",
)
UNDECIDED_END = (
    "Please provide a sharper image.",
    "Either answer is possible.",
    "I therefore cannot answer yes or no.",
    "A better picture would be needed.",
    "The comparison is inconclusive.",
)
DESCRIBED = (
    "the image shows a {thing}",
    "{both} show a {thing}",
    "this is a close-up of a {thing}",
    "you can see two pictures of a {thing}",
    "there are two pictures here, each with a {thing}",
)
BACKDROPS = (
    "on a grey background",
    "on a plain white background",
    "seen from above",
    "under bright light",
    "in the middle of the frame",
    "photographed at close range",
)
DESCRIBED_MORE = (
    "The {feature} of the {thing} can be seen in the centre.",
    "The {feature} can be seen clearly.",
    "The background is out of focus.",
    "A black bar separates {two}.",
    "The {feature} and the {other} are in focus.",
    "There is a scale at the edge of the frame.",
)


PLURALS = ("teeth", "pins", "solder joints", "resistors", "capacitors", "traces", "chocolate chips", "edges",
           "corners", "holes", "buttons", "input fields", "wires")  # fmt: skip


def be(feature: str) -> str:
    """The form of 'to be' that goes with a feature."""
    return "are" if feature in PLURALS else "is"


def article(noun: str) -> str:
    """The noun with 'a' or 'an'."""
    return ("an " if noun[0] in "aeiou" else "a ") + noun


def capital(text: str) -> str:
    """The text with its first letter in upper case."""
    return text[:1].upper() + text[1:]


class Writer:
    """Fills slots for one answer: one thing, one pair of names and one fault are drawn at the start."""

    def __init__(self, rng: random.Random) -> None:
        """Draw what the answer is about."""
        self.rng = rng
        self.thing = rng.choice(THINGS)
        self.pair = rng.choice(PAIRS)
        self.fault = rng.choice(self.thing.faults)
        others = [fault for fault in self.thing.faults if fault.about != self.fault.about]
        self.denied, self.also_denied = self.unlike(others)
        kept = [feature for feature in self.thing.features if feature != self.fault.about]
        self.kept = rng.sample(kept, k=len(kept))
        self.clause = self.place(self.fault.clause)

    def unlike(self, pool: list[Fault]) -> tuple[Fault, Fault]:
        """Two faults of different features."""
        one = self.rng.choice(pool)
        return one, self.rng.choice([fault for fault in pool if fault.about != one.about])

    def maybe(self, share: float) -> bool:
        """True in this share of cases."""
        return self.rng.random() < share

    def place(self, text: str) -> str:
        """Fill in which one and which side."""
        text = text.replace("{nth}", self.rng.choice(NTH))
        return text.replace("{side}", self.rng.choice(SIDES))

    def fill(self, text: str) -> str:
        """Fill the slots of a frame."""
        pair = self.pair
        slots = {
            "{fault}": self.clause,
            "{thing}": self.thing.name,
            "{feature}": self.kept[0],
            "{other}": self.kept[1],
            "{a}": pair.first,
            "{b}": pair.second,
            "{B}": capital(pair.second),
            "{two}": pair.two,
            "{both}": pair.both,
        }
        for slot, value in slots.items():
            text = text.replace(slot, value)
        return text

    def pick(self, frames: tuple[str, ...]) -> str:
        """One frame, filled."""
        return self.fill(self.rng.choice(frames))

    def sentence(self, frames: tuple[str, ...], opening: float = 0.0) -> str:
        """One frame as a sentence, in this share of cases with an opening before it."""
        text = self.pick(frames)
        if self.maybe(opening) and not text.startswith(UNOPENED):
            return self.pick(OPENINGS) + text + "."
        return capital(text) + "."

    def excluded(self) -> str:
        """A sentence on something that does not count."""
        text = self.pick(EXCLUDED)
        if self.maybe(0.6):
            return f"{capital(text)}, which {self.rng.choice(NOT_COUNTED)}."
        return f"{capital(text)}, but that {self.rng.choice(NOT_COUNTED)}."

    def alike(self, feature: str) -> str:
        """A sentence that says that one feature is the same."""
        verb = be(feature)
        frames: tuple[str, ...] = (
            f"The {feature} {verb} the same in {{both}}.",
            f"The {feature} of the {self.thing.name} {verb} the same.",
            f"The {feature} {verb} unchanged.",
            f"I see no change in the {feature}.",
            f"The {feature} in {{b}} {verb} as in {{a}}.",
            f"Nothing has changed about the {feature}.",
        )
        if self.thing.name == "table":
            frames = (frames[2], frames[3], f"The {feature} {verb} in the same place in {{both}}.")
        return self.pick(frames)

    def denial(self) -> str:
        """A sentence that denies faults other than the drawn one."""
        if self.thing.name == "table":
            return self.pick(TABLE_DENIALS)
        one, other = self.denied.label, self.also_denied.label
        frames = (
            f"There is no {one} in {{b}}.",
            f"There is no {one} and no {other}.",
            f"I looked for {article(one)} in {{b}} and did not find any.",
            f"No {one} is visible in {{b}}.",
            f"There is neither {article(one)} nor {article(other)}.",
            f"{{B}} is free of any {one}.",
            f"I expected to find {article(one)}, but there is none.",
        )
        return self.pick(frames)

    def shared(self) -> str:
        """A sentence on a fault that both pictures have."""
        clause = self.place(self.denied.clause)
        frames = (
            f"{capital(clause)}, but this is so in {{both}}.",
            f"{capital(clause)} in {{both}}, so this is not a difference.",
            f"In {{both}}, {clause}.",
        )
        if "lower" in clause or "rather" in clause or "moved" in clause:
            return self.denial()
        return self.pick(frames)

    def retraction(self) -> str:
        """A sentence on a suspicion that came to nothing."""
        clause = self.place(self.denied.clause)
        frames = (
            f"At first it looks as if {clause} in {{b}}, but that is only an effect of the light.",
            f"At first one might think that {clause} in {{b}}, but a closer look shows that it isn't so.",
            f"It might seem that {clause} in {{b}}, but this is not the case.",
            f"I wondered whether {clause} in {{b}}, but it is as in {{a}}.",
            f"One could think that {clause} in {{b}}; this is an illusion caused by a shadow.",
        )
        return self.pick(frames)

    def middles(self, makers: tuple[Callable[[], str], ...]) -> list[str]:
        """One or two sentences before or after the main one, at most one of them on faults."""
        chosen = [self.rng.choice(makers)()]
        feature = next(name for name in self.kept if name != self.denied.about)
        chosen.append(self.excluded() if self.maybe(0.5) else self.alike(feature))
        self.rng.shuffle(chosen)
        return chosen if self.maybe(0.35) else chosen[:1]

    def states(self) -> str:
        """A sentence that denies states of the thing."""
        one, two = self.rng.sample(self.thing.states, k=2)
        return self.fill(f"In {{b}} the {{thing}} is neither {one} nor {two}.")


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


HEADINGS = (
    "## Comparison of the {thing}",
    "### Findings: {thing}",
    "**Comparison:**",
    "Here is what I compared:",
)


def lowered(text: str) -> str:
    """The text with its first letter in lower case, unless it begins with I."""
    return text if text.startswith(("I ", "I'")) else text[:1].lower() + text[1:]


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


DIFFERENT_LATE = (
    "{fault} in {b}",
    "in {b}, {fault}",
    "{fault} in {b}, unlike in {a}",
    "there is a difference: {fault} in {b}",
    "I can see that {fault} in {b}",
)
DIFFERENT_HINTS = (
    "It is not just the lighting: {fault} in {b}.",
    "I don't think {two} are the same, because {fault} in {b}.",
    "Nothing is different except that {fault} in {b}.",
    "If it weren't for the fact that {fault} in {b}, {two} would be identical.",
    "Not everything is the same: {fault} in {b}.",
    "Light and noise aside, {fault} in {b}.",
    "Even if the light is ignored, {fault} in {b}.",
    "The good {thing} is in {a}. The {thing} in {b} has a defect: {fault}.",
    "No, they are not the same: {fault} in {b}.",
    "The {feature} and the {other} match, but {fault} in {b}.",
)


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


def short(w: Writer) -> tuple[str, str]:
    """A verdict in a word or a few."""
    words = {
        "same": (
            "No",
            "No difference",
            "No differences",
            "Same",
            "Identical",
            "The same",
            "No change",
            "Unchanged",
            "They match",
            "No visible difference",
            "Nothing changed",
            "They are the same",
        ),
        "different": (
            "Yes",
            "Different",
            "Not the same",
            "Not identical",
            "They differ",
            "Changed",
            "Mismatch",
            "They are different",
            "They do not match",
            capital(w.fault.label),
            f"Yes, {w.fault.label}",
        ),
        "?": (
            "Unclear",
            "Unsure",
            "Cannot tell",
            "I don't know",
            "Unknown",
            "Not sure",
            "Can't say",
            "Undetermined",
        ),
    }
    verdict = w.rng.choice(("same", "same", "different", "different", "?"))
    word = w.rng.choice(words[verdict])
    word = w.rng.choice((word, word, word.lower(), word.upper()))
    frame = w.rng.choice(
        ("{}", "{}.", "**{}**", "**{}.**", '"{}"', "Answer: {}", "**Answer:** {}", "{}!", "`{}`")
    )
    return verdict, frame.format(word)


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


SAME_REASONS = (
    "the {thing} is the same in {both}",
    "no change in the {thing}",
    "{two} differ only in brightness, which does not count",
    "the {feature} and the {other} are as in {a}, and so is the rest",
    "no defect found on the {thing}",
    "the {thing} in {b} is as good as the one in {a}",
    "only noise, nothing in the {thing} itself",
)


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


Group = tuple[str, str, float, Callable[[Writer], tuple[str, str]]]
GROUPS: tuple[Group, ...] = (
    ("verdict", "prose", 4.0, same_prose),
    ("verdict", "prose", 4.0, different_prose),
    ("verdict", "prose", 1.5, undecided_prose),
    ("verdict", "data", 6.0, data),
    ("differences", "list", 6.0, differences),
    ("verdict", "short", 1.0, short),
    ("count", "short", 1.0, count),
)


def answers(seed: int) -> Iterator[Row]:
    """Distinct answers as (kind, language, form, expected, text), until every group is used up."""
    rng = random.Random(seed)
    groups = list(GROUPS)
    seen: set[tuple[str, str]] = set()
    while groups:
        group = rng.choices(groups, [weight for *_, weight, _ in groups])[0]
        kind, form, _, write = group
        for _ in range(ATTEMPTS):
            expected, text = write(Writer(rng))
            if (kind, text) not in seen:
                seen.add((kind, text))
                yield kind, "en", form, expected, text
                break
        else:
            groups.remove(group)


if __name__ == "__main__":
    for row in islice(answers(1), 40):
        print("\t".join(row[:4]), row[4].replace("\n", "\\n"), sep="\t")
