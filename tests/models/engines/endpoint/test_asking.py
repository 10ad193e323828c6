"""What a served model is asked, and what is made of its replies: by a real server, over real HTTP."""

import json
from dataclasses import replace
from typing import Any

import pytest
from PIL import Image

from kurabe.cases.prompts import Prompt
from tests.support.chat_server import ChatServer, Sent, picture_of
from tests.support.served import Bench

TEXTS = ["No", "Yes", "No", "Yes"]


def test_pictures_are_sent_in_order_and_words_after_them(bench: Bench, server: ChatServer) -> None:
    answers = bench.session("concurrency = 1").all()
    assert [each.answer.text for each in answers] == TEXTS
    content = server.bodies[1]["messages"][0]["content"]
    assert [part["type"] for part in content] == ["image_url", "image_url", "text"]
    shown = [picture_of(part) for part in content[:2]]
    folder = bench.root / "cases/pins/images"
    named = [Image.open(folder / name).convert("RGB") for name in ("good.png", "p1.png")]
    assert [picture.tobytes() for picture in shown] == [picture.tobytes() for picture in named]
    assert content[2]["text"].endswith("Answer yes or no.")
    assert server.paths[0] == "/v1/models"


def test_tokens_time_and_cost_come_with_an_answer(bench: Bench) -> None:
    (first, *_) = bench.session("prices = { input = 2.0, output = 10.0 }").all()
    answer = first.answer
    assert (answer.tokens_in, answer.tokens_out) == (100, 2)
    assert answer.cost == pytest.approx((100 * 2.0 + 2 * 10.0) / 1e6)
    assert answer.seconds is not None
    assert answer.seconds > 0


def test_answers_are_cached_with_their_cost_and_do_without_the_server(
    bench: Bench, server: ChatServer
) -> None:
    more = "prices = { input = 2.0, output = 10.0 }"
    asked = bench.session(more).all()
    server.close()
    again = bench.session(more).all()
    assert [each.answer for each in again] == [each.answer for each in asked]
    assert all(each.cached for each in again)


def test_settings_are_sent(bench: Bench, server: ChatServer) -> None:
    bench.session("temperature = 0.7\ntop_p = 0.9\ntop_k = 50\nseed = 3\nmax_new_tokens = 9").all()
    sent = {name: server.bodies[0][name] for name in ("temperature", "top_p", "top_k", "seed", "max_tokens")}
    assert sent == {"temperature": 0.7, "top_p": 0.9, "top_k": 50, "seed": 3, "max_tokens": 9}


def test_pictures_are_made_smaller_and_sent_as_jpeg(bench: Bench, server: ChatServer) -> None:
    answered = bench.session('max_pixels = 1024\npicture = "jpeg"\nquality = 80').all()
    part = server.bodies[0]["messages"][0]["content"][0]
    assert part["image_url"]["url"].startswith("data:image/jpeg;base64,")
    width, height = picture_of(part).size
    assert (width, height) == (39, 26)  # 48 by 32, on the same shape
    # What the model says in pixels, it says of these.
    assert (39, 26) in (answered[0].answer.seen or ())


@pytest.mark.parametrize(
    ("more", "word"),
    [
        ("", "served: base_url: the key is missing"),
        ('base_url = "ftp://host/v1"\nmodel = "m"', "an address begins with http"),
        ('base_url = "http://u:secret@host/v1"\nmodel = "m"', "no user name and no password"),
        ('base_url = "http://host/v1?key=1"\nmodel = "m"', "nothing may follow"),
        ('base_url = "http://host/v1"\nmodel = "m"\ntemprature = 1', "did you mean 'temperature'"),
        ('base_url = "http://host/v1"\nmodel = "m"\nverdict = "samples"', "needs a 'temperature' above 0"),
        ('base_url = "http://host/v1"\nmodel = "m"\nprices = { input = 1 }', "prices"),
        ('base_url = "http://host/v1"\nmodel = "m"\napi_key_env = "sk-12345"', "api_key_env"),
    ],
)
def test_wrong_settings_name_their_line(bench: Bench, more: str, word: str) -> None:
    from kurabe.common.errors import ModelError
    from kurabe.project import Project

    (bench.root / "models.toml").write_text(f'[models.served]\nengine = "endpoint"\n{more}\n', "utf-8")
    with pytest.raises(ModelError) as raised:
        Project.at(bench.root).registry().engine("served")
    assert word in str(raised.value)
    assert "models.toml:" in str(raised.value)
    assert "secret" not in str(raised.value)
    assert "sk-12345" not in str(raised.value)


