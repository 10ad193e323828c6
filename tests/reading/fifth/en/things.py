"""The things that the English answers are about, what can be wrong with them, and how the pictures are called."""

from dataclasses import dataclass


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
