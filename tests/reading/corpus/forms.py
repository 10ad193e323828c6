"""Answers in other forms than prose: short ones, JSON, lists, tags, numbers and letters."""

import json
from collections.abc import Iterator
from random import Random
from typing import Any

from tests.reading.corpus import english, japanese
from tests.reading.corpus.english import options
from tests.reading.corpus.row import Row

SHORT: dict[str, list[tuple[str, str | None]]] = {
    "en": [
        ("Yes", "different"), ("No", "same"), ("Same", "same"), ("Different", "different"), ("No difference", "same"),
        ("Identical", "same"), ("Not identical", "different"), ("None", "same"), ("Not the same", "different"),
        ("Unchanged", "same"), ("No changes", "same"), ("Mismatch", "different"), ("Not different", "same"),
        ("no differences found", "same"), ("Yes, different", "different"), ("No, identical", "same"), ("Difference found", "different"),
        ("Unsure", None), ("Maybe", None), ("Unclear", None), ("I don't know", None), ("Cannot tell", None),
        ("The same", "same"), ("They differ", "different"), ("They match", "same"), ("No match", "different"), ("A match", "same"),
    ],
    "ja": [
        ("はい", "different"), ("いいえ", "same"), ("同じ", "same"), ("違いあり", "different"), ("違いなし", "same"), ("同一", "same"),
        ("異なる", "different"), ("あります", "different"), ("ありません", "same"), ("差異なし", "same"), ("変化あり", "different"), ("不一致", "different"),
        ("一致", "same"), ("違いはない", "same"), ("違う", "different"), ("同じではない", "different"), ("わからない", None), ("不明", None), ("違いません", "same"),
        ("いいえ、同じです", "same"), ("はい、違います", "different"), ("異常なし", "same"), ("ない", "same"), ("ある", "different"),
    ],
}  # fmt: skip
SHORT_FORMS = [
    "{}", "{}.", "**{}**", " {}\n", "*{}*", '"{}"', "`{}`", "- {}", "({})", "[{}]", "{}!", "# {}", "> {}", "__{}__",
    "Answer: {}", "**Answer:** {}", "Final answer: {}", "The answer is {}.", "My answer: **{}**", "{}<|end|>", "A: {}",
    "\\boxed{{{}}}", "$\\boxed{{\\text{{{}}}}}$", "<answer>{}</answer>", "<think>hm, they look alike, or not</think>\n{}",
    "<reasoning>They differ, maybe.</reasoning><answer>{}</answer>", "◁think▷They are the same.◁/think▷{}",
    "<|channel|>analysis<|message|>We compare.<|end|><|start|>assistant<|channel|>final<|message|>{}<"
    "|return|>",
    "<|begin_of_box|>{}<|end_of_box|>", "Conclusion: {}", "### Answer\n{}", "Verdict: {}", "<|im_start|>assistant\n{}<|im_end|>",
]  # fmt: skip
SHORT_FORMS_JA = [
    "{}", "{}。", "**{}**", "「{}」", "答え：{}", "回答：{}", "【回答】{}", "結論：{}", "- {}", "答えは「{}」です。", "<answer>{}</answer>", "判定：**{}**",
    "<think>比べてみる。同じかもしれない。</think>{}", "\\boxed{{{}}}", "最終的な回答：{}", "# 結論\n{}",
]  # fmt: skip
BOOL_KEYS = {
    "different": "difference has_difference is_different differ differences_found images_differ difference_detected hasDifferences mismatch "
    "changed has_changed defect is_defective anomaly has_anomaly not_same not_identical unequal "
    "any_difference different "
    "difference_exists isDifferent defect_detected there_is_a_difference has_defect anomaly_detected "
    "pictures_are_different not_equal",
    "same": "same is_same identical are_identical match matches equal unchanged no_difference no_change defect_free without_defect "
    "not_different no_defects is_identical isSame noDifference images_match no_anomaly both_same "
    "is_unchanged no_differences_found "
    "identical_images are_the_same no_mismatch free_of_defects is_defect_free pictures_identical",
}
BOOL_KEYS_JA = {
    "different": "違いあり 違い 差異 相違 違いの有無 不一致 異常 欠陥あり 変化 違いがある",
    "same": "同じ 同一 一致 違いなし 異常なし 差異なし 変化なし 同一である",
}
TRUE, FALSE = [True, "yes", "true", "Yes"], [False, "no", "false", "No"]
TRUE_JA, FALSE_JA = [True, "はい", "あり"], [False, "いいえ", "なし"]
UNKNOWN = ["foo", "flag", "ok", "valid", "x", "critical", "passed", "approved"]
WRAPS = [
    "{}",
    "```json\n{}\n```",
    "Here is the result:\n{}",
    "{}\n",
    "```\n{}\n```",
    "Sure! {}",
    "<answer>{}</answer>",
    "[{}]",
    "{}<|end|>",
    "The result is:\n\n```json\n{}\n```\n",
]
FIELDS: list[dict[str, Any]] = [
    {},
    {},
    {"confidence": 0.93},
    {"location": "pin 3"},
    {"bbox": [1, 2, 3, 4]},
    {"part": "connector"},
]


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


