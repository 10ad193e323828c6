"""Pairs of pictures that are linked or not: raw or processed, of one subject or of two.

Picture A shows a subject, B the same subject on another shot, C is what a processor makes of B against A.
That A shows what B shows, and B what C shows, can be taught; that A then shows what C shows is to be
concluded. For every link there is a pair that looks like one and shows two subjects: its processed picture
is made of the other subject and that subject's own A, just as the right one is.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from functools import lru_cache
from typing import Literal, TypeAlias

import numpy as np
from PIL import Image

from kurabe.common.vocabulary import Box
from kurabe.imaging.processors import apply
from scenes import connector, everyday, shapes
from scenes.camera import Picture
from scenes.pair import Change, Grade, RenderedPair

SIZE = (168, 224)
Family = Literal["connector", "things", "body"]
FAMILIES: tuple[Family, ...] = ("connector", "things", "body")
Link = Literal["taken", "processed", "concluded"]
LINKS: tuple[Link, ...] = ("taken", "processed", "concluded")
"""A and B; B and C; A and C."""
Processor = Literal["n-soartc", "soart3"]
PROCESSORS: tuple[Processor, ...] = ("n-soartc", "soart3")

# Of a subject that has not changed, a processor shows light and pose. A picture in which fewer pixels than
# this share reach this level shows next to nothing, and nobody could say what of.
LEVEL = 64
SHARE = 0.05
TRIES = 30

QUESTION = "What relates the two pictures?"
_ONE: dict[Family, str] = {"connector": "connector", "things": "scene", "body": "body"}
_TWO: dict[Family, str] = {
    "connector": "two different connectors",
    "things": "two different scenes",
    "body": "a prism and a cylinder",
}
_SAYS = (("another", "other", "different", "not the same", "別", "違", "異な"),)

_MODULES = {"connector": connector, "things": everyday, "body": shapes}
# A seed that draws no case's shot.
_FIRST = 900_000


def relations(family: Family) -> dict[tuple[bool, bool], str]:
    """Return what may relate two pictures, by whether they show one subject and whether one is processed."""
    one, two = f"the same {_ONE[family]}", _TWO[family]
    return {
        (True, True): f"{one}, once as taken and once processed",
        (False, True): f"{two}, one of them processed",
        (True, False): f"{one}, taken twice",
        (False, False): f"{two}, both as taken",
    }


@dataclass(frozen=True, slots=True)
class Subject:
    """What is shown.

    Attributes:
        family: What kind of thing.
        seed: Draws the subject, what is around it, and A.
        grade: How much the shots differ, as in the family's own suite; of a body, how many sides it has.
        recast: Of bodies: cast the other way, a prism for a cylinder and a cylinder for a prism, of the
            same material and size.
    """

    family: Family
    seed: int
    grade: Grade
    recast: bool = False

    def first(self, size: tuple[int, int] = SIZE) -> Picture:
        """Return A, (H, W, 3)."""
        if self.recast:  # the seed's own A shows the body that it was not made into
            return self.shot(self.seed + _FIRST, size)
        picture: Picture = _MODULES[self.family].setup(self.seed, self.grade, size).picture
        return picture

    def shot(self, seed: int, size: tuple[int, int] = SIZE) -> Picture:
        """Return B, (H, W, 3): in other light, a body also turned."""
        if self.family == "body":
            kinds: Sequence[shapes.Kind] = shapes.KINDS if self.recast else ()
            return shapes.render_pair(seed, self.grade, kinds, reference_seed=self.seed, size=size).test
        render = connector.render_pair if self.family == "connector" else everyday.render_pair
        return render(seed, self.grade, (), reference_seed=self.seed, size=size).test


def processed(subject: Subject, seed: int, processor: Processor, size: tuple[int, int] = SIZE) -> Picture:
    """Return C of a subject and the shot of a seed, (H, W, 3)."""
    a, b = (Image.fromarray(picture) for picture in (subject.first(size), subject.shot(seed, size)))
    return np.asarray(apply(processor, a, b, "instance").test)


def shown(picture: Picture) -> float:
    """Return the share of pixels in which a picture shows something."""
    return float((picture.max(2) >= LEVEL).mean())


@lru_cache(maxsize=64)
def telling(subject: Subject, seed: int, processor: Processor, size: tuple[int, int] = SIZE) -> int:
    """Return the seed of a shot of which the processor shows enough, the first from ``seed`` on.

    Raises:
        ValueError: If there is none.
    """
    for step in range(TRIES):
        if shown(processed(subject, seed + 1000 * step, processor, size)) >= SHARE:
            return seed + 1000 * step
    raise ValueError(f"{subject}: {processor} shows nothing of it")


Two: TypeAlias = tuple[Subject, Subject]


def render_pair(
    seed: int,
    link: Link,
    subjects: Two,
    processor: Processor,
    *,
    shot: int | None = None,
    size: tuple[int, int] = SIZE,
) -> RenderedPair:
    """Render two pictures that are linked, or look like it.

    Args:
        seed: Draws the second shot.
        link: What kind of link.
        subjects: What the first and what the second picture shows. If they are one, the link holds.
        processor: Makes C.
        shot: Seed of the shot that the first picture of a ``processed`` link is. The second picture of a
            link that holds is made of that very shot.
        size: Height and width in pixels.

    Raises:
        ValueError: If a shot is given to another link or lacks, or the processor shows nothing.
    """
    first, second = subjects
    if (shot is None) == (link == "processed"):
        raise ValueError("the first picture of a 'processed' link, and of no other, is a given shot")
    holds = first == second
    if shot is None:
        reference = first.first(size)
    else:
        shot = telling(first, shot, processor, size)
        reference = first.shot(shot, size)
    if link == "taken":
        drawn = seed
        test = second.shot(seed, size)
    else:
        drawn = shot if holds and shot is not None else telling(second, seed, processor, size)
        test = processed(second, drawn, processor, size)
    spec = {
        "seed": seed,
        "link": link,
        "processor": processor,
        "subjects": [asdict(subject) for subject in subjects],
        "shots": [shot, drawn],
    }
    return RenderedPair(reference, test, () if holds else (_other(first.family, size),), spec)


def _other(family: Family, size: tuple[int, int]) -> Change:
    """Return the difference between two subjects: all of the picture."""
    box = Box(0, 0, size[1], size[0])
    return Change("subject", "everywhere", "centre", box, _SAYS, _TWO[family])


def counterpart(subject: Subject, seed: int) -> Subject:
    """Return what a subject is taken for: another connector or scene, or the body cast the other way."""
    if subject.family == "body":
        return replace(subject, recast=not subject.recast)
    return replace(subject, seed=seed)
