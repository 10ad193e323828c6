"""Verdicts as data: JSON, dicts and lines of keys."""

import json
import random

from tests.reading.fifth.ja.talk import EXCLUDED, Made, Talk, drawn_truth

ALIKE = ("同一", "一致", "差異なし", "is_same", "identical", "no_difference", "同じか")
UNLIKE = (
    "違い",
    "差異",
    "相違の有無",
    "違いの有無",
    "difference",
    "has_difference",
    "different",
    "不一致",
    "変化の有無",
)
FREE = ("回答", "答え", "answer", "最終回答", "結論", "final_answer")
WORDED = ("判定", "比較結果", "結果", "result", "verdict", "総合判定")


def _judged(t: Talk, truth: str) -> tuple[str, object]:
    """A key and the value that gives the verdict under it."""
    rng, differ, kind = t.rng, truth == "different", t.rng.randrange(4)
    if truth == "?":
        key = rng.choice(ALIKE + UNLIKE + FREE + WORDED)
        return key, rng.choice((None, "不明", "判定不能", "わからない", "確認できない"))
    if kind == 0:
        key = rng.choice(ALIKE)
        if key in ("差異なし", "no_difference"):
            return key, not differ
        return key, rng.choice((not differ, "いいえ" if differ else "はい"))
    if kind == 1:
        key = rng.choice(UNLIKE)
        if key in ("相違の有無", "違いの有無", "変化の有無", "差異", "違い"):
            return key, rng.choice(("あり" if differ else "なし", "有" if differ else "無"))
        return key, rng.choice((differ, "はい" if differ else "いいえ"))
    if kind == 2:
        return rng.choice(FREE), "はい" if differ else "いいえ"
    same = ("同じ", "同一", "一致", "違いなし", "相違なし", "same")
    unlike = ("異なる", "相違あり", "不一致", "違いあり", "同じではない", "different")
    return rng.choice(WORDED), rng.choice(unlike if differ else same)


def _beside(t: Talk, truth: str) -> list[tuple[str, object]]:
    """Further keys that agree with the verdict or do not touch it."""
    rng = t.rng
    noun, te = t.fault(lasting=True)
    a, b = t.features(2, noun)
    other = rng.choice([f.noun for f in t.thing.faults if f.noun != noun])
    why = rng.choice(("理由", "説明", "reason", "備考", "comment", "根拠"))
    pairs: list[tuple[str, object]] = []
    if rng.random() < 0.4:
        pairs.append((rng.choice(("対象", "部品", "object", "品名")), t.thing.name))
    if rng.random() < 0.7:
        if truth == "same":
            text = rng.choice(
                (
                    f"{a}と{b}が同じ",
                    f"{noun}も{other}もない",
                    f"{t.first}でも{t.second}でも{te}いるため差ではない",
                    f"違うのは{rng.choice(EXCLUDED)[0]}だけ",
                    f"{t.second}に変化は見られない",
                    f"{a}に食い違いはない",
                )
            )
        elif truth == "different":
            text = rng.choice(
                (
                    f"{t.second}では{te}いる",
                    f"{other}はないが、{t.second}だけ{te}いる",
                    f"{a}は同じだが、{t.second}では{te}いる",
                    f"{t.second}に{noun}がある",
                )
            )
        else:
            text = rng.choice(
                (
                    f"{t.thing.name}が不鮮明",
                    f"{t.second}が暗すぎる",
                    f"{a}を確認できない",
                    f"{b}を見分けられない",
                )
            )
        pairs.append((why, text))
    if rng.random() < 0.35:
        pairs.append((rng.choice(("確信度", "confidence", "信頼度")), round(rng.uniform(0.51, 0.99), 2)))
    if truth != "?" and rng.random() < 0.3:
        keys = ("相違点", "differences", "違いの一覧", "欠陥", "defects")  # a shared fault is still a fault
        key = rng.choice(keys[:3] if truth == "same" else keys)
        pairs.append((key, [] if truth == "same" else [noun]))
    if truth != "?" and rng.random() < 0.25:
        checks = {a: "同じ", b: "同じ"}
        if truth == "different":
            checks[noun] = f"{t.second}のみあり"
        pairs.append((rng.choice(("比較", "項目", "checks", "確認項目")), checks))
    return pairs


def _spelled(value: object) -> str:
    """A value as it stands in 'key: value' lines."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if value is None:
        return "不明"
    if isinstance(value, dict):
        return "、".join(f"{key}は{entry}" for key, entry in value.items())
    if isinstance(value, list):
        return "、".join(map(str, value)) or "なし"
    return str(value)


def verdict_data(rng: random.Random) -> Made:
    """A verdict as data."""
    truth, talk = drawn_truth(rng), Talk(rng)
    pairs = _beside(talk, truth)
    pairs.insert(rng.choice((0, 0, 0, len(pairs))), _judged(talk, truth))
    shape = rng.randrange(8)
    table = dict(pairs)
    if shape < 2:
        text = json.dumps(table, ensure_ascii=False)
    elif shape == 2:
        text = json.dumps(table, ensure_ascii=False, separators=(",", ":"))
    elif shape == 3:
        text = json.dumps(table, ensure_ascii=False, indent=2)
    elif shape == 4:
        text = "```json\n" + json.dumps(table, ensure_ascii=False, indent=rng.choice((None, 2, 4))) + "\n```"
    elif shape == 5:
        text = str(table)
    elif shape == 6:
        text = "\n".join(f"{key}{talk.colon}{_spelled(value)}" for key, value in pairs)
    else:
        text = "\n".join(f"- **{key}**{talk.colon}{_spelled(value)}" for key, value in pairs)
    return truth, text
