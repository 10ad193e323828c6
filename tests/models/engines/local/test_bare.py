"""The modules alone answer as transformers' own model does, and are there without its imports."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
import transformers
from PIL import Image

from kurabe.common.errors import ModelError
from kurabe.common.request import Answer
from kurabe.models import families
from kurabe.models.config import LocalSettings
from kurabe.models.engines.local.checkpoint import Base
from kurabe.models.families.bare import Bare
from kurabe.models.families.inputs import prepare
from kurabe.models.families.mllama import tiles
from kurabe.models.families.mllama.correction import with_all_tiles
from kurabe.models.families.mllama.processor import BareProcessor
from kurabe.models.registry import Registry
from tests.models.engines.local.test_engine import answers, registry, request
from tests.support import checkpoints

ROOT = Path(__file__).resolve().parents[4]
SHIPPED = {name: ROOT / "checkpoints" / name for name in ("tiny-mllama", "tiny-phi3v")}
BUILDERS: dict[str, Callable[[Path], Path]] = {
    "mllama": checkpoints.golden_mllama,
    "phi3v": checkpoints.golden_phi3v,
}


@pytest.fixture(params=sorted(SHIPPED) + sorted(BUILDERS))
def checkpoint(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    name = request.param
    return SHIPPED[name] if name in SHIPPED else BUILDERS[name](tmp_path / name)


def base_of(folder: Path, **settings: Any) -> Base:
    return Base(LocalSettings(checkpoint=str(folder), device="cpu", **settings), folder)


def engine_of(models: Registry) -> Any:
    return models.ready("tiny")


def told(found: list[Answer]) -> list[tuple[object, ...]]:
    return [(answer.text, answer.p_different, answer.error, answer.tokens_in) for answer in found]


def test_answers_are_those_of_transformers_model(checkpoint: Path, tmp_path: Path) -> None:
    kinds = ["verdict", "count", "differences", "verdict"]
    asked = [request(n, kind, (200 + 40 * n, 160)) for n, kind in enumerate(kinds)]
    models = registry(tmp_path, checkpoint)
    bare = answers(models, asked)
    assert isinstance(engine_of(models).base.loaded.model, Bare)
    other = registry(tmp_path, checkpoint)
    engine = engine_of(other)
    whole = engine.base.load()
    assert isinstance(whole.model, transformers.PreTrainedModel)
    engine.adopt(whole.model, whole.processor, whole.attention)
    assert told(bare) == told(answers(other, asked))
    assert all(answer.error is None for answer in bare)


def test_the_whole_model_has_the_same_weights_in_memory_and_the_same_ends(checkpoint: Path) -> None:
    base = base_of(checkpoint)
    bare = base.load_for_loops()
    assert isinstance(bare.model, Bare)
    assert base.load_for_loops() is bare
    whole = base.load()
    assert base.loaded is whole
    assert whole.whole() is whole
    parameters = dict(whole.model.named_parameters())
    assert parameters.keys() == dict(bare.model.named_parameters()).keys()
    for name, parameter in bare.model.named_parameters():
        assert parameters[name].data_ptr() == parameter.data_ptr(), name
    family = bare.family
    assert family.end_tokens(bare.model, bare.processor) == family.end_tokens(whole.model, whole.processor)
    assert bare.model.num_parameters() == whole.model.num_parameters()
    assert (bare.model.dtype, bare.device) == (whole.model.dtype, whole.device)


@pytest.mark.parametrize("name", sorted(SHIPPED))
def test_a_run_without_adapters_imports_no_models_of_transformers(name: str, tmp_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from tests.models.engines.local.test_engine import *;"
        f"found = answers(registry(Path({str(tmp_path)!r}), Path({str(SHIPPED[name])!r})),"
        " [request(0, 'verdict', (300, 200)), request(1, 'count', (300, 200))]);"
        "heavy = ('transformers.modeling_utils', 'torch._dynamo', 'torchvision', 'scipy', 'sklearn');"
        "print([answer.error for answer in found], [each for each in heavy if each in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[None, None] []"


def test_an_adapter_is_put_on_the_whole_model_after_its_base_has_answered(tmp_path: Path) -> None:
    path = tmp_path / "models.toml"
    adapter = ROOT / "checkpoints" / "tiny-phi3v-connector"
    path.write_text(
        f'[models.tiny]\nengine = "local"\ncheckpoint = {json.dumps(str(SHIPPED["tiny-phi3v"]))}\n'
        f'[models.tuned]\nengine = "local"\nbase = "tiny"\nadapter = {json.dumps(str(adapter))}\n',
        encoding="utf-8",
    )
    asked = [request(n, "verdict", (300, 200 + 20 * n)) for n in range(3)]

    def scores(*order: str) -> dict[str, list[float | None]]:
        from kurabe.models import config

        models = Registry(config.read(path))
        found: dict[str, list[float | None]] = {}
        for name in order:
            given = sorted(models.ready(name).answer(asked), key=lambda pair: pair[0])
            found[name] = [answer.p_different for _, answer in given]
        return found

    found = scores("tiny", "tuned", "tiny")
    assert found == scores("tuned", "tiny")
    assert found["tiny"] != found["tuned"]


@pytest.mark.parametrize("name", sorted(BUILDERS))
@pytest.mark.parametrize(
    "change",
    [
        {"rope_type": "dynamic", "factor": 2.0},
        {"hidden_act": "relu"},
        {"tie_word_embeddings": True},
    ],
)
def test_what_the_modules_do_not_compute_is_left_to_transformers(
    name: str, change: dict[str, Any], tmp_path: Path
) -> None:
    checkpoint = BUILDERS[name](tmp_path / name)
    file = checkpoint / "config.json"
    config = json.loads(file.read_text(encoding="utf-8"))
    described = config.get("text_config", config)
    if "rope_type" in change:
        described.pop("rope_scaling", None)
        described["rope_parameters"] = {"rope_theta": 10000.0} | change
    else:
        described |= change
    file.write_text(json.dumps(config), encoding="utf-8")
    assert not isinstance(base_of(checkpoint).load_for_loops().model, Bare)


def test_a_tensor_too_many_or_of_another_shape_is_told_as_by_transformers(tmp_path: Path) -> None:
    from safetensors.torch import load_file, save_file

    checkpoint = checkpoints.golden_phi3v(tmp_path / "phi3v")
    file = checkpoint / "model.safetensors"
    tensors = load_file(file)
    for changed in (tensors | {"stranger": torch.ones(1)}, tensors | {"lm_head.weight": torch.ones(3, 3)}):
        save_file(changed, file, metadata={"format": "pt"})
        with pytest.raises(ModelError) as plain:
            base_of(checkpoint).load()
        with pytest.raises(ModelError) as found:
            base_of(checkpoint).load_for_loops()
        assert str(found.value) == str(plain.value)


def test_tensors_that_belong_to_no_module_are_left_out(tmp_path: Path) -> None:
    from safetensors.torch import load_file, save_file

    checkpoint = checkpoints.golden_phi3v(tmp_path / "phi3v")
    file = checkpoint / "model.safetensors"
    more = {"model.vision_embed_tokens.wte.weight": torch.ones(2, 2)}
    save_file(load_file(file) | more, file, metadata={"format": "pt"})
    assert isinstance(base_of(checkpoint).load_for_loops().model, Bare)


@pytest.mark.parametrize("settings", [{"attention": "eager"}, {"device_map": "auto"}])
def test_settings_that_are_transformers_own_take_its_model(settings: dict[str, Any], tmp_path: Path) -> None:
    loaded = base_of(SHIPPED["tiny-phi3v"], **settings).load_for_loops()
    assert isinstance(loaded.model, transformers.PreTrainedModel)


def noise(width: int, height: int) -> Image.Image:
    pixels = np.random.default_rng([width, height]).integers(0, 256, (height, width, 3), dtype=np.uint8)
    return Image.fromarray(pixels)


SIZES = [
    (1, 4), (20, 700), (55, 56), (56, 56), (57, 56), (112, 56), (113, 57), (167, 169), (224, 224), (225, 224),
    (300, 50), (336, 112), (500, 501), (640, 480), (1000, 70),
]  # fmt: skip


@pytest.mark.parametrize("backend", ["MllamaImageProcessor", "MllamaImageProcessorPil"])
@pytest.mark.parametrize("asked", [1, 2, 3, 4])
def test_tiles_are_those_of_the_image_processor(backend: str, asked: int) -> None:
    processor: Any = getattr(transformers, backend)(size={"height": 56, "width": 56}, max_image_tiles=4)
    settings = tiles.TileSettings.read(processor.to_dict(), by_pillow=backend.endswith("Pil"))
    assert settings is not None
    for size in SIZES:
        made = processor(
            images=[[noise(*size)]],
            max_image_tiles=asked,
            do_rescale=False,
            do_normalize=False,
            return_tensors="pt",
        )
        made = with_all_tiles(dict(made), asked, 4)
        crops, shape = tiles.cut(noise(*size), asked, settings)
        assert tiles.arrangements(4).index(shape) + 1 == int(made["aspect_ratio_ids"]), size
        assert torch.equal(made["pixel_values"][0, 0, : len(crops)].to(torch.uint8), crops), size
        assert not made["pixel_values"][0, 0, len(crops) :].any(), size


def test_an_image_processor_that_does_something_else_is_not_imitated() -> None:
    usual = transformers.MllamaImageProcessor(size={"height": 56, "width": 56}).to_dict()
    assert tiles.TileSettings.read(usual) is not None
    for change in (
        {"do_pad": False},
        {"resample": 3},
        {"size": {"height": 56, "width": 28}},
        {"image_mean": None},
    ):
        assert tiles.TileSettings.read(usual | change) is None


@pytest.mark.parametrize("begins", [True, False])
def test_prompts_are_those_of_the_processor(begins: bool, tmp_path: Path) -> None:
    folder = checkpoints.golden_mllama(tmp_path / "mllama")
    template = folder / "chat_template.jinja"
    if not begins:
        template.write_text(template.read_text(encoding="utf-8").removeprefix("<s>"), encoding="utf-8")
    family = families.of("mllama")
    whole, bare = family.processor(folder), BareProcessor.read(folder)
    assert bare is not None
    for prompt in ("Is there a difference?", "違いはありますか。\n", "  <b> é\u3000", ""):
        asked = prepare(family, whole, [prompt], [[noise(60, 60)]], None)
        rows = family.rows(bare, None)
        assert rows is not None
        assert rows.ids(prompt, (1,)) == asked.tensors["input_ids"][0].tolist(), prompt
        assert rows.ids(prompt, (1,)) == family.rows(whole, None).ids(prompt, (1,))  # type: ignore[union-attr]


def test_a_question_that_names_a_picture_itself_is_refused(tmp_path: Path) -> None:
    folder = checkpoints.golden_mllama(tmp_path / "mllama")
    rows = families.of("mllama").rows(BareProcessor.read(folder), None)
    assert rows is not None
    with pytest.raises(ModelError, match=r"names 2 pictures by <\|image\|>, but 1 are given"):
        rows.ids("What is <|image|>?", (1,))


def test_a_processor_is_read_as_published_and_left_alone_where_files_disagree(tmp_path: Path) -> None:
    folder = checkpoints.golden_mllama(tmp_path / "mllama")
    file = folder / "processor_config.json"
    stored = json.loads(file.read_text(encoding="utf-8"))
    pictures = stored.pop("image_processor")
    template = (folder / "chat_template.jinja").read_text(encoding="utf-8")
    one = BareProcessor.read(folder)
    assert one is not None
    # As the model was published: a file for the pictures, and the template in JSON.
    alone = folder / "preprocessor_config.json"
    alone.write_text(json.dumps(pictures), encoding="utf-8")
    assert BareProcessor.read(folder) is None  # which of the two counts?
    file.write_text(json.dumps(stored), encoding="utf-8")
    (folder / "chat_template.jinja").unlink()
    assert BareProcessor.read(folder) is None
    (folder / "chat_template.json").write_text(json.dumps({"chat_template": template}), encoding="utf-8")
    other = BareProcessor.read(folder)
    assert other is not None
    assert (other.chat_template, other.image_processor) == (one.chat_template, one.image_processor)
    assert isinstance(base_of(folder).load_for_loops().model, Bare)
