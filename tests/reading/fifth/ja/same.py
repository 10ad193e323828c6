"""Frames of Japanese prose that say same."""

from tests.reading.fifth.ja.talk import EXCLUDED, GOODS, Talk


def _same_plain(t: Talk) -> str:
    """Features are alike."""
    a, b = t.features(2)
    return (
        t.opening()
        + t.pick(
            t.say(
                f"{t.first}と{t.second}は{a}も{b}も同じです。",
                f"{t.first}と{t.second}は{a}も{b}も同じである。",
            ),
            t.say(f"{a}、{b}ともに一致しています。", f"{a}、{b}ともに一致している。"),
            t.say(
                f"{t.first}と比べて、{t.second}の{a}や{b}に変化は見られません。",
                f"{t.first}と比べて、{t.second}の{a}や{b}に変化は見られない。",
            ),
        )
        + t.same_end()
    )


def _same_answer_first(t: Talk) -> str:
    """The asked word, then why."""
    a, b = t.features(2)
    t.polite = True
    return t.pick("いいえ、", "いいえ。", "**いいえ**\n\n", "いいえ。\n") + t.pick(
        f"{t.both}{a}は変わりません。",
        f"{t.first}と{t.second}の{t.thing.name}に違いはありません。{a}も{b}も同じです。",
        f"{a}と{b}を比べましたが、差は見つかりませんでした。",
        f"{t.second}の{t.thing.name}は{t.first}と同じ状態です。{t.iru(t.rng.choice(t.thing.sound))}。",
    )


def _same_list(t: Talk) -> str:
    """Likeness, feature by feature."""
    a, b, c = t.features(3)
    return t.say(
        t.pick(
            f"{a}は同じ、{b}も同じ、{c}も同じです。",
            f"{a}は一致、{b}も一致、{c}にも食い違いは一つもありません。",
            f"{a}、{b}、{c}のどれを取っても同じです。",
        ),
        t.pick(
            f"{a}は同じ、{b}も同じ、{c}も変わらない。",
            f"{a}、{b}、{c}のいずれにも食い違いは一つもない。",
        ),
    ) + t.pick("", t.same_end())


def _same_denied(t: Talk) -> str:
    """Faults denied."""
    (a, _), (b, _) = t.faults(2)
    c = t.features(1)[0]
    return (
        t.opening()
        + t.say(
            t.pick(
                f"{t.second}に{a}や{b}は見当たりません。",
                f"{a}も{b}も、{t.second}には見られません。",
                f"{a}や{b}といった異常は確認されず、{c}も{t.first}と同じです。",
                f"{t.second}に{a}があるわけではなく、{b}もありません。",
            ),
            t.pick(
                f"{t.second}に{a}や{b}は認められない。",
                f"{a}なし、{b}なし。{c}も{t.first}と変わらない。",
                f"{t.second}に{a}はなく、{b}もない。",
            ),
        )
        + t.same_end()
    )


def _same_shared(t: Talk) -> str:
    """A fault that both pictures show equally."""
    _, te = t.fault(lasting=True)
    return t.opening() + t.pick(
        t.say(
            f"{t.first}でも{t.second}でも{te}います。同じ状態なので、2枚の間に違いはありません。",
            f"{t.first}でも{t.second}でも{te}いる。両方に共通するので、差ではない。",
        ),
        t.say(
            f"{te}いますが、これは{t.first}にも{t.second}にも共通です。{t.same_end()}",
            f"{te}いるが、これは{t.first}にも{t.second}にも共通する。{t.same_end()}",
        ),
        t.say(
            f"{t.both}{te}います。程度も位置も同じです。{t.same_end()}",
            f"{t.both}{te}いる。程度も位置も同じである。{t.same_end()}",
        ),
    )


def _same_excluded(t: Talk) -> str:
    """Only what does not count differs: light, noise, shift."""
    noun, stem, plain = t.rng.choice(EXCLUDED)
    name, c = t.thing.name, t.features(1)[0]
    own = name if name == "机の上の品物" else f"{name}そのもの"
    return t.opening() + t.pick(
        t.say(
            f"{stem}ますが、{own}に変化はありません。{t.same_end()}",
            f"{plain}が、{own}に変化はない。{t.same_end()}",
        ),
        t.say(f"違うのは{noun}だけで、{own}は同じです。", f"違うのは{noun}だけで、{own}は同じである。"),
        t.say(
            f"{noun}の差を除けば、{c}も含めてすべて同じです。",
            f"{noun}の差を除けば、{c}も含めてすべて同じである。",
        ),
        t.say(
            f"{stem}ますが、{noun}は数えません。{c}は一致しています。{t.same_end()}",
            f"{plain}が、{noun}は数えない。{c}は一致している。{t.same_end()}",
        ),
    )


def _same_taken_back(t: Talk) -> str:
    """A fault seen at first and taken back."""
    _, te = t.fault(optical=True)
    why = t.pick("影でした", "光の反射でした", "光の加減でした", "思い違いでした", "画像のノイズでした")
    start = t.pick("最初は", "一見すると", "はじめは", "一瞬、")
    seems = "ように見えますが、" if start == "一見すると" else "ように見えましたが、"
    t.polite = True
    return t.pick(
        f"{start}{t.second}では{te}いる{seems}よく見ると{why}。{t.same_end()}",
        f"{start}{te}いる{seems}拡大すると{why}。{t.first}と{t.second}は同じ状態です。",
        f"{t.second}では{te}いるのかと思いましたが、確認すると{why}。{t.same_end()}",
    )


