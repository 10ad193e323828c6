"""llama.cpp's server with a tiny Llava, converted here, beside the same checkpoint in the bench itself."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from safetensors.numpy import load_file, save_file

from tests.support import checkpoints
from tests.support.child import Child, child
from tests.support.gguf_llava import convert
from tests.support.project import case, picture, suite
from tests.support.side_by_side import Asked

CASES = 6
SIDE = 56
"""The model's own size of pictures: how each side resizes and crops them is not what is compared."""

HERE = """
[models.here]
engine = "local"
checkpoint = "{checkpoint}"
device = "cpu"
dtype = "float32"
layout = "separate"
max_new_tokens = 12
"""
SERVED = """
[models.served]
engine = "endpoint"
base_url = "{url}"
model = "tiny"
layout = "separate"
max_new_tokens = 12
verdict = "{verdict}"
structured = {structured}
"""


@pytest.fixture(scope="module")
def checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Llava with random weights that tends to yes and no, which else were not among its likeliest words."""
    folder = checkpoints.llava(tmp_path_factory.mktemp("llava"), context=1024)
    words = json.loads((folder / "tokenizer.json").read_text(encoding="utf-8"))["model"]["vocab"]
    weights = load_file(folder / "model.safetensors")
    head = weights["language_model.lm_head.weight"]
    head *= 10
    head[[words[word] for word in ("Yes", "No", "yes", "no") if word in words]] *= 2
    save_file(weights, folder / "model.safetensors", {"format": "pt"})
    return folder


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("project")
    ask = {"ask": ["verdict", "differences", "count"]}
    cases = [case(f"p{n}", "different" if n % 2 else "same") for n in range(CASES)]
    for each in cases:
        each["expect"] |= (
            {"count": 0, "differences": []} if each["expect"]["verdict"] == "same" else {"count": 1}
        )
    folder = suite(root, "pins", cases, defaults=ask).parent / "images"
    for number, path in enumerate(sorted(folder.iterdir())):
        picture(path, defect=bool(number % 2), shade=190 - 20 * number, size=(SIDE, SIDE))
    return root


@pytest.fixture(scope="module")
def server(checkpoint: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Child]:
    model, tower = convert(checkpoint, tmp_path_factory.mktemp("gguf"))
    with child("tests.support.llama_server", str(model), str(tower)) as running:
        yield running


def served(root: Path, server: Child, verdict: str, *, structured: bool) -> Asked:
    settings = {"verdict": verdict, "structured": str(structured).lower()}
    return Asked(root, SERVED.format(url=server.url, **settings))


@pytest.fixture(scope="module")
def here(root: Path, checkpoint: Path) -> Asked:
    return Asked(root, HERE.format(checkpoint=checkpoint), "here")


def test_it_says_what_the_bench_says(root: Path, server: Child, here: Asked) -> None:
    there = served(root, server, "logits", structured=False)
    assert len(there.texts) == 3 * CASES - CASES // 2
    assert len(set(here.texts.values())) > 2, "texts that are all alike would prove little"
    assert there.texts == here.texts
    assert there.tokens_in == here.tokens_in


def test_p_comes_from_the_twenty_likeliest_words(root: Path, server: Child, here: Asked) -> None:
    there = served(root, server, "logits", structured=False)
    assert there.facts["features"] == {"logprobs": "given"}
    pairs = [(there.p[trial], p) for trial, p in here.p.items() if p is not None]
    assert len(pairs) == CASES
    for p, whole in pairs:
        # Here over all words. There "no" is not among the likeliest, and counts as much as the last that is.
        assert p is not None
        assert 0.5 < p < whole


def test_it_holds_answers_to_a_form(root: Path, server: Child) -> None:
    there = served(root, server, "text", structured=True)
    assert there.facts["features"] == {"schema": "given"}
    # Random weights may fill what is left with the space that the form allows, but they cannot leave it.
    assert {text[0] for text in there.texts.values()} == {"{"}
