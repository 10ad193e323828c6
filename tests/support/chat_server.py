"""A server on loopback that speaks chat completions as served models do, with behaviours that tests switch.

It looks at the pictures that it is sent: its answers are those of a model that sees whether two differ. So a
picture that arrives broken, or in the wrong order, makes answers wrong.
"""

import base64
import io
import json
import math
import ssl
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from PIL import Image, ImageChops

ENTRY = """
[models.served]
engine = "endpoint"
base_url = "{url}"
model = "looker"
default = true
layout = "separate"
{more}
"""


HUNG_UP = 0
"""The status of an answer that never comes: the connection is closed."""


@dataclass(slots=True)
class Sent:
    """What a handler answers with: a status, headers, and a body, which may be bytes that are no JSON."""

    status: int = 200
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    cut: bool = False


Act = Callable[[dict[str, Any], int], Sent | None]
"""Gets a request's body and its number from 0; None for the usual answer."""


class ChatServer:
    """What the server does, and what it was asked.

    Attributes:
        logprobs: Tells log-probabilities if it is asked for them; else it ignores that.
        forms: Takes ``response_format``; else it ignores it.
        choices: Gives as many answers as ``n`` says; else one.
        seconds: Time that an answer takes.
        entry: What ``/v1/models`` tells of the model.
        act: Answers instead.
        bodies: What it was asked, in order.
        headers: The headers of each request.
        at_once: The most requests that it had at once.
    """

    def __init__(self) -> None:
        self.logprobs = True
        self.forms = True
        self.choices = True
        self.seconds = 0.0
        self.entry: dict[str, Any] = {"id": "looker", "object": "model", "owned_by": "tests", "created": 1}
        self.version: str | None = None
        self.act: Act = lambda body, number: None
        self.bodies: list[dict[str, Any]] = []
        self.headers: list[Message] = []
        self.paths: list[str] = []
        self.at_once = 0
        self._in = 0
        self._scheme = "http"
        self._lock = threading.Lock()
        self.is_gone = False
        self._server = self._listening(0)

    def _listening(self, port: int) -> "_Server":
        server = _Server(("127.0.0.1", port), _handler(self))
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        return server

    @property
    def url(self) -> str:
        """The address, up to the version."""
        return f"{self._scheme}://127.0.0.1:{self._server.server_port}/v1"

    def entry_of(self, more: str = "") -> str:
        """Return a ``models.toml`` with this server's model."""
        return ENTRY.format(url=self.url, more=more)

    @contextmanager
    def with_tls(self, folder: Path) -> Iterator[None]:
        """Speak TLS with a certificate that nobody trusts, ``certificate.pem`` in a folder."""
        names = ["-keyout", "key.pem", "-out", "certificate.pem", "-subj", "/CN=127.0.0.1"]
        names += ["-addext", "subjectAltName=IP:127.0.0.1"]
        words = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", *names]
        subprocess.run(words, cwd=folder, check=True, capture_output=True)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(folder / "certificate.pem", folder / "key.pem")
        plain, self._scheme = self._server.socket, "https"
        self._server.socket = context.wrap_socket(plain, server_side=True)
        try:
            yield
        finally:
            self._server.socket, self._scheme = plain, "http"

    def close(self) -> None:
        """Stop listening, and end each connection after the reply that is on its way."""
        if not self.is_gone:
            self.is_gone = True
            self._server.shutdown()
            self._server.server_close()

    def listen_again(self) -> None:
        """Be there again, at the same address."""
        self.is_gone = False
        self._server = self._listening(self._server.server_port)

    # What it does

    def sent(self, path: str, headers: Message, body: dict[str, Any] | None) -> Sent:
        with self._lock:
            self.paths.append(path)
            self.headers.append(headers)
            if body is not None:
                number = len(self.bodies)
                self.bodies.append(body)
            self._in += 1
            self.at_once = max(self.at_once, self._in)
        try:
            if body is None:
                return Sent(body={"object": "list", "data": [self.entry]})
            told = self.act(body, number)
            if self.seconds:
                time.sleep(self.seconds)
            return Sent(body=self.reply(body)) if told is None else told
        finally:
            with self._lock:
                self._in -= 1

    def reply(self, body: dict[str, Any]) -> dict[str, Any]:
        """Return the usual answer to a request."""
        differs = self._differs(body)
        text = "Yes" if differs else "No"
        form = body.get("response_format")
        if form is not None and self.forms:
            (key,) = form["json_schema"]["schema"]["properties"]
            value: Any = {"answer": text, "count": int(differs), "differences": ["a pin"] * differs}[key]
            text = json.dumps({key: value})
        choice: dict[str, Any] = {"index": 0, "message": {"role": "assistant", "content": text}}
        choice |= {"finish_reason": "stop", "logprobs": None}
        if body.get("logprobs") and self.logprobs:
            likely = [(text, 0.9), ("No" if differs else "Yes", 0.08), (" maybe", 0.01)]
            listed = [{"token": t, "logprob": math.log(p), "bytes": list(t.encode())} for t, p in likely]
            choice["logprobs"] = {"content": [listed[0] | {"top_logprobs": listed}]}
        return {
            "id": "chatcmpl-1",
            "object": "chat.completion",
            "created": 1,
            "model": body["model"],
            "choices": [choice] * (body.get("n", 1) if self.choices else 1),
            "usage": {"prompt_tokens": 100, "completion_tokens": 2, "total_tokens": 102},
            "system_fingerprint": self.version,
        }

    def shows(self, body: dict[str, Any], pixels: bytes) -> bool:
        """Say whether a request shows a picture."""
        parts = body["messages"][0]["content"]
        return any(picture_of(part).tobytes() == pixels for part in parts if part["type"] == "image_url")

    def _differs(self, body: dict[str, Any]) -> bool:
        parts = body["messages"][0]["content"]
        pictures = [picture_of(part) for part in parts if part["type"] == "image_url"]
        if len(pictures) < 2 or pictures[0].size != pictures[1].size:
            return len(pictures) == 2
        extrema = ImageChops.difference(pictures[0], pictures[1]).getextrema()
        return max(high for _, high in extrema) > 64  # type: ignore[misc]


def picture_of(part: dict[str, Any]) -> Image.Image:
    """Decode a picture of a message."""
    _, _, data = part["image_url"]["url"].partition(";base64,")
    return Image.open(io.BytesIO(base64.b64decode(data))).convert("RGB")


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 256

    def handle_error(self, *_: object) -> None:
        """Stay quiet about clients that went away."""


def _handler(owner: ChatServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_GET(self) -> None:
            self._give(owner.sent(self.path, self.headers, None))

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            self._give(owner.sent(self.path, self.headers, body))

        def _give(self, sent: Sent) -> None:
            if sent.status == HUNG_UP:
                self.close_connection = True
                return
            body = sent.body if isinstance(sent.body, bytes) else json.dumps(sent.body).encode()
            self.send_response(sent.status)
            for name, value in ({"Content-Type": "application/json"} | sent.headers).items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body[: len(body) // 2] if sent.cut else body)
            self.close_connection = self.close_connection or sent.cut or owner.is_gone

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Write nothing to the terminal."""

    return Handler


@contextmanager
def chat_server() -> Iterator[ChatServer]:
    """Run a server as long as the context lasts."""
    server = ChatServer()
    try:
        yield server
    finally:
        server.close()
