"""What is on disk can be read again, whoever wrote it and however it ended."""

import json
import multiprocessing
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kurabe.answering.cache import AnswerCache
from kurabe.common.errors import KurabeError
from kurabe.common.request import Answer
from kurabe.common.vocabulary import Box
from kurabe.results.record import Record
from kurabe.results.run import FORMAT, MANIFEST, RESULTS, Run, find_run, runs_of

ANSWERS = {
    "plain": Answer("Yes, a pin is missing."),
    "empty": Answer(),
    "full": Answer(
        "はい、3番ピンがありません。\n\t\0", 0.875, (Box(1, 2, 3.5, 4), Box(0, 0, 1, 1)), 1539, 12, 0.25
    ),
    "no boxes": Answer("No.", 0.0, ()),
    "half a character": Answer("pin \udc83 bent"),
}


def record(trial: str = "pins/a1-verdict-raw-m", **more: Any) -> Record:
    values: dict[str, Any] = {
        "trial": trial, "suite": "pins", "case": "pins/a1", "reference": "pins/good.png",
        "question": "verdict", "variant": "raw",
        "layout": "stacked", "model": "m", "control": False, "swapped": False, "repeat": 0,
        "expected": "same", "expected_verdict": "same", "text": "違いはありません", "verdict": "same",
        "p_different": 0.25, "outcome": "correct", "score": {"boxes": [[1, 2, 3, 4]]}, "tags": ("light",),
    }  # fmt: skip
    return Record(**{**values, **more})


# The cache


def test_answers_come_back_as_they_were(tmp_path: Path) -> None:
    cache = AnswerCache(tmp_path / "cache" / "answers.sqlite")
    cache.put(ANSWERS)
    cache.close()
    again = AnswerCache(tmp_path / "cache" / "answers.sqlite")
    assert again.get([*ANSWERS, "unknown"]) == ANSWERS
    assert again.get([]) == {}
    again.close()
    again.close()


@settings(max_examples=30, deadline=None)
@given(
    text=st.text(st.characters(exclude_categories=())),
    p_different=st.none() | st.floats(0, 1),
    boxes=st.none() | st.lists(st.builds(Box, *[st.floats(0, 1e6)] * 4), max_size=3).map(tuple),
    tokens=st.none() | st.integers(0, 10**6),
)
def test_whatever_an_engine_says_is_kept(
    tmp_path_factory: pytest.TempPathFactory,
    text: str,
    p_different: float | None,
    boxes: tuple[Box, ...] | None,
    tokens: int | None,
) -> None:
    cache = AnswerCache(tmp_path_factory.mktemp("cache") / "answers.sqlite")
    answer = Answer(text, p_different, boxes, tokens, tokens, 0.5)
    cache.put({"key": answer})
    assert cache.get(["key"]) == {"key": answer}
    cache.close()


def test_more_keys_than_a_statement_may_have_variables(tmp_path: Path) -> None:
    cache = AnswerCache(tmp_path / "answers.sqlite")
    many = {f"key{number}": Answer(str(number)) for number in range(1201)}
    cache.put(many)
    assert cache.get(list(many)) == many
    cache.close()


def test_a_later_answer_takes_the_place_of_an_earlier_one(tmp_path: Path) -> None:
    cache = AnswerCache(tmp_path / "answers.sqlite")
    cache.put({"key": Answer("old")})
    cache.put({"key": Answer("new")})
    assert cache.get(["key"]) == {"key": Answer("new")}
    cache.close()


def write_answers(path: Path, name: str, count: int) -> None:
    """Put answers one by one, as the answering does; runs in processes of their own."""
    cache = AnswerCache(path)
    for number in range(count):
        cache.put({f"{name}{number}": Answer(f"{name} says {number}")})
    cache.close()


def test_two_processes_may_write_at_once(tmp_path: Path) -> None:
    path = tmp_path / "answers.sqlite"
    context = multiprocessing.get_context("spawn")
    writers = [context.Process(target=write_answers, args=(path, name, 200)) for name in "ab"]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(60)
    assert [writer.exitcode for writer in writers] == [0, 0]
    cache = AnswerCache(path)
    found = cache.get([f"{name}{number}" for name in "ab" for number in range(200)])
    assert len(found) == 400
    assert found["b199"] == Answer("b says 199")
    cache.close()