# P(different)


def test_p_comes_from_the_first_token(bench: Bench, server: ChatServer) -> None:
    answers = [each.answer for each in bench.session().all()]
    assert [answer.p_different for answer in answers] == pytest.approx([8 / 98, 90 / 98] * 2)
    assert all("response_format" not in body for body in server.bodies)
    assert [body["top_logprobs"] for body in server.bodies] == [20] * 4


def test_a_server_that_ignores_the_request_for_probabilities_is_read_by_its_text(
    bench: Bench, server: ChatServer
) -> None:
    server.logprobs = False
    bench.cases(40)
    session = bench.session("concurrency = 2")
    answers = [each.answer for each in session.all()]
    assert [answer.p_different for answer in answers] == [None] * 40
    assert [answer.text.find("Yes") >= 0 for answer in answers] == [False, True] * 20
    (remark,) = session.remarks
    assert "ignores the request for log-probabilities" in remark
    assert session.facts["features"] == {"logprobs": "ignored", "schema": "given"}
    # Later requests ask for a fixed form instead.
    assert server.bodies[-1].keys() >= {"response_format"}
    assert "logprobs" not in server.bodies[-1]


def test_a_server_that_refuses_probabilities_is_asked_without(bench: Bench, server: ChatServer) -> None:
    def refuse(body: dict[str, Any], number: int) -> Sent | None:
        if "logprobs" in body:
            return Sent(400, {"error": {"message": "Unsupported parameter: 'logprobs' is not supported"}})
        return None

    server.act = refuse
    session = bench.session()
    assert session.texts() == TEXTS
    assert session.facts["features"] == {"logprobs": "refused"}


def test_a_server_that_tells_five_tokens_is_asked_for_five(bench: Bench, server: ChatServer) -> None:
    def refuse(body: dict[str, Any], number: int) -> Sent | None:
        if body.get("top_logprobs", 0) > 5:
            return Sent(400, {"error": {"message": "top_logprobs must be at most 5"}})
        return None

    server.act = refuse
    session = bench.session("concurrency = 1")
    assert all(each.answer.p_different is not None for each in session.all())
    assert [body["top_logprobs"] for body in server.bodies] == [20, 5, 5, 5, 5]


def test_a_server_that_wants_the_other_name_of_the_limit_gets_it(bench: Bench, server: ChatServer) -> None:
    def refuse(body: dict[str, Any], number: int) -> Sent | None:
        if "max_tokens" in body:
            return Sent(400, {"error": {"message": "'max_tokens': use 'max_completion_tokens' instead."}})
        return None

    server.act = refuse
    assert bench.session("concurrency = 1").texts() == TEXTS
    assert ["max_tokens" in body for body in server.bodies] == [True, False, False, False, False]


@pytest.mark.parametrize("choices", [True, False])
def test_p_can_be_counted_over_samples(bench: Bench, server: ChatServer, choices: bool) -> None:
    server.choices = choices

    def vary(body: dict[str, Any], number: int) -> Sent | None:
        reply = server.reply(body)
        for place, choice in enumerate(reply["choices"]):
            said = ["Yes.", "no", "Yes, it is", "I cannot say"][(place + body.get("seed", 0)) % 4]
            reply["choices"][place] = choice | {"message": {"content": said}}
        return Sent(body=reply)

    server.act = vary
    session = bench.session('verdict = "samples"\nsamples = 4\ntemperature = 1.0')
    first = session.all()[0].answer
    assert first.text == "Yes."
    assert first.p_different == pytest.approx(2 / 3)
    assert first.tokens_out == (2 if choices else 8)


# Fixed forms


@pytest.mark.parametrize(
    ("question", "texts"),
    [
        ("verdict", ['{"answer": "No"}', '{"answer": "Yes"}']),
        ("differences", ['{"differences": []}', '{"differences": ["a pin"]}']),
        ("count", ['{"count": 0}', '{"count": 1}']),
    ],
)
def test_words_come_in_a_fixed_form(bench: Bench, question: str, texts: list[str]) -> None:
    session = bench.session('verdict = "text"', questions=(question,))
    assert session.texts() == texts * 2


