"""Lists of differences whose entries name no defect that the reader knows: "Crease across the label".

Who is asked to list differences and writes a list, and nothing but a list, has listed differences: each entry
need not be understood, as long as it may be one. It may not if it denies, compares, doubts, tells of light,
or says in a whole sentence how a thing is. What stands round the list must be known for a frame, or say that
all else is the same.
"""

from collections.abc import Callable, Sequence

from kurabe.reading.clauses import Act, Clause
from kurabe.reading.lines import Line, lines, split_sentences, unquoted
from kurabe.reading.patterns import later

_CLAIMS: frozenset[Act] = frozenset(("different", "defect", "hint", "open", "side", "neutral", "alike"))
_NAMES: frozenset[Act] = frozenset(("different", "defect", "hint"))
_TURNS = later(
    r"\b(?:both|same|each|identical\w*|unchanged|intact|fine|ok|okay|good|clean|straight|no|not|none|never|nothing"
    r"|without|maybe|perhaps|possib\w+|might|may|could|unclear|unsure|probabl[ey]|likely|if|whether"
    r"|unless|as before"
    r"|light\w*|bright\w*|dark\w*|shadow\w*|glare|exposure|noise|focus|blur\w*|angle|camera|zoom|tint|contrast"
    r"|reflections?|match\w*|agree\w*|alike|equal\w*|normal|correct\w*|still|all|\w+n't)\b"
    "|どちら|両方|両者|同じ|同様|同一|一致|変わら|変化な|ない|ません|なし|無し|かもしれ|可能性|思われ|不明|疑|正常|良好|問題"
    "|明る|暗|影|露出|照明|反射|ピント|ぼけ|ノイズ|角度|構図|色味|画質|そのまま|揃|[?？]"
)
_CHANGES = later(
    r"\b(?:became|replaced|swapped|turned into|changed|moved|now|instead of|gone|left out|too (?:low"
    r"|high|long|short)"
    r"|rather than|went from|used to|once|lost|gained|shifted|new)\b|→|⇒|->"
    "|(?:った|れた|した|いた|えた|けた|んだ)$|[がを].{1,12}[にへ]$"
)
_FAULTS = later(
    r"\b(?:holes?|creases?|flash|burrs?|voids?|pores?|pits?|pitting|smears?|runs|drips?|debris|residue|lint|frays?"
    r"|gouges?|nicks?|swarf|kinks?|blisters?|bubbles?|seepage|leaks?|slots? missing)\b"
    "|ブローホール|ピンホール|ピッチング|もげ$|かえり$|バリ$|鋳巣|引け巣|湯じわ|湯ジワ|かじり|ヒケ|めくれ$|ほつれ$|浮き$|たわみ$"
    "|ねじれ$|ゆがみ$|歪み$|濁り$|白濁|染み$|しみ$|にじみ|かすれ|漏れ$|抜け$|外れ$|緩み$|ゆるみ$|忘れ$|腐食|錆|さび$|剥がれ|はがれ"
)
"""Names of what is wrong; in a list of differences each stands for one."""
_DESCRIBES = later(
    r"\b(?:is|are|was|were|has|have|looks?|appears?|seems?|shows?|depicts?|consists?|contains?|i|we|you|it|there)\b"
    "|(?:です|ます|である|ている|いる|ある)$"
)
_HEAD = later(
    r"(?:here (?:is|are|goes) )?(?:the |my |what i (?:found|saw|spotted) )?(?:findings?|list"
    r"|differences?|changes?"
    r"|deviations?|results?|discrepancies|what(?: doesn't| does not| differs| changed| has changed"
    r"| is different"
    r"| i found)?|(?:and )?what (?:doesn't|does not)(?: match| agree| coincide)?|to be noted|noted|remarks?)"
    r"(?: (?:are|follows?|in order|found|noted))?[:.]?"
    r"|(?:going|moving|working|read|listed|ordered|in order|from)[^.:]{3,50}[:.]"
    r"|[^。]{0,16}(?:挙げます|挙げる|列挙します|列挙する|並べます|記します|書きます|次です|次の通りです|以下です|次のとおりです"
    r"|以下の通りです|以下のとおりです|示します)[。:：]?"
    r"|[^。]{0,14}(?:合わない|違う|異なる|変わった|食い違う|一致しない|揃わない)(?:の|点|ところ|箇所|もの)?(?:は|が)"
    r"(?:次|以下|下記|これら)(?:の?(?:通り|とおり))?(?:です|だ)?[。:：]?|(?:所見|指摘|検出結果|結果|差異|違い)[。:：]?"
)
_ORDER = later(r"going|moving|working|read|listed|ordered|in order|from|左|右|上|下")
"""A heading that tells of the order alone."""
_FOOT = later(
    r"(?:and )?(?:that's|that is|that was|this is|those are|these are)(?: (?:it|all|everything"
    r"|the lot|the list|them))"
    r"[^.:]{0,40}[.!]?|(?:end|nothing else|no more|no others?)(?: (?:from (?:my|this) side|of list"
    r"|found|to report))*[.!]?"
    "|[^。、]{0,12}以上(?:です|になります|となります|だ)?[。！]?"
)
_REST = later(
    r"(?:beyond|apart from|other than|besides|aside from|outside) (?:that|this|these|those|it|them),? .{3,60}"
    r"|(?:the rest|everything else|all else|all other \w+|otherwise)\b.{3,60}"
    "|(?:それ|これら?|上記)?(?:以外|のほか|の他|を除けば|を除いて)[はにがの]?.{2,40}|(?:ほか|他|残り)[はにの].{2,40}"
)
_ALIKE = later(
    r"\b(?:same|identical|match(?:es)?|agree|coincide|unchanged|equal|alike)\b|同じ|一致|合って|合う|変わら|同様|揃"
)
_NOT_ALIKE = later(r"\b(?:not|no|never|but|except)\b|n't\b|ない|ません|ず|が、|以外|除")
_SET_ASIDE = later(
    r".{3,80}(?:never mind|ignor\w+|leav\w+|not count\w*|doesn't count|don't count|disregard\w*"
    r"|aside)\b.{0,30}"
    "|.{2,60}(?:無視|数えな|除外|対象外|気にしな|問わな).{0,10}"
)
_PICTURE = later(
    r"(?:the )?(?:(?:first|second|left|right|upper|lower|top|bottom|reference|test) )?(?:image"
    r"|picture|photo)\b.{0,4}:"
    r"|[12一二]枚目.{0,6}[:：]|(?:画像|写真)[12ab][:：]"
)
"""An entry that describes one of the pictures."""
_LONGEST = 90


