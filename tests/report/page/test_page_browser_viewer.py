"""The page in a real browser: one trial, large, by mouse, keys and touch."""

import io
import random
import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from kurabe.common.vocabulary import Box
from kurabe.imaging.heat import heat_map
from kurabe.report.page.render import write_page
from kurabe.results.record import Record
from kurabe.results.run import Run
from kurabe.scoring import MIN_IOU, iou, match_boxes
from tests.support.browser import Visit
from tests.support.pages import altered

SIZES = [(390, 800), (1024, 768), (1440, 900)]


def boxed(run: Run) -> Record:
    return next(
        record
        for record in run.records()
        if record.variant == "raw" and record.boxes and record.score.get("boxes") and not record.swapped
    )


def zoomed(page: Page) -> int:
    return int(page.locator("#viewer-zoom").inner_text().removesuffix(" %"))


def middles(page: Page) -> list[tuple[float, float]]:
    """Return which point of each picture is in the middle of what one looks through, in shares."""
    found: list[list[float]] = page.evaluate(
        """() => [...document.querySelectorAll(".lens")].map((lens) => {
            const sheet = lens.querySelector(".picture").getBoundingClientRect();
            const hole = lens.getBoundingClientRect();
            const [x, y] = [hole.x + hole.width / 2, hole.y + hole.height / 2];
            return [(x - sheet.x) / sheet.width, (y - sheet.y) / sheet.height];
        })"""
    )
    return [(x, y) for x, y in found]


def middle_of(place: Locator) -> tuple[float, float]:
    box = place.bounding_box()
    assert box
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


@pytest.mark.parametrize(
    ("size", "scheme", "lang"),
    [(SIZES[0], "light", "ja"), (SIZES[1], "dark", "en"), (SIZES[2], "light", "en")],
)
def test_pictures_are_as_large_as_the_stage(
    run: Run, tmp_path: Path, visit: Visit, size: tuple[int, int], scheme: str, lang: str
) -> None:
    html = write_page(run, tmp_path, lang=lang, pictures_at=run.pictures.as_uri() + "/")
    page = visit(html, f"trial={boxed(run).trial}", size=size, scheme=scheme)
    lens = page.locator(".lens").first.bounding_box()
    sheet = page.locator(".picture").first.bounding_box()
    assert lens
    assert sheet
    assert sheet["width"] == pytest.approx(lens["width"], abs=2) or sheet["height"] == pytest.approx(
        lens["height"], abs=2
    )
    stage = page.locator("#viewer-stage").bounding_box()
    assert stage
    rows = page.locator("#viewer-stage").get_attribute("data-rows") is not None
    ratio = sheet["width"] / sheet["height"]
    # The other way to arrange the two would have made them smaller.
    other = (
        min(stage["width"] / 2 / ratio, stage["height"])
        if rows
        else min(stage["width"] / ratio, stage["height"] / 2)
    )
    assert sheet["height"] > other - 40
    assert page.evaluate("() => document.getElementById('viewer').scrollWidth") <= size[0]


def test_both_pictures_are_zoomed_and_moved_together(html: Path, run: Run, visit: Visit) -> None:
    page = visit(html, f"trial={boxed(run).trial}", size=(1440, 900))
    assert [each == pytest.approx((0.5, 0.5), abs=0.01) for each in middles(page)] == [True, True]
    x, y = middle_of(page.locator(".lens").first)
    page.mouse.move(x + 100, y)
    page.mouse.wheel(0, -600)
    expect(page.locator("#viewer-zoom")).not_to_have_text("100 %")
    assert zoomed(page) > 200
    first, second = middles(page)
    assert first == pytest.approx(second, abs=0.01)
    assert first[0] > 0.52  # what is under the mouse stays there
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 60, y + 40, steps=4)
    page.mouse.up()
    moved, other = middles(page)
    assert moved == pytest.approx(other, abs=0.01)
    assert moved[0] < first[0] - 0.01
    assert moved[1] < first[1] - 0.01
    page.locator("#viewer-fit").click()
    assert zoomed(page) == 100


def test_keys_zoom_and_move(html: Path, run: Run, visit: Visit) -> None:
    page = visit(html, f"trial={boxed(run).trial}")
    page.keyboard.press("+")
    page.keyboard.press("+")
    assert zoomed(page) == 225
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("Shift+ArrowDown")
    for x, y in middles(page):
        assert x > 0.55
        assert y > 0.55
    page.keyboard.press("m")  # the same case: the same spot
    assert zoomed(page) == 225
    page.keyboard.press("-")
    assert zoomed(page) == 150
    page.keyboard.press("0")
    assert zoomed(page) == 100


