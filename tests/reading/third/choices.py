"""Choices and descriptions.

In a choice ``{L}`` is the letter, ``{l}`` the small letter, ``{o}`` the option's text, ``{x}`` another letter, ``{y}`` that
letter's text.
"""

CHOICE = (
    "{L}", "{L}.", "({L})", "{L})", "{l}", "**{L}**", "{L}. {o}", "{L}: {o}", "({L}) {o}", "**{L}. {o}**", "Answer: {L}",
    "The answer is {L}.", "The correct answer is {L}.", "The correct answer is **{L}. {o}**", "Option {L}", "option {l}",
    "The right option is {L}: {o}.", "I choose {L}.", "My choice: {L}", "Letter {L}", "\\boxed{{L}}", "$\\boxed{\\text{{L}}}$", "${L}$",
    "Final answer: {L}", "{o}", "{o}.", "The answer is {o}.", "<answer>{L}</answer>", '{"answer": "{L}"}', '```json\n{"choice": "{L}"}\n```',
    '{"option": "{L}", "text": "{o}"}', "{L}\n\nExplanation: the second picture shows it.", "{L}, because I can see it in the second picture.",
    "Option {x} is wrong, so the answer is {L}.", "It cannot be {x}. The answer is {L}.", "Not {x}, but {L}.", "{x} is not correct. {L} is.",
    "Based on the pictures, the correct option is {L}.", "The difference is best described by option {L}.", "{L} - {o}",
    "<think>{x} seems right. But no, it isn't.</think>{L}", "Therefore, {L}.", "The option that describes the difference is {L}) {o}.",
    "**Answer:** {L}", "### Answer\n{L}", "Looking at the pictures, I go with {L}.", "Correct answer: ({L}) {o}", "> {L}", "{L}<|im_end|>",
    "The letter of the right option is {L}.", "At first I thought of {x}, but the answer is {L}.", "So the answer would be {L}. {o}",
)  # fmt: skip

CHOICE_OPEN = (
    "None of the above.", "I can't tell.", "A or B", "A, B", "Both A and B are right.", "I'm sorry, I cannot see the pictures.",
    "A picture of a part.", "Either {L} or {x}.", "{L} and {x}", "E", "All of them.", "I think a part is missing somewhere.", "",
    "The options are {L} and {x}.", "It is not {L}.", "Not {x}.", "{L}? {x}?",
)  # fmt: skip

JAPANESE_CHOICE = (
    "{L}", "{L}です。", "答え：{L}", "答えは{L}です。", "正解は{L}です。", "選択肢{L}", "「{L}」", "{F}", "{L}：{o}", "{L}. {o}", "（{L}）", "回答：{L}. {o}",
    "正しい選択肢は{L}です。", "{o}", "{o}です。", "{L}が正しいです。", "{x}ではなく{L}です。", "{x}は誤りで、正解は{L}です。", "**{L}**", "記号：{L}",
    '{"答え": "{L}"}', "したがって、{L}です。", "{L}を選びます。", "<think>{x}かな。いや違う。</think>{L}", "2枚を比べると、{L}が適切です。", "正しい記号は{L}です。",
    "{L}\n理由：2枚目に見られるため。",
)  # fmt: skip

JAPANESE_CHOICE_OPEN = (
    "分かりません。",
    "AかBです。",
    "AとB",
    "どれでもありません。",
    "{L}ではありません。",
    "すべて",
    "写真が見えません。",
)

OPTIONS = (
    ("a pin is bent", "a screw is missing", "the label is torn", "there is no difference"),
    ("A scratch on the lid", "A dent in the lid", "A missing lid", "A lid of another color"),
    ("the red cap is missing", "the blue cap is missing", "both caps are missing"),
    ("left", "right", "top", "bottom"),
)
JAPANESE_OPTIONS = (
    ("ピンが曲がっている", "ねじがない", "ラベルが破れている", "違いはない"),
    ("ふたの傷", "ふたのへこみ", "ふたの欠品", "ふたの色違い"),
    ("左", "右", "上", "下"),
)

#: What a picture shows: text, word, and whether the text says that it is there.
DESCRIBE = (
    ("The picture shows a {p} with {t}.", True), ("{S}.", True), ("I can see {t} on the {p}.", True),
    ("A close-up of a {p}. {S}.", True), ("The {p} is clean and shows no {n}.", False), ("There is no {n} on the {p}.", False),
    ("There isn't any {n}.", False), ("The {p} has neither a {n} nor a stain.", False), ("The {p} is free of {n}s.", False),
    ("A {p} without a {n}.", False), ("No {n} can be seen.", False), ("I do not see a {n} here.", False),
    ("The {p} lacks a {n}.", False), ("There are no visible marks, {n}s or stains.", False), ("The part shows a {n}, not a stain.", True),
    ("Not only is there a {n}, the lid is dented as well.", True), ("There is no doubt that a {n} is present.", True),
    ("The surface is not clean: it has a {n}.", True), ("It doesn't have a {n}.", False), ("Is there a {n}? No.", False),
    ("Nothing suggests a {n}.", False), ("The {p} never had a {n}.", False), ("A {n} is clearly visible near the edge.", True),
    ("Despite the good light, there is a {n} on the {p}.", True), ("While there is no stain, there is a {n}.", True),
    ("While there is no {n}, there is a stain.", False), ("The {n} runs from left to right.", True),
    ("A {n} is absent.", False), ("No sign of a {n} is present on the {p}.", False), ("The {p} shows a {n} but no dust.", True),
)  # fmt: skip

NOUNS = ("scratch", "crack", "dent", "burr")

JAPANESE_DESCRIBE = (
    ("{p}に{n}があります。", True), ("{p}に{n}はありません。", False), ("{n}が見られます。", True), ("{n}は見られません。", False),
    ("{n}のない{p}です。", False), ("{p}の表面に{n}が確認できます。", True), ("{n}は確認できません。", False), ("{n}や汚れは見当たりません。", False),
    ("汚れはありませんが、{n}があります。", True), ("{n}はなく、きれいです。", False), ("{n}が1本入っています。", True), ("{n}なしの{p}。", False),
    ("{n}の付いた{p}が写っています。", True), ("{n}がないとは言えません。", True), ("目立つ{n}はない。", False), ("{n}だけでなく汚れもあります。", True),
)  # fmt: skip

JAPANESE_NOUNS = ("傷", "ひび", "へこみ", "バリ")
