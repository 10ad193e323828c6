"""Lists of differences, and counts of them."""

import random

from tests.reading.fifth.ja.talk import EXCLUDED, FULL, Made, Talk, wide
from tests.reading.fifth.ja.undecided import open_description, open_refused

MARKS = ("・", "- ", "* ", "", "{n}. ", "{n}) ", "({n}) ", "{n}．", "【{n}】", "・ ", "{c} ", "{c}")
CIRCLED = "①②③④⑤⑥"


def _no_difference(t: Talk) -> str:
    """An answer to 'name the differences' that says that there are none."""
    a, b = t.features(2)
    (m, _), (n, _) = t.faults(2)
    end = t.say(
        t.pick("違いはありません。", "違いは見当たりません。", "変わった点はありません。"),
        t.pick("違いはない。", "相違点はない。", "違いは認められない。"),
    )
    excluded = t.rng.choice(EXCLUDED)[0]
    _, te = t.fault(lasting=True)
    if t.rng.random() < 0.2:
        return f"- {m}{t.colon}なし\n- {n}{t.colon}なし\n\n{end}"
    return t.opening() + t.pick(
        f"{a}も{b}も{t.say('同じです', '同じである')}。{end}",
        f"{t.first}と{t.second}に{end}",
        f"{m}も{n}も{t.say('ありません', 'ない')}。{end}",
        f"{excluded}のほかに{end}",
        f"{t.first}でも{t.second}でも{t.iru(te)}。共通の特徴なので、{end}",
        f"{t.second}の{a}は{t.first}と{t.say('変わりません', '変わらない')}。{end}",
    )


def differences_list(rng: random.Random) -> Made:
    """The differences, listed; or that there are none; or nothing that decides."""
    t = Talk(rng)
    number = rng.choices((-1, 0, 1, 2, 3, 4, 5), (10, 15, 25, 22, 16, 8, 4))[0]
    if number < 0:
        frames = (open_refused, open_description)
        return "?", wide(rng, rng.choice(frames)(t))
    if number == 0:
        return "0", wide(rng, _no_difference(t))
    found = t.faults(number)
    style = rng.randrange(6)
    if style == 0 and number <= 3:
        text = _in_sentences(t, found)
    else:
        mark = rng.choice(MARKS)
        items = [_item(t, style, noun, te) for noun, te in found]
        lead = rng.choice(("", "", "", _lead(t, number)))
        text = lead + "\n".join(mark.format(n=n, c=CIRCLED[n - 1]) + item for n, item in enumerate(items, 1))
    return str(number), wide(rng, text)


def _lead(t: Talk, number: int) -> str:
    """What stands ahead of a list."""
    return t.pick(
        f"違いは以下の{number}点です。\n\n",
        f"違い{t.colon.strip()}\n",
        "**違い**\n\n",
        f"{t.first}と{t.second}の違いは次のとおりです。\n",
        f"相違点（{number}件）\n",
        "## 違い\n\n",
    )


def _item(t: Talk, style: int, noun: str, te: str) -> str:
    """One entry of a list."""
    if style == 1:
        return noun
    if style == 2:
        return f"**{noun}**{t.colon}{t.iru(te)}"
    if style == 3:
        return f"{t.second}では{t.iru(te)}"
    if style == 4:
        return f"{t.iru(te)}。"
    return te + "いる"


def _in_sentences(t: Talk, found: list[tuple[str, str]]) -> str:
    """Differences told in sentences, one a line, as they were asked for."""
    leads = [f"{t.second}では", "また、", "さらに、"]
    return "\n".join(f"{lead}{t.iru(te)}。" for lead, (_, te) in zip(leads, found, strict=False))


KANJI = ("ゼロ", "一", "二", "三", "四", "五", "六", "七", "八", "九", "十")


UNCOUNTED = ("不明", "わかりません", "数えられません", "判断できません", "複数あります", "はっきりしません")


def count_short(rng: random.Random) -> Made:
    """The number of differences."""
    if rng.random() < 0.1:
        word = rng.choice(UNCOUNTED)
        return "?", word + rng.choice(("", "。"))
    number = rng.choices(range(11), (6, 8, 8, 7, 5, 4, 2, 2, 1, 1, 1))[0]
    figure = rng.choice((str(number), str(number), str(number).translate(FULL)))
    unit = rng.choice(("", "", "つ" if 1 <= number <= 9 else "個", "か所", "箇所", "個", "ヶ所", "点"))
    if rng.random() < 0.2 and number:
        figure, unit = KANJI[number], rng.choice(("つ" if number <= 9 else "個", "か所", "点"))
    lead = rng.choice(("", "", "", "答え：", "違いは", "回答: ", "2枚の写真の違いは", "合計"))
    if lead.endswith("は"):
        return str(number), f"{lead}{figure}{unit}です。"
    return str(number), lead + figure + unit + rng.choice(("", "", "。", "です。"))
