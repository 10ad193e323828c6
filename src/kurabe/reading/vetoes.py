"""What a verdict is held against at the end: ways of speaking that turn what the rules have understood.

Each of them makes an answer unparsed, and none decides anything: a clause that denies "bent in one and
straight in the other" names a difference, word by word, and so does one that tells of a dent in both. A
missing picture is missing nothing.
"""

from kurabe.reading.english.guards import speaks_against
from kurabe.reading.english.withheld import blind, tells_of_one
from kurabe.reading.japanese import is_japanese
from kurabe.reading.literals import find
from kurabe.reading.patterns import later
from kurabe.reading.settle import Settled

_SENTENCE = later(r"(?<=[.!?。！？])\s*|\n+")
_SIDES = later(
    r"\b(?:a|b|one|other|first|second|left|right|upper|lower|top|bottom|reference|sample|original|test)\b"
)
_PICTURES = r"(?:pictures?|images?|photos?|files?|attachments?)"

_NOTHING_SHOWN = later(
    r"\b(?:i(?:'ve| have| can| could| do)?|we|you) only (?:\w+ ){0,4}?(?:one|a single) (?:picture"
    r"|image|photo)"
    rf"|\bonly (?:been )?(?:given|sent|shown|received) (?:one|a single) {_PICTURES}"
    r"|\b(?:the|is) (?:one|only) (?:picture|image|photo)\w* (?:i|that i|you)\b"
    r"|\bwhere(?:'s| is) the (?:other|second) (?:picture|image|photo)"
    rf"|\blinks? to (?:the |both |your )?(?:\w+ )?{_PICTURES} (?:is|are) (?:broken|dead)"
    r"|\bthe links are broken\b"
    rf"|\bno {_PICTURES} (?:was|were|is|are) attached\b|\bnothing (?:was|is) attached\W*(?:$|\.)"
    rf"|\b{_PICTURES} (?:is|are|seems? to be) (?:missing|corrupt\w*|empty)"
    r"(?:\W*$|[.;!?]| from (?:your|the) message)"
    r"|\b(?:please |just |to )upload (?:both|the|them|two|a)\b"
    r"|\b(?:determined|told|assessed|judged|found) without the (?:other|second|first)\b"
    r"|枚しか(?:届|受け|受信|送|表示|見え|見当)|リンクが(?:切れ|無効)|(?:送って|アップロードして)(?:ください|下さい)"
    r"|よくある(?:欠陥|不良|違い)",
)
"""Who has not seen both pictures has compared nothing; "the second image is missing a screw" has."""
_HINTS = (
    *("only", "link", "attach", "upload", "without the", "where", "missing", "corrupt", "empty", "photo i"),
    *("picture i", "image i", "しか", "リンク", "ください", "下さい", "よくある"),
)
"""One of them is in each such answer; to look for them takes a tenth of the time."""

_BY_NO_MEANS = later(
    r"\b(?:differ|deviat|chang|depart|var)\w*\b[^.;]{0,60}?\b(?:in no (?:\w+ )?(?:respect|way|regard|detail"
    r"|point|sense)s?|nowhere|not at all|not a bit|not in the least|in nothing|by nothing)\b",
)
_NO_MEANS = ("in no ", "nowhere", "not at all", "not a bit", "not in the least", "in nothing", "by nothing")
_NO_WAY = later(r"\bno (?:sense|way|respect|regard|reading) in which\b")
_SHARED = later(
    r"\b(?:just as|equally) \w+ (?:in|on)\b|\bin (?:just |exactly |quite )?the same way\b"
    r"|\bby the same amount\b|, as (?:it|they) (?:is|are|was|were) (?:in|on)\b"
    r"|\bthe very \w+ (?:that|which)\b|\bthe same goes for\b"
    r"|\bthe same (?!(?:colou?rs?|places?|positions?|shapes?|sizes?|number|text|pattern|order|orientation"
    r"|kind|type"
    r"|design|layout|spacing|distance|components|way)\b)[\w -]{2,40}? in (?:both|the \w+ and|image \w and"
    r"|\w and|one and)\b"
)
_SHARING = ("same", "just as", "equally", ", as ", "the very ")
_AGAIN = ("also", "likewise", "equally", "too", "as well")
_REPEATED = later(
    r"\b(\w{4,})\b[^.]{0,40}\.[^.]{0,20}\b(?:it|they)(?: is| are|'s|'re) (?:also|likewise|equally) \1"
    r" (?:in|on)\b"
    r"|\b(\w{4,})\b[^.]{0,30}\b(?:is|are|was|were) \2 (?:(?:in|on) (?:the )?\w+ )?(?:too|as well)\b",
)
"""The same word of both: "missing in A. It is also missing in B". Of another, "also" adds a difference."""
_NOT = later(r"\b(?:not|never|no longer)\b|n't\b")

