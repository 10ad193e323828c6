"""``transformers serve`` as a process of its own, with Llama's picture features as published or corrected.

``python -m tests.support.transformers_serve CHECKPOINT`` writes the port that it listens on to standard
output. Lines on standard input then choose the features, ``corrected`` or ``published``; each is written back
once it holds. The process ends with its standard input: so it outlives neither the test nor its process.
"""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

Features = Literal["corrected", "published"]


class TransformersServe:
    """A running server.

    Args:
        process: It.
    """

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process
        told = self._said()
        assert told.isdigit(), f"no port, but {told!r}"
        self.url = f"http://127.0.0.1:{told}/v1"

    def features(self, wanted: Features) -> None:
        """Compute Llama's picture features so from now on."""
        assert self._process.stdin is not None
        self._process.stdin.write(f"{wanted}\n")
        self._process.stdin.flush()
        assert self._said() == wanted

    def _said(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline().strip()


@contextmanager
def transformers_serve(checkpoint: Path) -> Iterator[TransformersServe]:
    """Serve a checkpoint as long as the context lasts."""
    command = [sys.executable, "-m", "tests.support.transformers_serve", str(checkpoint)]
    pipes: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with subprocess.Popen(command, **pipes) as process:
        try:
            yield TransformersServe(process)
        finally:
            assert process.stdin is not None
            process.stdin.close()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                raise


def _serve(checkpoint: str) -> None:
    import os
    import time

    import torch
    from transformers.cli.serve import Serve
    from transformers.models.mllama.modeling_mllama import MllamaVisionEncoder

    from kurabe.models.families.mllama.correction import apply

    torch.set_num_threads(2)
    said = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # where the server notes each request
    # What the command does, with the next free port, and without taking the main thread.
    where: dict[str, Any] = {"device": "cpu", "dtype": "float32", "host": "127.0.0.1", "port": 0}
    served = Serve(checkpoint, **where, log_level="error", non_blocking=True)
    while not served.server.started:
        time.sleep(0.02)
    (listening, *_) = served.server.servers[0].sockets
    print(listening.getsockname()[1], file=said, flush=True)

    encoder: Any = MllamaVisionEncoder
    published = encoder.forward
    for line in sys.stdin:
        if line.strip() == "corrected":
            apply()
        else:
            encoder.forward = published
        print(line.strip(), file=said, flush=True)
    os._exit(0)  # neither requests nor threads of the server have to end well


if __name__ == "__main__":
    _serve(sys.argv[1])
