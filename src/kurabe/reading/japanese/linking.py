"""Pieces of a Japanese answer in the light of those around them: what one denies, explains or sets aside."""

from collections.abc import Sequence
from typing import NamedTuple

from kurabe.reading.japanese import lexicon
from kurabe.reading.japanese.pieces import Piece
from kurabe.reading.japanese.scope import Says
from kurabe.reading.patterns import later


class Said(NamedTuple):
    """A piece, and what it says."""

    piece: Piece
    says: Says


def linked_pieces(found: Sequence[Said]) -> list[Said]:
    """Return pieces, each with what it says beside its neighbours."""
    return _set_aside(_linked(found))


_BARE_NONE = later(
    "(?:特に|どこにも|一つも)?(?:ない|なし|無し|ありません|見つかりません|見当たりません|見られません)"
)
_NOT_THE_PART = later(
    "(?:対象(?:物)?|部品|製品|実物|本体|物|もの)(?:自体|そのもの)?(?:で)?は(?:ない|ありません)"
)


_BARE_SAME = later(
    "(?:(?:これ|ここ)(?:も|は)、?)?(?:同じ|一致|変化なし|違いなし|異常なし|問題なし)(?:です|だ|する|します)?"
)
_STEP = later(
    "(?:見る|見ます|見た|確認する|確認します|比べる|比べます|数える|数えます|調べる|チェックする|比較する|見比べる|について)$"
)
"""One step of a comparison, and what it found: 「まず全体の形を見る。同じ。」"""
_NOT_THAT = later("[^、はが]{1,16}では(?:ありません|ない|なく|なくて)")


def step_found(before: Said, one: Said) -> bool:
    """Say whether a bare "the same" is what one step of a comparison found."""
    bare = one.says == "same" and _BARE_SAME.fullmatch(one.piece.text) is not None
    return bare and _STEP.search(before.piece.text) is not None


def _instead(before: Said, one: Said) -> bool:
    """Say whether a suspicion is denied in favour of the light: 「亀裂ではなく、影です」."""
    if before.says == "light" and not lexicon.ALIKE.search(one.piece.core):
        told = one.says in ("fine", "absent", "unknown") and _NOT_THAT.fullmatch(one.piece.core)
        return bool(told) and before.piece.core.endswith("で") and not lexicon.LIGHT.search(one.piece.core)
    denied = before.says in ("fine", "absent") and _NOT_THAT.fullmatch(before.piece.core)
    return bool(denied) and one.says == "light" and _IS_LIGHT.search(one.piece.core) is not None


_NOR_THERE = later("[^、がを]{1,8}に(?:は|も)(?:ありません|ない|見られません|見当たりません|なく|なし)")
"""「2枚目に針はありません。1枚目にもありません」"""
_IS_LIGHT = later(
    "(?:影|反射|映り込み|写り込み|照明|ノイズ|光|ハイライト|角度|せい|加減|影響|いたずら)$"
    "|(?:照明|光|影|反射|カメラ|撮影)[^、はが]{0,6}による$"
)


def _linked(found: Sequence[Said]) -> list[Said]:
    """Read what only speaks of the piece before it: 「第三に傷。見つかりません」."""
    linked: list[Said] = []
    for one in found:
        before = linked[-1] if linked else None
        if before and step_found(before, one):
            one = one._replace(says="alike")
        bare = one.says == "absent" and _BARE_NONE.fullmatch(one.piece.core)
        if bare and before and before.says in ("fault", "maybe", "calm", "shape") and not before.piece.side:
            linked[-1] = before._replace(says="fine")
            continue
        if before and before.piece.conceded and one.says == "light" and _IS_LIGHT.search(one.piece.core):
            linked[-1] = before._replace(says="light")
        if before and before.says == one.says == "absent" and _NOR_THERE.fullmatch(one.piece.core):
            linked[-1] = before._replace(says="both")
            one = one._replace(says="both")
        if before and before.says == "light" and _NOT_THE_PART.fullmatch(one.piece.core):
            one = one._replace(says="only_light")
        if before and before.piece.sentence == one.piece.sentence and _instead(before, one):
            one = one._replace(says="only_light")
        linked.append(one)
    return linked


_NAMES: frozenset[Says] = frozenset(("fault", "maybe", "differs", "light", "seems", "absent"))


_BESIDE: frozenset[Says] = frozenset(("alike", "fine", "calm", "shape", "both"))
"""What may stand between a difference and the words that set it aside."""
_OWN_SUBJECT = later("(?!これ|それ|こう|そう|この|その)[^、]{1,20}は")
"""What calls normal what it names itself, and not what was named before: 「木目の違いはばらつきです」."""


def _set_aside(found: Sequence[Said]) -> list[Said]:
    """Leave out what the words behind it call normal, or an appearance."""
    kept = list(found)
    for place, one in enumerate(found):
        if one.says not in ("varies", "only_light", "not_different") or place == 0:
            continue
        own = _OWN_SUBJECT.match(one.piece.text) is not None
        for back in range(place - 1, -1, -1):
            before = kept[back]
            if (
                before.says in _BESIDE
                and not (before.says == "calm" and before.piece.conceded)
                and before.piece.sentence >= one.piece.sentence - (0 if own else 1)
            ):
                continue
            conceded = before.says in ("different", "calm") and before.piece.conceded
            if before.piece.sentence < one.piece.sentence - (0 if own else 1) or not (
                before.says in _NAMES or conceded
            ):
                break
            kept[back] = before._replace(says="light")
    return kept
