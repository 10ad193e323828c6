"""Functions as models: what they may return, and that what they do wrong is theirs alone."""

import asyncio
import functools
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

import kurabe
from kurabe.common.errors import ModelError
from kurabe.common.request import Answer, Request
from kurabe.common.vocabulary import Box
from kurabe.imaging.heat import heat_map
from kurabe.models import config, functions
from kurabe.models.functions import with_functions
from kurabe.models.protocol import is_cacheable, is_greedy
from kurabe.models.registry import Registry


@pytest.fixture(autouse=True)
def _alone() -> Iterator[None]:
    functions.forget()
    yield
    functions.forget()


def request(number: int = 0) -> Request:
    picture = Image.new("RGB", (8, 6), (number, 0, 0))
    return Request(f"t{number}", "verdict", f"{number}?", (picture,), (picture, picture), "aligned")


def registry(toml: str = "", folder: Path = Path()) -> Registry:
    path = folder / "models.toml"
    if toml:
        path.write_text(toml, encoding="utf-8")
    return Registry(with_functions(config.read(path) if toml else config.Models(path, {})))


def asked(call: Any, *requests: Request, **settings: Any) -> list[Answer]:
    functions.forget()
    kurabe.model("mine", **settings)(call)
    models = registry()
    found = dict(models.ready("mine").answer(requests or [request()]))
    models.close()
    return [found[index] for index in range(len(found))]


# What may come back


@pytest.mark.parametrize(
    ("returned", "answer"),
    [
        ("Yes", Answer("Yes")),
        ("", Answer("")),
        (Answer("No", p_different=np.float32(0.25)), Answer("No", p_different=0.25)),  # type: ignore[arg-type]
        (Answer("No", p_different=1), Answer("No", p_different=1.0)),
        (Answer(boxes=[[1, 2, 3, 4]]), Answer(boxes=(Box(1, 2, 3, 4),))),  # type: ignore[arg-type]
        (Answer("a", tokens_in=3, tokens_out=np.int64(2)), Answer("a", tokens_in=3, tokens_out=2)),  # type: ignore[arg-type]
        (Answer(error="no paper left"), Answer(error="no paper left")),
        (Answer("B", p_options=[0, np.float32(1)]), Answer("B", p_options=(0.0, 1.0))),  # type: ignore[arg-type]
        (Answer("No", heat=heat_map([[0.5]])), Answer("No", heat=heat_map([[0.5]]))),
    ],
)
def test_what_may_be_returned(returned: Any, answer: Answer) -> None:
    (found,) = asked(lambda request: returned)
    assert found.seconds is not None
    assert found.seconds > 0
    assert found == replace(answer, seconds=found.seconds)


def test_a_time_of_its_own_is_kept() -> None:
    assert asked(lambda request: Answer("Yes", seconds=1.5))[0].seconds == 1.5


@pytest.mark.parametrize(
    ("returned", "says"),
    [
        (None, "returned None: return the answer as str, or as kurabe.Answer"),
        (3, "returned int 3: return the answer as str"),
        (True, "returned bool True: "),
        (("Yes", 0.5), "returned tuple ('Yes', 0.5): "),
        (Answer(None), "returned an Answer with text = None: a text is expected there"),  # type: ignore[arg-type]
        (Answer(p_different=1.5), "p_different = 1.5: a probability from 0 to 1 is expected there"),
        (Answer(p_different=float("nan")), "p_different = nan: a number from 0 is expected"),
        (Answer(p_different="high"), "p_different = 'high': "),  # type: ignore[arg-type]
        (Answer(p_different=True), "p_different = True: "),
        (Answer(p_different=False), "p_different = False: "),
        (Answer(boxes=(Box(4, 0, 2, 2),)), "boxes = (Box("),
        (Answer(boxes=((1, 2, 3),)), "a list of (left, top, right, bottom) in pixels"),  # type: ignore[arg-type]
        (Answer(boxes=7), "boxes = 7: "),  # type: ignore[arg-type]
        (Answer(tokens_out=-1), "tokens_out = -1: "),
        (Answer(tokens_in=1.5), "tokens_in = 1.5: a whole number"),  # type: ignore[arg-type]
        (Answer(seconds=float("inf")), "seconds = inf: "),
        (Answer(error=404), "error = 404: "),  # type: ignore[arg-type]
        (Answer(p_options="ab"), "p_options = 'ab': a probability from 0 to 1 for each option"),  # type: ignore[arg-type]
        (Answer(p_options=(0.5, 2)), "p_options = (0.5, 2): "),
        (Answer(heat="red"), "heat = 'red': what kurabe.heat_map(grid) returns is expected there"),
    ],
)
def test_anything_else_is_an_error_that_says_what_was_expected(returned: Any, says: str) -> None:
    (found,) = asked(lambda request: returned)
    assert found.error is not None
    assert says in found.error
    assert found.error.startswith(f"mine ({Path(__file__).name}:")
    assert (found.text, found.p_different, found.boxes) == ("", None, None)


