"""A proxy between the bench and a server that does to answers what networks and overloaded servers do.

What it does to a request follows from the request's content, how often that came before, and a seed: not from
the order in which requests come, so that a run meets the same faults however its requests overlap.
"""

import hashlib
import http.client
import json
import random
import socket
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Literal, get_args
from urllib.parse import urlsplit

Fault = Literal[
    "500", "429", "cut", "cut late", "half a body", "half a JSON", "stall", "endless drip", "drip", "404"
]
"""What happens instead of a reply.

``cut`` closes the connection before the server is asked, ``cut late`` after it has answered. ``half a body``
ends before its announced length, ``half a JSON`` has the length of the half. ``stall`` sends nothing at all.
``drip`` comes in pieces, soon enough; ``endless drip`` does not end in time.
"""

FAULTS: tuple[Fault, ...] = tuple(fault for fault in get_args(Fault) if fault != "404")
"""Those that pass: asking again helps."""

Plan = Callable[[str, int], Fault | None]
"""Gets a request's content and how often it came before; None leaves the reply alone."""


def by_seed(seed: int, share: float, most: int = 3) -> Plan:
    """Return a plan that meets a share of all requests, the same content at most so often."""

    def plan(content: str, before: int) -> Fault | None:
        chance = random.Random(f"{seed} {content} {before}")
        return chance.choice(FAULTS) if before < most and chance.random() < share else None

    return plan


class Proxy:
    """A proxy that is running.

    Args:
        target: The server's address, up to the version.
        patience: Seconds that the client waits for a whole reply.

    Attributes:
        plan: What is done to which request.
        asked: How often each content came.
        delivered: How often each content's reply went out whole.
        met: How often each fault was met.
        dies_after: Replies after which it stops listening and drops all connections; None for never.
    """

    def __init__(self, target: str, patience: float) -> None:
        self.plan: Plan = lambda content, before: None
        self.patience = patience
        self.asked: Counter[str] = Counter()
        self.delivered: Counter[str] = Counter()
        self.met: Counter[str] = Counter()
        self.dies_after: int | None = None
        self.delivering = threading.Lock()  # else more could go out than it delivers in its life
        self._target = urlsplit(target)
        self._lock = threading.Lock()
        self._open: set[socket.socket] = set()
        self._dead = False
        self._server = _Server(self)
        self.port = self._server.server_port
        self._start()

    @property
    def url(self) -> str:
        """Its own address."""
        return f"http://127.0.0.1:{self.port}{self._target.path}"

    def _start(self) -> None:
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def die(self) -> None:
        """Stop listening, and drop all connections where they are."""
        with self._lock:
            self._dead, dropped = True, [*self._open]
        self._server.shutdown()
        self._server.server_close()
        for connection in dropped:
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def revive(self) -> None:
        """Listen again, where it did before."""
        self.dies_after, self._dead = None, False
        self._server = _Server(self, self.port)
        self._start()

    def close(self) -> None:
        """End it."""
        if not self._dead:
            self.die()

    # What it does, in the threads of connections

    def opened(self, connection: socket.socket) -> None:
        with self._lock:
            self._open.add(connection)

    def closed(self, connection: socket.socket) -> None:
        with self._lock:
            self._open.discard(connection)

    def next_fault(self, content: str) -> Fault | None:
        with self._lock:
            fault = self.plan(content, self.asked[content])
            self.asked[content] += 1
            if fault is not None:
                self.met[fault] += 1
            return fault

    def has_delivered(self, content: str) -> None:
        with self._lock:
            self.delivered[content] += 1
            dies = self.dies_after is not None and self.delivered.total() == self.dies_after
        if dies:
            threading.Thread(target=self.die, daemon=True).start()

    @property
    def is_full(self) -> bool:
        """Whether it has delivered all that it will in its life."""
        return self.dies_after is not None and self.delivered.total() >= self.dies_after

    def forward(self, method: str, path: str, headers: dict[str, str], body: bytes) -> tuple[int, bytes]:
        connection = http.client.HTTPConnection(self._target.hostname or "", self._target.port or 80)
        try:
            connection.request(method, path, body or None, headers)
            reply = connection.getresponse()
            return reply.status, reply.read()
        finally:
            connection.close()


