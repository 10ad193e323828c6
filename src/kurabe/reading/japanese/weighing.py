"""What the pieces of a Japanese answer say together, or why nothing can be read in them."""

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from kurabe.common.vocabulary import Verdict
from kurabe.reading.answers import AnswerWords
from kurabe.reading.japanese import lexicon
from kurabe.reading.japanese.linking import Said, linked_pieces
from kurabe.reading.japanese.scope import Says
from kurabe.reading.patterns import later


class Second(NamedTuple):
    """A verdict and the words that decide, or None."""

    verdict: Verdict | None
    text: str = ""


def weighed(found: Sequence[Said], words: AnswerWords) -> Second:
    """Return what the pieces of an answer say together."""
    if any(one.says == "unknown" for one in found):
        return Second(None)
    kept = linked_pieces(found)
    yes: Says = "different" if words.asks == "difference" else "same"
    no: Says = "same" if words.asks == "difference" else "different"
    told = [
        one._replace(says=yes if one.says == "yes" else no) if one.says in ("yes", "no") else one
        for one in kept
    ]
    acts = {one.says for one in told}
    if any(one.says == "calm" and _POLITE.search(one.piece.core) for one in told) and _answers_first(kept):
        return Second(None)
    apart = _different(told, acts)
    alike = _same(told, acts)
    if apart and not alike:
        return Second("different", apart.piece.text)
    if alike and not apart:
        return Second("same", alike.piece.text)
    return Second(None)


_POLITE = later(
    "(?:承知|了解|かしこまり|分かり|わかり|比較し|確認し|検査し|見てみ|お手伝い|答え|お待ち|よろしく)"
)


def _answers_first(found: Sequence[Said]) -> bool:
    """Say whether a yes or no opens the answer: beside a promise it only agrees to the task."""
    return bool(found) and found[0].says in ("yes", "no")


def _first(told: Sequence[Said], *acts: Says) -> Said | None:
    return next((one for one in told if one.says in acts), None)


def _different(told: Sequence[Said], acts: set[Says]) -> Said | None:
    """Return the piece that says that the two differ; None if another takes it back."""
    whole = _first(told, "different")
    named = _first(told, "fault", "differs")
    contrast = None if named else contrasted(told)
    decides = whole or named or contrast
    if named and not named.piece.side and len(told) == 1 and not _OF_SOMETHING.search(named.piece.text):
        return None
    if whole and _YES.search(whole.piece.core) and _only_good(acts):
        return None
    if named is None and acts <= {"different", "only_light", "light", "varies", "yes", "alike", "fine"}:
        whole = None if "only_light" in acts else whole
        decides = whole or contrast
    if decides is None or acts & {"same", "sound"} - ({"sound"} if _only_of_first(told) else set()):
        return None
    if any(one.says == "argues" and lexicon.FAULT.search(one.piece.text) for one in told) and whole is None:
        return None
    if any(_pair_alike(one, decides) for one in told):
        return None
    sides = {one.piece.side for one in told if one.says == "fault"}
    if sides >= {1, 2} and whole is None:
        return None
    if named is None and whole and _alike_behind(told, whole):
        return None
    if (
        named
        and whole is None
        and (acts & {"both", "varies", "only_light", "not_different"} or _softened(told, named))
    ):
        return None
    return decides


_PAIR = later("2枚|両|双方|写真|画像|二つ|2つ|上下|左右")


def _pair_alike(one: Said, decides: Said) -> bool:
    """Say whether an earlier sentence denies that the two differ: 「写真のコネクタに差異はありません」."""
    earlier = one.piece.sentence < decides.piece.sentence and not one.piece.conceded
    denied = (
        one.says == "alike" and lexicon.NONE.search(one.piece.core) and lexicon.DIFFERS.search(one.piece.core)
    )
    return bool(earlier and denied and _PAIR.search(one.piece.core))


_OF_SOMETHING = later("[がはにのをも]")


_YES = later("はい(?:です|だ)?$")


def _only_good(acts: set[Says]) -> bool:
    """Say whether a yes stands beside nothing but what is the same or in order."""
    return bool(acts & {"alike", "fine", "both", "sound", "light", "only_light"}) and not acts & {
        *("fault", "differs", "maybe", "absent", "not_light", "argues")
    }


