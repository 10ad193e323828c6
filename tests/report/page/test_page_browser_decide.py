"""The section "Decide" in a real browser: by mouse, keyboard and touch, with Python's figures beside it."""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

import pytest
from playwright.sync_api import Locator, Page, expect

from kurabe.report.leaderboard import leaderboard
from kurabe.report.page.bundle import page_html
from kurabe.report.page.data import page_data
from kurabe.report.page.render import write_page
from kurabe.results.record import Record
from kurabe.results.run import Run
from tests.support.browser import COMPLETE, Visit
from tests.support.pages import altered

ROW = {"model": "model-0", "variant": "raw", "layout": "stacked", "question": "verdict"}
ADDRESS = "row=" + "%26".join(f"{key}%3D{value}" for key, value in ROW.items())
DECISIONS = (
    "threshold", "threshold_hi", "n_good", "n_bad", "missed", "overkilled", "undecided", "miss_rate",
    "miss_rate_hi", "overkill_rate", "overkill_rate_hi", "balanced_accuracy", "balanced_accuracy_lo",
    "balanced_accuracy_hi", "needs",
)  # fmt: skip
FIGURES = """async ([low, high]) => {
    const { boardRows } = await import("kurabe/board.js");
    const { trials } = await import("kurabe/data.js");
    const { figuresAt, scaleOf } = await import("kurabe/threshold.js");
    return boardRows().map((row) => (
        { model: row.model, variant: row.variant, ...figuresAt(scaleOf(trials, row.places), low, high) }));
}"""


def row_of(run: Run, **keys: str) -> list[Record]:
    """Return the trials of a row."""
    return [
        record
        for record in run.records()
        if not (record.control or record.swapped or record.repeat)
        and all(getattr(record, name) == value for name, value in (ROW | keys).items())
    ]


def p_of(record: Record) -> float | None:
    return None if record.outcome == "error" else record.p_different


def called(record: Record, low: float, high: float) -> str | None:
    """Return what a part is called: same, different, person, or None without P."""
    p = p_of(record)
    if p is None:
        return None
    return "different" if p >= high else "person" if p >= low else "same"


def at(records: Sequence[Record], low: float, high: float) -> list[Record]:
    """Return the trials with the verdicts of a threshold; a person counts as right."""
    made = []
    for record in records:
        call = called(record, low, high)
        verdict: Any = record.expected_verdict if call == "person" else call
        outcome: Any = (
            "unparsed" if verdict is None else "correct" if verdict == record.expected_verdict else "wrong"
        )
        made.append(replace(record, verdict=verdict, outcome=outcome))
    return made


@pytest.mark.parametrize("which", ["run", "spoilt"])
def test_figures_at_any_threshold_are_those_of_the_tables(
    request: pytest.FixtureRequest, tmp_path: Path, visit: Visit, which: str
) -> None:
    made: Run = request.getfixturevalue(which)
    page = visit(write_page(made, tmp_path))
    for low, high in ((0.5, 0.5), (0.0, 0.0), (0.31, 0.31), (0.77, 0.77), (1.01, 1.01), (0.25, 0.7)):
        wanted = {
            (row["model"], row["variant"]): row
            for row in leaderboard(at(made.records(), low, high)).to_dict("records")
            if row["suite"] == "all" and row["question"] == "verdict"
        }
        shown = page.evaluate(FIGURES, [low, high])
        assert len(shown) == len(wanted) > 3
        for found in shown:
            row = wanted[found["model"], found["variant"]]
            for name, rate, part, whole in (
                ("miss", "miss_rate", "missed", "n_bad"),
                ("overkill", "overkill_rate", "overkilled", "n_good"),
            ):
                assert [found[name]["wrong"], found[name]["parts"]] == [row[part], row[whole]]
                assert found[name]["rate"] == pytest.approx(row[rate], abs=1e-12)
                assert found[name]["high"] == pytest.approx(row[f"{rate}_hi"], abs=1e-9)
            if low == high:
                for name, end in (("estimate", ""), ("low", "_lo"), ("high", "_hi")):
                    assert found["balanced"][name] == pytest.approx(row[f"balanced_accuracy{end}"], abs=1e-9)
            else:
                assert found["balanced"] is None
                mine = row_of(made, model=found["model"], variant=found["variant"])
                assert found["undecided"] == sum(called(each, low, high) == "person" for each in mine)


def control(page: Page, name: str = "decide-at") -> tuple[Locator, Locator]:
    """Return a slider and its number field."""
    return page.locator(f"#{name}"), page.locator(f"#{name}-number")


