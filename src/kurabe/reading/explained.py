"""An appearance that is explained away: "what looks like a scratch is only a reflection" mentions no scratch.

Both halves are needed: words that call the thing an appearance, and a sentence that says what it is
instead. "What looks like a scratch runs across the cover" still tells of one.
"""

import re

from kurabe.reading.matching import JAPANESE
from kurabe.reading.patterns import later

_NONE_OF_IT = (
    r"(?:reflections?|shadows?|glare|glint|highlights?|lighting|light(?= (?:on|from|in|off"
    r"|falling|playing|effect)\b|\W*$|[.,;])|shading|noise|artefacts?|artifacts?"
    r"|illusions?|mirage|trick|play of|effects? of)"
)
_OPENS = later(
    r"\b(?:what|that which|whatever) [\w ]{2,40}\b(?:like|be|as|for)(?: (?:a|an|the|some))?(?: \w+){0,2} $"
    r"|\b(?:looks?|looked|looking|seems?|seemed|appears?|appeared)(?: \w+){0,2}? (?:like|to be"
    r"|as (?:if|though)"
    r"(?: \w+){1,4})(?: (?:a|an|the|some))?(?: \w+){0,2} $"
    r"|\b(?:resembl(?:es?|ed|ing)|(?:mis)?tak(?:en|e) (?:\w+ )?for|mistook (?:\w+ )?for|took (?:\w+ )?for"
    r"|suggest(?:s|ed|ing)?|reminiscent of|pass for)(?: (?:a|an|the|some))?(?: \w+){0,2} $"
    r"|\b(?:apparent|seeming|supposed|alleged|imagined|suspected|would-be|so-called)(?: \w+){0,2} $"
    r"|\b(?:thought|believed|suspected|expected|guessed|assumed|imagined)\b[\w ]{1,40} $"
    r"|\b(?:at first(?: glance| sight)?|initially|at a glance|(?:one|you) (?:might|may"
    r"|could) think)\b[\w ,]{1,40} $"
    r"|\bwhat (?:you|one|i|we) (?:might |may |could |would )?(?:take|read|mistake)\b[\w ]{1,20} $"
)
"""Words before the thing that call it an appearance; all end right before it."""
_ONLY = (
    r"(?:only|just|merely|simply|nothing (?:but|more than)|no more than|actually|really"
    r"|in (?:fact|reality|truth))"
)
_IS = (
    r"(?:is|are|was|were|turns? out to be|turned out to be|proves? to be|proved to be|comes? from"
    r"|stems? from)"
)
_WHO = r"(?:it|this|that|these|those|they|which)"
_LINK = rf"(?:[,;.]? ?(?:but|yet|and|though|however,?) {_WHO}?|[,;:.] {_WHO}|[,;]? which| {_WHO}|)"
_EXPLAINED = later(
    rf"^(?:[\w -]{{0,40}}?){_LINK} ?(?:{_IS}|'s)(?: {_ONLY}| all)*"
    rf"(?: (?:due to|caused by|the (?:result|effect) of|because of|down to))?"
    rf" (?:(?:a|an|the|some|my|its) )?(?:[\w-]+ ){{0,3}}?{_NONE_OF_IT}\b"
    rf"|^(?:[\w -]{{0,40}}?){_LINK} ?(?:{_IS}|'s)(?: all)? {_ONLY} (?P<really>(?:a|an|the|some"
    rf"|part of)\b[^.;,]{{1,40}})"
    rf"|^(?:[\w -]{{0,40}}?){_LINK} ?(?:(?:{_IS}|'s) not|(?:is|are|was)n't) (?:a |an )?(?:one|so"
    rf"|really one|the case)\b"
)
_VERB = later(
    r"\b(?:runs?|extends?|is|are|was|were|crosses|shows?|has|have|lies|visible|seen|goes|starts|ends)\b"
)
_NOTHING_REAL = later(
    r"^[\w ]{0,30}? (?:is|are|was|were) (?:only|just|merely|simply|nothing but) (?:a |an |the "
    r"|some |caused by )?"
    rf"(?:[\w-]+ )?{_NONE_OF_IT}\b"
)
"""What follows a thing that is named without more, and is none: "the scratch is only a reflection"."""
_LIGHT_BEFORE = later(
    rf"\b{_NONE_OF_IT[:-1]}|light)(?: (?:that|which))?(?: (?:can|could|may|might|only|just|merely))*"
    r" (?:looks? like|resembles?|be (?:mis)?taken for|pass for|(?:gives?|creates?"
    r"|produces?) (?:the|an) (?:impression|illusion"
    r"|appearance|look) of|makes? (?:it|this|that|the \w+) (?:look|seem|appear) (?:like|as (?:if"
    r"|though) there (?:is|was|were)))"
    r"(?: (?:a|an|the|some))?(?: \w+){0,2} $"
)
"""Light that is said to look like the thing: "a reflection that could be mistaken for a scratch"."""
_NO_NAME = later(r"\b(?:ones?|edge|end|part|side|start|impression|guess|opinion|matter|question)\b")
_LIKENESS = later(rf"^-like (?:[\w-]+ )?{_NONE_OF_IT}\b")

