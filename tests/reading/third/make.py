"""Write the third corpus: ``python -m tests.reading.third.make``.

It was written before its author had seen a line of the reader or of the other corpora. Each template belongs to one half
by the hash of its own text, so that no wording is in both: ``open.jsonl`` may be looked at while the reader is improved,
``held.jsonl`` only measures.
"""

import hashlib
import json
import random
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from tests.reading.third import choices, english, japanese, lists, structured
from tests.reading.third.words import ENGLISH, JAPANESE, Fault, capital

HERE = Path(__file__).parent
FAULTS = {"en": ENGLISH, "ja": JAPANESE}
PROSE = {"en": english, "ja": japanese}
NUMBERS = ("zero", "one", "two", "three", "four", "five", "six", "seven")
#: Parts that are not there where the fault is: such a sentence neither affirms nor denies them.
GONE = {"screw", "mug", "latch", "ねじ", "マグカップ", "配線"}
KANJI = "〇一二三四五六七"
Value = str | int | bool | None


class Writer:
    """Fills templates; the random numbers of a template hang on that template alone."""

    def __init__(self) -> None:
        """Begin with no rows."""
        self.rows: list[dict[str, object]] = []
        self._seen: set[tuple[str, str, str]] = set()

    def add(
        self,
        kind: str,
        language: str,
        form: str,
        template: str,
        text: str,
        expected: Value,
        **more: object,
    ) -> None:
        """Take one answer, unless it is there already."""
        if (kind, language, text) in self._seen:
            return
        self._seen.add((kind, language, text))
        row = {
            "template": _digest(kind, template),
            "kind": kind,
            "language": language,
            "form": form,
            "text": text,
            "expected": expected,
        }
        self.rows.append(row | more)


def _digest(kind: str, template: str) -> str:
    return hashlib.sha256(f"{kind} {template}".encode()).hexdigest()[:8]


def _half(kind: str, template: str) -> str:
    return "held" if int(_digest(kind, template), 16) % 2 else "open"


def _random(template: str) -> random.Random:
    return random.Random(hashlib.sha256(template.encode()).digest())


def _filled(template: str, slots: Mapping[str, str]) -> str:
    return re.sub(r"\{([a-zA-Z])\}", lambda match: slots[match[1]], template)


def _prose(template: str, fault: Fault) -> str:
    slots = {"t": fault.thing, "s": fault.happening, "g": fault.good, "p": fault.part}
    slots |= {"T": capital(fault.thing), "S": capital(fault.happening), "G": capital(fault.good)}
    return _filled(template, slots)


def _list(template: str, faults: Sequence[Fault]) -> str:
    def fill(match: re.Match[str]) -> str:
        fault = faults[int(match[1]) - 1]
        found = {"t": fault.thing, "s": fault.happening, "g": fault.good, "p": fault.part}[match[2].lower()]
        return capital(found) if match[2].isupper() else found

    return re.sub(r"\{(\d)([tsgpTSGP])\}", fill, template)


def _words(template: str, faults: Sequence[Fault]) -> list[str]:
    used = {int(number) - 1 for number in re.findall(r"\{(\d)[tTsS]\}", template)}
    return [faults[index].word for index in sorted(used)]


