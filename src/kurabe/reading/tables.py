"""Rows of a table: what its cells say of the two pictures, in the light of the table's head."""

import re
from collections.abc import Callable, Sequence

from kurabe.reading.clauses import Clause
from kurabe.reading.keys import nothing, truth
from kurabe.reading.lines import Line, unquoted
from kurabe.reading.patterns import later

_ALIKE = later(r"\b(?:same|identical|match\w*|equal|unchanged|alike)\b|同|一致|共通|変わらず|変化なし")
_ASKS_SAME = later(r"\b(?:same|match(?:es|ing)?|identical|equal|agree)\b|同じ|一致|同一")
_PICTURES = 3
"""Cells of a row that names a thing and tells of both pictures."""
_PICTURE = later(
    r"(?:image |picture |photo |part |sample |item |画像|写真)?[ab12]|reference|first|second|before"
    r"|after|test|[左右上下]|基準|良品|検査品?"
)
"""The head of a column that tells of one picture; a row of nothing else is one of the whole."""
_JUDGES = later(r"判定|評価|結果|合否|照合|\b(?:judge?ment|verdict|result|status|ok)\b")
_MARK = later(
    "(?P<good>[○〇◯✓✔✅]|ok|良|合格|合|一致|同じ|同一|差なし|違いなし|変化なし|異常なし)|[×✕✗✘❌]|ng|否|不合格|不一致|相違|違い|差あり|違いあり|変化あり"
)
_ASKS_ALONE = later("(?:違い|差異?|相違|変化)(?:の?有無)?")
"""A first column that holds no names but says of each row whether it differs."""
_ASKS_DIFFERENT = later(r"\b(?:differ\w*|changed?|deviat\w*|discrepanc\w*|mismatch)\b|違い|差|相違|変化")

_TICK = later(r"^[✓✔☑✅✗✘❌]\ufe0f?\s*(?=\w)")
"""A mark before a word that says the same: "✓ Yes"."""


_JUDGING = later(
    "changed|match(?:es|ed)?|same|identical|equal|differs?|different|difference|verdict"
    "|(?:変化|違い|差異?|相違|一致|判定|結果|合否)(?:点|の?有無)?"
)


def with_cells(text: str) -> str:
    """Return rows of values with commas, tabs or bars between them as a table with its head."""
    whole = [line.strip(" |") for line in text.strip().splitlines() if line.strip()]
    if any(not line.strip(" |:-") for line in whole):
        return text
    rows = [re.split("[,，|｜\t]", line) for line in whole]
    fewest = _PICTURES if "," in text or "，" in text else 2
    if len(rows) < 2 or len(rows[0]) < fewest or {len(cells) for cells in rows} != {len(rows[0])}:
        return text
    if "。" in text or not any(_JUDGING.fullmatch(unquoted(cell).strip()) for cell in rows[0]):
        return text
    rule = ["---"] * len(rows[0])
    return "\n".join(f"| {' | '.join(cells)} |" for cells in (rows[0], rule, *rows[1:]))


def row(line: Line, head: Sequence[str], say: Callable[[str], list[Clause]]) -> list[Clause]:
    """Return what a table row says: its cells are alike, or they differ.

    Args:
        line: The row.
        head: The cells of the table's head; empty without one.
        say: Reads a cell.
    """
    if line.head or len(line.cells) < 2:
        return []
    judged = _judged(line, head)
    if judged is not None:
        return [judged]
    cells = [cell for cell in line.cells if cell]
    if len(cells) == 2 and len(line.cells) == 2:
        return say(f"{cells[0]}: {cells[1]}")
    values = [unquoted(cell) for cell in line.cells[1:]]
    acts = {clause.act for cell in cells[1:] for clause in say(cell)}
    alike = ("same" in acts and values[0] == values[1]) or any(_ALIKE.search(value) for value in values)
    if alike and not acts & {"different", "defect"}:
        return [Clause("alike", line.text)]
    if acts & {"different"} or len(set(values[:2])) > 1:
        return [Clause("different", line.text, named=True)]
    return [Clause("alike", line.text)]


def _judged(line: Line, head: Sequence[str]) -> Clause | None:
    """Return what the column says that judges a row: "Same? yes"; None without one."""
    if len(head) != len(line.cells):
        return None
    titles = list(zip(head, line.cells, strict=True))
    alone = _ASKS_ALONE.fullmatch(unquoted(head[0])) is not None
    for title, cell in titles if alone else titles[1:]:
        asked = unquoted(title)
        same, different = _ASKS_SAME.search(asked), _ASKS_DIFFERENT.search(asked)
        value = _TICK.sub("", unquoted(cell)) or unquoted(cell)
        holds = truth(value)
        if not (same or different) and _JUDGES.search(asked) and (mark := _MARK.fullmatch(value)):
            alike = mark["good"] is not None
            return Clause("alike" if alike else "different", line.text, named=not alike, suffices=alike)
        if different and not same and holds is None and nothing(value):
            holds = False
        if holds is None or bool(same) == bool(different):
            continue
        if holds == bool(same):
            pair = all(_PICTURE.fullmatch(unquoted(other)) for other in head if other != title)
            return Clause("alike", line.text, suffices=len(head) > _PICTURES or alone or pair)
        return Clause("different", line.text, named=True)
    return None