class Fingers:
    """Fingers on a page: one session of DevTools, which knows what is down."""

    def __init__(self, page: Page) -> None:
        self._session = page.context.new_cdp_session(page)

    def __call__(self, kind: str, *points: tuple[float, float]) -> None:
        at = [{"x": x, "y": y, "id": number} for number, (x, y) in enumerate(points)]
        self._session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": at})


def test_fingers_zoom_move_and_wipe(html: Path, run: Run, visit: Visit) -> None:
    page = visit(html, f"trial={boxed(run).trial}", size=(390, 844), touch=True)
    touches = Fingers(page)
    x, y = middle_of(page.locator(".lens").first)
    touches("touchStart", (x - 20, y), (x + 20, y))
    for apart in (30, 45, 60):
        touches("touchMove", (x - apart, y), (x + apart, y))
    touches("touchEnd")
    assert zoomed(page) > 200
    before = middles(page)[0]
    touches("touchStart", (x, y))
    for by in (10, 30, 50):
        touches("touchMove", (x + by, y))
    touches("touchEnd")
    assert middles(page)[0][0] < before[0] - 0.02
    page.locator("#viewer-fit").tap()
    page.locator("#viewer-swipe").tap()
    line = page.locator("input.wipe")
    x, y = middle_of(line)
    touches("touchStart", (x, y))
    for by in (20, 60, 100):
        touches("touchMove", (x + by, y))
    touches("touchEnd")
    assert float(line.input_value()) > 65


def test_a_line_between_both_pictures(html: Path, run: Run, visit: Visit) -> None:
    page = visit(html, f"trial={boxed(run).trial}")
    page.keyboard.press("w")
    line = page.locator("input.wipe")
    expect(line).to_have_value("50")
    top = page.locator(".layer[data-face='0']")
    box = line.bounding_box()
    assert box
    # The line lies where the upper picture ends.
    cut = "(e) => getComputedStyle(e).clipPath"
    assert top.evaluate(cut) == "inset(0px 50% 0px 0px)"
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.8, box["y"] + box["height"] / 2, steps=3)
    page.mouse.up()
    assert float(line.input_value()) > 75
    assert top.evaluate(cut) != "inset(0px 50% 0px 0px)"
    line.focus()
    value = float(line.input_value())
    page.keyboard.press("ArrowLeft")
    assert float(line.input_value()) < value
    expect(page).to_have_url(re.compile("view=swipe"))


def colours(page: Page, place: Locator) -> set[tuple[int, ...]]:
    """Return the colours that are painted in a place."""
    with Image.open(io.BytesIO(place.screenshot())) as shot:
        found = shot.convert("RGB").getcolors(1 << 24)
    return {colour for _, colour in found or ()}  # type: ignore[misc]


def test_what_differs_is_laid_over(html: Path, run: Run, visit: Visit) -> None:
    different = next(
        r for r in run.records() if r.variant == "raw" and r.expected_verdict == "different" and not r.swapped
    )
    page = visit(html, f"trial={different.trial}&view=difference")
    page.locator(".picture img").first.evaluate("(e) => e.decode()")
    page.keyboard.press("b")
    stage = page.locator(".picture").first
    pink = {c for c in colours(page, stage) if c[0] > 200 and c[1] < 90}
    assert pink, "the part that differs is not marked"
    control = next(r for r in run.records() if r.control and r.variant == "raw")
    page.evaluate("(id) => { location.hash = `trial=${id}&view=difference`; }", control.trial)
    expect(page.locator("#viewer .id")).to_have_text(control.trial)
    page.locator(".picture img").first.evaluate("(e) => e.decode()")
    assert not {c for c in colours(page, stage) if c[0] > 200 and c[1] < 90}
    gain = page.locator("#viewer-gain")
    gain.fill("12")
    expect(page.locator("#viewer-gain-of")).to_have_text("× 12")