def verdicts(writer: Writer, language: str) -> None:
    """Verdicts in prose, in short, and wrapped."""
    module = PROSE[language]
    for templates, expected in ((module.DIFFERENT, "different"), (module.SAME, "same"), (module.OPEN, None)):
        for template in templates:
            for fault in _random(template).sample(FAULTS[language], 2):
                writer.add("verdict", language, "prose", template, _prose(template, fault), expected)
    shorts = ((module.SHORT_DIFFERENT, "different"), (module.SHORT_SAME, "same"), (module.SHORT_OPEN, None))
    for texts, expected in shorts:
        for text in texts:
            writer.add("verdict", language, "short", text, text, expected)
    for wrapper in structured.WRAPPERS:
        for different in (True, False):
            whole = module.DIFFERENT if different else module.SAME
            brief = module.SHORT_DIFFERENT if different else module.SHORT_SAME
            chance = _random(wrapper + language + str(different))
            same_half = [text for text in whole if _half("verdict", text) == _half("verdict", wrapper)]
            for source in (brief[:1], same_half):
                answer = _prose(chance.choice(source), chance.choice(FAULTS[language]))
                text = wrapper.replace("%A", answer).replace("%R", chance.choice(structured.THOUGHTS))
                writer.add(
                    "verdict", language, "wrapped", wrapper, text, "different" if different else "same"
                )
    for wrapper in structured.UNFINISHED:
        text = wrapper.replace("%A", "Yes").replace("%R", _random(wrapper).choice(structured.THOUGHTS))
        writer.add("verdict", language, "wrapped", wrapper, text, None)


def _data(template: str, language: str, findings: Sequence[str]) -> str:
    different = bool(findings)
    japanese_text = language == "ja"
    explained = "2枚目に傷があります。" if different else "どちらも同じ状態です。"
    if not japanese_text:
        explained = (
            "A scratch is visible in the second picture."
            if different
            else "Both pictures show the same part."
        )
    slots = {
        "%T": str(different).lower(),
        "%F": str(not different).lower(),
        "%P": str(different),
        "%Q": str(not different),
        "%Y": "yes" if different else "no",
        "%N": "no" if different else "yes",
        "%D": "different" if different else "same",
        "%L": json.dumps(list(findings), ensure_ascii=False),
        "%C": str(len(findings)),
        "%E": explained,
        "%あ": "あり" if different else "なし",
        "%は": "はい" if different else "いいえ",
        "%い": "いいえ" if different else "はい",
        "%違": "違う" if different else "同じ",
    }
    return re.sub("|".join(slots), lambda match: slots[match[0]], template)


def data(writer: Writer) -> None:
    """Verdicts and counts as data."""
    verdict = {"en": structured.VERDICT, "ja": structured.JAPANESE_VERDICT}
    count = {"en": structured.COUNT, "ja": structured.JAPANESE_COUNT}
    for language in ("en", "ja"):
        for template in verdict[language]:
            findings = [fault.thing for fault in _random(template).sample(FAULTS[language], 2)]
            writer.add(
                "verdict", language, "data", template, _data(template, language, findings), "different"
            )
            writer.add("verdict", language, "data", template, _data(template, language, []), "same")
        for template in count[language]:
            for number in (0, 2, 3):
                findings = [fault.thing for fault in _random(template).sample(FAULTS[language], number)]
                writer.add("count", language, "data", template, _data(template, language, findings), number)
    for text in structured.OPEN:
        writer.add("verdict", "en", "data", text, text, None)


def findings(writer: Writer) -> None:
    """Differences as lists, none of them, and answers that name none and do not say so."""
    sources = {
        "en": (lists.ENGLISH, lists.ENGLISH_NONE, lists.ENGLISH_OPEN),
        "ja": (lists.JAPANESE, lists.JAPANESE_NONE, lists.JAPANESE_OPEN),
    }
    for language, groups in sources.items():
        for templates, expected in zip(groups, ("different", "same", None), strict=True):
            for template in templates:
                for turn in range(2):
                    faults = _random(f"{template}{turn}").sample(FAULTS[language], 3)
                    text = _list(template, faults)
                    form = (
                        "data"
                        if text.lstrip("`json\n")[:1] in {"[", "{"}
                        else "list"
                        if "\n" in text
                        else "prose"
                    )
                    words = _words(template, faults) if expected == "different" else []
                    writer.add("differences", language, form, template, text, expected, items=words)


