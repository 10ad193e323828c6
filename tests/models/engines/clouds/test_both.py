"""What Claude and Gemini have in common with any served model, over real HTTP through the real clients."""

import logging
from typing import Any

import pytest
from PIL import Image

from kurabe.common.errors import ModelError
from kurabe.project import Project
from tests.support.chat_server import Sent
from tests.support.cloud_servers import CloudServer
from tests.support.served import Bench

PRICES = "prices = { input = 2.0, output = 10.0 }"


def saying(texts: list[str]) -> list[bool]:
    return ["yes" in text.lower() for text in texts]


def test_pictures_are_sent_in_order_and_words_after_them(bench: Bench, server: CloudServer) -> None:
    session = bench.session("concurrency = 1\n" + PRICES)
    answers = [each.answer for each in session.all()]
    assert saying([answer.text for answer in answers]) == [False, True, False, True]
    folder = bench.root / "cases/pins/images"
    named = [Image.open(folder / name).convert("RGB").tobytes() for name in ("good.png", "p1.png")]
    assert [picture.tobytes() for picture in server.shown(server.bodies[1])] == named
    assert "Answer yes or no." in str(server.bodies[1]).split("data")[-1]
    assert {(answer.tokens_in, answer.tokens_out) for answer in answers} == {(100, 2)}
    assert answers[0].cost == pytest.approx((100 * 2.0 + 2 * 10.0) / 1e6)
    assert session.registry.spending.summary().startswith("0.00088 spent, 408 tokens for 4 answers")
    assert session.facts["versions"] == [{"claude": "looker-1", "gemini": "looker-001"}[server.engine]]
    server.close()
    again = bench.session("concurrency = 1\n" + PRICES).all()
    assert [each.answer for each in again] == answers
    assert all(each.cached for each in again)


@pytest.mark.parametrize("status", [429, 503, 529])
def test_a_busy_service_is_asked_again(bench: Bench, server: CloudServer, status: int) -> None:
    def be_busy(body: dict[str, Any], number: int) -> Sent | None:
        if number:
            return None
        failure = server.failure(status, "too much to do")
        failure.headers["Retry-After"] = "0"
        return failure

    server.act = be_busy
    session = bench.session("concurrency = 1")
    assert saying(session.texts()) == [False, True, False, True]
    assert session.facts["repeated"] == 1
    assert len(server.bodies) == 5  # and the client itself repeats nothing


def test_a_service_that_wants_to_be_left_alone_is_given_up(bench: Bench, server: CloudServer) -> None:
    def be_busy(body: dict[str, Any], number: int) -> Sent:
        failure = server.failure(429, "come back tomorrow")
        failure.headers["Retry-After"] = "86400"
        return failure

    server.act = be_busy
    texts = bench.session("concurrency = 1").texts()
    assert len(server.bodies) == 1
    assert all("come back tomorrow" in text for text in texts)


@pytest.mark.parametrize("body", [b"<html>", b'{"candidates": [], "content"', {}, [], {"content": 3}])
def test_a_body_that_makes_no_sense_is_asked_for_again(
    bench: Bench, server: CloudServer, body: object
) -> None:
    server.act = lambda _, number: None if number else Sent(body=body)
    session = bench.session("concurrency = 1")
    assert saying(session.texts()) == [False, True, False, True]
    assert len(server.bodies) == 5


def test_a_withheld_answer_is_an_error_with_the_reason_and_is_paid(bench: Bench, server: CloudServer) -> None:
    server.act = lambda _, number: server.withheld() if number == 1 else None
    session = bench.session(f"concurrency = 1\n{PRICES}")
    answers = [each.answer for each in session.all()]
    why = {"claude": "served refuses to answer (bio): No such parts."}
    why["gemini"] = "served stopped its answer (SAFETY): No such parts."
    assert [answer.error for answer in answers] == [None, why[server.engine], None, None]
    assert answers[1].cost is not None
    assert answers[1].text == ""
    assert len(server.bodies) == 4  # a refusal is not argued with
    assert "4 answers" in session.registry.spending.summary()
    # Later runs ask again: it may answer then.
    server.act = lambda _, number: None
    assert saying(bench.session(f"concurrency = 1\n{PRICES}").texts()) == [False, True, False, True]
    assert len(server.bodies) == 5


@pytest.mark.parametrize(
    ("question", "texts"),
    [
        ("differences", ['{"differences": []}', '{"differences": ["a pin"]}']),
        ("count", ['{"count": 0}', '{"count": 1}']),
    ],
)
def test_words_come_in_a_fixed_form(
    bench: Bench, server: CloudServer, question: str, texts: list[str]
) -> None:
    session = bench.session(questions=(question,))
    assert session.texts() == texts * 2
    assert session.facts["features"] == {"schema": "given"}


