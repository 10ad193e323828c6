"""What stands round a Japanese statement, and whether it leaves the statement standing.

Beside a sameness, what names a fault, a difference or the second picture alone is a risk, unless it denies
it, finds it in both, puts it down to light, does not count it, or only supposes it; or one of the two
sentences behind it does.
"""

from collections.abc import Sequence

from kurabe.reading.japanese import attitude, lexicon
from kurabe.reading.japanese.frames import taken_back
from kurabe.reading.patterns import later

_RISK = later(
    f"{lexicon.FAULT.pattern}|{lexicon.MAY_BE_FAULT.pattern}|{lexicon.DIFFERS.pattern}|{lexicon.CHANGED.pattern}"
    "|[がは](?:\\d+本|\\d+つ|一つ|一本)?(?:ありません|ない|無い)$|例外|唯一|だけ|のみ|しか|以外|ただし|ところが|しかし|片方|一方|新規|新た|なくな|見当たら|変わって|変わった|後(?:の|に)|2枚目|二枚目|二度目|2回目"
)
_DENIED = later(
    "(?:な(?:い|し|く|かった)|ありません|ございません|ず(?:、|に|$)|ません(?:でした)?|皆無|ゼロ|無)(?:です|ため|ので|から|こと|が|し|と|、|$|[^、。]{0,10}$)"
)
_NOT_HERE = later(
    "(?:のに|が|は|も)?(?:後|2枚目|二枚目|片方|次)[^、。]{0,10}(?:に|で)?は?(?:な(?:い|く)|見当たら|ありません)|だけが?な(?:い|く)|しかな|なくな|足り"
)
_SHARED = later(
    "両|どちら|いずれ|(?:二|2)枚(?:とも|で|の間)|双方|共通|前(?:の(?:写真|もの|画像))?(?:に|で|から|と)?も|前から|以前から|最初から|初めから|もともと|元々|元から|前後(?:で|とも|ともに)?|前にも|後にも"
    "|同じ|同様|同等|同一|変わら|変わり(?:は|が)?(?:な|ありま)|1枚目から|一枚目から|そのまま|のまま|増えても減っても|一致|合致|揃|合い|合って|合う|→(?:なし|有|無)|像と|前回"
)
_CAUSED = later(
    "(?:せい|ため|よる|もの|影響|問題|関係|具合|都合|加減|由来|起因|だけ|から|でしょう|だろう|と思|ですね|反射|照明|影|ノイズ|カメラ|ずれ|見え|写|映)"
)
_SET_ASIDE = later(
    "数え(?:な|ま|ず)|対象外|除(?:い|く|外|か)|無視|不算入|算入し|問(?:わ|い)(?:な|ま)|不問|関係し?(?:な|ま)|評価し(?:な|ま)|計算され(?:な|ま)|度外視|惑わされ|差し引|考慮し|含め(?:な|ま)|気のせい|見間違|勘違い|説明がつ"
)
_SUPPOSES = later(
    "もし|仮|なら(?!ず|な)|れば|たら|かどうか|か否か|有無|候補|想定|疑|かと|と思(?:い|っ)|気にな|気にし|注意|探|身構え|検討|懸念|照合|見比べ|調べ|追(?:い|っ)|確認|確かめ|判断しました|見ました|期待|取り違え|誤認|はず|難し"
    "|という(?:文字|宣伝|説明|タイトル|字|題)|とあ(?:り|っ|る)|書かれ|いう印|論点|焦点"
)
_NAMES = later("、[^、。はがを]{0,8}(?:位置|形|量|模様|部分|柄|色|数|向き|長さ|角度|状態|有無|具合)$")
"""What only lists the points that were looked at."""
_UNDONE = later(
    "(?:点灯|動作|閉じ|閉ま|締ま|付い|付け|固定|装着|はま|嵌|入っ|届い|揃っ)[^、。]{0,8}(?:ませ|な|ず)"
)
"""What should have been done, and was not."""
_HARD = later(
    "^(?:ただし|ただ、|しかし|でも、?|ところが|けれど)|例外|唯一|(?:に関して|に限って|については|に限り|の(?:部分|面)で)は?(?:です)?$|あくまで"
)
"""What goes against the rest, and is explained by itself or not at all."""
_NOT_SO = later("(?:ない|なし|同じ(?:だ)?|一致|変わらない)とは?(?:言|い)?(?:え(?:な|ま)|い切|限)")
_MAY_DIFFER = later("(?:違|異な|差が|変わ)[^。]{0,10}(?:かもしれ|可能性)")
_EXPLAINS = later(f"{lexicon.LIGHT.pattern}|{_SHARED.pattern}|ではな|わけではな|見間違")
_WITHHELD = later(
    "(?:判断|判定|断定|比較|確認|回答|結論|特定|判別|評価)(?:は|が|も|を)?(?:でき(?:ま?せ|な|ず|かね)|しかね|保留|困難|不能|つき(?:ま|か))|わかりません|分かりません|判りません|不明です|どちらとも|情報が不足|届いて(?:い)?(?:ま|な)"
    "|撤回し(?:ます|ました)$|自信が(?:な|あ?りま)|断言(?:は|が)?(?:でき|し(?:ま|か))|(?:確実|確か|明確|絶対)(?:で)?は(?:あ?りま|な)|早計|時期尚早|思い過ごし|決めつけ|考慮して(?:い|お)(?:ま|な)|見えない(?:ため|ので)|送って|添付|再撮影|撮り直|お願い"
)
_ALIKE_ALL = later(
    "(?:違い|差異|変化|相違)[はがもを]?(?:な(?:い|し|く)|ありま|ござ|見られ(?:な|ま)|認め(?:な|ま)|見いだせ|見出せ|見つ)"
)
_AT_FIRST = later("最初|はじめ|初め|当初|第一印象|傾い|思っ|気づけ")
_LET_PASS = later("カウントし(?:な|ま)|問題(?:は)?(?:な|あ?りま)|そういうもの|自然な|許容|規格|仕様")
_ONLY_LIT = later("だけ|のみ|にすぎ|に過ぎ|くらい")
_HEADS = later("(?:主な)?(?:相違点|違い|差異)[:：]?")
_RETRACTS = later("前言|同じと申し|先ほど|最初")