def counts(writer: Writer) -> None:
    """Counts as numbers, words and lists."""
    sources = {
        "en": (lists.COUNT, lists.COUNT_ZERO, lists.COUNT_OPEN, lists.COUNT_LIST),
        "ja": (
            lists.JAPANESE_COUNT,
            lists.JAPANESE_COUNT_ZERO,
            lists.JAPANESE_COUNT_OPEN,
            lists.JAPANESE_COUNT_LIST,
        ),
    }
    for language, (numbers, zeros, unread, listed) in sources.items():
        for template in numbers:
            for number in _random(template).sample(range(1, 8), 2):
                word = NUMBERS[number]
                slots = {
                    "n": str(number),
                    "w": word,
                    "W": capital(word),
                    "k": KANJI[number],
                    "f": chr(ord("０") + number),
                }
                text = _filled(template, slots)
                form = "short" if len(text) < 16 else "prose"
                writer.add("count", language, form, template, text, number)
        for text in zeros:
            writer.add("count", language, "short" if len(text) < 16 else "prose", text, text, 0)
        for template in unread:
            text = _list(template, _random(template).sample(FAULTS[language], 3))
            writer.add("count", language, "prose", template, text, None)
        for template in listed:
            for turn in range(2):
                faults = _random(f"{template}{turn}").sample(FAULTS[language], 3)
                number = len(_words(template, faults))
                writer.add("count", language, "list", template, _list(template, faults), number)


def chosen(writer: Writer) -> None:
    """Choices."""
    sources = {
        "en": (choices.CHOICE, choices.CHOICE_OPEN, choices.OPTIONS),
        "ja": (choices.JAPANESE_CHOICE, choices.JAPANESE_CHOICE_OPEN, choices.JAPANESE_OPTIONS),
    }
    for language, (read, unread, sets) in sources.items():
        for template in (*read, *unread):
            chance = _random(template + "choice")
            for options in chance.sample(sets, 2):
                right, other = chance.sample(range(len(options)), 2)
                slots = {
                    "L": "ABCD"[right],
                    "l": "abcd"[right],
                    "F": "ＡＢＣＤ"[right],
                    "o": options[right],
                    "x": "ABCD"[other],
                    "y": options[other],
                }
                text = _filled(template, slots)
                expected = "ABCD"[right] if template in read else None
                form = (
                    "data"
                    if "{" in text[:9] and "boxed" not in text
                    else "short"
                    if len(text) < 12
                    else "prose"
                )
                writer.add("choice", language, form, template, text, expected, options=list(options))


def descriptions(writer: Writer) -> None:
    """Descriptions and the words that they affirm or deny."""
    sources = {
        "en": (choices.DESCRIBE, choices.NOUNS),
        "ja": (choices.JAPANESE_DESCRIBE, choices.JAPANESE_NOUNS),
    }
    for language, (templates, nouns) in sources.items():
        for template, affirmed in templates:
            chance = _random(template + "describe")
            for noun in chance.sample(nouns, 2):
                there = [fault for fault in FAULTS[language] if fault.word not in GONE]
                fault = chance.choice(there)
                word = noun if "{n}" in template else fault.word
                text = _prose(template.replace("{n}", noun), fault)
                writer.add("describe", language, "prose", template, text, affirmed, word=word)


def rows() -> Iterator[tuple[str, dict[str, object]]]:
    """Each answer with the half that it belongs to."""
    writer = Writer()
    for language in ("en", "ja"):
        verdicts(writer, language)
    for part in (data, findings, counts, chosen, descriptions):
        part(writer)
    for row in writer.rows:
        yield ("held" if int(str(row["template"]), 16) % 2 else "open"), row


def main() -> None:
    """Write both halves."""
    halves: dict[str, list[str]] = {"open": [], "held": []}
    for half, row in rows():
        halves[half].append(json.dumps(row, ensure_ascii=False))
    for half, lines in halves.items():
        (HERE / f"{half}.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")
        print(half, len(lines))


if __name__ == "__main__":
    main()
