"""Prompts and pictures of phi3_v: pixels bit for bit, ids by structure, errors."""

import hashlib
import json
from functools import lru_cache
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest
import torch
from PIL import Image
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
from transformers import AutoProcessor, PreTrainedTokenizerFast

from kurabe.common.errors import ImageError, ModelError
from kurabe.models.families.phi3v import Phi3VForCausalLM, Phi3VProcessor

DATA = Path(__file__).parents[3] / "data" / "phi3v"
PUBLISHED = Path(__file__).parents[4].parent / "shared" / "phi35"
PICTURES: dict[str, dict[str, Any]] = json.loads((DATA / "pictures.json").read_text(encoding="utf-8"))
SPECIAL = ["<unk>", "<s>", "</s>", "<|endoftext|>", "<|end|>", "<|user|>", "<|assistant|>", "<|system|>"]
SENTENCES = [
    "Compare the two images. Is the pin bent? Yes or no.",
    "\nLook at the connector, row two, pin three.",
]

needs_published = pytest.mark.skipif(
    not PUBLISHED.is_dir(), reason="the published tokenizer is not beside this repository"
)


@lru_cache
def tokenizer() -> PreTrainedTokenizerFast:
    """A byte-level tokenizer of 300 words with Phi's chat tokens."""
    backend = Tokenizer(models.BPE(unk_token="<unk>"))
    backend.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    backend.decoder = decoders.ByteLevel()
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    trainer = trainers.BpeTrainer(vocab_size=300, special_tokens=SPECIAL, initial_alphabet=alphabet)
    backend.train_from_iterator(SENTENCES, trainer)
    return PreTrainedTokenizerFast(
        tokenizer_object=backend,
        bos_token="<s>",
        eos_token="<|endoftext|>",
        pad_token="<|endoftext|>",
        unk_token="<unk>",
    )


@pytest.fixture
def processor() -> Phi3VProcessor:
    return Phi3VProcessor(tokenizer())


@lru_cache
def published() -> Phi3VProcessor:
    return Phi3VProcessor.from_pretrained(PUBLISHED)


def picture(name: str) -> Image.Image:
    return Image.open(DATA / "images" / f"{name}.png")


def flat(width: int, height: int) -> Image.Image:
    return Image.new("RGB", (width, height), (10, 200, 30))


def sha256(tensor: torch.Tensor) -> str:
    return hashlib.sha256(tensor.numpy().tobytes()).hexdigest()


def runs(ids: torch.Tensor) -> list[tuple[int, int]]:
    """Lengths of equal neighbours, image tokens only."""
    return [(key, len(list(group))) for key, group in groupby(ids.tolist()) if key < 0]


@pytest.mark.parametrize("name", PICTURES)
def test_pixels_are_those_of_the_published_code(processor: Phi3VProcessor, name: str) -> None:
    expected = PICTURES[name]
    image = picture(name.split(".")[0])
    crops = int(name.split(".nc")[1])
    batch = processor("<|image_1|>\nWhat?", image, num_crops=crops)
    assert batch["image_sizes"].tolist() == [expected["image_size_hw"]]
    assert batch["pixel_values"].shape == (1, crops + 1, 3, 336, 336)
    assert sha256(batch["pixel_values"][0, 0]) == expected["sha256_global"]
    assert sha256(batch["pixel_values"][0, 1:]) == expected["sha256_local"]
    assert runs(batch["input_ids"][0]) == [(-1, expected["num_img_tokens"])]
    counted = processor.calc_num_image_tokens_from_image_size(*image.size, num_crops=crops)
    assert counted == expected["num_img_tokens"]


def test_every_chunk_has_its_own_bos(processor: Phi3VProcessor) -> None:
    ids = processor("Look: <|image_1|> and <|image_2|>", [flat(336, 336), flat(300, 900)])["input_ids"][0]
    encode = processor.tokenizer.encode
    chunks = [[1, *encode(part, add_special_tokens=False)] for part in ("Look: ", " and ", "")]
    assert ids.tolist() == chunks[0] + [-1] * 757 + chunks[1] + [-2] * 625 + chunks[2]
    written = processor("<s>Look: <|image_1|>", flat(336, 336), add_special_tokens=False)["input_ids"][0]
    assert written.tolist() == chunks[0] + [-1] * 757 + [1]


