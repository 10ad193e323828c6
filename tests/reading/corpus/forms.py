"""Answers in other forms than prose: short ones, JSON, lists, tags, numbers and letters."""

import json
from collections.abc import Iterator
from random import Random
from typing import Any

from tests.reading.corpus import english, japanese
from tests.reading.corpus.english import options
from tests.reading.corpus.phrases import (
    BOOL_KEYS,
    BOOL_KEYS_JA,
    CHOICE_EN,
    CHOICE_JA,
    CHOICE_NONE_EN,
    CHOICE_NONE_JA,
    COUNT_EN,
    COUNT_JA,
    COUNT_NONE_EN,
    COUNT_NONE_JA,
    FALSE,
    FALSE_JA,
    FIELDS,
    INTROS,
    ITEMS,
    LISTS,
    NO_ITEMS,
    OUTROS,
    REMARKS,
    SHORT,
    SHORT_FORMS,
    SHORT_FORMS_JA,
    TRUE,
    TRUE_JA,
    UNKNOWN,
    WORDS,
    WRAPS,
    ZERO_EN,
    ZERO_JA,
)
from tests.reading.corpus.row import Row


def _dumped(rng: Random, data: Any) -> str:
    text = json.dumps(data, ensure_ascii=False, indent=rng.choice([None, None, 2]))
    shape = rng.randrange(6)
    if shape == 0:
        text = repr(data)
    elif shape == 1:
        text = text[:-1] + ",}" if text.endswith("}") and text != "{}" else text
    return rng.choice(WRAPS).format(text)


def _reason(rng: Random, language: str, truth: str) -> str:
    lines = {
        ("en", "same"): [
            "Both images show the same connector.",
            "The images are identical.",
            "No visible differences.",
            "All pins match.",
        ],
        ("en", "different"): [
            "Pin 3 is bent in the lower image.",
            "The label is missing.",
            "There is a scratch on the housing.",
        ],
        ("ja", "same"): ["どちらも同じコネクタです。", "違いは見られません。", "ピンがすべて揃っています。"],
        ("ja", "different"): [
            "下の写真では左のピンが曲がっています。",
            "ラベルがありません。",
            "ハウジングに傷があります。",
        ],
    }
    return rng.choice(lines[language, truth])


def json_verdicts(rng: Random, number: int, language: str) -> Iterator[Row]:
    """Yield JSON answers to a ``verdict`` question."""
    keys = BOOL_KEYS if language == "en" or rng.random() < 0.3 else BOOL_KEYS_JA
    yes, no = (TRUE, FALSE) if language == "en" else (TRUE + TRUE_JA, FALSE + FALSE_JA)
    for _ in range(number):
        keys = BOOL_KEYS if language == "en" or rng.random() < 0.4 else BOOL_KEYS_JA
        truth = rng.choice(("same", "different"))
        means = rng.choice(("same", "different"))
        key = rng.choice(keys[means].split())
        value = rng.choice(yes if means == truth else no)
        other = dict(rng.choice(FIELDS))
        reason = (
            {rng.choice(["reason", "explanation", "説明"]): _reason(rng, language, truth)}
            if rng.random() < 0.4
            else {}
        )
        shape = rng.randrange(9)
        expected: str | None = truth
        if shape < 4:
            data: Any = {key: value} | other | reason
            why = "a key with a polarity"
        elif shape == 4:
            word = ("No" if truth == "same" else "Yes") if rng.random() < 0.5 else truth
            data, why = (
                {rng.choice(["answer", "verdict", "result", "conclusion"]): word} | other | reason,
                "a key that asks for the answer",
            )
        elif shape == 5:
            data, why = {"result": {key: value} | reason}, "a nested key with a polarity"
        elif shape == 6:
            count = 0 if truth == "same" else rng.randrange(1, 6)
            data, why = (
                {
                    rng.choice(
                        [
                            "num_differences",
                            "differences",
                            "difference_count",
                            "number_of_differences",
                            "defects",
                        ]
                    ): count
                },
                "a count",
            )
        elif shape == 7:
            data, expected, why = {rng.choice(UNKNOWN): rng.choice(yes + no)}, None, "a key that is not known"
        else:
            against = "same" if truth == "different" else "different"
            data, expected, why = (
                {
                    key: value,
                    "reason": _reason(rng, language, against)
                    if against == "different"
                    else "The two are identical.",
                },
                None,
                "contradicts itself",
            )
        yield Row("verdict", language, "json", _dumped(rng, data), expected, why)


