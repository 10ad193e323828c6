"""The page in a real browser: what people do with it."""

import re
import time
from collections.abc import Sequence
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from kurabe.report.page.render import write_page
from kurabe.results.run import Run
from tests.support.browser import COMPLETE, Visit


def cells(page: Page, column: int, table: str = "#board-table") -> list[str]:
    return page.locator(f"{table} tbody td:nth-child({column})").all_inner_texts()


def leading(page: Page) -> list[float]:
    return [float(text) for text in page.locator("#board-table td.leading b").all_inner_texts()]


def test_a_thousand_trials_open_in_seconds(thousand: Path, visit: Visit) -> None:
    start = time.perf_counter()
    page = visit(thousand, wait=".card")
    assert time.perf_counter() - start < 20  # two on an idle machine; others may share it
    page.wait_for_selector(COMPLETE, state="attached")
    assert page.locator("html").get_attribute("data-ready") == "1000"


def test_a_page_of_a_thousand_trials_is_small(thousand: Path) -> None:
    text = thousand.read_text(encoding="utf-8")
    thumbs = text.split('id="kurabe-thumbs">')[1].split("</script>")[0]
    assert len(text.encode()) - len(thumbs) < 2e6


def test_all_cards_come_as_one_scrolls(thousand: Path, visit: Visit) -> None:
    page = visit(thousand, "question=any")
    page.wait_for_selector(COMPLETE, state="attached")
    assert page.locator(".card").count() < 400
    page.evaluate(
        """async () => {
            document.documentElement.style.scrollBehavior = "auto";
            const more = document.getElementById("cards-more");
            const soon = () => new Promise((done) => setTimeout(done, 10));
            for (let turn = 0; turn < 200 && !more.hidden; turn++) { more.scrollIntoView(); await soon(); }
        }"""
    )
    assert page.locator(".card").count() == 1000
    # What is out of sight is neither laid out nor painted, so that scrolling stays smooth.
    drawn = """() => [...document.querySelectorAll(".card a")]
        .filter((card) => card.checkVisibility({ contentVisibilityAuto: true }))"""
    assert page.evaluate(f"({drawn})().length") < 150
    frame = page.evaluate(
        """async () => {
            const paint = () => new Promise((done) => {
                requestAnimationFrame(done);
                setTimeout(done, 2000);  // a browser that paints nothing more is to fail, not to hang
            });
            const gaps = [];
            for (let step = 0; step < 20; step++) {
                const before = performance.now();
                scrollBy(0, -900);
                await paint();
                await paint();
                gaps.push((performance.now() - before) / 2);
            }
            return gaps.sort((a, b) => a - b)[10];
        }"""
    )
    assert frame < 150, f"{frame:.0f} ms a frame, on a machine that other tests may share"


def test_the_leaderboard_sorts_by_click_and_by_key(html: Path, visit: Visit) -> None:
    page = visit(html)
    figures = leading(page)
    assert figures == sorted(figures, reverse=True)
    head = page.locator("#board-table th.leading")
    assert head.get_attribute("aria-sort") == "descending"
    head.click()
    expect(head).to_have_attribute("aria-sort", "ascending")  # the table sorts when the click is over
    assert leading(page) == sorted(figures)
    miss = page.locator("#board-table th", has_text="Miss")
    miss.locator("[tabindex='0']").focus()
    page.keyboard.press("Enter")
    expect(miss).to_have_attribute("aria-sort", "ascending")
    shown = [float(text.split()[0]) for text in cells(page, 5)]
    assert shown == sorted(shown)


def test_filters_are_chosen_and_stand_in_the_address(html: Path, visit: Visit) -> None:
    page = visit(html)
    page.locator("#filter-variant").select_option("raw")
    expect(page.locator("#board-table tbody tr")).to_have_count(3)
    assert set(cells(page, 2)) == {"raw"}
    expect(page).to_have_url(re.compile("variant=raw"))
    page.get_by_role("combobox", name="Question").select_option("any")
    expect(page.locator("#board-table tbody tr")).to_have_count(6)
    page.reload()
    expect(page.locator("#board-table tbody tr")).to_have_count(6)
    page.get_by_role("button", name="Clear filters").click()
    expect(page.get_by_role("combobox", name="Shown as")).to_have_value("")
    expect(page).not_to_have_url(re.compile("variant"))


