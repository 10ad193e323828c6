"""Reading a model's answer: what it says is taken, what it leaves open is never guessed."""

from kurabe.reading.describe import affirms, affirms_all, affirms_each
from kurabe.reading.grounded import read_grounded
from kurabe.reading.matching import says_hit, word_in
from kurabe.reading.reader import Reading, read
from kurabe.reading.structured import schema

__all__ = [
    "Reading",
    "affirms",
    "affirms_all",
    "affirms_each",
    "read",
    "read_grounded",
    "says_hit",
    "schema",
    "word_in",
]
