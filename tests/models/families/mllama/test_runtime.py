"""Llama-3.2-Vision by the runtime against transformers' own forward and generate, in float32 on the CPU."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from tests.models.adapters.made import MLLAMA_ADAPTERS, gap, llama
from tests.support import checkpoints

TOLERANCE = 1e-4
SIZES = {1: (50, 50), 2: (50, 110), 3: (168, 56), 4: (110, 110)}
"""Pictures that the processor cuts into so many tiles."""
NOTHING_ENDS = frozenset({-1})


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return checkpoints.golden_mllama(tmp_path_factory.mktemp("mllama") / "tiny")


@pytest.fixture(scope="module")
def processor(folder: Path) -> Any:
    from transformers import AutoProcessor

    found: Any = AutoProcessor.from_pretrained(folder)
    return found


@pytest.fixture
def model(folder: Path) -> Any:
    from transformers import AutoModelForImageTextToText

    from kurabe.models.families.mllama import correction as mllama

    mllama.apply()
    found: Any = AutoModelForImageTextToText.from_pretrained(folder, attn_implementation="sdpa")
    return found.eval()


def runtime(model: Any, processor: Any) -> Any:
    from kurabe.models.families.mllama.runtime import MllamaRuntime
    from kurabe.models.runtime.counts import Counts

    return MllamaRuntime(model, processor, Counts())


def picture(seed: int, tiles: int) -> Image.Image:
    width, height = SIZES[tiles]
    pixels = np.random.default_rng(seed).integers(0, 256, (height, width, 3), dtype=np.uint8)
    return Image.fromarray(pixels)


Asked = tuple[str, Image.Image]
MIXED: list[Asked] = [
    ("<s><|image|>Is there a difference?", picture(0, 4)),
    ("<s>abc<|image|>Name it.", picture(1, 2)),
    ("<s>abcdefgh<|image|>Only what has changed in the thing itself counts as a difference.", picture(2, 1)),
    ("<s><|image|>x", picture(3, 3)),
    ("<s>abc<|image|>Name all the differences.", picture(4, 4)),
]
FULL: list[Asked] = [
    ("<s>ab<|image|>Same?", picture(5, 4)),
    ("<s>a<|image|>Same or different?", picture(6, 4)),
]


def inputs(processor: Any, text: str, image: Image.Image) -> Any:
    return processor(text=[text], images=[[image]], add_special_tokens=False, return_tensors="pt")


def row(processor: Any, text: str, image: Image.Image) -> Any:
    """The row that belongs to what the processor makes of a request."""
    import torch

    from kurabe.models.runtime.prepared import Picture, Row

    made = inputs(processor, text, image)
    used = int(made["aspect_ratio_mask"].sum())
    images = processor.image_processor
    mean, std = (torch.tensor(v).view(3, 1, 1) for v in (images.image_mean, images.image_std))
    tiles = ((made["pixel_values"][0, 0, :used] * std + mean) * 255).round().to(torch.uint8)
    aspect = int(made["aspect_ratio_ids"])
    digest = tiles.numpy().tobytes() + bytes([aspect])
    return Row(made["input_ids"][0].tolist(), (Picture(digest, tiles, (1, used), 1, aspect),))


def rows(processor: Any, asked: Sequence[Asked]) -> list[Any]:
    return [row(processor, *one) for one in asked]


def expected(model: Any, processor: Any, asked: Asked, limit: int) -> tuple[Any, list[int]]:
    """First-step logits and greedy tokens by transformers, of one request alone."""
    import torch

    made = inputs(processor, *asked)
    with torch.inference_mode():
        out = model.generate(
            **made,
            generation_config=_greedy(limit),
            output_logits=True,
            return_dict_in_generate=True,
        )
    return out.logits[0][0], out.sequences[0, made["input_ids"].shape[1] :].tolist()


def _greedy(limit: int) -> Any:
    from transformers import GenerationConfig

    return GenerationConfig(max_new_tokens=limit, do_sample=False, pad_token_id=299, eos_token_id=-1)


def answer(own: Any, asked: list[Any], limit: int) -> Any:
    from kurabe.models.runtime.loop import answer_rows

    return answer_rows(own, asked, limit=limit, ends=NOTHING_ENDS, pad=299)


def agree(model: Any, processor: Any, own: Any, asked: Sequence[Asked], limit: int) -> None:
    produced = answer(own, rows(processor, asked), limit)
    for number, one in enumerate(asked):
        logits, tokens = expected(model, processor, one, limit)
        assert gap(produced.first_logits[number], logits) < TOLERANCE
        assert produced.tokens[number] == tokens
    assert produced.finite == [True] * len(asked)


def test_pictures_have_as_many_tiles_as_these_tests_say(processor: Any) -> None:
    for tiles in SIZES:
        assert len(row(processor, "<s><|image|>", picture(0, tiles)).pictures[0].crops) == tiles


@pytest.mark.parametrize("number", range(len(MIXED)))
def test_a_row_alone_gives_what_transformers_gives(model: Any, processor: Any, number: int) -> None:
    agree(model, processor, runtime(model, processor), [MIXED[number]], 12)


def test_a_batch_of_mixed_lengths_tags_and_tiles_gives_what_its_rows_give_alone(
    model: Any, processor: Any
) -> None:
    agree(model, processor, runtime(model, processor), MIXED, 12)


def test_decoding_looks_at_as_many_tiles_as_the_largest_picture_uses(model: Any, processor: Any) -> None:
    own = runtime(model, processor)
    agree(model, processor, own, FULL, 12)
    assert own.graph_key() == 4
    agree(model, processor, own, MIXED[1:2], 12)
    assert own.graph_key() == 2


def test_rows_that_go_together_need_not_stand_together(
    model: Any, processor: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from kurabe.models.families.mllama import runtime as mllama_runtime

    monkeypatch.setattr(mllama_runtime, "TREES_PER_PASS", 2)
    monkeypatch.setattr(mllama_runtime, "PICTURES_PER_PASS", 1)
    asked = [("<s><|image|>" + "x" * (20 - n), picture(10 + n, (4, 2)[n % 2])) for n in range(7)]
    own = runtime(model, processor)
    agree(model, processor, own, asked, 6)
    assert own.counts.prefills == 4  # two passes of four large pictures, two of three small ones


def test_batches_of_other_kinds_leave_nothing_behind(model: Any, processor: Any) -> None:
    own = runtime(model, processor)
    for asked in (MIXED, FULL, MIXED[1:3], FULL, MIXED):
        agree(model, processor, own, asked, 5)


def test_a_verdict_takes_one_pass_and_no_buffers(model: Any, processor: Any) -> None:
    own = runtime(model, processor)
    agree(model, processor, own, FULL, 1)
    assert own.workspace.held == 0
    assert own.counts.steps == 0


def test_rows_that_end_leave_the_others_as_they_are(model: Any, processor: Any) -> None:
    from kurabe.models.runtime.loop import answer_rows

    asked = [*MIXED, *FULL, *MIXED]
    alone = [expected(model, processor, one, 24)[1] for one in asked]
    ends = frozenset({alone[0][2], alone[1][9]})
    produced = answer_rows(runtime(model, processor), rows(processor, asked), limit=24, ends=ends, pad=299)
    for tokens, whole in zip(produced.tokens, alone, strict=True):
        length = next((n + 1 for n, token in enumerate(whole) if token in ends), len(whole))
        assert tokens == whole[:length]
    assert len({len(tokens) for tokens in produced.tokens}) > 1


def test_logits_equal_those_of_a_forward_pass(model: Any, processor: Any) -> None:
    """Against ``forward``, which unlike ``generate`` keeps no cache."""
    import torch

    own = runtime(model, processor)
    produced = answer(own, rows(processor, MIXED), 1)
    for logits, one in zip(produced.first_logits, MIXED, strict=True):
        with torch.inference_mode():
            assert gap(logits, model(**inputs(processor, *one)).logits[0, -1]) < TOLERANCE


@pytest.mark.parametrize("last", [True, False])
def test_either_kind_of_layer_may_come_last(processor: Any, last: bool) -> None:
    """The full-size model ends with self-attention, the golden one with cross-attention."""
    import torch
    from transformers import AutoConfig, AutoModelForImageTextToText

    from kurabe.models.families.mllama import correction as mllama

    mllama.apply()
    config: Any = AutoConfig.from_pretrained(checkpoints.DATA / "mllama" / "tiny")
    config.text_config.cross_attention_layers = [1, 3] if last else [1, 2]
    torch.manual_seed(0)
    model: Any = AutoModelForImageTextToText.from_config(config, attn_implementation="sdpa").eval()
    for parameter in model.parameters():  # gates are zero at first, and would hide the pictures
        torch.nn.init.normal_(parameter, std=0.2)
    agree(model, processor, runtime(model, processor), MIXED, 6)


@pytest.mark.parametrize("name", MLLAMA_ADAPTERS)
def test_adapters_on_text_and_vision_count(model: Any, processor: Any, name: str) -> None:
    from kurabe.models import adapters

    own = runtime(model, processor)  # made before the adapter came, as an engine's is
    before = answer(own, rows(processor, MIXED), 1).first_logits
    wrapped = adapters.attach(model, llama(name), name).model
    adapters.use(wrapped, name)
    agree(wrapped, processor, own, MIXED, 6)
    assert gap(answer(own, rows(processor, MIXED), 1).first_logits, before) > 1e-3

    adapters.use(wrapped, None)
    assert gap(answer(own, rows(processor, MIXED), 1).first_logits, before) < TOLERANCE
    assert (
        gap(answer(runtime(wrapped, processor), rows(processor, MIXED), 1).first_logits, before) < TOLERANCE
    )


@pytest.mark.filterwarnings("ignore:.*is_gradient_checkpointing:FutureWarning")
def test_modules_that_an_adapter_replaces_later_are_found(model: Any, processor: Any) -> None:
    """PEFT puts its own module in the place of a linear one, and around one that is saved whole."""
    import torch
    from peft import LoraConfig, get_peft_model

    own = runtime(model, processor)
    before = answer(own, rows(processor, MIXED), 1).first_logits
    config = LoraConfig(
        r=4,
        target_modules=["multi_modal_projector", "patch_embedding", "embed_tokens", "q_proj"],
        modules_to_save=["lm_head"],
        init_lora_weights=False,
    )
    torch.manual_seed(0)
    wrapped: Any = get_peft_model(model, config).eval()
    torch.nn.init.normal_(model.lm_head.modules_to_save["default"].weight, std=0.2)
    agree(wrapped, processor, own, MIXED, 6)
    assert gap(answer(own, rows(processor, MIXED), 1).first_logits, before) > 1e-3


def test_a_picture_is_encoded_once_and_anew_for_an_adapter_of_the_tower(model: Any, processor: Any) -> None:
    from kurabe.models import adapters

    own = runtime(model, processor)
    asked = rows(processor, [FULL[0], FULL[1], FULL[0]])
    first = answer(own, asked, 1).first_logits
    assert own.counts.crops_encoded == 8
    assert own.counts.features_reused == 0  # one tree has each picture
    assert gap(answer(own, asked, 1).first_logits, first) == 0
    assert own.counts.crops_encoded == 8
    assert own.counts.features_reused == 2

    changed = adapters.attach(model, llama("unsloth_regex"), "a").model
    adapters.use(changed, "a")
    answer(own, asked, 1)
    assert own.counts.crops_encoded == 16
    own.reuse = False
    answer(own, asked, 1)
    assert own.counts.crops_encoded == 28


def test_text_adapters_share_the_towers_features(model: Any, processor: Any) -> None:
    from peft.tuners.lora import LoraLayer

    from kurabe.models import adapters

    own = runtime(model, processor)
    asked = rows(processor, FULL)
    before = answer(own, asked, 1).first_logits
    changed = adapters.attach(model, llama("text_full"), "a").model
    adapters.use(changed, "a")
    assert not any(isinstance(module, LoraLayer) for module in model.model.vision_model.modules())
    assert gap(answer(own, asked, 1).first_logits, before) > 1e-3
    assert own.counts.crops_encoded == 8


def test_adapters_in_float32_on_a_16_bit_base(model: Any, processor: Any) -> None:
    """What an engine makes of an adapter on a GPU: PEFT keeps its weights in float32."""
    import torch

    from kurabe.models import adapters

    wrapped = adapters.attach(model.to(torch.bfloat16), llama("unsloth_regex"), "a").model
    adapters.use(wrapped, "a")
    own = runtime(wrapped, processor)
    produced = answer(own, rows(processor, MIXED), 6)
    assert own.dtype == torch.bfloat16
    assert produced.finite == [True] * len(MIXED)
    exact = answer(runtime(wrapped.float(), processor), rows(processor, MIXED), 1).first_logits
    assert gap(produced.first_logits, exact) < 0.05 * float(exact.abs().max())


def test_rows_without_exactly_one_picture_are_left_to_generate(model: Any, processor: Any) -> None:
    from kurabe.models.runtime.prepared import Row

    own = runtime(model, processor)
    good = row(processor, *FULL[0])
    assert own.takes(good, 1)
    assert own.takes(good, 64)
    assert not own.takes(Row([1, 5, 6], ()), 1)
    assert not own.takes(Row([1, 298, 298, 6], good.pictures * 2), 1)
    assert not own.takes(Row([1, 5, 6], good.pictures), 1)


def test_forgetting_gives_everything_back(model: Any, processor: Any) -> None:
    own = runtime(model, processor)
    asked = rows(processor, FULL)
    answer(own, asked, 4)
    assert own.workspace.held > 0
    own.forget()
    assert own.workspace.held == 0
    answer(own, asked, 4)
    assert own.counts.features_reused == 0


@pytest.mark.parametrize("asked", [MIXED, FULL])
def test_a_step_never_looks_at_values(model: Any, processor: Any, asked: list[Asked]) -> None:
    """What a CUDA graph demands: tensors without values refuse whatever waits for one."""
    import torch
    from torch._subclasses.fake_tensor import DataDependentOutputException, FakeTensorMode

    from kurabe.models.runtime.cache import Room

    own = runtime(model, processor)
    answer(own, rows(processor, asked), 3)
    buffers = own.workspace.buffers(own, Room(len(asked), 128))
    with torch.inference_mode(), FakeTensorMode(allow_non_fake_inputs=True):
        ids = torch.zeros(len(asked), dtype=torch.int64)
        hidden = own.step(ids, ids + 40, buffers)
        with pytest.raises(DataDependentOutputException):
            hidden.max().item()
    assert hidden.shape == (len(asked), 64)


def test_shapes_and_memory_at_full_size() -> None:
    """Llama-3.2-11B-Vision's sizes, by tensors without values."""
    from types import SimpleNamespace

    import torch
    from torch._subclasses.fake_tensor import FakeTensorMode
    from transformers import AutoModelForImageTextToText, MllamaConfig

    from kurabe.models.runtime.forest import in_order, passes
    from kurabe.models.runtime.memory import kv_bytes_per_token, row_bytes
    from kurabe.models.runtime.prepared import Picture, Row

    build: Any = MllamaConfig
    config = build(vision_config={"image_size": 560}, image_token_index=128256)
    images = SimpleNamespace(image_mean=[0.5] * 3, image_std=[0.5] * 3, rescale_factor=1 / 255)
    with FakeTensorMode(), torch.inference_mode():
        model = AutoModelForImageTextToText.from_config(config, dtype=torch.bfloat16)
        own = runtime(model, SimpleNamespace(image_processor=images))
        own.reuse = False
        asked = [
            Row(
                [1, 2, 128256, *range(90 + n)],
                (Picture(b"", torch.zeros(n, 3, 560, 560).byte(), (n, 1), 1, n),),
            )
            for n in (4, 4, 2)
        ]
        shapes = [
            own.prefill(forest, None).shape
            for _, forest in passes(asked, in_order(asked, None), 10**4, 16, own.alike)
        ]
        assert shapes == [(2, 4096), (1, 4096)]
    # 8 layers of keys and values, 8 heads of 128 channels, 6,404 positions and room up to 6,464.
    assert row_bytes(own) == 2 * 8 * 8 * 128 * 6464 * 2 + 8
    assert kv_bytes_per_token(own) == 2 * 32 * 8 * 128 * 2
    assert own.layers == 32


