"""Feeds the reader phrases that repeat themselves: none may take it longer than 0.1 s.

    python -m tests.reading.repeats [--most 2500]

A model that is stuck says a few words again and again, and a pattern that can part them in several ways tries
all of them. The phrases are the most frequent of the corpora from the sixth on: one to four English words,
and pieces of Japanese sentences. Each stands 12 and 40 times before "they are the same".
"""
# ruff: noqa: T201 - a program that prints

import argparse
import re
import sys
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from kurabe.common.vocabulary import Language
from kurabe.reading import read
from kurabe.reading.patterns import compile_all
from tests.reading.fourth.measure import Row, rows

CORPORA = ("sixth", "eighth", "ninth", "tenth", "eleventh")
END: dict[Language, str] = {"en": " they are the same.", "ja": "同じです。"}
LIMIT_S = 0.1
TRIES = 3
"""A machine may be busy once."""


def phrases(most: int) -> list[tuple[Language, str]]:
    """Return the most frequent phrases of the corpora, as many of either language."""
    found: dict[Language, Counter[str]] = {"en": Counter(), "ja": Counter()}
    here = Path(__file__).parent
    for row in (row for corpus in CORPORA for row in rows(here / corpus, "*_*.txt")):
        found[row.language].update(_of(row))
    return [(language, text) for language in found for text, _ in found[language].most_common(most)]


def _of(row: Row) -> list[str]:
    if row.language == "en":
        words = re.findall(r"[\w']+[,.;:]?", row.text.lower())
        return [
            " ".join(words[at : at + length]) + " "
            for length in range(1, 5)
            for at in range(len(words) - length + 1)
        ]
    taken = []
    for sentence in re.split("[。\n]", row.text):
        for piece in sentence.split("、"):
            taken += [piece, f"{piece}、", f"{piece}。"]
        for length in (3, 5, 8):
            taken += [sentence[at : at + length] for at in range(max(0, len(sentence) - length + 1))]
    return [piece for piece in taken if piece.strip()]


def seconds(language: Language, phrase: str, often: int) -> float:
    """Return the processor time of reading a phrase that stands so often in a verdict; the least of a few."""
    text = phrase * often + END[language]
    least = float("inf")
    for _ in range(TRIES):
        begin = time.process_time()
        read("verdict", text, language)
        least = min(least, time.process_time() - begin)
        if least < LIMIT_S:
            break
    return least


def slow(most: int) -> list[tuple[float, int, str]]:
    """Return what takes too long: seconds, how often it stands, and the phrase; the slowest first."""
    for language, end in END.items():
        read("verdict", end, language)
    compile_all()
    found = []
    for language, phrase in phrases(most):
        for often in (12, 40):
            if (taken := seconds(language, phrase, often)) > LIMIT_S:
                found.append((taken, often, phrase))
                break
    return sorted(found, reverse=True)


def main(arguments: Sequence[str] | None = None) -> int:
    """Print what takes too long; 1 if anything does."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--most", type=int, default=2500, help="phrases of each language")
    most = parser.parse_args(arguments).most
    found = slow(most)
    for taken, often, phrase in found:
        print(f"{taken:.2f} s for {phrase!r}, {often} times")
    print(f"{len(found)} of {2 * most} phrases take over {LIMIT_S} s")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
