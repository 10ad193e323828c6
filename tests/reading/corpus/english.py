"""English answers of our own wording, built so that their meaning is known."""

from collections.abc import Iterator
from random import Random
from typing import NamedTuple

from tests.reading.corpus.row import Row

PAIRS = """
The two images|Both images|The images|The two pictures|Both pictures|The pictures|The two photos|Both photos
The upper and lower images|The top and bottom pictures|The first and second images|Image 1 and image 2
Image A and image B|The left and right photos|The two connectors|Both parts|The two images provided
The provided images|These two images|The reference and test images|The two specimens|The images shown
Both of the pictures|The given images|The two parts|The parts in the two pictures|Both connectors
The pictures you shared|The two boards|Both circuit boards|The two gaskets|The two bottles
"""
BETWEEN = """
between the two images|between the two pictures|between them|between the images|between the two photos
between image 1 and image 2|between the upper and the lower picture|in the two pictures|between both images
between the two provided images|between the reference and the test image|between the first and second image
between these two images|between the two connectors|here|
"""
SAME = """
are identical|are the same|are exactly the same|appear to be identical|look the same|look identical
seem identical
match|match perfectly|match each other exactly|show no differences|do not differ|are indistinguishable
are visually identical|have no differences|do not show any differences|are identical in every respect
exhibit no visible differences|are not different|appear identical in all aspects|show no visible difference
appear to be exactly the same|do not have any visible differences|are completely identical
look exactly alike|seem to be the same in every way|are equal|aren't different|don't differ from each other
are the same in all respects|reveal no discrepancies
"""
ADJECTIVES = (
    "|visible |noticeable |apparent |discernible |significant |obvious |clear |real |observable |detectable "
)
NO_DIFFERENCE = """
There is no {a}difference {b}|There are no {a}differences {b}|No {a}differences can be seen {b}
I see no {a}difference {b}|I cannot see any {a}differences {b}|I do not see any {a}difference {b}
I could not find any {a}differences {b}|I can't detect any {a}differences {b}
No {a}differences were found {b}
There does not appear to be any {a}difference {b}|There appears to be no {a}difference {b}
There don't seem to be any {a}differences {b}|No {a}change was detected {b}|I find no {a}discrepancies {b}
I don't think there is any {a}difference {b}|No {a}differences are visible {b}
I notice no {a}differences {b}
There isn't any {a}difference {b}|I am unable to find any {a}differences {b}|No {a}differences {b}
I did not notice any {a}differences {b}|Nothing is different {b}|Nothing has changed {b}
We can see no {a}difference {b}|No {a}deviations are present {b}|There are zero {a}differences {b}
"""
OPENINGS = """
After comparing the two images, |Upon close inspection, |Looking at both pictures,
Based on the images provided,
From what I can see, |After careful examination, |Having compared both pictures, |As far as I can tell,
To answer your question, |In conclusion, |Overall, |I carefully compared the two pictures.
Let me compare the two images.|I have examined both images closely.|Sure! |Okay. |In my opinion,
When comparing the two images side by side, |I can confirm that |It appears that |I believe that
The answer is that |After looking closely, |On closer inspection, |Comparing the two, |Visually,
"""
ALIKE = """
Both show a white connector with eight pins.|All pins are present and straight.
The housing, pins and latch look the same in both.|The number, position and shape of the pins match.
Everything appears to be in place.|There is nothing missing or damaged.
The color, shape, and layout are identical.
Both connectors have the same number of pins, and the housings are identical.|No pins are bent or missing.
No defects are visible.|The pins are the same in both pictures.|Both images show the same connector.
Each picture shows the same part in the same position.|All components are in the same place.
Both parts look good.|The upper and lower images both show a white connector.
The label reads the same in both images.
They have the same shape and the same color.|The pins are aligned in the same way in both images.
Neither picture shows any damage.|Both are in good condition.|The background is the same, too.
The first image shows a white connector with ten pins. The second image shows a white connector with ten pins.
The top image shows a connector and the bottom image shows the same connector.
Every pin is straight.|The layout of the components is unchanged.
I see no scratches or dents on either part.
"""
FAULTS = """
pin 3 is bent|the left pin is missing|the label is missing|the housing is cracked
there is a scratch on the housing
the third pin from the left is bent to the right|one pin is shorter|the screw is gone|the latch is broken
there is an extra hole in the cover|the color of the housing has changed|a capacitor is missing
the logo is printed upside down|the cable is torn|there is a dark spot near the edge|pin 5 has been removed
the seal is damaged|two pins are swapped|the housing is discolored|the lower edge is chipped
"""
SIDED = """
In the lower image, {f}.|In the second picture {f}.|{F} in the bottom image.|In image 2, {f}.
{F} in the lower picture, while it looks normal in the upper one.|The lower picture shows that {f}.
{F} in the second image but not in the first.|In the test image, {f}, whereas the reference is intact.
"""
DIFFERENT = """
are different|are not identical|are not the same|differ|do not match|don't look the same
are not exactly the same
differ in one detail|are clearly different|show a difference|are not entirely identical|have a difference
"""
A_DIFFERENCE = """
There is a {a}difference {b}|There are {a}differences {b}|There is one {a}difference {b}
I see a {a}difference {b}
I can see {a}differences {b}|A {a}difference can be seen {b}|I noticed a {a}difference {b}
There are two {a}differences {b}|Something has changed {b}|There are several {a}differences {b}
I found one {a}difference {b}|There appears to be a {a}difference {b}|I do see a {a}difference {b}
"""
CLOSINGS = (
    "|||| Let me know if you need anything else.| I hope this helps!| Thank you.|"
    " Please note that I looked at every part."
)
DOUBTS = """
I am not sure whether there is a difference.|It is hard to tell if they are the same.
There might be a difference.
I cannot determine whether the pictures differ.|Maybe.|It is unclear.
They could be identical, but I am not certain.|It's difficult to say.|There may be a small difference.
The resolution is too low to tell.|I can't say for sure whether they differ.
Possibly a difference in the pins.
They seem almost identical.|The pictures are very similar.|There is hardly any difference.
It is not possible to determine the difference from these pictures.|I think it might be the same part.
"""
REFUSALS = """
I'm sorry, but I can't help with that.|I cannot see the images.|No images were provided.
The image did not load.
Please upload the two pictures.|As an AI language model, I cannot view images.
I don't see any image attached.
I'm unable to view the pictures you mention.|Sorry, the pictures are not visible to me.
The second image is missing.
Without seeing the pictures I cannot answer.|I can only see one image.|The image is blank.
No picture is attached.
Could you please provide the images?|Unfortunately, I am not able to process images.
"""
LIGHT = """
the lighting|the brightness|the exposure|image noise|a small shift|the light|noise|lighting|shadows
the illumination
"""
LIGHT_ONLY = """
Only {l} differs.|Apart from {l}, they are identical.|The only difference is {l}.
Except for {l}, there is no difference.
The two images are identical except for {l}.|Other than {l}, I see no differences.|They differ only in {l}.
The pictures differ in {l}, but the part itself is the same.|Aside from {l}, the two pictures are the same.
There is a slight difference in {l}, but the connector is identical.|No difference other than {l}.
There are no differences apart from {l}.|With the exception of {l}, both images match.
"""
BUT_PART = """
They look the same, but {f} in the lower picture.|The two images are identical except for the left pin.
They are the same, only one pin is bent.|They are identical, with one pin missing.
The images match, except that {f}.
Apart from the missing pin, they are identical.
At first glance they look the same, but there is a difference.
The pictures are the same. However, there is a difference: {f}.
Although they look alike, they are not identical.
The only difference is that {f}.|Everything is the same except the label.
All but one of the pins match, so they differ.
The housing is the same, but the pins are different.
The pins are identical; the label, however, is different.
"""
QUESTIONS = [
    ("Are the two pictures the same? {no}.", "different"),
    ("Are the two pictures the same? {yes}.", "same"),
    ("Is there a difference? {yes}.", "different"),
    ("Is there any difference between the images? {no}.", "same"),
    ("Do they match? {no}.", "different"),
    ("Do the images match? {yes}.", "same"),
    ("Are they identical? {no}, they are not.", "different"),
    ("Same? {no}", "different"),
    ("Different? {no}.", "same"),
    ("Do the pictures differ? {yes}, they do.", "different"),
    ("Has anything changed? {no}.", "same"),
    ("The pictures are the same: {false}", "different"),
    ("Identical: {yes}", "same"),
    ("Differences: {no}", "same"),
    ("Match: {no}", "different"),
    ("Difference found: {yes}", "different"),
]