def test_a_refused_form_is_asked_for_no_more(bench: Bench, server: ChatServer) -> None:
    def refuse(body: dict[str, Any], number: int) -> Sent | None:
        return Sent(400, {"error": "response_format is not supported"}) if "response_format" in body else None

    server.act = refuse
    session = bench.session('verdict = "text"\nconcurrency = 1')
    assert session.texts() == TEXTS
    assert ["response_format" in body for body in server.bodies] == [True, False, False, False, False]
    assert any("refuses the request for a fixed form" in remark for remark in session.remarks)


def test_an_entry_can_do_without_forms(bench: Bench, server: ChatServer) -> None:
    assert bench.session('verdict = "text"\nstructured = false').texts() == TEXTS
    assert all("response_format" not in body for body in server.bodies)


def test_vllm_is_told_which_answers_there_are(bench: Bench, server: ChatServer) -> None:
    server.entry["owned_by"] = "vllm"
    assert bench.session('verdict = "text"').texts() == TEXTS
    assert server.bodies[0]["structured_outputs"] == {"choice": ["Yes", "No"]}


# The cache's key


def test_another_model_behind_the_same_name_is_asked_again(bench: Bench, server: ChatServer) -> None:
    server.entry |= {"root": "checkpoint-1", "created": 1}
    bench.session().all()
    server.entry |= {"created": 2}
    assert all(each.cached for each in bench.session().all())
    server.entry |= {"root": "checkpoint-2"}
    assert not any(each.cached for each in bench.session().all())


def test_another_version_of_the_software_is_asked_again_in_the_next_run(
    bench: Bench, server: ChatServer
) -> None:
    server.version = "fp_1"
    bench.session().all()
    assert all(each.cached for each in bench.session().all())
    bench.cases(6)
    server.version = "fp_2"
    changed = bench.session()
    assert [each.cached for each in changed.all()] == [True] * 4 + [False] * 2
    (remark,) = changed.remarks
    assert remark.startswith("served: the server is version 'fp_2' now, and was 'fp_1'")
    again = bench.session()
    assert not any(each.cached for each in again.all())
    assert again.remarks == []
    assert all(each.cached for each in bench.session().all())


def test_versions_that_change_all_the_time_tell_nothing(bench: Bench, server: ChatServer) -> None:
    def alternate(body: dict[str, Any], number: int) -> Sent | None:
        return Sent(body=server.reply(body) | {"system_fingerprint": f"fp_{number % 2}"})

    server.act = alternate
    bench.session().all()
    for _ in range(2):
        assert all(each.cached for each in bench.session().all())


def test_speed_and_prices_do_not_change_the_key_and_sampling_does(bench: Bench) -> None:
    bench.session().all()
    more = "concurrency = 3\ntimeout = 60\nretries = 1\nprices = { input = 1, output = 1 }"
    assert all(each.cached for each in bench.session(more).all())
    assert not any(each.cached for each in bench.session("temperature = 0.5").all())


def test_the_fingerprint_is_json_without_secrets(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("A_KEY", "sk-very-secret")
    session = bench.session('api_key_env = "A_KEY"')
    told = json.loads(session.engine.fingerprint())
    assert told["where"].startswith("http://127.0.0.1:")
    assert "secret" not in json.dumps(told)
    session.all()


# Questions in words alone


def test_a_question_without_pictures_is_sent_with_the_form_that_it_brings(
    bench: Bench, server: ChatServer
) -> None:
    session = bench.session()
    form = {"type": "object", "properties": {"count": {"type": "integer"}}, "required": ["count"]}
    asked = Prompt("Which is named?", (), (), max_new_tokens=32, form=form)
    trials = [
        replace(trial, question="describe", id=f"{trial.id} judged", words=asked) for trial in session.trials
    ]
    session.answering.plan(trials)
    assert session.answering.answer(trials[0]).answer.text == '{"count": 0}'
    (body, *_) = server.bodies
    assert body["response_format"]["json_schema"]["schema"] == form
    ((part,),) = [message["content"] for message in body["messages"]]
    assert part == {"type": "text", "text": "Which is named?"}
