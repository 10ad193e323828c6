"""The suite ``shapes``: which pairs it has."""

from functools import partial
from typing import Literal

import numpy as np

from benchmark.scenes.pair import GRADES
from benchmark.scenes.shapes import KINDS, render_pair, setup
from benchmark.scenes.suite import Plan, Suite, numbered, options

# References of each grade in each split, and pairs that share one: as many same as different.
REFERENCES: dict[Literal["test", "train"], int] = {"test": 3, "train": 2}
TESTS = 4
QUESTION = "What is the body in the second picture?"


def suite() -> Suite:
    """Return the plan of the suite; of the pairs, nothing is rendered yet."""
    sources = [
        (split, grade) for split, amount in REFERENCES.items() for grade in GRADES for _ in range(amount)
    ]
    rng = np.random.default_rng(8)
    names, references = numbered("c", len(sources) * TESTS, rng), numbered("r", len(sources), rng)
    plans = list[Plan]()
    for index, name in enumerate(names):
        source = index // TESTS
        split, grade = sources[source]
        kinds = KINDS if index % 2 else ()
        seed = 200 + source
        render = partial(render_pair, 3000 + index, grade, kinds, reference_seed=seed)
        first = setup(seed, grade).body.form
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
