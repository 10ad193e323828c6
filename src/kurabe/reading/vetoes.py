"""What a verdict is held against at the end: ways of speaking that turn what the rules have understood.

Each of them makes an answer unparsed, and none decides anything: a clause that denies "bent in one and
straight in the other" names a difference, word by word, and so does one that tells of a dent in both. A
missing picture is missing nothing.
"""

import re

from kurabe.reading.settle import Settled

_SENTENCE = re.compile(r"(?<=[.!?。！？])\s*|\n+")
_SIDES = re.compile(
    r"\b(?:a|b|one|other|first|second|left|right|upper|lower|top|bottom|reference|sample|original|test)\b"
)

_NOTHING_SHOWN = re.compile(
    r"\bonly (?:\w+ ){0,4}?(?:one|a single) (?:picture|image|photo)"
    r"|\b(?:the|is) (?:one|only) (?:picture|image|photo)\w* (?:i|that i|you)\b"
    r"|\bwhere(?:'s| is) the (?:other|second) (?:picture|image|photo)"
    r"|\blinks?\b[^.]{0,30}? (?:is|are) (?:broken|dead)"
    r"|\b(?:nothing|not|no \w+) (?:was|were|is|are) attached\b"
    r"|\b(?:pictures?|images?|photos?) (?:is|are|seems? to be) (?:missing|broken|corrupt\w*|empty)\b"
    r"|\b(?:please |just |to )upload (?:both|the|them|two|a)\b"
    r"|\b(?:determined|told|assessed|judged|found) without the (?:other|second|first)\b"
    r"|枚しか(?:届|受け|受信|送|表示|見え|見当)|リンクが(?:切れ|無効)|(?:送って|アップロードして)(?:ください|下さい)"
    r"|よくある(?:欠陥|不良|違い)",
)
"""Who has not seen both pictures has compared nothing."""
_HINTS = (
    *("only", "link", "attach", "upload", "without the", "where", "missing", "broken", "corrupt", "empty"),
    *("photo i", "picture i", "image i", "しか", "リンク", "ください", "下さい", "よくある"),
)
"""One of them is in each such answer; to look for them takes a tenth of the time."""

_BY_NO_MEANS = re.compile(
    r"\b(?:differ|deviat|chang|depart|var)\w*\b[^.;]{0,60}?\b(?:in no (?:\w+ )?(?:respect|way|regard|detail"
    r"|point|sense)s?|nowhere|not at all|not a bit|not in the least|in nothing|by nothing)\b",
)
_NO_WAY = re.compile(r"\bno (?:sense|way|respect|regard|reading) in which\b", re.IGNORECASE)
_SHARED = re.compile(
    r"\b(?:just as|equally) \w+ (?:in|on)\b|\bin (?:just |exactly |quite )?the same way\b"
    r"|\bby the same amount\b|\bas (?:it|they) (?:is|are|was|were) (?:in|on)\b"
    r"|\bthe very \w+ (?:that|which)\b|\bthe same goes for\b"
    r"|\bthe same [\w -]{2,40}? in (?:both|the \w+ and|image \w and|\w and|one and)\b"
    r"|\b(?:is|are|'s|'re) (?:also|likewise|already|equally) \w+ (?:in|on)\b"
    r"|\b(?:is|are|was|were) \w+ (?:(?:in|on) (?:the )?\w+ )?(?:too|as well)\b",
)
"""A defect of both pictures; the sentence, or the one before it, names the other one."""

