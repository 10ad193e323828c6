"""``transformers serve`` with the shipped tiny Llama, beside the same checkpoint in the bench itself."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from kurabe.models.families.mllama.correction import apply
from tests.support.child import Child, child
from tests.support.side_by_side import Asked

ROOT = Path(__file__).parents[4]
CHECKPOINT = ROOT / "checkpoints/tiny-mllama"
CASES = 8
QUESTIONS = ("verdict", "differences", "count")

HERE = f"""
[models.here]
engine = "local"
checkpoint = "{CHECKPOINT}"
device = "cpu"
dtype = "float32"
verdict = "text"
max_new_tokens = 24
default = true
"""
SERVED = """
[models.served]
engine = "endpoint"
base_url = "{url}"
model = "{checkpoint}"
max_new_tokens = 24
default = true
"""


@pytest.fixture(scope="module")
def server() -> Iterator[Child]:
    with child("tests.support.transformers_serve", str(CHECKPOINT)) as running:
        yield running


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with the first pairs of the shipped connectors."""
    root = tmp_path_factory.mktemp("project")
    shipped = ROOT / "cases/connector"
    whole = yaml.safe_load((shipped / "connector.yaml").read_text(encoding="utf-8"))
    whole["cases"] = whole["cases"][:CASES]
    whole["variants"], whole["defaults"]["ask"] = ["raw"], list(QUESTIONS)
    folder = root / "cases/connector"
    (folder / "images").mkdir(parents=True)
    for case in whole["cases"]:
        for picture in (case["reference"], case["test"]):
            shutil.copy(shipped / picture, folder / picture)
    (folder / "connector.yaml").write_text(yaml.safe_dump(whole), encoding="utf-8")
    return root


@pytest.fixture(scope="module")
def here(root: Path) -> Asked:
    return Asked(root, HERE, "here")


@pytest.fixture(scope="module")
def corrected(root: Path, server: Child) -> Asked:
    """What the server says with the bench's correction of Llama's picture features."""
    server.tell("corrected")
    return served(root, server)


def served(root: Path, server: Child) -> Asked:
    return Asked(root, SERVED.format(url=server.url, checkpoint=CHECKPOINT))


def test_corrected_it_says_what_the_bench_says(corrected: Asked, here: Asked) -> None:
    assert len(here.texts) >= 18
    assert len(set(here.texts.values())) > 3, "texts that are all alike would prove little"
    assert corrected.texts == here.texts
    assert corrected.tokens_in == here.tokens_in


def test_as_published_its_picture_features_change_answers(root: Path, server: Child, here: Asked) -> None:
    server.tell("published")
    there = served(root, server)
    changed = {name for name, text in there.texts.items() if text != here.texts[name]}
    # A transformers that has the features right needs no correction, and then all texts are equal.
    assert bool(changed) == (apply() == "corrected")


def test_what_it_ignores_is_found_out_and_said(corrected: Asked) -> None:
    assert corrected.facts["features"] == {"logprobs": "ignored", "schema": "ignored"}
    assert any("log-probabilities" in remark for remark in corrected.remarks)
    assert set(corrected.p.values()) == {None}