def told(page: Page, name: str) -> str:
    return page.locator(f'[data-figure="{name}"] dd').inner_text()


def check(page: Page, records: Sequence[Record]) -> float:
    """Hold what the section shows against Python at the threshold that it names, and return that."""
    threshold = float(control(page)[1].input_value())
    made = at(records, threshold, threshold)
    (row,) = (
        each for each in leaderboard(made).to_dict("records") if each["suite"] == "all"
    )  # one model, one way
    for name, rate, part, whole in (
        ("miss", "miss_rate", "missed", "n_bad"),
        ("overkill", "overkill_rate", "overkilled", "n_good"),
    ):
        wanted = f"{row[rate]:.2f} ({row[part]}/{row[whole]}, max {row[f'{rate}_hi']:.2f})"
        assert told(page, name) == wanted, threshold
    for part, truth in (("good", "same"), ("bad", "different")):
        calls: list[str | None] = [each.verdict for each in made if each.expected_verdict == truth]
        for call, verdict in (("good", "same"), ("bad", "different"), ("none", None)):
            cell = page.locator(f'[data-cell="{part}-{call}"]')
            if call != "none" or None in [each.verdict for each in made]:
                assert cell.inner_text() == str(calls.count(verdict))
    return threshold


def distinct(records: Sequence[Record]) -> list[float]:
    return sorted({p for p in map(p_of, records) if p is not None})


def test_the_slider_moves_by_mouse(spoilt: Run, spoilt_html: Path, visit: Visit) -> None:
    page = visit(spoilt_html, ADDRESS, wait=COMPLETE)
    records = row_of(spoilt)
    slider, number = control(page)
    slider.scroll_into_view_if_needed()
    box = slider.bounding_box()
    assert box
    seen = []
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    for share in (0.5, 0.7, 0.9, 0.3, 0.1):
        page.mouse.move(box["x"] + box["width"] * share, box["y"] + box["height"] / 2, steps=4)
        seen.append(check(page, records))
    page.mouse.up()
    assert len(set(seen)) == 5
    assert seen[1] < seen[2] > seen[3] > seen[4]
    # It stands in the address, and is there again after a reload.
    expect(page).to_have_url(re.compile(f"at={re.escape(number.input_value())}(&|$)"))
    page.reload()
    page.wait_for_selector(COMPLETE, state="attached")
    assert check(page, records) == seen[-1]


def test_the_slider_moves_by_key(spoilt: Run, spoilt_html: Path, visit: Visit) -> None:
    page = visit(spoilt_html, ADDRESS, wait=COMPLETE)
    records = row_of(spoilt)
    values = distinct(records)
    slider, number = control(page)
    slider.focus()
    page.keyboard.press("Home")
    assert check(page, records) <= values[0]
    # All are called bad, but for those without P.
    assert page.locator('[data-cell="bad-good"]').inner_text() == "0"
    silent = sum(p_of(record) is None for record in records if record.expected_verdict == "different")
    assert page.locator('[data-cell="bad-none"]').inner_text() == str(silent)
    assert silent > 0
    for place in (1, 2, 3):
        page.keyboard.press("ArrowRight")
        assert values[place - 1] < check(page, records) <= values[place]
    page.keyboard.press("ArrowLeft")
    assert values[1] < check(page, records) <= values[2]
    page.keyboard.press("End")
    assert check(page, records) > values[-1]
    assert page.locator('[data-cell="bad-bad"]').inner_text() == "0"
    said = slider.get_attribute("aria-valuetext")
    assert said is not None
    assert said.startswith("P ≥ ")
    # The field takes any number and snaps to the P that calls the same parts bad.
    number.fill("0.5")
    number.press("Enter")
    wanted = min(value for value in values if value >= 0.5)
    below = max(value for value in values if value < 0.5)
    assert below < check(page, records) <= wanted
    number.press("ArrowUp")
    assert check(page, records) > wanted
    number.fill("")
    number.press("Enter")
    assert number.input_value() != ""


def touch(page: Page, points: Sequence[tuple[float, float]]) -> None:
    """Drag a finger along points."""
    session = page.context.new_cdp_session(page)
    for place, (x, y) in enumerate(points):
        kind = "touchStart" if place == 0 else "touchMove"
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y}]})
    session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    session.detach()


