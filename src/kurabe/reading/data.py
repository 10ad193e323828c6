"""JSON in an answer, read key by key."""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from kurabe.reading.clauses import OPPOSITE, Act, Clause
from kurabe.reading.data_beside import Say, also_in, ignored, in_answer
from kurabe.reading.keys import Key, nothing, polarity, truth
from kurabe.reading.literals import Object, leaves
from kurabe.reading.matching import normalise
from kurabe.reading.patterns import later
from kurabe.reading.stamps import names_fault
from kurabe.reading.values import PASSES, STATUS, THERE, judgement, says_bad, states, undecided

_ANSWER = Key("answer")


_IN_FULL = {"q": "question", "a": "answer"}


def data_clauses(
    value: Any, say: Say, key: Key = _ANSWER, label: str = "", told: bool = False
) -> Iterator[Clause]:
    """Yield what a value says under its key.

    Args:
        value: As `find` returned it, or a part of it.
        say: Reads prose.
        key: What the key of the value asks.
        label: The key as it was written.
        told: True if a key beside it or above it holds a verdict by itself.
    """
    if isinstance(value, Object):
        told = told or any(_tells(name, below) for name, below in value.pairs)
        asked = {name.lower() for name, _ in value.pairs} == {"q", "a"}  # {"Q": "Is there …?", "A": "No"}
        for name, below in value.pairs:
            inner = polarity(_IN_FULL[name.lower()] if asked else name)
            if key.kind == "answer" and label and inner.kind in ("unknown", "neutral"):
                inner = in_answer(name, inner)
            if below is None and told and inner.noun and not _WHETHER.search(name):
                continue  # {"difference": null, "same": true}
            if (
                inner.kind == "unknown"
                and key.kind in ("verdict", "count")
                and key.true == "different"
                and key.noun
            ):
                inner = Key("part", "different", noun=True)
            yield from data_clauses(below, say, inner, name, told)
        if not value.pairs and key.noun:
            yield _clause(key, False, label)
        yield from also_in(value, say)
        return
    if isinstance(value, list):
        yield from _list(value, say, key, label)
    else:
        yield from _scalar(value, say, key, label)


def tells_by_key(value: Object) -> bool:
    """Say whether a key of an object, or of one in it, holds a verdict by itself."""
    return any(
        tells_by_key(below) if isinstance(below, Object) else _tells(name, below)
        for name, below in value.pairs
    )


def _tells(name: str, value: Any) -> bool:
    """Say whether a key holds a verdict by itself."""
    key = polarity(name)
    if key.kind not in ("verdict", "answer"):
        return False
    if judgement(name, value) or (STATUS.search(name) and PASSES.fullmatch(str(value).strip().lower())):
        return True
    return truth(value) is not None or (
        isinstance(value, str)
        and (
            says_bad(value)
            or states(value) is not None
            or _BARE_SAME.fullmatch(normalise(value).strip(" .。")) is not None
        )
    )


def _clause(key: Key, holds: bool, label: str) -> Clause:
    """Return what it says that a key with a polarity holds, or does not."""
    assert key.true is not None
    verdict = key.true if holds else OPPOSITE[key.true]
    act: Act = verdict
    if key.kind in ("part", "prose") and verdict == "same":
        act = "alike"
    if key.kind == "excluded":
        act = "neutral"  # who tells "lighting_changed" from "has_difference" has told them apart
    return Clause(act, f"{label}: {str(holds).lower()}", named=key.kind == "part")


def _list(value: list[Any], say: Say, key: Key, label: str) -> Iterator[Clause]:
    if key.kind == "neutral":
        return
    if key.kind == "ignored":
        for entry in value:
            yield from ignored(entry, say, label)
        return
    if key.true == "different" and key.kind in ("verdict", "count", "part", "prose"):
        if not value:
            finding = key.kind == "prose" and not key.noun
            yield Clause("same", label) if finding else _clause(key, False, label)
        for entry in value:
            if entry is None or (key.kind != "prose" and undecided(leaves(entry))):
                yield Clause("doubt", f"{label}: {entry}")
            else:
                yield from _named(leaves(entry), entry, say, key, label)
        return
    if key.kind in ("verdict", "part") and key.true == "same":
        yield Clause("alike" if value else "turn", label)
        return
    if len(value) > 1 and all(map(_is_item, value)):
        yield from _items(value, say, key, label)
        return
    for entry in value:
        yield from data_clauses(entry, say, key, label)