def _only_of_first(told: Sequence[Said]) -> bool:
    """Say whether all is in order in the first picture alone."""
    return all(
        one.piece.side == 1 or lexicon.OTHER.search(one.piece.text) for one in told if one.says == "sound"
    )


def _softened(told: Sequence[Said], named: Said) -> bool:
    """Say whether a "but" behind a fault may take it back."""
    place = next(number for number, one in enumerate(told) if one is named)
    return named.piece.conceded and not any(
        one.says in ("fault", "differs", "different") for one in told[place + 1 :]
    )


def _alike_behind(told: Sequence[Said], whole: Said) -> bool:
    """Say whether something is said to be the same, behind a difference that names nothing."""
    place = next(number for number, one in enumerate(told) if one is whole)
    return any(
        one.says in ("alike", "fine") and one.piece.sentence > whole.piece.sentence for one in told[place:]
    )


_WAS = later(r"(?:では|は)[^も]*(?:でした|だった|ていた|ていました)$")


_EXISTS = later(
    "(?:あり|ある|付いて|ついて|写って|見えて|存在して|残って)(?:い(?:ます|る|ました|た)|ます|ました|おり)?$"
)
_NAMES = later("[一-龠ァ-ヶー]{2,}")


def _against_it(before: Said, one: Said) -> bool:
    """Say whether the first picture is told not to show what was named, or to be in order there."""
    if one.says == "absent" or (one.says == "calm" and _WAS.search(one.piece.text)):
        return True
    shared = set(_NAMES.findall(before.piece.text)) & set(_NAMES.findall(one.piece.text))
    return one.says in ("fine", "sound") and bool(shared or lexicon.SOUND.search(one.piece.text))


def contrasted(told: Sequence[Said]) -> Said | None:
    """Return what is set against the first picture: 「導体が露出しています。1枚目では露出していません」."""
    for before, one in pairwise(told):
        other = one.piece.side == 1 or lexicon.OTHER.search(one.piece.text) is not None
        if not other or re.search("[でにの写真目]も", one.piece.text) or before.piece.side == 1:
            continue
        if before.says == "maybe" and _against_it(before, one):
            return before
        if before.says == "absent" and (one.says in ("fine", "sound") or _EXISTS.search(one.piece.text)):
            return before
    return None


HARMLESS: frozenset[Says] = frozenset(
    (
        *(
            "same",
            "alike",
            "fine",
            "sound",
            "both",
            "light",
            "only_light",
            "varies",
            "not_different",
            "seems",
        ),
        *("shape", "calm", "maybe"),
    )
)
"""What may stand beside a sameness without turning it."""


def _same(told: Sequence[Said], acts: set[Says]) -> Said | None:
    """Return the piece that says that the two are the same; None where another may hold a difference."""
    if not acts <= HARMLESS or not figures_agree(told):
        return None
    explicit = next((one for one in reversed(told) if one.says == "same"), None)
    if any(one.says == "seems" and one.piece.last and not one.piece.conceded for one in told):
        return None
    if any(one.says == "maybe" and (explicit is None or not _belongs(one)) for one in told):
        return None
    if explicit and any(map(_behind_in_one, told[told.index(explicit) + 1 :])):
        return None
    if explicit:
        return explicit
    if told[-1].says == "not_different" and len(told) > 1:
        return told[-1]
    dismissed = _dismissed(told)
    if dismissed:
        return dismissed
    return _first(told, "only_light") or (None if "varies" in acts else _enough(told))


_IS_NONE = later(
    "(?:違い|差異?|相違|変化)(?:点)?(?:に(?:は|も)?|と(?:して)?(?:は|も)?|で(?:は|も)?|を)|対象外|数え(?:ません|ない)|含め(?:ません|ない)"
)


