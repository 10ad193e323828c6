"""How many: a number that the text ties to differences, or that stands alone."""

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from kurabe.reading.answers import AnswerWords, resolve
from kurabe.reading.clauses import Clause
from kurabe.reading.differences import read_differences
from kurabe.reading.keys import nothing, polarity
from kurabe.reading.lines import Line, lines, sentences, split_sentences
from kurabe.reading.literals import Object, find, leaves
from kurabe.reading.numbers import COUNTER, JAPANESE_NUMBER, NUMBER, value_of
from kurabe.reading.patterns import later
from kurabe.reading.settle import settle
from kurabe.reading.told import told
from kurabe.reading.values import undecided
from kurabe.reading.verdict import clauses_of, sentence


class Counted(NamedTuple):
    """A number of differences with the rule that it was read by, or None with the reason."""

    number: int | None
    reason: str = ""
    rule: str = ""


_NOUN = (
    "(?:differences?|discrepanc(?:y|ies)|deviations?|defects?|anomal(?:y|ies)|flaws?|faults?|changes?"
    "|variations?|mismatch(?:es)?|inconsistenc(?:y|ies)|diffs?|distinctions?|alterations?)"
)
_JA_NOUN = (
    "(?:違い|ちがい|相違点?|差異点?|差分|異なる(?:点|部分|箇所|ところ|所)|異なっている(?:点|部分|箇所)"
    "|違う(?:点|部分|箇所|ところ|所)|変化点?|変更点|欠陥|不良|間違い"
    "|違っている(?:点|部分|箇所|ところ))"
)
_ADJECTIVES = (
    r"(?:(?!(?:not|or|to|and|of|the|an?|is|are|was|has|have|there|in|at|on|no|pins?|i|we|you|see|find"
    r"|found|images?|pictures?|photos?|hundred|thousand"
    r"|dozen|other|more)\b)"
    r"[a-z]+(?:-[a-z]+)*,?[-\s](?:and\s)?){0,4}?"
)
_SAID = (
    r"(?:(?:i|we|you) (?:can |could )?(?:only )?(?:count(?:ed)?|see|find|found|identif(?:y|ied)"
    r"|spot(?:ted)?|observed?|notic(?:e|ed)"
    r"|detect(?:ed)?)|there (?:is|are|appear to be|seem to be)|it is|it's|that's|that is|(?:the |my "
    r"|final |correct )*answer(?: is|:)?)"
)
_ALONE = later(
    rf"[^\w<>~≥≤+\-]*(?:{_SAID}|a|ans)?\s*:?\s*(?:just |only |exactly |a total of |precisely |in total |=)*"
    rf"({NUMBER})(?: (?:different )?(?:places?|spots?|locations?|points?|areas?))?(?: in total| total| in all"
    r"| altogether| overall)?\W*"
)
_LEADING = later(
    rf"(?:{_SAID})?\s*(?:just |only |exactly |a total of )*({NUMBER})\s*(?::|,|;|-|—|–|\("
    rf"|\.)\s*(?=[a-z(])(?!(?:or|to|maybe|perhaps)\b)"
)
_TIED = later(rf"({NUMBER})\s+{_ADJECTIVES}{_NOUN}\b")
_NAMED = later(
    r"(?:(?:number|count|total|sum|no\.|#|quantity)(?: number)?(?: of)?(?: [a-z]+){0,6}?|answer|result"
    r"|(?:differences?|defects?|changes?)(?: (?:found|detected|identified|observed|visible|seen|noted))?)"
    rf"\s*(?:is|are|was|were|:|=)+\s*(?:exactly |a total of |only |just "
    rf")?({NUMBER})(?!\s*[a-z]*\s*(?:pin|row|%|mm|px))"
    rf"(?=\W*$|\s+{_ADJECTIVES}{_NOUN}|\s*[,;(.])"
)
_SO = later(
    rf"\b(?:so|therefore|thus|hence|i would say|i'd say|i say),? (?:the answer is |that is "
    rf"|that makes )?({NUMBER})\W*$"
)
_ONLY = later(
    rf"\b(?:the|an?) (?:only|sole|single|lone)(?: [a-z]+){{0,2}} {_NOUN}\b(?<!s)|\bexactly one\b.*{_NOUN}"
)
_SPREAD = later(
    rf"\bdiffer(?:s|ent|ences?)? (?:from (?:[a-z]+ ){{1,9}}?)?(?:in|at) (?:only |just |exactly "
    rf")?({NUMBER}) (?:[a-z]+ )?"
    r"(?:places?|spots?|points?|locations?|areas?|positions?|ways?|respects?|aspects?|things?|details?"
    r"|regions?|features?|regards?)\b"
    rf"|\b({NUMBER}) (?:[a-z]+ )?(?:places?|spots?|points?|locations?|areas?|things?|details?|aspects?"
    rf"|features?|regions?) "
    r"(?:(?:where|in which|that) [a-z ]{0,40}?differ|(?:are|is|have|has|were) (?:different|changed|differ))"
)
_JA_ALONE = later(
    rf"[^\w<>~≥≤+\-]*(?:(?:数える|合わせる|合計する|足す)と|合わせて|数えたところ、?|答え|回答|解答|合計|全部|個数|数|計|箇所数|総数|差異数|違いの数)?(?:は|で|】|\]|:|、"
    rf"|="
    rf"|\s)*(?:合計|全部で|計)?\s*"
    rf"({JAPANESE_NUMBER}){COUNTER}?(?:だけ|のみ)?(?:です|だ|である|あります|ある|でした|となります"
    rf"|になります|見つかりました|確認できました|存在します)?\W*"
)
_JA_LEADING = later(
    rf"(?:全部で|合計で?|計)?\s*({JAPANESE_NUMBER}){COUNTER}(?:だけ|のみ)?(?:です|あります|ある|だ)?[、,:(（]"
)
_JA_TIED = later(
    rf"{_JA_NOUN}(?:点|箇所)?(?:の(?:数|個数|箇所数|総数|件数|合計)|数)?(?:は|が|も|として(?:は)?|:|：|="
    rf"|\s)*[、\s]*(?:全部で|合計で?|全てで|計|以下の|次の)?\s*"
    rf"({JAPANESE_NUMBER}){COUNTER}?(?!目|番|枚|本|列|行)(?:だけ|のみ)?(?=です|だ|ある|あり|見|存在|確認"
    rf"|認め|検出|で|と|$|\W|、|が|の)"
    rf"|({JAPANESE_NUMBER}){COUNTER}の{{0,1}}(?:明らかな|小さな|大きな|わずかな|異なる|主な"
    rf"|明確な)?{_JA_NOUN}"
    rf"|({JAPANESE_NUMBER})(?:箇所|か所|ヶ所|カ所|ヵ所|点|つ)(?:で|が|に|だけ|のみ)?(?:異な|違|変わ|違い"
    rf"|相違)"
)
_NONE = later(
    r"\W*(?:none|nothing|zero|no|nil|なし|ありません|ない|無し|ゼロ(?:です)?|特に(?:なし|ありません)"
    r"|ないです|いいえ"
    r"|(?:一つ|1つ|ひとつ|１つ|1箇所|1か所|一箇所)も(?:ありません|ない|なし|見つかりません(?:でした)?)"
    r"|none (?:found|seen|visible|at all)|there (?:are|is) (?:none|not any)|there aren't any)\W*"
)
_VAGUE = later(
    rf"\b(?:between {NUMBER}|(?:about|around|over|nearly|almost|some|up to) (?:a )?{NUMBER}|approximately"
    rf"|approx|roughly|at least|at most|more than|no "
    rf"more than|no fewer than"
    r"|less than|fewer than|maybe|perhaps|possibly|probably|might|may|not sure|several|a few"
    r"|many|numerous"
    r"|multiple|or more|or so|either|likely|unsure|cannot|unclear|could be|a couple"
    r"|dozens?|some)\b"
    rf"|{NUMBER}\s*(?:or|to)\s+{NUMBER}|\d\s*[-~〜–]\s*\d|\d\+|[<>≥≤~]\s*\d"
    r"|約|およそ|おおよそ|程度|くらい|ぐらい|以上|以下(?!の)|ほど(?:$|あ|の|で)|未満|かもしれ|おそらく"
    r"|たぶん|少なくとも|最大|最低|でしょう|だろう|思わ"
    r"|[一二三四五六七八九]、[一二三四五六七八九]|(?:わか|分か|判)りません|いくつか|複数|多数|\dか\d"
    r"|から\d|[~〜-]\d|数(?:箇所|か所|個|点|カ所)"
)
_DENIED = later(
    r"\b(?:not|never|no|none|cannot|without|neither|\w+n't)\b(?:(?!\bbut\b)[^,;:])*$"
    r"|\b(?:pin|row|column|image|picture|photo|figure|step|line|item|no\.|number|position|fig|option"
    r"|part)s? #?$"
)
_NEGATED = later(r"\b(?:not|never|no|none|cannot|without|neither|\w+n't)\b(?:(?!\bbut\b)[^,;:])*$")
_MORE = later(
    rf"\b(?:another|second|other|additional|further|third)\b(?: [a-z]+)? {_NOUN}\b"
    rf"|\bone (?:[a-z]+ )?{_NOUN} (?:is|was|lies)\b|\bfirst (?:[a-z]+ )?{_NOUN}\b|(?:もう(?:一つ|1つ)"
    rf"|他)の{_JA_NOUN}|{NUMBER} more\b"
)
_OTHERWISE = later(
    r"\b(?:but|although|however|though|except|excluding|not counting|plus|of which)\b|ただし|しかし"
    r"|のうち|除|ですが"
)


