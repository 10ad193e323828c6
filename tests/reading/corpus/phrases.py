"""Phrases that `tests.reading.corpus.forms` puts answers together from."""
# ruff: noqa: E501 - tables: an entry and its translation are easier to compare on one line

from typing import Any

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
