"""What a reader takes from the page: the gallery as a CSV file, and from a number to its trials."""

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from playwright.sync_api import Page, expect

from kurabe.report.page.render import write_page
from kurabe.report.tables import TRIALS, write_tables
from kurabe.results.record import Record
from kurabe.results.run import Run
from tests.report.page.test_page_browser_access import findings
from tests.support.browser import COMPLETE, Visit
from tests.support.pages import altered

SIZES = [(390, 800), (1024, 768), (1440, 900)]
SHOWN = "async () => { const { inGallery } = await import('kurabe/gallery.js'); return inGallery(); }"
IDS = (
    "async () => { const { inGallery } = await import('kurabe/gallery.js');"
    " const { trials } = await import('kurabe/data.js'); return inGallery().map((i) => trials.trial[i]); }"
)
LEFT_OUT = {"test", "specimen", "shake", "chosen", "shots", "size", "threshold", "calibration"}
"""Columns of ``trials.csv`` that the page does not hold."""


def awkward(records: list[Record]) -> list[Record]:
    """Give answers all that a CSV file or a spreadsheet may stumble over."""
    texts = [
        '=HYPERLINK("http://x","y")', "+1 then -1", "-3", "-3.5e4", "@SUM(A1)", "＝1+1", "'=1", "\t=1", "a,b",
        'say "no"', "two\nlines", "two\r\nlines\rand more", "はい、違います。", " blank ", "half \ud83d",
        "😀", "'plain", "",
    ]  # fmt: skip
    numbers = [0.30000000000000004, 1.0, 0.0, 1e-05, 1.5e-7, 0.1, 123456789.5]
    made = []
    for place, record in enumerate(records):
        text = texts[place % len(texts)]
        number = numbers[place % len(numbers)]
        changed = replace(record, text=text, seconds=number, p_different=min(1.0, number), prompt=f"{text}?")
        if place % 5 == 0:
            changed = replace(changed, cost=number, error=text or None, tags=("a b", text or "x"))
        made.append(changed)
    return made


@pytest.fixture(scope="module")
def hard(run: Run, tmp_path_factory: pytest.TempPathFactory) -> Run:
    return altered(run, tmp_path_factory.mktemp("awkward"), lambda records: awkward(list(records)))


def saved(page: Page, press: Any, folder: Path) -> tuple[str, Path]:
    """Return name and place of what is downloaded when something is pressed."""
    with page.expect_download() as waited:
        press()
    path = folder / waited.value.suggested_filename
    waited.value.save_as(path)
    return waited.value.suggested_filename, path


def read(path: Path) -> pd.DataFrame:
    """Return a CSV file as it is written, without guesses."""
    return pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8-sig")


@pytest.mark.parametrize("single", [False, True])
@pytest.mark.parametrize(
    "state", ["", "question=any", "question=differences&outcome=wrong&sort=high", "question=any&q=違"]
)
def test_the_file_holds_the_rows_of_trials_csv(
    hard: Run, tmp_path: Path, visit: Visit, state: str, single: bool
) -> None:
    html = write_page(
        hard, tmp_path, single_file=single, name="page.html", pictures_at=hard.pictures.as_uri() + "/"
    )
    write_tables(hard.records(), tmp_path / "tables")
    page = visit(html, state, wait=COMPLETE)
    name, path = saved(page, lambda: page.locator("#gallery-csv").click(), tmp_path)
    assert path.read_bytes().startswith(b"\xef\xbb\xbftrial,suite,case,")
    assert name.startswith(f"{hard.name}-trials")
    found, whole = read(path), read(tmp_path / "tables" / "trials.csv").set_index("trial", drop=False)
    ids = page.evaluate(IDS)
    assert found["trial"].tolist() == ids
    assert len(ids) == len(page.evaluate(SHOWN)) > 0
    assert list(found.columns) == [column for column in TRIALS if column not in LEFT_OUT]
    wanted = whole.loc[ids].reset_index(drop=True)[list(found.columns)]
    wanted["run"] = hard.name  # written without a name here, so pictures have no folder of it either
    for column in ("reference_picture", "test_picture"):
        wanted[column] = wanted[column].str.replace("pictures/", f"runs/{hard.name}/pictures/", regex=False)
    pd.testing.assert_frame_equal(found, wanted)
    expect(page.locator("#gallery-csv-told")).to_have_text(f"{len(ids):,} trials in {name}")


def test_the_name_says_what_the_trials_were_chosen_by(
    html: Path, run: Run, visit: Visit, tmp_path: Path
) -> None:
    page = visit(html, "question=verdict&variant=gray&outcome=wrong&q=board/7", wait=COMPLETE)
    page.locator("#gallery-search").fill("pin")
    expect(page).to_have_url(re.compile("q=pin"))
    name, _ = saved(page, lambda: page.locator("#gallery-csv").click(), tmp_path)
    assert name == f"{run.name}-trials-verdict-gray-wrong-pin.csv"
    page.locator("#gallery-search").fill("nothing has this")
    expect(page.locator("#gallery-csv")).to_be_disabled()
    expect(page.locator("#gallery-csv-told")).to_be_empty()


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_keyboard_and_finger_save_it_too(
    html: Path, visit: Visit, tmp_path: Path, size: tuple[int, int], scheme: str
) -> None:
    page = visit(html, size=size, scheme=scheme, touch=True, wait=COMPLETE)
    button = page.locator("#gallery-csv")
    _, tapped = saved(page, button.tap, tmp_path)
    box = button.bounding_box()
    assert box
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= size[0]
    button.focus()
    _, typed = saved(page, lambda: page.keyboard.press("Enter"), tmp_path / "typed")
    assert tapped.read_bytes() == typed.read_bytes()
    assert len(read(typed)) == len(page.evaluate(SHOWN))
    page.evaluate("() => [...document.querySelectorAll('.card')].slice(12).forEach((card) => card.remove())")
    assert findings(page, ".gallery-bar") == []