def test_an_answer_is_durable_as_soon_as_it_is_put(tmp_path: Path) -> None:
    program = (
        "import os, sys; from pathlib import Path; from kurabe.answering.cache import AnswerCache;"
        "from kurabe.models.protocol import Answer;"
        "AnswerCache(Path(sys.argv[1])).put({'key': Answer('kept')}); os._exit(9)"  # nothing is closed
    )
    path = tmp_path / "answers.sqlite"
    done = subprocess.run([sys.executable, "-c", program, str(path)], check=False)
    assert done.returncode == 9
    cache = AnswerCache(path)
    assert cache.get(["key"]) == {"key": Answer("kept")}
    cache.close()


@pytest.mark.parametrize("damage", ["no database", "other columns"])
def test_a_damaged_file_is_set_aside_and_begun_anew(tmp_path: Path, damage: str) -> None:
    path = tmp_path / "answers.sqlite"
    if damage == "no database":
        path.write_bytes(b"this is no database at all" * 100)
    else:
        with closing(sqlite3.connect(path)) as other:
            other.execute("CREATE TABLE answers (id, text, more)")
    cache = AnswerCache(path)
    assert "answers.sqlite was damaged" in cache.problem
    cache.put({"key": Answer("kept")})
    cache.close()
    again = AnswerCache(path)
    assert again.get(["key"]) == {"key": Answer("kept")}
    assert not again.problem
    again.close()
    assert (tmp_path / "damaged-answers.sqlite").is_file()
    assert not list(tmp_path.glob("*.lock"))


def test_a_row_that_cannot_be_read_is_asked_again(tmp_path: Path) -> None:
    cache = AnswerCache(tmp_path / "answers.sqlite")
    cache.put({"good": Answer("yes"), "bad": Answer("no")})
    with closing(sqlite3.connect(tmp_path / "answers.sqlite")) as other:
        other.execute("UPDATE answers SET answer = '[1]' WHERE key = 'bad'")
        other.commit()
    assert cache.get(["good", "bad"]) == {"good": Answer("yes")}
    assert "cannot be read" in cache.problem
    cache.close()


def test_answers_are_no_longer_kept_where_nothing_can_be_written(tmp_path: Path) -> None:
    cache = AnswerCache(tmp_path / "answers.sqlite")
    cache._db.execute("PRAGMA max_page_count=3")
    for number in range(50):
        cache.put({f"key{number}": Answer("x" * 5000)})
    assert "full" in cache.problem
    cache.close()


def test_damage_in_the_middle_is_mended(tmp_path: Path) -> None:
    path = tmp_path / "answers.sqlite"
    cache = AnswerCache(path)
    cache.put({f"key{number}": Answer("x" * 500) for number in range(100)})
    cache.close()
    data = bytearray(path.read_bytes())
    data[8192:32768] = bytes(32768 - 8192)
    path.write_bytes(data)
    cache = AnswerCache(path)
    cache.get([f"key{number}" for number in range(100)])
    assert "answers.sqlite was damaged" in cache.problem
    cache.put({"key": Answer("new")})
    assert cache.get(["key"]) == {"key": Answer("new")}
    cache.close()


def test_a_place_that_holds_no_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "answers.sqlite").mkdir()
    with pytest.raises(KurabeError, match=r"answers\.sqlite"):
        AnswerCache(tmp_path / "answers.sqlite")


# Runs


def test_runs_are_called_by_the_time_and_come_oldest_first(tmp_path: Path) -> None:
    names = [Run.create(tmp_path).name for _ in range(12)]  # most of them in one second
    assert len(set(names)) == 12
    for name in names:
        began = datetime.strptime(name[:15], "%Y%m%d-%H%M%S")
        assert abs(datetime.now() - began) < timedelta(seconds=30)
    assert [run.name for run in runs_of(tmp_path)] == names
    assert runs_of(tmp_path / "nowhere") == []


def test_a_run_comes_after_the_parts_that_began_within_its_second(tmp_path: Path) -> None:
    kinds = ("shard-2-of-2", "shard-1-of-2", "", "", "shard-1-of-2")
    made = [Run.create(tmp_path, kind) for kind in kinds]
    assert [run.name for run in runs_of(tmp_path)] == [run.name for run in made]


def test_results_come_back_as_they_were(tmp_path: Path) -> None:
    run = Run.create(tmp_path)
    kept = [
        record(),
        record("b", text="one\ntwo\r\u2028three", p_different=None),
        record("c", outcome="error"),
    ]
    for each in kept:
        run.append(each)
    assert run.records() == kept
    assert (run.folder / RESULTS).read_bytes().count(b"\n") == 3