def withheld(parts: Sequence[str]) -> bool:
    """Say whether a sentence withholds a judgement, or asks for something."""
    return any(
        _WITHHELD.search(part)
        or ((attitude.refuses(part) or taken_back(part)) and not _RETRACTS.search(part))
        for part in parts
    )


def _safe(text: str) -> bool:
    """Say whether a sentence that may tell of a difference says itself that it is none."""
    if _NOT_HERE.search(text):
        return _SHARED.search(text) is not None and "とも" in text
    masked = lexicon.masked(text)
    faulty = (lexicon.FAULT.search(masked) or lexicon.CHANGED.search(masked)) is not None
    if _SHARED.search(text) or _SUPPOSES.search(text):
        return True
    if _SET_ASIDE.search(text) and (not faulty or lexicon.LIGHT.search(text)):
        return True
    if _DENIED.search(text) and not _UNDONE.search(text):
        return faulty or (lexicon.MAY_BE_FAULT.search(masked) or lexicon.DIFFERS.search(masked)) is not None
    return (lexicon.LIGHT.search(text) or _NAMES.search(text)) is not None


def _alike(text: str) -> bool:
    """Say whether a sentence tells only that things are alike, or in order."""
    told = lexicon.ALIKE.search(text) or lexicon.SOUND.search(text)
    return told is not None and not _RISK.search(lexicon.masked(lexicon.ALIKE.sub("", text)))


def _lit(text: str) -> bool:
    return lexicon.LIGHT.search(text) is not None


def leaves_same(parts: Sequence[str], settled: set[int]) -> bool:
    """Say whether all sentences beside those that decide leave a sameness standing."""
    if (
        any(map(_MAY_DIFFER.search, parts))
        or any(map(_NOT_SO.search, parts))
        or any(map(_HEADS.fullmatch, parts))
    ):
        return False
    for place, text in enumerate(parts):
        if place not in settled and _HARD.search(text) and not (_lit(text) or _SET_ASIDE.search(text)):
            return False
        if place in settled or not _RISK.search(lexicon.masked(text)):
            continue
        if _safe(text):
            continue
        if not any(_EXPLAINS.search(after) for after in parts[place + 1 : place + 3]):
            return False
    return True


def leaves_different(parts: Sequence[str], settled: set[int], frank: bool) -> bool:
    """Say whether nothing behind a difference explains it, and nothing says that all is the same.

    Args:
        parts: The sentences.
        settled: Which of them decide.
        frank: True if one of them says so by itself, with yes or "there is a difference".
    """
    beside = [text for place, text in enumerate(parts) if place not in settled]
    if beside and all(_alike(text) for text in beside):
        return False
    first = min(settled)
    for place, text in enumerate(parts):
        if place in settled:
            continue
        if lexicon.VARIES.search(text) or _LET_PASS.search(text):
            return False
        if _ALIKE_ALL.search(text) and not _SUPPOSES.search(text) and not _AT_FIRST.search(text):
            return False
        if (
            _ONLY_LIT.search(text)
            and lexicon.LIGHT.search(text)
            and not lexicon.FAULT.search(lexicon.masked(text))
        ):
            return False
        if place > first and not frank and _EXPLAINS.search(text):
            return False
    return True