def bare_list(text: str, say: Callable[[str], list[Clause]]) -> tuple[str, ...]:
    """Return the entries of a text that is a list of differences; none if it is, or may be, anything else."""
    found = [line for line in lines(text) if not line.cells]
    entries = [line for line in found if line.bullet]
    around = [line for line in found if not line.bullet]
    if not entries:
        around = [line for line in around if not _FOOT.fullmatch(unquoted(line.text).strip())]
        if len(around) < 2 or not all(map(_is_fragment, around)):
            return ()
        entries, around = around, []
    if not all(_may_frame(part, say) for line in around for part in split_sentences(line.text)):
        return ()
    framed = len(entries) > 1 or bool(around)
    return tuple(line.text for line in entries) if framed and _all_claim(entries, around, say) else ()


def _is_fragment(line: Line) -> bool:
    """Say whether a line names something without saying anything of it, as the entries of a list do."""
    return len(line.text) < 60 and not line.text.rstrip().endswith(
        (".", "。", ":", "：", "!", "?", ",", "、")
    )


def _may_frame(part: str, say: Callable[[str], list[Clause]]) -> bool:
    """Say whether a sentence beside a list belongs to its frame, or says that all else is the same."""
    plain = unquoted(part).strip()
    if _HEAD.fullmatch(plain) or _FOOT.fullmatch(plain):
        return True
    acts = {clause.act for clause in say(part)}
    if _SET_ASIDE.fullmatch(plain) and not acts & {"different", "defect", "same"}:
        return True
    if acts & {"doubt", "refusal", "turn", "different", "defect"}:
        return False
    if _REST.fullmatch(plain) and _ALIKE.search(plain):
        return True
    if acts and acts <= {"alike", "rest", "similar_heading", "heading"}:
        return True
    if _ALIKE.search(plain) and not _NOT_ALIKE.search(plain) and acts <= {"open", "side", "alike"}:
        return True
    return acts == {"excluded"}


def _all_claim(entries: Sequence[Line], around: Sequence[Line], say: Callable[[str], list[Clause]]) -> bool:
    """Say whether every entry may be a difference, and enough of them are plainly none of a description."""
    announced = any(
        (_HEAD.fullmatch(plain) and not _ORDER.match(plain)) or _FOOT.fullmatch(plain)
        for line in around
        for part in split_sentences(line.text)
        if (plain := unquoted(part).strip())
    )
    known = 0
    for line in entries:
        plain = unquoted(line.text).strip(" .。")
        acts = {clause.act for clause in say(line.text)}
        if not acts <= _CLAIMS or _PICTURE.match(plain) or len(plain) > _LONGEST:
            return False
        names = bool(acts & _NAMES) or (_CHANGES.search(plain) or _FAULTS.search(plain)) is not None
        if "alike" in acts and not (names or announced):
            return False
        if not names and (_TURNS.search(plain) or (_DESCRIBES.search(plain) and not announced)):
            return False
        if _TURNS.search(plain) and not acts & _NAMES:
            return False
        known += names
    return announced or 2 * known >= len(entries)
