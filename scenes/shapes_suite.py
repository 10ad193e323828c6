"""The suite ``shapes``: which pairs it has."""

from functools import partial
from typing import Literal

import numpy as np

from scenes.pair import GRADES
from scenes.shapes import KINDS, first_body, render_pair
from scenes.suite import Plan, Suite, numbered, options

# References of each grade in each split, and pairs that share one: as many same as different.
REFERENCES: dict[Literal["test", "train"], int] = {"test": 3, "train": 2}
TESTS = 4
# Where the seeds of a suite for training alone begin, of references and of cases: far from the shipped ones.
APART = (200_000, 2_000_000)
QUESTION = "What is the body in the second picture?"


def suite(train: int = 0, fine: int = 2) -> Suite:
    """Return the plan of the suite; of the pairs, nothing is rendered yet.

    Args:
        train: If not 0, the plan of another suite, for training alone, with so many references of each grade;
            it shares none with the shipped one.
        fine: Rays a pixel, along each side.
    """
    amounts: dict[Literal["test", "train"], int] = {"train": train} if train else REFERENCES
    seeds = APART if train else (200, 3000)
    sources = [(split, grade) for split, amount in amounts.items() for grade in GRADES for _ in range(amount)]
    rng = np.random.default_rng(8)
    names, references = numbered("c", len(sources) * TESTS, rng), numbered("r", len(sources), rng)
    plans = list[Plan]()
    for index, name in enumerate(names):
        source = index // TESTS
        split, grade = sources[source]
        kinds = KINDS if index % 2 else ()
        seed = seeds[0] + source
        render = partial(render_pair, seeds[1] + index, grade, kinds, reference_seed=seed, fine=fine)
        first = first_body(seed, grade).form
        answer = {"prism": "cylinder", "cylinder": "prism"}[first] if kinds else first
        other = "prism" if answer == "cylinder" else "cylinder"
        choice = {"choice": options(rng, answer, [other, "ball", "cone"], QUESTION)}
        ask = ("verdict", "differences", "choice")
        plans.append(Plan(name, references[source], split, render, (grade,), ask, choice))
    plans.sort(key=lambda plan: plan.id)
    head = {
        "defaults": {"relation": "instance", "ask": ["verdict", "differences"]},
        "variants": ["raw", "n-soartc"],
    }
    return Suite("shapes", "Prisms and cylinders, turned and lit differently", head, tuple(plans))
