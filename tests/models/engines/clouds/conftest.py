"""The servers of `tests.support.cloud_servers`, each with a project of four pairs."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.cloud_servers import ClaudeServer, CloudServer, GeminiServer
from tests.support.served import Bench


@pytest.fixture(autouse=True)
def _no_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN", "GEMINI_API_KEY", "GOOGLE_API_KEY"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def claude() -> Iterator[ClaudeServer]:
    server = ClaudeServer()
    yield server
    server.close()


@pytest.fixture
def gemini() -> Iterator[GeminiServer]:
    server = GeminiServer()
    yield server
    server.close()


@pytest.fixture(params=["claude", "gemini"])
def server(request: pytest.FixtureRequest) -> CloudServer:
    found = request.getfixturevalue(request.param)
    assert isinstance(found, CloudServer)
    return found


@pytest.fixture
def bench(server: CloudServer, tmp_path: Path) -> Bench:
    return Bench(tmp_path, server)