def test_a_result_with_half_a_character_can_be_read_again(tmp_path: Path) -> None:
    run = Run.create(tmp_path)
    run.append(record(text="pin \udc83"))
    assert run.records()[0].text == "pin \udc83"


def test_every_place_where_a_killed_run_can_have_stopped_leaves_a_readable_file(tmp_path: Path) -> None:
    run = Run.create(tmp_path)
    run.append(record("first"))
    whole = (run.folder / RESULTS).read_bytes()
    last = (record("last").to_json() + "\n").encode()
    middle = last.index("違".encode()) + 1  # inside a character
    for length in (*range(0, len(last) - 1, 20), middle, len(last) - 2):
        (run.folder / RESULTS).write_bytes(whole + last[:length])
        assert [each.trial for each in run.records()] == ["first"]
    (run.folder / RESULTS).write_bytes(whole + last[:-1])
    assert [each.trial for each in run.records()] == ["first", "last"]


@pytest.mark.parametrize("damage", ['{"trial": "x"', "[]", "null", '{"trial": "x"}', '"text"', "\ufffd"])
def test_a_damaged_line_before_the_last_is_an_error_with_its_line(tmp_path: Path, damage: str) -> None:
    run = Run.create(tmp_path)
    run.append(record())
    with (run.folder / RESULTS).open("a", encoding="utf-8") as file:
        file.write(damage + "\n")
    run.append(record())
    with pytest.raises(KurabeError, match=r"results\.jsonl:2: damaged"):
        run.records()


@pytest.mark.parametrize("name", ["raw", "pair", "shown"])
@pytest.mark.parametrize("picture", ["../" * 8 + "outside", "/etc/hostname", "ab/cd", "", "AB" * 16, 7, None])
def test_a_result_whose_picture_is_no_digest_is_refused(tmp_path: Path, name: str, picture: object) -> None:
    run = Run.create(tmp_path)
    run.append(record())
    run.append(record("pins/a2-verdict-raw-m", **{name: ["0a" * 16, picture]}))
    run.append(record("pins/a3-verdict-raw-m"))
    run.close()
    with pytest.raises(
        KurabeError, match=rf"results\.jsonl:2: damaged: {name}: a picture is named by hexadecimal"
    ):
        run.records()


def test_results_of_a_later_version_keep_what_is_known(tmp_path: Path) -> None:
    run = Run.create(tmp_path)
    line = {**json.loads(record().to_json()), "mood": "sunny"}
    (run.folder / RESULTS).write_text(json.dumps(line) + "\n", encoding="utf-8")
    assert run.records() == [record()]


def test_a_run_without_results_has_none(tmp_path: Path) -> None:
    assert Run.create(tmp_path).records() == []


# Manifests


def test_a_manifest_comes_back_with_its_format(tmp_path: Path) -> None:
    run = Run.create(tmp_path)
    run.write_manifest({"kurabe": "0.1.0", "suites": {"部品": 3}})
    run.write_manifest({"kurabe": "0.2.0", "suites": {"部品": 4}})
    assert run.manifest() == {"format": FORMAT, "kurabe": "0.2.0", "suites": {"部品": 4}}
    assert [path.name for path in run.folder.iterdir()] == [MANIFEST]  # nothing temporary stays


def test_an_older_manifest_is_read(tmp_path: Path) -> None:
    run = Run.create(tmp_path)
    (run.folder / MANIFEST).write_text('{"format": 1, "kurabe": "0.0.9"}', encoding="utf-8")
    assert run.manifest() == {"format": 1, "kurabe": "0.0.9"}


def test_a_result_of_format_1_lacks_what_was_asked_and_shown(tmp_path: Path) -> None:
    run = Run.create(tmp_path)
    run.write_manifest({})
    later = ("prompt", "kinds", "boxes", "raw", "pair", "shown")
    line = {key: value for key, value in json.loads(record().to_json()).items() if key not in later}
    (run.folder / RESULTS).write_text(json.dumps(line) + "\n", encoding="utf-8")
    (read,) = run.records()
    assert [getattr(read, name) for name in later] == [None] * len(later)
    assert read.pictures == ()
    assert read.text == record().text