class Built(NamedTuple):
    """An answer with its meaning."""

    text: str
    truth: str | None
    why: str


def options(block: str) -> list[str]:
    """Return the entries of a block: each line, and between bars."""
    return [entry for line in block.strip("\n").split("\n") for entry in line.split("|")]


def _join(opening: str, text: str) -> str:
    """Put an opening before a sentence, which then begins small after a comma."""
    if not opening:
        return text
    opening = opening.rstrip()
    keep = text.startswith(("I ", "I'", "Image"))
    if opening[-1] in ".!":
        return f"{opening} {text}"
    return f"{opening} {text if keep else text[0].lower() + text[1:]}"


def _fill(rng: Random, template: str) -> str:
    fault = rng.choice(options(FAULTS))
    text = template.format(
        a=rng.choice(ADJECTIVES.split("|")),
        b=rng.choice(options(BETWEEN)),
        f=fault,
        F=fault[0].upper() + fault[1:],
        l=rng.choice(options(LIGHT)),
        yes=rng.choice(("Yes", "yes")),
        no=rng.choice(("No", "no")),
        false=rng.choice(("false", "no")),
    )
    return (
        text.strip()
        .replace("a obvious", "an obvious")
        .replace("a apparent", "an apparent")
        .replace("a observable", "an observable")
    )


