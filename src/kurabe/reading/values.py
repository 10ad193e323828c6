"""What a single value says by itself: an inspection's stamp, that something is wrong, or that all is open."""

import re
from typing import Any

from kurabe.common.vocabulary import Verdict
from kurabe.reading.clauses import Clause
from kurabe.reading.matching import normalise
from kurabe.reading.patterns import later

_JUDGED_NOT = "(?:判定|判断|判別|断定|特定|識別|区別|評価|比較|決定)"
_UNDECIDED = later(
    rf"{_JUDGED_NOT}(?:が|は|を|も)?(?:不能|(?:する)?(?:こと)?(?:が|は)?でき(?:ない|ません|ず|かねる"
    r"|かねます)|不可能?|困難|保留|待ち|なし"
    r"|つか(?:ない|ず)|つきません|外)"
    r"|(?:見分け|見極め|比べ|決め|答え|読み取|確かめ)(?:が|は)?(?:られ|れ|つか|つき)(?:ない|ません"
    r"|ず)(?:です)?"
    r"|(?:情報|解像度)(?:が)?不足(?:です)?|(?:状態)?不明(?:です|瞭)?|(?:わ|分|判)か?(?:から"
    r"|りま?)(?:ない|ず|せん)(?:です)?"
    r"|未(?:判定|確定|確認|定|決|検査|比較|評価|回答|記入|入力)|保留(?:中|とする|とします|します)?"
    r"|どちらとも言え(?:ない|ません)|\?+|？+"
    r"|(?:can ?not|can't|could not|couldn't|unable to|impossible to|not possible to|hard to"
    r"|difficult to|not able to)"
    r" (?:be )?(?:tell|told|say|said|determined?|decided?|judged?|confirm(?:ed)?|verify|verified"
    r"|assess(?:ed)?|know|known"
    r"|compared?|establish(?:ed)?|see|seen|answer(?:ed)?|evaluated?|discern(?:ed)?|made out)"
    r"|(?:is |it is |it's |currently |yet |still )*(?:unknown|undetermined|unclear|uncertain"
    r"|inconclusive|indeterminate|undecided|unsure|unverified"
    r"|unconfirmed|undefined|undeterminable|indeterminable|unassessable|unreadable|ambiguous"
    r"|unanswered|pending|unspecified"
    r"|tbd|tba|to be determined|open|null|nil value|not sure|not clear|not certain"
    r"|not determinable|not determined"
    r"|not confirmed|not verifiable|not verified|not assessable|not assessed|not known"
    r"|not decided|not evaluated"
    r"|not comparable|not compared|not given|not specified|not possible|no answer|no verdict"
    r"|no idea|insufficient (?:data"
    r"|information|evidence|detail)|not enough (?:data|information|evidence|detail)|cannot tell"
    r"|maybe|possibly|perhaps)"
)
_NOT_SEEN = later(
    r"確認(?:が)?(?:不能|不可能?|(?:する)?(?:こと)?(?:が|は)?でき(?:ない|ません|ず))(?:です)?"
    r"|(?:n/?a|not applicable|該当(?:せず|しない))"
)
"""What may also say that nothing was found; under a key that names a verdict it is taken for neither."""


def undecided(value: Any) -> bool:
    """Say whether a value leaves open what its key asks: 「違い: 判定不能」, ``has_difference: null``."""
    if value is None:
        return True
    told = normalise(str(value)).strip(" .。!「」\"'()[]")
    return _UNDECIDED.fullmatch(told) is not None or _NOT_SEEN.fullmatch(told) is not None


def judgement(label: str, value: Any) -> Clause | None:
    """Return what an inspection's stamp says: 「合否: 合格」, 「良否: 否」."""
    stamp = _GOOD.fullmatch(normalise(str(value)).strip()) if _JUDGED.fullmatch(label.strip()) else None
    return Clause("same" if stamp["good"] else "different", f"{label}: {value}") if stamp else None


def says_bad(value: str) -> bool:
    """Say whether a value alone says that there is a difference: "defective", "mismatch", 不良."""
    return _BAD.fullmatch(value.strip(" .!").lower()) is not None


def lacks(label: str, value: str) -> bool:
    """Say whether a line names what is missing, or broken: 「欠品：Oリング」."""
    return bool(_LACKING.fullmatch(label) and _THING.fullmatch(value)) and not undecided(value)


