"""The runtime alone: rows of random pictures and words through a full-size model, on one GPU.

    python -m perf.rows [--family phi] [--files FOLDER] [--rows 64] [--out perf/results/rows_phi.json]

Nothing of the bench but the runtime: pictures are cut already and answers are not read, so that the figures
are the most that `perf.throughput` can reach. No picture comes twice. Weights are random, in bfloat16. Which
kernels the time goes to is told of a pass of verdicts and of decoding.
"""

import argparse
import json
import time
from collections.abc import Callable, Sequence
from functools import partial
from hashlib import blake2b
from pathlib import Path
from typing import Any

import torch
from transformers.models.mllama.image_processing_mllama import get_all_supported_aspect_ratios

from kurabe.models.families.mllama.runtime import MllamaRuntime
from kurabe.models.families.phi3v_core.configuration import count_image_tokens
from kurabe.models.families.phi3v_core.runtime import Phi3VRuntime
from kurabe.models.runtime.counts import Counts
from kurabe.models.runtime.loop import Produced, answer_rows
from kurabe.models.runtime.prepared import Picture, Row
from perf import models, watch

GRID = 12
"""Tokens along a side of a crop."""


def picture(drawn: torch.Generator, side: int, tokens: int, aspect: int) -> Picture:
    """Return four random crops."""
    crops = torch.randint(0, 256, (4, 3, side, side), generator=drawn, dtype=torch.uint8).pin_memory()
    digest = blake2b(crops[0, 0].numpy().tobytes()).digest()
    return Picture(digest, crops, (2, 2), tokens, aspect)


def some(drawn: torch.Generator, amount: int) -> list[int]:
    """Return random words."""
    return [int(token) for token in torch.randint(3, 30000, (amount,), generator=drawn)]


def phi_row(drawn: torch.Generator, words: int) -> Row:
    """Return two pictures with words before, between and behind."""
    tokens = count_image_tokens(2, 2, GRID)
    first, second = picture(drawn, 336, tokens, 0), picture(drawn, 336, tokens, 0)
    ids = [1, *some(drawn, 5), *[-1] * tokens, *some(drawn, 3), *[-2] * tokens, *some(drawn, words)]
    return Row(ids, (first, second))


def mllama_row(drawn: torch.Generator, words: int, tag: int) -> Row:
    """Return one picture with words behind."""
    aspect = 1 + get_all_supported_aspect_ratios(4).index((2, 2))
    return Row([1, 2, tag, *some(drawn, words)], (picture(drawn, 560, 1, aspect),))


def measured(made: Any, rows: Sequence[Row], limit: int) -> tuple[dict[str, float], Produced]:
    """Answer rows; return seconds, pairs a second and what came out."""
    torch.cuda.synchronize()
    start = time.perf_counter()
    produced = answer_rows(made, rows, limit=limit, ends=frozenset(), pad=32000)
    torch.cuda.synchronize()
    seconds = time.perf_counter() - start
    return {"seconds": round(seconds, 2), "pairs_per_second": round(len(rows) / seconds, 1)}, produced


def measure(build: Callable[..., Any], sets: Sequence[Sequence[Row]]) -> dict[str, Any]:
    """Answer with elementwise work by torch and by our kernels; compare alone, eager and captured."""
    found: dict[str, Any] = {"tokens_a_row": [sets[0][0].length, sets[0][-1].length]}
    for name, fused in (("plain", False), ("fused", True)):
        counts = Counts()
        made = build(counts, fused=fused)
        made.reuse = False
        part = found[name] = {}
        part["verdicts_first"], _ = measured(made, sets[0], 1)
        part["verdicts"], batch = measured(made, sets[1], 1)
        _, alone = measured(made, sets[1][:1], 1)
        part["largest_difference_of_logits_alone"] = float(
            (batch.first_logits[0] - alone.first_logits[0]).abs().max()
        )
        made.graphs = False
        _, eager = measured(made, sets[1], 16)
        made.graphs = True
        _, captured = measured(made, sets[1], 16)
        pairs = zip(eager.tokens, captured.tokens, strict=True)
        part["rows_equal_eager_and_captured"] = sum(one == other for one, other in pairs)
        part["words_first"], _ = measured(made, sets[2], 64)
        part["words"], _ = measured(made, sets[0], 64)
        for kind, limit in (("verdicts", 1), ("words", 64)):
            spans = watch.named_spans(watch.traced(lambda m=made, n=limit: measured(m, sets[1], n)))  # type: ignore[misc]
            part[f"{kind}_by_kernel"] = watch.by_kind(spans)
        part["graphs"], part["capture_seconds"] = counts.graphs_captured, round(counts.capture_seconds, 2)
        made.forget()
    found["peak_gib"] = round(torch.cuda.max_memory_allocated() / 2**30, 1)
    return found


def main() -> None:
    """Measure, print and record."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--family", choices=sorted(models.FAMILIES), default="phi")
    parser.add_argument("--files", type=Path, help="folder with the published tokenizer and configuration")
    parser.add_argument("--rows", type=int, default=64)
    parser.add_argument("--out", type=Path)
    chosen = parser.parse_args()
    if not torch.cuda.is_available():
        raise SystemExit("it measures a model at full size, and no CUDA device is here")
    model, processor = models.FAMILIES[chosen.family].build(chosen.files)
    model.eval()
    drawn = torch.Generator().manual_seed(0)
    row = phi_row if chosen.family == "phi" else partial(mllama_row, tag=model.config.image_token_index)
    sets = [[row(drawn, 40 + number % 12) for number in range(chosen.rows)] for _ in range(3)]
    runtime: Any = Phi3VRuntime if chosen.family == "phi" else MllamaRuntime
    record = models.surroundings("cuda") | {"family": chosen.family, "rows": chosen.rows}
    record |= measure(partial(runtime, model, processor), sets)
    print(json.dumps(record, indent=1))
    if chosen.out:
        chosen.out.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