def _dismissed(told: Sequence[Said]) -> Said | None:
    """Return the piece that says that what was named is no difference, if this is light or of both.

    「緑がかっていますが、違いには数えません」: who rules out all that was found has answered.
    """
    place = max((number for number, one in enumerate(told) if one.says == "varies"), default=0)
    last = told[place]
    if place == 0 or not _IS_NONE.search(last.piece.core):
        return None
    if any(one.says not in ("alike", "fine", "sound") for one in told[place + 1 :]):
        return None
    named = [one for one in told[:place] if one.says in ("light", "only_light", "both", "seems")]
    odd = [one for one in named if one.says == "light" and not lexicon.LIGHT.search(one.piece.core)]
    if not named or any(one.says in ("calm", "shape", "maybe") and one.piece.side == 2 for one in told):
        return None
    shared = any(one.says == "both" or _OF_FIRST.search(one.piece.core) for one in told)
    return last if shared or not odd else None


_OF_FIRST = later("(?:1枚目|画像1|前者|[先前元]の(?:写真|画像))[^、は]{0,8}も")


def _behind_in_one(one: Said) -> bool:
    """Say whether a piece behind a verdict tells of one picture, or comes after a "but"."""
    return one.says in ("calm", "shape") and (one.piece.contrast or one.piece.side > 0)


_NATURAL = later(r"穴|孔|線|筋|模様|点|開い|閉じ|出て|付いて|ついて|残っ|止まっ|跡")


def _belongs(one: Said) -> bool:
    """Say whether what may be a fault is told of the thing as such: 「底に穴が3つあります」."""
    return one.piece.side == 0 and _NATURAL.search(one.piece.text) is not None


_EACH = later(
    r"も、?[^、]{1,16}も|[^、]や[^、]{1,10}[はも]|[、や・][^はが]{1,14}[、や・]|すべて|全て|全部|どれ|どの"
)


def _enough(told: Sequence[Said]) -> Said | None:
    """Return the piece that decides where several things are the same or in order, of both pictures."""
    good = [
        one
        for one in told
        if one.says in ("alike", "fine", "sound")
        or (one.says == "both" and lexicon.FAULT.search(one.piece.text))
    ]
    if any(one.piece.side == 1 for one in good) or any(
        one.piece.side for one in told if one.says in ("calm", "shape")
    ):
        return None
    things = sum(map(_things, good))
    pair = any(lexicon.BOTH.search(one.piece.text) for one in told)
    whole = [one for one in good if one.says == "sound"]
    if any(one.says in ("light", "only_light") for one in told):
        whole += [
            one
            for one in good
            if (one.says == "alike" and _OF_FORM.search(one.piece.core)) or _OF_ITSELF.match(one.piece.core)
        ]
    if whole:
        return whole[0]
    return good[0] if good and things >= 2 and (pair or things >= 3) else None


_OF_ITSELF = later("(?:部品|製品|対象(?:物|品)?|物|もの|実物|中身|品物)(?:自体|そのもの)(?:は|に)")
_OF_FORM = later(
    "^(?:形状|外形|構造|外観|実物|中身|部品)(?:自体|そのもの)?(?:に|は|の)[^、]{0,4}(?:変化"
    "|違い|差異?|相違|変わり)"
)
"""What is said of the form alone, where only the light is said to differ."""


def _things(one: Said) -> int:
    """Return of how many things a piece speaks, at the least."""
    if ":" in one.piece.text:
        return 0
    if one.says == "alike" and _ALL_OF.search(one.piece.text):
        return len(re.findall("[、・]", one.piece.text)) + 1
    return 2 if _EACH.search(one.piece.text) else 1


_ALL_OF = later(
    r"(?:[^、・はが]{1,12}[、・]){2,}[^、・はが]{1,14}(?:の?(?:どれ|いずれ|すべて|全て|各)|[はもが])"
)
_FIGURES = later(r"[0-9]+|[一二三四五六七八九十赤青緑黄黒白灰]|開|閉|オン|オフ|on|off|点灯|消灯|左|右|上|下")
_NAMED = later(r"(?:上|下|左|右)(?:側)?の(?:写真|画像|部品|製品)|[12一二]枚目|画像[12ab]")


def figures_agree(told: Sequence[Said]) -> bool:
    """Say whether what is told of each picture holds the same numbers, colours and places."""
    figures: dict[int, list[str]] = {1: [], 2: []}
    for one in told:
        if one.piece.side and one.says in ("calm", "shape", "maybe"):
            figures[one.piece.side] += _FIGURES.findall(_NAMED.sub("", one.piece.text))
    return not (figures[1] and figures[2]) or sorted(figures[1]) == sorted(figures[2])
