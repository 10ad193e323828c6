"""Japanese descriptions that tell a difference by themselves: 「11粒から10粒に」, 「後のほうだけ…」."""

from kurabe.reading.japanese import lexicon
from kurabe.reading.patterns import later

_SECOND = (
    "(?:後(?:の(?:ほう|写真|画像|もの)|者|で撮られた(?:ほう|もの|写真)?)?|あと(?:の(?:ほう|写真|もの))?|のち|2枚目|二枚目"
    "|次(?:の(?:写真|画像))?|片方|一方|今回|いま|今)"
)
_FIRST = (
    "(?:前(?:の(?:写真|画像|もの|ほう)|者|回(?:撮影時)?)?|最初(?:の(?:写真|画像))?|初め(?:の(?:写真|画像))?|1枚目|一枚目"
    "|元の写真|以前|先の(?:写真|画像))"
)
_FROM_TO = later(
    "(?P<a>[^\\s、。はがもを]{1,10})から(?:うっすら)?(?P<b>[^\\s、。はがもを]{1,12}?)(?:へ|に(?:(?:変わ|なっ|替え|減|増|置き)[^。]{0,10})?)$"
    "|(?P<c>[一-龠ァ-ヶ0-9]{1,6})から(?P<d>[一-龠ァ-ヶ0-9]{1,6})$"
)
_ONLY_SECOND = later(
    f"(?:^|[、のがは]){_SECOND}(?:の[^、。]{{1,10}})?(?:だけ|のみ|にだけ|でだけ)(?!で(?:は|な)|じゃ)[、がにはで]?|、{_SECOND}だけ(?:です|だ)?$"
)
_ONLY_FIRST = later(f"{_FIRST}(?:だけ|のみ)(?:です|だ|でした)?$")
_NOT_IN_ONE = later(
    f"(?:が|は){_SECOND}(?:に|で)は?(?:な(?:い|く)|ありません|見当たら)[^。]{{0,12}}$|{_SECOND}(?:は|に|には)[^、。]{{1,12}}(?:が|も)?(?:な(?:い|く)|ありません|ついていま?せ)[^。]{{0,10}}$"
)
_REPLACED = later("(?:替え|換え|付け替え|取り替え|すり替え|差し替え)られて(?:い|お)(?:ます|る|り)")
_SOUND_BEFORE = later(
    f"{_FIRST}(?:の[^、。]{{1,10}})?(?:は|では|には|に|だと)[^。]{{0,20}}(?:な(?:い|く|かった)|ありま|ござい|きれい|健全|清浄|平ら|平滑|まっすぐ|正常|割れてへん|あった|ついて|付いて|閉じ|閉ま|入って|"
    "つなが|澄ん|無傷|完全|張られ|溶接されて)[^。]{0,14}$"
)
_NONE_IN_FIRST = later(f"^{_FIRST}(?:の[^、。]{{1,6}})?(?:に|で)は?(?:、)?(?:な(?:い|く)|ありません)")
_SEEMS = later(
    "(?:ということ|もの|ところ|箇所|わけ|点|こと)(?:は|では|も)(?:あ?りま|ござ|な)|人によ|誰も|言う人|かもしれ|可能性|ように見え|でしょうか|だろうか|かどうか|もし|なら(?!ず|な)|れば|(?<!み)たら|どちら|両方|いずれ|とも|同じ|ません?か|はず"
)


def tells_change(text: str, after: str) -> bool:
    """Say whether a sentence tells of a change, or it and the one behind it do."""
    text, after = text.strip(" 。!！"), after.strip(" 。!！")
    if _SEEMS.search(text) or lexicon.LIGHT.search(text):
        return False
    if (match := _FROM_TO.search(text)) and (match["a"], match["c"]) != (match["b"], match["d"]):
        return True
    masked = lexicon.masked(text)
    faulty = lexicon.FAULT.search(masked) or lexicon.MAY_BE_FAULT.search(masked)
    denied = lexicon.BARE_NO.search(masked) is not None
    if _NONE_IN_FIRST.search(after):
        return False
    if _REPLACED.search(text) or (_NOT_IN_ONE.search(text) and not lexicon.DIFFERS.search(text)):
        return True
    if _ONLY_SECOND.search(text) or _ONLY_FIRST.search(text):
        return True
    if faulty and not denied and _SOUND_BEFORE.search(after) and not _SEEMS.search(after):
        other = lexicon.FAULT.search(lexicon.masked(after))
        return not lexicon.LIGHT.search(after) and (other is None or other[0] in text)
    return False
