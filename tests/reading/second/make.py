"""Writes the second grammar's answers to a folder: ``python -m tests.reading.second.make FOLDER --half dev``.

One file of JSON lines for each kind and language; an answer without ``verdict``, ``number``, ``choice`` and
``says`` is one that a careful reader leaves open.
"""

import argparse
import json
from itertools import groupby
from pathlib import Path

from tests.reading.second.grammar import HALVES, Made, answers


def write(made: list[Made], folder: Path) -> list[Path]:
    """Write the answers; return the files."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for (kind, language), group in groupby(sorted(made, key=_place), key=_place):
        path = folder / f"{kind}_{language}.jsonl"
        lines = (json.dumps(one.as_dict(), ensure_ascii=False) for one in group)
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        paths.append(path)
    return paths


def _place(made: Made) -> tuple[str, str]:
    return made.kind, made.language


def main() -> None:
    """Write one half, or both."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--half", choices=HALVES, action="append")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--most", type=int, default=60, help="answers of one frame at most")
    args = parser.parse_args()
    made = [one for half in args.half or HALVES for one in answers(half, args.seed, args.most)]
    for path in write(made, args.folder):
        print(path)  # noqa: T201


if __name__ == "__main__":
    main()
