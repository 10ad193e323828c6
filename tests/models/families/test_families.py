"""The table of families, the default, and the example of the guide, which runs as it stands there."""

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import torch

from kurabe.models import families
from kurabe.models.engines.local.engine import LocalEngine
from kurabe.models.families.family import Family
from kurabe.models.families.generic import Generic
from kurabe.models.families.inputs import prepare
from tests.models.engines.local.test_engine import answers, registry, request
from tests.support import checkpoints

ROOT = Path(__file__).resolve().parents[3]
GUIDE = ROOT / "docs/adding-a-family.md"


@pytest.fixture(scope="module")
def qwen(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return checkpoints.qwen2_vl(tmp_path_factory.mktemp("families") / "qwen2_vl")


@pytest.fixture
def example(monkeypatch: pytest.MonkeyPatch) -> Family:
    """Run the guide's two blocks of code, and register what they make."""
    made, table = re.findall(r"```python\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)
    module: dict[str, Any] = {"__name__": "kurabe.models.families.qwen2vl"}
    exec(compile(made, GUIDE.name, "exec"), module)
    family: Family = module["FAMILY"]
    monkeypatch.setitem(sys.modules, "kurabe.models.families.qwen2vl", type("Module", (), module))
    registered = dict(vars(families))
    exec(compile(table, GUIDE.name, "exec"), registered)
    assert {name: registered["KNOWN"][name] for name in families.KNOWN} == families.KNOWN
    monkeypatch.setattr(families, "KNOWN", registered["KNOWN"])
    return family


def engine_of(models: Any) -> LocalEngine:
    engine = models.ready("tiny")
    assert isinstance(engine, LocalEngine)
    return engine


def test_the_guides_family_is_found_and_answers(example: Family, qwen: Path, tmp_path: Path) -> None:
    requests = [request(n, kind, (600, 400)) for n, kind in enumerate(["verdict", "count", "describe"])]
    models = registry(tmp_path, qwen, crops=1)
    found = answers(models, requests)
    loaded = engine_of(models).base.loaded
    assert loaded is not None
    assert loaded.family is families.of("qwen2_vl") is example
    assert [answer.error for answer in found] == [None] * 3
    assert engine_of(models).runtime is None
    # The answer to a prompt of the same tensors by transformers itself.
    asked = prepare(example, loaded.processor, [requests[1].prompt], [requests[1].pictures], 1)
    with torch.inference_mode():
        produced = loaded.model.generate(**asked.tensors, max_new_tokens=8, do_sample=False)
    words = loaded.processor.tokenizer.decode(produced[0, asked.lengths[0] :], skip_special_tokens=True)
    assert found[1].text == words.strip()
    assert found[1].tokens_in == asked.lengths[0]


def test_crops_limit_the_tokens_of_a_picture_only_with_the_guides_family(
    example: Family, qwen: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def tokens(crops: int) -> int:
        (answer,) = answers(registry(tmp_path, qwen, crops=crops), [request(0, size=(300, 300))])
        return answer.tokens_in or 0

    limited = [tokens(1), tokens(2)]
    monkeypatch.setattr(families, "KNOWN", {})
    plain = [tokens(1), tokens(2)]
    assert plain[0] == plain[1]  # transformers takes the processor's own limit
    pictures = [each - plain[0] + 3 * 3 for each in limited]
    assert pictures == [7 * 7, 11 * 11]  # at most 64 tokens, and as many as the picture has without a limit


def test_a_family_that_is_not_in_the_table_is_left_to_transformers() -> None:
    family = families.of("llava")
    assert isinstance(family, Generic)
    assert family.model_type == "llava"
    assert family.rows(None, 4) is None
    assert family.spot_labels is None


@pytest.mark.parametrize("model_type", sorted(families.KNOWN))
def test_each_family_in_the_table_is_the_one_of_its_name(model_type: str) -> None:
    family = families.of(model_type)
    assert family.model_type == model_type
    assert families.of(model_type) is family


def run(program: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


def test_importing_a_family_registers_it_and_the_table_imports_neither() -> None:
    assert (
        run(
            "import sys; from kurabe.models import families; import kurabe.models.engines.local.engine;"
            "print('torch' in sys.modules, any('phi3v' in name or 'mllama' in name for name in sys.modules))"
        )
        == "False False"
    )
    assert run(
        "import kurabe.models.families.phi3v; from transformers import AutoConfig, AutoProcessor;"
        "print(type(AutoConfig.for_model('phi3_v')).__name__)"
    ).endswith("Phi3VConfig")
    assert run(
        "import kurabe.models.families.mllama as family; from kurabe.models import families;"
        "print(families.of('mllama') is family.FAMILY, family.apply(), family.apply())"
    ).endswith("True corrected corrected")


def test_models_import_no_room_above_them() -> None:
    # Also what is imported only when a model is loaded, attached or trained.
    program = (
        "import importlib, pkgutil, sys; import kurabe.models as room;"
        "names = [m.name for m in pkgutil.walk_packages(room.__path__, 'kurabe.models.')];"
        "kernels = 'kurabe.models.runtime.kernels.';"
        "[importlib.import_module(name) for name in names if not name.startswith(kernels)];"
        "rooms = {name.split('.')[1] for name in sys.modules if name.startswith('kurabe.')};"
        "print(sorted(rooms), 'pytest' in sys.modules, '_pytest' in sys.modules)"
    )
    assert run(program) == "['common', 'imaging', 'models'] False False"