def key_lines(rng: Random, number: int, language: str) -> Iterator[Row]:
    """Yield "key: value" answers to a ``verdict`` question."""
    for _ in range(number):
        keys, yes, no = (
            (BOOL_KEYS, ["yes", "true", "Yes"], ["no", "false", "No"])
            if language == "en"
            else (BOOL_KEYS_JA, ["あり", "はい"], ["なし", "いいえ"])
        )
        means, truth = rng.choice(("same", "different")), rng.choice(("same", "different"))
        key = rng.choice(keys[means].split())
        value = rng.choice(yes if means == truth else no)
        if language == "ja" and (key.endswith(("あり", "なし", "ある"))):
            value = "はい" if means == truth else "いいえ"
        sign = rng.choice([": ", " = ", ":", "："])
        lines = [f"{key.replace('_', rng.choice(['_', ' ']))}{sign}{value}"]
        if rng.random() < 0.4:
            lines.append(f"{'Reason' if language == 'en' else '理由'}{sign}{_reason(rng, language, truth)}")
        yield Row("verdict", language, "lines", "\n".join(lines), truth, "a line with a key and a value")


def shorts(rng: Random, number: int, language: str) -> Iterator[Row]:
    """Yield short answers in all wrappings."""
    for _ in range(number):
        text, truth = rng.choice(SHORT[language])
        form = rng.choice(SHORT_FORMS if language == "en" else SHORT_FORMS_JA)
        asks = "difference"
        if truth is not None and rng.random() < 0.15 and text in ("Yes", "No", "はい", "いいえ"):
            asks, truth = "sameness", "same" if truth == "different" else "different"
        kind = "tags" if "<" in form or "\\" in form or "◁" in form else "short"
        yield Row("verdict", language, kind, form.format(text), truth, "a short answer", asks=asks)


def differences(rng: Random, number: int, language: str) -> Iterator[Row]:
    """Yield answers to a ``differences`` question."""
    for _ in range(number):
        shape = rng.randrange(10)
        names = rng.sample(ITEMS[language].split("|"), rng.randrange(1, 5))
        if shape < 5:
            mark = rng.choice(LISTS)
            body = "\n".join(mark.format(n=n) + name for n, name in enumerate(names, 1))
            intro = rng.choice(INTROS[language].split("|")).format(n=len(names)) if mark else ""
            outro = rng.choice(OUTROS[language].split("|"))
            yield Row(
                "differences",
                language,
                "prose",
                intro + body + outro,
                "different",
                "a list of differences",
                len(names),
            )
        elif shape == 5:
            form = rng.choice(["{}", "**{}**", "{}\n", "<answer>{}</answer>", "<think>hm</think>{}"])
            yield Row(
                "differences",
                language,
                "prose",
                form.format(rng.choice(NO_ITEMS[language].split("|"))),
                "same",
                "says that nothing differs",
                0,
            )
        elif shape == 6:
            yield Row(
                "differences",
                language,
                "prose",
                rng.choice(REMARKS[language].split("|")),
                None,
                "names nothing",
                0,
            )
        elif shape == 7:
            refusals = options(english.REFUSALS if language == "en" else japanese.REFUSALS)
            yield Row("differences", language, "prose", rng.choice(refusals), None, "refuses", 0)
        elif shape == 8:
            similar, head = (
                (
                    ("Same housing", "Same colour", "Both have eight pins"),
                    ("**Differences:**", "**Similarities:**"),
                )
                if language == "en"
                else (("ハウジングは同じ", "色は同じ"), ("違い：", "共通点："))
            )
            text = (
                f"{head[0]}\n"
                + "\n".join(f"- {name}" for name in names)
                + f"\n\n{head[1]}\n"
                + "\n".join(f"- {name}" for name in similar)
            )
            yield Row(
                "differences",
                language,
                "prose",
                text,
                "different",
                "a list of differences, and one of similarities",
                len(names),
            )
        else:
            yield from _json_differences(rng, language, names)