def test_the_slider_and_the_histogram_move_by_touch(spoilt: Run, spoilt_html: Path, visit: Visit) -> None:
    page = visit(spoilt_html, ADDRESS, wait=COMPLETE, touch=True, size=(390, 800))
    records = row_of(spoilt)
    slider = control(page)[0]
    page.evaluate("() => { document.documentElement.style.scrollBehavior = 'auto'; }")
    slider.evaluate("(each) => each.scrollIntoView({ block: 'center' })")
    box = slider.bounding_box()
    assert box
    before = check(page, records)
    middle = box["y"] + box["height"] / 2
    touch(page, [(box["x"] + box["width"] * share, middle) for share in (0.5, 0.6, 0.7, 0.8, 0.9)])
    after = check(page, records)
    assert after > max(before, 0.5)
    bins = page.locator("#decide-histogram .bins")
    bins.evaluate("(each) => each.scrollIntoView({ block: 'center' })")
    box = bins.bounding_box()
    assert box
    middle = box["y"] + box["height"] / 4
    touch(page, [(box["x"] + box["width"] * share, middle) for share in (0.52, 0.6, 0.7, 0.8, 0.97)])
    low, high = chosen_range(page)
    wanted = sum(low <= p < high or p == high == 1 for p in map(p_of, records) if p is not None)
    assert gallery_count(page) == wanted > 0


def chosen_range(page: Page) -> tuple[float, float]:
    """Return the ends of P that the address filters the gallery by."""
    page.wait_for_function("() => location.hash.includes('from%3D')")
    hashed = parse_qs(urlsplit(page.url).fragment)
    only = dict(parse_qsl(hashed["only"][0]))
    assert {name: only[name] for name in ROW} == ROW
    return float(only["from"]), float(only["to"])


def gallery_count(page: Page) -> int:
    expect(page.locator("#gallery-only")).to_be_visible()
    return int(page.locator("#outcomes .tab .count").first.inner_text())


def test_a_bar_of_the_histogram_opens_its_trials(spoilt: Run, spoilt_html: Path, visit: Visit) -> None:
    page = visit(spoilt_html, ADDRESS, wait=COMPLETE)
    known = [record for record in row_of(spoilt) if p_of(record) is not None]
    bars = page.locator("#decide-histogram .bin")
    counts = [int(str(bar.get_attribute("aria-label")).rpartition(": ")[2]) for bar in bars.all()]
    assert sum(counts) == len(known)

    def expected(what: str, low: float, high: float) -> int:
        truth = {"bad": ("different",), "good": ("same",), "all": ("different", "same")}[what]
        inside = [r for r in known if low <= (p_of(r) or 0) < high or p_of(r) == high == 1]
        return sum(record.expected_verdict in truth for record in inside)

    for place, count in enumerate(counts):
        if count:
            bars.nth(place).click(force=True)
            low, high = chosen_range(page)
            what = "bad" if place < len(counts) // 2 else "good"
            assert gallery_count(page) == expected(what, low, high) == count
            expect(bars.nth(place)).to_have_attribute("aria-pressed", "true")
    # A range, by keys: from the first bar to the last.
    bars.first.focus()
    page.keyboard.press("Shift+End")
    expect(page.locator("#decide-histogram .note")).to_contain_text(f": {len(known)}.")
    assert gallery_count(page) == expected("all", *chosen_range(page)) == len(known)
    page.reload()
    page.wait_for_selector(COMPLETE, state="attached")
    assert gallery_count(page) == len(known)
    page.locator("#decide-histogram .note").get_by_role("button", name="Show all").click()
    expect(page).not_to_have_url(re.compile("only="))
    # And by mouse.
    bins = page.locator("#decide-histogram .bins")
    bins.scroll_into_view_if_needed()
    box = bins.bounding_box()
    assert box
    page.mouse.move(box["x"] + box["width"] * 0.02, box["y"] + 20)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.48, box["y"] + 30, steps=5)
    page.mouse.up()
    low, high = chosen_range(page)
    assert gallery_count(page) == expected("all", low, high)
    assert high <= 0.55


SIDES: dict[str, Callable[[Record, str | None], bool]] = {
    "caught": lambda r, call: r.expected_verdict == call == "different" != r.verdict,
    "passed": lambda r, call: r.expected_verdict == call == "same" != r.verdict,
    "missed": lambda r, call: r.expected_verdict == r.verdict == "different" and call in ("same", None),
    "overkilled": lambda r, call: r.expected_verdict == r.verdict == "same" and call in ("different", None),
    "person": lambda r, call: call == "person",
}


