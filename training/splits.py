"""Which real photographs are learned from, and which are asked about: the same for every way that learns.

Of a family of two specimens, pictures are drawn: as many good as bad ones (an odd one is good). Any two good
ones are a pair that is the same, any good and bad one a pair that differs; each other picture is asked about
beside a good one that was learned from. Of aligned pairs whole boards are drawn, as a picture tells only
about its own.

    python -m training.splits PAIRS.csv --out splits.json
"""

import argparse
import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np

from kurabe.authoring.labels import Labels
from kurabe.authoring.pair_table import Row, read_table

SIZES = (5, 10, 20)
LEAST = 3
"""Good and bad pictures that must be left to ask about."""

FAMILIES = ("circuitboard", "alien", "cookie", "magtile", "deeppcb")
"""Those with at least five good pictures; of user interfaces there are three."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A pair of pictures.

    Attributes:
        reference: A picture, as a path from the table's folder.
        test: The other.
        different: Whether they differ.
        family: What they show.
        aligned: Whether both show the same specimen.
    """

    reference: str
    test: str
    different: bool
    family: str
    aligned: bool


@dataclass(frozen=True, slots=True)
class Split:
    """What is learned from, and what is asked.

    Attributes:
        family: The product.
        size: Pictures that are learned from, good and bad; of aligned families pairs. 0: all other families.
        seed: Of the draw.
        good: Good pictures among those that are learned from.
        train: Pairs to learn from.
        asked: Pairs to ask about.
    """

    family: str
    size: int
    seed: int
    good: tuple[str, ...]
    train: tuple[Shown, ...]
    asked: tuple[Shown, ...]

    @property
    def name(self) -> str:
        """Such as ``alien-5-1``."""
        return f"{self.family}-{self.size}-{self.seed}"


def families(table: Path) -> dict[str, list[Row]]:
    """Return the rows of a table by family."""
    found: dict[str, list[Row]] = {}
    for row in read_table(table, "aligned", Labels()):
        if isinstance(row, Row):
            before, after = (picture.relative_to(table.parent) for picture in (row.before, row.after))
            row = replace(row, before=before, after=after)
            found.setdefault(row.family, []).append(row)
    return found


def splits(table: Path, seeds: int) -> Iterator[Split]:
    """Return every split that leaves enough to ask about, and those that leave a family out."""
    known = families(table)
    for family in FAMILIES:
        rows = known[family]
        aligned = rows[0].relation == "aligned"
        draw = _of_boards if aligned else _of_pictures
        for size in SIZES:
            for seed in range(1, seeds + 1):
                split = draw(family, rows, size, seed)
                if split is not None:
                    yield split
    for family in FAMILIES:
        others = [row for name in known if name != family for row in known[name]]
        good = tuple(dict.fromkeys(row.before.as_posix() for row in known[family]))
        train = tuple(map(_shown, others))
        asked = tuple(map(_shown, known[family]))
        for seed in range(1, seeds + 1):
            yield Split(family, 0, seed, good, train, asked)


def _shown(row: Row) -> Shown:
    differs, aligned = row.label == "different", row.relation == "aligned"
    return Shown(row.before.as_posix(), row.after.as_posix(), differs, row.family, aligned)


def _tests(rows: Sequence[Row], label: str) -> list[str]:
    return [row.after.as_posix() for row in rows if row.label == label]


def _of_pictures(family: str, rows: list[Row], size: int, seed: int) -> Split | None:
    rng = np.random.default_rng([seed, size, 41])
    good = sorted({row.before.as_posix() for row in rows} | set(_tests(rows, "same")))
    bad = sorted(set(_tests(rows, "different")))
    few = size // 2
    if len(good) - (size - few) < LEAST or len(bad) - few < LEAST:
        return None
    good = [good[place] for place in rng.permutation(len(good))]
    bad = [bad[place] for place in rng.permutation(len(bad))]
    mine, flawed = good[: size - few], bad[:few]
    train = [
        Shown(first, second, False, family, False) for first in mine for second in mine if first != second
    ]
    train += [Shown(first, second, True, family, False) for first in mine for second in flawed]
    others = [(picture, False) for picture in good[size - few :]]
    others += [(picture, True) for picture in bad[few:]]
    asked = [
        Shown(mine[int(rng.integers(len(mine)))], picture, differs, family, False)
        for picture, differs in others
    ]
    return Split(family, size, seed, tuple(mine), tuple(train), tuple(asked))


def _of_boards(family: str, rows: list[Row], size: int, seed: int) -> Split | None:
    rng = np.random.default_rng([seed, size, 43])
    order = [rows[place] for place in rng.permutation(len(rows))]
    good = [row for row in order if row.label == "same"][: size - size // 2]
    mine = good + [row for row in order if row.label == "different"][: size // 2]
    boards = {row.before for row in mine}
    asked = [row for row in rows if row.before not in boards]
    left = [sum(row.label == verdict for row in asked) for verdict in ("same", "different")]
    if min(left) < LEAST:
        return None
    pictures = tuple(dict.fromkeys(row.before.as_posix() for row in mine))
    return Split(family, size, seed, pictures, tuple(map(_shown, mine)), tuple(map(_shown, asked)))


def written(table: Path, seeds: int, out: Path) -> list[Split]:
    """Write the splits of a table; returns them."""
    found = list(splits(table, seeds))
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text("\n".join(json.dumps(asdict(split)) for split in found) + "\n", encoding="utf-8")
    return found


def read(path: Path) -> list[Split]:
    """Return what `written` wrote, without the package that reads tables."""
    found = []
    for line in path.read_text(encoding="utf-8").splitlines():
        facts = json.loads(line)
        for name in ("train", "asked"):
            facts[name] = tuple(Shown(**pair) for pair in facts[name])
        found.append(Split(**facts | {"good": tuple(facts["good"])}))
    return found


def main() -> None:
    """Write the splits, and say what they hold."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("table", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--seeds", type=int, default=3)
    chosen = parser.parse_args()
    for split in written(chosen.table, chosen.seeds, chosen.out):
        bad = sum(pair.different for pair in split.asked)
        asked = f"{len(split.asked) - bad} good and {bad} bad are asked about"
        print(f"{split.name}: {len(split.train)} pairs to learn from, {asked}")


if __name__ == "__main__":
    main()
