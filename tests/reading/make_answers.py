"""Write ``answers.jsonl``: answers of our own wording, with what a careful person reads in each.

    python -m tests.reading.make_answers

The program builds them, so that their meaning is known; ``by_hand.jsonl`` holds those that a person wrote.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from random import Random

from tests.reading.corpus import english, forms, japanese
from tests.reading.corpus.row import Row

ANSWERS = Path(__file__).with_name("answers.jsonl")
SEED = 20261128


def built(seed: int, scale: float = 1.0) -> Iterator[Row]:
    """Yield answers of every kind, language and form, each text once.

    Args:
        seed: Of the choice of words.
        scale: 1 makes about 4,500 answers.
    """
    rng = Random(seed)
    seen: set[tuple[str, str, str, str]] = set()
    for row in _all(rng, scale):
        key = (row.kind, row.language, row.text, row.asks)
        if row.text.strip() and key not in seen:
            seen.add(key)
            yield row


def _all(rng: Random, scale: float) -> Iterator[Row]:
    def number(usual: int) -> int:
        return round(usual * scale)

    yield from english.verdicts(rng, number(800))
    yield from japanese.verdicts(rng, number(800))
    for language in ("en", "ja"):
        yield from forms.json_verdicts(rng, number(400), language)
        yield from forms.key_lines(rng, number(200), language)
        yield from forms.shorts(rng, number(300), language)
        yield from forms.differences(rng, number(400), language)
        yield from forms.counts(rng, number(300), language)
        yield from forms.choices(rng, number(300), language)


def main() -> None:
    """Write the file."""
    lines = [json.dumps(row.to_json(), ensure_ascii=False) for row in built(SEED)]
    ANSWERS.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