@pytest.mark.parametrize(("low", "high"), [(0.85, 0.85), (0.1, 0.1), (0.3, 0.8)])
def test_trials_that_change_sides_open(
    spoilt: Run, spoilt_html: Path, visit: Visit, low: float, high: float
) -> None:
    band = f"&upto={high}" if high > low else ""
    page = visit(spoilt_html, f"{ADDRESS}&at={low}{band}", wait=COMPLETE)
    for name, of in SIDES.items():
        wanted = [record for record in row_of(spoilt) if of(record, called(record, low, high))]
        group = page.locator(f'#decide-sides [data-side="{name}"]')
        assert group.count() == bool(wanted), name
        if wanted:
            assert f"({len(wanted)})" in group.locator("h4").inner_text()
            pictures = group.locator(".small-picture")
            assert pictures.count() == min(len(wanted), 12)
            pictures.first.click()
            expect(page.locator("#viewer .id")).to_have_text(wanted[0].trial)
            expect(page.locator("#viewer-place")).to_have_text(f"1 of {len(wanted)}")
            page.keyboard.press("j")
            expect(page.locator("#viewer .id")).to_have_text(wanted[1 % len(wanted)].trial)
            page.keyboard.press("Escape")
    if band:
        expect(page.locator("#decide-two")).to_be_checked()
        undecided = sum(called(record, low, high) == "person" for record in row_of(spoilt))
        assert f"({undecided}/{len(row_of(spoilt))})" in told(page, "person")


def test_a_second_threshold_is_switched_on_and_pushed(html: Path, visit: Visit) -> None:
    page = visit(html, ADDRESS, wait=COMPLETE)
    expect(page.locator("#decide-upto")).to_be_hidden()
    page.locator("#decide-two").check()
    lower, upper = control(page)[0], control(page, "decide-upto")[0]
    expect(upper).to_be_visible()
    assert int(upper.input_value()) > int(lower.input_value())
    lower.focus()
    page.keyboard.press("End")
    assert upper.input_value() == lower.input_value()
    upper.focus()
    page.keyboard.press("Home")
    assert lower.input_value() == "0"
    page.keyboard.press("End")
    expect(page).to_have_url(re.compile("upto="))
    page.locator("#decide-two").uncheck()
    expect(page).not_to_have_url(re.compile("upto="))


def test_costs_are_typed_in(spoilt: Run, spoilt_html: Path, visit: Visit) -> None:
    page = visit(spoilt_html, f"{ADDRESS}&at=0.5", wait=COMPLETE)
    flow = page.locator(".flow dd b")
    assert flow.all_inner_texts() == ["–", "–"]
    for name, value in (("share", "2"), ("escape", "500"), ("overkill", "3")):
        page.locator(f"#cost-{name}").fill(value)
    records = row_of(spoilt)
    (row,) = (
        each for each in leaderboard(at(records, 0.5, 0.5)).to_dict("records") if each["suite"] == "all"
    )
    shown = [float(text.replace(",", "")) for text in flow.all_inner_texts()]
    miss, overkill = row["miss_rate"], row["overkill_rate"]
    assert shown[0] == pytest.approx(1000 * (0.02 * miss * 500 + 0.98 * overkill * 3), rel=5e-3, abs=0.5)
    shipped = 0.02 * miss + 0.98 * (1 - overkill)
    assert shown[1] == pytest.approx(1e6 * 0.02 * miss / shipped, rel=5e-3, abs=0.5)
    expect(page).to_have_url(re.compile("line=0.02%2C500%2C3%2C"))
    page.reload()
    page.wait_for_selector(COMPLETE, state="attached")
    expect(page.locator("#cost-share")).to_have_value("2")
    assert [float(text.replace(",", "")) for text in flow.all_inner_texts()] == shown


def test_the_roc_has_a_point_a_tooltip_and_takes_clicks(html: Path, visit: Visit) -> None:
    page = visit(html, ADDRESS, wait=COMPLETE)
    point = page.locator("#decide-roc svg path[fill='var(--wrong)']")
    expect(point).to_have_count(1)
    where = point.get_attribute("transform")
    slider, number = control(page)
    slider.focus()
    page.keyboard.press("End")
    expect(point).not_to_have_attribute("transform", str(where))
    chart = page.locator("#decide-roc svg .background").first
    chart.scroll_into_view_if_needed()
    box = chart.bounding_box()
    assert box
    page.mouse.move(box["x"] + 20, box["y"] + 20)
    page.mouse.move(box["x"] + 24, box["y"] + 24)
    tooltip = page.locator("#vg-tooltip-element")
    expect(tooltip).to_contain_text(re.compile(r"P ≥.*overkill.*detected", re.DOTALL))
    threshold = re.search(r"P ≥\D*([\d.]+)", tooltip.inner_text())
    assert threshold, tooltip.inner_text()
    page.mouse.click(box["x"] + 24, box["y"] + 24)
    expect(number).to_have_value(re.compile(rf"^{re.escape(threshold[1])}0?$"))


