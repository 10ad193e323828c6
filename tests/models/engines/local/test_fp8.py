"""``quantization = "fp8"`` of the local engine: where it runs, and how far it moves answers."""

from pathlib import Path
from typing import Any

import pytest

from kurabe.commands.check_model import check_model
from kurabe.commands.console import console, print_model_check
from kurabe.common.errors import ModelError
from kurabe.models import config
from kurabe.models.engines.local import checkpoint
from kurabe.models.registry import Registry
from kurabe.models.runtime.fp8 import LEAST_CAPABILITY
from tests.models.engines.local.test_engine import RUNTIMES, answers, registry, request
from tests.support import checkpoints


@pytest.fixture
def anywhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let 8 bits be computed on the CPU, too."""
    monkeypatch.setattr(checkpoint, "lacks_eights", lambda _device: "")


def test_a_machine_that_cannot_multiply_in_8_bits_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    models = registry(tmp_path, checkpoints.golden_phi3v(tmp_path / "phi"), quantization="fp8", device="cpu")
    found = models.readiness("tiny")
    assert not found.ready
    assert "8.9 or newer" in found.reason
    assert "'4bit'" in found.reason
    with pytest.raises(ModelError, match="compute capability"):
        models.ready("tiny")
    for capability, lacks in (((8, 6), True), (LEAST_CAPABILITY, False), ((9, 0), False)):
        monkeypatch.setattr(checkpoint, "cuda_capability", lambda own=capability: own)
        assert bool(checkpoint.lacks_eights("cuda")) == lacks
    assert checkpoint.lacks_eights("cpu")


@pytest.mark.parametrize(
    ("settings", "what"),
    [
        ({"dtype": "float16"}, "bfloat16: leave 'dtype' out"),
        ({"device_map": "auto"}, "device_map"),
        ({"attention": "eager"}, "sdpa"),
    ],
)
def test_settings_that_do_not_go_with_it_are_refused(
    tmp_path: Path, settings: dict[str, Any], what: str
) -> None:
    with pytest.raises(ModelError, match=what):
        registry(tmp_path, tmp_path, quantization="fp8", **settings).engine("tiny")


@pytest.mark.usefixtures("anywhere")
def test_other_families_are_refused(tmp_path: Path) -> None:
    folder = checkpoints.llava(tmp_path / "llava")
    with pytest.raises(ModelError, match="for phi3_v and mllama, this is llava: set '4bit'"):
        registry(tmp_path, folder, quantization="fp8", device="cpu").ready("tiny")


@pytest.mark.usefixtures("anywhere")
@pytest.mark.parametrize("family", sorted(RUNTIMES))
def test_it_is_answered_by_the_bench_s_own_loops_and_told_apart(family: str, tmp_path: Path) -> None:
    folder = RUNTIMES[family](tmp_path / family)
    exact = registry(tmp_path, folder, dtype="bfloat16", device="cpu")
    eights = registry(tmp_path, folder, quantization="fp8", device="cpu")
    assert exact.fingerprint("tiny") != eights.fingerprint("tiny")
    asked = [request(n, kind) for n, kind in enumerate(["verdict", "differences", "verdict"])]
    for one, other in zip(answers(exact, asked), answers(eights, asked), strict=True):
        assert other.error is None
        if one.p_different is not None:
            assert other.p_different is not None
            assert 0 < abs(one.p_different - other.p_different) < 0.1
    facts = eights.facts("tiny")
    assert facts["quantization"] == "fp8"
    assert facts["dtype"] == "torch.bfloat16"
    assert facts["runtime"] is not None
    assert facts["parameters"] == exact.facts("tiny")["parameters"]


@pytest.mark.usefixtures("anywhere")
def test_a_check_says_how_far_answers_move(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = checkpoints.golden_phi3v(tmp_path / "phi")
    path = tmp_path / "models.toml"
    path.write_text(
        f"""
        [models.base]
        engine = "local"
        checkpoint = "{folder.as_posix()}"
        quantization = "fp8"
        device = "cpu"
        layout = "separate"
        [models.tuned]
        engine = "local"
        base = "base"
        adapter = "{(Path(__file__).parents[3] / "data" / "adapters" / "lm_only").as_posix()}"
        layout = "separate"
        """,
        encoding="utf-8",
    )
    for name in ("base", "tuned"):
        models = Registry(config.read(path))
        found = check_model(models, name)
        assert len(found.moved) == 3
        assert 0 < max(found.moved) < 0.1
        assert not models.loaded_names()
        print_model_check(name, found, console())
        assert f"{max(found.moved):.4f} at most" in " ".join(capsys.readouterr().out.split())
