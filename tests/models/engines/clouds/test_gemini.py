"""What is particular about Gemini's API."""

from pathlib import Path
from typing import Any

import pytest

from tests.support.chat_server import Sent
from tests.support.cloud_servers import GeminiServer
from tests.support.served import Bench


@pytest.fixture
def bench(gemini: GeminiServer, tmp_path: Path) -> Bench:
    return Bench(tmp_path, gemini)


def test_p_comes_from_the_first_token(bench: Bench, gemini: GeminiServer) -> None:
    answers = [each.answer for each in bench.session().all()]
    assert [answer.p_different for answer in answers] == pytest.approx([8 / 98, 90 / 98] * 2)
    config = gemini.bodies[0]["generationConfig"]
    assert (config["responseLogprobs"], config["logprobs"]) == (True, 20)
    assert config["thinkingConfig"] == {"thinking_budget": 0}  # as the client writes it
    assert "responseJsonSchema" not in config


def test_a_model_that_tells_five_tokens_is_asked_for_five(bench: Bench, gemini: GeminiServer) -> None:
    def refuse(body: dict[str, Any], number: int) -> Sent | None:
        many = body["generationConfig"]["logprobs"] > 5
        return gemini.failure(400, "Logprobs must be in [0, 5]") if many else None

    gemini.act = refuse
    session = bench.session("concurrency = 1")
    assert all(each.answer.p_different is not None for each in session.all())
    assert [body["generationConfig"]["logprobs"] for body in gemini.bodies] == [20, 5, 5, 5, 5]


def test_a_model_without_probabilities_answers_in_a_fixed_form(bench: Bench, gemini: GeminiServer) -> None:
    def refuse(body: dict[str, Any], number: int) -> Sent | None:
        asks = "responseLogprobs" in body["generationConfig"]
        return gemini.failure(400, "Logprobs is not enabled for models/looker") if asks else None

    gemini.act = refuse
    session = bench.session("concurrency = 1")
    assert ["yes" in text.lower() for text in session.texts()] == [False, True, False, True]
    assert "responseJsonSchema" in gemini.bodies[-1]["generationConfig"]
    assert session.facts["features"] == {"logprobs": "refused", "schema": "given"}
    assert any("no P(different)" in remark for remark in session.remarks)


def test_settings_are_sent(bench: Bench, gemini: GeminiServer) -> None:
    bench.session("temperature = 0.7\ntop_p = 0.9\ntop_k = 50\nseed = 3\nmax_new_tokens = 9").all()
    config = gemini.bodies[0]["generationConfig"]
    names = ("temperature", "topP", "topK", "seed", "maxOutputTokens")
    assert [config[name] for name in names] == [0.7, 0.9, 50, 3, 9]


@pytest.mark.parametrize("choices", [True, False])
def test_p_is_counted_over_samples(bench: Bench, gemini: GeminiServer, choices: bool) -> None:
    said = ["Yes.", "no", "Yes, it is", "I cannot say"]

    def vary(body: dict[str, Any], number: int) -> Sent:
        count = body["generationConfig"].get("candidateCount", 1) if choices else 1
        given = [gemini.candidate(said[(number + place) % 4]) for place in range(count)]
        return Sent(body=gemini.content(given))

    gemini.act = vary
    bench.cases(1)
    more = 'verdict = "samples"\nsamples = 4\ntemperature = 1.0\nconcurrency = 1'
    answer = bench.session(more).all()[0].answer
    assert answer.p_different == pytest.approx(2 / 3)
    assert len(gemini.bodies) == (1 if choices else 4)


def test_a_blocked_question_and_a_blocked_candidate(bench: Bench, gemini: GeminiServer) -> None:
    def block(body: dict[str, Any], number: int) -> Sent | None:
        if number == 0:
            return Sent(body=gemini.content([], promptFeedback={"blockReason": "PROHIBITED_CONTENT"}))
        if number == 1:
            return Sent(body=gemini.content([gemini.candidate("", "MAX_TOKENS")]))
        return None

    gemini.act = block
    errors = [each.answer.error for each in bench.session("concurrency = 1").all()]
    assert errors[0] == "served blocks the question (PROHIBITED_CONTENT)"
    assert "raise 'max_new_tokens'" in str(errors[1])
    assert errors[2:] == [None, None]


def test_thoughts_are_no_answer(bench: Bench, gemini: GeminiServer) -> None:
    def think(body: dict[str, Any], number: int) -> Sent:
        candidate = gemini.candidate("No")
        candidate["content"]["parts"].insert(0, {"text": "Yes? Hm.", "thought": True})
        return Sent(body=gemini.content([candidate]))

    gemini.act = think
    assert bench.session('verdict = "text"').texts() == ["No"] * 4


def test_a_model_that_cannot_think_is_not_told_not_to(bench: Bench, gemini: GeminiServer) -> None:
    gemini.entry |= {"thinking": False}
    bench.session().all()
    assert all("thinkingConfig" not in body["generationConfig"] for body in gemini.bodies)


def test_the_wait_that_the_body_asks_for_is_kept(bench: Bench, gemini: GeminiServer) -> None:
    def be_busy(body: dict[str, Any], number: int) -> Sent:
        failure = gemini.failure(429, "quota")
        delay = {"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "3600s"}
        failure.body["error"]["details"] = [delay]
        return failure

    gemini.act = be_busy
    texts = bench.session("concurrency = 1").texts()
    assert len(gemini.bodies) == 1
    assert all("left alone for 3600 s" in text for text in texts[1:])


def test_a_wrong_key_is_said_to_be_one(
    bench: Bench, gemini: GeminiServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MY_KEY", "abcdefgh")

    def refuse(body: dict[str, Any], number: int) -> Sent:
        failure = gemini.failure(400, "API key not valid. Please pass a valid API key.")
        failure.body["error"]["details"] = [{"reason": "API_KEY_INVALID"}]
        return failure

    gemini.act = refuse
    texts = bench.session('api_key_env = "MY_KEY"\nconcurrency = 1').texts()
    assert all("refuses the key in MY_KEY (400)" in text for text in texts)