def test_a_batch_is_its_rows_padded_on_the_left(processor: Phi3VProcessor) -> None:
    texts = ["Is the pin bent?", "<|image_1|>\nYes or no.", "<|image_2|> after <|image_1|>"]
    images = [[], [flat(640, 480)], [flat(100, 300), flat(336, 336)]]
    batch = processor(texts, images, num_crops=[1, 4, 9])
    assert batch["pixel_values"].shape == (3, 10, 3, 336, 336)
    done = 0
    for row, (text, own, limit) in enumerate(zip(texts, images, [1, 4, 9], strict=True)):
        alone = processor(text, own, num_crops=limit)
        length = alone["input_ids"].shape[1]
        assert torch.equal(batch["input_ids"][row, -length:], alone["input_ids"][0])
        assert (
            batch["attention_mask"][row].tolist()
            == [0] * (batch["input_ids"].shape[1] - length) + [1] * length
        )
        assert (batch["input_ids"][row, :-length] == processor.pad_token_id).all()
        for number in range(len(own)):
            assert torch.equal(batch["image_sizes"][done], alone["image_sizes"][number])
            assert torch.equal(batch["pixel_values"][done, : limit + 1], alone["pixel_values"][number])
            done += 1
    assert "pixel_values" not in processor("Is the pin bent?")
    right = processor(texts[:2], [[], [flat(9, 9)]], padding_side="right")
    assert right["attention_mask"][0].tolist()[0] == 1 != right["attention_mask"][0].tolist()[-1]


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("no tag", 1),
        ("<|image_1|>", 0),
        ("<|image_1|> <|image_1|>", 1),
        ("<|image_1|> <|image_1|>", 2),
        ("<|image_2|>", 1),
        ("<|image_1|> <|image_3|>", 2),
        ("<|image_0|>", 1),
    ],
)
def test_tags_that_do_not_number_the_images_are_refused(
    processor: Phi3VProcessor, text: str, count: int
) -> None:
    with pytest.raises(ModelError, match="must occur exactly once"):
        processor(text, [flat(30, 30)] * count)


def test_misuse_is_refused(processor: Phi3VProcessor) -> None:
    image = flat(30, 30)
    with pytest.raises(ModelError, match="one list of pictures for each"):
        processor(["<|image_1|>", "<|image_1|>"], [image, image])
    with pytest.raises(ModelError, match="one list of pictures for each"):
        processor(["<|image_1|>", "<|image_1|>"], [[image]])
    with pytest.raises(ModelError, match="2 numbers for 1 prompts"):
        processor("<|image_1|>", image, num_crops=[4, 4])
    with pytest.raises(ModelError, match="needs padding"):
        processor(["a", "a longer one"], padding=False)
    with pytest.raises(ModelError, match="'pt'"):
        processor("a", return_tensors="np")  # type: ignore[arg-type]
    with pytest.raises(ModelError, match="no square"):
        Phi3VProcessor(tokenizer(), num_img_tokens=10)
    with pytest.raises(ImageError, match="num_crops must be 1"):
        processor("<|image_1|>", image, num_crops=0)


def test_extreme_pictures_are_handled_or_refused(processor: Phi3VProcessor) -> None:
    dot = processor("<|image_1|>", flat(1, 1))
    assert dot["image_sizes"].tolist() == [[672, 672]]
    # 20,000 x 40 keeps its shape: two rows of pixels between white bars.
    strip = processor("<|image_1|>", flat(20_000, 40))
    assert strip["image_sizes"].tolist() == [[336, 1344]]
    rows = strip["pixel_values"][0, 1, 0]
    assert (rows != rows.max()).any(1).nonzero().flatten().tolist() == [167, 168]
    for size in ((20_000, 4), (4, 20_000)):
        with pytest.raises(ImageError, match="too narrow"):
            processor("<|image_1|>", flat(*size))


def test_an_upright_picture_is_the_lying_one_mirrored_at_the_diagonal(processor: Phi3VProcessor) -> None:
    lying = picture("wide_1000x200")
    upright = lying.transpose(Image.Transpose.TRANSPOSE)
    first, second = (processor("<|image_1|>", image)["pixel_values"][0] for image in (lying, upright))
    assert torch.equal(first[1:], second[1:].transpose(-1, -2))


def test_the_crop_size_may_differ(processor: Phi3VProcessor) -> None:
    small = Phi3VProcessor(tokenizer(), crop_size=168, num_img_tokens=36)
    batch = small("<|image_1|>", flat(640, 480))
    assert batch["pixel_values"].shape == (1, 5, 3, 168, 168)
    assert runs(batch["input_ids"][0]) == [(-1, 5 * 36 + 1 + 3 * 6)]


def test_messages_become_prompts_with_tags(processor: Phi3VProcessor) -> None:
    image, question = {"type": "image"}, {"type": "text", "text": "Same?"}
    asked: list[dict[str, Any]] = [{"role": "user", "content": [image, image, question]}]
    expected = "<|user|>\n<|image_1|>\n<|image_2|>\nSame?<|end|>\n<|assistant|>\n"
    assert processor.apply_chat_template(asked, add_generation_prompt=True) == expected
    talk = [*asked, {"role": "assistant", "content": "No."}, {"role": "user", "content": [image, question]}]
    assert processor.apply_chat_template(talk) == (
        expected + "No.<|end|>\n<|user|>\n<|image_3|>\nSame?<|end|>\n"
    )
    plain = [{"role": "user", "content": "<|image_1|> Same?"}]
    assert processor.apply_chat_template([plain, asked], add_generation_prompt=True) == [
        "<|user|>\n<|image_1|> Same?<|end|>\n<|assistant|>\n",
        expected,
    ]
    with pytest.raises(ModelError, match="'video'"):
        processor.apply_chat_template([{"role": "user", "content": [{"type": "video"}]}])