def exits(request: Request) -> str:
    sys.exit("enough")


def fails_as_a_test(request: Request) -> str:
    pytest.fail("not my part")


def divides(request: Request) -> str:
    return str(1 / len(request.options))


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (divides, r"raised ZeroDivisionError: .* in line \d+$"),
        (exits, "raised SystemExit: enough in line"),
        (fails_as_a_test, "raised Failed: not my part"),
    ],
)
@pytest.mark.parametrize("is_async", [False, True])
def test_what_is_raised_is_an_error_of_the_one_request(call: Any, says: str, is_async: bool) -> None:
    def first_fails(request: Request) -> str:
        return str(call(request)) if request.prompt == "0?" else "Yes"

    async def first_fails_later(request: Request) -> str:
        await asyncio.sleep(0)
        return first_fails(request)

    found = asked(first_fails_later if is_async else first_fails, request(0), request(1))
    assert [answer.text for answer in found] == ["", "Yes"]
    assert found[0].error is not None
    assert pytest.importorskip("re").search(says, found[0].error)


def test_a_coroutine_of_a_plain_function_is_an_error_without_a_warning(
    recwarn: pytest.WarningsRecorder,
) -> None:
    async def later(request: Request) -> str:
        return "Yes"

    (found,) = asked(lambda request: later(request))
    assert "returned a coroutine of a function that is not async: write 'async def'" in str(found.error)
    assert not recwarn.list


# What is called, and how


class Caller:
    """An object that answers."""

    async def __call__(self, request: Request) -> str:
        return request.prompt


async def suffixed(suffix: str, request: Request) -> str:
    return request.prompt + suffix


@pytest.mark.parametrize(
    ("call", "text"),
    [(Caller(), "0?"), (functools.partial(suffixed, "!"), "0?!"), (lambda r: r.prompt, "0?")],
)
def test_objects_and_partial_functions_answer_too(call: Any, text: str) -> None:
    assert asked(call)[0].text == text


@pytest.mark.parametrize(("limit", "most"), [(None, 8), (3, 3)])
def test_async_calls_run_beside_each_other_up_to_the_limit(limit: int | None, most: int) -> None:
    under_way, seen = 0, []
    full = asyncio.Event()

    async def slow(request: Request) -> str:
        nonlocal under_way
        under_way += 1
        seen.append(under_way)
        if under_way == most:
            full.set()
        await asyncio.wait_for(full.wait(), 10)
        under_way -= 1
        return request.prompt

    found = asked(slow, *map(request, range(20)), concurrent=limit)
    assert [answer.text for answer in found] == [f"{n}?" for n in range(20)]
    assert max(seen) == most


def test_a_plain_function_is_called_by_several_threads_if_it_says_so() -> None:
    together = threading.Barrier(4)

    def slow(request: Request) -> str:
        together.wait(10)
        return request.prompt

    found = asked(slow, *map(request, range(8)), concurrent=4)
    assert [answer.error for answer in found] == [None] * 8


def test_the_loop_outlives_a_window_and_ends_with_the_model() -> None:
    loops = set()

    async def told(request: Request) -> str:
        loops.add(asyncio.get_running_loop())
        return "Yes"

    kurabe.model("mine")(told)
    models = registry()
    for _ in range(2):
        list(models.ready("mine").answer([request()]))
    (loop,) = loops
    thread = next(t for t in threading.enumerate() if t.name == "kurabe model mine")
    models.close()
    thread.join(10)
    assert loop.is_closed()


def test_a_task_that_cancels_itself_is_an_error_and_the_others_are_answered() -> None:
    async def cancels(request: Request) -> str:
        task = asyncio.current_task()
        assert task is not None
        if request.prompt == "0?":
            task.cancel()
        await asyncio.sleep(0)
        return "Yes"

    found = asked(cancels, request(0), request(1))
    assert "was cancelled by its own work" in str(found[0].error)
    assert found[1].text == "Yes"