def test_pictures_blink_until_one_stops_them(html: Path, run: Run, visit: Visit) -> None:
    page = visit(html, f"trial={boxed(run).trial}")
    page.keyboard.press("x")
    stage = page.locator("#viewer-stage")
    face = stage.get_attribute("data-face")
    expect(stage).not_to_have_attribute("data-face", str(face))
    expect(stage).to_have_attribute("data-face", str(face))
    expect(page.locator("#viewer-stage img:visible")).to_have_count(1)
    page.locator(".lens").click()
    expect(page).to_have_url(re.compile("view=flip"))
    stopped = stage.get_attribute("data-face")
    page.wait_for_timeout(900)
    assert stage.get_attribute("data-face") == stopped


@pytest.mark.parametrize("by", ["key", "mouse", "touch"])
def test_the_same_case_elsewhere_is_one_step_away(html: Path, run: Run, visit: Visit, by: str) -> None:
    trial = boxed(run)
    page = visit(html, f"trial={trial.trial}", touch=by == "touch")
    shown = page.locator("#viewer .id")

    def step(key: str, button: str) -> None:
        if by == "key":
            page.keyboard.press(key)
        elif by == "mouse":
            page.locator(button).click()
        else:
            page.locator(button).tap()

    seen = [trial]
    records = {record.trial: record for record in run.records()}
    for _ in range(3):
        step("m", "#viewer-model")
        seen.append(records[shown.inner_text()])
    assert len({record.model for record in seen}) == 3
    assert seen[-1].trial == trial.trial
    assert {(r.case, r.question, r.variant) for r in seen} == {(trial.case, trial.question, "raw")}
    step("v", "#viewer-variant")
    other = records[shown.inner_text()]
    assert (other.case, other.question, other.model) == (trial.case, trial.question, trial.model)
    assert other.variant != "raw"
    cells = page.locator(".sibling")
    expect(cells).to_have_count(6)
    expect(page.locator(".sibling[aria-current]")).to_have_count(1)
    cells.last.tap() if by == "touch" else cells.last.click()
    expect(cells.last).to_have_attribute("aria-current", "true")
    expect(cells.last).to_be_focused()


def test_a_model_of_another_layout_is_not_passed_over(run: Run, tmp_path: Path, visit: Visit) -> None:
    """Most models have a layout of their own; the first one is shown in both here."""

    def laid_out(records: Sequence[Record]) -> list[Record]:
        apart = [replace(r, layout="separate") if r.model == "model-1" else r for r in records]
        both = [
            replace(r, layout="separate", trial=f"{r.trial}-separate")
            for r in records
            if r.model == "model-0"
        ]
        return [*apart, *both]

    made = altered(run, tmp_path, laid_out)
    records = {record.trial: record for record in made.records()}
    trial = next(r for r in records.values() if r.model == "model-0" and r.variant == "raw" and not r.swapped)
    page = visit(write_page(made, made.folder), f"trial={trial.trial}")
    shown = page.locator("#viewer .id")
    seen = []
    for _ in range(3):
        page.keyboard.press("m")
        seen.append(records[shown.inner_text()])
    assert {record.model for record in seen} == {record.model for record in records.values()}
    assert {record.variant for record in seen} == {"raw"}
    cells = page.locator(".siblings tbody tr").first.locator("td").first.locator(".sibling")
    expect(cells).to_have_count(2)
    expect(cells.first).to_contain_text("separate")
    expect(page.locator(".siblings tbody th").first).to_have_css("width", re.compile(r"^1[2-9]\d"))
    expect(page.locator(".siblings thead th")).to_have_count(1 + len({r.variant for r in records.values()}))


def test_boxes_are_matched_as_they_are_scored(html: Path, visit: Visit) -> None:
    page = visit(html)
    chance = random.Random(4)

    def draw() -> list[float]:
        x, y = chance.randrange(20), chance.randrange(20)
        return [x, y, x + chance.randrange(1, 12), y + chance.randrange(1, 12)]

    sets = [([draw() for _ in range(4)], [draw() for _ in range(5)]) for _ in range(60)]
    found: list[list[Any]] = page.evaluate(
        """async (sets) => {
            const { iou, matchBoxes, LEAST_IOU } = await import("kurabe/boxes.js");
            return sets.map(([a, b]) => [[...matchBoxes(a, b)], iou(a[0], b[0]), LEAST_IOU]);
        }""",
        sets,
    )
    for (mine, theirs), (pairs, overlap, least) in zip(sets, found, strict=True):
        expected = match_boxes([Box(*box) for box in mine], [Box(*box) for box in theirs])
        assert dict(pairs) == expected
        assert overlap == pytest.approx(iou(Box(*mine[0]), Box(*theirs[0])))
        assert least == MIN_IOU