def test_a_model_that_cannot_do_without_thinking_says_what_to_set(bench: Bench, server: CloudServer) -> None:
    server.thoughtless = False
    assert all("set 'thinking = true'" in text for text in bench.session("concurrency = 1").texts())
    thinking = bench.session("thinking = true\nmax_new_tokens = 4000\nconcurrency = 1")
    assert saying(thinking.texts()) == [False, True, False, True]


# Keys

KEY = "sk-or-such-1234567890"


def test_the_key_reaches_the_service_and_nothing_else(
    bench: Bench, server: CloudServer, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("MY_KEY", KEY)
    monkeypatch.setenv("ANTHROPIC_CUSTOM_HEADERS", "X-Mine: leak")
    caplog.set_level(logging.DEBUG)
    server.act = lambda _, number: server.failure(400, f"bad key {KEY}") if number == 1 else None
    session = bench.session('api_key_env = "MY_KEY"\nconcurrency = 1')
    told = [session.engine.fingerprint(), *session.texts(), str(session.facts), caplog.text]
    told += [path.read_bytes().decode("latin-1") for path in bench.root.rglob("*") if path.is_file()]
    assert "[key]" in told[2]
    assert not [text for text in told if KEY in text]
    name, value = {"claude": ("authorization", f"Bearer {KEY}"), "gemini": ("x-goog-api-key", KEY)}[
        server.engine
    ]
    for headers in server.headers:
        sent = {key.lower(): headers[key] for key in headers}
        assert {key: text for key, text in sent.items() if KEY in text} == {name: value}
        assert not {*sent} & {"x-mine", "x-api-key", "x-stainless-os"}


def test_the_usual_key_goes_to_its_company_alone(
    bench: Bench, server: CloudServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN", "GEMINI_API_KEY", "GOOGLE_API_KEY"):
        monkeypatch.setenv(name, KEY)
    monkeypatch.setenv("GOOGLE_GENAI_USE_VERTEXAI", "true")
    session = bench.session("concurrency = 1")
    assert session.engine.readiness().ready  # a server of one's own needs none
    assert saying(session.texts()) == [False, True, False, True]
    assert KEY not in str(server.headers)


@pytest.mark.parametrize("status", [401, 403, 404])
def test_a_service_that_lets_nobody_in_is_given_up(bench: Bench, server: CloudServer, status: int) -> None:
    server.act = lambda _, number: server.failure(status, "no")
    bench.cases(8)
    session = bench.session("concurrency = 1")
    texts = session.texts()
    assert len(server.bodies) == 3
    word = {401: "wants a key", 403: "refuses access", 404: "has no model 'looker'"}[status]
    assert all(word in text for text in texts)


def test_a_redirect_is_refused(bench: Bench, server: CloudServer) -> None:
    server.act = lambda _, number: Sent(307, {}, {"Location": "http://127.0.0.1:9/elsewhere"})
    assert all("redirects to http://127.0.0.1:9" in text for text in bench.session("concurrency = 1").texts())


@pytest.mark.parametrize(
    ("engine", "more", "word"),
    [
        ("claude", 'verdict = "logits"', "tells no probabilities"),
        ("claude", "temperature = 1.5", "from 0 to 1"),
        ("claude", "seed = 3\ntemperature = 0.5", "takes no 'seed'"),
        ("claude", "top_p = 0.5", "'top_p' has no effect"),
        ("claude", "thinking = true", "set 'max_new_tokens', too"),
        ("gemini", "thinking = true", "set 'max_new_tokens', too"),
        ("gemini", 'verdict = "samples"', "needs a 'temperature' above 0"),
        ("gemini", 'base_url = "http://host/v1?key=1"', "nothing may follow"),
        ("gemini", "thinkin = true", "unknown key"),
    ],
)
def test_wrong_settings_name_their_line(tmp_path: Any, engine: str, more: str, word: str) -> None:
    (tmp_path / "models.toml").write_text(f'[models.m]\nengine = "{engine}"\nmodel = "x"\n{more}\n', "utf-8")
    (tmp_path / "cases").mkdir()
    with pytest.raises(ModelError, match=word) as raised:
        Project.at(tmp_path).registry().engine("m")
    assert "models.toml:" in str(raised.value)


@pytest.mark.parametrize(("engine", "name"), [("claude", "ANTHROPIC_API_KEY"), ("gemini", "GEMINI_API_KEY")])
def test_without_a_key_a_model_is_not_ready(
    tmp_path: Any, engine: str, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "models.toml").write_text(f'[models.m]\nengine = "{engine}"\nmodel = "x"\n', "utf-8")
    (tmp_path / "cases").mkdir()
    engine_of = Project.at(tmp_path).registry().engine
    assert engine_of("m").readiness().reason == f"set the environment variable {name}"
    monkeypatch.setenv(name, KEY)
    assert engine_of("m").readiness().ready