def test_what_was_asked_and_shown_comes_back(tmp_path: Path) -> None:
    run = Run.create(tmp_path)
    kept = record(
        prompt="違いは？",
        kinds=("bent",),
        boxes=(Box(1, 2, 3, 4),),
        raw=("a", "b"),
        pair=("a", "c"),
        shown=("d",),
    )
    run.append(kept)
    run.close()
    assert run.records() == [kept]
    assert kept.pictures == ("a", "b", "c", "d")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (None, "is no run of kurabe"),
        ("{", "is damaged"),
        ("[]", "is damaged"),
        (
            json.dumps({"format": FORMAT + 1, "kurabe": "9.9"}),
            rf"left by kurabe 9\.9 in format {FORMAT + 1}, .*newer",
        ),
        (json.dumps({"format": 0, "kurabe": "0.0.1"}), r"kurabe 0\.0\.1 in format 0, which cannot be read"),
        (json.dumps({"kurabe": "0.0.1"}), "in format None, which cannot be read .* make the run again"),
        (json.dumps({"format": "2"}), "in format '2', which cannot be read"),
    ],
)
def test_a_manifest_that_cannot_be_used_is_told(tmp_path: Path, text: str | None, says: str) -> None:
    run = Run.create(tmp_path)
    if text is not None:
        (run.folder / MANIFEST).write_text(text, encoding="utf-8")
    with pytest.raises(KurabeError, match=says):
        run.manifest()


# Finding runs


def runs(reports: Path, *names: str) -> None:
    for name in names:
        (reports / "runs" / name).mkdir(parents=True)
        Run(reports / "runs" / name).write_manifest({"run": name})


def test_a_run_is_found_by_name_by_path_and_as_the_latest(tmp_path: Path) -> None:
    runs(tmp_path, "20261121-100000", "20261122-100000")
    first, second = runs_of(tmp_path)
    assert find_run(tmp_path, "20261121-100000").folder == first.folder
    assert find_run(tmp_path / "elsewhere", str(second.folder)).folder == second.folder
    assert find_run(tmp_path, "latest").folder == second.folder
    assert find_run(tmp_path, "latest", before=second.name).folder == first.folder


def test_a_run_that_is_not_there_is_told_with_the_newest(tmp_path: Path) -> None:
    runs(tmp_path, *(f"2026112{day}-100000" for day in range(7)))
    with pytest.raises(KurabeError, match=r"'yesterday' .*: 20261122-100000.*20261126-100000"):
        find_run(tmp_path, "yesterday")
    with pytest.raises(KurabeError, match="the newest: none"):
        find_run(tmp_path / "empty", "yesterday")


def test_the_run_that_is_being_made_is_no_earlier_run(tmp_path: Path) -> None:
    runs(tmp_path, "20261122-100000")
    with pytest.raises(KurabeError, match="no earlier run"):
        find_run(tmp_path, "latest", before="20261122-100000")


def test_a_cache_in_use_can_be_read_by_others(tmp_path: Path) -> None:
    cache = AnswerCache(tmp_path / "answers.sqlite")
    cache.put({"key": Answer("kept")})
    with sqlite3.connect(tmp_path / "answers.sqlite") as reader:
        reader.execute("BEGIN").fetchall()
        assert reader.execute("SELECT count(*) FROM answers").fetchone() == (1,)
        cache.put({"other": Answer("written meanwhile")})
    reader.close()
    assert len(cache.get(["key", "other"])) == 2
    cache.close()


def _open_together(path: Path, barrier: Any) -> None:
    barrier.wait()
    AnswerCache(path).close()


def test_processes_that_start_together_can_all_open_a_new_cache(tmp_path: Path) -> None:
    context = multiprocessing.get_context("fork")
    for attempt in range(10):
        barrier = context.Barrier(4)
        path = tmp_path / str(attempt) / "answers.sqlite"
        processes = [context.Process(target=_open_together, args=(path, barrier)) for _ in range(4)]
        for process in processes:
            process.start()
        for process in processes:
            process.join()
        assert [process.exitcode for process in processes] == [0] * 4


def test_a_folder_from_the_future_is_not_the_latest(tmp_path: Path) -> None:
    for name in ("20990101-000000", "20260101-000000", "20250101-000000", "baseline"):
        folder = tmp_path / "runs" / name
        folder.mkdir(parents=True)
        (folder / "manifest.json").write_text('{"format": 3, "finished": "then"}', encoding="utf-8")
    assert find_run(tmp_path, "latest").name == "20260101-000000"
