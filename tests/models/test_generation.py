"""The settings of generation that every engine shares."""

import pytest
from pydantic import ValidationError

from kurabe.models.generation import Generation


@pytest.mark.parametrize(
    ("own", "of_prompt", "limit"),
    [(128, 16, 16), (128, 512, 128), (64, 128, 64), (64, 16, 16), (1000, 128, 1000), (1000, 16, 1000)],
)
def test_a_short_limit_lowers_that_of_a_prompt_and_a_long_one_takes_its_place(
    own: int, of_prompt: int, limit: int
) -> None:
    assert Generation(max_new_tokens=own).limit(of_prompt) == limit


def test_only_what_is_set_sets_answers_apart() -> None:
    assert Generation().identity == ""
    assert Generation(seed=7).identity == ""  # nothing is sampled
    assert Generation(temperature=0.7).identity == ""  # the engine names it in any case
    set_ = Generation(temperature=0.7, top_k=50, top_p=0.9, seed=7, max_new_tokens=1000)
    assert set_.identity == " max_new_tokens=1000 top_k=50 top_p=0.9 seed=7"


@pytest.mark.parametrize(
    "settings",
    [
        {"temperature": float("inf")},
        {"temperature": -0.1},
        {"temperature": 1, "top_k": 0},
        {"temperature": 1, "top_p": 0},
        {"temperature": 1, "top_p": 1.1},
        {"temperature": 1, "seed": -1},
        {"max_new_tokens": 0},
        {"top_k": 50},
        {"top_p": 0.9},
    ],
)
def test_what_cannot_be_is_refused(settings: dict[str, float]) -> None:
    with pytest.raises(ValidationError):
        Generation.model_validate(settings)
