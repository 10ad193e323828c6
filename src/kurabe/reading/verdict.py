"""Same or different: what all clauses of an answer say, in prose, lists, tables and JSON."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import lru_cache

from kurabe.reading import english, japanese
from kurabe.reading.answers import AnswerWords, only_polite, resolve, take_answers, without_label
from kurabe.reading.clauses import NO_FAULT, Act, Clause
from kurabe.reading.data import data_clauses
from kurabe.reading.headings import announced, names_differences
from kurabe.reading.japanese.conclusion import concluded
from kurabe.reading.keys import Key, nothing, polarity, truth
from kurabe.reading.last_word import held
from kurabe.reading.lines import LONGEST_SENTENCE, Line, lines, split_sentences, unquoted
from kurabe.reading.literals import find
from kurabe.reading.matching import normalise
from kurabe.reading.naming import names_thing
from kurabe.reading.numbers import COUNTER
from kurabe.reading.openings import RECHECKS, WAITS, after_echo, cut_off, without_cut, without_opening
from kurabe.reading.patterns import later
from kurabe.reading.second_look import concluded as concluded_last
from kurabe.reading.second_look import looked_again
from kurabe.reading.settle import Settled, settle
from kurabe.reading.stamps import ARROWED, CORRECTED, HEADED, TITLE, names_fault, of_part, stamped
from kurabe.reading.tables import row
from kurabe.reading.values import SURE, WHERE, judgement, lacks, says_bad, states, undecided
from kurabe.reading.variation import explains_before, sets_aside_before, without_last

_PAIR = later(r"^([^:：=]{1,60}?)\s*(?::|：|=|->|→|\s[-–—]\s)\s*([^:：=]{1,40})$")
_HEADING_END = (":", "：")
_MOST_CORRECTIONS = 3


def read_verdict(text: str, words: AnswerWords, depth: int = 0) -> Settled:
    """Return the verdict of a plain text, or why there is none; ``depth`` counts corrections before it."""
    if depth > _MOST_CORRECTIONS:
        return Settled(None, "it corrects itself again and again")
    found = find(text)
    if found.broken:
        return Settled(None, "the JSON is cut off or cannot be parsed")
    if cut_off(found.rest):
        return _before_the_cut(found.rest, words) or Settled(None, "it ends in the middle of a sentence")
    text = without_opening(text)
    corrected = None if found.values else _corrected(found.rest, words, depth + 1)
    if corrected is not None:
        return corrected
    clauses = concluded(resolve(clauses_of(text, words), words), text)
    if len(clauses) == 1 and _FRAGMENT.match(text) and clauses[0].act in ("defect", "hint"):
        return Settled("different", rule=f"names a defect, and nothing else: “{clauses[0].text}”")
    settled = held(settle(clauses), found.rest, bool(found.values))
    again = None if settled.verdict or found.values else looked_again(found.rest, words, sentence)
    settled = again or settled
    return settled if found.values else concluded_last(found.rest, words, sentence, settled)


def _corrected(text: str, words: AnswerWords, depth: int) -> Settled | None:
    """Return what an answer says after it corrects itself, or looks again; None if it does neither."""
    looks = list(RECHECKS.finditer(text))
    if looks:
        return read_verdict(text[looks[-1].end() :], words, depth)
    echo = after_echo(text)
    if echo is not None and (settled := read_verdict(echo[1], words, depth)).verdict == echo[0]:
        return settled
    waits = list(WAITS.finditer(text))
    if waits:
        settled = read_verdict(text[waits[-1].end() :], words, depth)
        if settled.verdict and settled.rule.startswith("answer word"):
            return settled._replace(rule=f"corrected to: {settled.rule}")
    corrections = [match.end() for match in CORRECTED.finditer(text)]
    if not corrections:
        return None
    rest = text[corrections[-1] :]
    if CORRECTED.search(rest):
        return Settled(None, "it corrects itself again and again")
    settled = read_verdict(rest, words, depth)
    return settled._replace(rule=f"corrected to: {settled.rule}") if settled.verdict else settled


def _before_the_cut(text: str, words: AnswerWords) -> Settled | None:
    """Return what an answer says explicitly before it breaks off: "No, they are the same. Both show a"."""
    whole = without_cut(text)
    settled = read_verdict(whole, words) if whole else None
    if not (whole and settled and settled.verdict and settled.rule.startswith("answer word")):
        return None
    return settled if without_cut(text, settled.verdict) else None


_FRAGMENT = later(
    r"\W*(?:missing|bent|broken|cracked|scratched|extra|additional|damaged|torn|defect|deviation|change"
    r"|difference)"
    r"\W (?:\w+ ?){1,5}\W*$|\W*(?:missing|bent|broken|cracked|scratched|extra|additional|damaged|torn)"
    r" (?:\w+ ?){1,4}\W*$",
    re.IGNORECASE,
)


def clauses_of(
    text: str, words: AnswerWords, say: Callable[[str, AnswerWords], list[Clause]] | None = None
) -> list[Clause]:
    """Return all clauses of a plain text: those of its prose, read by ``say``, then those of its JSON."""
    say = say or said_in
    found = find(text)
    said = [
        clause for value in found.values for clause in data_clauses(value, lambda prose: say(prose, words))
    ]
    said += [one for one in say(found.cut, words) if one.act in _AGAINST]  # a reason that was cut off
    stamp, rest = stamped(found.rest, words)
    prose = [*stamp, *say(rest, words)]
    if said and len(prose) == 1 and prose[0].act == "open" and found.rest.rstrip().endswith((":", "：")):
        prose = []  # "The result as JSON:"
    return [*prose, *said]


_AGAINST = frozenset(("same", "different", "defect", "doubt", "refusal"))


def said_in(text: str, words: AnswerWords) -> list[Clause]:
    """Return the clauses of a text in lines, each in the light of the heading that it stands under."""
    found: list[Clause] = []
    section = ""
    indent = 0
    listing = False
    head: tuple[str, ...] = ()
    for line in lines(text):
        if line.cells:
            head = line.cells if line.head else head
            found += row(line, head, lambda cell: sentence(cell, words))
            continue
        head = ()
        clauses, found = _of_line(line, found, words)
        if line.text.endswith(_HEADING_END) or _heads(line, clauses):
            section, indent = announced(clauses, line), line.indent
            if (not section or section.startswith("side")) and _PICTURE.fullmatch(unquoted(line.text)):
                section = section or ("side 2" if _SECOND_ONE.search(line.text) else "side 1")
                clauses = [replace(clause, act="neutral") for clause in clauses]
            listing = names_differences(line)
            only = listing or names_fault(unquoted(line.text).rstrip(":： "))
            if only and all(clause.act in ("defect", "hint") for clause in clauses):
                clauses = [replace(clause, act="heading") for clause in clauses]  # "Missing parts:"
        elif (line.announced or (listing and section == "different")) and names_thing(line.text, known=True):
            clauses = [replace(clause, act="different", named=True) for clause in clauses]
        elif line.announced:
            clauses = [in_section(clause, "different") for clause in clauses]
        elif section and (line.bullet or line.indent > indent):
            clauses = [in_section(clause, section) for clause in clauses]
        elif section and not line.bullet:
            section = section if section == "different" and found and found[-1].act == "heading" else ""
            clauses = [in_section(clause, section) for clause in clauses]
        if found and found[-1].act == "heading" and _is_none(line, clauses):
            found[-1] = replace(found[-1], act="neutral")  # "### Differences", and below it "None"
        found += clauses
    return found


_PICTURE = later(
    r"\W*(?:the )?(?:(?:first|second|upper|lower|left|right|reference|test|inspected) (?:image"
    r"|picture|photo)|(?:image|picture"
    r"|photo) [12ab])(?: \((?:\w+ ?){1,3}\))?\W*"
    r"|\W*(?:(?:[12]枚目|最初|最後|[上下左右])(?:の(?:写真|画像))?|画像[12ab]|(?:基準|検査)(?:画像|品)"
    r"|良品|検査対象)\W*"
)


_SECOND_ONE = later("[2b]|最後|[下右]|検査")


def _of_line(line: Line, found: list[Clause], words: AnswerWords) -> tuple[list[Clause], list[Clause]]:
    """Return the clauses of a line, and those before it, from which it may take a difference back."""
    clauses: list[Clause] = []
    for part in split_sentences(line.text):
        light = explains_before(normalise(part))
        if light or sets_aside_before(normalise(part)):
            clauses, found = without_last(clauses, light), found if clauses else without_last(found, light)
            clauses.append(Clause("neutral", part, first=True))
        else:
            clauses += sentence(part, words)
    return clauses, found


def _heads(line: Line, clauses: list[Clause]) -> bool:
    """Say whether a line without a colon is a heading: similarities, or the name of a picture."""
    if len(clauses) != 1 or line.bullet:
        return False
    return _PICTURE.fullmatch(unquoted(line.text)) is not None or clauses[0].act == "similar_heading"


def _is_none(line: Line, clauses: list[Clause]) -> bool:
    """Say whether a line only says that there is nothing under its heading."""
    denies = len(clauses) == 1 and clauses[0].act in ("no", "same")
    return denies and nothing(unquoted(line.text).strip(" .。!"))


_UNCLEAR: frozenset[Act] = frozenset(("open", "defect", "hint", "side"))


_NONE_OF = later(
    r"(?:[^:：]{1,40}(?:[:：]|\sis\s)\s*)?(?:none|nothing|no|nil|n/a|なし|無し|ありません|特になし)"
    r"(?: of (?:the |them)(?:\w+ ?){0,2})?(?: (?:visible|found|detected|noted|seen|observed))?[\s.。]*"
    r"|[^:：]{1,40}\s[-–—]\s(?:none|no difference|なし)[\s.。]*"
)


def in_section(clause: Clause, section: str) -> Clause:
    """Return an entry as what it is under its heading."""
    if section == "different" and clause.act in _UNCLEAR and _NONE_OF.fullmatch(clause.text):
        return replace(clause, act="alike", named=False)  # "Differences:", and below it "Pins: none"
    if section == "different" and clause.act in _UNCLEAR:
        return replace(clause, act="different", named=True)
    if section == "alike" and clause.act in ("open", "same", "fine", "side", "hint", "neutral"):
        return replace(clause, act="alike")
    if (
        section.startswith("side")
        and (
            clause.act in ("open", "neutral", "fine", "alike", "hint")
            or (clause.act == "same" and NO_FAULT.search(clause.text))
        )
        and not clause.side
    ):
        return replace(clause, act="side", side=int(section[-1]))
    if section.startswith("side") and clause.act == "defect":
        return replace(clause, act="different", named=True)
    return clause


_BETWEEN = later(r"\s*(?:[/|;；、,]|\s-\s)\s*(?=[^\s:：=/、,;]{1,24}(?: [^\s:：=/、,;]{1,14}){0,2}\s?[:：=])")
_SIMPLE = later(r"[^:：=]{1,40}[:：=][^:：=]{1,40}")


def _pairs(part: str) -> list[str]:
    """Return the pairs of a line that holds several: "answer: no / confidence: 0.8"; else nothing."""
    pieces = _BETWEEN.split(part)
    if len(pieces) < 2 or len(part) > 300 or not all(map(_SIMPLE.fullmatch, pieces)):
        return []
    keys = [polarity(re.split("[:：=]", piece)[0].strip(" *_-【「")) for piece in pieces]
    return (
        pieces if keys[0].kind not in ("unknown", "prose") and all(k.kind != "unknown" for k in keys) else []
    )


def sentence(part: str, words: AnswerWords) -> list[Clause]:
    """Return the clauses of one sentence, its explicit answers first."""
    if len(part) > LONGEST_SENTENCE:
        return [Clause("turn", part[:60], first=True)]
    if pieces := _pairs(part):
        return [clause for piece in pieces for clause in sentence(piece, words)]
    found = list(_sentence(part, words))
    return [replace(found[0], first=True), *found[1:]] if found else []


@lru_cache(maxsize=8192)
def _cached(part: str) -> tuple[Clause, ...]:
    """Return what a normalised sentence says without its answer words."""
    return tuple((japanese if japanese.is_japanese(part) else english).clauses(part))


def _sentence(part: str, words: AnswerWords) -> Iterator[Clause]:
    stamp = ARROWED.fullmatch(part)
    if stamp and words.usual:
        bad = stamp["bad"] or stamp["bad_alone"]
        yield Clause("different" if bad else "same", part, answer=True)
        return
    normal = HEADED.sub("", unquoted(_QUOTED.sub(r"、\1", _SUPPOSED.sub("", part))).strip(" 、"))
    if not normal or TITLE.fullmatch(normal):
        yield Clause("neutral", part)
        return
    if of_part(normal):
        yield Clause("alike", normal)
        return
    pair = _PAIR.match(normal.rstrip(" .。!"))
    if pair:
        clause = _pair(pair[1], pair[2])
        if clause is not None:
            yield clause
            return
        if _ANSWERS.fullmatch(pair[1]):
            yield from _sentence(pair[2], words)
            return
    normal = _ALMOST.sub("", normal)
    answers, rest = take_answers(normal, words)
    yield from answers
    if answers and _LOOKED.fullmatch(rest):
        yield Clause("neutral", normal)  # 「はい、確認しました。」
        return
    if answers and only_polite(rest):
        yield Clause("turn", normal)  # "Yes, I can see the two pictures."
        return
    rest = without_label(rest).strip(" ,、[](){}【】（）*_")
    if any(char.isalnum() for char in rest):
        yield from _cached(rest)


_LOOKED = later("(?:(?:2枚の)?(?:画像|写真)を)?(?:確認|拝見|比較|検査)(?:いた)?しました[\\s。!]*")
_TITLES = later(r"\W*(?:findings?|comparison|analysis|inspection|report)(?: of(?: the)?)?\W*")
_QUOTED = later("「(はい|いいえ)」(?=で|と|だ|。|$)")
_SUPPOSED = later(
    "^「はい」か「いいえ」(?:で|のどちらかで)(?:答え|回答す)(?:ると|るなら|れば|るとすれば)、?"
    "|^もし[^。]{2,30}(?:れば|なら|たら)、?「(?:はい|いいえ)」(?:です|となります|になります)が、"
)
"""What only repeats how the question is to be answered."""
_ALMOST = later("^(?:いいえ|はい)と(?:答え|言い|判断し)かけ(?:まし)?たが、")
"""An answer that was nearly given."""
_ANSWERS = later(
    r"[\s*_-]*(?:final_answer|short_answer|result|結果|比較結果|検査結果|総合|最終_?回答)[\s*_-]*"
)


def _weak_pair(key: Key, label: str, value: str, text: str) -> Clause | None:
    """Return what a key says that is none of sameness or difference; None if it is to be read as prose."""
    if key.kind == "answer" and says_bad(value):
        return Clause("different", text)
    if stamp := judgement(label, value):
        return stamp
    if nothing(value) and (WHERE.fullmatch(label) or (key.kind == "prose" and key.true is None)):
        return Clause("neutral", text)  # 「箇所：なし」
    if key.kind == "neutral" and SURE.fullmatch(value):
        return Clause("neutral", text)
    if key.kind == "neutral" and names_thing(value) and len(label.split()) < 3:
        return Clause("neutral", text)  # "Object: cookie"
    if lacks(label, value):
        return Clause("different", text, named=True)
    if (
        key.kind in ("unknown", "neutral")
        and (truth(value) is False or nothing(value))
        and names_fault(label)
    ):
        return Clause("fine", text)  # "Scratches: none"
    if key.kind in ("unknown", "neutral") and names_fault(label) and (count := _SOME.fullmatch(value)):
        return Clause("different" if count["n"].strip("0") else "fine", text, named=True)  # "Bent pins: 2"
    return None


_SOME = later(rf"(?P<n>\d{{1,3}}){COUNTER}?")


_RESTRICTED = later(r"\b(?:except|apart|besides|other than|only|if|unless|but)\b|以外|除|だけ|のみ")


def _said_of(key: Key, label: str, value: str, text: str) -> Clause | None:
    """Return what a value says that is no yes or no under a key with a polarity."""
    if key.noun or key.kind != "verdict":
        return None
    if stated := states(value):
        return Clause(stated, text)  # 「同じかどうか：違う」
    short = len(value.split()) < 3 and len(label.split()) < 4
    return Clause("turn", text) if short else None  # "match: failed"


def _pair(label: str, value: str) -> Clause | None:
    """Return what "difference: no" says; None if it is no key with a value."""
    key = polarity(label.strip(" *_-").replace("(s)", "s"))
    holds = truth(value)
    text = f"{label}: {value}"
    if _TITLES.fullmatch(label) and names_thing(value):
        return Clause("neutral", text)
    if key.kind in ("verdict", "answer", "part", "count") and undecided(value):
        return Clause("doubt", text)
    if key.true is None or key.kind not in ("verdict", "part", "excluded", "count"):
        return _weak_pair(key, label, value, text)
    if (holds is not None or nothing(value)) and _RESTRICTED.search(label):
        return Clause("turn", text)  # "the same except for the pin: false"
    number = re.fullmatch(rf"(\d{{1,4}})(?:\.0+)?{COUNTER}?", value)
    if key.kind == "count" or (key.kind == "verdict" and key.noun and number):
        if number:
            return Clause("different" if int(number[1]) else "same", text)
        return Clause("same", text) if nothing(value) or holds is False else None
    if holds is None and not (nothing(value) and key.noun):
        return _said_of(key, label, value, text)
    verdict = key.true if holds else ("same" if key.true == "different" else "different")
    if key.kind == "part":
        return Clause("alike" if verdict == "same" else "different", text, named=True)
    if key.kind == "excluded":
        return Clause("neutral", text)
    return Clause(verdict, text)
