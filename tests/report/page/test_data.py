"""What the page is told: equal to the tables, in equal columns, and honest about what is missing."""

import json
import time
from dataclasses import replace
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from kurabe.common.errors import KurabeError
from kurabe.common.vocabulary import Box, Verdict
from kurabe.imaging.content import content_id
from kurabe.imaging.heat import heat_map
from kurabe.report import tables
from kurabe.report.leaderboard import leaderboard
from kurabe.report.page import data as page
from kurabe.report.page.data import LONGEST_ANSWER, page_data
from kurabe.report.paired_table import raw_vs_processed
from kurabe.report.tables import write_tables
from kurabe.results.record import Record
from kurabe.results.run import FORMAT, MANIFEST, RESULTS, Run
from tests.report.made_records import verdict
from tests.support.pages import make_run


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return make_run(tmp_path_factory.mktemp("made"), trials=90, models=3)


@pytest.fixture(scope="module")
def data(made: Run) -> dict[str, Any]:
    return page_data(made)


def left(folder: Path, records: list[Record], **manifest: Any) -> Run:
    """Leave a run of made records."""
    run = Run.create(folder)
    run.write_manifest({"run": run.name, **manifest})
    for record in records:
        run.append(record)
    run.close()
    return run


def test_it_is_json_and_says_what_the_tables_say(made: Run, data: dict[str, Any]) -> None:
    records = made.records()
    again = json.loads(json.dumps(data, allow_nan=False))
    assert again["leaderboard"] == leaderboard(records, made.name).to_dict("records")
    assert again["raw_vs_processed"] == raw_vs_processed(records).to_dict("records")
    assert again["controls"] == tables.controls(records).to_dict("records")
    assert again["consistency"] == tables.consistency(records).to_dict("records")
    for name in ("leaderboard", "raw_vs_processed", "controls", "consistency"):
        assert again[name], name


def test_the_columns_hold_each_result_once_and_in_order(made: Run, data: dict[str, Any]) -> None:
    records, columns = made.records(), data["trials"]
    assert {len(column) for column in columns.values()} == {90}
    assert columns["trial"] == [record.trial for record in records]
    assert columns["p"] == [record.p_different for record in records]
    assert columns["grade"] == [
        next((tag for tag in record.tags if tag in ("easy", "medium", "hard")), None) for record in records
    ]
    place = next(i for i, r in enumerate(records) if r.question == "differences" and r.score["found"])
    assert (
        columns["found_kinds"][place]
        == columns["kinds"][place]
        == [records[place].score["found"][0].split()[0]]
    )
    assert columns["boxes"][place] == [list(box) for box in records[place].boxes or ()]
    assert columns["predicted"][place] == records[place].score["boxes"]


def test_every_picture_is_there_with_its_size(made: Run, data: dict[str, Any]) -> None:
    used = {i for column in ("raw", "pair", "shown") for ids in data["trials"][column] for i in ids}
    assert used == data["pictures"].keys()
    for name, facts in data["pictures"].items():
        with Image.open(made.pictures / facts["file"]) as picture:
            assert picture.size == (facts["w"], facts["h"])
            assert content_id(picture) == name
    for place, model in enumerate(data["trials"]["model"]):
        assert len(data["trials"]["raw"][place]) == len(data["trials"]["pair"][place]) == 2, model
        # Stacked: the two of the pair above each other in one picture.
        (shown,) = data["trials"]["shown"][place]
        pair = [data["pictures"][name] for name in data["trials"]["pair"][place]]
        assert data["pictures"][shown]["h"] > sum(each["h"] for each in pair)


def test_boxes_of_an_exchanged_pair_are_not_drawn_on_the_wrong_picture(data: dict[str, Any]) -> None:
    trials = data["trials"]
    swapped = [place for place, is_swapped in enumerate(trials["swapped"]) if is_swapped]
    assert swapped
    assert {trials["predicted"][place] is None for place in swapped} == {True}
    straight = {trials["trial"][place]: place for place in range(90)}
    for place in swapped:
        twin = straight[trials["trial"][place].removesuffix("-swap")]
        assert trials["raw"][place] == trials["raw"][twin]
        assert trials["pair"][place] == trials["pair"][twin]
        assert trials["shown"][place] != trials["shown"][twin]


