"""Three questions a pair through transformers' ``generate``: with the pictures computed once, and each time.

    python -m perf.sharing_generic [--pairs 8] [--out perf/results/sharing_generic.json]
    python -m perf.sharing_generic --cuda [--pairs 64]

On the CPU these are small models with random weights in float32, whose pictures have as many tokens as those
of the published ones. On a GPU it is a Qwen2-VL of the size of the published 7B in bfloat16. Answers in words
have 32 tokens. Each model is asked about other pairs first, which do not count: they are the trial. The ratio
is that of the fastest rounds. On the CPU one thread computes, and its own time counts, which depends less on
what else the machine does.
"""

import argparse
import json
import tempfile
import time
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import torch
from PIL import Image

from kurabe.common.request import Answer, Request
from kurabe.models import config
from kurabe.models.registry import Registry
from perf.models import end_nowhere, surroundings, synchronize
from perf.notes import Notes
from tests.support import checkpoints

transformers: Any = import_module("transformers")
WORDS, ROUNDS = 32, 3
SIZE = (448, 336)
ASKED: tuple[tuple[Any, str], ...] = (
    ("verdict", "Is there a difference between the two pictures? Answer yes or no."),
    ("differences", "Name only the differences between the two pictures, one per line."),
    ("count", "How many differences are there? Answer with a number."),
)


def llava(folder: Path, device: str) -> tuple[Any, Any]:
    """Return a Llava of a few million parameters, a picture of which has 576 tokens, and its processor."""
    written = checkpoints.llava(folder, context=4096)
    shape = {"hidden_size": 256, "intermediate_size": 1024, "num_hidden_layers": 4, "num_attention_heads": 4}
    made = transformers.AutoConfig.from_pretrained(written)
    made.text_config.update(shape | {"num_key_value_heads": 4, "head_dim": 64})
    made.vision_config.update(shape | {"image_size": 336})
    processor = transformers.AutoProcessor.from_pretrained(written)
    processor.image_processor.size = {"shortest_edge": 336}
    processor.image_processor.crop_size = {"height": 336, "width": 336}
    return _build(made, device), processor


def qwen2_vl(folder: Path, device: str) -> tuple[Any, Any]:
    """Return a Qwen2-VL and its processor, of a few million parameters on the CPU, else of the 7B's size."""
    written = checkpoints.qwen2_vl(folder)
    made = transformers.AutoConfig.from_pretrained(written)
    small = device == "cpu"
    text = {"hidden_size": 256, "intermediate_size": 1024, "num_hidden_layers": 4, "num_attention_heads": 16}
    sight = {"depth": 4, "embed_dim": 256, "hidden_size": 256, "num_heads": 4, "mlp_ratio": 4}
    heads, section = 16, [4, 2, 2]
    if not small:
        text = {
            "hidden_size": 3584,
            "intermediate_size": 18944,
            "num_hidden_layers": 28,
            "num_attention_heads": 28,
        }
        sight = {"depth": 32, "embed_dim": 1280, "hidden_size": 3584, "num_heads": 16, "mlp_ratio": 4}
        heads, section = 4, [16, 24, 24]
    rope = {**made.text_config.rope_parameters, "mrope_section": section}
    made.text_config.update(text | {"num_key_value_heads": heads, "rope_parameters": rope})
    made.text_config.layer_types = ["full_attention"] * text["num_hidden_layers"]
    made.vision_config.update(sight)
    processor = transformers.AutoProcessor.from_pretrained(written)
    images = transformers.Qwen2VLImageProcessor(min_pixels=28 * 28, max_pixels=28 * 28 * 1280)
    processor.image_processor = images
    return _build(made, device), processor


def _build(made: Any, device: str) -> Any:
    torch.manual_seed(0)
    dtype = torch.float32 if device == "cpu" else torch.bfloat16
    with torch.device(device):
        return transformers.AutoModelForImageTextToText.from_config(
            made, dtype=dtype, attn_implementation="sdpa"
        )


