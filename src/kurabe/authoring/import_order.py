"""What an import is asked for, and what it made."""

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from kurabe.common.errors import Problem
from kurabe.common.vocabulary import PairingRule, Relation

_TOLD = 1000
"""Problems that are told one by one; beyond, they are counted."""


@dataclass(frozen=True, slots=True)
class Order:
    """What the user asks for.

    Attributes:
        source: What is imported.
        into: Folder of the suites.
        name: Name of the suite.
        command: The command line, for the suite's first line.
        pair: The pairing rule, for parts whose format names no good parts.
        references: A folder of more good parts.
        relation: How pairs belong together where nothing else tells.
        sample: Parts of each kind and product.
        limit: Cases in all.
        seed: Seed of everything that is chosen.
        copy: Copy the pictures beside the suite instead of naming them where they are.
        skip_bad: Leave out what is wrong instead of refusing all.
        by_product: Make a suite of each product.
        force: Write over suites that are there.
        dry_run: Do everything but write.
    """

    source: Path
    into: Path
    name: str
    command: str
    pair: PairingRule = "nearest"
    references: Path | None = None
    relation: Relation | None = None
    sample: int | None = None
    limit: int | None = None
    seed: int = 0
    copy: bool = False
    skip_bad: bool = False
    by_product: bool = False
    force: bool = False
    dry_run: bool = False


@dataclass(slots=True)
class Imported:
    """What an import made.

    Attributes:
        name: Name of the suite, or what the names of several begin with.
        suites: Number of cases of each suite file.
        pictures: Number of their pictures.
        kinds: Number of cases that show each kind of defect; ``good`` are good parts.
        rule: The pairing rule that was used, in words.
        skipped: What is wrong with the parts that were left out; the first thousand.
        skipped_number: How many problems there are.
        left_out: What no suite can use, with the number of files or folders.
    """

    name: str
    suites: dict[Path, int] = field(default_factory=dict)
    pictures: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    rule: str = ""
    skipped: list[Problem] = field(default_factory=list)
    skipped_number: int = 0
    left_out: Counter[str] = field(default_factory=Counter)

    def skip(self, problem: Problem) -> None:
        """Note something that is wrong."""
        self.skipped_number += 1
        if len(self.skipped) < _TOLD:
            self.skipped.append(problem)