def test_the_gallery_filters_by_outcome_model_and_text(html: Path, run: Run, visit: Visit) -> None:
    page = visit(html)
    records = [record for record in run.records() if record.question == "verdict"]
    wrong = [record for record in records if record.outcome == "wrong"]
    tab = page.locator("#outcomes .tab.wrong")
    assert tab.locator(".count").inner_text() == str(len(wrong))
    tab.click()
    expect(page.locator(".card:not(.wrong)")).to_have_count(0)
    page.locator("#gallery-model").select_option("model-0")
    mine = [record for record in wrong if record.model == "model-0"]
    expect(tab.locator(".count")).to_have_text(str(len(mine)))
    page.locator("#gallery-search").fill("NO difference")
    silent = [record for record in mine if "no difference" in record.text]
    assert 0 < len(silent) < len(mine)
    expect(tab.locator(".count")).to_have_text(str(len(silent)))
    expect(page.locator(".card")).to_have_count(min(len(silent), 60))
    expect(page).to_have_url(re.compile("outcome=wrong"))
    expect(page).to_have_url(re.compile(re.escape("q=NO+difference")))


def test_flip_processed_boxes_and_what_was_shown(html: Path, run: Run, visit: Visit) -> None:
    trial = next(
        record
        for record in run.records()
        if record.variant != "raw"
        and record.boxes
        and record.score.get("boxes")
        and record.pair
        and record.raw
    )
    assert trial.raw
    assert trial.pair
    assert trial.shown
    page = visit(html, f"trial={trial.trial}")
    pictures = page.locator("#viewer-stage img:visible")

    def sources() -> list[str]:
        return [str(each.get_attribute("src")) for each in pictures.all()]

    def of(names: Sequence[str]) -> list[str]:
        return [f"pictures/{name}.png" for name in names]

    assert sources() == of(trial.pair)
    expect(page.locator(".boxes g.expected")).to_have_count(2 * len(trial.boxes or ()))
    dashes = page.locator(".boxes .predicted .over").first.evaluate(
        "(e) => getComputedStyle(e).strokeDasharray"
    )
    assert dashes != "none"  # told apart by the line, not by colour alone
    page.keyboard.press("p")
    assert sources() == of(trial.raw)
    page.keyboard.press("f")
    assert sources() == of(trial.raw[1:])
    page.keyboard.press("f")
    assert sources() == of(trial.raw[:1])
    page.locator("#viewer-flip").click()
    assert sources() == of(trial.raw[1:])
    page.keyboard.press("b")
    expect(page.locator(".boxes rect")).to_have_count(0)
    page.locator("#viewer-shown").click()
    assert sources() == of(trial.shown)
    assert (
        page.locator("#viewer-stage img").first.evaluate("(e) => e.decode().then(() => e.naturalWidth)") > 0
    )


def test_expected_boxes_lie_where_they_are_declared(html: Path, run: Run, visit: Visit) -> None:
    trial = next(record for record in run.records() if record.variant == "raw" and record.boxes)
    page = visit(html, f"trial={trial.trial}")
    image = page.locator("#viewer-stage img").nth(1)
    image.evaluate("(e) => e.decode()")
    whole, part = image.bounding_box(), page.locator(".boxes .expected .under").last.bounding_box()
    assert whole
    assert part
    size = image.evaluate("(e) => [e.naturalWidth, e.naturalHeight]")
    scale = min(whole["width"] / size[0], whole["height"] / size[1])
    assert trial.boxes
    box = trial.boxes[-1]
    left = whole["x"] + (whole["width"] - scale * size[0]) / 2 + scale * box[0]
    assert part["x"] == pytest.approx(left, abs=4)
    assert part["width"] == pytest.approx(scale * (box[2] - box[0]), abs=6)


def test_a_deep_link_opens_its_trial_and_closing_leaves_the_filters(
    html: Path, run: Run, visit: Visit
) -> None:
    record = next(record for record in run.records() if record.question == "differences")
    page = visit(html, f"question=differences&trial={record.trial}")
    viewer = page.locator("#viewer")
    expect(viewer).to_be_visible()
    expect(viewer).to_contain_text(record.trial)
    expect(viewer.locator("pre.answer")).to_have_text(record.text)
    page.keyboard.press("Escape")
    expect(viewer).to_be_hidden()
    # The address follows an event that comes after the viewer is gone.
    expect(page).to_have_url(re.compile("#question=differences$"))
    page.evaluate("(id) => { location.hash = `trial=${id}`; }", record.trial)
    expect(viewer).to_be_visible()
    page.go_back()
    expect(viewer).to_be_hidden()
    page.evaluate("() => { location.hash = 'trial=of-another-run'; }")
    expect(page.locator("#no-trial")).to_be_visible()


