"""What the embedded models learn from: rendered pairs, and every question about them with its answer.

Pairs come from the ``everyday`` and ``shapes`` programs alone; seeds begin far above those of the suites, and
those kept for evaluation apart from those to learn from.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from kurabe.cases.case import Choice, Difference, Expect
from kurabe.cases.prompts import load_prompts
from kurabe.common.vocabulary import Box, Layout, QuestionKind, Relation
from kurabe.finetune.targets import target
from scenes import everyday, shapes
from scenes.everyday import SAYS
from scenes.pair import GRADES, Change, RenderedPair, region
from scenes.things import THINGS

QUESTIONS: tuple[QuestionKind, ...] = ("verdict", "differences", "count", "choice")
"""Asked of each pair as it is, exchanged, mirrored, and both."""

VIEWS = ((False, False), (True, False), (False, True), (True, True))
"""(exchanged, mirrored) in the order of an item's texts."""

SUITES: tuple[tuple[str, Relation], ...] = (("everyday", "aligned"), ("shapes", "instance"))
KINDS = (*everyday.KINDS, *shapes.KINDS)
OBJECTS = (*THINGS, "prism", "cylinder")
MOST = 3
"""Differences of a pair at most."""

SHARED = 5
"""Tests rendered to each reference, which is half the work."""

TRAIN_SEEDS, EVAL_SEEDS = 1 << 32, 1 << 40
_NOTHING = "nothing has changed"
_BODIES = ("a prism", "a cylinder", "a ball", "a cone")
_EXCHANGED = {"missing": "added", "added": "missing"}


class Turn(NamedTuple):
    """A question as a model is asked it, and the answer."""

    prompt: str
    answer: str


@dataclass(frozen=True, slots=True, eq=False)
class Item:
    """A pair with its questions.

    Attributes:
        suite: Index into `SUITES`.
        pictures: (2, H, W, 3), reference and test.
        boxes: (MOST, 5): left, top, right, bottom as shares of the picture, index into `KINDS`; a row of
            -1 where there is no further difference.
        objects: (2, len(OBJECTS)): which of `OBJECTS` each picture shows.
        turns: By layout: `QUESTIONS` of each of `VIEWS`.
        describe: By layout: what the reference shows.
    """

    suite: int
    pictures: NDArray[np.uint8]
    boxes: NDArray[np.float32]
    objects: NDArray[np.float32]
    turns: Mapping[Layout, tuple[Turn, ...]]
    describe: Mapping[Layout, Turn]


def stream(
    seed: int, layouts: tuple[Layout, ...], size: tuple[int, int], shapes_share: float = 0.5
) -> Iterator[Item]:
    """Render items without end.

    Args:
        seed: From `TRAIN_SEEDS` or `EVAL_SEEDS` on; streams of different seeds share nothing.
        layouts: Whose prompts the items get.
        size: Height and width in pixels.
        shapes_share: Share of references from the ``shapes`` program.
    """
    rng = np.random.default_rng([seed, 77])
    while True:
        suite = int(rng.random() < shapes_share)
        program: Any = shapes if suite else everyday
        grade = GRADES[rng.integers(len(GRADES))]
        reference, first = (int(number) for number in rng.integers(TRAIN_SEEDS, size=2))
        for step in range(SHARED):
            try:
                pair = program.render_pair(
                    seed * 1_000_003 + first + step, grade, reference_seed=seed + reference, size=size, fine=1
                )
            except ValueError:
                continue  # no room for what was drawn
            yield item(pair, suite, layouts, rng)


def item(pair: RenderedPair, suite: int, layouts: tuple[Layout, ...], rng: np.random.Generator) -> Item:
    """Return a pair with its questions."""
    size = pair.reference.shape[:2]
    boxes = np.full((MOST, 5), -1, np.float32)
    for row, change in zip(boxes, pair.differences, strict=False):
        edges = np.array(change.box, np.float32) / (size[1], size[0], size[1], size[0])
        row[:] = [*edges, KINDS.index(change.kind)]
    choices = {exchanged: _choice(pair, suite, exchanged, rng) for exchanged in (False, True)}
    turns = {}
    for layout in layouts:
        said = []
        for exchanged, mirrored in VIEWS:
            changes = [_seen(change, exchanged, mirrored, size) for change in pair.differences]
            expect = _expect(changes, choices[exchanged])
            said += [_turn(question, expect, layout, SUITES[suite][1]) for question in QUESTIONS]
        turns[layout] = tuple(said)
    described = {
        layout: Turn(_prompt("describe", layout, "aligned").text, _description(pair, suite))
        for layout in layouts
    }
    return Item(suite, np.stack([pair.reference, pair.test]), boxes, _objects(pair, suite), turns, described)