ITEMS = {
    "en": "Pin 3 is bent|The left pin is missing|The label has been removed|A scratch on the housing|Missing screw|The housing is darker|Pin 5: missing|"
    "The third pin is shorter in the lower image|Crack near the edge|The color of the cable changed from "
    "red to blue|Different logo on the cover|"
    "Upper image: 8 pins, lower image: 7 pins|The capacitor C3 is rotated|The latch is broken|Extra hole "
    "in the top right corner",
    "ja": "左のピンが曲がっている|3番ピンがない|ラベルが剥がれている|ハウジングに傷がある|ネジの欠落|色が異なる|ピンの曲がり|下の画像ではピンが短い|コンデンサが無くなっている|角が欠けている|"
    "端子が折れています|余分な穴がある|上の写真にはラベルがあるが、下の写真にはない",
}
LISTS = ["- ", "* ", "{n}. ", "{n}) ", "• ", ""]
INTROS = {
    "en": "||Here are the differences:\n|There are {n} differences:\n|Differences:\n|**Differences:**\n\n|The differences between the two pictures are:\n|Sure! Here are the differences:\n\n|"
    "I compared the two images and found the following differences:\n|Yes, there are differences between "
    "the two images:\n",
    "ja": "||違いは以下の通りです。\n|違いは{n}つあります。\n|違い：\n|**違い**\n\n|以下の違いが見られます：\n|2枚の写真を比較しました。\n",
}
OUTROS = {
    "en": "||\nEverything else is the same.|\n\nNo other differences were found.|\nThe rest is identical.",
    "ja": "||\n他に違いはありません。|\nそれ以外は同じです。",
}
NO_ITEMS = {
    "en": "No difference|No differences.|None|None.|- None|There are no differences.|No differences found.|Both connectors look good.|All pins are present and straight in both pictures.|"
    "No visible damage.|Not applicable|N/A|The same connector is shown in both pictures.|No difference. "
    "Both show a white connector.|"
    "There are no differences between the two pictures. All pins are present.|Differences: none|No "
    "defects.|They are identical.|Nothing is missing.|Neither picture shows any damage.",
    "ja": "違いはありません|違いはありません。|なし|特になし|違いなし|問題ありません。|異常はなさそうです。|違いは見られません。|どちらも同じです。|違いはありません。どちらもピンが揃っています。|"
    "2枚の写真に違いはありません。|違い：なし|該当なし|両方とも正常です。|欠陥は見当たりません。"
    "|すべてのピンが揃っています。",
}
REMARKS = {
    "en": "The images show a connector.|Let me compare the two pictures.|The housing is the same.|I cannot tell.|There might be a difference.|- A white connector\n- Eight pins|The two pictures are very similar.|"
    "Here are the differences:|Both images show a white connector.",
    "ja": "2枚の写真を比較します。|ハウジングは同じです。|わかりません。|違いがあるかもしれません。|白いコネクタが写っています。|よく似ています。",
}


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


