"""The page in a real browser: one page in two languages, and a switch that loses nothing."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from kurabe.report.page.bundle import page_words
from kurabe.report.page.render import write_page
from kurabe.report.speech import Speech
from kurabe.results.run import Run
from tests.report.page.conftest import spoil
from tests.report.page.test_page_browser_access import findings
from tests.support.browser import COMPLETE, Visit
from tests.support.pages import KINDS, VARIANTS, altered

ENGLISH, JAPANESE = page_words("en"), page_words("ja")
SIZES = [(390, 800), (1024, 768), (1440, 900)]

TEXTS = """() => {
    const out = [], names = ["title", "aria-label", "placeholder", "alt", "label"];
    const others = "script, style, noscript, pre, code, kbd, .tree, .id, #languages, .mark";
    const unknown = "[data-told][lang]";
    const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT);
    for (let node = walk.nextNode(); node; node = walk.nextNode()) {
        const element = node instanceof Element ? node : node.parentElement;
        if (element.closest(others) || element.closest(unknown)) continue;
        if (node instanceof Text) out.push(node.textContent.trim());
        else for (const name of names) out.push((node.getAttribute(name) ?? "").trim());
    }
    return [document.title, ...new Set(out)].filter(Boolean);
}"""
"""All that the page says, in sight or not, but what files hold and models say: nobody's to translate."""

LATIN = re.compile(r"[A-Za-z]{2,}")
OURS = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")
PARTIAL = "no suite was asked in full"
REASON = "needs about 2.5 GiB on the GPU, which has 16 MiB"
UNKNOWN = "its engine is on strike"


@pytest.fixture(scope="module")
def told(earlier_and_later: tuple[Run, Run], tmp_path_factory: pytest.TempPathFactory) -> Run:
    """A run with errors, that says why it is partial and which model it left out."""
    folder = tmp_path_factory.mktemp("told")
    earlier, run = earlier_and_later
    altered(earlier, folder)
    return altered(
        run,
        folder,
        spoil,
        partial=PARTIAL,
        left_out={"large": REASON, "odd": UNKNOWN},
        fewer={"boards": [9, 30]},
    )


@pytest.fixture(scope="module")
def told_html(told: Run) -> Path:
    return write_page(told, told.folder)


def data_words(run: Run) -> set[str]:
    """Return the words that names of the run are made of."""
    names = {run.name, "large", "odd", "kurabe", *KINDS, *VARIANTS, "easy", "medium", "hard"}
    for record in run.records():
        names |= {record.model, record.suite, record.case, record.trial, record.variant, *record.tags}
        names |= {record.error or "", *(record.kinds or ())}
    return {word.lower() for name in names for word in LATIN.findall(name)}


def left_behind(page: Page, lang: str, run: Run) -> list[str]:
    """Return the texts of the page that are not in a language."""
    return strange(page.evaluate(TEXTS), lang, run)


def strange(texts: list[str], lang: str, run: Run) -> list[str]:
    """Return those of some texts that are not in a language."""
    if lang == "en":
        return [text for text in texts if OURS.search(text)]
    # "P", "ROC", "WebP" and their like stand in the Japanese table itself; place names do not.
    table = re.sub(r"\{\w+\}", "", "\n".join([*JAPANESE.values(), Speech.of("ja")(REASON)]))
    known = {word.lower() for word in LATIN.findall(table)} | data_words(run)
    return [text for text in texts if any(word.lower() not in known for word in LATIN.findall(text))]


def switch(page: Page, lang: str) -> None:
    page.locator(f"#languages [data-lang={lang}]").click()
    settled(page, lang)


def address(page: Page) -> str:
    """Return the address without the section that was scrolled to."""
    return re.sub("&section=[a-z]*", "", page.url)


def settled(page: Page, lang: str) -> None:
    """Wait until the last section is drawn anew."""
    words = page_words(lang)
    expect(page.locator("html")).to_have_attribute("lang", lang)
    expect(page.locator("#compare")).to_contain_text(words["runs.fixed"])
    expect(page.locator("#adapters svg").first).to_contain_text(words["runs.loss"])


@pytest.mark.parametrize("written", ["en", "ja"])
@pytest.mark.parametrize("lang", ["en", "ja"])
def test_no_word_of_the_other_language_is_left(
    told: Run, tmp_path: Path, visit: Visit, written: str, lang: str
) -> None:
    html = write_page(told, tmp_path, lang=written, pictures_at=told.pictures.as_uri() + "/")
    page = visit(html, "question=any", wait=COMPLETE)
    page.locator("#paired-table button.small").first.click()
    page.locator(".card a").first.click()
    page.locator("#viewer").wait_for()
    other = {"en": "ja", "ja": "en"}[written]
    assert left_behind(page, written, told) == []
    assert left_behind(page, other, told) != []  # this test sees words of the other language
    if lang != written:
        page.keyboard.press("l")
        settled(page, lang)
        assert left_behind(page, lang, told) == []
        for mode in ("x", "w", "d", "s"):
            page.keyboard.press(mode)
            assert left_behind(page, lang, told) == []
        page.keyboard.press("Escape")
        for menu in ("#pick-models", "#pick-columns"):
            page.locator(f"{menu} summary").click()
            assert left_behind(page, lang, told) == []


