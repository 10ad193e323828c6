"""What is particular about Claude's API."""

from pathlib import Path
from typing import Any

import pytest

from tests.support.chat_server import Sent
from tests.support.cloud_servers import ClaudeServer
from tests.support.served import Bench


@pytest.fixture
def bench(claude: ClaudeServer, tmp_path: Path) -> Bench:
    return Bench(tmp_path, claude)


def test_the_service_samples_unless_the_entry_does(bench: Bench, claude: ClaudeServer) -> None:
    session = bench.session()
    assert not session.engine.greedy
    session.all()
    assert not {"temperature", "top_p", "top_k"} & {name for body in claude.bodies for name in body}
    assert claude.bodies[0]["thinking"] == {"type": "disabled"}
    claude.bodies.clear()
    bench.session("temperature = 0.7\ntop_p = 0.9\ntop_k = 50\nmax_new_tokens = 9").all()
    sent = {name: claude.bodies[0][name] for name in ("temperature", "top_p", "top_k", "max_tokens")}
    assert sent == {"temperature": 0.7, "top_p": 0.9, "top_k": 50, "max_tokens": 9}
    assert "2023-06-01" in claude.headers[-1].values()
    assert bench.session("temperature = 0").engine.greedy


def test_p_is_counted_over_samples(bench: Bench, claude: ClaudeServer) -> None:
    said = ["Yes.", "no", "Yes, it is", "I cannot say"]
    claude.act = lambda _, number: Sent(body=claude.message(said[number % 4]))
    bench.cases(1)
    answer = bench.session('verdict = "samples"\nsamples = 4\nconcurrency = 1').all()[0].answer
    assert answer.p_different == pytest.approx(2 / 3)
    assert answer.text == "Yes."
    assert (answer.tokens_in, answer.tokens_out) == (400, 8)  # each sample is a request of its own


def test_thoughts_are_no_answer(bench: Bench, claude: ClaudeServer) -> None:
    def think(body: dict[str, Any], number: int) -> Sent:
        reply = claude.message("No")
        reply["content"].insert(0, {"type": "thinking", "thinking": "Yes? Hm.", "signature": "s"})
        return Sent(body=reply)

    claude.act = think
    assert bench.session("thinking = true\nmax_new_tokens = 4000").texts() == ["No"] * 4
    assert claude.bodies[0]["thinking"] == {"type": "adaptive"}


def test_an_answer_that_did_not_begin_names_the_limit(bench: Bench, claude: ClaudeServer) -> None:
    claude.act = lambda _, number: Sent(body=claude.message("", "max_tokens"))
    assert all("raise 'max_new_tokens'" in text for text in bench.session("concurrency = 1").texts())


def test_a_model_without_forms_is_asked_without(bench: Bench, claude: ClaudeServer) -> None:
    def refuse(body: dict[str, Any], number: int) -> Sent | None:
        return claude.failure(400, "output_config.format: not supported") if "output_config" in body else None

    claude.act = refuse
    session = bench.session("concurrency = 1")
    assert session.texts() == ["No", "Yes", "No", "Yes"]
    assert ["output_config" in body for body in claude.bodies] == [True, False, False, False, False]
    assert any("refuses the request for a fixed form" in remark for remark in session.remarks)
