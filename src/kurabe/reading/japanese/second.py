"""The second reading of a Japanese answer that the first one left unparsed: open words, closed frames.

The first reading knows words and asks of each clause what it says. This one asks of each clause whether it
could turn a conclusion at all: unknown parts, places and verbs cannot, and words of polarity can, unless
they stand in a frame that is understood (`kurabe.reading.japanese.statements`).
"""

import re

from kurabe.reading.answers import AnswerWords
from kurabe.reading.japanese import attitude, lexicon
from kurabe.reading.japanese.frames import taken_back
from kurabe.reading.japanese.hedges import contradicts
from kurabe.reading.japanese.linking import Said, linked_pieces
from kurabe.reading.japanese.pieces import LONGEST, Piece, cut
from kurabe.reading.japanese.scope import Says
from kurabe.reading.japanese.statements import says
from kurabe.reading.japanese.weighing import Second, weighed
from kurabe.reading.lines import lines, split_sentences, unquoted
from kurabe.reading.patterns import later

_KANA = later("[\u3041-\u3096]")
_FOREIGN = later(
    r"^[^\u3041-\u30ff]*[\u4e00-\u9fff]{7}[^\u3041-\u30ff]*$"
    r"|^[^\u3041-\u30ff\u4e00-\u9fff]*[a-z]{2,} [a-z]+ [a-z]+"
)
"""Chinese, or a sentence of English."""
_ASIDE = later(r"[(（][^()（）]{0,40}[)）]")
_LONGEST_TEXT = 2_000
_MOST = 60
"""Sentences of an answer; one that has more repeats itself."""


def has_kana(text: str) -> bool:
    """Say whether a text is Japanese, and not Chinese."""
    return _KANA.search(text) is not None


def read_again(text: str, words: AnswerWords) -> Second:
    """Return the verdict of a plain Japanese text without JSON."""
    if not words.usual or words.special:
        return Second(None)
    found = said_in(text)
    return weighed(found, words) if found else Second(None)


_DECIDES: frozenset[Says] = frozenset(
    (
        *("unknown", "yes", "no", "different", "differs", "fault", "maybe", "absent", "not_light", "rest"),
        *("argues", "calm"),
    )
)


def cannot_differ(text: str) -> bool:
    """Say whether every piece of a Japanese text is understood, and none can tell of a difference."""
    found = linked_pieces(said_in(text))
    return bool(found) and not any(one.says in _DECIDES for one in found)


def said_in(text: str) -> list[Said]:
    """Return what the pieces of a text say, up to one that is not understood.

    Nothing where a sentence refuses, or where there is more than a person would write.
    """
    parts = _sentences(text)
    found: list[Said] = []
    asked: list[Said] = []
    for number, (part, sentence) in enumerate(parts, 1):
        if asked and not _ANSWERED.fullmatch(sentence):
            return []
        if asked:
            found += [one._replace(says="fine") for one in asked]
            asked = []
        elif attitude.asks(part):
            asked = _asked(sentence, number)
            if not asked:
                return []
        else:
            found = _with(found, cut(sentence, number))
            if any(one.says == "unknown" and not one.piece.last for one in found):
                return found  # a "but" in the next sentence may explain only the last piece
    return [] if asked else found


def _sentences(text: str) -> list[tuple[str, str]]:
    """Return the sentences of a text, as they stand and without what turns nothing; none if one gives up."""
    if len(text) > _LONGEST_TEXT:
        return []
    found: list[tuple[str, str]] = []
    for line in lines(text):
        for part in split_sentences(line.text):
            whole = unquoted(part)
            sentence = _ASIDE.sub(_beside, whole).strip(" 。.!！、:")
            if not re.search(r"\w", sentence):
                continue
            if line.cells or _FOREIGN.search(sentence) or len(sentence) > LONGEST or _gives_up(sentence):
                return []
            found.append((whole, sentence))
    return found if len(found) <= _MOST else []


_ANSWERED = later("(?:見た限り(?:で)?は?)?、?(?:ない|いいえ|ありません|なし)(?:です)?")


def _asked(sentence: str, number: int) -> list[Said]:
    """Return what a question asks for, if it asks for a fault or a difference."""
    told = [Said(piece, says(piece)) for piece in cut(re.sub("か$", "", sentence.rstrip("?？")), number)]
    return told if all(one.says in ("fault", "maybe", "different", "differs") for one in told) else []


def _with(found: list[Said], pieces: list[Piece]) -> list[Said]:
    """Return what was said with what more pieces say; a "but" that opens them concedes what it follows."""
    if pieces and pieces[0].contrast and found:
        last = found[-1].piece._replace(conceded=True)
        found = [*found[:-1], Said(last, says(last))]
    return found + [Said(piece, says(piece)) for piece in pieces]


_EITHER = later(
    "はい.*いいえ|いいえ.*はい|^(?:いや|いえ|いいえ)、(?:違い?ます|違う|異な|それ|そう)|^(?:いや|いえ)、"
)


def _gives_up(sentence: str) -> bool:
    """Say whether a sentence answers nothing, or takes back what was answered."""
    return (
        attitude.refuses(sentence)
        or taken_back(sentence)
        or (attitude.in_general(sentence) and lexicon.FAULT.search(sentence) is not None)
        or contradicts(sentence)
        or _EITHER.search(sentence) is not None
    )


def _beside(match: re.Match[str]) -> str:
    """Leave out what stands in brackets and turns nothing."""
    inner = lexicon.masked(match[0])
    told = (lexicon.FAULT, lexicon.DIFFERS, lexicon.ALIKE, lexicon.BARE_NO, lexicon.RESTRICTS, lexicon.DOUBT)
    return match[0] if any(words.search(inner) for words in told) else ""
