"""``transformers serve`` as a `tests.support.child`, with Llama's picture features as published or corrected.

It is told which: ``corrected`` or ``published``.
"""

import sys
import time
from typing import Any

import torch
from transformers.cli.serve import Serve
from transformers.models.mllama.modeling_mllama import MllamaVisionEncoder

from kurabe.models.families.mllama.correction import apply
from tests.support.child import own_output, serve_until_told


def main(checkpoint: str) -> None:
    """Do what the command does, on the next free port, and without taking the main thread."""
    said = own_output()  # the server notes each request on standard output
    torch.set_num_threads(2)
    where: dict[str, Any] = {"device": "cpu", "dtype": "float32", "host": "127.0.0.1", "port": 0}
    served: Any = Serve(checkpoint, **where, log_level="error", non_blocking=True)
    while not served.server.started:
        time.sleep(0.02)
    port = served.server.servers[0].sockets[0].getsockname()[1]

    encoder: Any = MllamaVisionEncoder
    published = encoder.forward

    def choose(features: str) -> None:
        encoder.forward = published
        if features == "corrected":
            apply()

    serve_until_told(f"http://127.0.0.1:{port}/v1", said, choose)


if __name__ == "__main__":
    main(sys.argv[1])