def same_sentence(rng: Random) -> str:
    """Return a sentence that says that the pair is the same."""
    if rng.random() < 0.5:
        return f"{rng.choice(options(PAIRS))} {rng.choice(options(SAME))}."
    return _fill(rng, rng.choice(options(NO_DIFFERENCE))) + "."


def different_sentence(rng: Random) -> str:
    """Return a sentence that says that the pair differs, without saying how."""
    if rng.random() < 0.4:
        return f"{rng.choice(options(PAIRS))} {rng.choice(options(DIFFERENT))}."
    return _fill(rng, rng.choice(options(A_DIFFERENCE))) + "."


def fault_sentence(rng: Random) -> str:
    """Return a sentence that names a fault in one of the two pictures."""
    return _fill(rng, rng.choice(options(SIDED)))


def _same(rng: Random) -> Built:
    shape = rng.randrange(6)
    said, closing = same_sentence(rng), rng.choice(CLOSINGS.split("|"))
    opening = rng.choice(options(OPENINGS)) if rng.random() < 0.6 else ""
    tails = " ".join(rng.sample(options(ALIKE), rng.randrange(1, 4)))
    if shape == 0:
        return Built(_join(opening, said) + closing, "same", "states that nothing differs")
    if shape == 1:
        return Built(
            f"No, {said[0].lower() + said[1:] if not said.startswith('I') else said}",
            "same",
            "no, and says so",
        )
    if shape == 2:
        return Built(f"No. {tails}{closing}", "same", "no, and describes what is alike")
    if shape == 3:
        return Built(
            f"{_join(opening, said)} {tails}{closing}", "same", "states it and describes what is alike"
        )
    if shape == 4:
        return Built(f"{tails} {said}", "same", "describes first, concludes after")
    return Built(f"{tails} Therefore, the answer is no.", "same", "describes first, answers after")


def _different(rng: Random) -> Built:
    shape = rng.randrange(7)
    said, fault = different_sentence(rng), fault_sentence(rng)
    opening = rng.choice(options(OPENINGS)) if rng.random() < 0.6 else ""
    closing = rng.choice(CLOSINGS.split("|"))
    rest = rng.choice(
        ["", "", " Everything else is the same.", " The rest is identical.", " Otherwise they are the same."]
    )
    small = rng.choice(options(FAULTS))
    if shape == 0:
        return Built(_join(opening, said) + closing, "different", "states a difference")
    if shape == 1:
        return Built(f"Yes, {small}.{rest}", "different", "yes, and names a fault")
    if shape == 2:
        return Built(f"Yes. {fault}{rest}{closing}", "different", "yes, and names a fault in one picture")
    if shape == 3:
        return Built(f"{_join(opening, said)} {fault}{rest}", "different", "states a difference and names it")
    if shape == 4:
        return Built(f"{_join(opening, fault)}", "different", "names a fault in one picture only")
    if shape == 5:
        return Built(
            f"{said[:-1]}: {small}.{rest}", "different", "states a difference and names it after a colon"
        )
    return Built(f"{fault} So the answer is yes.", "different", "names a fault, answers after")


def _other(rng: Random) -> Built:
    shape = rng.randrange(8)
    if shape == 0:
        return Built(rng.choice(options(DOUBTS)), None, "leaves it open")
    if shape == 1:
        return Built(rng.choice(options(REFUSALS)), None, "refuses")
    if shape == 2:
        return Built(_fill(rng, rng.choice(options(LIGHT_ONLY))), "same", "only what the prompt excludes")
    if shape == 3:
        return Built(_fill(rng, rng.choice(options(BUT_PART))), "different", "sameness with an exception")
    if shape == 4:
        template, truth = rng.choice(QUESTIONS)
        return Built(_fill(rng, template), truth, "answers its own question")
    fault = fault_sentence(rng)
    if shape == 5:
        return Built(f"No. {fault}", None, "denies, and names a fault in one picture")
    if shape == 6:
        return Built(
            f"{same_sentence(rng)} {fault}" if rng.random() < 0.5 else f"No, {rng.choice(options(FAULTS))}.",
            None,
            "contradicts itself",
        )
    return Built(f"Yes. {same_sentence(rng)}", None, "affirms, and says that nothing differs")


def verdicts(rng: Random, number: int) -> Iterator[Row]:
    """Yield answers to a ``verdict`` question."""
    for _ in range(number):
        built = rng.choice((_same, _same, _different, _different, _other))(rng)
        yield Row("verdict", "en", "prose", built.text, built.truth, built.why)
