"""Differences that an answer sets aside as normal: "which is natural variation", 「通常のばらつきです」.

Who names a difference and calls it normal has not said that the two differ. What else the answer says
decides.
"""

from dataclasses import replace

from kurabe.reading.clauses import Clause
from kurabe.reading.patterns import later

_KIND = (
    r"(?:natural|normal|usual|ordinary|expected|typical|acceptable|harmless|inherent|random|individual"
    r"|permissible"
    r"|permitted|allowed|common|regular|unavoidable|cosmetic|mere|slight|small|minor|biological)"
)
_NATURAL = (
    rf"(?:(?:(?:an?|the|some|just|only|merely|simply|still|all|well|purely|part of|a matter of"
    rf"|due to|because of"
    rf"|caused by|the result of|explained by|attributable to|nothing but|nothing more than|down to"
    rf"|a sign of) )*"
    rf"(?:{_KIND},? (?:and )?)*(?:(?:product|material|manufacturing|production|process"
    rf"|piece-to-piece|part-to-part"
    r"|unit-to-unit|batch|grain|individual) )?(?:variations?|variability|variance|scatter|individuality)"
    rf"|(?:still |well |all )?within (?:the )?(?:{_KIND} )?(?:range of )?(?:{_KIND} )?(?:manufacturing )?"
    r"(?:variations?|variability|tolerances?|limits|range|bounds|scatter|spread)"
    rf"|(?:quite |perfectly |entirely |completely |only |just |all )?(?:natural|normal|usual"
    rf"|ordinary|to be expected"
    r"|expected|typical|harmless|acceptable|permissible|tolerable|unavoidable|fine))"
    r"(?: (?:and|between|from|of|in|among|for|with|across|to|on|as)(?: [\w'-]+){1,5}?)??"
)
_NO_DEFECT = (
    r"(?:,? (?:and|rather than|so|not|but)? ?(?:it is |this is |they are )?(?:not|no"
    r"|rather than)?(?: an?| any)?"
    r"(?: real| actual)? (?:defects?|faults?|flaws?|anomal(?:y|ies)|damage|problems?|issues?|differences?))?"
)
_BACK = (
    r"(?:which|this|that|these|those|it|they|such (?:an? )?(?:\w+ )?(?:variations?|differences?|deviations?)"
    r"|(?:the|this|that|these|those) (?:\w+ )?(?:variations?|differences?|deviations?|changes?"
    r"|discrepanc(?:y|ies)))"
)
_IS = (
    r"(?:is|are|lies?|falls?|remains?|stays?|comes? from|results? from|reflects?"
    r"|can be considered|may be considered)"
)
_ASIDE = later(
    rf"^(?P<what>[^,;:.]{{3,140}}?) ?(?:,|;|—|–| -)? ?(?:but |and |though |although |yet |as )?{_BACK} {_IS}"
    rf" (?P<natural>{_NATURAL}{_NO_DEFECT})(?= ?(?:$|[.;!,:]| (?:and|but|so|while)\b))"
)
_SUBJECT = later(
    rf"^(?P<what>(?:the|these|those|this|any|all|such|slight|small|minor|tiny)\b[^,;:.]{{2,90}}?) {_IS}"
    rf" {_NATURAL}{_NO_DEFECT}(?= ?(?:$|[.;!,:]))"
)
_REFERS = later(rf"^(?:but |and |however,? |yet )?{_BACK} {_IS} {_NATURAL}{_NO_DEFECT} ?[.!]*$")
_DIFFERS = later(
    r"\b(?:differ\w*|vary|vari\w+|deviat\w+|chang\w+|discrepan\w+|not (?:exactly |quite |entirely "
    r"|perfectly )?(?:the same|identical|alike)"
    r"|unlike|distinct|mismatch\w*|uneven\w*)\b"
)
_MORE = later(r"\b(?:missing|bent|broken|cracked|torn|but|while|whereas|except)\b")

