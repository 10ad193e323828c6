"""The suite ``connector``: which pairs it has."""

from functools import partial
from typing import Literal

import numpy as np

from scenes.connector import NOUNS, render_pair
from scenes.pair import GRADES, Grade
from scenes.part import KINDS, Kind
from scenes.suite import Plan, Suite, numbered, options, rendered, spread

# References of each grade in each split; each is compared with four test pictures.
Split = Literal["test", "train"]
REFERENCES: dict[Split, dict[Grade, int]] = {
    "test": {"easy": 5, "medium": 5, "hard": 6},
    "train": {"easy": 3, "medium": 3, "hard": 3},
}
# Where the seeds of a suite for training alone begin, of references and of cases: far from the shipped ones.
APART = (100_000, 1_000_000)
TESTS = 4
# Cases that five small models answer in two minutes on two cores: two of each reference.
QUICK = 32
GOOD = 0.34
QUESTION = "What is wrong with the part in the second picture, compared with the first?"
NOTHING = "nothing is wrong"


def _kinds(amount: int, offset: int) -> list[tuple[Kind, ...]]:
    """Return the flaws of so many pairs: each kind in turn, some pairs with two or three, a third good."""
    turn, chosen = offset, list[tuple[Kind, ...]]()
    for good in spread(amount, GOOD):
        bad = turn - offset
        several = 0 if good else 1 + (bad % 4 == 2) + (bad % 12 == 10)
        chosen.append(tuple(KINDS[(turn + step) % len(KINDS)] for step in range(several)))
        turn += not good
    return chosen


def suite(train: int = 0, fine: int = 2) -> Suite:
    """Return the plan of the suite; nothing is rendered yet.

    Args:
        train: If not 0, the plan of another suite, for training alone, with so many references of each grade;
            it shares none with the shipped one.
        fine: Rays a pixel, along each side.
    """
    pairs = list[tuple[Split, Grade, int, tuple[Kind, ...]]]()
    reference = 0
    references: dict[Split, dict[Grade, int]] = (
        {"train": dict.fromkeys(GRADES, train)} if train else REFERENCES
    )
    seeds = APART if train else (0, 1000)
    for split, amounts in references.items():
        for grade in GRADES:
            for k, kinds in enumerate(_kinds(TESTS * amounts[grade], reference)):
                pairs.append((split, grade, reference + k // TESTS, kinds))
            reference += amounts[grade]
    rng = np.random.default_rng(4)
    names, sources = numbered("c", len(pairs), rng), numbered("r", reference, rng)
    plans = []
    for index, (name, (split, grade, source, kinds)) in enumerate(zip(names, pairs, strict=True)):
        render = partial(
            rendered, render_pair, seeds[1] + index, grade, kinds, reference_seed=seeds[0] + source, fine=fine
        )
        answer = NOUNS[kinds[0]] if kinds else NOTHING
        others = [noun for noun in (*NOUNS.values(), NOTHING) if noun != answer]
        asked = len(kinds) < 2 and rng.random() < 0.4
        choice = {"choice": options(rng, answer, others, QUESTION)} if asked else None
        ask = ("verdict", "differences", "count", "choice") if asked else ()
        plans.append(Plan(name, sources[source], split, render, (grade,), ask, choice))
    head = {
        "defaults": {"relation": "aligned", "ask": ["verdict", "differences"]},
        "variants": ["raw", "n-soartc"],
        **({} if train else {"quick": QUICK}),
    }
    plans.sort(key=lambda plan: plan.id)
    return Suite("connector", "Pins of board connectors", head, tuple(plans))
