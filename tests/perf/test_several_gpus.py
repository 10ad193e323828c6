"""What workers tell, and what is made of it; whole sessions with two processes and with one killed."""

from pathlib import Path

import pytest

from perf import several_gpus, speed_page
from perf.several_gpus import answering_seconds, events_of, loads


def _event(event: str, worker: int, start: float, end: float) -> several_gpus.Event:
    return {
        "event": event,
        "worker": f"gw{worker}",
        "pid": worker,
        "gpu": str(worker),
        "start": start,
        "end": end,
    }


def test_seconds_count_from_the_model_being_there_to_the_last_answer_of_the_slowest_worker() -> None:
    events = [
        _event("loaded", 0, 0.0, 10.0),
        _event("loaded", 1, 0.0, 14.0),
        _event("first answer", 0, 10.0, 11.0),
        _event("answered", 0, 10.0, 20.0),
        _event("answered", 1, 14.0, 26.0),
        _event("answered", 0, 20.0, 21.0),
    ]
    assert answering_seconds(events) == 12.0
    assert loads(events)[1] == {"worker": "gw1", "gpu": "1", "seconds": 14.0}
    assert answering_seconds([]) == 0.0


def test_a_line_that_is_being_written_is_left_for_later(tmp_path: Path) -> None:
    log = tmp_path / "events.jsonl"
    assert events_of(log) == []
    log.write_text('{"event": "loaded"}\n{"event": "answ', encoding="utf-8")
    assert events_of(log) == [{"event": "loaded"}]


def test_a_machine_without_several_gpus_says_so(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="this machine has 0 GPUs, 2 are needed"):
        several_gpus.main([str(tmp_path / "pairs.csv"), "--gpus", "2"])
    with pytest.raises(SystemExit):
        several_gpus.main([])


def test_two_processes_answer_as_one_does_and_nothing_is_lost_when_one_is_killed() -> None:
    pytest.importorskip("xdist")
    found = several_gpus.main(["--cpu", "--pairs", "11", "--session", "killed"])
    one, killed = found["one"], found["killed"]
    assert one["exit_code"] == 0
    assert one["answered"] == one["planned"] == killed["answered"] == killed["planned"] == 66
    assert killed["against_one"]["missing"] == killed["answered_twice"] == []
    # In float32 other batches than one worker's change nothing but the last digits of P.
    assert killed["against_one"]["largest_difference_of_p"] < 1e-5
    assert killed["against_one"]["unequal_texts"] == killed["against_one"]["unequal_verdicts"] == 0
    assert [load["worker"] for load in one["loads"]] == ["gw0"]
    assert killed["killed"]["worker"] in {"gw0", "gw1"}
    assert len(killed["loads"]) == len({load["worker"] for load in killed["loads"]}) >= 2
    assert "one killed" in speed_page.several_gpus(found)
