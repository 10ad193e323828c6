"""Sentences turned into the wording that a grammar knows; each language has its own rules."""

import re
from collections.abc import Callable, Sequence

Replacement = str | Callable[[re.Match[str]], str]
Rule = tuple[re.Pattern[str], Replacement]

_LONGEST = 500
"""Characters; a longer sentence is a list, or comes from a model that repeats itself."""


def reworded(sentence: str, rules: Sequence[Rule]) -> str:
    """Return a normalised sentence after each rule in turn."""
    if len(sentence) > _LONGEST:
        return sentence
    for pattern, replacement in rules:
        if pattern.search(sentence) is not None:  # "sub" prepares its replacement even where nothing matches
            sentence = pattern.sub(replacement, sentence)
    return sentence