_JA_SEEMS = (
    "(?:(?:の|である|が(?:ある|入った)|[がは]?(?:入って|生じて|走って|でき|できて|付いて"
    "|あって)(?:いる|る))?(?:か)?(?:の)?(?:よう|みたい)(?:に|な|です|だ)?|に|と|かと|か"
    "|らし(?:き|い|く)|っぽ(?:く|い)|風に?|状に?)"
)
_JA_LOOKS = (
    "(?:も|は|さえ)?、?(?:見間違え|見誤|見紛|見え|みえ|思え|思い|思っ|思われ|考え|感じ|映り"
    "|錯覚し|疑っ|疑い)[^、。]{0,8}?"
)
_JA_LIGHT = (
    "(?:光|影|反射|照明|映り込み|写り込み|映込み|ノイズ|錯覚|気のせい|見間違い|勘違い|思い違い"
    "|ハイライト|テカリ|てかり|グレア)"
)
_JA_END = "(?:です|でした|だ|だった|である|であった|でしょう|にすぎ|に過ぎ|と(?:思|考|判断|分か|わか|見ら)|$)"
_JA_THING = "(?:線|もの|物|部分|箇所|ところ|所|点|筋|跡|模様|影|それ|の)"
_JA_EXPLAINED = later(
    rf"^{_JA_SEEMS}(?:{_JA_LOOKS})?(?:(?:る|た|ます|ました|そうな?)?{_JA_THING}[^、。]{{0,12}}?(?:は|も|が)"
    rf"(?:あり(?:ます|まし)た?|ある|見え(?:ます|る))?(?:が|けれど|けど|ものの)?、?"
    rf"|(?:る|た|ます|ました|です|でした)?(?:が|けれども?|けど|ものの)、?|や、?|(?:です|ます|ました|でした|る|た)。(?:しかし|ただし|ですが)?、?)"
    rf"(?P<really>[^。]{{0,24}}?)(?P<what>{_JA_LIGHT})(?P<rest>[^、。]{{0,10}}?){_JA_END}"
)
_JA_OTHER = later(
    rf"^{_JA_SEEMS}(?:{_JA_LOOKS})?(?:(?:る|た|ます|ました|そうな?)?{_JA_THING}[^、。]{{0,12}}?(?:は|も|が)"
    rf"(?:あり(?:ます|まし)た?|ある)?(?:が|けれど|けど|ものの)?、?|(?:る|た|ます|ました|です|でした)?(?:が|けれども?|けど|ものの)、?|や、?)"
    rf"(?:(?P<sure>実際(?:に)?は|実は|本当は|単なる|ただの|単に)、?)?(?P<really>[^、。はがを]{{1,14}}?)(?P<end>です|でした|だ|だった|である|にすぎ|に過ぎ|では(?:なく|ない|ありません))"
)
_JA_NOT_SO = later(
    rf"^{_JA_SEEMS}(?:{_JA_LOOKS})(?:る|た|ます|ました|です|でした)?(?:が|けれども?|けど|ものの)、[^。]{{0,16}}?(?:そう|違い|ちがい|間違い)"
    r"(?:では(?:ない|あり|なか)|でした|です)"
)
_JAPANESE = later(f"[{JAPANESE}]")
_ADJECTIVE = later(
    "(?:かなり|とても|はっきり|鮮明|明らか|明確|深|長|大き|よう|[左右上下内外横裏表両]側|端|中央|中心|付近|位置|場所|箇所|か所|mm|[0-9]|[左右上下]$)"
)
_JA_LIGHT_BEFORE = later(
    rf"{_JA_LIGHT}(?:の(?:せい|反射|加減|影響|具合|映り込み|写り込み))?(?:が|は|で|により|によって|によるもの(?:が|は|で))、?$"
)
_JA_ONLY_LIKE = later(
    "^(?:(?:の|である|があるかの|が入ったかの)?(?:よう|みたい)に|に|っぽく)(?:見え|みえ|思え|映)(?:る|ます|た|ました|て(?:いる|います))(?!の|部|も|線|が、)"
)
_JA_LIKE_LIGHT = later(
    rf"^(?:の(?:ような|ように見える)|みたいな|に似た|っぽい|に見える|らしき|状の){_JA_LIGHT}"
)
"""Light that is said to look like the thing: 「影がひびに見えるだけです」, 「ひびに似た影」."""


def explained_away(text: str, start: int, end: int) -> bool:
    """Say whether the mention of a thing at ``start`` names what only looks like it."""
    word, after = text[start:end], text[end : end + 160]
    if _JAPANESE.search(word) or _JAPANESE.match(after):
        before = text[max(0, start - 30) : start]
        if _JA_LIKE_LIGHT.match(after) or (_JA_ONLY_LIKE.match(after) and _JA_LIGHT_BEFORE.search(before)):
            return True
        return _in_japanese(word, after)
    if _LIKENESS.match(after) or _NOTHING_REAL.match(after):
        return True
    said = re.split(r"[.;!?\n]", text[max(0, start - 120) : start])[-1]
    if _LIGHT_BEFORE.search(said):
        return True
    if not _OPENS.search(said):
        return False
    told = _EXPLAINED.match(after)
    if told is None or word in told[0] or (told["really"] and _NO_NAME.search(told["really"])):
        return False
    between = told[0] if told["really"] is None else told[0][: -len(told["really"])]
    return len(_VERB.findall(between)) < 2


def _in_japanese(word: str, after: str) -> bool:
    told = _JA_EXPLAINED.match(after)
    if told is not None and word not in told[0] and not re.search("なく|ない|ません", told[0]):
        return True
    if _JA_NOT_SO.match(after):
        return True
    other = _JA_OTHER.match(after)
    if other is None:
        return False
    if other["end"].startswith("では"):
        return word in other["really"]  # 「ひびに見えますが、ひびではありません」
    return word not in other["really"] and not _ADJECTIVE.search(other["really"])