_DOUBTFUL = "it expresses doubt, or refuses"
_RANGE = "it names a number with a doubt or a range"


def read_count(text: str, words: AnswerWords) -> Counted:
    """Return the number of differences that a plain text states, or None and the reason."""
    text = _NUMBER_FIRST.sub(r"\1 differences. ", _CORRECTED.sub("", text))
    found = find(text)
    if found.broken:
        return Counted(None, "the JSON is cut off or cannot be parsed")
    numbers: dict[int, str] = {}
    for value in found.values:
        for number, where in _in_data(value, words):
            if number is None:
                return Counted(None, f"{where}: a number that counts nothing, or a key that is not known")
            numbers.setdefault(number, where)
    parts = sentences(found.rest)
    if not numbers:
        listed = _listed(found.rest, words)
        if listed is not None:
            return listed
    unclear = _in_prose(parts, words, numbers)
    if unclear and not found.values and (number := told(parts)) is not None:
        return Counted(number, rule=f"number of differences: “{found.rest[:80]}”")
    if unclear:
        return Counted(None, unclear)
    if len(numbers) > 1:
        return Counted(None, f"it names several numbers: {', '.join(map(str, sorted(numbers)))}")
    (number, where), *_ = numbers.items()
    overall = settle(resolve(clauses_of(text, words), words))
    if overall.verdict == ("same" if number else "different") or "both same and different" in overall.reason:
        return Counted(None, "it counts differences and says the opposite")
    return Counted(number, rule=f"number of differences: “{where[:80]}”")


