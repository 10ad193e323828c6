"""An API whose client fails in a way that nobody foresaw."""

import asyncio
from collections.abc import Mapping
from pathlib import Path

import pytest
from PIL import Image

from kurabe.common.request import Request
from kurabe.models.context import Context
from kurabe.models.engines.served.engine import Api, ServedEngine
from kurabe.models.engines.served.remote import Call, Feature, Reply
from kurabe.models.engines.served.settings import ServedSettings

KEY = "sk-very-secret"


class Odd:
    """Fails at some questions, and shows the key."""

    offers: frozenset[Feature] = frozenset()

    async def send(self, call: Call) -> Reply:
        await asyncio.sleep(0)
        if "odd" in call.prompt:
            raise RuntimeError(f"no room for {KEY}")
        return Reply(("No",))

    async def about(self) -> Mapping[str, object]:
        return {}

    async def close(self) -> None: ...


def test_it_costs_that_request_alone_and_shows_no_key(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ODD_KEY", KEY)
    settings = ServedSettings(model="m", api_key_env="ODD_KEY")
    engine = ServedEngine("served", settings, Api("odd", "asyncio", "nowhere", Odd), Context(tmp_path))
    picture = Image.new("RGB", (8, 8))
    requests = [
        Request(f"t{n}", "verdict", prompt, (picture,), (picture, picture), "aligned", ("Yes",), ("No",))
        for n, prompt in enumerate(("even", "odd", "even"))
    ]
    try:
        answers = dict(engine.answer(requests))
    finally:
        engine.unload()
    assert [answers[n].text for n in (0, 2)] == ["No", "No"]
    assert answers[1].error == "served failed: RuntimeError: no room for [key]"
