"""The prompt that a server makes of a request, token by token beside the one that a local model gets."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from kurabe.cli import app
from kurabe.commands.check_prompt import where_they_part
from kurabe.models.engines.endpoint.replies import prompt_of
from kurabe.models.protocol import PromptTokens
from tests.support import checkpoints
from tests.support.chat_server import ChatServer, Sent, chat_server

PICTURE = 900
"""The token by which the server below stands for a picture; another than the local model's."""

MODELS = """
[models.here]
engine = "local"
checkpoint = "{checkpoint}"
device = "cpu"
layout = "{layout}"

[models.there]
engine = "endpoint"
base_url = "{url}"
model = "looker"
layout = "separate"

[models.diff]
engine = "pixel-diff"
layout = "separate"
"""


class Tokenizing:
    """What a server that knows the checkpoint's tokenizer makes of a request."""

    def __init__(self, checkpoint: Path) -> None:
        import transformers

        self.processor: Any = transformers.AutoProcessor.from_pretrained(checkpoint)
        self.image = self.processor.tokenizer.convert_tokens_to_ids("<image>")

    def ids(self, body: dict[str, Any], a_picture: int) -> list[int]:
        parts = [p if p["type"] == "text" else {"type": "image"} for p in body["messages"][0]["content"]]
        messages = [{"role": "user", "content": parts}]
        text = self.processor.apply_chat_template(messages, add_generation_prompt=True)
        ids: list[int] = self.processor.tokenizer(text, add_special_tokens=False)["input_ids"]
        return [each for token in ids for each in ([PICTURE] * a_picture if token == self.image else [token])]


@pytest.fixture(scope="module")
def checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return checkpoints.llava(tmp_path_factory.mktemp("llava"))


@pytest.fixture
def server() -> Iterator[ChatServer]:
    with chat_server() as running:
        yield running


def check(
    root: Path, checkpoint: Path, server: ChatServer, against: str = "here", layout: str = "separate"
) -> Result:
    text = MODELS.format(checkpoint=checkpoint, url=server.url, layout=layout)
    (root / "models.toml").write_text(text, encoding="utf-8")
    words = ["models", "--check", "there", "--against", against, "--models-file", str(root / "models.toml")]
    return CliRunner().invoke(app, words)


def telling(server: ChatServer, tokens: Tokenizing, a_picture: int = 16, spoilt: str = "") -> None:
    """Let a server tell the tokens of its prompts as vLLM does."""

    def act(body: dict[str, Any], number: int) -> Sent | None:
        reply = server.reply(body)
        if body.get("return_token_ids"):
            if spoilt:
                body["messages"][0]["content"][-1]["text"] += spoilt
            ids = tokens.ids(body, a_picture)
            reply |= {"prompt_token_ids": ids, "usage": {"prompt_tokens": len(ids), "completion_tokens": 1}}
        return Sent(body=reply)

    server.act = act


def test_equal_prompts_are_said_to_be_equal(tmp_path: Path, checkpoint: Path, server: ChatServer) -> None:
    telling(server, Tokenizing(checkpoint))
    done = check(tmp_path, checkpoint, server)
    assert done.exit_code == 0, done.output
    assert done.output.count("the same, token by token") == 6
    assert f"{PICTURE} ×32" in done.output  # two pictures of 16 tokens stand beside each other
    assert "'Is'" in done.output


def test_it_shows_where_prompts_part(tmp_path: Path, checkpoint: Path, server: ChatServer) -> None:
    telling(server, Tokenizing(checkpoint), spoilt=" please")
    done = check(tmp_path, checkpoint, server)
    assert done.exit_code == 1
    assert done.output.count("they part at token ") == 6
    assert "the same, token by token" not in done.output


def test_a_picture_of_other_length_is_a_difference(
    tmp_path: Path, checkpoint: Path, server: ChatServer
) -> None:
    telling(server, Tokenizing(checkpoint), a_picture=9)
    done = check(tmp_path, checkpoint, server)
    assert done.exit_code == 1
    assert "they part at token 2 of there" in done.output


def test_a_server_that_tells_nothing_is_said_to(tmp_path: Path, checkpoint: Path, server: ChatServer) -> None:
    done = check(tmp_path, checkpoint, server)
    assert (
        done.output.count("there does not tell its tokens, so only their numbers are compared: 100 and") == 6
    )
    assert done.exit_code == 1  # the server counts 100 tokens, whatever it is sent


def test_tokens_before_pictures_are_compared_without_their_lengths(
    tmp_path: Path, checkpoint: Path, server: ChatServer
) -> None:
    tokens = Tokenizing(checkpoint)

    def act(body: dict[str, Any], number: int) -> Sent | None:
        if "messages" in body and "add_generation_prompt" in body:
            return Sent(body={"count": 1, "tokens": tokens.ids(body, 1)})
        if "return_token_ids" in body:
            return Sent(400, {"error": {"message": "Unexpected field return_token_ids"}})
        ids = tokens.ids(body, 16)
        return Sent(body=server.reply(body) | {"usage": {"prompt_tokens": len(ids), "completion_tokens": 1}})

    server.act = act
    done = check(tmp_path, checkpoint, server)
    assert done.exit_code == 0, done.output
    assert done.output.count("the same, token by token, but for the places of pictures") == 6
    assert "/tokenize" in server.paths


def test_what_cannot_be_compared_is_refused(tmp_path: Path, checkpoint: Path, server: ChatServer) -> None:
    done = check(tmp_path, checkpoint, server, against="diff")
    assert (done.exit_code, "makes no prompt of tokens" in done.output) == (1, True)
    done = check(tmp_path, checkpoint, server, layout="stacked")
    assert (done.exit_code, "give both the same 'layout'" in done.output) == (1, True)


@pytest.mark.parametrize(
    ("one", "other", "parts"),
    [
        ((1, 2, 3), (1, 2, 3), None),
        ((1, 2, 3), (1, 2, 4), (2, 2)),
        ((1, 2, 3), (1, 2), (2, 2)),
        ((1, -1, -1, -2, 5), (1, 9, 9, 9, 5), None),
        ((1, -1, -1, 7, 5), (1, 9, 9, 7, 5), None),
        ((1, -1, -1, 7), (1, 9, 7), (1, 1)),
    ],
)
def test_pictures_count_by_their_length(
    one: tuple[int, ...], other: tuple[int, ...], parts: tuple[int, int] | None
) -> None:
    found = where_they_part(
        PromptTokens(len(one), one), PromptTokens(len(other), other, pictures=frozenset({9}))
    )
    assert found == parts


@pytest.mark.parametrize("body", ["[]", '{"tokens": []}', '{"tokens": ["a"]}', "{", '{"usage": 3}'])
def test_whatever_a_server_tells_is_no_crash(body: str) -> None:
    assert prompt_of(body.encode()) == PromptTokens(None)
    assert prompt_of(json.dumps({"prompt_token_ids": [1, 2]}).encode()) == PromptTokens(2, (1, 2))