_DENIES = later(
    r"\W*(?:nowhere (?:is|are)\b|no \w+(?: \w+)? (?:is|are)\b"
    r"|(?:there(?: is|'s| are) no|i (?:can |could )?(?:see|find|found|saw|spot) no"
    r"|i (?:can|could|did|do)(?: ?n[o']t| not)(?: \w+)? (?:find|see|spot|detect|make out)"
    r"|i (?:failed|was unable) to (?:find|see|spot))\b.*?\b(?:that|which|where)\b)"
)
_NEITHER = later(r"\W*neither\b.*\bother (?:one |\w+ )?(?:does|has|is|shows)(?: not|n't)\b")
_EACH = later(r"\b(?:and|but|or|while|whereas)\b|,")
_STATES = later(
    r"\b(?:the|its|it|there|this|that|one|second|first|left|right|lower|upper|other)\b[\w ]{0,30}"
    r"\b(?:is|are|has|have|had|shows?|lacks?|was|were|does|do|differs?)\b"
)
"""A clause of its own, which the denial before it does not reach."""
_LIGHT = (
    r"(?:light(?:ing)?|exposure|brightness|camera|noise|shadows?|glare|reflections?|contrast"
    r"|how (?:they|it|the \w+) (?:was|were) (?:\w+ )?(?:lit|taken|photographed))\b"
)
_MERELY = later(
    rf"\bonly the {_LIGHT} (?:has|have|is|was)\b"
    r"|\b(?:what (?:has )?(?:changed|changes|differs?|is different)"
    r"|the (?:only |one )?(?:change|difference)s?)"
    rf" (?:is|are|lies?) (?:only |just |merely )?(?:in )?(?:the )?{_LIGHT}"
    rf"|\bby nothing (?:more|other|else) than (?:\w+ ){{0,3}}?{_LIGHT}"
    rf"|\b(?:little|something) has changed in the {_LIGHT}|\bin (?:the )?{_LIGHT},? but not in\b"
    r"|\bwhat looks like [\w ]{2,40}? is (?:only|just|merely|simply|really|in fact) (?:\w+ ){0,2}?"
    rf"{_LIGHT}"
)
_LIGHTLY = ("only", "what ", "change", "the difference", "the one ", "by nothing", "but not in")
_UNDENIABLE = later(
    r"\bno (?:mistaking|hiding|concealing|disputing|denying|escaping|overlooking|ignoring|missing"
    r"|shortage of|lack of|dearth of|end of|end to) (?:the |these |their |that )?(?:\w+ )?"
    r"(?:differences?|changes?|defects?)\b"
    r"|\bsame \w+ (?:does not|doesn't|is not|isn't|can ?not|can't) (?:be )?"
    r"(?:appear|seen|found|visible|there)\b"
    r"|\b(?:on|in) the \w+ (?:it|they) (?:is|are|does|do|has|have)\s*[.!]*\s*$"
    r"|\bno (?:change|difference)s? in the \w+\b.*\b(?:and|but) the [\w ]{2,30}? (?:is|are) [\w ]{2,30}?"
    r" in (?:image )?(?:b|the (?:second|other))\b"
    r"|(?:違い|差異?|相違|変化)[はがも](?:小さ|少な|わずか|一つ|ひとつ|一箇所|軽微|些細|微小|細か)(?:く|では)?"
    r"(?:ありません|ない|なく)",
)
_NOT_COUNTED = later(
    r"(?:^|[.!?;]\s+)(?:it|this|that|they|these|such a \w+) (?:therefore |thus )?(?:should|must|need|ought"
    r"|does|do|will"
    r"|may)(?: not|n't)(?: to)?(?: therefore)? (?:be )?(?:counted|count|matter|considered|taken into account)"
    r"(?: as an? \w+)?\W*$"
    r"|\bi (?:do|would|will|can)(?: not|n't) (?:take|count|call|consider|regard|see|rate|treat|class"
    r"|report) (?:this"
    r"|that|it|these|those) (?:as |for |to be )?(?:an? |any )?(?:real |true |actual )?(?:change|difference"
    r"|deviation)s?\b"
)
"""What was named is not counted, as the last word on it."""
_UNCOUNTED = ("not", "n't")
_BEFORE_TOO = later(
    r"\b(?:it|which|this|that|they|these) (?:was|were|is|are|had been) (?:all |already |also )*(?:there"
    r"|present|visible"
    r"|found|seen)? ?(?:beforehand|before|already|from the start|in the (?:first|reference"
    r"|earlier)(?: \w+)?,?"
    r" (?:as well|too|also|already))(?: as well| too| also| already)?\b"
    r"|\b(?:has|have|shows?|bears?|carries|contains?) (?:it|them|this|that|one|the same(?: \w+)?),?"
    r" (?:too|as well|also|likewise)\b"
    r"|\bso (?:does|is|has|do|are) the (?:first|reference|earlier|other|left|upper)\b"
)
"""What was named was there before."""
_OF_BOTH = later(
    r"\b(?:in|on) (?:the )?(?:first|upper|left|reference)(?: \w+)? and (?:also )?(?:in"
    r"|on) (?:the )?(?:second|lower|right"
    r"|other)(?: (?:picture|image|photo\w*|one|shot))?(?=[”.,;])"
)
_OF_CAMERA = later(
    r"“(?:compared [^,]{3,40}, )?the (?:camera|light|lamp|lighting|tripod|viewpoint|light source) (?:has"
    r"|have|had|was)\b"
)
"""A clause of both pictures, or of what took them."""
_OF_EITHER = later(r"“[^”]*\b(?:in|on) either(?: \w+)?(?=”|[.,;])")
_TWICE = later(
    r"\b(\w{3,}) (?:in|on) the (?:first|second|left|right|upper|lower|reference|other)(?: \w+)?,? (?:and "
    r"|but )?"
    r"(?:it|they)(?: is| are|'s|'re) (?:also |still |just as )?\1 (?:in|on) the \w+"
)
"""The same of a thing in either picture: "open in the first picture, and it's open in the second"."""
_AS_BEFORE = later(r"“[^”]*\bas \w+ as (?:before|ever|it was|they were)\b")
_NO_SUCH = later(
    r"(?:一方|片方|[ABab]|[左右上下]|[一二12]枚目)[^。、]{1,30}?"
    r"(?:他方|もう(?:一方|片方)|[ABab]|[左右上下]|[一二12]枚目)[^。、]{0,20}?[るたいな][^。、はがもでに]{1,12}"
    r"(?:は|が|も)(?:ありません|ない|なかった|見られません|見当たりません|存在しません|見つかりません)"
)
_SIDE_JA = r"(?:[左右上下](?:側|の[^、。のはがをにでも]{1,6})?|[一二12]枚目|(?<![a-z])[abａｂ])"
_ALSO = later(
    rf"{_SIDE_JA}(?:の[^、。のはがをにでも]{{1,8}})?(?:に|で)も(?![のうち])"
    rf"|([一-龠])[^。、]{{1,12}}?{_SIDE_JA}も[^。、]{{0,4}}\1"
)
"""The same in the other picture: 「Aが欠けているところはBも欠けています」."""
_ACKNOWLEDGES = later(
    r"(?:はい|いいえ)[、。]?\s*(?:どうぞ|もちろん|承知|了解|分かりま|わかりま|まだ|[^。]{0,8}(?:写真|画像)が見え)"
)


