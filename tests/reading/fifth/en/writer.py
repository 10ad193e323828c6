"""What fills the slots of one answer, and the sentences that stand beside its verdict."""

import random
from collections.abc import Callable

from tests.reading.fifth.en.frames import EXCLUDED, NOT_COUNTED, NTH, OPENINGS, SIDES, TABLE_DENIALS, UNOPENED
from tests.reading.fifth.en.things import PAIRS, THINGS, Fault

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


def lowered(text: str) -> str:
    """The text with its first letter in lower case, unless it begins with I."""
    return text if text.startswith(("I ", "I'")) else text[:1].lower() + text[1:]
