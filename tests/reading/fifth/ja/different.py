"""Frames of Japanese prose that say different."""

from tests.reading.fifth.ja.talk import EXCLUDED, GOODS, Talk


def _different_report(t: Talk) -> str:
    """Both described under headings, the second with a fault."""
    scene, sound = t.rng.choice(t.thing.scene), t.iru(t.rng.choice(t.thing.sound))
    te = t.iru(t.fault()[1])
    end = t.pick("はい、違いがあります。", "両者に差があります。", "**はい**", "違いあり")
    return (
        f"### {t.first}\n- {scene}\n- {sound}\n\n### {t.second}\n- {scene}\n- {te}\n\n"
        f"### {t.pick('結論', '判定', '回答')}\n{end}"
    )


def _different_changed(t: Talk) -> str:
    """One difference, and features that stay alike."""
    noun, te = t.fault()
    a, b = t.features(2, noun)
    return t.pick(
        t.say(
            f"{t.first}と比べると、{t.second}の{t.thing.name}は{te}います。{a}と{b}に差はありません。",
            f"{t.first}と比べると、{t.second}の{t.thing.name}は{te}いる。{a}と{b}に差はない。",
        ),
        t.say(
            f"{a}にも{b}にも違いはありません。違うのは、{t.second}で{te}いる点です。",
            f"{a}にも{b}にも違いはない。違うのは、{t.second}で{te}いる点である。",
        ),
        t.say(
            f"違いは1点だけです。{t.second}では{te}います。{a}は変わりません。",
            f"違いは1点だけである。{t.second}では{te}いる。{a}は変わらない。",
        ),
    )


def _different_plain(t: Talk) -> str:
    """A fault of the second picture only."""
    _, te = t.fault()
    return t.opening() + t.pick(
        f"{t.second}では{t.iru(te)}。{t.different_end()}",
        f"{t.second}だけ{t.iru(te)}。",
        f"{t.iru(f'{t.first}と違い、{t.second}では{te}')}。",
        t.say(
            f"{t.first}には異常がありませんが、{t.second}では{te}います。",
            f"{t.first}に異常はないが、{t.second}では{te}いる。",
        ),
    )


def _different_answer_first(t: Talk) -> str:
    """The asked word, then the fault."""
    noun, te = t.fault()
    a = t.features(1, noun)[0]
    t.polite = True
    return t.pick("はい、", "はい。", "**はい**\n\n", "はい。\n") + t.pick(
        f"{t.second}では{te}います。",
        f"{t.second}だけ{te}います。{a}は同じです。",
        f"違いがあります。{t.second}では{te}います。",
        f"{t.first}にはない{noun}が{t.second}に見られます。",
    )


def _different_except(t: Talk) -> str:
    """All alike but for one thing."""
    noun, te = t.fault()
    a, b, c = t.features(3, noun)
    return t.pick(
        t.say(
            f"{t.second}で{te}いることを除いて、{t.first}と{t.second}は同一です。",
            f"{t.second}で{te}いることを除いて、{t.first}と{t.second}は同一である。",
        ),
        t.say(
            f"{a}は同じ、{b}も同じ、{c}も同じです。ただし{t.second}だけ{te}います。",
            f"{a}は同じ、{b}も同じ、{c}も同じ。ただし{t.second}だけ{te}いる。",
        ),
        t.say(
            f"{t.second}の{noun}以外はすべて一致しています。",
            f"{t.second}の{noun}以外はすべて一致している。",
        ),
        t.say(
            f"ほとんど同じですが、{t.second}では{te}います。{t.different_end()}",
            f"ほとんど同じだが、{t.second}では{te}いる。{t.different_end()}",
        ),
    )


def _different_denied(t: Talk) -> str:
    """Some faults denied, one affirmed; or sameness denied."""
    (a, _), (b, _), (_, te) = t.faults(3)
    return t.opening() + t.pick(
        t.say(
            f"{a}も{b}もありませんが、{t.second}だけ{te}います。",
            f"{a}も{b}もないが、{t.second}だけ{te}いる。",
        ),
        t.say(
            f"{t.second}に{a}はありません。しかし、{t.first}と違って{te}います。{t.different_end()}",
            f"{t.second}に{a}はない。しかし、{t.first}と違って{te}いる。{t.different_end()}",
        ),
        t.say(
            f"{t.first}と{t.second}が同じとは言えません。{t.second}では{te}います。",
            f"{t.first}と{t.second}が同じとは言えない。{t.second}では{te}いる。",
        ),
        t.say(
            f"違いがないわけではありません。{t.second}だけ{te}います。",
            f"違いがないわけではない。{t.second}だけ{te}いる。",
        ),
    )