_JA_KIND = (
    "(?:単なる|ただの|通常の?|自然な|正常な|普通の|一般的な|製品(?:ごと|間|固有)の|個体(?:ごと|間|特有)の|製造(?:上)?の|材料の|素材の|"
    "天然(?:素材|木)?(?:の|特有の|ならではの)|許容(?:される|できる|範囲の)|よくある|ごく|個々の|想定(?:内|される)の?|避けられない|生地の|良品(?:間|同士|どうし)?の)"
)
_JA_NOUN = (
    "(?:ばらつき|バラつき|バラツキ|個体差|個性|許容範囲|許容差|許容誤差|公差|誤差|正常範囲"
    "|通常範囲|個体の差|製造誤差|仕様)"
)
_JA_NATURAL = (
    f"(?:{_JA_KIND}{{0,3}}{_JA_NOUN}(?:の?(?:範囲|範疇|レベル|程度|内)(?:内|以内)?)?"
    "|(?:製品|天然素材|良品|素材|木材|個体|この種の製品|焼き菓子)として(?:は)?(?:普通|自然|正常|当然|通常|よくある)の?(?:こと|もの|範囲)?"
    "|(?:普通の|自然な|正常な|よくある|当然の)(?:こと|もの|現象|範囲)|そういうもの|問題のない(?:範囲|程度|レベル))"
)
_JA_PLAIN = "(?:普通|自然|正常|当然|通常どおり|問題(?:は)?(?:ない|ありません))"
_JA_END = (
    "(?:による(?:もの)?)?(?:に(?:すぎ|過ぎ)(?:ない|ません)|に(?:収まっ|含まれ|入っ)て(?:いる|います|おり)|に(?:収ま|入)(?:る|ります)|と(?:考え|思わ|判断"
    "|見)[^、。ない]{0,10}?|だと(?:考え|思)[^、。ない]{0,8}?)?"
    "(?:です|でした|だ|である|であり|で|ます|る)?"
)
_JA_NO_DEFECT = (
    "(?:、?(?:欠陥|不良|異常|違い|差異|問題)(?:では|とは(?:言|い)え|とは見なせ|にはあたら"
    "|には当たら)(?:ない|ありません|なく|ません)(?:です)?)?"
)
_JA_BACK = (
    "(?:これ(?:ら)?|それ(?:ら)?|(?:この|その|こうした|そうした|これらの|それらの"
    "|このような)(?:違い|差|差異|相違|程度|変化|ばらつき|もの))(?:は|も)、?"
)
_JA_ASIDE = later(
    rf"^(?:(?P<what>[^。]{{2,80}}?)(?:が|けれども?|けど|ものの|(?:ており|て(?:い|お)り|く|て)|し)、?(?:{_JA_NATURAL}"
    rf"|{_JA_BACK}(?:{_JA_NATURAL}|{_JA_PLAIN}))"
    rf"|(?P<about>[^、。]{{2,40}}?)(?:のは、?(?:{_JA_NATURAL}|{_JA_PLAIN})|(?:は|も)、?{_JA_NATURAL}))"
    rf"{_JA_END}{_JA_NO_DEFECT}(?=$|、)"
)
_JA_REFERS = later(
    rf"^(?:しかし、?|ただし?、?|ですが、?|もっとも、?|なお、?)?{_JA_BACK}(?:{_JA_NATURAL}|{_JA_PLAIN}){_JA_END}{_JA_NO_DEFECT}$"
)
_JA_DIFFERS = later(
    "違|異な|差|変わ|変化|相違|ばらつ|ずれ|不揃い|まちまち|一様では|同じでは|一致し(?:ない|ません)"
)
_JA_MORE = later("欠け|折れ|曲が|割れ|剥が|破れ|取れて|なくな|一方|以外|除")


_EXCEPTED = later(
    rf"\b{_KIND} (?:\w+ )?(?:variations?|variability|scatter)\b"
    rf"|\bwithin (?:\w+ ){{0,2}}(?:tolerances?|variation)\b"
    "|個体差|ばらつき|バラつき|バラツキ|許容(?:範囲|差|誤差)"
)


def only_varies(exception: str) -> bool:
    """Say whether an exception names what varies among good parts: "except for natural variation"."""
    return _EXCEPTED.search(exception) is not None and _MORE.search(exception) is None


def set_aside(sentence: str) -> str | None:
    """Return what is left of a sentence that names a difference and calls it normal; else None.

    A defect that is named beside the difference is not set aside with it.
    """
    for pattern, differs, more in (
        (_ASIDE, _DIFFERS, _MORE),
        (_SUBJECT, _DIFFERS, _MORE),
        (_JA_ASIDE, _JA_DIFFERS, _JA_MORE),
    ):
        match = pattern.match(sentence)
        what = next((part for part in match.groups() if part), "") if match else ""
        if match and differs.search(what) and not more.search(what):
            return sentence[match.end() :].lstrip(" ,;:.!、")
    return None


def sets_aside_before(sentence: str) -> bool:
    """Say whether a sentence calls normal what the sentence before it named: "This is normal variation"."""
    return _REFERS.match(sentence) is not None or _JA_REFERS.match(sentence.rstrip(" 。!")) is not None


_LIGHT = later(
    r"^(?:but |and |however,? |yet )?(?:it|this|that|these|they|those)(?: is| are|'s|'re)"
    r" (?:not (?:an? )?(?!real)[\w -]{3,20}?,? but )?(?:just|only|merely|simply|actually|clearly|really"
    r"|probably)? ?(?:an? |the )?"
    r"(?:\w+ )?(?:shadows?|reflections?|highlights?|glare|lens flare|image noise|noise|compression artefacts?"
    r"|artefacts?"
    r"|artifacts?|lighting effects?|trick of the light|effects? of the light(?:ing)?)(?: (?:of|from|on"
    r"|caused by) [\w ]{2,30})?"
    r"(?:,? (?:and )?not (?:an? )?\w+)?[ .!]*$"
)


def explains_before(sentence: str) -> bool:
    """Say whether a sentence explains by the light what the one before named: "It's just a shadow"."""
    return _LIGHT.match(sentence) is not None


def without_last(found: list[Clause], light: bool = False) -> list[Clause]:
    """Return clauses of which the last sentence states no difference; nor a defect, if it was the light."""
    start = next((place for place in range(len(found) - 1, -1, -1) if found[place].first), 0)
    return [
        replace(clause, act="neutral")
        if place >= start
        and clause.act in ("different", "hint", "heading", *(("open", "side", "defect") if light else ()))
        and not clause.answer
        else clause
        for place, clause in enumerate(found)
    ]
