"""What becomes of requests that fail: asked again, given up alone, or the model given up as a whole."""

import shutil
import socket
import threading
import time
from typing import Any

import pytest

from tests.support.chat_server import HUNG_UP, Act, ChatServer, Sent
from tests.support.served import Bench

TEXTS = ["No", "Yes", "No", "Yes"]
QUICK = "patience = 0.0\n"


@pytest.fixture(autouse=True)
def _no_time_between_repeats(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kurabe.models.engines.served.retries._FIRST_WAIT", 0.01)


def once(sent: Sent) -> Act:
    """Fail at the first time of each question."""
    seen: set[str] = set()

    def act(body: dict[str, Any], number: int) -> Sent | None:
        shown = str(body["messages"])
        if shown in seen:
            return None
        seen.add(shown)
        return sent

    return act


@pytest.mark.parametrize(
    "sent",
    [
        Sent(500, {"error": {"message": "boom"}}),
        Sent(502, b"<html>Bad Gateway</html>"),
        Sent(429, {"error": {"message": "slow down"}}, {"Retry-After": "0.05"}),
        Sent(503, {}, {"Retry-After": "Sun, 29 Nov 2020 00:00:00 GMT"}),
        Sent(200, b'{"choices": [{"mess'),
        Sent(200, {"choices": []}),
        Sent(200, {"error": "no"}),
        Sent(200, {"choices": [{}], "padding": "x" * 5000}, cut=True),
    ],
    ids=["500", "502", "429", "503", "half", "empty", "error", "cut"],
)
def test_what_fails_once_is_asked_again(bench: Bench, server: ChatServer, sent: Sent) -> None:
    server.act = once(sent)
    session = bench.session()
    assert session.texts() == TEXTS
    assert len(server.bodies) == 8
    assert session.facts["repeated"] == 4
    assert "served: 4 requests were repeated after failures" in session.remarks


def test_what_fails_for_good_is_an_error_and_the_rest_goes_on(bench: Bench, server: ChatServer) -> None:
    bad = bench.pictures("p1")

    def act(body: dict[str, Any], number: int) -> Sent | None:
        return Sent(500, {"error": {"message": "boom"}}) if server.shows(body, bad) else None

    server.act = act
    session = bench.session("retries = 2")
    assert session.texts() == ["No", "served failed (500): boom", "No", "Yes"]
    assert len(server.bodies) == 3 + 3
    # It is not in the cache, and the others are.
    server.act = lambda body, number: None
    again = bench.session("retries = 2").all()
    assert [each.cached for each in again] == [True, False, True, True]


def test_a_refused_request_is_not_repeated(bench: Bench, server: ChatServer) -> None:
    bad = bench.pictures("p2")

    def act(body: dict[str, Any], number: int) -> Sent | None:
        return Sent(413, {"message": "picture too large"}) if server.shows(body, bad) else None

    server.act = act
    texts = bench.session("structured = false").texts()
    assert texts == ["No", "Yes", "served refuses this request (413): picture too large", "Yes"]
    assert len(server.bodies) <= 5


@pytest.mark.parametrize(
    ("choice", "why"),
    [
        ({"message": {"content": None, "refusal": "not this one"}}, "refuses to answer: not this one"),
        ({"message": {"content": "The"}, "finish_reason": "content_filter"}, "content_filter"),
        ({"message": {"content": ""}, "finish_reason": "length"}, "raise 'max_new_tokens'"),
    ],
    ids=["refusal", "filter", "length"],
)
def test_an_answer_that_is_withheld_is_an_error_with_the_reason(
    bench: Bench, server: ChatServer, choice: dict[str, Any], why: str
) -> None:
    server.act = lambda body, number: Sent(200, {"choices": [choice]}) if number == 1 else None
    errors = [each.answer.error for each in bench.session().all() if each.answer.error]
    assert len(errors) == 1
    assert why in errors[0]
    assert len(server.bodies) == 4


def test_a_reply_that_does_not_come_in_time_is_asked_for_again(bench: Bench, server: ChatServer) -> None:
    stalled = once(Sent())

    def act(body: dict[str, Any], number: int) -> Sent | None:
        if stalled(body, number) is not None:
            time.sleep(0.8)
        return None

    server.act = act
    assert bench.session("timeout = 0.4").texts() == TEXTS


def test_a_server_that_is_not_there_is_told_once_and_nothing_waits_for_it(
    bench: Bench, server: ChatServer
) -> None:
    bench.cases(60)
    server.close()
    session = bench.session(QUICK)
    answers = session.all()
    errors = [each.answer.error for each in answers if each.answer.error]
    unasked = [each.unasked for each in answers if each.unasked]
    assert len(errors) + len(unasked) == 60
    assert 0 < len(errors) <= 8  # those that were under way
    assert all("cannot be reached at http://127.0.0.1" in why for why in errors + unasked)
    (remark,) = [line for line in session.remarks if "cannot be reached" in line]
    assert "start the server or check 'base_url'; then run the same command again" in remark


def test_connections_that_are_closed_without_a_word_lose_nothing(bench: Bench, server: ChatServer) -> None:
    server.act = lambda body, number: Sent(HUNG_UP) if number in (2, 3) else None
    assert bench.session("patience = 5.0").texts() == TEXTS


def test_a_server_that_dies_half_way_loses_no_answer_and_is_asked_none_twice(
    bench: Bench, server: ChatServer
) -> None:
    bench.cases(20)
    server.act = lambda body, number: server.close() if number == 6 else None
    answers = bench.session(QUICK + "concurrency = 2").all()
    got = [each for each in answers if each.answer.text]
    assert len(got) == len(server.bodies)
    server.act = lambda body, number: None
    server.listen_again()
    again = bench.session(QUICK + "concurrency = 2").all()
    assert [each.answer.text for each in again] == ["No", "Yes"] * 10
    assert len(server.bodies) == 20


def test_a_server_that_is_back_in_time_is_only_waited_for(bench: Bench, server: ChatServer) -> None:
    bench.cases(20)

    def restart(body: dict[str, Any], number: int) -> Sent | None:
        if number == 6:
            server.close()
            threading.Timer(0.3, server.listen_again).start()
        return None

    server.act = restart
    assert bench.session("patience = 20.0").texts() == ["No", "Yes"] * 10


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        (Sent(401, {"error": {"message": "bad key sk-abc***xyz"}}), "wants a key (401)"),
        (Sent(404, {"error": {"message": "The model `looker` does not exist"}}), "has no model 'looker' at"),
        (Sent(403, {"error": {"message": "region"}}), "refuses access (403): region"),
        (Sent(429, {"error": {"code": "insufficient_quota", "message": "pay"}}), "has no quota left"),
        (Sent(429, {}, {"Retry-After": "86400"}), "wants to be left alone for 86400 s"),
    ],
    ids=["401", "404", "403", "quota", "tomorrow"],
)
def test_a_model_that_answers_nobody_is_given_up(
    bench: Bench, server: ChatServer, sent: Sent, words: str
) -> None:
    bench.cases(60)
    server.act = lambda body, number: sent
    session = bench.session()
    texts = session.texts()
    assert all(words in text for text in texts)
    assert "sk-abc" not in str(texts)
    assert len(server.bodies) < 20
    assert sum("cannot" in line or words in line for line in session.remarks) == 1