def _same_described(t: Talk) -> str:
    """Both described, then the conclusion."""
    scene, sound = t.rng.choice(t.thing.scene), t.rng.choice(t.thing.sound)
    a = t.features(1)[0]
    if t.first in GOODS:
        shown = t.say(f"{t.first}は{scene}です。", f"{t.first}は{scene}である。")
    else:
        shown = t.say(f"{t.first}には{scene}が写っています。", f"{t.first}には{scene}が写っている。")
    return (
        shown
        + t.pick(
            t.say(f"{t.second}も同様で、{sound}います。", f"{t.second}も同様で、{sound}いる。"),
            t.say(f"{sound}います。{t.second}も同じです。", f"{sound}いる。{t.second}も同じである。"),
            t.say(f"{t.second}でも{a}は変わりません。", f"{t.second}でも{a}は変わらない。"),
        )
        + t.same_end()
    )


def _same_hedged(t: Talk) -> str:
    """A hedge that commits to sameness."""
    a, b = t.features(2)
    t.polite = True
    return t.opening() + t.pick(
        f"おそらく{a}も{b}も同じで、違いはないと思います。",
        f"断言はできませんが、{t.second}の{t.thing.name}は{t.first}と同じように見えます。",
        f"見える範囲では、{a}にも{b}にも差はなさそうです。",
        f"{a}も{b}も変わっていないようです。たぶん「いいえ」です。",
        f"{a}も含め、ほぼ確実に同じだと思われます。",
    )


def _same_marked(t: Talk) -> str:
    """Likeness in markdown or a report."""
    a, b, c = t.features(3)
    end = t.pick("**結論**" + t.colon + "いいえ、違いはありません。", "以上より、**いいえ**。", "違いなし。")
    (m, _), (n, _) = t.faults(2)
    return t.pick(
        f"## 比較結果\n\n- **{a}**{t.colon}同じ\n- **{b}**{t.colon}同じ\n- **{c}**{t.colon}同じ\n\n{end}",
        f"| 項目 | {t.first} | {t.second} |\n|---|---|---|\n"
        f"| {m} | なし | なし |\n| {n} | なし | なし |\n\n{end}",
        f"1. {a}は同じ\n2. {b}は同じ\n3. {c}は同じ\n\n{end}",
        f"【検査結果】\n・{m}{t.colon}なし\n・{n}{t.colon}なし\n【判定】{t.first}との違いなし",
        f"**回答**{t.colon}いいえ\n\n**理由**{t.colon}{a}と{b}が一致しているため。",
    )


def _same_steps(t: Talk) -> str:
    """Likeness thought through step by step."""
    sound = t.rng.choice(t.thing.sound)
    a = t.features(1)[0]
    (m, _), (n, _) = t.faults(2)
    return t.pick(
        f"ステップ1{t.colon}{t.first}を見ると、{t.iru(sound)}。\nステップ2{t.colon}{t.second}でも{t.iru(sound)}。\n"
        f"ステップ3{t.colon}{m}も{n}もない。\n結論{t.colon}いいえ",
        f"まず{t.first}を見る。{sound}いる。次に{t.second}を見る。こちらも同じで、{a}も変わらない。よって答えはいいえ。",
        f"<think>\n{t.first}と{t.second}で{a}を比べる。同じ。{m}もない。\n</think>\nいいえ",
    )


def _same_negated(t: Talk) -> str:
    """Differences denied in other words."""
    a, b = t.features(2)
    return t.opening() + t.pick(
        t.say(
            f"{a}が変わったということはなく、{b}もそのままです。{t.same_end()}",
            f"{a}が変わったということはなく、{b}もそのままである。{t.same_end()}",
        ),
        t.say(
            f"{t.first}と{t.second}で食い違う点を探しましたが、{a}にも{b}にも一つもありませんでした。",
            f"{t.first}と{t.second}で食い違う点を探したが、{a}にも{b}にも一つもなかった。",
        ),
        t.say(
            f"{t.second}の{t.thing.name}には、{t.first}と異なる箇所がどこにもありません。{a}も{b}も同じです。",
            f"{t.second}の{t.thing.name}には、{t.first}と異なる箇所がどこにもない。{a}も{b}も同じである。",
        ),
    )


def _same_report(t: Talk) -> str:
    """Both described under headings, alike."""
    scene, sound = t.rng.choice(t.thing.scene), t.iru(t.rng.choice(t.thing.sound))
    noun = t.fault()[0]
    end = t.pick("いいえ、違いはありません。", "両者に差はありません。", "**いいえ**", "違いなし")
    return (
        f"### {t.first}\n- {scene}\n- {sound}\n\n### {t.second}\n- {scene}\n- {sound}\n- {noun}なし\n\n"
        f"### {t.pick('結論', '判定', '回答')}\n{end}"
    )


SAME = (
    _same_plain,
    _same_answer_first,
    _same_list,
    _same_denied,
    _same_shared,
    _same_excluded,
    _same_taken_back,
    _same_described,
    _same_hedged,
    _same_marked,
    _same_steps,
    _same_negated,
    _same_report,
)
