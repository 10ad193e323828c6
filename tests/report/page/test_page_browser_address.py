"""The page in a real browser: what is looked at stands in the address, and "back" undoes one step."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from kurabe.results.run import Run
from tests.support.browser import COMPLETE, Visit


def test_back_undoes_one_step_not_a_key_press(html: Path, visit: Visit) -> None:
    page = visit(html, wait=COMPLETE)
    rows = page.locator("#board-table tbody tr")
    page.locator("#filter-variant").select_option("raw")
    expect(rows).to_have_count(3)
    page.locator("#gallery-search").press_sequentially("difference", delay=20)
    expect(page).to_have_url(re.compile("q=difference"))
    page.locator("#outcomes .tab.wrong").click()
    page.locator(".card a").first.click()
    first = page.locator("#viewer .id").inner_text()
    for _ in range(5):
        page.keyboard.press("j")
    assert page.locator("#viewer .id").inner_text() != first
    page.go_back()  # what was opened is closed
    expect(page.locator("#viewer")).to_be_hidden()
    expect(page).to_have_url(re.compile("outcome=wrong"))
    page.go_back()  # the outcome
    expect(page).not_to_have_url(re.compile("outcome"))
    expect(page.locator("#gallery-search")).to_have_value("difference")
    page.go_back()  # all letters of the search
    expect(page.locator("#gallery-search")).to_have_value("")
    expect(rows).to_have_count(3)
    page.go_back()
    expect(rows).to_have_count(6)
    page.go_forward()
    expect(rows).to_have_count(3)


def test_opening_and_closing_leaves_nothing_to_undo(html: Path, visit: Visit) -> None:
    page = visit(html, wait=COMPLETE)
    page.locator("#filter-variant").select_option("raw")
    before = page.evaluate("() => history.length")
    for _ in range(3):
        page.locator(".card a").first.click()
        expect(page.locator("#viewer")).to_be_visible()
        page.keyboard.press("Escape")
        expect(page.locator("#viewer")).to_be_hidden()
        expect(page).not_to_have_url(re.compile("trial"))
    assert page.evaluate("() => history.length") <= before + 1
    page.go_back()
    expect(page.locator("#filter-variant")).to_have_value("")


def under_the_header(page: Page, section: str) -> float:
    """Return the pixels from the lower edge of what stays at the top to a section."""
    gap: float = page.evaluate(
        """(id) => {
            const stays = [...document.querySelectorAll(".top, .filters")]
                .filter((e) => getComputedStyle(e).position === "sticky");
            const end = Math.max(...stays.map((e) => e.getBoundingClientRect().bottom));
            return document.getElementById(id).getBoundingClientRect().top - end;
        }""",
        section,
    )
    return gap


@pytest.mark.parametrize("size", [(390, 800), (1024, 768), (1440, 900)])
def test_section_links_land_under_the_header(html: Path, visit: Visit, size: tuple[int, int]) -> None:
    page = visit(html, "section=gallery", size=size, wait=COMPLETE)
    page.wait_for_timeout(400)
    assert 0 <= under_the_header(page, "gallery") < 40
    page.evaluate("() => { document.documentElement.style.scrollBehavior = 'auto'; }")
    page.locator("nav a", has_text="Decide").click()
    page.wait_for_timeout(400)
    assert 0 <= under_the_header(page, "decide") < 40
    expect(page).to_have_url(re.compile("section=decide"))
    page.evaluate("() => { location.hash = 'kinds'; }")
    page.wait_for_timeout(400)
    assert 0 <= under_the_header(page, "kinds") < 40


def test_the_address_opens_the_same_view(html: Path, visit: Visit) -> None:
    page = visit(html, wait=COMPLETE)
    page.locator("#filter-variant").select_option("raw")
    page.locator("#gallery-sort").select_option("sure")
    page.locator("#gallery-group").click()
    page.locator("#theme").click()
    page.locator(".card a").first.click()
    page.keyboard.press("d")
    trial = page.locator("#viewer .id").inner_text()
    other = visit(html, page.url.split("#")[1], wait=COMPLETE)
    expect(other.locator("#viewer .id")).to_have_text(trial)
    expect(other.locator("#viewer-difference")).to_have_attribute("aria-pressed", "true")
    expect(other.locator("html")).to_have_attribute("data-theme", "dark")
    other.keyboard.press("Escape")
    expect(other.locator("#gallery-sort")).to_have_value("sure")
    expect(other.locator("#gallery-group")).to_have_attribute("aria-pressed", "true")
    expect(other.locator("#filter-variant")).to_have_value("raw")


def test_a_link_is_copied(html: Path, visit: Visit) -> None:
    page = visit(html, "variant=raw")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.locator("#copy-link").click()
    expect(page.locator("#copy-link-told")).to_have_text("Copied")
    assert page.evaluate("() => navigator.clipboard.readText()") == page.url + "&lang=en"
    page.locator(".card a").first.click()
    page.keyboard.press("c")
    expect(page.locator("#viewer-copy-told")).to_have_text("Copied")
    assert "trial=" in page.evaluate("() => navigator.clipboard.readText()")


def test_a_theme_is_kept_for_the_next_page(html: Path, visit: Visit) -> None:
    page = visit(html)
    page.locator("#theme").click()
    expect(page).to_have_url(re.compile("theme=dark"))
    page.goto(html.as_uri() + "?again")
    page.wait_for_selector("html[data-theme=dark]")
    page.wait_for_selector(COMPLETE, state="attached")
    expect(page.locator("#theme")).to_have_attribute("aria-pressed", "true")
    page.locator("#theme").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "light")
    page.go_back()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")


def test_the_gallery_in_each_order(html: Path, run: Run, visit: Visit) -> None:
    records = {record.trial: record for record in run.records()}
    page = visit(html)

    def order() -> list[str]:
        hrefs = page.eval_on_selector_all(
            "#cards a", "(all) => all.map((a) => new URLSearchParams(a.hash.slice(1)).get('trial'))"
        )
        return [str(each) for each in hrefs]

    page.locator("#gallery-sort").select_option("sure")
    expect(page).to_have_url(re.compile("sort=sure"))
    first = [records[trial] for trial in order()[:10]]
    assert all(record.outcome == "wrong" for record in first)
    sure = [
        1 - (record.p_different or 0) if record.expected_verdict == "different" else (record.p_different or 0)
        for record in first
    ]
    assert sure == sorted(sure, reverse=True)
    assert sure[0] > 0.5
    page.locator("#gallery-sort").select_option("high")
    high = [records[trial].p_different or 0 for trial in order()]
    assert high == sorted(high, reverse=True)
    page.locator("#gallery-sort").select_option("slow")
    slow = [records[trial].seconds or 0 for trial in order()]
    assert slow == sorted(slow, reverse=True)
    page.locator("#gallery-sort").select_option("")
    page.locator("#gallery-group").click()
    groups = page.locator(".card.case")
    names = groups.first.locator(".of-case a").evaluate_all(
        "(all) => all.map((a) => new URLSearchParams(a.hash.slice(1)).get('trial'))"
    )
    cases = {records[str(trial)].case for trial in names}
    assert len(cases) == 1
    assert len(names) == sum(r.case in cases and r.question == "verdict" for r in records.values())


def test_a_card_tells_its_place_among_siblings(html: Path, run: Run, visit: Visit) -> None:
    page = visit(html, "model=model-1")
    card = page.locator(".card a").first
    trial = page.evaluate(
        "() => new URLSearchParams(document.querySelector('.card a').hash.slice(1)).get('trial')"
    )
    records = run.records()
    mine = next(record for record in records if record.trial == trial)
    asked = (mine.case, mine.question, mine.control, mine.swapped)
    same = [r for r in records if (r.case, r.question, r.control, r.swapped) == asked]
    right = sum(record.outcome == "correct" for record in same)
    expect(card.locator(".among")).to_contain_text(f"{right}/{len(same)}")


@pytest.mark.parametrize("cell", ["bad-bad", "bad-good", "good-bad", "good-good"])
def test_a_number_of_the_decision_opens_its_trials(html: Path, visit: Visit, cell: str) -> None:
    page = visit(html, wait=COMPLETE)
    number = page.locator(f"[data-cell={cell}]").first
    n = int(number.inner_text())
    if n == 0:
        expect(number.locator("button")).to_have_count(0)
        return
    number.locator("button").click()
    expect(page.locator("#gallery-only")).to_be_visible()
    expect(page.locator("#outcomes .tab .count").first).to_have_text(str(n))
    page.go_back()
    expect(page.locator("#gallery-only")).to_be_hidden()


def test_numbers_of_identical_pairs_open_their_trials(html: Path, visit: Visit) -> None:
    page = visit(html, "variant=raw&question=differences", wait=COMPLETE)
    buttons = page.locator("#controls-table td button")
    assert buttons.count()
    for place in range(buttons.count()):
        n = int(buttons.nth(place).inner_text())
        buttons.nth(place).click()
        expect(page.locator("#outcomes .tab .count").first).to_have_text(str(n))
        assert page.locator(".card").count() == n