def test_a_server_that_fails_at_everything_is_not_asked_seven_times_as_much(
    bench: Bench, server: ChatServer
) -> None:
    bench.cases(60)
    server.act = lambda body, number: Sent(500, {"error": "boom"})
    assert set(bench.session().texts()) == {"served failed (500): boom"}
    assert len(server.bodies) <= 60 + 33


# Budgets


def test_a_budget_of_tokens_stops_before_it_is_exceeded(bench: Bench, server: ChatServer) -> None:
    bench.cases(40)
    answers = bench.session(max_tokens=1050).all()  # an answer takes 102
    done = [each for each in answers if not each.unasked]
    assert len(done) == len(server.bodies) == 10
    assert all(each.answer.error is None for each in done)
    why = next(each.unasked for each in answers if each.unasked)
    assert (
        "the budget is used up (1,020 tokens for 10 answers of served models; --kurabe-max-tokens 1050)"
        in why
    )
    # With a larger one, only the others are asked.
    again = bench.session(max_tokens=10_000).all()
    assert sum(each.cached for each in again) == 10
    assert len(server.bodies) == 40


def test_a_budget_of_money_counts_by_the_prices(bench: Bench, server: ChatServer) -> None:
    bench.cases(20)
    answers = bench.session("prices = { input = 100.0, output = 1000.0 }", max_cost=0.05).all()
    spent = sum(each.answer.cost or 0 for each in answers)
    assert spent == pytest.approx(0.048)  # 0.012 each
    assert sum(bool(each.unasked) for each in answers) == 16


