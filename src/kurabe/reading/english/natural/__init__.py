"""What current models say in many words, written out in the few that the other readings know.

An answer that no reading understood is rewritten here and read once more. Each frame keeps its nouns and
verbs open and its words of polarity closed, and is matched from the first word of a sentence to its last, so
that nothing that turns a statement is ever left out: "In Image 1, the pins are straight. The same is true of
Image 2" becomes a statement about both; "The shadow falls differently, but that has nothing to do with the
gear" and "I wasn't sure if there was a crack, but there isn't" say nothing of the pair.
"""

from kurabe.reading.english.natural.entries import without_light_entries
from kurabe.reading.english.natural.frames import in_plain_words
from kurabe.reading.english.natural.light import only_of_light, without_light
from kurabe.reading.english.natural.pictured import without_picture_clauses
from kurabe.reading.japanese import is_japanese
from kurabe.reading.patterns import later

_SENTENCE = later(r"(?<=[.!?])[ \t]+(?=[A-Z\"“*])")
_APART = later(
    r"(?i)^(?:(?:(?:apart|aside) from|other than|besides|beyond|except for) (?:that|this|it)|otherwise),? "
)
_LONGEST = 2_500
_NEVER_AGAIN = (
    "it ends in",
    "it has not seen",
    "the answer is",
    "it corrects",
    "the JSON",
    "it says that it",
)
"""Why an answer was not read, where other words would not help."""


def may_be_written_out(reason: str, text: str) -> bool:
    """Say whether an answer that was not read, for a reason, may be read in plainer words."""
    return len(text) <= _LONGEST and not reason.startswith(_NEVER_AGAIN) and not is_japanese(text)


def written_out(text: str) -> str:
    """Return an English answer in plainer words; as it was where nothing would be left of it."""
    kept = []
    dropped = False
    plain = without_picture_clauses(text.replace("’", "'"))
    for line in without_light_entries(plain).splitlines():
        told = _SENTENCE.split(in_plain_words(line)) if line.strip() else [line]
        left = []
        for one in told:
            if only_of_light(one):
                dropped = True
                continue
            # "Apart from that" speaks of what has just been taken away.
            left.append(_APART.sub("", without_light(one)) if dropped else without_light(one))
            dropped = False
        told = left
        if told or not line.strip():
            kept.append(" ".join(one for one in told if one))
    rest = "\n".join(kept).strip()
    return rest if sum(char.isalnum() for char in rest) > 1 else text