def test_two_rows_are_held_against_each_other(spoilt: Run, spoilt_html: Path, visit: Visit) -> None:
    page = visit(spoilt_html, wait=COMPLETE)
    keys = [f"model={model}&variant=raw&layout=stacked&question=verdict" for model in ("model-0", "model-2")]
    page.locator("#versus-before").select_option(keys[0])
    page.locator("#versus-after").select_option(keys[1])
    before = {record.case: record for record in row_of(spoilt)}
    after = row_of(spoilt, model="model-2")

    def right(record: Record) -> bool:
        return record.verdict == record.expected_verdict

    pairs = [(before[record.case], record) for record in after if record.case in before]
    won = [new for old, new in pairs if right(new) and not right(old)]
    lost = [new for old, new in pairs if right(old) and not right(new)]
    tabs = page.locator("#versus .tab .count")
    expect(tabs.nth(0)).to_have_text(str(len(lost)))
    expect(tabs.nth(1)).to_have_text(str(len(won)))
    both = sum(right(old) and right(new) for old, new in pairs)
    expect(page.locator("#versus")).to_contain_text(f"{len(pairs)} cases in both rows: {both} right in both")
    page.locator("#versus .tab", has_text="wrong → right").click()
    rows = page.locator("#versus tbody tr")
    expect(rows).to_have_count(min(10, len(won)))
    case = rows.first.locator("td").nth(2)
    name = case.inner_text()
    assert name in {record.case for record in won}
    rows.first.locator(".small-picture").click()
    expect(page.locator("#viewer .id")).to_have_text(next(r.trial for r in won if r.case == name))
    page.keyboard.press("Escape")
    expect(page).to_have_url(re.compile("before=.*after="))
    page.reload()
    page.wait_for_selector(COMPLETE, state="attached")
    expect(tabs.nth(1)).to_have_text(str(len(won)))


def test_two_runs_are_held_against_each_other(
    html: Path, earlier_and_later: tuple[Run, Run], visit: Visit
) -> None:
    earlier, later = earlier_and_later
    page = visit(html, wait=COMPLETE)
    page.locator("#versus-before").select_option(f"run={earlier.name}")
    old = {record.trial: record for record in earlier.records()}
    broken = [r for r in later.records() if old[r.trial].outcome == "correct" != r.outcome]
    fixed = [r for r in later.records() if old[r.trial].outcome != "correct" == r.outcome]
    tabs = page.locator("#versus .tab .count")
    expect(tabs.nth(0)).to_have_text(str(len(broken)))
    expect(tabs.nth(1)).to_have_text(str(len(fixed)))
    page.locator("#versus .tab", has_text="right → wrong").click()
    line = page.locator("#versus tbody tr").first
    line.locator("a.small-picture").click()
    trial = page.locator("#viewer .id").inner_text()
    record = next(each for each in broken if each.trial == trial)
    page.keyboard.press("Escape")
    words = {"same": "same", "different": "different", None: "unread"}
    assert line.locator("td").nth(4).inner_text().startswith(words[old[trial].verdict])
    assert line.locator("td").nth(5).inner_text().startswith(words[record.verdict])


def test_without_p_there_is_no_threshold_to_move(run: Run, tmp_path: Path, visit: Visit) -> None:
    mute = altered(run, tmp_path, lambda records: [replace(each, p_different=None) for each in records])
    page = visit(write_page(mute, mute.folder), wait=COMPLETE)
    expect(page.locator("#decide-none")).to_contain_text("no threshold to move")
    expect(page.locator("#decide-body")).to_be_hidden()
    expect(page.locator("#versus-before")).to_be_visible()


def test_verdicts_of_no_threshold_are_told(run: Run, tmp_path: Path, visit: Visit) -> None:
    def mix(records: Sequence[Record]) -> list[Record]:
        return [replace(each, p_different=0.9 if place % 3 else 0.1) for place, each in enumerate(records)]

    mixed = altered(run, tmp_path, mix)
    page = visit(write_page(mixed, mixed.folder), ADDRESS, wait=COMPLETE)
    expect(page.locator("#decide-control")).to_contain_text("not made by one threshold")
    expect(page.locator("#decide-at")).to_have_attribute("max", "2")
    expect(control(page)[1]).to_have_value("0.90")
    assert page.locator("#decide-sides .small-picture").count() > 0


