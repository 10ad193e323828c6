"""Choices by the logits of their letters, on tiny checkpoints that transformers and the runtimes answer."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from kurabe.answering.cache_key import cache_key
from kurabe.common.errors import ModelError
from kurabe.common.request import Answer, Request
from kurabe.models.engines.local import answers as told
from kurabe.models.engines.local.answers import first_tokens
from tests.models.engines.local.test_engine import BUILDERS, answers, checkpoint, llava, registry, request

__all__ = ["BUILDERS", "checkpoint", "llava"]
OPTIONS = ("a pin is bent", "a pin is missing", "nothing", "the label is torn")


def choice(number: int, options: tuple[str, ...] = OPTIONS, **more: Any) -> Request:
    return request(number, "choice", options=options, yes=(), no=(), **more)


def test_a_choice_is_the_likeliest_letter_of_one_forward_pass(checkpoint: Path, tmp_path: Path) -> None:
    (answer,) = answers(registry(tmp_path, checkpoint), [choice(0)])
    assert answer.error is None
    assert answer.tokens_out == 1
    assert answer.p_different is None
    assert answer.p_options is not None
    assert len(answer.p_options) == len(OPTIONS)
    assert sum(answer.p_options) == pytest.approx(1)
    assert answer.text == "ABCD"[answer.p_options.index(max(answer.p_options))]


def test_a_choice_is_the_same_alone_and_beside_other_questions_on_its_pair(
    checkpoint: Path, tmp_path: Path
) -> None:
    shown = request(1)
    asked = [
        choice(0),
        replace(shown, prompt="Which one is right? A or B."),
        choice(1, OPTIONS[:2]),
        choice(1, OPTIONS[:3]),
        request(1, "differences"),
        choice(2, size=(80, 64)),
    ]
    together = answers(registry(tmp_path, checkpoint, batch_size=6), asked)
    alone = answers(registry(tmp_path, checkpoint, batch_size=1), asked)
    assert [answer.error for answer in together] == [None] * len(asked)
    assert [answer.text for answer in together] == [answer.text for answer in alone]
    for one, many, each in zip(alone, together, asked, strict=True):
        if each.question == "choice":
            assert many.p_options == pytest.approx(one.p_options, abs=1e-5)
            assert many.p_different is None
        else:
            assert many.p_options is None


def test_the_probabilities_are_the_softmax_over_the_letters_first_tokens(llava: Path, tmp_path: Path) -> None:
    import torch

    models = registry(tmp_path, llava)
    asked = choice(1)
    (answer,) = answers(models, [asked])
    engine: Any = models.engine("tiny")
    loaded = engine._base.loaded
    message = [{"role": "user", "content": [{"type": "image"}, {"type": "text", "text": asked.prompt}]}]
    text = loaded.processor.apply_chat_template(message, add_generation_prompt=True, tokenize=False)
    inputs = loaded.processor(text=[text], images=[list(asked.pictures)], return_tensors="pt")
    with torch.inference_mode():
        logits = loaded.model(**inputs.to(loaded.device)).logits[0, -1]
    own = [sorted(first_tokens(loaded.processor.tokenizer, [letter])) for letter in "ABCD"]
    expected = torch.stack([logits[each].logsumexp(0) for each in own]).softmax(0)
    assert answer.p_options == pytest.approx(expected.tolist(), abs=1e-5)


def test_a_choice_may_be_written_as_text(llava: Path, tmp_path: Path) -> None:
    (answer,) = answers(registry(tmp_path, llava, choice="text"), [choice(1)])
    assert answer.p_options is None
    assert answer.tokens_out != 1
    (verdict,) = answers(registry(tmp_path, llava, choice="text"), [request(1)])
    assert verdict.tokens_out == 1  # each question has its own setting


def test_what_has_no_letters_to_weigh_is_written(llava: Path, tmp_path: Path) -> None:
    (answer,) = answers(registry(tmp_path, llava), [choice(1, ())])
    assert answer.error is None
    assert answer.p_options is None


def test_sampling_does_not_change_a_choice(llava: Path, tmp_path: Path) -> None:
    greedy = answers(registry(tmp_path, llava), [choice(n) for n in range(2)])
    drawn = answers(registry(tmp_path, llava, temperature=1.5), [choice(n) for n in range(2)])
    assert [answer.text for answer in drawn] == [answer.text for answer in greedy]


def test_another_way_of_answering_is_another_answer_in_the_cache(llava: Path, tmp_path: Path) -> None:
    ways = [registry(tmp_path, llava, choice=way).fingerprint("tiny") or "" for way in ("logits", "text")]
    before = ways[0].replace(" logits logits ", " logits ")
    assert before != ways[0]
    assert len({cache_key(way, choice(0), "pictures") for way in (*ways, before)}) == 3


class Alike:
    """A tokenizer that begins all letters with the same token."""

    def encode(self, text: str, add_special_tokens: bool) -> list[int]:
        return [7, ord(text[-1])]

    def decode(self, tokens: list[int]) -> str:
        return "" if tokens == [7] else "?"


def test_letters_that_begin_alike_are_an_error_that_says_what_to_do(llava: Path, tmp_path: Path) -> None:
    engine: Any = registry(tmp_path, llava).engine("tiny")
    with pytest.raises(ModelError, match=r"the letters of a choice alike.*set choice = 'text'"):
        told.tokens_read("tiny", Alike(), [choice(0)], engine._settings)


def test_an_answer_with_its_letters_is_kept_as_it_was(tmp_path: Path) -> None:
    from kurabe.answering.cache import AnswerCache

    answer = Answer("B", p_options=(0.25, 0.75))
    AnswerCache(tmp_path / "answers.sqlite").put({"key": answer})
    assert AnswerCache(tmp_path / "answers.sqlite").get(["key"]) == {"key": answer}