def test_pictures_are_encoded_in_few_sizes_of_passes() -> None:
    from kurabe.models.families.mllama import runtime as mllama_runtime

    for amount in range(40):
        parts = mllama_runtime.passes(range(amount))
        assert [number for part in parts for number in part] == list(range(amount))
        assert {len(part) for part in parts} <= {1, 2, 4, mllama_runtime.PICTURES_PER_PASS}


def test_questions_about_one_picture_are_computed_and_read_together(model: Any, processor: Any) -> None:
    from kurabe.models.runtime.loop import answer_rows

    begin = "<s><|image|>" + "a few words that come before each question about it "
    asked = [
        (begin + question, picture(30 + number, 2 + 2 * (number % 2)))
        for number in range(3)
        for question in ("same?", "what differs?", "how many?")
    ]
    own = runtime(model, processor)
    made, limits = rows(processor, asked), [1, 9, 5] * 3
    produced = answer_rows(own, made, limit=limits, ends=NOTHING_ENDS, pad=299)
    alone = [expected(model, processor, one, limit)[1] for one, limit in zip(asked, limits, strict=True)]
    assert produced.tokens == alone
    assert own.counts.pictures_encoded == 3
    assert own.counts.prefix_tokens_reused >= 6 * 32
    states = own.workspace.held
    apart = runtime(model, processor)
    apart.shares = False
    assert answer_rows(apart, made, limit=limits, ends=NOTHING_ENDS, pad=299).tokens == alone
    assert states < 0.75 * apart.workspace.held
