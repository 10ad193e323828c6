"""Questions of a pair through ``generate``: their pictures computed once, with the same answers."""

import json
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from kurabe.common.request import Answer, Request
from kurabe.models import config
from kurabe.models.engines.local import beginnings, by_sharing
from kurabe.models.families.inputs import prepare
from kurabe.models.registry import Registry
from tests.support import checkpoints

BUILDERS: dict[str, Callable[..., Path]] = {
    "gemma3": checkpoints.gemma3,
    "llava": checkpoints.llava,
    "qwen2_vl": checkpoints.qwen2_vl,
}
ASKED: dict[Any, str] = {
    "verdict": "Is there a difference between the two pictures? Answer yes or no.",
    "differences": "Name only the differences between the two pictures, one per line.",
    "count": "How many differences are there? Answer with a number.",
    "choice": "Which of these is it? Answer with a letter.",
}
PAIRS = 5  # more than a batch has on the CPU
_alone: dict[Path, list[Answer]] = {}


@pytest.fixture(scope="module", params=sorted(BUILDERS))
def checkpoint(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return BUILDERS[request.param](tmp_path_factory.mktemp(request.param))


@pytest.fixture(scope="module")
def llava(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return checkpoints.llava(tmp_path_factory.mktemp("llava"))


def registry(folder: Path, checkpoint: Path, adapter: Path | None = None, **settings: Any) -> Registry:
    lines = ["[models.tiny]", 'engine = "local"', f"checkpoint = {json.dumps(str(checkpoint))}"]
    lines += [f"{key} = {json.dumps(value)}" for key, value in settings.items()]
    if adapter is not None:
        lines += [
            "[models.tuned]",
            'engine = "local"',
            'base = "tiny"',
            f"adapter = {json.dumps(str(adapter))}",
        ]
    path = folder / "models.toml"
    path.write_text("\n".join(lines), encoding="utf-8")
    return Registry(config.read(path))


def pictures(number: int) -> tuple[Image.Image, Image.Image]:
    """Of another size for each pair, so that some families need padding before the shorter ones."""
    size = (60 + 28 * number, 90)
    first = Image.radial_gradient("L").resize(size).point(lambda v: (v * (number + 1)) % 255).convert("RGB")
    return first, first.rotate(90)


def questions(pairs: int = PAIRS, kinds: tuple[str, ...] = tuple(ASKED), **more: Any) -> list[Request]:
    found = []
    for number in range(pairs):
        shown = pictures(number)
        for kind in kinds:
            words: dict[str, Any] = {"yes": ("Yes", "yes"), "no": ("No", "no"), "options": ("a", "b")}
            asked: Any = kind
            found.append(
                Request("t", asked, ASKED[kind], shown, shown, "aligned", max_new_tokens=6, **words, **more)
            )
    return found


def asked(models: Registry, requests: list[Request], name: str = "tiny") -> list[Answer]:
    found = dict(models.ready(name).answer(requests))
    return [found[index] for index in range(len(requests))]


def alone(models: Registry, requests: list[Request], name: str = "tiny") -> list[Answer]:
    """Ask each question by itself, where there is nothing to share."""
    return [asked(models, [each], name)[0] for each in requests]


def plainly(checkpoint: Path, folder: Path) -> list[Answer]:
    """Return what each of all questions is answered by itself."""
    if checkpoint not in _alone:
        _alone[checkpoint] = alone(registry(folder, checkpoint), questions())
    return _alone[checkpoint]


def assert_same(found: list[Answer], expected: list[Answer]) -> None:
    for one, other in zip(found, expected, strict=True):
        assert one.error is None
        assert (one.text, one.tokens_in, one.tokens_out) == (other.text, other.tokens_in, other.tokens_out)
        assert one.seen == other.seen
        assert one.p_different == (other.p_different and pytest.approx(other.p_different, abs=1e-6))
        assert one.p_options == (other.p_options and pytest.approx(other.p_options, abs=1e-6))


def engine_of(models: Registry, name: str = "tiny") -> Any:
    models.ready(name).load()
    return models.engine(name)


@contextmanager
def computed(engine: Any) -> Iterator[list[int]]:
    """Note how many tokens of pictures each pass computes."""
    found: list[int] = []
    model = engine.base.loaded.model
    token = max(beginnings.picture_tokens(engine.base.loaded) & {model.config.image_token_id})

    def note(_module: Any, inputs: tuple[Any, ...]) -> None:
        if inputs[0].ndim == 2:
            found.append(int((inputs[0] == token).sum()))

    hook = model.get_input_embeddings().register_forward_pre_hook(note)
    yield found
    hook.remove()


def test_answers_are_those_of_each_question_alone(checkpoint: Path, tmp_path: Path) -> None:
    models = registry(tmp_path, checkpoint)
    together = asked(models, questions())
    counts = engine_of(models).counts
    assert counts.prefix_tokens_reused > 0
    assert_same(together, plainly(checkpoint, tmp_path))


def test_tokens_of_pictures_are_computed_once_a_pair(checkpoint: Path, tmp_path: Path) -> None:
    models = registry(tmp_path, checkpoint)
    engine = engine_of(models)
    with computed(engine) as plain:
        alone(models, questions(kinds=("verdict",)))
    once = sum(plain)
    assert engine.counts.prefix_tokens_reused == 0  # there was nothing to share
    asked(models, questions(1))  # the trial
    before = engine.counts.pictures_encoded, engine.counts.prefill_tokens
    with computed(engine) as tokens:
        together = asked(models, questions())
    assert sum(tokens) == once > 0
    assert engine.counts.pictures_encoded - before[0] == 2 * PAIRS
    whole = sum(answer.tokens_in or 0 for answer in together)
    # All but the pictures is a few words; the rest of the bound is padding.
    assert engine.counts.prefill_tokens - before[1] < whole - 2 * once


def test_the_processor_gets_the_pictures_of_a_pair_once(
    llava: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[int] = []

    def noted(family: Any, processor: Any, prompts: Any, *rest: Any) -> Any:
        made.append(len(prompts))
        return prepare(family, processor, prompts, *rest)

    models = registry(tmp_path, llava)
    asked(models, questions(1))
    monkeypatch.setattr(by_sharing, "prepare", noted)
    together = asked(models, questions())
    assert sum(made) == PAIRS
    # Where a tokenizer leaves that open, the processor is asked for each question.
    monkeypatch.setattr(beginnings, "_follows", lambda *_: None)
    assert_same(asked(models, questions()), together)
    assert sum(made) == PAIRS * (2 + len(ASKED))


def test_pairs_with_other_questions_share_a_batch(checkpoint: Path, tmp_path: Path) -> None:
    models = registry(tmp_path, checkpoint, batch_size=2)
    kinds = list(ASKED)
    mixed = [each for each in questions() if each.question != kinds[len(each.pictures[0].tobytes()) % 4]]
    mixed[1:1] = [questions(7, ("count",))[6]]  # one without company
    assert_same(asked(models, mixed), alone(models, mixed))
    assert engine_of(models).counts.prefix_tokens_reused > 0


def test_sampled_answers_stay_as_drawn(checkpoint: Path, tmp_path: Path) -> None:
    models = registry(tmp_path, checkpoint, temperature=1.3, top_p=0.95)
    repeats = [each for seed in range(3) for each in questions(2, ("differences", "count"), seed=seed)]
    drawn = asked(models, repeats)
    assert len({answer.text for answer in drawn}) > 4
    assert engine_of(models).counts.prefix_tokens_reused > 0
    assert_same(drawn, alone(models, repeats))


def test_an_adapter_shares_with_itself_alone(checkpoint: Path, tmp_path: Path) -> None:
    from peft import LoraConfig, get_peft_model
    from transformers import AutoModelForImageTextToText

    auto: Any = AutoModelForImageTextToText
    settings = LoraConfig(r=4, lora_alpha=64, target_modules=["q_proj", "v_proj"], init_lora_weights=False)
    made: Any = get_peft_model(auto.from_pretrained(checkpoint), settings)
    made.save_pretrained(tmp_path / "adapter")
    models = registry(tmp_path, checkpoint, tmp_path / "adapter")
    names = ["tiny", "tuned", "tiny"]
    together = [asked(models, questions(2), name) for name in names]
    assert engine_of(models).counts.prefix_tokens_reused > 0
    expected = {name: alone(models, questions(2), name) for name in set(names)}
    for name, found in zip(names, together, strict=True):
        assert_same(found, expected[name])
    assert [answer.text for answer in together[0]] != [answer.text for answer in together[1]]


# Where it is not safe


def breaks(kind: str, forward: Any) -> Any:
    """Return a forward pass that goes on from another cache than from its own as it should not."""

    @wraps(forward)
    def wrong(*args: Any, **inputs: Any) -> Any:
        cache = inputs.get("past_key_values")
        if cache is not None and cache.get_seq_length() and inputs["input_ids"].shape[1] > 1:
            if kind == "raises":
                raise TypeError("this model reads prompts whole")
            for layer in cache.layers:
                layer.values = layer.values * (1 + 1e-2) if kind == "slightly" else layer.values * 0
        return forward(*args, **inputs)

    return wrong


@pytest.mark.parametrize("kind", ["ignores", "slightly", "raises", "class"])
def test_a_model_that_is_not_fit_answers_the_plain_way(
    checkpoint: Path,
    tmp_path: Path,
    kind: str,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    models = registry(tmp_path, checkpoint)
    engine = engine_of(models)
    expected = plainly(checkpoint, tmp_path)
    model = engine.base.loaded.model
    if kind == "class":
        monkeypatch.setattr("transformers.cache_utils.DynamicCache", type("Another", (), {}))
    else:
        monkeypatch.setattr(model, "forward", breaks(kind, model.forward))
    with caplog.at_level(logging.WARNING, logger="kurabe"):
        assert_same(asked(models, questions()), expected)
        assert_same(asked(models, questions(1)), expected[: len(ASKED)])
    assert len(caplog.records) == 1
    assert "tiny computes the pictures of a pair once for each question" in caplog.text
    assert engine.counts.prefix_tokens_reused == 0


@pytest.mark.parametrize(
    "change",
    [
        {"rope_parameters": {"rope_type": "dynamic"}},
        {"rope_parameters": {"full_attention": {"rope_type": "longrope"}}},
        {"attention_chunk_size": 8},
    ],
)
def test_what_depends_on_the_length_of_a_row_is_never_shared(
    llava: Path, tmp_path: Path, change: dict[str, Any]
) -> None:
    loaded = engine_of(registry(tmp_path, llava)).base.loaded
    assert beginnings.unfit(loaded) == ""
    text = loaded.model.config.get_text_config()
    for name, value in change.items():
        object.__setattr__(text, name, value)
    assert beginnings.unfit(loaded)


def test_short_memory_halves_the_batch(llava: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import torch

    models = registry(tmp_path, llava)
    engine = engine_of(models)
    expected = plainly(llava, tmp_path)
    generate = engine.base.loaded.model.generate

    def little(**inputs: Any) -> Any:
        if len(inputs["input_ids"]) > 2:
            raise torch.OutOfMemoryError("none left")
        return generate(**inputs)

    monkeypatch.setattr(engine.base.loaded.model, "generate", little)
    assert_same(asked(models, questions()), expected)
    assert engine.counts.prefix_tokens_reused > 0


def test_one_question_that_is_too_long_spoils_no_other(tmp_path: Path) -> None:
    models = registry(tmp_path, checkpoints.llava(tmp_path / "llava", context=100))
    requests = questions(2)
    shown = requests[0].pictures
    long = Request("t", "count", "How many? " * 60, shown, shown, "aligned", max_new_tokens=9)
    found = asked(models, [*requests[:4], long, *requests[4:]])
    assert "context" in str(found.pop(4).error)
    assert_same(found, plainly(checkpoints.llava(tmp_path / "same"), tmp_path)[: len(requests)])


def test_a_bad_picture_spoils_no_other_question(
    llava: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    models = registry(tmp_path, llava)
    engine = engine_of(models)
    expected = plainly(llava, tmp_path)[: 2 * len(ASKED)]
    bad = pictures(7)
    refused = [Request("t", "count", ASKED["count"] + each, bad, bad, "aligned") for each in ("", " Now.")]
    tensors = type(engine.base.loaded.family).tensors

    def picky(self: Any, processor: Any, texts: Any, shown: Any, *rest: Any) -> Any:
        if any(own[0] is bad[0] for own in shown):
            raise ValueError("too odd")
        return tensors(self, processor, texts, shown, *rest)

    monkeypatch.setattr(type(engine.base.loaded.family), "tensors", picky)
    found = asked(models, [*refused, *questions(2)])
    assert ["too odd" in str(answer.error) for answer in found[:2]] == [True, True]
    assert_same(found[2:], expected)
    asked(models, questions(2))
    assert engine.counts.prefix_tokens_reused > 0  # the model is not to blame
