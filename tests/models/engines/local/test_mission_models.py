"""The architectures of the mission and adapters on them, as entries of models.toml like any other."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.support import checkpoints
from tests.support.project import case, project, suite

ENTRIES = """
[models.phi]
engine = "local"
checkpoint = "phi"
default = true
device = "cpu"
crops = 1
max_new_tokens = 4

[models.phi-lm]
engine = "local"
base = "phi"
adapter = "{adapters}/lm_only"
default = true

[models.phi-vision]
engine = "local"
base = "phi"
adapter = "{adapters}/2u1_vision"
default = true

[models.llama]
engine = "local"
checkpoint = "llama"
default = true
device = "cpu"
max_new_tokens = 4

[models.llama-list]
engine = "local"
base = "llama"
adapter = "{mllama}/list"
default = true
"""


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("mission")
    data = checkpoints.DATA
    entries = ENTRIES.format(adapters=data / "adapters", mllama=data / "mllama" / "adapters")
    project(root, entries)
    expect = {"verdict": "different", "differences": [{"says": [["pin"]]}]}
    suite(root, "pins", [case("a1", "different", ask=["verdict", "differences"]) | {"expect": expect}])
    checkpoints.golden_phi3v(root / "phi")
    checkpoints.golden_mllama(root / "llama")
    return root


def run(root: Path, *options: str) -> tuple[int, list[dict[str, Any]], dict[str, Any]]:
    """Run the bench in ``root``; return the exit code, the results by trial, and the manifest."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(root)
        code = pytest.main(["--pyargs", "kurabe.plugin.test_pairs", "-q", "-p", "no:cacheprovider", *options])
    folder = sorted((root / "reports" / "runs").iterdir())[-1]
    lines = (folder / "results.jsonl").read_text(encoding="utf-8").splitlines()
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    return int(code), [json.loads(line) for line in lines], manifest


def test_golden_checkpoints_and_adapters_answer_like_any_other_model(root: Path) -> None:
    code, results, manifest = run(root)
    assert code == 0
    assert len(results) == 5 * 3  # a verdict, differences, and the control, for each of five models
    assert {line["outcome"] for line in results} <= {"correct", "wrong", "unparsed"}
    verdicts = {
        line["model"]: line["p_different"] for line in results if line["trial"].startswith("pins/a1-v")
    }
    assert all(0 < p < 1 for p in verdicts.values())
    # Random adapters change the answer: three models on one base, two on the other.
    assert len({verdicts[name] for name in ("phi", "phi-lm", "phi-vision")}) == 3
    assert verdicts["llama"] != verdicts["llama-list"]
    assert manifest["models"]["phi"]["attention"] == "sdpa"
    assert manifest["models"]["phi-lm"]["adapter"].endswith("lm_only")


def test_the_base_answers_the_same_with_adapters_beside_it(root: Path) -> None:
    _, alone, _ = run(root, "--kurabe-model", "phi", "--kurabe-fresh")
    _, beside, _ = run(root, "--kurabe-model", "phi*", "--kurabe-fresh")
    expected = {line["trial"]: (line["text"], line["p_different"]) for line in alone}
    found = {line["trial"]: (line["text"], line["p_different"]) for line in beside if line["model"] == "phi"}
    assert found == expected


def test_an_adapter_on_the_wrong_base_is_an_error_of_its_trials(root: Path) -> None:
    entries = (root / "models.toml").read_text(encoding="utf-8")
    try:
        wrong = entries.replace('base = "llama"\nadapter = "', 'base = "phi"\nadapter = "')
        (root / "models.toml").write_text(wrong, encoding="utf-8")
        code, results, _ = run(root, "--kurabe-model", "llama-list")
    finally:
        (root / "models.toml").write_text(entries, encoding="utf-8")
    assert code == 1
    assert {line["outcome"] for line in results} == {"error"}
    assert "mllama" in results[0]["error"] or "modules" in results[0]["error"]
