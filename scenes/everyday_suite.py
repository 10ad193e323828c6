"""The suite ``everyday``: which pairs it has."""

from functools import partial
from typing import Any, Literal

import numpy as np

from scenes.everyday import KINDS, Kind, render_pair, setup
from scenes.pair import GRADES, Grade, RenderedPair
from scenes.suite import Plan, Suite, describing, numbered, rendered, spread
from scenes.things import THINGS

# References of each grade in each split, and pairs that share one.
REFERENCES: dict[Literal["test", "train"], int] = {"test": 3, "train": 2}
TESTS = 4
GOOD = 0.3
# Where the seeds of a suite for training alone begin, of references and of cases: far from the shipped ones.
APART = (300_000, 3_000_000)


def suite(train: int = 0, fine: int = 2) -> Suite:
    """Return the plan of the suite; of the pairs, nothing is rendered yet.

    Args:
        train: If not 0, the plan of another suite, for training alone, with so many references of each grade;
            it shares none with the shipped one, and describes nothing.
        fine: Rays a pixel, along each side.
    """
    amounts: dict[Literal["test", "train"], int] = {"train": train} if train else REFERENCES
    seeds = APART if train else (100, 2000)
    sources = [(split, grade) for split, amount in amounts.items() for grade in GRADES for _ in range(amount)]
    good = spread(len(sources) * TESTS, GOOD)
    rng = np.random.default_rng(6)
    names, references = numbered("c", len(good), rng), numbered("r", len(sources), rng)
    plans, turn = list[Plan](), 0
    for index, name in enumerate(names):
        source = index // TESTS
        split, grade = sources[source]
        several = 0 if good[index] else 1 + (turn % 4 == 3)
        kinds: tuple[Kind, ...] = tuple(KINDS[(turn + step) % len(KINDS)] for step in range(several))
        turn += not good[index]
        render = partial(
            _with_room, seeds[1] + index, grade, kinds, reference_seed=seeds[0] + source, fine=fine
        )
        plans.append(Plan(name, references[source], split, render, (grade,)))
    extra = [
        _described(f"d{number:02d}", references[source], *sources[source], 100 + source)
        for number, source in enumerate(range(0, 0 if train else len(sources), 2), 1)
    ]
    plans.sort(key=lambda plan: plan.id)
    head = {
        "defaults": {"relation": "aligned", "ask": ["verdict", "differences"]},
        "variants": ["raw", "n-soartc"],
    }
    return Suite("everyday", "Ordinary objects on a table", head, tuple(plans), tuple(extra))


def _with_room(seed: int, grade: Grade, kinds: tuple[Kind, ...], **options: Any) -> RenderedPair:
    """Return a pair with changes of these kinds; of the next ones where a full table has no room for them.

    Raises:
        ValueError: If there is room for none.
    """
    found = ValueError("no kinds")
    for turn in range(len(KINDS)):
        turned = tuple(KINDS[(KINDS.index(kind) + turn) % len(KINDS)] for kind in kinds)
        try:
            return rendered(render_pair, seed, grade, turned, **options)
        except ValueError as error:
            found = error
    raise found


def _described(name: str, reference: str, split: str, grade: Grade, seed: int) -> dict[str, object]:
    """Return a case that asks for the objects of a first picture; others must not be named."""
    there = [thing.name for thing in setup(seed, grade).things]
    says = [THINGS[thing].words for thing in there]
    # Words that the objects which are there might be called as well are no mistake.
    taken = {word for words in says for word in words} | {"box", "ball", "die", "candle"}
    never = [thing for thing in THINGS if thing not in there and thing not in taken]
    return describing(name, reference, split, says, never)