def test_messages_with_pictures_become_a_batch(processor: Phi3VProcessor) -> None:
    content = [{"type": "image", "image": flat(60, 60)}, {"type": "text", "text": "Same?"}]
    batch = processor.apply_chat_template([{"role": "user", "content": content}], tokenize=True, num_crops=1)
    again = processor("<|user|>\n<|image_1|>\nSame?<|end|>\n", flat(60, 60), num_crops=1)
    assert torch.equal(batch["input_ids"], again["input_ids"])
    assert torch.equal(batch["pixel_values"], again["pixel_values"])
    with pytest.raises(ModelError, match="no picture"):
        processor.apply_chat_template([{"role": "user", "content": [{"type": "image"}]}], tokenize=True)


def test_answers_end_where_the_tokenizer_says(processor: Phi3VProcessor) -> None:
    assert processor.eos_token_ids == [3, 4]
    ids = processor("<|image_1|>Yes or no.<|end|>", flat(30, 30))["input_ids"]
    assert processor.batch_decode(ids, skip_special_tokens=True) == ["Yes or no."]
    assert processor.decode(ids[0].tolist(), skip_special_tokens=True) == "Yes or no."
    assert processor.img_tokens[1] == "<|image_2|>"


def test_it_is_read_back_as_written(tmp_path: Path) -> None:
    written = Phi3VProcessor(
        tokenizer(), num_crops=9, crop_size=168, num_img_tokens=36, image_std=[0.5, 0.5, 0.5]
    )
    written.save_pretrained(tmp_path)
    for read in (Phi3VProcessor.from_pretrained(tmp_path), AutoProcessor.from_pretrained(tmp_path)):
        assert type(read) is Phi3VProcessor
        assert (read.num_crops, read.crop_size, read.num_img_tokens) == (9, 168, 36)
        assert read.image_std == [0.5, 0.5, 0.5]
        first, second = (p("<|image_1|>Same?", flat(60, 90)) for p in (written, read))
        assert all(torch.equal(first[key], second[key]) for key in written.model_input_names)
    assert Phi3VProcessor.from_pretrained(tmp_path, num_crops=2).num_crops == 2


def test_the_crop_size_comes_from_the_models_config(tmp_path: Path) -> None:
    tokenizer().save_pretrained(tmp_path)
    config = {"model_type": "phi3_v", "img_processor": {"clip_config": {"image_size": 168}}}
    (tmp_path / "config.json").write_text(json.dumps(config), encoding="utf-8")
    settings = {"num_crops": 16, "auto_map": {"AutoProcessor": "remote.Processor"}}
    (tmp_path / "preprocessor_config.json").write_text(json.dumps(settings), encoding="utf-8")
    processor = Phi3VProcessor.from_pretrained(tmp_path)
    assert (processor.crop_size, processor.num_img_tokens, processor.num_crops) == (168, 36, 16)


@torch.no_grad()
def test_a_batch_answers_as_its_rows_do(processor: Phi3VProcessor) -> None:
    model = Phi3VForCausalLM.from_pretrained(DATA / "tiny").eval()
    texts = ["<|image_2|> or <|image_1|>?", "<|image_1|>\nSame?", "Is the pin bent?"]
    images = [[picture("sq_336"), picture("wide_1000x200")], [picture("small_61x47")], []]
    together = model(**processor(texts, images)).logits
    for row, (text, own) in enumerate(zip(texts, images, strict=True)):
        alone = model(**processor(text, own)).logits[0]
        torch.testing.assert_close(together[row, -len(alone) :], alone, rtol=0.0, atol=1e-5)


@needs_published
@pytest.mark.parametrize("name", ["one", "two", "two_inline", "end", "system", "text_only", "unicode"])
def test_ids_are_those_of_the_published_code(name: str) -> None:
    recorded = json.loads((PUBLISHED / "golden" / "golden_processor.json").read_text(encoding="utf-8"))
    case = recorded["prompts"][name]
    prompt = published().apply_chat_template(case["messages"], add_generation_prompt=True)
    assert prompt == case["prompt"]
    ids = published()(prompt, [picture(image) for image in case["images"]])["input_ids"][0]
    assert ids.tolist() == [token for token, count in case["input_ids_rle"] for _ in range(count)]


@needs_published
def test_the_published_files_need_no_remote_code() -> None:
    processor = AutoProcessor.from_pretrained(PUBLISHED)
    assert type(processor) is Phi3VProcessor
    assert processor.eos_token_ids == [32000, 32007]
    assert (processor.pad_token_id, processor.crop_size, processor.num_crops) == (32000, 336, 4)
    assert processor.decode([3869, 32007], skip_special_tokens=True) == "Yes"
