"""The suite ``linking``: which pairs it has."""

from functools import partial
from itertools import product
from typing import Any, Literal

import numpy as np

from scenes.linking import (
    PROCESSORS,
    QUESTION,
    Family,
    Link,
    Subject,
    counterpart,
    relations,
    render_pair,
)
from scenes.pair import Grade
from scenes.suite import Plan, Suite, numbered, options

Split = Literal["test", "train"]
# Twos of subjects in each split. One of the two is the reference of the raw pairs, the other of the processed
# ones; each reference is held against a picture of its own subject and one of the other's.
TWOS: tuple[tuple[Family, Grade], ...] = (
    ("connector", "hard"),
    ("body", "easy"),
    ("things", "hard"),
    ("body", "medium"),
)
# What is taught is A = B and B = C; what is asked is whether A = C follows.
LINKS: dict[Split, tuple[Link, Link]] = {"train": ("taken", "processed"), "test": ("taken", "concluded")}
# Instead of the sentence on two specimens of one product: these may be one, or have nothing in common.
INTRODUCTION = (
    "Each is as the camera took it, or processed: then it shows in false colours where one shot of something "
    "departs from another shot of it."
)


def suite() -> Suite:
    """Return the plan of the suite; nothing is rendered yet."""
    twos = [
        (split, family, grade, processor)
        for split, processor, (family, grade) in product(LINKS, PROCESSORS, TWOS)
    ]
    rng = np.random.default_rng(78)
    names, references = numbered("c", 4 * len(twos), rng), numbered("r", 2 * len(twos), rng)
    places = {key: _places(rng) for key in product(LINKS, (True, False), (True, False))}
    plans = list[Plan]()
    for index, (split, family, grade, processor) in enumerate(twos):
        one = Subject(family, 600 + index, grade, recast=family == "body" and bool(rng.random() < 0.5))
        subjects = (one, counterpart(one, 700 + index))
        for side, link in enumerate(LINKS[split]):
            first, reference = subjects[side], references.pop()
            for second in subjects:
                seed, place = 4000 + len(plans), places[split, first == second, link != "taken"].pop()
                choice = _choice(rng, first, second, link, place)
                # The shot that a reference is must not depend on which of its two cases asks for it.
                shot = 5000 + first.seed if link == "processed" else None
                render = partial(render_pair, seed, link, (first, second), processor, shot=shot)
                tags = (family, link, *((processor,) if link != "taken" else ()))
                plans.append(Plan(names.pop(), reference, split, render, tags, expect={"choice": choice}))
    plans.sort(key=lambda plan: plan.id)
    head = {
        "defaults": {"relation": "instance", "ask": ["choice"]},
        "variants": ["raw"],
        "prompts": {"relation": {"en": {"instance": INTRODUCTION}}},
    }
    return Suite("linking", "What relates a raw and a processed picture", head, tuple(plans))


def _places(rng: np.random.Generator) -> list[int]:
    """Return the places of one answer among the options: each as often, in random order."""
    return [int(place) for place in rng.permutation([0, 1, 2, 3] * (len(PROCESSORS) * len(TWOS) // 4))]


def _choice(
    rng: np.random.Generator, first: Subject, second: Subject, link: Link, place: int
) -> dict[str, Any]:
    """Return the question, its options in random order but for the answer's place."""
    possible = relations(first.family)
    answer = possible[first == second, link != "taken"]
    others = [text for text in possible.values() if text != answer]
    while True:
        choice = options(rng, answer, others, QUESTION)
        if choice["options"].index(answer) == place:
            return choice