_PUT_DOWN = later(
    "が、(?:これは|それは|おそらく|恐らく|たぶん)?(?:レンズ|カメラ|センサー|照明|光|反射|影|フラッシュ|ノイズ|ほこり|埃|撮影)"
    "[^、。]{0,12}(?:です|でしょう|だろう|と思われます|と思います|である|だ)(?:。|$)"
)
"""What is put down to the taking of the picture: 「黒い点がありますが、レンズの汚れでしょう。」"""


_TWO_WAYS = later(
    "(?:よう)?にも(?:見え|思え|取れ|受け取れ|読め)[^。、]{0,6}、[^。]{2,60}(?:よう)?にも(?:見え|思え|取れ|受け取れ|読め)"
    "|(?:はい|いいえ)(?:」|』)?とも(?:言え|いえ|取れ|とれ|答えられ)(?:ます|る|そう)"
    "|(?:どちら|いずれ)(?:なの)?(?:か|とも)[はをもが]?、?(?:決め(?:かね|られま|られな|がた)|判断(?:し?かね|でき(?:ま|な)|がつ)|言え(?:ま|な)|言い切れ|選べ(?:ま|な))"
    "[^。]{0,8}(?:。|$)(?![\\s\\S]*(?:はい|いいえ|結論|したがって|よって))",
)
"""What is told both ways: 「曲がっているようにも、角度のせいのようにも見えます」."""


