"""Writes a suite: pictures and YAML, from a plan of pairs and what was made of it."""

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Literal, TypeAlias

import numpy as np
from PIL import Image

from kurabe.authoring.suite_writer import Inline, to_yaml
from kurabe.common.atomic import write_text
from scenes.camera import Picture
from scenes.pair import RenderedPair


@dataclass(frozen=True, slots=True)
class Plan:
    """A case before it is rendered.

    Attributes:
        id: Id of the case and, with ``.png``, name of its test picture.
        reference: Name of the reference picture, without ``.png``.
        split: Whether the case is for the test or for training.
        render: Makes the pair.
        tags: Tags beside the kinds of the differences.
        ask: The questions, where they are not the suite's own.
        expect: What is expected beside verdict, differences and count.
    """

    id: str
    reference: str
    split: Literal["test", "train"]
    render: Callable[[], RenderedPair]
    tags: tuple[str, ...] = ()
    ask: tuple[str, ...] = ()
    expect: dict[str, Any] | None = None


Extra: TypeAlias = dict[str, Any]
_Made: TypeAlias = list[tuple[str, Extra]]


@dataclass(frozen=True, slots=True)
class Suite:
    """A suite before it is rendered: its head, the plans of its cases, and cases without own pictures.

    ``options`` are those of the command line that make it.
    """

    name: str
    title: str
    head: dict[str, Any]
    plans: tuple[Plan, ...]
    extra: tuple[Extra, ...] = ()
    options: str = ""


def spread(amount: int, share: float) -> list[bool]:
    """Return ``amount`` flags of which about ``share`` are true, evenly spread."""
    return [int((k + 1) * share) > int(k * share) for k in range(amount)]


def numbered(letter: str, amount: int, rng: np.random.Generator) -> list[str]:
    """Return names ``c01``, ``c02``… in random order: the number of a case must not tell what is in it."""
    digits = len(str(amount))
    return [f"{letter}{number:0{digits}d}" for number in rng.permutation(amount) + 1]


def options(rng: np.random.Generator, answer: str, others: Sequence[str], question: str) -> dict[str, Any]:
    """Return a choice question whose options stand in random order."""
    mixed = [str(option) for option in rng.permutation([answer, *others])]
    return {"question": question, "options": Inline(mixed), "answer": answer}


def describing(
    name: str, reference: str, split: str, says: Sequence[Sequence[str]], never: Sequence[str]
) -> Extra:
    """Return a case that shows one picture of the suite and asks what is on it."""
    describe = {"says": [Inline(words) for words in says], "never": Inline(never)}
    return {
        "id": name,
        "reference": f"images/{reference}.png",
        "split": split,
        "tags": Inline(["describe"]),
        "ask": Inline(["describe"]),
        "expect": {"describe": describe},
    }


def rendered(program: Callable[..., RenderedPair], seed: int, *args: Any, **options: Any) -> RenderedPair:
    """Return a program's pair of a seed, or of the first of its substitutes for which there is room.

    Raises:
        ValueError: If there is room for none of twenty.
    """
    for step in range(20):
        try:
            return program(seed + 10_000_000 * step, *args, **options)
        except ValueError as error:
            found = error
    raise found


def case_of(plan: Plan, pair: RenderedPair) -> dict[str, Any]:
    """Return a case as it stands in the YAML; expectations are what the program did."""
    kinds = list(dict.fromkeys(change.kind for change in pair.differences)) or ["good"]
    several = ["several"] if len(pair.differences) > 1 else []
    differences = [
        {
            "kind": change.kind,
            "where": change.where,
            "box": Inline(int(side) for side in change.box),
            **({} if change.size is None else {"size": change.size}),
            "says": [Inline(words) for words in change.says],
        }
        for change in pair.differences
    ]
    return {
        "id": plan.id,
        "reference": f"images/{plan.reference}.png",
        "test": f"images/{plan.id}.png",
        "split": plan.split,
        "tags": Inline([*kinds, *several, *plan.tags]),
        **({"ask": Inline(plan.ask)} if plan.ask else {}),
        "expect": {
            "verdict": "different" if differences else "same",
            "differences": differences or Inline(),
            "count": len(differences),
            **(plan.expect or {}),
        },
    }


def save_png(picture: Picture, path: Path, small: bool = True) -> None:
    """Write a picture as PNG, in few bytes or in little time; equal pictures give equal bytes."""
    options: dict[str, Any] = {"optimize": True} if small else {"compress_level": 1}
    Image.fromarray(picture).save(path, format="PNG", **options)


def suite_text(suite: Suite, cases: Iterable[dict[str, Any]]) -> str:
    """Return the text of a suite file."""
    return _head(suite) + to_yaml({"cases": list(cases)})


def _head(suite: Suite) -> str:
    head = {"suite": suite.name, "title": suite.title, **suite.head}
    note = (
        f"# Made by: python -m scenes {suite.options or suite.name}\n# Change the program, not this file.\n"
    )
    return note + to_yaml(head)


def write(suite: Suite, folder: Path, processes: int = 1, *, small: bool = True) -> int:
    """Render a suite into a folder: ``NAME.yaml`` and ``images/``.

    The suite file grows as pictures are made, so that what there is can be used if this does not come to its
    end; at the end its cases stand in the plan's order.

    Args:
        suite: What to render.
        folder: Made if need be.
        processes: That render at once.
        small: Whether files are to be small; that takes longer than to render what is in them.

    Returns:
        The bytes of the pictures.
    """
    images = folder / "images"
    images.mkdir(parents=True, exist_ok=True)
    # What shares a reference stays together: it is rendered once.
    groups: dict[str, list[Plan]] = {}
    for plan in suite.plans:
        groups.setdefault(plan.reference, []).append(plan)
    render = partial(_render, images, small)
    path = folder / f"{suite.name}.yaml"
    with ExitStack() as stack:
        if processes > 1:
            pool = stack.enter_context(ProcessPoolExecutor(processes))
            rendering: Iterable[_Made] = pool.map(render, groups.values(), chunksize=4)
        else:
            rendering = map(render, groups.values())
        made = _collected(path, suite, rendering)
    write_text(path, suite_text(suite, [*(made[plan.id] for plan in suite.plans), *suite.extra]))
    names = {name for plan in suite.plans for name in (plan.id, plan.reference)}
    return sum((images / f"{name}.png").stat().st_size for name in names)


def _collected(path: Path, suite: Suite, rendering: Iterable[_Made]) -> dict[str, dict[str, Any]]:
    """Collect cases, and write each group of them to the suite file as soon as its pictures are there."""
    made: dict[str, dict[str, Any]] = {}
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.write(_head(suite))
        for some in rendering:
            key, _, items = to_yaml({"cases": [case for _, case in some]}).partition("\n")
            file.write(items if made else f"{key}\n{items}")
            file.flush()
            made.update(some)
    return made


def _render(images: Path, small: bool, plans: Sequence[Plan]) -> _Made:
    """Render pairs that share a reference; return each case under its plan's id."""
    made = []
    for plan in plans:
        pair = plan.render()
        save_png(pair.test, images / f"{plan.id}.png", small)
        made.append((plan.id, case_of(plan, pair)))
    save_png(pair.reference, images / f"{plans[0].reference}.png", small)
    return made