def test_a_by_eye_threshold_is_said_to_flatter(html: Path, visit: Visit) -> None:
    page = visit(html, wait=COMPLETE)
    expect(page.locator("#decide-flatter")).to_contain_text("flatters")


def decided(run: Run) -> dict[str, Any]:
    """Return the data of a page whose first row has operating points, a gap and a line."""
    point = dict.fromkeys(DECISIONS) | ROW | {"suite": "all", "fitted": "crossed", "unit": "reference"}
    rates = {
        "n_good": 5, "n_bad": 11, "missed": 2, "overkilled": 1, "undecided": 3, "miss_rate": 2 / 11,
        "miss_rate_hi": 0.47, "overkill_rate": 0.2, "overkill_rate_hi": 0.66,
    }  # fmt: skip
    values = distinct(row_of(run))
    points = [
        point | rates | {"rule": "balanced", "threshold": values[4], "balanced_accuracy": 0.81},
        point | rates | {"rule": "miss_rate <= 0.2 overkill_rate <= 0.3", "threshold": values[2]},
        point | {"rule": "miss_rate <= 0.01", "needs": "needs 299 bad parts, has 11"},
    ]
    points[1]["threshold_hi"] = values[-2]
    gap = ROW | {"suite": "all", "auroc": 0.91, "shipped": 0.57, "balanced": 0.86, "threshold": 0.81}
    line = {"settings": {"bad_share": 0.02, "escape_cost": 300.0, "overkill_cost": 4.0}, "rows": []}
    return page_data(run) | {"decisions": points, "gaps": [gap], "line": line}


def test_operating_points_move_the_slider_and_are_named_beside_it(
    run: Run, tmp_path: Path, visit: Visit
) -> None:
    path = tmp_path / "index.html"
    path.write_text(page_html(decided(run), {}), encoding="utf-8")
    page = visit(path, ADDRESS, wait=COMPLETE, expected="ERR_FILE_NOT_FOUND")
    records = row_of(run)
    values = distinct(records)
    warning = page.locator("#decide-flatter")
    expect(warning).to_contain_text("0.57 → 0.86 at P ≥ 0.81")
    expect(warning).to_contain_text(
        "Balanced, on cases it was not fitted on: miss 0.18 (max 0.47), overkill 0.20 (max 0.66)"
    )
    rows = page.locator("#decide-points tbody tr")
    assert [text.split("\t")[0] for text in rows.all_inner_texts()] == [
        "As run",
        "Balanced",
        "miss_rate <= 0.2 overkill_rate <= 0.3",
        "miss_rate <= 0.01",
    ]
    expect(rows.nth(1)).to_contain_text("0.18 (2/11, max 0.47)")
    expect(rows.nth(3)).to_contain_text("needs 299 bad parts, has 11")
    assert page.locator("#decide-control .mark-of").count() == 2 * 3
    rows.nth(1).get_by_role("button").click()
    assert values[3] < check(page, records) <= values[4]
    rows.nth(2).get_by_role("button").click()
    expect(page.locator("#decide-two")).to_be_checked()
    low, high = (float(control(page, name)[1].input_value()) for name in ("decide-at", "decide-upto"))
    assert values[1] < low <= values[2]
    assert values[-3] < high <= values[-2]
    rows.first.get_by_role("button").click()
    expect(page.locator("#decide-two")).not_to_be_checked()
    fields = [page.locator(f"#cost-{name}").input_value() for name in ("share", "escape", "overkill")]
    assert fields == ["2", "300", "4"]
    # They are of whole suites.
    page.locator("#filter-tag").select_option("bent")
    expect(page.locator("#decide-points")).to_contain_text("so the tag filter hides them")
    expect(rows).to_have_count(1)


def test_the_viewer_shows_by_which_rule_an_answer_was_read(html: Path, run: Run, visit: Visit) -> None:
    record = next(each for each in run.records() if each.rule)
    page = visit(html, f"trial={record.trial}")
    assert str(page.locator("#viewer .rule code").text_content()) == record.rule
    silent = next(each for each in run.records() if not each.rule)
    page.evaluate("(id) => { location.hash = `trial=${id}`; }", silent.trial)
    expect(page.locator("#viewer .id")).to_have_text(silent.trial)
    expect(page.locator("#viewer .rule")).to_have_count(0)
