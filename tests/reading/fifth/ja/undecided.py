"""Frames of Japanese prose that decide nothing."""

from tests.reading.fifth.ja.talk import Talk


def _open_unclear(t: Talk) -> str:
    """It cannot be told."""
    a = t.features(1)[0]
    (m, _), (n, _) = t.faults(2)
    _, seen = t.fault(optical=True)
    why = t.pick("画像が不鮮明な", "解像度が低い", "ピントが合っていない", "全体が暗すぎる", "反射が強すぎる")
    return t.opening() + t.pick(
        t.say(
            f"{why}ため、{a}が同じかどうか判断できません。",
            f"{why}ため、{a}が同じかどうか判断できない。",
        ),
        t.say(
            f"{why}ため、{m}や{n}の有無は確認できません。違いがあるかどうかは分かりません。",
            f"{why}ため、{m}や{n}の有無は確認できない。判定不能である。",
        ),
        t.say(
            f"{t.second}で{seen}いるのか、影がそう見えるだけなのか、どちらとも言えません。",
            f"{t.second}で{seen}いるのか、影がそう見えるだけなのか、どちらとも言えない。",
        ),
        t.say(
            f"{a}が同じかもしれませんし、違うかもしれません。判断を保留します。",
            f"{a}が同じかもしれないし、違うかもしれない。判断を保留する。",
        ),
    )


def open_description(t: Talk) -> str:
    """A description of one picture, no comparison."""
    scene, sound = t.rng.choice(t.thing.scene), t.rng.choice(t.thing.sound)
    a, b = t.features(2)
    return t.pick(
        t.say(f"これは{scene}の写真です。", f"これは{scene}の写真である。"),
        t.say(f"この画像には{scene}が写っています。", f"この画像には{scene}が写っている。"),
    ) + t.pick(
        "",
        f"{t.iru(sound)}。",
        t.say(f"{a}と{b}がよく分かります。", f"{a}と{b}がよく分かる。"),
        t.say("背景は無地です。", "背景は無地である。"),
    )


def _open_conditional(t: Talk) -> str:
    """What would be, how to look, what is wanted."""
    (m, te), (n, _) = t.faults(2)
    a = t.features(1)[0]
    return t.pick(
        f"もし{t.second}で{te}いれば「はい」、そうでなければ「いいえ」になります。",
        f"{t.thing.name}を比べるときは、まず{a}を見て、次に{m}や{n}の有無を確認します。",
        f"{t.second}の{m}や{n}を調べるには、もっと鮮明な写真が必要です。",
        f"{t.first}と{t.second}の{a}を比較します。",
        f"{t.thing.name}の{a}を比べればよいのでしょうか。それとも{m}の有無でしょうか。",
    )


def open_refused(t: Talk) -> str:
    """A refusal."""
    sorry = t.pick("申し訳ありませんが、", "申し訳ございませんが、", "すみませんが、", "")
    return t.pick(
        f"{sorry}{t.thing.name}の画像を確認できません。",
        f"{sorry}{t.second}が見えないため、比較できません。",
        f"{sorry}{t.thing.name}の違いについてはお答えできません。",
        f"{sorry}画像がないので、{t.features(1)[0]}を比べることはできません。",
    )


def _open_contradiction(t: Talk) -> str:
    """Both at once, unresolved."""
    a = t.features(1)[0]
    return t.pick(
        f"{t.first}と{t.second}は完全に同じです。{t.first}と{t.second}は異なります。",
        f"はい、{a}が違います。いいえ、{a}は同じです。",
        f"{a}は一致しており、かつ一致していません。",
    )


OPEN = (
    _open_unclear,
    _open_unclear,
    open_description,
    _open_conditional,
    open_refused,
    _open_contradiction,
)
