"""The sentences of a Japanese answer in the light of its headings: questions, entries, differences.

What stands under 「除外したもの」 does not count; an entry under 「相違点」 is a difference unless it says
that there is none, or names the light.
"""

import re
from dataclasses import dataclass

from kurabe.reading.japanese import attitude, lexicon
from kurabe.reading.japanese.remarks import is_remark, without_prints
from kurabe.reading.lines import Line, lines, split_sentences, unquoted
from kurabe.reading.patterns import later


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence.

    Attributes:
        text: Its words, normalised, without quotation marks.
        number: Its place among the sentences that say something.
        question: True if it asks.
        item: True for an entry of a list.
    """

    text: str
    number: int
    question: bool = False
    item: bool = False


_HEADING = later(
    "(?:[0-9]+[.)]|[一二三四五六七八九])?[【\\[]?(?P<name>(?:[^、。:は]{0,10})(?:点|もの"
    "|事項|こと|根拠|理由|説明|回答|答え|結論|判定|結果|対象|概要|所見|補足|備考|その他"
    "|ポイント|手順|内容|違い|差異|相違|共通|変化|メモ|リスト|レポート|確認|比較))[】\\]]?[:：]?"
)
_APART = later("違い|違う|異な|相違|差異|変化|変わ|不一致")
_EXCLUDED = later("除外|考慮し(?:な|ま)|対象外|無視|含めな|含まな|数えな")
_NONE = later(
    "(?:特に|とくに)?(?:は)?(?:なし|無し|ありません|ない|見られません|見当たりません|見つかりません"
    "|該当なし|なし)(?:です)?"
)
_ASIDE = later(r"[(（][^()（）]{0,40}[)）]")
_LONGEST = 250
_MOST = 60
_LONGEST_TEXT = 2_000
_FOREIGN = later(
    r"^[^\u3041-\u30ff]*[\u4e00-\u9fff]{7}[^\u3041-\u30ff]*$|^[^\u3041-\u30ff\u4e00-\u9fff]*[a-z]{2,} "
    r"[a-z]+ [a-z]+"
)


def outlined(text: str) -> list[Sentence]:
    """Return the sentences of a text that say something; none where it is too long, or not Japanese."""
    if len(text) > _LONGEST_TEXT:
        return []
    told: list[tuple[str, bool, bool]] = []
    section = ""
    for line in lines(without_prints(text)):
        bare = unquoted(line.text).strip(" *_#")
        named = _section(line, bare)
        if named:
            section = named
            continue
        section = section if line.bullet else ""
        found = _of_line(line, bare, section)
        if any(len(one) > _LONGEST or _FOREIGN.search(one) for one, _ in found):
            return []
        told += [(one, asks, line.bullet) for one, asks in found]
    if len(told) > _MOST:
        return []
    return [Sentence(one, number, asks, item) for number, (one, asks, item) in enumerate(told, 1)]


def _section(line: Line, bare: str) -> str:
    """Return what a heading announces: a difference, what does not count, or something else."""
    heading = None if line.cells or line.bullet else _HEADING.fullmatch(bare)
    if heading is None or _STATES.search(bare.rstrip(":：")):
        return ""
    if _EXCLUDED.search(heading["name"]):
        return "excluded"
    return "apart" if _APART.search(heading["name"]) else "other"


_STATES = later("(?:ません|ない|なし|同じ)$")


def _of_line(line: Line, bare: str, section: str) -> list[tuple[str, bool]]:
    """Return the sentences of a line, each with whether it asks."""
    if line.cells:
        return [(f"{line.cells[0]}が違います", False)] if not line.head and _tells(line) else []
    if section == "excluded":
        return []
    entry = bare.strip(" 。")
    if section == "apart" and _NONE.fullmatch(entry):
        return [("違いはありません", False)]
    if section == "apart" and not (_EXCLUDED.search(bare) or lexicon.LIGHT.search(bare)):
        return [(f"{entry}が違います", False)]
    found = []
    for part in split_sentences(line.text):
        whole = unquoted(part)
        sentence = _ASIDE.sub(_beside, whole).strip(" 。.!！、*_#→⇒")
        if re.search(r"\w", sentence) and not is_remark(sentence):
            found.append((sentence, attitude.asks(whole)))
    return found


_CELL = later(
    "^(?:×|✗|ng|不一致|相違|差異あり|違いあり|異なる|違う|不良|fail|不合格|変化あり|あり→なし|異常)",
    re.IGNORECASE,
)


def _tells(line: Line) -> bool:
    """Say whether a row of a table names a fault or a difference."""
    cells = [unquoted(cell) for cell in line.cells]
    if any(map(_CELL.match, cells[1:])):
        return True
    values = cells[1:3]
    judged = any(
        re.fullmatch("○|〇|◯|ok|一致|同じ|同一|なし|対象外|差なし|✓|✔|変化なし|違いなし", cell)
        for cell in cells[3:]
    )
    return len(values) == 2 and values[0] != values[1] and not judged and not lexicon.LIGHT.search(cells[0])


def _beside(match: re.Match[str]) -> str:
    """Leave out what stands in brackets and turns nothing."""
    inner = lexicon.masked(match[0])
    told = (lexicon.FAULT, lexicon.DIFFERS, lexicon.ALIKE, lexicon.BARE_NO, lexicon.RESTRICTS, lexicon.DOUBT)
    if _EXCLUDED.search(inner):
        return match[0]
    return match[0] if any(words.search(inner) for words in told) else ""