def vetoed(settled: Settled, text: str) -> Settled:
    """Return a verdict, or why it is none after all; what JSON says by its keys stands."""
    if settled.verdict is None:
        return settled
    if _cannot_judge(text.lower(), settled):
        return Settled(None, "it says that it cannot judge")
    if ("とも" in text or "にも" in text or "どちら" in text) and _TWO_WAYS.search(text):
        return Settled(None, "it says that it may be one or the other")
    if settled.verdict == "different" and "が、" in text and _PUT_DOWN.search(text) and "はい" not in text:
        return Settled(None, "what it says to differ is put down to how it was taken")
    reason = _against_any(text.lower()) or (
        _against_same(text.lower(), settled)
        if settled.verdict == "same"
        else _against_different(text.lower(), settled)
    )
    return Settled(None, reason) if reason and not find(text).values else settled


def unseen(text: str) -> bool:
    """Say whether an answer tells that a picture was not there to be seen."""
    lower = text.lower()
    return any(hint in lower for hint in _HINTS) and _NOTHING_SHOWN.search(lower) is not None


def _against_any(text: str) -> str:
    if unseen(text):
        return "it has not seen both pictures, or speaks of a picture that is missing"
    if not text.isascii() and _ACKNOWLEDGES.match(text):
        return "it only acknowledges what was asked"
    return "it denies that there is a way in which something is so" if _NO_WAY.search(text) else ""


def _cannot_judge(text: str, settled: Settled) -> bool:
    """Say whether an answer without an explicit yes or no tells that a picture does not show enough."""
    return not is_japanese(text) and "answer word" not in settled.rule and blind(text)


def _against_same(text: str, settled: Settled) -> str:
    if tells_of_one(text, settled.rule):
        return "beside the sameness it tells something of the second thing alone"
    turned = _UNDENIABLE.search(text)
    return f"it denies less than sameness: “{turned[0]}”" if turned else ""


def _against_different(text: str, settled: Settled) -> str:
    japanese = not text.isascii()
    if (any(hint in text for hint in _NO_MEANS) and _BY_NO_MEANS.search(text)) or "“nor " in settled.rule:
        return "what it says to differ is denied beside it"
    if _shared(text) or (japanese and _ALSO.search(text)):
        return "what it names is so in both pictures"
    if any(hint in text for hint in _UNCOUNTED) and _NOT_COUNTED.search(text):
        return "what it names is not counted in the end"
    if _BEFORE_TOO.search(text) or _AS_BEFORE.search(settled.rule):
        return "what it names was there before"
    if _OF_EITHER.search(settled.rule) or (" in the" in text and _TWICE.search(text)):
        return "what it names is so in both pictures"
    if _OF_BOTH.search(settled.rule) or _OF_CAMERA.search(settled.rule):
        return "what it names is of both pictures, or of the camera"
    if any(hint in text for hint in _LIGHTLY) and _MERELY.search(text):
        return "what it says to differ may be the light alone"
    sentences = (sentence for sentence in _SENTENCE.split(text) if sentence)
    if (japanese and _NO_SUCH.search(text)) or any(map(_denies, sentences)):
        return "it denies that something is one way here and another way there"
    return "" if is_japanese(text) else speaks_against(text, settled.rule)


def _shared(text: str) -> bool:
    """Say whether something is said to be so in both pictures; "not in the same place in both" is not."""
    told = any(hint in text for hint in _SHARING)
    found = (
        (_SHARED.search(text) if told else None)
        or (any(word in text for word in _AGAIN) and _REPEATED.search(text))
        or None
    )
    return found is not None and not _NOT.search(text[text.rfind(".", 0, found.start()) + 1 : found.start()])


def _denies(sentence: str) -> bool:
    """Say whether a sentence denies that a thing is one way in one picture and another way in the other."""
    if not _DENIES.match(sentence):
        return _NEITHER.match(sentence) is not None
    *_, tail = _EACH.split(sentence)
    return tail != sentence and len(set(_SIDES.findall(sentence))) >= 2 and not _STATES.search(tail)