_ITEM_NAME = later(
    r"(?:part|item|component|name|element|feature|aspect|check|attribute|object|area|region"
    r"|location)(?:_name)?"
    "|(?:検査|確認|比較|チェック)?(?:項目|箇所|部位|部品|対象)(?:名)?|名称|名前|観点|要素|場所",
    re.IGNORECASE,
)
_MANY = 3
"""So many items that are all alike will do for the whole."""


def _is_item(entry: Any) -> bool:
    """Say whether an entry is one of a checklist: it names a thing, and says something of it."""
    return isinstance(entry, Object) and len(entry.pairs) > 1 and any(map(_names_item, entry.pairs))


def _names_item(pair: tuple[str, Any]) -> bool:
    return _ITEM_NAME.fullmatch(pair[0]) is not None and isinstance(pair[1], str)


def _items(entries: list[Any], say: Say, key: Key, label: str) -> Iterator[Clause]:
    """Yield what a checklist says of each thing, and of many that all are alike."""
    found: list[Clause] = []
    for entry in entries:
        thing = next(below for name, below in entry.pairs if _names_item((name, below)))
        rest = Object(tuple(pair for pair in entry.pairs if not _names_item(pair)))
        found += _item(thing, rest, say, key, label)
    acts = {clause.act for clause in found}
    if len(entries) >= _MANY and acts <= {"alike", "fine", "neutral"} and acts & {"alike", "fine"}:
        yield Clause("same", f"{label}: all alike")
    yield from found


def _item(thing: str, rest: Object, say: Say, key: Key, label: str) -> Iterator[Clause]:
    if names_fault(thing) and len(rest.pairs) >= 1:
        value = rest.pairs[0][1]
        holds = truth(value)
        if holds is not None or nothing(value):
            yield Clause("different" if holds else "fine", f"{thing}: {value}", named=True)
            rest = Object(rest.pairs[1:])
    for clause in data_clauses(rest, say, key, label):
        if clause.act in ("same", "no") or (clause.act == "fine"):
            yield replace(clause, act="alike", text=f"{thing}: {clause.text}", answer=False)
        elif clause.act in ("different", "yes"):
            yield replace(clause, act="different", text=f"{thing}: {clause.text}", named=True, answer=False)
        elif clause.act == "open" and _LACKS.search(clause.text):
            yield replace(clause, act="different", text=f"{thing}: {clause.text}", named=True)
        else:
            yield clause


_LACKS = later(r"^(?:missing|absent|lost|gone|broken|bent|damaged|cracked|欠品|欠損|破損)\b|^(?:なし|無し)$")


def _named(text: str, entry: Any, say: Say, key: Key, label: str) -> Iterator[Clause]:
    """Yield what an entry says that stands for a difference: a name, or that there is none."""
    if nothing(text) or truth(text) is False:
        yield _clause(key, False, label)
        return
    if isinstance(entry, Object):
        judged = _judged(text, entry, say, label)
        if judged is not None:
            yield judged
            return
    if _EITHER.search(text.lower()):
        yield Clause("turn", f"{label}: {text}")
        return
    said = say(text)
    if said and said[0].answer and said[0].act in ("yes", "no"):
        yield _clause(key, said[0].act == "yes", label)
        yield from said[1:]
        return
    acts = {clause.act for clause in said}
    if not key.noun and key.kind == "prose" and acts <= {"neutral", "open", "fine", "alike", "rest"}:
        yield from (replace(clause, act="neutral") if clause.act == "open" else clause for clause in said)
        return  # a finding that names no difference
    if (
        "open" in acts
        and not acts & {"defect", "different"}
        and len(text) < 60
        and _NEGATIVE.search(text.lower())
        and not _UNDONE.search(text.lower())
    ):
        yield Clause("turn", f"{label}: {text}")
        return
    if acts & {"same", "no"} and "different" not in acts:
        if key.kind == "prose" and not key.noun:
            yield from said
            return
        yield _clause(key, False, label)
        yield from (clause for clause in said if clause.act not in ("same", "no"))
    elif acts & {"doubt", "refusal", "turn"} or (
        acts <= {"alike", "fine", "rest", "neutral"} and acts & {"alike", "fine"}
    ):
        yield from said
    elif acts <= {"excluded", "alike", "neutral"} and "excluded" in acts:
        yield from (replace(clause, only=True) for clause in said)
    else:
        yield Clause("different", f"{label}: {text}", named=True)


