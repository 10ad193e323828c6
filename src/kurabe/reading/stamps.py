"""What stands before or around an answer: an inspection's stamp, a correction, a heading, a part's label."""

import re

from kurabe.common.vocabulary import Verdict
from kurabe.reading import english, japanese
from kurabe.reading.answers import AnswerWords
from kurabe.reading.clauses import Clause
from kurabe.reading.patterns import later

CORRECTED = later(
    r"(?:^|[.…,;!?—–-]\s*|\n\s*)(?:(?:no|oh|hmm+|but),? )?(?:wait|hold on|hmm+"
    r"|let me look again)\b[\s,.!…:—–-]*"
    r"(?:(?:no|let me (?:look|check) (?:again|once more|closer))\b[\s,.!…:—–-]*)?"
    r"(?:actually|on (?:a )?(?:closer|second) (?:look|inspection)|looking (?:again|closer"
    r"|more closely))\b[\s,:]*"
    r"|(?:[。、.…\s]|^)(?:いや|いえ|待ってください)[、。…]*(?:よく見ると|よく見れば|実際は"
    r"|改めて見ると|もう一度見ると)[、]?"
    r"|(?:[。、.…\s]|^)(?:すみません、)?訂正(?:し|いたし)ます[。、]",
    re.IGNORECASE,
)
"""An explicit correction: only what follows it counts. A bare "wait" corrects nothing."""

_STAMP_WORDS = (
    r"(?P<bad>n\.?g\.?品?|nok|not ok(?:ay)?|fail(?:ed|ure)?|reject(?:ed)?|defective|不合格|不良(?:品)?)"
    r"|(?P<good>ok(?:ay)?|pass(?:ed)?|accept(?:ed)?|合格|良品)"
)
_STAMP = later(
    r"\W*(?P<label>(?:(?:the |final |overall |inspection |test |visual |qc )*(?:result|inspection"
    r"|status|verdict"
    r"|judge?ment|decision|overall|test|outcome)|(?:総合|検査|最終)?(?:判定|結果|検査結果))\s*(?:is"
    r"|[:：=は])\s*)?"
    rf"(?:{_STAMP_WORDS})(?:です|だ|である|と(?:判定|判断)(?:(?:いた)?します|しました"
    r"|する)?)?(?P<end>(?<=[^\x00-\x7f])\s*。|\s*[.。!）)】\]*\"'”」』]*\s*$|\s*[:：(（\n]"
    r"|\s+[-–—]\s|(?(label)\s*[,;、]|(?!)))",
    re.IGNORECASE,
)
"""The stamp of an inspection: "NG", "Result: FAIL", "OK", 不合格; what follows gives the reason."""
ARROWED = later(rf"\s*(?:→|⇒|➡|->|=>)\s*(?:{_STAMP_WORDS})\W*|(?P<bad_alone>NG)|(?P<good_alone>OK)")
"""A stamp in a line of its own, at the end of a list: 「→ NG」."""


_SECTION = later(r"\W*良品\s*\n[\s\S]*^\W*検査", re.MULTILINE)
"""A heading over what the good part looks like."""


def stamped(text: str, words: AnswerWords) -> tuple[list[Clause], str]:
    """Return the verdict that a text is stamped with, and the rest of the text."""
    match = _STAMP.match(text)
    if match is None or not words.usual or _SECTION.match(text):
        return [], text
    stamp = (match["bad"] or match["good"]).lower()
    verdict: Verdict = "different" if match["bad"] else "same"
    return [Clause(verdict, stamp, first=True, answer=True)], text[match.end() :].strip(" )）\n")


_HEADINGS = (
    "検査結果|比較結果|観察結果|確認結果|比較|判定|結果|所見|考察|理由|結論|備考|回答|答え|最終判定|総合判定"
    "|分析|観察|分析結果|観察内容|観察事項|総合評価|総合結果|説明|詳細|まとめ|概要|補足|共通点|類似点"
)
HEADED = later(rf"^[■□●◆◇]?\s*[【\[](?:{_HEADINGS})[】\]]\s*[:：]?\s*")
TITLE = later(
    rf"[■□●◆◇\s]*(?:{_HEADINGS})[\s:：]*|(?:確認|検査|比較|観察)(?:項目|箇所|対象|点)[:：][^。]{{1,60}}"
)
_LABELLED = later(
    r"(?P<name>[^:：]{1,30}?)(?:\s*[:：]\s*|\s[-–—]\s)(?:(?:the )?(?:same|identical|unchanged|no (?:change"
    r"|difference)s?"
    r"|equal)"
    r"(?: (?:in|on|for) (?:both|each)(?: \w+)?)?|異常なし|異常無し"
    r"|同じ|変化なし|問題なし|違いなし|差異なし|一致|正常|良好)(?:です)?[\s.。!]*"
)
_OF_PAIR = later(
    r"\b(?:images?|pictures?|photos?|both|two|they|overall|all|everything|parts?|pair|samples?"
    r"|specimens?|objects?"
    r"|products?|items?|comparison|inspection|test|summary|status|in (?:short|summary)|final|answer"
    r"|result|verdict"
    r"|conclusion|decision|judge?ment|assessment|outcome|response|therefore|so|differ\w*|change\w*"
    r"|reason|explanation"
    r"|note|check|finding\w*)\b"
    r"|画像|写真|両|全体|全て|すべて|判定|結果|結論|回答|答え|総合|評価|判断|比較|二|2|違|差|理由"
    r"|備考|説明|まとめ|部品|製品|外観|品質"
)


def names_fault(label: str) -> bool:
    """Say whether a label names only what may be wrong: "Missing parts", 「傷」."""
    language = japanese if japanese.is_japanese(label) else english
    codes = {word.code for word in language.tokens(label)}
    return "F" in codes and codes <= set("FQPAgqcrpa,x") and not {"E", "I"} & codes


def of_part(text: str) -> bool:
    """Say whether a line says that one part is alike: "Latch: same", 「ケーブル：異常なし」."""
    match = _LABELLED.fullmatch(text)
    if match is None or _OF_PAIR.search(match["name"]):
        return False
    language = japanese if japanese.is_japanese(match["name"]) else english
    name = re.sub(r"^(?:looking at|as for|regarding|checking|comparing) ", "", match["name"])
    codes = {word.code for word in language.tokens(name)}
    return bool(codes & set("QPg")) and codes <= set("QPIglaqrpx,")
