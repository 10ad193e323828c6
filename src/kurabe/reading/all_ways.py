"""Every way to read a verdict, one after the other, until one of them understands the answer."""

import re

from kurabe.reading.again import again_in_japanese
from kurabe.reading.answers import AnswerWords
from kurabe.reading.doubts import doubted
from kurabe.reading.english.beside import without_beside
from kurabe.reading.english.natural import may_be_written_out, written_out
from kurabe.reading.english.printed import without_printed
from kurabe.reading.english.simply import simply as in_english
from kurabe.reading.japanese import is_japanese
from kurabe.reading.japanese.apart import without_agreement, without_neutral
from kurabe.reading.japanese.remarks import plainer
from kurabe.reading.japanese.simply import simply as in_japanese
from kurabe.reading.japanese.simply import states_a_difference
from kurabe.reading.literals import find
from kurabe.reading.pairs import read_pairs
from kurabe.reading.settle import Settled
from kurabe.reading.third_look import (
    last_in_japanese,
    may_be_read_apart,
    may_be_read_further,
    third_in_english,
)
from kurabe.reading.verdict import read_verdict
from kurabe.reading.vetoes import vetoed


def read_in_all_ways(body: str, words: AnswerWords) -> Settled:
    """Return the verdict of a plain text; of an English one that is not understood, in plainer words.

    Args:
        body: The answer without reasoning, tags and emphasis.
        words: The words that mean yes and no to its prompt.
    """
    settled = _by_all_readings(body, words)
    if settled.verdict is None and may_be_written_out(settled.reason, body):
        again = _by_all_readings(written_out(body), words)
        settled = again if again.verdict else settled
    if settled.verdict == "same" and states_a_difference(body):
        return Settled(None, "it states a difference in so many words, and sameness, too")
    return doubted(settled, body)


def _by_all_readings(body: str, words: AnswerWords) -> Settled:
    """Return what the first of the readings finds that finds anything."""
    text = plainer(without_beside(without_printed(in_english(in_japanese(body)))))
    settled = _first_readings(text, words)
    plainly = words.usual and not words.special and is_japanese(text) and not find(body).values
    if plainly and settled.verdict != "same" and (left := without_agreement(text)) is not None:
        if not re.search(r"\w", left):
            return settled if settled.verdict is None else Settled(None, "it only tells what both share")
        text = left
        settled = _first_readings(text, words)
    if may_be_read_further(settled):
        for read_on, whole in ((read_pairs, body), (third_in_english, text), (last_in_japanese, text)):
            found = read_on(whole, words)
            if found.verdict:
                return found
    apart = without_neutral(text) if plainly and may_be_read_apart(settled) else None
    found = _first_readings(apart, words) if apart else settled
    return found if found.verdict else settled


def _first_readings(text: str, words: AnswerWords) -> Settled:
    return vetoed(again_in_japanese(text, words, read_verdict(text, words)), text)