def test_what_a_function_does_to_its_pictures_is_seen_by_nobody_else() -> None:
    def paints(request: Request) -> str:
        request.pictures[0].paste((255, 255, 255), (0, 0, 8, 6))
        request.pair[1].thumbnail((2, 2))
        return "Yes"

    given = request(1)
    asked(paints, given)
    assert given.pictures[0].getpixel((0, 0)) == (1, 0, 0)
    assert given.pair[1].size == (8, 6)


# Declarations


def test_a_version_makes_answers_last() -> None:
    kurabe.model("kept", version=2)(lambda request: "Yes")
    kurabe.model("new")(lambda request: "Yes")
    models = registry()
    assert is_cacheable(models.engine("kept"))
    assert not is_cacheable(models.engine("new"))
    assert models.fingerprint("kept") == "function kept version 2"
    assert not is_greedy(models.engine("kept"))


def test_declarations_say_what_entries_of_models_toml_say(tmp_path: Path) -> None:
    kurabe.model(
        "mine", default=False, layout="separate", threshold=0.3, questions=["count"], note="by hand"
    )(lambda request: "3")
    models = registry('[models.pixel-diff]\nengine = "pixel-diff"\n', tmp_path)
    assert list(models.models.entries) == ["pixel-diff", "mine"]
    entry = models.models.entries["mine"]
    common = entry.common
    assert (common.default, common.layout, common.threshold, common.note) == (
        False,
        "separate",
        0.3,
        "by hand",
    )
    assert models.engine("mine").questions == {"count"}
    assert entry.path == Path(__file__)


def taken(request: Request) -> str:
    return "Yes"


def two(request: Request, more: int) -> str:
    return "Yes"


@pytest.mark.parametrize(
    ("name", "settings", "call", "says"),
    [
        ("pixel-diff", {}, taken, "model pixel-diff: the name is taken by {toml}:2: choose another one"),
        (" ", {}, taken, "a model's name is written with visible characters, not ' '"),
        ("a\nb", {}, taken, "a model's name is written with visible characters"),
        ("a", {"layout": "diagonal"}, taken, "model a: layout: Input should be 'stacked'"),
        ("a", {"threshold": 2}, taken, "model a: threshold: Input should be less than or equal to 1"),
        ("a", {"questions": ["verdikt"]}, taken, "questions: a list of verdict, differences, count, choice"),
        ("a", {"questions": "verdict"}, taken, "is expected, not 'verdict'"),
        ("a", {"questions": []}, taken, "is expected, not []"),
        ("a", {"concurrent": 0}, taken, "concurrent: a number from 1 is expected, not 0"),
        ("a", {"version": 1.5}, taken, "version: a text or a number is expected, not 1.5"),
        ("a", {}, two, "the function has to take one argument, the request"),
        ("a", {}, 7, "a model is a function, not 7"),
    ],
)
def test_a_wrong_declaration_is_an_error_with_its_place(
    tmp_path: Path, name: Any, settings: dict[str, Any], call: Any, says: str
) -> None:
    kurabe.model(name, **settings)(call)
    with pytest.raises(ModelError) as caught:
        registry('\n[models.pixel-diff]\nengine = "pixel-diff"\n', tmp_path)
    assert str(caught.value).startswith(f"{__file__}:")
    assert says.format(toml=tmp_path / "models.toml") in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_name_that_two_functions_have_is_an_error_with_both_places() -> None:
    kurabe.model("mine")(taken)
    kurabe.model("mine")(divides)
    first, second = functions.declared()
    with pytest.raises(ModelError, match=f"{second.line}: model mine: the name is taken by .*:{first.line}:"):
        registry()


def test_a_file_that_runs_again_declares_again() -> None:
    for call in (taken, divides):
        kurabe.model("mine")(call)
    (again,) = functions.declared()
    assert again.call is divides


def test_the_decorator_without_a_name_is_an_error_that_says_how_to_write_it() -> None:
    bare: Any = kurabe.model
    assert bare(taken) is taken
    with pytest.raises(ModelError, match=r"its name is missing: write @kurabe.model\('taken'\)"):
        registry()


def test_the_engine_is_for_functions_alone(tmp_path: Path) -> None:
    models = registry('[models.a]\nengine = "function"\n', tmp_path)
    with pytest.raises(ModelError, match=r"models.toml:1: model a: .*write @kurabe.model\(…\)"):
        models.engine("a")