def _json_differences(rng: Random, language: str, names: list[str]) -> Iterator[Row]:
    key = rng.choice(
        ["differences", "difference_list", "changes", "defects"]
        + (["違い", "相違点"] if language == "ja" else [])
    )
    shape = rng.randrange(5)
    if shape == 0:
        yield Row(
            "differences",
            language,
            "json",
            _dumped(rng, {key: names}),
            "different",
            "a list in JSON",
            len(names),
        )
    elif shape == 1:
        yield Row(
            "differences",
            language,
            "json",
            _dumped(rng, {key: [{"location": name, "description": name} for name in names]}),
            "different",
            "a list of objects",
            len(names),
        )
    elif shape == 2:
        yield Row(
            "differences",
            language,
            "json",
            rng.choice(WRAPS[:5]).format(json.dumps(names, ensure_ascii=False)),
            "different",
            "a bare list",
            len(names),
        )
    else:
        data = rng.choice(
            [
                {key: []},
                {key: None},
                {key: "none"},
                {"no_difference": True},
                {"differences": [], "identical": True},
                {key: "No difference"},
            ]
        )
        yield Row("differences", language, "json", _dumped(rng, data), "same", "JSON without differences", 0)


def counts(rng: Random, number: int, language: str) -> Iterator[Row]:
    """Yield answers to a ``count`` question."""
    for _ in range(number):
        n = rng.randrange(2, 10)
        shape = rng.randrange(8)
        if shape < 5:
            template = rng.choice(options(COUNT_EN if language == "en" else COUNT_JA))
            text = template.format(d=n, w=WORDS[n], W=WORDS[n].capitalize(), k="〇一二三四五六七八九"[n])
            yield Row(
                "count",
                language,
                "prose" if " " in text or len(text) > 6 else "short",
                text,
                n,
                "a number of differences",
            )
        elif shape == 5:
            yield Row(
                "count",
                language,
                "prose",
                rng.choice((COUNT_NONE_EN if language == "en" else COUNT_NONE_JA).split("|")),
                None,
                "no definite number of differences",
            )
        elif shape == 6:
            yield Row(
                "count",
                language,
                "prose",
                rng.choice((ZERO_EN if language == "en" else ZERO_JA).split("|")),
                0,
                "none",
            )
        else:
            key = rng.choice(
                [
                    "count",
                    "num_differences",
                    "number_of_differences",
                    "differences",
                    "answer",
                    "total",
                    "difference_count",
                ]
                + (["違いの数", "個数"] if language == "ja" else [])
            )
            yield Row(
                "count",
                language,
                "json",
                _dumped(rng, {key: rng.choice([n, str(n)])}),
                n,
                "a number under a key that counts",
            )


def choices(rng: Random, number: int, language: str) -> Iterator[Row]:
    """Yield answers to a ``choice`` question."""
    from tests.reading.corpus.row import OPTIONS, OPTIONS_JA

    named = OPTIONS if language == "en" else OPTIONS_JA
    for _ in range(number):
        index = rng.randrange(3)
        letter = "ABC"[index]
        shape = rng.randrange(8)
        if shape < 6:
            template = rng.choice(options(CHOICE_EN if language == "en" else CHOICE_JA)).replace("\\n", "\n")
            text = template.format(L=letter, l=letter.lower(), o=named[index])
            yield Row(
                "choice", language, "prose" if len(text) > 12 else "short", text, letter, "names an option"
            )
        elif shape == 6:
            yield Row(
                "choice",
                language,
                "prose",
                rng.choice((CHOICE_NONE_EN if language == "en" else CHOICE_NONE_JA).split("|")).replace(
                    "\\n", "\n"
                ),
                None,
                "names none, or several",
            )
        else:
            data = {
                rng.choice(["choice", "answer", "option", "correct_option", "selected"]): rng.choice(
                    [letter, f"{letter}. {named[index]}", named[index]]
                )
            }
            if rng.random() < 0.5:
                data["reason"] = "It is visible in the lower picture."
            yield Row(
                "choice",
                language,
                "json",
                _dumped(rng, data),
                letter,
                "names an option under a key that asks for it",
            )