def test_a_missing_picture_is_told(tmp_path: Path) -> None:
    run = make_run(tmp_path, trials=12, models=1)
    gone, cut = run.records()[0].pictures[:2]
    (run.pictures / f"{gone}.png").unlink()
    (run.pictures / f"{cut}.png").write_bytes(b"\x89PNG")
    facts = page_data(run)["pictures"]
    for name in (gone, cut):
        assert facts[name] == {"file": None, "w": None, "h": None}
    assert sum(each["file"] is None for each in facts.values()) == 2


def test_a_killed_run_says_how_much_is_missing(tmp_path: Path) -> None:
    run = left(tmp_path, [verdict("c1"), verdict("c2")], planned=7, finished=None)
    (run.folder / RESULTS).open("a").write('{"trial": "cut off in the mid')
    told = page_data(run)["run"]
    assert (told["answered"], told["planned"], told["missing"], told["complete"]) == (2, 7, 5, False)


def test_a_session_that_was_ended_early_is_not_complete(tmp_path: Path) -> None:
    run = left(tmp_path, [verdict("c1")], planned=7, finished="2026-01-01T00:00:00+00:00")
    assert page_data(run)["run"]["complete"] is False
    whole = left(tmp_path, [verdict("c1")], planned=1, finished="2026-01-01T00:00:00+00:00")
    assert page_data(whole)["run"]["complete"] is True


def test_a_run_without_a_manifest_shows_its_results(tmp_path: Path) -> None:
    run = left(tmp_path, [verdict("c1")])
    (run.folder / MANIFEST).unlink()
    data = page_data(run)
    assert data["run"]["planned"] is None
    assert data["run"]["complete"] is False
    assert list(data["models"]) == ["pixel-diff"]


def test_an_empty_run_has_a_page_too(tmp_path: Path) -> None:
    data = page_data(left(tmp_path, [], planned=4))
    assert data["leaderboard"] == data["raw_vs_processed"] == []
    assert data["run"]["missing"] == 4
    assert {len(column) for column in data["trials"].values()} == {0}


def test_a_run_of_format_1_is_read_with_what_it_has(tmp_path: Path) -> None:
    run = left(tmp_path, [])
    manifest = json.loads((run.folder / MANIFEST).read_text())
    (run.folder / MANIFEST).write_text(json.dumps(manifest | {"format": 1}))
    line = json.loads(verdict("c1").to_json())
    for name in ("prompt", "kinds", "boxes", "raw", "pair", "shown"):
        del line[name]
    (run.folder / RESULTS).write_text(json.dumps(line) + "\n")
    data = page_data(run)
    assert data["run"]["format"] == 1 < FORMAT
    assert data["trials"]["prompt"] == [None]
    for name in ("raw", "pair", "shown", "boxes", "kinds"):
        assert data["trials"][name] == [[]]


def test_a_run_of_an_unknown_format_is_refused_by_name(tmp_path: Path) -> None:
    run = left(tmp_path, [verdict("c1")])
    (run.folder / MANIFEST).write_text('{"format": 0, "kurabe": "0.0.1"}')
    with pytest.raises(KurabeError, match=rf"{run.name} was left by kurabe 0\.0\.1 in format 0"):
        page_data(run)


def test_half_characters_and_markup_stay_text(tmp_path: Path) -> None:
    text = "<script>alert(1)</script> \udc83 </textarea>"
    data = page_data(left(tmp_path, [replace(verdict("c1"), text=text)]))
    assert data["trials"]["text"] == [text]
    json.dumps(data).encode("ascii")