def _objects(pair: RenderedPair, suite: int) -> NDArray[np.float32]:
    if suite:
        shown = [[body["form"]] for body in pair.spec["bodies"]]
    else:
        shown = [[thing["name"] for thing in pair.spec[when]] for when in ("before", "after")]
    return np.array([[name in names for name in OBJECTS] for names in shown], np.float32)


def same(suite: int, layout: Layout) -> tuple[Turn, ...]:
    """Return `QUESTIONS` about a picture held against itself; for a choice, the count once more."""
    expect = _expect([], None)
    asked: tuple[QuestionKind, ...] = ("verdict", "differences", "count", "count")
    return tuple(_turn(question, expect, layout, SUITES[suite][1]) for question in asked)


def _expect(changes: list[Change], choice: Choice | None) -> Expect:
    # Left to right: a list whose order nothing in the pictures tells could only be guessed.
    ordered = sorted(changes, key=lambda change: (change.box.x1 + change.box.x2, change.kind))
    return Expect(
        verdict="different" if ordered else "same",
        differences=[
            Difference(kind=c.kind, where=c.where, says=[list(words) for words in c.says]) for c in ordered
        ],
        count=len(ordered),
        choice=choice,
    )


def _seen(change: Change, exchanged: bool, mirrored: bool, size: tuple[int, ...]) -> Change:
    """Return a change as it looks with the pictures exchanged, or in a mirror."""
    box, kind, says = change.box, change.kind, change.says
    if mirrored:
        box = Box(size[1] - box.x2, box.y1, size[1] - box.x1, box.y2)
    if exchanged and kind in _EXCHANGED:
        kind = _EXCHANGED[kind]
        says = (SAYS[kind], *says[1:])  # type: ignore[index]
    elif exchanged and kind == "shape":
        # Both bodies' words are right; the one named first is what the second picture shows.
        after = len(shapes.WORDS["cylinder" if says[0][0] == "cylinder" else "prism"])
        says = ((*says[0][after:], *says[0][:after]),)
    place = region(box, (size[0], size[1]))
    return replace(change, kind=kind, says=says, box=box, where=place)


def _choice(pair: RenderedPair, suite: int, exchanged: bool, rng: np.random.Generator) -> Choice | None:
    if suite:
        body = pair.spec["bodies"][0 if exchanged else 1]["form"]
        options = [str(option) for option in rng.permutation(_BODIES)]
        return Choice(options=options, answer=f"a {body}", question="What is the body in the second picture?")
    if exchanged or len(pair.differences) > 1:
        return None
    answer = pair.differences[0].noun if pair.differences else _NOTHING
    others = {_NOTHING} - {answer}
    while len(others) < 3:
        name = str(rng.choice([*THINGS]))
        colour, size = str(rng.choice(THINGS[name].colours)), str(rng.choice(["larger", "smaller"]))
        texts = (
            f"the {name} is missing",
            f"a {colour} {name} was added",
            f"the {name} was moved",
            f"the {name} is {size}",
        )
        text = str(rng.choice(texts))
        others |= {text} - {answer}
    options = [str(option) for option in rng.permutation([answer, *sorted(others)])]
    return Choice(options=options, answer=answer)


def _turn(question: QuestionKind, expect: Expect, layout: Layout, relation: Relation) -> Turn:
    if question == "choice" and expect.choice is None:
        question = "differences"
    choice = expect.choice if question == "choice" else None
    prompt = _prompt(question, layout, relation, choice)
    answer = target(question, expect, prompt)
    assert answer is not None
    return Turn(prompt.text, answer)


def _prompt(question: QuestionKind, layout: Layout, relation: Relation, choice: Choice | None = None) -> Any:
    options = tuple(choice.options) if choice else ()
    return load_prompts().render(
        question, "en", layout, relation, options, choice.question if choice else None
    )


def _description(pair: RenderedPair, suite: int) -> str:
    if suite:
        return f"This picture shows a {pair.spec['bodies'][0]['form']}."
    things = sorted(pair.spec["before"], key=lambda thing: thing["x"])
    return f"This picture shows {', '.join(THINGS[thing['name']].words[0] for thing in things)}."