_WHETHER = later(r"有無|^(?:is|has|are|have)[_ A-Z]|かどうか")
"""A key that asks whether there is a difference; others may name it, and name none with a null."""


_UNDONE = later(
    r"^(?:[\w-]+ ){1,4}(?:is |are |was )?not (?:fully |properly |completely |quite )?(?:stitched"
    r"|soldered|seated|closed|inserted|attached|installed"
    r"|connected|aligned|tightened|printed|filled|sealed|fastened|locked|latched|mounted|populated"
    r"|crimped|plugged|screwed|welded|glued|fixed"
    r"|secured|assembled|fitted|readable|legible|straight|flat|cent(?:er|re)d|parallel|round"
    r"|symmetrical|level)\b"
)
"""What should have been done to a part."""
_EITHER = later(r"\b(?:true|yes)\s*(?:or|/|\||,)\s*(?:false|no)\b|はい.{0,3}いいえ")
_NEGATIVE = later(r"\b(?:no|not|none|nothing|never|neither|without)\b|n't\b|ない|ません|なし|無し|ず$")


def _scalar(value: Any, say: Say, key: Key, label: str) -> Iterator[Clause]:
    """Yield what a single value says under its key."""
    text = str(value)
    if key.kind in ("verdict", "answer", "part", "count") and undecided(value):
        yield Clause("doubt", f"{label}: {text}")
        return
    if key.true is not None and key.kind in ("verdict", "part", "excluded", "count"):
        yield from _of_polarity(value, say, key, label)
    elif key.kind == "answer":
        yield from _answer(value, say, label)
    elif key.kind == "prose":
        if key.true == "different" and truth(value) is None and not nothing(value):
            yield from _named(text, None, say, key, label)
        elif isinstance(value, str) and value.strip() and not (key.true is None and nothing(value)):
            yield from say(text)
        elif isinstance(value, bool):
            yield Clause("turn", label)
    elif key.kind == "ignored":
        yield from ignored(value, say, label)
    elif key.kind == "neutral":
        yield from (one for one in say(text) if one.act in ("same", "different", "doubt", "refusal"))
    elif key.kind == "question":
        yield from say(text if text.rstrip().endswith(("?", "？")) else f"{text}?")
    elif key.kind == "side":
        yield Clause("side", text, side=key.side)
    else:
        yield from _unknown(value, truth(value), say, label)


def _of_polarity(value: Any, say: Say, key: Key, label: str) -> Iterator[Clause]:
    """Yield what a value says under a key such as ``no_difference`` or ``num_differences``."""
    holds, number = truth(value), _number(value)
    if isinstance(value, bool) or (holds is not None and not (key.kind == "count" and number is not None)):
        yield _clause(key, bool(holds), label)
    elif isinstance(value, str) and key.kind == "verdict" and (stated := states(value)):
        yield Clause(stated, f"{label}: {value}")
    elif isinstance(value, str) and key.noun and THERE.fullmatch(normalise(value).strip(" .。")):
        yield _clause(key, True, label)
    elif nothing(value):
        yield _clause(key, False, label) if key.noun else Clause("turn", label)
    elif number is not None:
        yield from _counted(number, key, label)
    elif key.true == "different":
        yield from _named(str(value), None, say, key, label)
    else:
        yield from _about_same(say(str(value)), key, label)