COUNT_EN = """
{d}|{w}|{d}.|**{d}**|{W}.|There are {w} differences.|There are {d} differences between the two pictures.|{d} differences|The number of differences is {d}.
Differences: {d}|Answer: {d}|Total: {d}|I count {w} differences.|{W} ({d})|No. of differences: {d}|Number of differences: {d}|{d}.0|The pictures differ in {w} places.
There are {w} small, subtle differences.|I found {d} differences.|\\boxed{{{d}}}|<answer>{d}</answer>|Answer: $\\boxed{{{d}}}$|{W}: pin 1, pin 2 and pin 3.|There are exactly {w} differences.
I can see {w} visible differences between the two images.|Total number of differences: {d}|The answer is {d}.|<think>maybe 7</think>{d}|{w} differences in total|In total, there are {d} differences.
Upon comparing the two images, there are {w} differences.|They differ in {w} ways.|The two images have {w} differences.|A total of {d} differences were found.
"""
COUNT_JA = """
{d}|{d}個|{d}箇所|{d}か所です。|違いは{d}つあります。|違いの数：{d}|違いは{d}箇所です。|{k}つ|違いは全部で{d}つです。|{d}つの違いがあります。|答え：{d}|{d}点
違いの数は{d}です。|合計{d}個です。|2枚の写真には{d}箇所の違いがあります。|{d}か所、色と形です。|違いは{k}つです。|{d}つです。|全部で{d}箇所の違いが見られます。|違いが{d}か所あります。
回答：{d}|{d}箇所異なります。|違いの数：{d}個|<answer>{d}</answer>|違いは{d}点あります。|異なる点は{d}つです。
"""
COUNT_NONE_EN = "50%|about 3|2 or 3 differences|several differences|I can't tell.|There is a difference.|between 2 and 4|At least 2|8 pins|Pin 4 is missing.|3?|There are 10 pins in the upper image and 9 in the lower."
COUNT_NONE_JA = (
    "約3個|2か3個|いくつかあります。|わかりません。|3個以上|3番ピンが違います。|50%|複数あります。|2〜3個"
)
ZERO_EN = "0|Zero|None|There are no differences.|The two images are identical.|No differences were found.|Number of differences: 0|0 differences|There are zero differences."
ZERO_JA = "0|ゼロ|違いはありません。|なし|違いは0個です。|同じです。|0個|違いの数：0|違いは一つもありません。"
WORDS = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]


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


CHOICE_EN = """
{L}|{l}|({L})|{L}.|**{L}**|{L}. {o}|{L}) {o}|{L}: {o}|Answer: {L}|The answer is {L}.|The correct answer is {L}.|Option {L}|The correct option is {L}: {o}|I would choose {L}.
Answer: {L}\\n\\nExplanation: the pins show it.|**Answer: {L}**\\n\\n**Explanation:** look at the pins.|The answer is ({L}) {o}.|{L}, because the lower picture shows it.|{L} is correct.|It is {L}.
\\boxed{{{L}}}|ANSWER: ${L}$|\\boxed{{\\text{{{L}}}}}|<answer>{L}</answer>|<think>A or B or C</think>{L}|{o}|The difference is a {o}.|So the answer is {L}.|Based on the pictures, the answer is {L}.
The right choice is {L}.|My answer: {L}|The best option is {L}.|{L}\\n\\nThe lower picture shows it.|Final answer: {L}|I'd go with {L}.|Option {L} is correct.|The correct letter is {L}.
"""
CHOICE_JA = """
{L}|{L}。|（{L}）|{L}. {o}|答え：{L}|答えは{L}です。|正解：{L}\\n\\nピンを見るとわかります。|正解は{L}です。|選択肢{L}|{L}です。|{L}が正しいです。|**{L}**|{o}|{o}です。|回答：{L}|{L}：{o}|正しい選択肢は{L}です。|{L}だと思います。
<answer>{L}</answer>|\\boxed{{{L}}}|答えは「{L}」です。|選択肢{L}が正解です。
"""
CHOICE_NONE_EN = "A or B|I cannot tell.|Both A and B|None of the above|maybe B|D|A picture of a connector|Not A.|A. missing pin\\nB. bent pin\\nC. scratch|It could be A."
CHOICE_NONE_JA = "AとB|わかりません。|おそらくB|AかBです。|どちらとも言えません。|D"


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
