"""What a piece of a Japanese sentence says that holds the word of a fault: it has one, or it has none."""

import re

from kurabe.reading.japanese import lexicon
from kurabe.reading.japanese.pieces import Piece
from kurabe.reading.japanese.scope import ALIKE_END, HAS_DIFFERENCE, LOOKS_FOR, Says, whole
from kurabe.reading.patterns import later

_PREFIX_NONE = later(
    r"(?:の|が|は|も|一つ|ひとつ)?(?:な[いき]|無い|見られない|見当たらない)(?=[^、。でとけかはがもこわ])"
)
_GOVERNS = later(
    r"取れ|落ち|落と|直|補修|修|防|避け|免れ|消|隠|否|看過|見逃|許|耐え|済|とどま|止ま|収ま|心配|恐れ|おそれ|無縁|無関係|縁が|減|少な|気づ|気付|探|調|疑"
)
_OF_PICTURE = later(r"^[^、。]{0,8}(?:写真|画像|フレーム|画面|ファイル)(?:が|は)[^、の]{0,12}$")
_PURPOSE = later(
    "(?:を|の)[^、はが]{0,4}(?:取り除|除|防|検出|避|落と|補修|測|調べ)[^、はが]{0,6}?[るくすうぐ][^、はがを]{1,12}(?:が(?:写|映|あり|ある|置|並|見え)[^、]*)?$"
)
"""What a thing is there for: 「異物を取り除くふるい」."""
_ELSEWHERE = later("のは、?[^、]*(?:背景|机|台|床|周囲|まわり|外側?|フレーム|枠)[^、はが]{0,6}$")
_SMALL = later(
    r"^[^、]{0,24}?(?:(?:少し|わずか|やや|若干|微妙|ほんの|小さな|ミリ|ピクセル|全体)[^、]{0,10})?(?:ずれ|ズレ)"
)
_FRAME_NONE = later(
    r"(?:、?(?:いずれも|どれも|すべて|全て|どちらも|ともに))?(?:は|も|が|など|や|の|に|を|て|で|つ|と|ひとつ|一つ|く|さえ|す?ら|より)?(?:は|も)?[^、がを]{0,12}?(?:ない"
    r"|ません|なし|無し|無い|なく|なかった|ず|ゼロ|皆無|無)$"
)


def of_fault(piece: Piece, core: str, lit: bool) -> Says:
    """Read a piece that holds the word of a fault; ``lit`` if it speaks of light, too."""
    faults = list(lexicon.FAULT.finditer(core))
    first, last = faults[0], faults[-1]
    if _PREFIX_NONE.match(core, last.end()) and not lexicon.NONE.search(core):
        rest = _PREFIX_NONE.sub("", core[last.end() :], count=1)
        return "unknown" if lexicon.BARE_NO.search(rest) or lexicon.RESTRICTS.search(core) else "fine"
    if lexicon.NONE.search(core):
        return _no_fault(core, first, last)
    if _PURPOSE.match(core, last.end()):
        return "shape"
    if _ELSEWHERE.search(core) or (
        lit and re.search("のは、?[^、]*$", core) and lexicon.LIGHT.search(core, last.end())
    ):
        return "light"
    if _LIKE.match(core, last.end()):
        return "seems"
    if LOOKS_FOR.search(core) or re.search("有無", core):
        return "calm" if piece.conceded or not piece.last else "argues"
    if lexicon.BARE_NO.search(core) or _GOVERNS.search(core, last.end()) or _OF_PICTURE.search(core):
        return "unknown"
    if (
        _NAME_END.search(core)
        and not _COUNTED.search(core)
        and last.end() < len(core)
        and not _RELATIVE.match(core, last.end())
    ):
        return "unknown"
    if HAS_DIFFERENCE.search(core) and not lit and not lexicon.SEEMS.search(core):
        return "different"
    if lit and {match[0] for match in faults} <= {"ずれ", "ズレ", "歪", "ゆが", "反り"}:
        return "light"
    return _asserted(core, piece.text, piece.side, {match[0] for match in faults})


def _asserted(core: str, text: str, side: int, faults: set[str]) -> Says:
    """Read a fault that is not denied."""
    if lexicon.ALIKE.search(core):
        return "alike" if ALIKE_END.search(core) and re.search("まで|も", core) else "unknown"
    if lexicon.SOUND.search(core) or re.search(
        r"^(?!これ|それ|2枚目|下の|最後|検査|こちら)[^、が]{1,12}は(?:欠陥|不良|異常)$", core
    ):
        return "unknown"
    if lexicon.BOTH.search(core) or _TOO.search(core):
        return "both" if not lexicon.RESTRICTS.search(core) else "unknown"
    if lexicon.SEEMS.search(text) and not text.endswith(("ように見えます", "ように見える")):
        return "seems"
    if lexicon.SHIFT.search(core) and faults <= {"ずれ", "ズレ"} and _SMALL.match(core):
        return "light"
    if _DESCRIBED.search(core) or (not side and _RELATES.search(core)):
        return "maybe"
    return "fault"


_TOO = later("(?:枚目|写真|画像|品|側|方)(?:で|に|の[^、はがも]{1,8})?も")
_DESCRIBED = later(
    "(?:た|ている)(?!め|と|よう|状態|部分|箇所|跡|線|点|もの)[一-龠ァ-ヶー]{1,10}(?:の(?:写真|画像))?(?:が(?:写|映|あり|ある|置|並|見え)[^、]*)?$"
)
"""What may only describe: 「錆びた釘が写っています」."""
_RELATES = later(
    "(?:た|ている)(?!め|と|の|よう|状態|部分|箇所|跡|線|点|もの|まま|穴|ところ|こと)[^、はがをにでた]{1,20}"
    "(?:の(?:写真|画像|絵)(?:が[^、]*)?)?$|(?:た|ている)(?:風合い|加工|塗装|仕上げ|模様|デザイン)"
)
_COUNTED = later("が、?(?:[0-9一二三四五六七八九十数]+[一-龠かヶ]{1,3})$")
_LIKE = later("(?:た|の|ている)?(?:よう|みたい)な[^、はが]{1,8}は")
"""What only looks like a fault: 「焦げたような色は釉薬です」."""
_NAME_END = later("[一-龠ァ-ヶ]$")
_RELATIVE = later("[^、]{0,8}?(?:た|てい(?:る|た)|て|である|のある|がある|が見られる|という|に見える|による)")


def _no_fault(core: str, first: re.Match[str], last: re.Match[str]) -> Says:
    """Read a fault that is denied: 「欠けも割れもなく」."""
    if lexicon.RESTRICTS.search(core):
        return "rest" if re.search("(?:ほか|他)に?(?:は|も)?|その他|以外", core) else "unknown"
    between = core[last.end() :]
    if _GOVERNS.search(between) or not _FRAME_NONE.match(between):
        return "unknown"
    if lexicon.BARE_NO.search(core[: first.start()]) or len(re.findall("ない|なく|ません", between)) > 1:
        return "unknown"
    general = re.fullmatch("異常|欠陥|不良|不具合|問題|違和感|不備", last[0]) and whole(core[: first.start()])
    if re.fullmatch("異常|欠陥|不良|不具合|問題", last[0]) and lexicon.BOTH.search(core):
        general = True if whole(lexicon.BOTH.sub("", core[: first.start()])) else general
    return "sound" if general else "fine"