_LACKING = later("(?:欠品|欠落|紛失|不足|追加|余分|破損|損傷)(?:部品|品|箇所|部位)?")
_THING = later(r"(?!.*(?:な[しい]|無|不明|確認|未|要|ゼロ|ません|[?？]))[^\W\d_][\w ]{1,15}")
_BAD = later(
    r"defective|faulty|damaged|defect|anomal(?:y|ous)|abnormal|n\.?g|nok|non-?conforming"
    r"|non-?compliant|nonconformance|nonconformity"
    r"|differences?|discrepancy|mismatch|deviation|不良|不良品|異常|欠陥|不合格|違い|違いあり|相違|相違あり|変化あり"
    r"|差異あり"
)
STATUS = later(r"status|overall|result|verdict|outcome|inspection|decision|judge?ment", re.IGNORECASE)
PASSES = later(
    r"(?P<good>pass(?:ed)?|ok(?:ay)?|accept(?:ed)?|conform(?:ing|s|ant)|compliant)|fail(?:ed)?"
    r"|reject(?:ed)?|not ok"
)
_JUDGED = later(
    "(?:最終|総合|検査|合否|良否|外観|品質|全体)?(?:判定|評価)(?:結果)?|総合(?:結果)?|品質|合否|良否|検査結果|可否|合格|判定区分"
)
_GOOD = later(
    "(?P<good>合(?:格品?)?|良品?|良好|適合品?|ok|可|○|◯|〇|◎|問題なし|異常なし|一致|相違なし|差異なし|違いなし|変化なし|pass(?:ed)?)(?:です|だ)?"
    "|(?:否|不可|不良品?|不良あり|不合格品?|不適合品?|ng品?|×|✕|✗|x|不一致|相違あり|差異あり|違いあり|変化あり|異常あり|fail(?:ed)?)(?:です|だ)?"
)
"""What an inspection says of a part that is as it should be; English has its stamps (`stamps`)."""


def states(value: str) -> Verdict | None:
    """Return what a value says of the pair by itself: 「違う」, 「一致」."""
    stated = _STATED.fullmatch(normalise(value).strip(" .。!"))
    if stated is None:
        return None
    return "same" if stated["same"] else "different"


_JA_CHANGED = "(?:変わ(?:って|り)|変化(?:し|は)?|変更(?:され|は)?|違いは?|相違(?:し|は)?|差異?は?)"
_STATED = later(
    "(?P<same>(?:両者は|現物は|実物は|品物は|状態は)?(?:同じ|同一|同等|同様|等しい|一致(?:する|します|しています|している)?"
    f"|{_JA_CHANGED}(?:て|が|は)?(?:い?(?:ない|ません)|(?:あり)?ません|な[しい]|無し|見られない|認められない|ゼロ)"
    "|変わら(?:ない|ず)|変わりません)(?:です|だ)?"
    "|(?:the )?(?:same|identical|equal|equivalent|match(?:es|ed|ing)?|unchanged|unaltered"
    "|indistinguishable|no "
    "(?:difference|change|deviation|discrepancy|mismatch)s?(?: found| detected| seen)?|(?:does not"
    "|do not|not) "
    "(?:differ|change|changed|different)|not altered))"
    "|(?:両者は|現物は|実物は|品物は|状態は)?(?:違う|違います|異なる|異なります|相違(?:する|あり)?|不一致|一致し(?:ない"
    "|ません|ていない|ていません)"
    "|変わった|変わっている|変わりました|変わっています|変化(?:した|あり|している|しています|しました)"
    "|差異?あり|違いあり|別物)(?:です|だ)?"
    "|mismatch(?:ed|es)?|differ(?:s|ent|ing)?|unequal|changed|altered|not (?:the )?(?:same|identical"
    "|equal|matching)"
    "|(?:does|do) not match|no match|non-?matching"
)

THERE = later(
    "(?:is |are )?(?:present|found|detected|exists?|existing|visible|observed|seen|confirmed"
    "|identified|noted)"
    "|検出|存在(?:する|します)?|検出され(?:た|ました)|見られ(?:る|ます)|認められ(?:る|ます)|確認され(?:た|ました)"
)
"""What says of a difference that it is there."""

SURE = later(r"\d{2,3}(?:\.\d+)?\s?%?|[01]?\.\d+|1|(?:very )?high|certain|medium|高い?|中|\d{2,3}パーセント")

WHERE = later(
    r"\W*(?:(?:where|location|place|position|coordinates|box|bounding box)s?|場所|位置|部位|箇所|座標)\W*"
)
"""Values and keys beside the verdict, that say how sure it is, and where."""
