"""Feeds the reader broken answers: none may crash it, none may take it longer than 0.1 s.

``python -m tests.reading.second.fuzz --n 100000`` is the long form of the test in ``test_second.py``.
"""

import argparse
import json
import random
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from kurabe.cases.case import Describe, Expect
from kurabe.common.request import Answer
from kurabe.common.vocabulary import QUESTIONS, Language, QuestionKind
from kurabe.reading import read
from kurabe.scoring import score
from tests.reading.second.grammar import answers

LIMIT_S = 0.1
LONGEST = 4000
"""Characters: 1,000 tokens, eight times what the shipped prompts allow."""
USUAL = 600
"""Characters: what the shipped prompts allow; nine of ten broken answers are no longer."""

_WORDS = [
    "not ",
    "no ",
    "No. ",
    "yes ",
    "same ",
    "different ",
    "difference ",
    "except ",
    "but ",
    "neither ",
    "only ",
    "identical, ",
    "is ",
    "there is no ",
    "はい",
    "いいえ",
    "違い",
    "ない",
    "なし",
    "あり",
    "同じ",
    "ではない",
    "では",
    "A",
    "B.",
    "(C)",
    "1",
    "12",
    "0",
    "-1",
    "1e400",
    "９",
    "三",
    "½",
    "NaN",
    "null",
    "true",
    "None",
]
_SIGNS = [
    "{",
    "}",
    "[",
    "]",
    '"',
    "'",
    ":",
    ",",
    '{"a":',
    '["',
    "\\",
    "\\u",
    '\\"',
    "```",
    "`",
    "<",
    ">",
    "<think>",
    "</think>",
    "<answer>",
    "</answer>",
    "<br>",
    "<!--",
    "&lt;",
    "&#0;",
    "&#99999999;",
    "<|",
    "◁think▷",
    "◁/think▷",
    "\\boxed{",
    "\\text{",
    "$",
    "$$",
    "|",
    "|-|",
    "---",
    "#",
    "-",
    "*",
    "1.",
    "ﾊﾞ",
    "゛",
    "🟥",
    "ß",
    "İ",
    "…",
    "。",
    "、",
]
_PIECES = (
    *_WORDS,
    *_SIGNS,
    "\n",
    "\r\n",
    "\t",
    "\0",
    "\u200b",
    "\u202e",
    "\ufeff",
    "\ud800",
    "e\u0301",
    "```json\n",
)


_EXPECT = Expect(describe=Describe(says=[["bent"], ["傷"]]))


def texts(seed: int, n: int) -> Iterator[str]:
    """Yield ``n`` broken answers: cut, doubled, mixed, stitched from pieces, or one piece many times."""
    rng = random.Random(seed)
    whole = [one.text for half in ("dev", "held") for one in answers(half, most=2)]
    makers = (_cut, _doubled, _mixed, _with_pieces, _only_pieces, _one_piece)
    for _ in range(n):
        yield rng.choice(makers)(rng, whole)[: LONGEST if rng.random() < 0.1 else USUAL]


def _cut(rng: random.Random, whole: Sequence[str]) -> str:
    text = rng.choice(whole)
    a, b = sorted((rng.randrange(len(text) + 1), rng.randrange(len(text) + 1)))
    return rng.choice((text[:a], text[b:], text[a:b], text[:a] + text[b:]))


def _doubled(rng: random.Random, whole: Sequence[str]) -> str:
    return rng.choice(("", " ", "\n", ", ")).join([rng.choice(whole)] * rng.randrange(2, 60))


def _mixed(rng: random.Random, whole: Sequence[str]) -> str:
    return rng.choice(("", " ", "\n")).join(rng.choices(whole, k=rng.randrange(2, 40)))


def _with_pieces(rng: random.Random, whole: Sequence[str]) -> str:
    text = rng.choice(whole)
    for _ in range(rng.randrange(1, 9)):
        at = rng.randrange(len(text) + 1)
        text = text[:at] + _piece(rng) + text[at + rng.randrange(3) :]
    return text


def _only_pieces(rng: random.Random, whole: Sequence[str]) -> str:
    return "".join(_piece(rng) for _ in range(rng.randrange(1, 200)))


def _one_piece(rng: random.Random, whole: Sequence[str]) -> str:
    return "".join(_piece(rng) for _ in range(rng.randrange(1, 4))) * rng.randrange(2, 2000)


def _piece(rng: random.Random) -> str:
    return rng.choice(_PIECES) if rng.random() < 0.9 else chr(rng.randrange(0x11000))


def slowest(seed: int, n: int) -> tuple[float, str]:
    """Read ``n`` broken answers, each as every kind in turn; return the longest time in s, and its text.

    The time is that of the processor, as a busy machine would make any other one meaningless.
    """
    worst = (0.0, "")
    rng = random.Random(seed)
    for text in texts(seed, n):
        kind: QuestionKind = rng.choice(QUESTIONS)
        language: Language = rng.choice(("en", "ja"))
        seconds = _seconds(kind, text, language)
        if seconds > LIMIT_S:  # again, as what a text has to wait for is no fault of the reader's
            seconds = min(seconds, *(_seconds(kind, text + more, language) for more in (" x", " y")))
        worst = max(worst, (seconds, text))
    return worst


def _seconds(kind: QuestionKind, text: str, language: Language) -> float:
    start = time.thread_time()
    reading = read(kind, text, language, ("a pin is bent", "ねじがない", "no difference"))
    if kind == "describe":
        score("describe", _EXPECT, reading, Answer(text))
    return time.thread_time() - start


def main() -> None:
    """Print the longest time that a broken answer took."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--n", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--record", type=Path, help="a JSON file for the figures")
    args = parser.parse_args()
    seconds, text = slowest(args.seed, args.n)
    if args.record:
        figures = {
            "texts": args.n,
            "seed": args.seed,
            "crashes": 0,
            "slowest_s": round(seconds, 4),
            "limit_s": LIMIT_S,
        }
        args.record.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    print(f"{args.n} texts, the slowest took {seconds:.3f} s: {text[:200]!r}")  # noqa: T201


if __name__ == "__main__":
    main()