def _answer(value: Any, say: Say, label: str) -> Iterator[Clause]:
    """Yield what a value says under a key that asks for the answer."""
    if isinstance(value, bool):
        yield Clause("yes" if value else "no", f"{label}: {value}")
    elif value is None:
        yield Clause("turn", label)
    elif isinstance(value, int | float):
        yield Clause("open", f"{label}: {value}")
    elif says_bad(str(value)):
        yield Clause("different", f"{label}: {value}")
    elif STATUS.search(label) and (stamp := PASSES.fullmatch(str(value).strip().lower())):
        yield Clause("same" if stamp["good"] else "different", f"{label}: {value}")
    elif stamp_said := judgement(label, value):
        yield stamp_said
    elif stated := states(str(value)):
        yield Clause(stated, f"{label}: {value}")
    else:
        yield from say(str(value))


def _judged(text: str, entry: Object, say: Say, label: str) -> Clause | None:
    """Return what an entry says by its keys; None if its words decide."""
    inner = [
        clause for name, below in entry.pairs for clause in data_clauses(below, say, polarity(name), name)
    ]
    if {clause.act for clause in inner} & {"same", "no"}:
        return Clause("turn", label)
    sides = [leaves(below).lower() for name, below in entry.pairs if polarity(name).kind == "side"]
    if len(sides) != 2:
        return None
    same = sides[0] == sides[1]  # {"part": "left pin", "image_1": "straight", "image_2": "bent"}
    return Clause("alike" if same else "different", f"{label}: {text}", named=not same)


def _about_same(said: list[Clause], key: Key, label: str) -> Iterator[Clause]:
    """Yield what prose says under a key that asks for sameness; a yes or no there answers the key."""
    if said and said[0].answer and said[0].act in ("yes", "no"):
        yield replace(_clause(key, said[0].act == "yes", label), answer=True)
        yield from said[1:]
    elif {clause.act for clause in said} & {"same", "different"}:
        yield from said
    else:
        yield Clause("turn", label)


_BARE_SAME = later(r"(?:the )?(?:same|identical|unchanged|equal|equivalent)|同じ|同一|一致")
_OF_PART = later(r"(?!.*(?:result|verdict|answer|pair|images?|overall|status))[\w -]{2,30}", re.IGNORECASE)


def _unknown(value: Any, holds: bool | None, say: Say, label: str) -> Iterator[Clause]:
    if value is None or value == "":
        return
    if stamp := judgement(label, value):
        yield stamp
        return
    if isinstance(value, int) and not isinstance(value, bool) and names_fault(label.replace("_", " ")):
        yield Clause("different" if value > 0 else "fine", f"{label}: {value}", named=True)  # {"傷": 0}
    elif holds is not None and names_fault(label.replace("_", " ")):
        yield Clause("different" if holds else "fine", f"{label}: {value}", named=True)
    elif isinstance(value, str) and _BARE_SAME.fullmatch(value.strip().lower()) and _OF_PART.fullmatch(label):
        yield Clause("alike", f"{label}: {value}")
    elif holds is not None or isinstance(value, bool):
        yield Clause("turn", f"{label}: {value}")  # a key that is not known is never a yes
    elif isinstance(value, int | float):
        yield Clause("open", f"{label}: {value}")
    else:
        yield from say(f"{label}: {value}" if len(str(value)) < 40 else str(value))


def _counted(number: float, key: Key, label: str) -> Iterator[Clause]:
    if key.kind == "count" or key.noun:
        whole = number == int(number) and number >= 0
        yield (
            Clause("turn", label)
            if not whole
            else replace(_clause(key, number > 0, label), text=f"{label}: {number:g}")
        )
    elif number in (0, 1):
        yield _clause(key, number == 1, label)
    else:
        yield Clause("turn", f"{label}: {number:g}")


def _number(value: Any) -> float | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return float(value)
    if isinstance(value, str) and re.fullmatch(r"\s*\d{1,4}(?:\.\d{1,3})?\s*", value):
        return float(value)
    return None
