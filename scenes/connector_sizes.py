"""The suite ``connector-sizes``: one defect, a solder ball, from hardly a pixel to fifteen.

The good parts are those of the test split of ``connector``, picture by picture. Each is compared with a ball
of every step of size, and with good parts. No ball is left out for being hard to see, as the other suites do:
the probability of detection is about just those.
"""

from dataclasses import asdict, replace
from functools import partial

import numpy as np

from scenes.camera import develop, expose
from scenes.connector import NOUNS, SAYS, SIZE, UNREST, draw_matter, footprint_of, retake, setup
from scenes.connector_suite import REFERENCES
from scenes.pair import GRADES, Change, Grade, RenderedPair, enclosing, region
from scenes.part import build
from scenes.suite import Plan, Suite, numbered, rendered

NAME = "connector-sizes"
STEPS = 8
"""Sizes of each good part; within a step they are drawn, so that no two parts share one."""
SMALLEST, LARGEST = 0.8, 15.0
"""Diameters in pixels of the picture."""
GOOD = 2
"""Good parts to compare with each good part, for the false alarms."""
SEEDS = 50_000_000
"""Where the seeds of its cases begin, far from those of the other suites."""


def render_ball(
    seed: int, grade: Grade, diameter: float | None, *, reference_seed: int, fine: int = 2
) -> RenderedPair:
    """Render a pair with a solder ball of a given size.

    Args:
        seed: Draws the place of the ball and the second shot.
        grade: How much light and pose vary.
        diameter: In pixels; None for a good pair.
        reference_seed: Draws the good connector and its shot.
        fine: Rays a pixel, along each side.

    Raises:
        ValueError: If no place is found at which any pixel shows the ball.
    """
    scene = setup(reference_seed, grade, SIZE, fine)
    rng = np.random.default_rng([seed, 2])
    for _ in range(40):
        shot = retake(rng, scene.shot, UNREST[grade])
        changes: tuple[Change, ...] = ()
        flaws = []
        if diameter is not None:
            size = diameter / shot.zoom
            drawn = draw_matter(rng, scene.part, size, int(rng.integers(1 << 30)))
            flaws = [replace(drawn, size=size, matter="solder ball")]
        bad = expose([*build(scene.part, flaws), *scene.others], shot, scene.sheet, SIZE, fine)
        if diameter is not None:
            footprint = footprint_of(flaws[0], bad, bad, fine)
            if not footprint.any():  # behind the housing, or between two pixels
                continue
            box = enclosing(footprint)
            place = region(box, SIZE)
            words = (SAYS["foreign"], NOUNS["foreign"], round(diameter, 2))
            changes = (Change("foreign", place, place, box, *words),)
        spec = {"seed": seed, "grade": grade, "flaws": [asdict(flaw) for flaw in flaws]}
        return RenderedPair(scene.picture, develop(bad, shot, rng, fine), changes, spec)
    raise ValueError(f"seed {seed}: no place where a ball of {diameter} pixels can be seen")


def suite(fine: int = 2) -> Suite:
    """Return the plan of the suite; nothing is rendered yet."""
    rng = np.random.default_rng(20)
    grades = [grade for grade in GRADES for _ in range(REFERENCES["test"][grade])]
    names, sources = numbered("s", len(grades) * (STEPS + GOOD), rng), numbered("r", len(grades), rng)
    plans: list[Plan] = []
    for source, grade in enumerate(grades):
        steps = (np.arange(STEPS) + rng.random(STEPS)) / STEPS
        sizes = [float(size) for size in SMALLEST * (LARGEST / SMALLEST) ** steps]
        for diameter in [*sizes, *[None] * GOOD]:
            index = len(plans)
            render = partial(
                rendered, render_ball, SEEDS + index, grade, diameter, reference_seed=source, fine=fine
            )
            plans.append(Plan(names[index], sources[source], "test", render, (grade,)))
    plans.sort(key=lambda plan: plan.id)
    head = {"defaults": {"relation": "aligned", "ask": ["verdict"]}, "variants": ["raw"]}
    title = "A solder ball that grows, for the probability of detection"
    return Suite(NAME, title, head, tuple(plans), options="connector --sizes")
