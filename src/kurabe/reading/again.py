"""A second reading of what the first one left unparsed."""

from kurabe.reading.answers import AnswerWords
from kurabe.reading.japanese.second import read_again
from kurabe.reading.last_word import ends_in_sameness, lies_around, says_nothing_of_the_pair
from kurabe.reading.literals import find
from kurabe.reading.settle import Settled
from kurabe.reading.verdict import cut_off


def again_in_japanese(text: str, words: AnswerWords, first: Settled) -> Settled:
    """Return what the second reading of a Japanese text finds, or else what the first one said."""
    found = find(text)
    if found.broken or found.values or cut_off(found.rest) or says_nothing_of_the_pair(found.rest):
        return first
    again = read_again(found.rest, words)
    if again.verdict is None:
        return first
    if again.verdict == "different" and (ends_in_sameness(found.rest) or lies_around(f"“{again.text}”")):
        return first
    told = "a difference or a defect is stated" if again.verdict == "different" else "sameness is stated"
    return Settled(again.verdict, rule=f"{told}, and no other clause can turn it: “{again.text[:80]}”")
