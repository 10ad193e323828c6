"""Sampling: draws of the right distribution, each request's its own."""

from dataclasses import replace

import pytest
import torch
from PIL import Image

from kurabe.common.request import Request
from kurabe.models.engines.local.sampling import Sampler, seed_of
from kurabe.models.generation import Generation

LOGITS = torch.tensor([2.0, 1.0, 0.5, 0.0, -1.0, -torch.inf])
IDS = torch.zeros((1, 1), dtype=torch.long)


def request(**more: object) -> Request:
    picture = Image.new("RGB", (8, 8), (1, 2, 3))
    plain = Request("t", "differences", "Which?", (picture,), (picture, picture), "aligned")
    return replace(plain, **more)  # type: ignore[arg-type]


def shares(settings: Generation, draws: int = 20_000) -> torch.Tensor:
    """The share of draws that each token gets; every row is one draw of a sampler of its own seed."""
    drawn = Sampler(settings, [1])
    found = torch.stack([drawn(IDS, LOGITS[None])[0].argmax() for _ in range(draws)])
    return torch.bincount(found, minlength=len(LOGITS)) / draws


@pytest.mark.parametrize(
    ("settings", "left"),
    [
        ({"temperature": 1.0}, 5),
        ({"temperature": 0.5}, 5),
        ({"temperature": 2.0, "top_k": 3}, 3),
        ({"temperature": 1.0, "top_p": 0.8}, 3),  # the likeliest two have 0.77
    ],
)
def test_tokens_are_drawn_as_often_as_they_are_probable(settings: dict[str, float], left: int) -> None:
    made = Generation.model_validate(settings)
    probable = (LOGITS / made.temperature).softmax(0)
    probable[left:] = 0
    found = shares(made)
    assert found == pytest.approx((probable / probable.sum()).numpy(), abs=0.015)  # 4 standard errors
    assert not found[left:].any()


def test_a_row_draws_the_same_whatever_it_is_beside() -> None:
    settings = Generation(temperature=1.0)
    alone, beside = Sampler(settings, [5]), Sampler(settings, [3, 5])
    for _ in range(20):
        one = alone(IDS, LOGITS[None])
        both = beside(IDS.repeat(2, 1), LOGITS.repeat(2, 1))
        assert torch.equal(one[0], both[1])
        assert not torch.equal(one[0], both[0])


@pytest.mark.parametrize("temperature", [1e-30, 1e-6])
def test_a_small_temperature_takes_the_likeliest(temperature: float) -> None:
    drawn = Sampler(Generation(temperature=temperature), [1])(IDS, LOGITS[None])
    assert drawn.argmax() == 0
    assert not drawn.isnan().any()


def test_the_seed_is_of_what_is_asked_and_not_of_its_name() -> None:
    usual = seed_of(request(), 0)
    assert seed_of(request(trial="another"), 0) == usual
    other = [request(seed=1), request(prompt="How many?"), request(pictures=(Image.new("RGB", (8, 8)),))]
    assert len({usual, seed_of(request(), 1), *(seed_of(each, 0) for each in other)}) == 5
    assert 0 <= usual < 2**63
