"""The page in a real browser without JavaScript: tables, and some trials with their pictures."""

import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from kurabe.report.page.bundle import page_html, page_words
from kurabe.report.page.data import Material, page_data
from kurabe.report.page.pictures import thumbnails
from kurabe.report.page.render import write_page
from kurabe.report.page.static import ROWS, TRIALS, static_part
from kurabe.report.tables import make_tables, write_tables
from kurabe.results.run import Run
from tests.report.page.test_page_browser_access import findings
from tests.report.page.test_page_browser_language import strange

Plain = Callable[..., Page]


@pytest.fixture
def plain(browser: Browser) -> Iterator[Plain]:
    """Opens a page with JavaScript off; nothing is asked of a network."""
    pages: list[Page] = []
    asked: list[str] = []

    def open_page(path: Path, *, size: tuple[int, int] = (1280, 800), scheme: str = "light") -> Page:
        page = browser.new_page(
            viewport={"width": size[0], "height": size[1]},
            java_script_enabled=False,
            color_scheme=scheme,  # type: ignore[arg-type]
        )
        pages.append(page)
        page.on("request", lambda request: asked.append(request.url))
        page.goto(path.as_uri())
        return page

    yield open_page
    for page in pages:
        page.close()
    assert [url for url in asked if not url.startswith(("file:", "data:"))] == []


def drawn(page: Page) -> int:
    """Return how many pictures there are, all of them drawn."""
    widths = page.locator("noscript img").evaluate_all("(all) => all.map((each) => each.naturalWidth)")
    assert all(width > 0 for width in widths)
    return len(widths)


@pytest.mark.parametrize("single", [False, True])
@pytest.mark.parametrize("lang", ["en", "ja"])
def test_tables_and_trials_are_there_without_scripts(
    run: Run, tmp_path: Path, plain: Plain, single: bool, lang: str
) -> None:
    shutil.copytree(run.folder, tmp_path / "run")
    html = write_page(run, tmp_path / "run", lang=lang, single_file=single, name="page.html")
    if single:
        html = html.rename(tmp_path / "alone.html")
        shutil.rmtree(tmp_path / "run")
    page = plain(html)
    words = page_words(lang)
    tables = make_tables(run.records(), run.name)
    expect(page.locator("noscript .banner").first).to_have_text(words["static.note"])
    board = page.locator("noscript table").first
    for row in tables.leaderboard.to_dict("records"):
        if row["suite"] != "all":
            continue
        line = board.locator("tbody tr", has_text=row["model"]).filter(has_text=row["variant"])
        line = line.filter(has_text=words[f"question.{row['question']}"])
        expect(line).to_have_count(1)
        expect(line).to_contain_text(f"{row['accuracy']:.2f} [")
        expect(line).to_contain_text(f"{row['miss_rate']:.2f} (")
    paired = page.locator("noscript table").nth(1).locator("tbody tr")
    both = tables.raw_vs_processed
    expect(paired).to_have_count(len(both[both["suite"] == "all"]))
    cards = page.locator("noscript .card")
    expect(cards).to_have_count(TRIALS)
    assert drawn(page) == 2 * TRIALS
    outcomes = cards.evaluate_all("(all) => all.map((each) => each.className.split(' ')[1])")
    assert outcomes[0] == "wrong"
    assert outcomes == sorted(outcomes, key=["wrong", "unparsed", "error", "correct"].index)
    models = [text.split(" · ")[0] for text in cards.locator("p.quiet:nth-of-type(2)").all_inner_texts()]
    assert set(models[:3]) == {record.model for record in run.records()}
    trials = len(run.records())
    told = page.locator("noscript .note").last
    expect(told).to_contain_text(f"{trials - TRIALS}")
    expect(told).to_contain_text(f"reports/runs/{run.name}" if single else "trials.csv")
    for hidden in ("#board", "#gallery", "#filters", "nav", ".top .tools"):
        expect(page.locator(hidden).first).to_be_hidden()