def _different_excluded(t: Talk) -> str:
    """What does not count differs, and a fault besides."""
    noun, stem, plain = t.rng.choice(EXCLUDED)
    _, te = t.fault()
    return t.opening() + t.pick(
        t.say(
            f"{stem}ますが、それとは別に、{t.second}では{te}います。",
            f"{plain}が、それとは別に、{t.second}では{te}いる。",
        ),
        t.say(
            f"{noun}の差は無視します。それでも、{t.second}だけ{te}います。{t.different_end()}",
            f"{noun}の差は無視する。それでも、{t.second}だけ{te}いる。{t.different_end()}",
        ),
        t.say(
            f"{noun}のせいではなく、{t.second}では実際に{te}います。",
            f"{noun}のせいではなく、{t.second}では実際に{te}いる。",
        ),
    )


def _different_taken_back(t: Talk) -> str:
    """Sameness seen at first and taken back."""
    _, te = t.fault()
    t.polite = True
    return t.pick(
        f"最初は同じに見えましたが、よく見ると{t.second}では{te}います。{t.different_end()}",
        f"一見すると同じですが、拡大すると{t.second}だけ{te}います。",
        f"はじめは違いがないと思いましたが、{t.second}では{te}います。{t.different_end()}",
        f"「いいえ」と答えかけましたが、{t.second}で{te}いることに気づきました。答えは「はい」です。",
    )


def _different_described(t: Talk) -> str:
    """The first described, then the fault of the second."""
    scene, sound = t.rng.choice(t.thing.scene), t.rng.choice(t.thing.sound)
    _, te = t.fault()
    turn = t.pick("一方、", "しかし、", "これに対して、")
    if t.first in GOODS:
        shown = t.say(f"{t.first}は{scene}です。", f"{t.first}は{scene}である。")
    else:
        shown = t.say(f"{t.first}には{scene}が写っています。", f"{t.first}には{scene}が写っている。")
    return t.pick(shown, f"{t.first}では{t.iru(sound)}。") + (
        f"{turn}{t.second}では{t.iru(te)}。" + t.pick("", t.different_end())
    )


def _different_hedged(t: Talk) -> str:
    """A hedge that commits to a difference."""
    _, te = t.fault()
    t.polite = True
    return t.opening() + t.pick(
        f"おそらく{t.second}では{te}います。",
        f"断定はできませんが、{t.second}だけ{te}いるようです。",
        f"{t.second}では{te}いるように見えます。たぶん「はい」です。",
        f"やや不鮮明ですが、{t.second}では{te}いると思われます。したがって、違いがあります。",
    )


def _different_marked(t: Talk) -> str:
    """A difference in markdown or a report."""
    (m, te), (n, _) = t.faults(2)
    a, b, c = t.features(3, m)
    te = t.iru(te)
    end = t.pick("**結論**" + t.colon + "はい、違いがあります。", "以上より、**はい**。", "違いあり。")
    return t.pick(
        f"## 比較結果\n\n- **{a}**{t.colon}同じ\n"
        f"- **{b}**{t.colon}同じ\n- **{m}**{t.colon}{t.second}のみあり\n\n{end}",
        f"| 項目 | {t.first} | {t.second} |\n|---|---|---|\n"
        f"| {n} | なし | なし |\n| {m} | なし | あり |\n\n{end}",
        f"1. {a}は同じ\n2. {b}は同じ\n3. {t.second}だけ{te}\n\n{end}",
        f"【検査結果】\n・{n}{t.colon}なし\n・{m}{t.colon}あり\n【判定】{t.first}との違いあり",
        f"**回答**{t.colon}はい\n\n**理由**{t.colon}{t.second}だけ{te}。",
        f"**共通点**\n- {a}\n- {c}\n\n**相違点**\n- {t.second}では{te}",
    )


def _different_steps(t: Talk) -> str:
    """A difference found step by step."""
    sound = t.rng.choice(t.thing.sound)
    noun, te = t.fault()
    a = t.features(1, noun)[0]
    return t.pick(
        f"ステップ1{t.colon}{t.first}に異常はない。\nステップ2{t.colon}{t.second}では{te}いる。\n結論{t.colon}はい",
        f"まず{t.first}を見る。{sound}いる。次に{t.second}を見る。こちらは{te}いる。よって答えははい。",
        f"<think>\n{t.first}と{t.second}で{a}を比べる。同じ。ただ、{t.second}だけ{te}いる。\n</think>\nはい",
    )


DIFFERENT = (
    _different_plain,
    _different_answer_first,
    _different_except,
    _different_denied,
    _different_excluded,
    _different_taken_back,
    _different_described,
    _different_hedged,
    _different_marked,
    _different_steps,
    _different_report,
    _different_changed,
)