@pytest.mark.parametrize("written", ["en", "ja"])
def test_download_and_order_table_follow_the_switch(
    told: Run, tmp_path: Path, visit: Visit, written: str
) -> None:
    html = write_page(told, tmp_path, lang=written, pictures_at=told.pictures.as_uri() + "/")
    page = visit(html, "question=verdict", wait=COMPLETE)
    button, said = page.locator("#gallery-csv"), page.locator("#gallery-csv-told")
    with page.expect_download():
        button.click()
    name = said.inner_text().split(told.name)[1].split(".csv")[0]
    for lang in (written, {"en": "ja", "ja": "en"}[written], written):
        if page.locator("html").get_attribute("lang") != lang:
            switch(page, lang)
        words = page_words(lang)
        expect(button).to_have_text(words["out.csv"])
        expect(button).to_have_attribute("title", words["out.csv_hint"])
        expect(said).to_contain_text(words["out.csv_told"].split("{")[1].split("}")[1].strip())
        expect(said).to_contain_text(f"{told.name}{name}.csv")
        head = page.locator("#order-table th")
        assert head.all_inner_texts()[3:] == [
            words[f"kinds.{each}"] for each in ("alike", "changed", "both_right")
        ]
        expect(head.nth(2)).to_have_attribute("title", words["kinds.order_hint"])
        page.locator("#order-table td:nth-child(5) .drill").first.click()
        for what in ("counted.changed", "counted.of_exchanged"):
            expect(page.locator("#gallery-only")).to_contain_text(words[what])
        assert left_behind(page, lang, told) == []
        page.go_back()
        expect(page.locator("#gallery-only")).to_be_hidden()
        with page.expect_download():
            button.click()


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_a_page_opened_in_a_language_is_as_one_switched_to_it(
    told: Run, tmp_path: Path, visit: Visit, lang: str
) -> None:
    other = {"en": "ja", "ja": "en"}[lang]
    own, strange = (
        visit(write_page(told, tmp_path, lang=written, name=f"{written}.html"), f"lang={lang}", wait=COMPLETE)
        for written in (lang, other)
    )
    settled(strange, lang)
    assert strange.evaluate(TEXTS) == own.evaluate(TEXTS)


def test_what_the_run_left_in_english_is_told_in_japanese_or_marked(told_html: Path, visit: Visit) -> None:
    page = visit(told_html, "lang=ja", wait=COMPLETE)
    expect(page.locator("#partial")).to_contain_text("全ケースを質問したスイートがありません")
    expect(page.locator("#left-out dd").first).to_have_text(
        "GPU に約 2.5 GiB 必要ですが、16 MiB しかありません"
    )
    expect(page.locator("#left-out dd span[lang=en]")).to_have_text(UNKNOWN)
    page.locator(".card a").first.click()
    expect(page.locator("pre.answer").first).to_have_attribute("lang", "en")
    expect(page.locator("#viewer .prompt pre")).to_have_attribute("lang", "en")


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("way", ["mouse", "keyboard", "touch"])
def test_the_switch_by_mouse_keyboard_and_touch(
    html: Path, visit: Visit, size: tuple[int, int], way: str
) -> None:
    page = visit(html, size=size, touch=way == "touch", wait=COMPLETE)
    for lang in ("ja", "en"):
        button = page.locator(f"#languages [data-lang={lang}]")
        box = button.bounding_box()
        assert box
        assert min(box["width"], box["height"]) >= 24
        if way == "mouse":
            button.click()
        elif way == "touch":
            button.tap()
        else:
            page.locator("#copy-link").focus()
            while not button.evaluate("(e) => e === document.activeElement"):
                page.keyboard.press("Tab")
            page.keyboard.press("Enter")
        expect(page.locator("html")).to_have_attribute("lang", lang)
        expect(page.locator("#board-title")).to_have_text(page_words(lang)["board.title"])
        expect(button).to_have_attribute("aria-pressed", "true")
        focused = page.evaluate("() => document.activeElement.closest('#languages') !== null")
        assert focused  # on the other button, where the pressed one is no longer shown
        assert page.evaluate("() => document.activeElement.checkVisibility()")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("lang", ["en", "ja"])