_NUMBER_FIRST = later(r"^\s*(\d+)\.\s+(?=The (?:\w+ )?differences\b)")
"""A number, and no first line of a list: "4. The differences are …"."""
_CORRECTED = later(
    rf"{JAPANESE_NUMBER}{COUNTER}?(?:では|で)なく(?:て)?[、,]?\s*|\bnot {NUMBER}(?:,)? but (?={NUMBER})"
)


def _listed(text: str, words: AnswerWords) -> Counted | None:
    """Return the length of a list of differences; None if the text is no such list.

    What stands around the list may announce it, say how long it is, and say that the rest is alike.
    """
    found = lines(text)
    entries = [line for line in found if line.bullet and not line.head]
    if not entries:
        return None
    around = [line.text for line in found if not line.bullet]
    named = read_differences(text, words)
    bare = not around and len(entries) > 1 and named.items and _all_open(entries, words)
    number = len(entries) if bare else len(named.items)
    if number != len([line for line in entries if not _alike(line, words)]) or named.verdict != "different":
        return None
    numbers: dict[int, str] = {}
    parts = [part for line in around for part in sentences(line)]
    unclear = _in_prose(parts, words, numbers) if parts else ""
    if unclear in (_DOUBTFUL, _RANGE) or set(numbers) - {number}:
        return None
    return Counted(number, rule=f"number of differences listed: {number}")


def _alike(line: Line, words: AnswerWords) -> bool:
    """Say whether an entry of a list says of its part that nothing differs, and nothing else."""
    acts = {clause.act for part in split_sentences(line.text) for clause in sentence(part, words)}
    return bool(acts & {"alike", "same", "fine"}) and acts <= {"alike", "same", "fine", "neutral"}


def _all_open(entries: list[Line], words: AnswerWords) -> bool:
    """Say whether each entry names a difference, or may: one that was asked for them lists nothing else."""
    may = {"different", "defect", "hint", "open", "side"}
    acts = [
        {clause.act for part in split_sentences(line.text) for clause in sentence(part, words)}
        for line in entries
    ]
    return all(found and found <= may for found in acts)