def content_of(body: bytes) -> str:
    """Name a request by what it asks."""
    return hashlib.sha256(body).hexdigest()[:16]


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 256

    def __init__(self, proxy: Proxy, port: int = 0) -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self.proxy = proxy

    def handle_error(self, *_: object) -> None:
        """Stay quiet about clients that went away."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    @property
    def _proxy(self) -> Proxy:
        assert isinstance(self.server, _Server)
        return self.server.proxy

    def setup(self) -> None:
        super().setup()
        self._proxy.opened(self.connection)

    def finish(self) -> None:
        self._proxy.closed(self.connection)
        with suppress(OSError):
            super().finish()

    def do_GET(self) -> None:
        self._give(*self._proxy.forward("GET", self.path, {}, b""))

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        content = content_of(body)
        fault = self._proxy.next_fault(content)
        if fault == "500":
            self._give(500, _error("the worker has failed"))
        elif fault == "429":
            self._give(429, _error("too many requests"), {"Retry-After": "1"})
        elif fault == "404":
            self._give(404, _error("The model does not exist."))
        elif fault == "cut":
            self.close_connection = True
        elif fault == "stall":
            self._wait(self._proxy.patience * 10)
        else:
            status, reply = self._proxy.forward("POST", self.path, dict(self.headers), body)
            if fault is None:
                self._deliver(content, status, reply)
            elif self._spoil(fault, status, reply):
                self._proxy.has_delivered(content)

    def _deliver(self, content: str, status: int, reply: bytes) -> None:
        with self._proxy.delivering:
            if self._proxy.is_full:
                self.close_connection = True
            else:
                self._give(status, reply)
                self._proxy.has_delivered(content)

    def _spoil(self, fault: Fault, status: int, reply: bytes) -> bool:
        """Send what a fault leaves of a reply; say whether all of it went out."""
        half = reply[: len(reply) // 2]
        match fault:
            case "cut late":
                self.close_connection = True
            case "half a body":
                self._give(status, half, {"Content-Length": str(len(reply))})
                self.close_connection = True
            case "half a JSON":
                self._give(status, half)
            case "endless drip":
                self._drip(status, reply, self._proxy.patience * 10)
            case "drip":
                return self._drip(status, reply, self._proxy.patience / 4)
        return False

    def _give(self, status: int, body: bytes, headers: dict[str, str] | None = None) -> None:
        told = {"Content-Type": "application/json", "Content-Length": str(len(body))} | (headers or {})
        self.send_response(status)
        for name, value in told.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def _drip(self, status: int, body: bytes, seconds: float) -> bool:
        self._give(status, b"", {"Content-Length": str(len(body))})
        pieces = 8
        for part in range(pieces):
            if self._wait(seconds / pieces):
                return False
            self.wfile.write(body[len(body) * part // pieces : len(body) * (part + 1) // pieces])
        return True

    def _wait(self, seconds: float) -> bool:
        """Send nothing; say whether the client went away meanwhile."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            self.connection.settimeout(left)
            try:
                gone = not self.connection.recv(1, socket.MSG_PEEK)
            except TimeoutError:
                break
            except OSError:
                gone = True
            if gone:
                self.close_connection = True
                return True
        self.connection.settimeout(None)
        return False

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Write nothing to the terminal."""


def _error(message: str) -> bytes:
    told: dict[str, Any] = {"error": {"message": message, "type": "tests"}}
    return json.dumps(told).encode()


@contextmanager
def faults(target: str, patience: float) -> Iterator[Proxy]:
    """Run a proxy before a server as long as the context lasts."""
    proxy = Proxy(target, patience)
    try:
        yield proxy
    finally:
        proxy.close()