def test_no_sideways_scroll_and_nothing_for_axe(
    told_html: Path, visit: Visit, lang: str, scheme: str
) -> None:
    page = visit(told_html, f"lang={lang}", size=SIZES[0], scheme=scheme, wait=COMPLETE)
    settled(page, lang)
    page.evaluate("() => [...document.querySelectorAll('.card')].slice(6).forEach((card) => card.remove())")
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        wide = page.evaluate(
            "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        assert wide <= 0, width
        cut = page.locator(".top .tools button:visible").evaluate_all(
            "(all) => all.filter((e) => e.getBoundingClientRect().right > innerWidth).map((e) => e.id)"
        )
        assert cut == []
        assert findings(page) == []


def test_switching_loses_nothing_and_back_undoes_it(told_html: Path, visit: Visit) -> None:
    page = visit(told_html, wait=COMPLETE)
    page.locator("#filter-variant").select_option("raw")
    page.locator("#pick-models summary").click()
    page.locator("#pick-models input[type=checkbox]").first.uncheck()
    page.locator("#board-title").click()
    page.locator("#board-table th", has_text="Miss").click()
    page.locator("#board-table th", has_text="Miss").click()
    page.locator("#controls-table th", has_text="Trials").click()
    page.locator("#gallery-sort").select_option("high")
    page.locator("#decide-at-number").fill("0.7")
    page.locator("#decide-at-number").press("Enter")
    page.wait_for_timeout(400)  # until the address has it
    before = address(page)

    sorts = "(all) => all.map((e) => [e.cellIndex, e.ariaSort])"

    def seen() -> list[object]:
        return [
            page.locator("#board-table tbody .name").all_inner_texts(),
            page.locator("#board-table th[aria-sort]").evaluate_all(sorts),
            page.locator("#controls-table th[aria-sort]").evaluate_all(sorts),
            page.locator("#cards a").evaluate_all("(all) => all.map((e) => e.dataset.trial)"),
            page.locator("#filter-variant").input_value(),
            page.locator("#gallery-sort").input_value(),
            page.locator("#decide-at-number").input_value(),
        ]

    first = seen()
    switch(page, "ja")
    assert seen() == first
    assert address(page) == before + "&lang=ja"
    page.go_back()
    settled(page, "en")
    assert address(page) == before
    assert seen() == first
    page.go_forward()
    settled(page, "ja")
    switch(page, "en")
    assert address(page) == before


def test_an_open_trial_stays_open_as_it_is(html: Path, visit: Visit) -> None:
    page = visit(html, wait=COMPLETE)
    page.locator(".card a").nth(1).click()
    page.keyboard.press("d")
    page.locator("#viewer .prompt summary").click()
    trial = page.locator("#viewer .id").inner_text()
    page.keyboard.press("l")
    settled(page, "ja")
    expect(page.locator("#viewer .id")).to_have_text(trial)
    expect(page.locator("#viewer .prompt")).to_have_attribute("open", "")
    expect(page.locator("#viewer-difference")).to_have_attribute("aria-pressed", "true")
    expect(page.locator("#viewer-facts")).to_contain_text(JAPANESE["viewer.answer"])
    page.keyboard.press("Escape")
    expect(page.locator("#viewer")).to_be_hidden()


def test_what_is_read_stays_in_sight(html: Path, visit: Visit) -> None:
    page = visit(html, "section=kinds", wait=COMPLETE)
    page.wait_for_timeout(500)
    top = "() => document.getElementById('kinds').getBoundingClientRect().top"
    before = page.evaluate(top)
    page.evaluate("() => document.querySelector('#languages [data-lang=ja]').click()")
    settled(page, "ja")
    page.wait_for_timeout(300)
    assert page.evaluate(top) == pytest.approx(before, abs=4)
    expect(page).to_have_url(re.compile("section=kinds"))


def test_a_copied_link_opens_in_its_language_whatever_was_chosen_last(html: Path, visit: Visit) -> None:
    page = visit(html, wait=COMPLETE)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.locator("#copy-link").click()
    expect(page.locator("#copy-link-told")).to_have_text("Copied")
    english = page.evaluate("() => navigator.clipboard.readText()")
    switch(page, "ja")
    page.locator("#copy-link").click()
    expect(page.locator("#copy-link-told")).to_have_text(JAPANESE["page.copied"])
    japanese = page.evaluate("() => navigator.clipboard.readText()")
    for link, lang in ((english, "en"), (japanese, "ja")):  # here, Japanese was chosen last
        page.goto("about:blank")
        page.goto(link)
        page.wait_for_selector(COMPLETE, state="attached")
        settled(page, lang)


def test_a_language_is_kept_for_the_next_page(html: Path, visit: Visit) -> None:
    page = visit(html, wait=COMPLETE)
    assert "#" not in page.url
    switch(page, "ja")
    page.goto(html.as_uri() + "?again")
    page.wait_for_selector(COMPLETE, state="attached")
    settled(page, "ja")
    expect(page).to_have_url(re.compile("#lang=ja$"))
    page.goto("about:blank")
    page.goto(html.as_uri() + "#lang=fr")  # no language of the page: it opens as it was written
    page.wait_for_selector(COMPLETE, state="attached")
    settled(page, "en")


def test_a_single_file_has_both_languages(run: Run, tmp_path: Path, visit: Visit) -> None:
    page = visit(write_page(run, tmp_path, lang="ja", single_file=True), wait=COMPLETE)
    settled(page, "ja")
    expect(page.locator("#pictures-bound")).to_contain_text("1024 ピクセル以下")
    switch(page, "en")
    expect(page.locator("#pictures-bound")).to_contain_text("no side above 1024 pixels")
    assert page.title() == f"kurabe – {run.name}"
    expect(page).to_have_url(re.compile("#lang=en$"))
