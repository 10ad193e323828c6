"""The page in a real browser: runs that went wrong, and texts that would be markup if they could."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from kurabe.report.page.render import write_page
from kurabe.results.record import Record
from kurabe.results.run import MANIFEST, Run
from tests.support.browser import COMPLETE, Visit
from tests.support.pages import altered, make_run

EVIL = "<script>document.title = 'taken'</script><img src=x onerror=\"document.title='taken'\"> & \"'"
CARD = {
    "summary": {"base": "model-0", "created": "2026-11-01", "settings": {"rank": 16}},
    "curve": [{"step": step, "loss": 2 / step, "eval_loss": 2.2 / step} for step in range(1, 12)],
}


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return make_run(tmp_path_factory.mktemp("small"), 48, 2)


def test_what_a_model_said_is_text(small: Run, tmp_path: Path, visit: Visit) -> None:
    def spoil(records: Sequence[Record]) -> list[Record]:
        spoilt = replace(
            records[0], text=EVIL, model=EVIL, reference=f'boards/{EVIL}.png', prompt=EVIL, tags=(EVIL,),
            kinds=(EVIL,), expected=EVIL, case=f"boards/{EVIL}", outcome="wrong", error=EVIL,
        )  # fmt: skip
        return [spoilt, *records[1:]]

    run = altered(small, tmp_path, spoil, left_out={EVIL: EVIL}, command=[EVIL])
    page = visit(write_page(run, run.folder), wait=COMPLETE)
    page.locator(".card a").first.click()
    viewer = page.locator("#viewer")
    for place in ("pre.answer >> nth=0", "pre.answer >> nth=1", ".prompt pre", ".tags .chip >> nth=0"):
        assert viewer.locator(place).text_content() == EVIL
    assert f"boards/{EVIL}.png" in str(viewer.locator("dl.facts").nth(1).text_content())
    page.keyboard.press("Escape")
    for place in ("#board-table", "#heat-table", "#left-out", "#manifest", "#gallery-model", "#filters"):
        assert EVIL in str(page.locator(place).text_content()), place
    assert page.title() == f"kurabe – {run.name}"
    assert page.locator("img[src=x]").count() == 0


def test_a_killed_run_says_how_much_is_missing(small: Run, tmp_path: Path, visit: Visit) -> None:
    run = altered(small, tmp_path, lambda records: list(records[:30]), finished=None)
    page = visit(write_page(run, run.folder))
    expect(page.locator("#killed")).to_contain_text("18 of 48 trials have no answer")
    assert page.locator(".card").count() > 0
    (run.folder / MANIFEST).unlink()
    page = visit(write_page(run, run.folder, name="lost.html"))
    expect(page.locator("#killed")).to_contain_text("30")


def test_an_empty_run(small: Run, tmp_path: Path, visit: Visit) -> None:
    run = altered(small, tmp_path, lambda records: [])
    for lang in ("en", "ja"):
        page = visit(write_page(run, run.folder, lang=lang), wait=COMPLETE)
        expect(page.locator("#empty")).to_be_visible()
        assert page.locator(".card").count() == 0


def test_a_run_of_the_format_before(small: Run, tmp_path: Path, visit: Visit) -> None:
    lost: dict[str, Any] = dict.fromkeys(("prompt", "boxes", "kinds", "raw", "pair", "shown"))
    run = altered(small, tmp_path, lambda records: [replace(each, **lost) for each in records], format=1)
    page = visit(write_page(run, run.folder), wait=COMPLETE)
    expect(page.locator("#old")).to_be_visible()
    page.locator(".card a").first.click()
    expect(page.locator("#viewer-stage .lost")).to_have_count(1)
    for key in "fbps":
        page.keyboard.press(key)


def test_a_missing_picture_is_said_to_be_missing(small: Run, tmp_path: Path, visit: Visit) -> None:
    run = altered(small, tmp_path)
    record = run.records()[0]
    assert record.raw
    lost, later = record.raw
    for path in run.pictures.glob(f"{lost}.*"):
        path.unlink()
    html = write_page(run, run.folder)
    (run.pictures / f"{later}.png").unlink()
    page = visit(html, f"trial={record.trial}", expected="ERR_FILE_NOT_FOUND")
    expect(page.locator("#viewer-stage .lost")).to_have_count(2)
    expect(page.locator("#viewer-stage .lost").first).to_contain_text(lost)
    expect(page.locator(".card .lost").first).to_be_attached()


def test_a_very_long_answer_is_folded(small: Run, tmp_path: Path, visit: Visit) -> None:
    said = "word " * 10_000
    run = altered(small, tmp_path, lambda records: [replace(records[0], text=said), *records[1:]])
    page = visit(write_page(run, run.folder), f"trial={run.records()[0].trial}")
    answer = page.locator("#viewer pre.answer")
    assert len(str(answer.text_content())) < 1000
    page.get_by_role("button", name="Show all 50,000 characters").click()
    assert answer.text_content() == said


def test_a_thousand_models(small: Run, tmp_path: Path, visit: Visit) -> None:
    def multiply(records: Sequence[Record]) -> list[Record]:
        ordinary = [each for each in records if not (each.control or each.swapped)]
        few = [each for each in ordinary if each.model == "model-0" and each.question == "verdict"][:6]
        return [
            replace(each, model=f"model-{number:03}", trial=f"{each.trial}-{number:03}")
            for number in range(1000)
            for each in few
        ]

    run = altered(small, tmp_path, multiply)
    page = visit(write_page(run, run.folder), wait=COMPLETE)
    assert page.locator("#board-table tbody tr").count() == 25
    page.locator("#board-table .dt-search input").fill("model-777")
    expect(page.locator("#board-table tbody tr")).to_have_count(2)
    page.locator("#board-table .dt-search input").fill("")
    page.locator("#board-table .dt-paging-button.next").click()
    expect(page.locator("#board-table .dt-info")).to_contain_text("26–50 of 2,000")


@pytest.mark.parametrize(
    ("lost", "references", "marked"),
    [
        (6, 30, 1),  # 6 references of 30 that speak for one side: p = 0.031 by sign flips
        (5, 30, 0),  # 0.063
        (30, 5, 0),  # cases that share a reference are no more evidence than the references: 0.063
    ],
)
def test_the_best_is_marked_only_beyond_chance(
    small: Run, tmp_path: Path, visit: Visit, lost: int, references: int, marked: int
) -> None:
    def contest(records: Sequence[Record]) -> list[Record]:
        one = next(each for each in records if each.question == "verdict" and each.variant == "raw")
        return [
            replace(
                one, model=model, trial=f"boards/c{case}-{model}", case=f"boards/c{case}",
                reference=f"r{case % references}", expected_verdict="different" if case % 2 else "same",
                verdict="different" if (case % 2 == 1) == right else "same",
                outcome="correct" if right else "wrong",
            )
            for case in range(30)
            for model, right in (("sure", True), ("less", case >= lost), ("least", case >= 20))
        ]  # fmt: skip

    run = altered(small, tmp_path, contest)
    page = visit(write_page(run, run.folder))
    assert page.locator("#board-table .best").count() == marked
    assert "sure" in str(page.locator("#board-table tbody tr").first.text_content())


def test_errors_part_of_the_cases_and_a_partial_run_are_told(
    small: Run, tmp_path: Path, visit: Visit
) -> None:
    def fail(records: Sequence[Record]) -> list[Record]:
        down = {"outcome": "error", "verdict": None, "text": "", "error": "the server is down"}
        return [replace(each, **down) if each.model == "model-0" else each for each in records]  # type: ignore[arg-type]

    sentence = "5 of 20 cases were asked: the budget ran out."
    run = altered(small, tmp_path, fail, fewer={"boards": [5, 20], "others": [1, 2]}, partial=sentence)
    page = visit(write_page(run, run.folder))
    failed = sum(record.outcome == "error" for record in run.records())
    expect(page.locator("#errors")).to_contain_text(f"{failed} of 48 trials ended in an error")
    expect(page.locator("#errors")).to_contain_text(f"model-0: {failed} of {failed}")
    expect(page.locator("#board-extent")).to_have_text("boards: 5 of 20 cases")
    expect(page.locator("#partial")).to_contain_text(sentence)
    # A model whose server is down misses all, and calls no good part good.
    line = page.locator("#board-table tbody tr", has_text="model-0").first
    for column in (5, 6):
        assert line.locator("td").nth(column - 1).inner_text().startswith("1.00 (")
    page = visit(write_page(small, small.folder, name="well.html"))
    assert page.locator("#errors, #partial").count() == 0
    expect(page.locator("#board-extent")).to_have_text("")


def test_adapter_cards_show_their_loss(small: Run, tmp_path: Path, visit: Visit) -> None:
    run = altered(small, tmp_path, cards={"model-1": CARD})
    page = visit(write_page(run, run.folder), wait=COMPLETE)
    card = page.locator("#adapters article")
    expect(card).to_have_count(1)
    expect(card).to_contain_text("rank")
    assert card.locator("svg path[stroke^='var(--model-']").count() >= 2
    expect(page.locator("#board-table .adapter").first).to_be_visible()


def test_a_single_file_needs_no_other(small: Run, tmp_path: Path, visit: Visit) -> None:
    html = write_page(small, tmp_path / "alone", single_file=True)
    assert [path.name for path in html.parent.iterdir()] == ["index.html"]
    page = visit(html, f"trial={small.records()[0].trial}")
    picture = page.locator("#viewer-stage img").first
    assert picture.evaluate("(image) => image.decode().then(() => image.naturalWidth)") > 100
    assert str(picture.get_attribute("src")).startswith("data:image/webp;base64,")


def test_pictures_are_found_from_the_folder_above(small: Run, visit: Visit) -> None:
    reports = small.folder.parent.parent
    html = write_page(small, reports, pictures_at=f"runs/{small.name}/pictures/", name="above.html")
    page = visit(html, f"trial={small.records()[0].trial}")
    picture = page.locator("#viewer-stage img").first
    assert picture.evaluate("(image) => image.decode().then(() => image.naturalWidth)") > 100
