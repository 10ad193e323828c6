"""P(different) of a served model: from the first token's probabilities, or from how often it says so."""

import math
import re
from collections.abc import Sequence
from functools import lru_cache

from kurabe.models.engines.served.remote import Likely

_SPACES = ("▁".encode(), "Ġ".encode())
"""How tokenizers write a space, where a server passes it on."""


def from_first_token(likely: Sequence[Likely], yes: Sequence[str], no: Sequence[str]) -> float | None:
    """Return the share of the tokens that begin a yes, of all that begin a yes or a no.

    As the ``local`` engine does over the whole vocabulary; a server tells only the likeliest tokens. A side
    of which none is among them is at most as likely as the last that is, and as what is left over: it is
    taken to be that likely, which moves P towards 0.5.

    Args:
        likely: The likeliest first tokens.
        yes: Words that mean "different".
        no: Words that mean "same".

    Returns:
        P(different); None if no token begins any of the words, or if the words begin alike.
    """
    for_yes = for_no = listed = 0.0
    least = 1.0
    for token in likely:
        probability = math.exp(min(0.0, token.logprob)) if not math.isnan(token.logprob) else 0.0
        listed, least = listed + probability, min(least, probability)
        begins = _begins(token.piece, tuple(yes), tuple(no))
        if begins is not None:
            for_yes, for_no = for_yes + probability * begins, for_no + probability * (not begins)
    if for_yes + for_no <= 0:
        return None
    unlisted = min(least, max(0.0, 1.0 - listed))
    for_yes, for_no = for_yes or unlisted, for_no or unlisted
    return for_yes / (for_yes + for_no)


@lru_cache(maxsize=4096)  # the likeliest tokens of a model are nearly always the same
def _begins(piece: bytes, yes: tuple[str, ...], no: tuple[str, ...]) -> bool | None:
    """Say whether a token begins a yes or a no; None for neither or both."""
    for space in _SPACES:
        piece = piece.replace(space, b" ")
    piece = piece.strip()
    if not piece:
        return None
    begins_yes, begins_no = (any(word.encode().startswith(piece) for word in words) for words in (yes, no))
    return begins_yes if begins_yes != begins_no else None


def side(text: str, yes: Sequence[str], no: Sequence[str]) -> bool | None:
    """Say whether an answer begins with a word that means "different"; None if with none of both."""
    bare = re.sub(r"^[\s\W_]+", "", text)
    return next(
        (means for means, words in ((True, yes), (False, no)) for word in words if _starts(bare, word)), None
    )


def _starts(text: str, word: str) -> bool:
    """Say whether a text starts with a word, and not with a longer one: No, not Nothing."""
    if not text.casefold().startswith(word.casefold()):
        return False
    following = text[len(word) : len(word) + 1]
    return not (following.isascii() and following.isalnum())


def from_samples(texts: Sequence[str], yes: Sequence[str], no: Sequence[str]) -> tuple[str, float | None]:
    """Return the answer that most samples give, and the share of those that say "different".

    Returns:
        A text of the larger side, the first one if none is larger; P(different) over the samples that say
        either, None unless at least half of them do.
    """
    sides = [side(text, yes, no) for text in texts]
    said = [each for each in sides if each is not None]
    if 2 * len(said) < len(texts) or not said:
        return texts[0], None
    share = sum(said) / len(said)
    more = share > 0.5 if share != 0.5 else said[0]
    return texts[sides.index(more)], share