_DENIES = re.compile(
    r"\W*(?:nowhere\b|no \w+|there(?: is|'s| are) no\b|neither\b"
    r"|i (?:can |could )?(?:see|find|found|saw|spot) no\b"
    r"|i (?:can|could|did|do)(?: ?n[o']t| not)(?: \w+)? (?:find|see|spot|detect|make out)\b"
    r"|i (?:failed|was unable) to (?:find|see|spot)\b|nothing\b)"
)
_NEITHER = re.compile(r"\W*neither\b.*\bother (?:one |\w+ )?(?:does|has|is|shows)(?: not|n't)\b")
_EACH = re.compile(r"\b(?:and|but|or|while|whereas)\b|,")
_STATES = re.compile(
    r"\b(?:the|its|it|there|this|that|one|second|first|left|right|lower|upper|other)\b[\w ]{0,30}"
    r"\b(?:is|are|has|have|had|shows?|lacks?|was|were|does|do|differs?)\b"
)
"""A clause of its own, which the denial before it does not reach."""
_LIGHT = re.compile(
    r"\b(?:light\w*|lit|exposure|bright\w*|camera|noise|shadows?|glare|reflections?|photographed|contrast)\b",
)
_MERELY = re.compile(
    r"\bonly the \w+ (?:has|have)\b|\bwhat (?:has )?(?:changed|changes|differs?|is different)\b"
    r"|\bthe (?:only |one )?(?:change|difference)s? (?:is|are|lies?)\b"
    r"|\bby nothing (?:more|other|else) than\b|\b(?:little|something) has changed in\b"
    r"|\bin \w+,? but not in\b|\bwhat looks like\b",
)
_UNDENIABLE = re.compile(
    r"\bno (?:mistaking|hiding|concealing|disputing|denying|escaping|overlooking|ignoring|missing"
    r"|shortage of|lack of|dearth of|end of|end to) (?:the |these |their |that )?(?:\w+ )?"
    r"(?:differences?|changes?|defects?)\b"
    r"|\bsame \w+ (?:does not|doesn't|is not|isn't|can ?not|can't) (?:be )?"
    r"(?:appear|seen|found|visible|there)\b"
    r"|\b(?:on|in) the \w+ (?:it|they) (?:is|are|does|do|has|have)\s*[.!]*\s*$"
    r"|\bno (?:change|difference)s? in the \w+\b.*\b(?:and|but) the [\w ]{2,30}? (?:is|are) [\w ]{2,30}?"
    r" in (?:image )?(?:b|the (?:second|other))\b"
    r"|違い[はがも](?:小さ|少な|わずか|一つ|ひとつ|一箇所|軽微|些細|微小|細か)(?:く|では)?"
    r"(?:ありません|ない|なく)",
)
_NO_SUCH = re.compile(
    r"(?:一方|片方|[ABab]|[左右上下]|[一二12]枚目)[^。、]{1,30}?"
    r"(?:他方|もう(?:一方|片方)|[ABab]|[左右上下]|[一二12]枚目)[^。、]{0,20}?[るたいな][^。、はがもでに]{1,12}"
    r"(?:は|が|も)(?:ありません|ない|なかった|見られません|見当たりません|存在しません|見つかりません)"
)
_ALSO = re.compile(
    r"(?:[左右上下](?:側|の[^、。のはがをにでも]{1,6})?|[一二12]枚目|(?<![a-zA-Z])[ABabＡＢ])"
    r"(?:の[^、。のはがをにでも]{1,8})?(?:に|で)?も(?![のうち])"
)
_ACKNOWLEDGES = re.compile(
    r"(?:はい|いいえ)[、。]?\s*(?:どうぞ|もちろん|承知|了解|分かりま|わかりま|まだ|[^。]{0,8}(?:写真|画像)が見え)"
)


def vetoed(settled: Settled, text: str) -> Settled:
    """Return a verdict, or why it is none after all."""
    if settled.verdict is None:
        return settled
    text = text.lower()
    if any(hint in text for hint in _HINTS) and _NOTHING_SHOWN.search(text):
        return Settled(None, "it has not seen both pictures, or speaks of a picture that is missing")
    japanese = not text.isascii()
    if japanese and _ACKNOWLEDGES.match(text):
        return Settled(None, "it only acknowledges what was asked")
    if _NO_WAY.search(text) or (settled.verdict == "different" and _BY_NO_MEANS.search(text)):
        return Settled(None, "what it says to differ is denied behind it")
    if settled.verdict == "same":
        turned = _UNDENIABLE.search(text)
        return Settled(None, f"it denies less than sameness: “{turned[0]}”") if turned else settled
    if "“nor " in settled.rule:
        return Settled(None, "what it says to differ is denied before it")
    if _SHARED.search(text) or (japanese and _ALSO.search(text)):
        return Settled(None, "what it names is so in both pictures")
    if _MERELY.search(text) and _LIGHT.search(text):
        return Settled(None, "what it says to differ may be the light alone")
    if (japanese and _NO_SUCH.search(text)) or any(
        _denies(sentence) for sentence in _SENTENCE.split(text) if sentence
    ):
        return Settled(None, "it denies that something is one way here and another way there")
    return settled


def _denies(sentence: str) -> bool:
    """Say whether a sentence denies that a thing is one way in one picture and another way in the other."""
    if not _DENIES.match(sentence):
        return False
    if _NEITHER.match(sentence):
        return True
    *_, tail = _EACH.split(sentence)
    return tail != sentence and len(set(_SIDES.findall(sentence))) >= 2 and not _STATES.search(tail)