def _in_prose(parts: list[str], words: AnswerWords, numbers: dict[int, str]) -> str:
    """Add the numbers of prose to ``numbers``, and return why there is no clear one."""
    if any(map(_MORE.search, parts)):
        return "it lists differences without saying how many"
    vague = False
    for part in parts:
        said = sentence(part, words)
        if any(clause.act in ("refusal", "doubt") for clause in said):
            return _DOUBTFUL
        stated = _numbers(part, said)
        sure = stated == {0} and {clause.act for clause in said} & {"same"}
        vague = vague or bool(stated and not sure and (_VAGUE.search(part) or None in stated))
        for number in stated - {None}:
            numbers.setdefault(number or 0, part)
        if set(numbers) - {0} and any(clause.act == "excluded" for clause in said):
            return "it counts and names what the prompt does not count"
    if vague:
        return _RANGE
    if numbers:
        return ""
    return (
        "it names no definite number"
        if any(map(_VAGUE.search, parts))
        else "it names no number of differences"
    )


def _numbers(part: str, said: list[Clause]) -> set[int | None]:
    """Return the numbers of differences that a sentence states; None stands for one that is not clear."""
    if part.endswith(("?", "？")) or re.search(r"ますか|ですか", part):
        return set()
    if _NONE.fullmatch(part):
        return {0}
    alone = _ALONE.fullmatch(part) or _JA_ALONE.fullmatch(part)
    if alone:
        return {value_of(alone[1])}
    found: set[int | None] = set()
    for pattern in (_TIED, _NAMED, _SPREAD, _JA_TIED, _SO):
        for match in [] if found else pattern.finditer(part):
            number = next(group for group in match.groups() if group)
            before = part[: match.start()]
            if not (_NEGATED if pattern is _SPREAD else _DENIED).search(before):
                found.add(value_of(number))
    if not found and _ONLY.search(part) and not _DENIED.search(part[: part.find("only")]):
        found.add(1)
    acts = {clause.act for clause in said}
    if not found and acts & {"same"} and not acts & {"different", "defect", "hint"}:
        found.add(0)
    if not found:
        leading = _LEADING.match(part) or _JA_LEADING.match(part)
        if leading and not _OTHERWISE.search(part):
            found.add(value_of(leading[1]))
    return found


def _in_data(value: Any, words: AnswerWords) -> Iterator[tuple[int | None, str]]:
    """Yield the numbers of differences in JSON, each with its key; None for one that is not clear."""
    if isinstance(value, list):
        if len(value) == 1 and isinstance(value[0], int) and not isinstance(value[0], bool):
            yield (value[0] if value[0] >= 0 else None), "the only entry"
            return
        inner = [found for entry in value for found in _in_data(entry, words)]
        yield from inner or [(len(value), "number of entries")]
        return
    if not isinstance(value, Object):
        return
    for name, below in value.pairs:
        key = polarity(name)
        if isinstance(below, Object):
            yield from _in_data(below, words)
        elif isinstance(below, list):
            if key.true == "different" and (key.noun or (key.kind == "prose" and _all_named(below, words))):
                yield (None if any(undecided(entry) for entry in below) else len(below)), name
        elif key.kind == "verdict" and isinstance(below, bool):
            if (key.true == "different") != below:
                yield 0, name  # {"differs": false}
        elif key.kind in ("count", "answer") or (key.kind == "verdict" and key.noun):
            yield from _counted(name, below, key.kind == "verdict", words)


def _all_named(entries: list[Any], words: AnswerWords) -> bool:
    """Say whether every entry of a list of findings names a difference."""
    acts = [{clause.act for clause in sentence(leaves(entry), words)} for entry in entries]
    return all(found & {"different", "defect", "hint"} and not found & {"same", "turn"} for found in acts)


def _counted(name: str, below: Any, loose: bool, words: AnswerWords) -> Iterator[tuple[int | None, str]]:
    if isinstance(below, bool):
        yield from [(0, name)] if loose and not below else []
    elif isinstance(below, int | float):
        yield (int(below) if below == int(below) and below >= 0 else None), f"{name}: {below}"
    elif undecided(below):
        yield None, name  # not counted
    elif nothing(below):
        yield 0, name
    elif isinstance(below, str):
        counted = read_count(below, words) if "{" not in below else Counted(None)
        if counted.number is not None or not loose:
            yield counted.number, f"{name}: {leaves(below)}"
