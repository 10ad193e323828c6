"""A server on loopback, a project of four pairs, and what runs the bench there."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.chat_server import ChatServer, chat_server
from tests.support.served import Bench


@pytest.fixture
def server() -> Iterator[ChatServer]:
    with chat_server() as running:
        yield running


@pytest.fixture
def bench(server: ChatServer, tmp_path: Path) -> Bench:
    return Bench(tmp_path, server)