def test_the_keyboard_does_everything(html: Path, visit: Visit) -> None:
    page = visit(html)
    page.keyboard.press("?")
    expect(page.locator("#help")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#help")).to_be_hidden()
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    page.keyboard.press("j")
    expect(page.locator(".card a").nth(1)).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#viewer")).to_be_visible()
    expect(page.locator("#viewer-place")).to_have_text("2 of 144")
    page.keyboard.press("j")
    page.keyboard.press("ArrowRight")
    expect(page.locator("#viewer-place")).to_have_text("4 of 144")
    page.keyboard.press("k")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("k")
    page.keyboard.press("k")
    expect(page.locator("#viewer-place")).to_have_text("144 of 144")
    page.keyboard.press("Escape")
    expect(page.locator("#viewer")).to_be_hidden()
    page.keyboard.press("/")
    expect(page.locator("#gallery-search")).to_be_focused()
    page.keyboard.type("jfk?")
    expect(page.locator("#gallery-search")).to_have_value("jfk?")
    expect(page.locator(".card")).to_have_count(0)


def ground(page: Page) -> int:
    """Return the brightness of the page's ground, 0 to 765."""
    text: str = page.evaluate("() => getComputedStyle(document.body).backgroundColor")
    return sum(int(part) for part in text.removeprefix("rgb(").removesuffix(")").split(","))


def test_dark_by_preference_and_by_button(html: Path, visit: Visit) -> None:
    page = visit(html, scheme="dark")
    button = page.locator("#theme")
    assert ground(page) < 150
    assert button.get_attribute("aria-pressed") == "true"
    button.click()
    assert ground(page) > 650
    light = visit(html)
    assert ground(light) > 650
    light.locator("#theme").click()
    assert ground(light) < 150


def test_print_is_light_and_without_controls(html: Path, visit: Visit) -> None:
    page = visit(html, scheme="dark", wait=COMPLETE)
    page.emulate_media(media="print", color_scheme="dark")
    assert ground(page) > 750
    expect(page.locator("nav").first).to_be_hidden()
    expect(page.locator("#help-open")).to_be_hidden()
    expect(page.locator("#board-table table")).to_be_visible()
    assert page.pdf(format="A4").startswith(b"%PDF")


def test_charts_are_svg_with_names(html: Path, visit: Visit) -> None:
    page = visit(html, wait=COMPLETE)
    for name in ("reliability", "roc", "history"):
        drawn = page.locator(f"#{name} svg.marks")
        expect(drawn).to_be_visible()
        named = page.locator(f"#{name} [role=graphics-document][aria-label]").or_(
            page.locator(f"#{name}[role=graphics-document][aria-label]")
        )
        assert len(str(named.get_attribute("aria-label"))) > 20
        lines = page.locator(f"#{name} svg.marks path[stroke^='var(--model-']")
        assert lines.count() >= 3, name


def test_what_was_fixed_and_broken_since_an_earlier_run(
    html: Path, earlier_and_later: tuple[Run, Run], visit: Visit
) -> None:
    old, new = ({r.trial: r.outcome == "correct" for r in run.records()} for run in earlier_and_later)
    fixed = [trial for trial, right in new.items() if right and not old[trial]]
    page = visit(html, wait=COMPLETE)
    expect(page.locator("#compare-with")).to_have_value(earlier_and_later[0].name)
    expect(page.locator("#compare")).to_contain_text(f"Fixed ({len(fixed)})")
    page.locator("#compare .sides .correct button").first.click()
    expect(page.locator("#viewer .id")).to_have_text(fixed[0])


def test_the_manifest_can_be_read(html: Path, run: Run, visit: Visit) -> None:
    page = visit(html, wait=COMPLETE)
    manifest = page.locator("#manifest")
    page.locator(".fold > summary").click()
    expect(manifest).to_contain_text(str(run.manifest()["kurabe"]))
    expect(manifest.locator("dt", has_text="planned").first).to_be_visible()


def test_japanese(run: Run, tmp_path: Path, visit: Visit) -> None:
    page = visit(write_page(run, tmp_path, lang="ja"), wait=COMPLETE)
    assert page.locator("html").get_attribute("lang") == "ja"
    expect(page.locator("#board-title")).to_have_text("リーダーボード")
    expect(page.locator("#board-table")).to_contain_text("見逃し")
    expect(page.locator("#outcomes")).to_contain_text("正解")
