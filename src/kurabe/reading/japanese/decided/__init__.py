"""A further reading of a Japanese answer: what its sentences decide at their ends, and whether that stands.

All that decides must agree; a first thought that is taken back decides nothing. See `votes` for what decides,
`changes` for descriptions that tell a difference by themselves, and `weigh` for the rest.
"""

from collections.abc import Sequence
from typing import NamedTuple

from kurabe.common.vocabulary import Verdict
from kurabe.reading.japanese.decided.changes import tells_change
from kurabe.reading.japanese.decided.votes import CONCEDES, Vote, answered, of_a_part, only_light, stated
from kurabe.reading.japanese.decided.weigh import leaves_different, leaves_same, withheld
from kurabe.reading.patterns import later

_MOST = 40
_LONGEST = 250


class Decided(NamedTuple):
    """What a further reading finds, and by which sentence."""

    verdict: Verdict
    text: str


_AT_FIRST = later(
    "(?:最初|はじめ|初め|当初|第一印象|第二印象|一見|ぱっと見|気持ちとして|はやとちり|似ている|同じに見え|傾いて|と思ったのですが|差がないほう|片づけそう|期待されて)"
)
_INLINE = later("[ 　]+(?:/[ 　]*)?(?=(?:理由|詳細|備考|判定|外観|信頼度|部位|結論)[ 　:：])|[ 　]/[ 　]")
_MARK = later("^(?:【[^】]{1,8}】)?(?:[\\s・*\\-□◆●■>|:：]+|[(（]?\\d{1,2}[.)）．](?!\\d)\\s*)*")


def read_decided(sentences: Sequence[str]) -> Decided | None:
    """Return what a Japanese answer decides; None if it decides nothing, or two things."""
    parts = [
        _MARK.sub("", piece).strip(" 。.!！")
        for one in sentences
        for line in _INLINE.split(one)
        for piece in CONCEDES.split(line)
    ]
    parts = [part for part in parts if part]
    if (
        not parts
        or len(parts) > _MOST
        or any(len(part) > _LONGEST for part in parts)
        or withheld(parts)
        or sentences[-1].rstrip().endswith((":", "："))
    ):
        return None
    votes = _votes(parts)
    if set(votes.values()) == {"same", "different"}:
        votes = {
            place: vote
            for place, vote in votes.items()
            if vote == "different" or only_light(parts[place]) or not of_a_part(parts[place])
        }
    if len(set(votes.values())) != 1:
        return None
    verdict = next(iter(votes.values()))
    if verdict == "same" and not any(
        answered(parts[place]) or not of_a_part(parts[place]) for place in votes
    ):
        return None
    frank = any(answered(parts[place]) or stated(parts[place]) for place in votes)
    if verdict == "same":
        stands = leaves_same(parts, set(votes))
    else:
        stands = leaves_different(parts, set(votes), frank)
    return Decided(verdict, parts[max(votes)]) if stands else None


def _votes(parts: Sequence[str]) -> dict[int, Vote]:
    """Return which sentences decide, and what each says."""
    votes: dict[int, Vote] = {}
    for place, part in enumerate(parts):
        if part.endswith(("?", "？", "か")) or _AT_FIRST.search(part):
            continue
        vote = answered(part) or stated(part)
        if vote is None and tells_change(part, parts[place + 1] if place + 1 < len(parts) else ""):
            vote = "different"
        if vote:
            votes[place] = vote
    return votes