def test_a_budget_that_cannot_be_kept_is_an_end(bench: Bench, server: ChatServer) -> None:
    def without_usage(body: dict[str, Any], number: int) -> Sent | None:
        return Sent(body=server.reply(body) | {"usage": None})

    server.act = without_usage
    bench.cases(20)
    answers = bench.session(max_tokens=10_000).all()
    assert len(server.bodies) == 1
    assert "does not say how many tokens" in answers[-1].unasked


# Safety

KEY = "sk-0123456789abcdef/+="


def test_a_key_that_a_server_echoes_is_in_no_text(
    bench: Bench,
    server: ChatServer,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(0)
    monkeypatch.setenv("A_KEY", KEY + "\n")
    monkeypatch.setenv("OPENAI_API_KEY", "sk-of-another-service")
    monkeypatch.setenv("OPENAI_ORG_ID", "org-of-another-service")

    def echo(body: dict[str, Any], number: int) -> Sent | None:
        told = {"message": f"hello {server.headers[-1]['Authorization']}", "key": KEY}
        headers = {"X-Echo": KEY, "Location": f"http://127.0.0.1:1/{KEY}"}
        if number % 4 == 0:
            return Sent(400, {"error": told}, headers)
        if number % 4 == 1:
            return Sent(500, f"Bearer {KEY}".encode(), headers)
        if number % 4 == 2:
            return Sent(307, told, headers)
        reply = server.reply(body) | {"system_fingerprint": KEY}
        reply["choices"][0] |= {"message": {"content": f"Yes, {KEY}"}, "logprobs": None}
        return Sent(body=reply, headers=headers)

    server.act = echo
    server.entry |= {"root": KEY}
    bench.cases(20)
    session = bench.session('api_key_env = "A_KEY"\nconcurrency = 1\nretries = 0')
    fingerprint = session.engine.fingerprint()
    answers = session.all()
    sent = {headers.get("Authorization") for headers in server.headers}
    assert sent == {f"Bearer {KEY}"}
    assert not any("org-of-another-service" in str(headers) for headers in server.headers)
    assert any(each.answer.text == "Yes, [key]" for each in answers)
    written = "".join(
        path.read_bytes().decode("utf-8", "replace") for path in bench.root.rglob("*") if path.is_file()
    )
    for text in (str(answers), fingerprint, str(session.facts), str(session.remarks), caplog.text, written):
        assert "0123456789abcdef" not in text
    for thing in (session.engine, vars(session.engine), session.registry):
        assert "0123456789abcdef" not in repr(thing)


def test_a_redirect_is_not_followed(
    bench: Bench, server: ChatServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tests.support.chat_server import chat_server

    monkeypatch.setenv("A_KEY", KEY)
    with chat_server() as other:
        server.act = lambda body, number: Sent(307, {}, {"Location": f"{other.url}/chat/completions"})
        texts = bench.session('api_key_env = "A_KEY"').texts()
        assert "redirects to http://127.0.0.1" in texts[0]
        assert other.headers == []


def test_no_key_is_sent_where_none_is_named(
    bench: Bench, server: ChatServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-of-another-service")
    monkeypatch.setenv("OPENAI_CUSTOM_HEADERS", "X-Secret: sk-of-another-service")
    assert bench.session().texts() == TEXTS
    assert not any("sk-of-another-service" in str(headers) for headers in server.headers)
    assert not any("Authorization" in headers for headers in server.headers)


def test_further_headers_come_from_the_environment(
    bench: Bench, server: ChatServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PROJECT", "p-12345")
    bench.session('headers_env = { "X-Project" = "PROJECT" }').all()
    assert {headers["X-Project"] for headers in server.headers} == {"p-12345"}


def test_a_key_that_is_not_set_is_a_reason_with_its_name(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    from kurabe.common.errors import ModelError

    monkeypatch.delenv("A_KEY", raising=False)
    with pytest.raises(ModelError, match="set the environment variable A_KEY"):
        bench.session('api_key_env = "A_KEY"')


def test_a_key_of_several_lines_is_not_shown(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    from kurabe.common.errors import ModelError

    monkeypatch.setenv("A_KEY", "sk-012345\nsk-6789")
    with pytest.raises(ModelError, match="A_KEY holds line feeds") as raised:
        bench.session('api_key_env = "A_KEY"')
    assert "012345" not in str(raised.value)


def test_a_picture_that_cannot_be_sent_spoils_no_other(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    from kurabe.models.engines.served.pictures import Encoder

    encode = Encoder.encode

    def fails_on_one(self: Encoder, request: Any) -> Any:
        if "/p2-" in request.trial:
            raise MemoryError("too large")
        return encode(self, request)

    monkeypatch.setattr(Encoder, "encode", fails_on_one)
    texts = bench.session().texts()
    assert texts == ["No", "Yes", "served failed: MemoryError: too large", "Yes"]


def test_a_session_that_ends_does_not_wait_for_a_server(bench: Bench, server: ChatServer) -> None:
    asked, released = threading.Event(), threading.Event()

    def stall(body: dict[str, Any], number: int) -> Sent | None:
        asked.set()
        released.wait(20)
        return None

    server.act = stall
    session = bench.session()
    threading.Thread(target=session.answering.answer, args=(session.trials[0],), daemon=True).start()
    assert asked.wait(20)
    session.answering.close()
    session.registry.close()
    still_stalled = not released.is_set()
    released.set()
    assert still_stalled


def test_a_reply_that_would_fill_the_memory_is_refused(bench: Bench, server: ChatServer) -> None:
    server.act = lambda body, number: Sent(body=b" " * (17 * 2**20))
    texts = bench.session("concurrency = 1").texts()
    assert texts[0] == "served gave a reply of more than 16 MiB"


@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl makes the certificate")
def test_a_certificate_that_nobody_trusts_is_refused(
    bench: Bench, server: ChatServer, tmp_path_factory: pytest.TempPathFactory
) -> None:
    with server.with_tls(tmp_path_factory.mktemp("tls")):
        texts = bench.session(QUICK).texts()
    assert "has no certificate at https://127.0.0.1" in texts[0]
    assert server.bodies == []


@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl makes the certificate")
def test_the_environment_can_name_an_authority_of_ones_own(
    bench: Bench,
    server: ChatServer,
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    folder = tmp_path_factory.mktemp("tls")
    with server.with_tls(folder):
        monkeypatch.setenv("SSL_CERT_FILE", str(folder / "certificate.pem"))
        assert bench.session(QUICK).texts() == TEXTS


def test_a_proxy_of_the_environment_is_used(
    bench: Bench, server: ChatServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{unused.getsockname()[1]}")
        monkeypatch.setenv("NO_PROXY", "")
        assert "cannot be reached" in bench.session(QUICK).texts()[0]
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    assert bench.session(QUICK).texts() == TEXTS
