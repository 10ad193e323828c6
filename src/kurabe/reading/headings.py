"""Lines that announce what stands below them: differences, similarities, or one picture."""

import re

from kurabe.reading.clauses import Clause
from kurabe.reading.lines import Line, unquoted
from kurabe.reading.patterns import later


def section_of(clauses: list[Clause], line: Line) -> str:
    """Return what a heading announces: differences, similarities, one picture, or both."""
    acts = {clause.act for clause in clauses}
    if acts & {"heading", "different"}:
        return "different"
    if "same" in acts:
        return ""
    if acts & {"alike", "similar_heading"}:
        return "alike"
    sides = {clause.side for clause in clauses}
    if len(sides) == 1 and sides != {0}:
        return f"side {sides.pop()}"
    both = re.search(r"\b(?:both|each|all|common|shared)\b|どちらも|両方|共通|いずれ", unquoted(line.text))
    return "alike" if both and acts <= {"neutral", "open", "fine"} else ""


_LEADS = later(
    r"(?:the )?(?:following|these)\b[\w ]{1,40}?\b(?:differ|changed|(?:is|are) different)[.:]?"
    r"|(?:以下|次|下記)[のに][^。、]{0,16}?(?:違|異な|相違|変わ)[^。、な]{0,10}(?:です|ます|る|た)?[。.:：]?",
    re.IGNORECASE,
)
_FAULTY = later(
    r"(?:the )?(?:missing|extra|additional|added|removed|moved|changed|damaged|broken|defective"
    r"|faulty|differing|different|altered)(?: (?:in|from) the \w+(?: \w+)?)?"
    r"(?: (?:item|part|thing|element|component|area|feature|object|detail|piece)s?)?\s?[:：]?"
    r"|[^。、]{0,6}?(?:不足|欠け|欠落|追加|余分|変更|移動|破損|損傷|違|異な)[^。、な]{0,10}?(?:もの|部品|部分|箇所|所|点|要素)?[:：]",
    re.IGNORECASE,
)
"""Headings that say what is wrong with all that they announce: "Missing parts:"."""


_LOOKED = later(r"\b(?:checked|looked|searched|inspected|examined|compared|looking|checking)\b")


def leads(line: Line) -> bool:
    """Say whether a sentence announces a list of what differs: 「次の点が違います。」."""
    return not line.bullet and _LEADS.fullmatch(unquoted(line.text)) is not None


def announced(clauses: list[Clause], line: Line) -> str:
    """Return what a heading announces; see `section_of`."""
    faulty = not line.bullet and _FAULTY.fullmatch(unquoted(line.text))
    if _LOOKED.search(unquoted(line.text)):
        return ""
    return "different" if faulty or leads(line) else section_of(clauses, line)


_UNSURE = later(
    r"\b(?:possible|potential|likely|could|might|may|to (?:look|check|watch|search) for|example"
    r"|examples)\b|考えられる|可能性"
)


_DIFFERENCES = later(
    r"(?:(?:yes|so|the|key|main|visible|notable|observed|detected|identified|here|these|are|is|i|see|found|there"
    r"|list|of|following|one|two|three|four|five|only|\d{1,2})[ ,.]+)*"
    r"(?:differences?|changes?|deviations?|discrepanc(?:y|ies))"
    r"(?: (?:found|observed|detected|noted|identified|seen|are|is|as follows|list))*"
    r"(?: between (?:the )?(?:two )?(?:images|pictures|photos|parts))?(?: (?:are|is))?"
    r"(?: as follows)?\s?[:：]?"
    r"|(?:主な|見つかった|確認できた|検出された|2枚の(?:写真|画像)の)?(?:違い|相違点?|差異|変更点|変化点|異なる点|違う点)"
    r"(?:は)?(?:次|以下|下記)?(?:の)?(?:通り|とおり|点)?(?:です)?\s?[:：。]?"
)


def names_differences(line: Line) -> bool:
    """Say whether a heading announces differences, and says no more: "Differences found:"."""
    text = unquoted(line.text)
    return not line.bullet and (_DIFFERENCES.fullmatch(text) or _FAULTY.fullmatch(text)) is not None


def is_unsure(line: Line) -> bool:
    """Say whether a heading announces what may differ, or where to look."""
    return _UNSURE.search(unquoted(line.text)) is not None


def is_title(clauses: list[Clause], line: Line) -> bool:
    """Say whether a short line is a title without its colon: "Differences", "Similarities"."""
    return (
        not line.bullet
        and len(clauses) == 1
        and (
            clauses[0].act == "heading"
            or re.fullmatch(
                r"(?:key |main )?(?:similarities|commonalities)|共通点|類似点|違い|相違点",
                unquoted(line.text),
            )
            is not None
        )
    )