STATIC = """() => [...document.querySelectorAll("body noscript")].flatMap((part) => {
    const out = [], walk = document.createTreeWalker(part, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT);
    for (let node = walk.nextNode(); node; node = walk.nextNode()) {
        const element = node instanceof Element ? node : node.parentElement;
        if (element.closest("a[href$='.csv'], p[lang]")) continue;
        if (node instanceof Text) out.push(node.textContent.trim());
        else for (const name of ["aria-label", "alt"]) out.push((node.getAttribute(name) ?? "").trim());
    }
    return out.filter(Boolean);
})"""
"""All that the static part says, but names of files and what models said."""


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_it_speaks_the_language_of_the_page(run: Run, tmp_path: Path, plain: Plain, lang: str) -> None:
    page = plain(write_page(run, tmp_path, lang=lang, pictures_at=run.pictures.as_uri() + "/"))
    expect(page.locator("html")).to_have_attribute("lang", lang)
    texts: list[str] = page.evaluate(STATIC)
    assert len(texts) > 100
    assert strange(texts, lang, run) == []
    assert strange(texts, {"en": "ja", "ja": "en"}[lang], run) != []  # this test sees other words
    expect(page.locator("noscript .card p[lang=en]").first).to_be_visible()  # what models said is marked


def test_its_files_are_where_it_says(run: Run, tmp_path: Path, plain: Plain) -> None:
    reports = tmp_path / "reports"
    copy = Run(shutil.copytree(run.folder, reports / "runs" / run.name))
    write_tables(copy.records(), copy.folder)
    html = write_page(copy, reports, pictures_at=f"runs/{run.name}/pictures/")
    page = plain(html)
    links = page.locator("noscript a").evaluate_all("(all) => all.map((each) => each.getAttribute('href'))")
    assert {f"runs/{run.name}/{name}.csv" for name in ("leaderboard", "raw_vs_processed", "trials")} <= set(
        links
    )
    assert all((reports / link).is_file() for link in links)
    assert drawn(page) == 2 * TRIALS


@pytest.mark.parametrize("size", [(390, 800), (1024, 768), (1440, 900)])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_and_nothing_sticks_out(
    html: Path, browser: Browser, size: tuple[int, int], scheme: str
) -> None:
    # Axe is a script: the same page, as a browser shows it that runs none.
    text = re.sub(r"<script.*?</script>", "", html.read_text(encoding="utf-8"), flags=re.DOTALL)
    still = html.with_name("still.html")
    still.write_text(re.sub("</?noscript>", "", text), encoding="utf-8")
    viewport: Any = {"width": size[0], "height": size[1]}
    page = browser.new_page(viewport=viewport, color_scheme=scheme)  # type: ignore[arg-type]
    page.goto(still.as_uri())
    assert findings(page) == []
    wide = page.evaluate("() => document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0
    page.keyboard.press("Tab")
    assert page.evaluate("() => document.activeElement.getAttribute('aria-label')") == "Leaderboard"
    page.close()


def test_it_is_bounded(run: Run) -> None:
    material = Material.of(run)
    data = page_data(material)
    thumbs = thumbnails(run.pictures, data["pictures"])
    words = page_words("en")

    def size(data: dict[str, object]) -> int:
        html = page_html(data, {}, lang="en")
        return sum(map(len, re.findall(r"<noscript>.*?</noscript>", html, re.DOTALL)))

    many = data | {
        "trials": {name: column * 200 for name, column in data["trials"].items()},
        "leaderboard": data["leaderboard"] * 100,
        "raw_vs_processed": data["raw_vs_processed"] * 100,
    }
    found = static_part(many, thumbs, words)
    assert len(found["trials"]) == TRIALS
    assert [len(table["rows"]) for table in found["tables"]] == [ROWS, ROWS]
    left = 200 * len(data["trials"]["trial"]) - TRIALS
    assert found["left"].startswith(f"{left:,} of ")
    assert re.match(r"[\d,]+ rows are left out", found["tables"][0]["left"])
    assert size(data) < size(many) < 60_000


def test_trials_without_pictures_or_of_errors_are_told(run: Run, tmp_path: Path, plain: Plain) -> None:
    records = [
        replace(record, pair=(), raw=(), shown=(), text="x" * 9000)
        if place % 2
        else replace(record, outcome="error", error="<b>down</b>", verdict=None, text="")
        for place, record in enumerate(run.records())
    ]
    html = write_page(Material.of(run, records), tmp_path, pictures_at=run.pictures.as_uri() + "/")
    page = plain(html)
    expect(page.locator("noscript .lost").first).to_have_text("picture is missing")
    expect(page.locator("noscript .card.error").first).to_contain_text("<b>down</b>")
    assert max(map(len, page.locator("noscript .card").all_inner_texts())) < 600
