"""How busy the bench keeps a served model, and what it costs itself.

    uv run python perf/endpoint.py [--trials 10000] [--tries 3] [--out perf/results/endpoint.json]

A server in a process of its own, on loopback, takes 200 ms for a request and serves 32 at once; others wait
at its door. It counts how many of its slots are busy. The bench runs as users run it, ``pytest`` in a process
of its own, on pairs as large as those of the connector suite. Recorded are the average of busy slots from
the first request to the last reply, the greatest memory of the bench, and its processor time a trial, less
what a session costs that asks hardly anything.
"""

import argparse
import asyncio
import json
import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import yaml
from PIL import Image, ImageDraw

ROOT = Path(__file__).resolve().parent.parent
SLOTS, SECONDS = 32, 0.2
SIZE = (288, 216)
_FEW = 16
"""Trials of the session that shows what a session costs without its trials."""

TARGETS = {"busy_slots": 28.0, "memory_mb": 1000.0, "cpu_ms_a_trial": 5.0}
OWN = (
    *("-p", "no:randomly", "-p", "no:benchmark", "-p", "no:cacheprovider", "-q"),
    *("--pyargs", "kurabe.plugin.test_pairs", "--kurabe-no-controls", "--kurabe-no-pictures"),
)


class Server:
    """Answers chat completions after a while, some at once."""

    def __init__(self) -> None:
        self._free = asyncio.Semaphore(SLOTS)
        self._busy = 0
        self._since = self._first = self._last = 0.0
        self._slot_seconds = 0.0
        self._answered = 0
        self._most = self._open = 0

    def _count(self, change: int) -> None:
        now = time.perf_counter()
        self._slot_seconds += self._busy * (now - self._since) if self._since else 0.0
        self._first = self._first or now
        self._since = self._last = now
        self._busy += change

    def figures(self) -> dict[str, float]:
        """Return what was counted since the last time."""
        span = self._last - self._first
        found = {
            "answered": self._answered,
            "seconds": round(span, 2),
            "busy_slots": round(self._slot_seconds / span, 2) if span else 0.0,
            "most_at_once": self._most,
        }
        self._since = self._first = self._last = self._slot_seconds = 0.0
        self._answered = self._most = 0
        return found

    async def connection(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one connection until it is closed."""
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                line, _, fields = head.partition(b"\r\n")
                length = 0
                for field in fields.split(b"\r\n"):
                    name, _, value = field.partition(b":")
                    if name.lower() == b"content-length":
                        length = int(value)
                await reader.readexactly(length)
                body = await self._body(line)
                writer.write(
                    b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
                    b"Content-Length: %d\r\n\r\n%b" % (len(body), body)
                )
                await writer.drain()
        writer.close()

    async def _body(self, line: bytes) -> bytes:
        if b"/stats" in line:
            return json.dumps(self.figures()).encode()
        if line.startswith(b"GET"):
            return b'{"object": "list", "data": [{"id": "m", "owned_by": "perf"}]}'
        self._open += 1
        self._most = max(self._most, self._open)
        async with self._free:
            self._count(1)
            await asyncio.sleep(SECONDS)
            self._count(-1)
        self._open -= 1
        self._answered += 1
        return _REPLY


def _reply() -> bytes:
    likely = [{"token": f"t{n}", "logprob": -3.0 - n, "bytes": None} for n in range(18)]
    likely = [{"token": "Yes", "logprob": -0.2}, {"token": "No", "logprob": -1.8}, *likely]
    choice = {
        "index": 0,
        "message": {"role": "assistant", "content": "Yes"},
        "logprobs": {"content": [{**likely[0], "top_logprobs": likely}]},
        "finish_reason": "stop",
    }
    usage = {"prompt_tokens": 700, "completion_tokens": 2, "total_tokens": 702}
    return json.dumps({"id": "c", "model": "m", "choices": [choice], "usage": usage}).encode()


_REPLY = _reply()


async def serve() -> None:
    """Serve until whoever started this process is gone, which closes the standard input."""
    server = Server()
    listening = await asyncio.start_server(server.connection, "127.0.0.1", 0, backlog=1024)
    print(listening.sockets[0].getsockname()[1], flush=True)
    await asyncio.to_thread(sys.stdin.read)


def write_project(folder: Path, trials: int, port: int) -> None:
    """Write so many pairs, each with a test picture of its own, and the entry of the served model."""
    images = folder / "cases" / "load" / "images"
    images.mkdir(parents=True)
    with Image.open(ROOT / "cases" / "connector" / "images" / "c001.png") as picture:
        good = picture.convert("RGB").resize(SIZE)
    good.save(images / "good.png")
    cases = []
    for number in range(trials):
        test = good.copy()
        ImageDraw.Draw(test).point((number % SIZE[0], number // SIZE[0]), fill=(255, 0, 255))
        test.save(images / f"t{number}.png", compress_level=1)
        verdict = "different" if number % 2 else "same"
        cases.append(
            {
                "id": f"t{number}",
                "reference": "images/good.png",
                "test": f"images/t{number}.png",
                "expect": {"verdict": verdict},
            }
        )
    text = yaml.dump({"suite": "load", "cases": cases}, Dumper=getattr(yaml, "CSafeDumper", yaml.SafeDumper))
    (folder / "cases" / "load" / "load.yaml").write_text(text, encoding="utf-8")
    (folder / "models.toml").write_text(
        f'[models.served]\nengine = "endpoint"\nbase_url = "http://127.0.0.1:{port}/v1"\nmodel = "m"\n'
        'default = true\nlayout = "separate"\n',
        encoding="utf-8",
    )


def stats(port: int) -> dict[str, Any]:
    """Fetch what the server has counted."""
    from http.client import HTTPConnection

    connection = HTTPConnection("127.0.0.1", port)
    connection.request("GET", "/stats")
    found: dict[str, Any] = json.loads(connection.getresponse().read())
    connection.close()
    return found


def one_try(folder: Path, port: int, trials: int, fixed: float = 0.0) -> dict[str, Any]:
    """Run the bench once, and return its figures.

    Args:
        folder: The project.
        port: The server's.
        trials: How many there are.
        fixed: Processor seconds of a session that asks hardly anything, which are no cost of a trial.
    """
    load = os.getloadavg()[0]
    stats(port)
    before, begun = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    command = [sys.executable, "-m", "pytest", *OWN, "--kurabe-reports", "reports", "--kurabe-fresh"]
    watched = subprocess.Popen(
        command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    output = watched.communicate()[0]
    seconds = time.perf_counter() - begun
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if watched.returncode != 0:
        raise SystemExit(output[-3000:])
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return {
        **stats(port),
        "trials": trials,
        "run_seconds": round(seconds, 1),
        "memory_mb": round(after.ru_maxrss / 1024, 1),
        "cpu_seconds": round(cpu, 2),
        "cpu_ms_a_trial": round(1000 * (cpu - fixed) / trials, 3),
        "load_before": round(load, 2),
    }


def main() -> None:
    """Run the server and the bench, and write what came out."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--trials", type=int, default=10_000)
    parser.add_argument("--tries", type=int, default=3)
    parser.add_argument("--serve", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--out", type=Path, default=ROOT / "perf" / "results" / "endpoint.json")
    options = parser.parse_args()
    if options.serve:
        asyncio.run(serve())
        return
    server = subprocess.Popen(
        [sys.executable, __file__, "--serve"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert server.stdout is not None
    port = int(server.stdout.readline())
    try:
        with tempfile.TemporaryDirectory() as name:
            few, many = Path(name) / "few", Path(name) / "many"
            write_project(few, _FEW, port)
            write_project(many, options.trials, port)
            small = one_try(few, port, _FEW)
            tries = []
            for _ in range(options.tries):
                tries.append(one_try(many, port, options.trials, small["cpu_seconds"]))
                print(json.dumps(tries[-1]), flush=True)
    finally:
        server.terminate()
    record = {
        "slots": SLOTS,
        "seconds_a_request": SECONDS,
        "picture": SIZE,
        "targets": TARGETS,
        "best": max(tries, key=lambda found: found["busy_slots"]),
        "tries": tries,
        "session_of_few": small,
        "cpus": os.cpu_count(),
        "machine": "2 cores, shared with other work while this ran",
        "python": platform.python_version(),
    }
    options.out.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
    print(f"wrote {options.out}")


if __name__ == "__main__":
    main()