def test_the_overlap_of_boxes_and_the_rule_are_told(html: Path, run: Run, visit: Visit) -> None:
    trial = boxed(run)
    page = visit(html, f"trial={trial.trial}")
    assert trial.boxes
    best = max(iou(trial.boxes[0], Box(*box)) for box in trial.score["boxes"])
    expect(page.locator(".box-list")).to_contain_text(f"IoU {best:.2f}")
    expect(page.locator(".box-label.predicted").first).to_contain_text(f"{best:.2f}")
    assert trial.rule
    expect(page.locator(".rule code")).to_have_text(trial.rule)


def test_a_trial_beside_the_list_is_no_dead_end(html: Path, run: Run, visit: Visit) -> None:
    page = visit(html, "variant=raw&model=model-0")
    page.locator(".card a").nth(2).click()
    expect(page.locator("#viewer-place")).to_have_text(re.compile("^3 of"))
    page.keyboard.press("m")
    expect(page.locator("#viewer-place")).to_have_text("beside the list")
    page.keyboard.press("j")
    expect(page.locator("#viewer-place")).to_have_text(re.compile("^4 of"))


HEAT = heat_map([[0, 0, 3, 0], [0, 0, 0, 0]])


def heated(records: Sequence[Record]) -> list[Record]:
    return [replace(record, heat=HEAT) for record in records]


def pink(page: Page, share: tuple[float, float]) -> bool:
    """Whether the test picture is coloured at a place, in shares of its size."""
    picture = page.locator(".picture").last
    box = picture.bounding_box()
    assert box
    with Image.open(io.BytesIO(picture.screenshot())) as shot:
        red, green, blue = shot.convert("RGB").getpixel(  # type: ignore[misc]
            (int(shot.width * share[0]), int(shot.height * share[1]))
        )
    return bool(red - green > 60 and blue - green > 25)


@pytest.mark.parametrize(("size", "scheme", "lang"), [(SIZES[0], "dark", "ja"), (SIZES[2], "light", "en")])
def test_a_heat_map_lies_over_the_test_picture(
    run: Run, tmp_path: Path, visit: Visit, size: tuple[int, int], scheme: str, lang: str
) -> None:
    warm = altered(run, tmp_path, heated)
    html = write_page(warm, tmp_path, lang=lang, pictures_at=run.pictures.as_uri() + "/")
    page = visit(html, f"trial={boxed(run).trial}", size=size, scheme=scheme)
    page.locator("#viewer-stage img").last.evaluate("(image) => image.decode()")
    button = page.locator("#viewer-heat")
    expect(button).to_have_attribute("aria-pressed", "false")
    page.keyboard.press("b")  # boxes would lie over it
    assert not pink(page, (0.62, 0.25))
    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")
    expect(page.locator("#viewer-heat-key")).to_be_visible()
    expect(page.locator(".heat-map")).to_have_count(1)  # not over the reference
    assert pink(page, (0.62, 0.25))
    assert not pink(page, (0.12, 0.75))
    page.keyboard.press("h")
    expect(page.locator(".heat-map")).to_have_count(0)
    page.keyboard.press("h")
    page.keyboard.press("s")  # exactly what the model was shown: nothing lies over that
    expect(page.locator(".heat-map")).to_have_count(0)
    expect(button).to_be_disabled()


def test_a_trial_without_a_heat_map_offers_none(html: Path, run: Run, visit: Visit) -> None:
    page = visit(html, f"trial={boxed(run).trial}")
    expect(page.locator("#viewer-heat")).to_be_disabled()
    page.keyboard.press("h")
    expect(page.locator(".heat-map")).to_have_count(0)


def test_boxes_are_held_against_nothing_where_the_case_says_no_place(
    run: Run, tmp_path: Path, visit: Visit
) -> None:
    trial = boxed(run).trial
    told = altered(
        run,
        tmp_path,
        lambda records: [replace(each, boxes=()) if each.trial == trial else each for each in records],
    )
    page = visit(write_page(told, tmp_path, pictures_at=run.pictures.as_uri() + "/"), f"trial={trial}")
    expect(page.locator("#viewer-facts")).to_contain_text("does not say where its differences are")
    expect(page.locator("#viewer-facts .box-list")).to_have_count(0)
    expect(page.locator(".boxes .predicted").first).to_be_attached()
    expect(page.locator(".box-label")).to_have_count(0)