def questions(pairs: int, seed: int) -> list[Request]:
    """Return the three questions about each of so many pairs of noise."""
    generator, found = np.random.default_rng(seed), []
    for number in range(pairs):
        pixels = generator.integers(0, 255, (2, SIZE[1], SIZE[0], 3), dtype=np.uint8)
        shown = Image.fromarray(pixels[0]), Image.fromarray(pixels[1])
        contents = f"{seed} {number} 0", f"{seed} {number} 1"
        words: dict[str, Any] = {"yes": ("Yes", "yes"), "no": ("No", "no"), "contents": contents}
        for kind, prompt in ASKED:
            found.append(Request("t", kind, prompt, shown, shown, "aligned", max_new_tokens=WORDS, **words))
    return found


def measured(build: Callable[..., Any], device: str, pairs: int) -> dict[str, Any]:
    """Return seconds with and without sharing, their ratio, and how far the answers are apart."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        model, processor = build(folder, device)
        lines = [
            "[models.m]",
            'engine = "local"',
            f'checkpoint = "{folder.as_posix()}"',
            f'device = "{device}"',
        ]
        (folder / "models.toml").write_text("\n".join(lines) + "\n", encoding="utf-8")
        engine: Any = Registry(config.read(folder / "models.toml")).engine("m")
        end_nowhere(model, processor)
        engine.adopt(model, processor, "sdpa")
        asked, counts = questions(pairs, 2), engine.counts
        _asked(engine, questions(min(pairs, 4), 1), device)
        trial = engine._running.trial("m")
        if not trial.passed:
            raise SystemExit(f"it does not share: {trial.refused}")
        seconds: dict[str, list[float]] = {"shared": [], "plain": []}
        answers: dict[str, list[Answer]] = {}
        before = counts.prefix_tokens_reused
        for way in ("shared", "plain") * ROUNDS:
            trial.refused = "as is measured here" if way == "plain" else ""
            answers[way], took = _asked(engine, asked, device)
            seconds[way].append(took)
        computed = (counts.prefix_tokens_reused - before) // ROUNDS
        tokens = sum(answer.tokens_in or 0 for answer in answers["shared"])
        together = list(zip(answers["shared"], answers["plain"], strict=True))
        return {
            "pairs": pairs,
            "questions": len(together),
            "parameters": int(model.num_parameters()),
            "tokens_in": tokens,
            "tokens_reused": computed,
            "shared_seconds": [round(took, 2) for took in seconds["shared"]],
            "plain_seconds": [round(took, 2) for took in seconds["plain"]],
            "ratio": round(min(seconds["shared"]) / min(seconds["plain"]), 3),
            "equal_texts": sum(one.text == other.text for one, other in together),
            "largest_difference_of_p": max(
                abs((one.p_different or 0) - (other.p_different or 0)) for one, other in together
            ),
        }


def _asked(engine: Any, requests: list[Request], device: str) -> tuple[list[Answer], float]:
    synchronize(device)
    clock = time.process_time if device == "cpu" else time.perf_counter
    start = clock()
    found = dict(engine.answer(requests))
    synchronize(device)
    seconds = clock() - start
    if errors := {answer.error for answer in found.values() if answer.error}:
        raise SystemExit("; ".join(errors))
    return [found[index] for index in range(len(requests))], seconds


def main(arguments: Sequence[str] | None = None) -> dict[str, Any]:
    """Measure, print and record."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--cuda", action="store_true")
    parser.add_argument("--pairs", type=int, default=8)
    parser.add_argument("--out", type=Path)
    asked = parser.parse_args(arguments)
    device = "cuda" if asked.cuda else "cpu"
    notes, threads = Notes(surroundings(device), asked.out), torch.get_num_threads()
    if device == "cpu":
        torch.set_num_threads(1)
    for build in (qwen2_vl,) if asked.cuda else (llava, qwen2_vl):
        notes.note(build.__name__, lambda build=build: measured(build, device, asked.pairs))  # type: ignore[misc]
    torch.set_num_threads(threads)
    return notes.record


if __name__ == "__main__":
    print(json.dumps(main(), indent=1))