def test_a_very_long_answer_is_cut_and_it_is_said(tmp_path: Path) -> None:
    long = replace(verdict("c1"), text="ab" * LONGEST_ANSWER)
    (text,) = page_data(left(tmp_path, [long]))["trials"]["text"]
    assert text.startswith("ab" * (LONGEST_ANSWER // 2))
    assert text.endswith(f"({LONGEST_ANSWER} more characters in results.jsonl)")


def test_kinds_are_counted_one_by_one(tmp_path: Path) -> None:
    score = {"found": ["pin at row 1", "pin missing at row 2"], "missed": ["pin at row 3"], "expected": 3}
    kinds = ("pin", "pin missing", "pin", "scratch")  # what a scratch is called is not told: it is not scored
    record = replace(
        verdict("c1", question="differences"), score=score, kinds=kinds, boxes=(Box(0, 0, 1, 1),)
    )
    trials = page_data(left(tmp_path, [record]))["trials"]
    assert trials["found_kinds"] == [["pin", "pin missing"]]
    assert trials["kinds"] == [["pin", "pin missing", "pin"]]


def test_a_difference_without_a_kind_is_counted_as_such(tmp_path: Path) -> None:
    score = {"found": ["left"], "missed": ["pin at row 3", "shadow"], "expected": 3}
    named = replace(verdict("c1", question="differences"), score=score, kinds=("pin",))
    lost = replace(verdict("c2", said=None, question="differences"), outcome="error", kinds=("pin",))
    trials = page_data(left(tmp_path, [named, lost]))["trials"]
    assert trials["kinds"] == [[None, "pin", None], ["pin"]]
    assert trials["found_kinds"] == [[None], []]


def test_each_trial_has_its_unit(tmp_path: Path) -> None:
    many = [verdict(f"c{n}", reference=f"r{n // 2}", test=f"t{n}") for n in range(10)]
    few = [verdict(f"d{n}", suite="few", reference="r", test=f"t{n % 3}") for n in range(6)]
    trials = page_data(left(tmp_path, [*many, *few]))["trials"]
    assert trials["unit_kind"] == ["reference"] * 10 + ["test"] * 6
    assert trials["unit"][:10] == [n // 2 for n in range(10)]
    assert trials["unit"][10:] == [5, 6, 7] * 2


def test_errors_are_counted_by_model(tmp_path: Path) -> None:
    down = [replace(verdict(f"c{n}", said=None, model="down"), outcome="error") for n in range(3)]
    once = replace(verdict("c1", said=None, model="once"), outcome="error")
    fine = [verdict("c2", model=model) for model in ("once", "fine")]
    told = page_data(left(tmp_path, [once, *down, *fine]))["run"]
    assert told["errors"] == [("down", 3, 3), ("once", 1, 2)]


def test_models_tell_who_they_are_and_who_was_left_out(
    made: Run, data: dict[str, Any], tmp_path: Path
) -> None:
    assert list(data["models"]) == ["model-0", "model-1", "model-2"]
    best = data["models"]["model-2"]
    assert best["facts"]["skill"] == 0.95
    assert best["fingerprint"].startswith("inspector model-2")
    assert best["card"]["summary"]["base"] == "model-0"
    assert len(best["card"]["curve"]) == 60
    assert "cards" not in data["run"]["manifest"]
    other = page_data(left(tmp_path, [verdict("c1")], left_out={"big": "no GPU"}))["models"]
    assert other["big"]["left_out"] == "no GPU"


_SIDES: tuple[Verdict, Verdict] = ("different", "same")


def many_models(folder: Path, models: int) -> tuple[dict[str, Any], float]:
    """Return the page's data of a run that has an earlier one beside it, and the processor time it took."""
    for _ in range(2):
        asked = product(range(models), range(2), ("raw", "gray"))
        run = left(
            folder,
            [
                verdict(
                    f"c{case}",
                    "same" if case % 2 else "different",
                    model=f"m{model}",
                    variant=variant,
                    p_different=0.5,
                )
                for model, case, variant in asked
            ],
        )
        write_tables(run.records(), run.folder)
    start = time.process_time()
    data = page_data(run)
    return data, time.process_time() - start


def test_a_page_grows_with_its_models_and_not_with_their_square(tmp_path: Path) -> None:
    many_models(tmp_path / "warm", 2)  # what is imported only once is not of any size
    few = many_models(tmp_path / "few", 100)[1]
    data, many = many_models(tmp_path / "many", 1000)
    assert many < 20 * few
    assert len({row["model"] for row in data["leaderboard"]}) == 1000
    assert len(data["comparisons"]) == 1
    assert len(json.dumps(data)) < 12e6


def test_heat_maps_stand_once_and_no_more_of_them_than_a_page_can_bear(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, two = heat_map([[0.5, 2]]), heat_map([[3.0]])
    heats = [one, None, one, two, one]
    records = [verdict(f"c{n}", "same", "same", heat=heat) for n, heat in enumerate(heats)]
    records.append(replace(records[0], trial="exchanged", swapped=True))
    run = left(tmp_path, records)
    assert page_data(run)["heat"] == {"maps": [one, two], "of": {"0": 0, "2": 0, "3": 1, "4": 0}}
    monkeypatch.setattr(page, "HEAT", len(one))
    assert page_data(run)["heat"] == {"maps": [one], "of": {"0": 0, "2": 0, "4": 0}}
