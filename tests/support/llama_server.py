"""llama.cpp's server as a `tests.support.child`, out of the package that holds it as a library."""

import sys

import xllamacpp

from tests.support.child import own_output, serve_until_told


def main(model: str, tower: str) -> None:
    """Serve a model with its picture tower on a free port."""
    said = own_output()
    params = xllamacpp.CommonParams()
    params.model.path, params.mmproj.path, params.model_alias = model, tower, {"tiny"}
    params.hostnames, params.port = ["127.0.0.1"], 0
    params.n_ctx, params.n_parallel, params.warmup = 1024, 2, False
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = 1
    server = xllamacpp.Server(params)
    serve_until_told(f"{server.listening_address}/v1", said)


if __name__ == "__main__":
    main(*sys.argv[1:])
