"""The local engine on real, tiny checkpoints: two families that transformers answers, two with a runtime."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from kurabe.common.errors import ModelError
from kurabe.common.request import Answer, Request
from kurabe.models import config
from kurabe.models import weights as files
from kurabe.models.engines.local.answers import first_tokens
from kurabe.models.registry import Registry
from tests.support import checkpoints

RUNTIMES: dict[str, Callable[..., Path]] = {
    "mllama": checkpoints.golden_mllama,
    "phi3v": checkpoints.golden_phi3v,
}
BUILDERS: dict[str, Callable[..., Path]] = {"llava": checkpoints.llava, "qwen2_vl": checkpoints.qwen2_vl} | (
    RUNTIMES
)


@pytest.fixture(scope="module", params=sorted(BUILDERS))
def checkpoint(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return BUILDERS[request.param](tmp_path_factory.mktemp(request.param))


@pytest.fixture(scope="module", params=sorted(RUNTIMES))
def computed(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A checkpoint that a runtime answers."""
    return RUNTIMES[request.param](tmp_path_factory.mktemp(request.param))


@pytest.fixture(scope="module")
def llava(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return checkpoints.llava(tmp_path_factory.mktemp("llava"))


def registry(folder: Path, checkpoint: Path, **settings: Any) -> Registry:
    lines = ["[models.tiny]", 'engine = "local"', f"checkpoint = {json.dumps(str(checkpoint))}"]
    lines += [f"{key} = {json.dumps(value)}" for key, value in settings.items()]
    path = folder / "models.toml"
    path.write_text("\n".join(lines), encoding="utf-8")
    return Registry(config.read(path))


def request(number: int, question: Any = "verdict", size: tuple[int, int] = (40, 30), **more: Any) -> Request:
    picture = Image.radial_gradient("L").resize(size).point(lambda v: (v * (number + 1)) % 255).convert("RGB")
    prompt = "Is there a difference?" + " Answer yes or no." * (number % 3)
    options: dict[str, Any] = {"yes": ("Yes", "yes"), "no": ("No", "no"), "max_new_tokens": 8, **more}
    return Request(f"t{number}", question, prompt, (picture,), (picture, picture), "aligned", **options)


def answers(registry: Registry, requests: list[Request]) -> list[Answer]:
    found = dict(registry.ready("tiny").answer(requests))
    assert sorted(found) == list(range(len(requests)))
    return [found[index] for index in range(len(requests))]


@pytest.mark.parametrize("verdict", ["logits", "text"])
def test_batched_answers_equal_single_ones(checkpoint: Path, tmp_path: Path, verdict: str) -> None:
    kinds = ["verdict", "differences", "verdict", "count", "verdict", "differences"]
    requests = [request(n, kind, (40 + 12 * n, 30 + 20 * (n % 2))) for n, kind in enumerate(kinds)]
    together = answers(registry(tmp_path, checkpoint, verdict=verdict, batch_size=4), requests)
    alone = answers(registry(tmp_path, checkpoint, verdict=verdict, batch_size=1), requests)
    for one, many, asked in zip(alone, together, requests, strict=True):
        assert one.error is None
        assert one.text == many.text
        assert one.tokens_in == many.tokens_in
        assert one.tokens_out == many.tokens_out
        if asked.question == "verdict":
            assert one.p_different is not None
            assert many.p_different == pytest.approx(one.p_different, abs=1e-5)
        else:
            assert many.p_different is None


def test_verdicts_come_from_one_forward_pass(checkpoint: Path, tmp_path: Path) -> None:
    (answer,) = answers(registry(tmp_path, checkpoint), [request(0)])
    assert answer.tokens_out == 1
    assert answer.p_different is not None
    assert answer.text == ("Yes" if answer.p_different >= 0.5 else "No")


def test_p_different_is_the_softmax_over_first_tokens(llava: Path, tmp_path: Path) -> None:
    import torch

    models = registry(tmp_path, llava)
    (answer,) = answers(models, [request(1)])
    engine: Any = models.engine("tiny")
    loaded = engine._base.loaded
    words = loaded.processor.tokenizer
    asked = request(1)
    message = [{"role": "user", "content": [{"type": "image"}, {"type": "text", "text": asked.prompt}]}]
    text = loaded.processor.apply_chat_template(message, add_generation_prompt=True, tokenize=False)
    inputs = loaded.processor(text=[text], images=[list(asked.pictures)], return_tensors="pt")
    inputs = inputs.to(loaded.device)
    with torch.inference_mode():
        logits = loaded.model(**inputs).logits[0, -1]
    yes, no = first_tokens(words, asked.yes), first_tokens(words, asked.no)
    assert yes
    assert no
    odds = (logits[sorted(yes)].logsumexp(0) - logits[sorted(no)].logsumexp(0)).sigmoid()
    assert answer.p_different == pytest.approx(float(odds), abs=1e-5)


def test_sampling_is_repeatable_by_seed(llava: Path, tmp_path: Path) -> None:
    models = registry(tmp_path, llava, temperature=1.5)
    first, again, other = (
        answers(models, [request(1, "differences", seed=seed)])[0].text for seed in (0, 0, 1)
    )
    assert first == again
    assert first != other
    (seeded,) = answers(registry(tmp_path, llava, temperature=1.5, seed=7), [request(1, "differences")])
    assert seeded.text not in (first, other)


def test_a_sampled_answer_does_not_depend_on_its_batch(checkpoint: Path, tmp_path: Path) -> None:
    requests = [request(n, "differences", seed=n % 2) for n in range(4)]
    settings = {"temperature": 0.7, "top_k": 50, "top_p": 0.95}
    together = answers(registry(tmp_path, checkpoint, batch_size=4, **settings), requests)
    alone = answers(registry(tmp_path, checkpoint, batch_size=1, **settings), requests)
    assert [answer.error for answer in together] == [None] * 4
    assert [answer.text for answer in together] == [answer.text for answer in alone]


def test_one_token_to_sample_from_is_the_greedy_one(checkpoint: Path, tmp_path: Path) -> None:
    asked = [request(n, "differences") for n in range(2)]
    greedy = answers(registry(tmp_path, checkpoint), asked)
    drawn = answers(registry(tmp_path, checkpoint, temperature=1.5, top_k=1), asked)
    assert [answer.text for answer in drawn] == [answer.text for answer in greedy]


def test_p_different_is_the_models_own_where_words_are_sampled(llava: Path, tmp_path: Path) -> None:
    (greedy,) = answers(registry(tmp_path, llava), [request(1)])
    sampled = registry(tmp_path, llava, temperature=0.7, top_k=1, verdict="text")
    (drawn,) = answers(sampled, [request(1)])
    assert drawn.p_different == pytest.approx(greedy.p_different, abs=1e-6)


def test_the_fingerprint_holds_what_generation_is_set_to(llava: Path, tmp_path: Path) -> None:
    settings: list[dict[str, Any]] = [
        {},
        {"temperature": 0.7},
        {"temperature": 0.7, "top_k": 50},
        {"temperature": 0.7, "top_p": 0.9},
        {"temperature": 0.7, "seed": 1},
        {"max_new_tokens": 1000},
    ]
    found = [registry(tmp_path, llava, **each).fingerprint("tiny") or "" for each in settings]
    assert len(set(found)) == len(found)
    assert found[0].endswith(" None logits logits 0.0")  # nothing of what is not set


def test_an_answer_tells_how_large_the_model_saw_its_pictures(tmp_path: Path) -> None:
    folder = checkpoints.qwen2_vl(tmp_path / "qwen2_vl")
    asked = [request(0, "differences", (100, 75)), request(1, "differences", (60, 61))]
    found = answers(registry(tmp_path, folder), asked)
    for answer, each in zip(found, asked, strict=True):
        assert answer.seen is not None
        ((width, height),) = answer.seen
        assert abs(width - each.pictures[0].width) < 28
        assert abs(height - each.pictures[0].height) < 28
    assert found[0].seen != found[1].seen


def test_a_request_that_is_too_long_is_refused_alone(llava: Path, tmp_path: Path) -> None:
    long = Request("long", "count", "pin " * 600, request(0).pictures, request(0).pair, "aligned")
    found = answers(registry(tmp_path, llava), [request(0, "count", max_new_tokens=128), long])
    assert found[0].error is None
    assert "exceed the context of 512" in str(found[1].error)
    assert "--shots" not in str(found[1].error)


def test_a_request_with_too_many_good_parts_is_refused_with_what_to_do(llava: Path, tmp_path: Path) -> None:
    many = Request("many", "count", "pin " * 600, request(0).pair * 2, request(0).pair, "aligned")
    (answer,) = answers(registry(tmp_path, llava), [many])
    assert "it has 4 pictures: show fewer good parts by --shots" in str(answer.error)


def test_logits_that_are_no_numbers_are_an_error(llava: Path, tmp_path: Path) -> None:
    import torch

    models = registry(tmp_path, llava)
    engine: Any = models.ready("tiny")
    with torch.no_grad():
        engine._base.loaded.model.lm_head.weight.fill_(float("nan"))
    (answer,) = answers(models, [request(0)])
    assert "NaN" in str(answer.error)
    assert answer.text == ""


def test_memory_that_runs_out_halves_the_batch(
    llava: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import torch

    models = registry(tmp_path, llava, batch_size=8)
    engine: Any = models.ready("tiny")
    real, sizes = engine._base.loaded.model.generate, []

    def scarce(**inputs: Any) -> Any:
        sizes.append(len(inputs["input_ids"]))
        if sizes[-1] > 3:
            raise torch.OutOfMemoryError("no memory for so many")
        return real(**inputs)

    monkeypatch.setattr(engine._base.loaded.model, "generate", scarce)
    found = answers(models, [request(n) for n in range(8)])
    assert [answer.error for answer in found] == [None] * 8
    assert sizes[0] == 8
    assert max(sizes[1:]) <= 4


def test_a_single_request_without_memory_is_an_error_that_says_what_to_lower(
    llava: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import torch

    models = registry(tmp_path, llava)
    engine: Any = models.ready("tiny")

    def never(**inputs: Any) -> Any:
        raise torch.OutOfMemoryError("none at all")

    monkeypatch.setattr(engine._base.loaded.model, "generate", never)
    (answer,) = answers(models, [request(0)])
    assert "lower 'crops'" in str(answer.error)


# By a runtime


def mixture() -> list[Request]:
    """Requests of several kinds, sizes and numbers of pictures."""
    kinds = ["verdict", "differences", "count", "verdict", "differences", "describe"] * 2
    return [request(n, kind, (40 + 12 * n, 30 + 20 * (n % 2))) for n, kind in enumerate(kinds)]


def test_a_runtime_answers_as_generate_does(computed: Path, tmp_path: Path) -> None:
    # Another attention than torch's own is asked of transformers.
    ours, theirs = registry(tmp_path, computed), registry(tmp_path, computed, attention="eager")
    for one, other in zip(answers(ours, mixture()), answers(theirs, mixture()), strict=True):
        assert one.error is None
        assert (one.text, one.tokens_in, one.tokens_out) == (other.text, other.tokens_in, other.tokens_out)
        # Sums in another order: the last bits of float32 may differ.
        expected = None if other.p_different is None else pytest.approx(other.p_different, rel=1e-5)
        assert one.p_different == expected
    engines: list[Any] = [each.engine("tiny") for each in (ours, theirs)]
    assert engines[0].runtime is not None
    assert engines[1].runtime is None
    assert engines[0].counts.prefills > 0
    assert engines[1].counts.prefills == 0
    assert engines[0].describe()["counts"]["steps"] == engines[0].counts.steps > 0


def test_what_a_runtime_does_not_take_goes_to_generate(computed: Path, tmp_path: Path) -> None:
    shown = request(0).pictures * 2
    several = Request("two", "count", "How many?", shown, shown, "aligned", max_new_tokens=4)
    for settings in ({"temperature": 0.7}, {"device_map": "cpu"}, {}):
        models = registry(tmp_path, computed, **settings)
        found = answers(models, [request(1, "count"), several])
        assert [answer.error for answer in found] == [None, None]
        engine: Any = models.engine("tiny")
        taken = engine.runtime is not None and "device_map" not in settings
        assert (engine.counts.prefills > 0) == taken


def test_rows_beyond_the_rope_switch_and_across_it_are_answered_as_alone(tmp_path: Path) -> None:
    checkpoint = checkpoints.golden_phi3v(tmp_path / "phi3v")
    models = registry(tmp_path, checkpoint, batch_size=16, max_new_tokens=12)
    engine: Any = models.ready("tiny")
    switch = engine.base.loaded.model.config.rope_switch
    short = answers(models, [request(0, "count")])[0].tokens_in
    assert short is not None
    asked = [
        request(n, "count", max_new_tokens=12) if words is None else longer(n, words, engine, switch)
        for n, words in enumerate([None, -30, -4, -1, 0, 5, None, 40, -11, -12])
    ]
    together = answers(models, asked)
    alone = [answers(models, [each])[0] for each in asked]
    assert [(a.text, a.error) for a in together] == [(a.text, a.error) for a in alone]
    lengths = [answer.tokens_in for answer in together]
    assert any(length <= switch < length + 11 for length in lengths if length is not None)
    assert any(length > switch for length in lengths if length is not None)
    assert all(answer.error is None for answer in together)


def longer(number: int, beyond: int, engine: Any, switch: int) -> Request:
    """Return a request whose prompt is so many tokens longer than the switch."""
    plain = request(number, "count", max_new_tokens=12)
    preparer = engine._running.preparer(engine.base.loaded, None)
    missing = switch + beyond - preparer.length(plain)
    assert missing > 0
    return Request(
        plain.trial, "count", plain.prompt + "!" * missing, plain.pictures, plain.pair, "aligned",
        max_new_tokens=12,
    )  # fmt: skip


def test_a_runtime_s_batch_is_halved_when_memory_runs_out(
    computed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import torch

    models = registry(tmp_path, computed, batch_size=8)
    engine: Any = models.ready("tiny")
    real, sizes = engine.runtime.prefill, []

    def scarce(forest: Any, *more: Any) -> Any:
        sizes.append(len(forest.ends))
        if sizes[-1] > 3:
            raise torch.OutOfMemoryError("no memory for so many")
        return real(forest, *more)

    monkeypatch.setattr(engine.runtime, "prefill", scarce)
    requests = [request(n, "count") for n in range(8)]
    assert [answer.error for answer in answers(models, requests)] == [None] * 8
    assert sizes[0] == 8
    assert max(sizes[1:]) <= 4

    def never(forest: Any, *more: Any) -> Any:
        raise torch.OutOfMemoryError("none at all")

    monkeypatch.setattr(engine.runtime, "prefill", never)
    assert "lower 'crops'" in str(answers(models, requests[:1])[0].error)


def test_a_runtime_s_logits_that_are_no_numbers_are_an_error(computed: Path, tmp_path: Path) -> None:
    import torch

    models = registry(tmp_path, computed)
    engine: Any = models.ready("tiny")
    with torch.no_grad():
        engine.base.loaded.model.lm_head.weight.fill_(float("nan"))
    for answer in answers(models, [request(0), request(1, "count")]):
        assert "NaN" in str(answer.error)
        assert answer.text == ""


def test_a_bad_request_spoils_no_other(tmp_path: Path) -> None:
    models = registry(tmp_path, checkpoints.golden_phi3v(tmp_path / "phi3v"))
    narrow = Image.new("RGB", (4000, 1))
    bad = Request("bad", "count", "How many?", (narrow,), (narrow,), "aligned")
    long = Request("long", "count", "pin " * 9000, request(0).pictures, request(0).pair, "aligned")
    found = answers(models, [request(0, "count"), bad, long, request(1, "count")])
    assert [answer.error is None for answer in found] == [True, False, False, True]
    assert "cannot take this request" in str(found[1].error)
    assert "exceed the context" in str(found[2].error)


def test_rows_made_ahead_give_the_same_answers(
    computed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    models, again = registry(tmp_path, computed), registry(tmp_path, computed)
    engine: Any = models.engine("tiny")
    requests = mixture()
    read: list[int] = []
    read_ahead = files.read_ahead
    monkeypatch.setattr(files, "read_ahead", lambda folder: read.append(read_ahead(folder)))
    for each in requests[:2]:
        engine.prepare(each)  # the model is not there yet
    assert read == [files.tensor_bytes(computed)]
    models.ready("tiny")
    for each in requests:
        engine.prepare(each)
    decoded = engine.counts.pictures_decoded
    assert decoded > 0
    assert [a.text for a in answers(models, requests)] == [a.text for a in answers(again, requests)]
    assert engine.counts.pictures_decoded == decoded


def test_an_adopted_model_is_looked_at_afresh(computed: Path, tmp_path: Path) -> None:
    import torch

    models = registry(tmp_path, computed)
    (before,) = answers(models, [request(0)])
    engine: Any = models.engine("tiny")
    loaded = engine.base.loaded
    with torch.no_grad():
        for name, parameter in loaded.model.named_parameters():
            if "vision" in name or "embed_tokens" in name:
                parameter.mul_(1.5)
    engine.adopt(loaded.model, loaded.processor, "sdpa")
    (after,) = answers(models, [request(0)])
    assert after.p_different != before.p_different


def test_a_window_is_wanted_on_a_gpu_alone(computed: Path, tmp_path: Path) -> None:
    models = registry(tmp_path, computed, device="cpu")
    engine: Any = models.engine("tiny")
    assert engine.window is None
    engine = registry(tmp_path, computed, device="cuda", batch_size=16).engine("tiny")
    assert engine.window == 64


def copy(checkpoint: Path, folder: Path) -> Path:
    shutil.copytree(checkpoint, folder)
    return folder


def test_broken_checkpoints_are_told_before_loading(llava: Path, tmp_path: Path) -> None:
    empty = copy(llava, tmp_path / "empty")
    (empty / "model.safetensors").unlink()
    readiness = registry(tmp_path, empty).engine("tiny").readiness()
    assert not readiness.ready
    assert "no weights" in readiness.reason

    pickled = copy(llava, tmp_path / "pickled")
    (pickled / "model.safetensors").rename(pickled / "pytorch_model.bin")
    assert "pickled" in registry(tmp_path, pickled).engine("tiny").readiness().reason

    cut = copy(llava, tmp_path / "cut")
    weights = cut / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:-1000])
    assert "cut off" in registry(tmp_path, cut).engine("tiny").readiness().reason
    with pytest.raises(ModelError, match="fetch it again"):
        registry(tmp_path, cut).ready("tiny")


def test_missing_tensors_are_named(llava: Path, tmp_path: Path) -> None:
    from safetensors.torch import load_file, save_file

    folder = copy(llava, tmp_path / "partial")
    tensors = load_file(folder / "model.safetensors")
    gone = next(name for name in tensors if "layers.1.mlp.down_proj" in name)
    del tensors[gone]
    save_file(tensors, folder / "model.safetensors", metadata={"format": "pt"})
    with pytest.raises(ModelError, match=r"1 tensors are missing.*layers\.1\.mlp\.down_proj"):
        registry(tmp_path, folder).ready("tiny")


def test_an_attention_that_is_not_there_says_how_to_get_it(llava: Path, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="needs a CUDA device"):
        registry(tmp_path, llava, attention="flash_attention_2", device="cpu").ready("tiny")
    with pytest.raises(ModelError, match="no attention is called 'flash'"):
        registry(tmp_path, llava, attention="flash").ready("tiny")
    facts = registry(tmp_path, llava, attention="eager")
    facts.ready("tiny")
    assert facts.engine("tiny").describe()["attention"] == "eager"


def test_auto_takes_sdpa_where_no_flash_attention_is(checkpoint: Path, tmp_path: Path) -> None:
    models = registry(tmp_path, checkpoint, device="cpu")
    models.ready("tiny")
    assert models.engine("tiny").describe()["attention"] == "sdpa"


def test_the_fingerprint_follows_the_files(llava: Path, tmp_path: Path) -> None:
    folder = copy(llava, tmp_path / "copy")
    before = registry(tmp_path, folder).engine("tiny").fingerprint()
    assert registry(tmp_path, llava).engine("tiny").fingerprint() == before
    generation = folder / "generation_config.json"
    generation.write_text(generation.read_text().replace("{", "{ ", 1), encoding="utf-8")
    assert registry(tmp_path, folder).engine("tiny").fingerprint() != before
    assert registry(tmp_path, llava, verdict="text").engine("tiny").fingerprint() != before


def test_the_oldest_model_leaves_when_memory_is_short(
    llava: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = checkpoints.llava(tmp_path / "other", seed=1)
    path = tmp_path / "models.toml"
    path.write_text(
        f'[models.first]\nengine = "local"\ncheckpoint = "{llava}"\ndevice = "cpu"\n'
        f'[models.second]\nengine = "local"\ncheckpoint = "{other}"\ndevice = "cpu"\n',
        encoding="utf-8",
    )
    said: list[str] = []
    models = Registry(config.read(path), say=said.append)
    first: Any = models.ready("first")
    need = models.engine("second").needs().memory
    free = iter([need - 1, need + 1])
    monkeypatch.setattr("kurabe.models.registry.free_memory", lambda device: next(free))
    models.ready("second")
    assert first._base.loaded is None
    assert "unloaded" in said[0]
    assert models.loaded_names() == ["second"]
    monkeypatch.setattr("kurabe.models.registry.free_memory", lambda device: 10)
    with pytest.raises(ModelError, match="are free: close other programs"):
        models.ready("first")


def test_first_tokens_know_words_with_and_without_a_space() -> None:
    words = checkpoints.tokenizer()
    found = first_tokens(words, ("Yes",))
    assert {words.decode([token]).strip() for token in found} <= {"Y", "Ye", "Yes"}
    assert len(found) >= 1
    assert not found & first_tokens(words, ("No",))