@pytest.mark.parametrize(
    "table", ["order-table", "paired-table", "controls-table", "heat-table", "board-table"]
)
@pytest.mark.parametrize("state", ["question=any", "question=verdict&suite=boards&tag=bent"])
def test_each_number_that_can_be_clicked_opens_so_many_trials(
    spoilt_html: Path, visit: Visit, table: str, state: str
) -> None:
    page = visit(spoilt_html, state, wait=COMPLETE)
    numbers = page.locator(f"#{table} button.drill:not(.name)")
    texts = numbers.all_inner_texts()
    assert texts
    for place, text in enumerate(texts):
        # A count alone, or a rate with "(part/whole …)".
        part = re.search(r"(\d[\d,]*)/", text) or re.search(r"(\d[\d,]*)$", text)
        assert part, text
        numbers.nth(place).evaluate("(button) => button.click()")
        wanted = int(part[1].replace(",", ""))
        assert wanted > 0
        assert len(page.evaluate(SHOWN)) == wanted, text
        expect(page.locator("#outcomes .tab .count").first).to_have_text(f"{wanted:,}")
        expect(page.locator("#gallery-only")).to_be_visible()
        page.evaluate(
            "async ([table, state]) => (await import('kurabe/state.js')).set({ only: '' })", [table, state]
        )


def test_what_the_order_changes_is_shown(spoilt: Run, spoilt_html: Path, visit: Visit) -> None:
    page = visit(spoilt_html, "question=verdict", wait=COMPLETE)
    records = [r for r in spoilt.records() if r.question == "verdict" and not r.control and not r.repeat]
    straight = {(r.model, r.variant, r.case): r for r in records if not r.swapped}
    turned = [r for r in records if r.swapped and (r.model, r.variant, r.case) in straight]
    changed = {
        r.trial
        for r in turned
        if r.verdict is None or r.verdict != straight[r.model, r.variant, r.case].verdict
    }
    shown: set[str] = set()
    lines = page.locator("#order-table tbody tr")
    for place in range(lines.count()):
        cell = lines.nth(place).locator("td").nth(4)
        assert cell.inner_text().isdigit()
        if cell.locator("button").count():
            cell.locator("button").click()
            shown |= set(page.evaluate(IDS))
            expect(page.locator("#gallery-only")).to_contain_text("answer changed with the order")
    assert shown == changed
    assert changed


@pytest.mark.parametrize("size", SIZES)
def test_numbers_of_pairs_open_by_finger_and_key(html: Path, visit: Visit, size: tuple[int, int]) -> None:
    page = visit(html, "question=verdict", size=size, touch=True, wait=COMPLETE)
    for table in ("paired-table", "order-table"):
        number = page.locator(f"#{table} tbody button.drill").first
        number.scroll_into_view_if_needed()
        number.tap()
        expect(page.locator("#gallery-only")).to_be_visible()
        by_finger = page.evaluate(IDS)
        page.go_back()
        expect(page.locator("#gallery-only")).to_be_hidden()
        number.focus()
        page.keyboard.press("Enter")
        expect(page.locator("#gallery-only")).to_be_visible()
        assert page.evaluate(IDS) == by_finger != []
        page.go_back()
    assert page.locator("#paired-cases").inner_text() == ""  # a number is no row


LONG = r"\d\.\d*[1-9]\d{4,}|\d\.\d{9,}"
"""A number with more digits than anybody reads; a small one such as 0.0002 is none."""

TOLD = """() => {
    const found = [], all = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (all.nextNode())
        if (!all.currentNode.parentElement.closest("script, style, noscript, .prompt, .answer"))
            found.push(all.currentNode.data);
    for (const each of document.querySelectorAll("[title], input"))
        found.push(each.title, String(each.value ?? ""));
    return found;
}"""


def test_no_number_is_told_in_more_digits_than_are_read(run: Run, tmp_path: Path, visit: Visit) -> None:
    noise = 0.30000000000000004

    def noisy(records: Any) -> list[Record]:
        return [
            replace(
                record,
                p_different=(record.p_different or 0.4) * noise * 3,
                seconds=noise,
                cost=noise / 7,
                score=record.score | {"iou": noise, "parts": [noise, {"deep": 1 / 3}]},
            )
            for record in records
        ]

    made = altered(run, tmp_path, noisy, extra={"scale": noise, "list": [noise, 0.12345678]})
    page = visit(write_page(made, made.folder), "question=any", wait=COMPLETE)
    page.evaluate("() => document.querySelectorAll('details').forEach((each) => { each.open = true; })")
    page.locator(".card a").first.click()
    expect(page.locator("#viewer .score")).to_contain_text('0.3; {"deep":0.3333}')
    told = page.evaluate(TOLD)
    assert "0.3" in told
    assert "0.3, 0.1235" in told
    assert [text for text in told if re.search(LONG, text)] == []
