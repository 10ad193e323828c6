"""Draws by key and place: as likely as they should be, and the same whatever else is drawn."""

from typing import Any

import pytest
import torch
from transformers import TopKLogitsWarper, TopPLogitsWarper

from kurabe.models.runtime.drawing import Sampling, uniforms
from kurabe.models.runtime.loop import ask_rows
from tests.models.runtime.made import PAD, golden, picture, row, runtime


def test_tokens_are_drawn_as_often_as_they_are_likely() -> None:
    shares = torch.tensor([0.5, 0.25, 0.15, 0.07, 0.03])
    number = 20_000
    found = Sampling(1.0).draw(
        shares.log().expand(number, -1), torch.full((number,), 7), torch.arange(number)
    )
    counted = found.bincount(minlength=5) / number
    # Five standard deviations.
    assert ((counted - shares).abs() <= 5 * (shares * (1 - shares) / number) ** 0.5).all()


def test_numbers_of_keys_places_and_tokens_do_not_hang_together() -> None:
    first = uniforms(torch.tensor([1, 2, 2**62]), torch.tensor([5, 5, 5]), 4096)
    then = uniforms(torch.tensor([1, 2, 2**62]), torch.tensor([6, 6, 6]), 4096)
    every = torch.cat([first, then])
    assert 0 < float(every.min()) < float(every.max()) < 1
    assert (every.mean(1) - 0.5).abs().max() < 5 / (12 * 4096) ** 0.5
    together = torch.corrcoef(every) - torch.eye(6)
    assert together.abs().max() < 5 / 4096**0.5
    assert abs(float(torch.corrcoef(torch.stack([first[0, 1:], first[0, :-1]]))[0, 1])) < 5 / 4096**0.5


@pytest.mark.parametrize(("top_k", "top_p"), [(None, None), (3, None), (None, 0.6), (20, 0.9), (99, 1.0)])
def test_what_is_left_is_what_transformers_leaves(top_k: int | None, top_p: float | None) -> None:
    logits = torch.randn(6, 50, generator=torch.Generator().manual_seed(2))
    left = Sampling(0.7, top_k, top_p).left(logits)
    wanted = logits / 0.7
    ids: Any = None
    wanted = wanted if top_k is None else TopKLogitsWarper(top_k)(ids, wanted)
    wanted = wanted if top_p is None else TopPLogitsWarper(top_p)(ids, wanted)
    torch.testing.assert_close(left.softmax(-1), wanted.softmax(-1))


def test_a_row_draws_the_same_whatever_else_is_in_the_batch_and_shared() -> None:
    model = golden()
    base = row(1, picture(1), words=40)
    asked = [base, row(2, picture(1)), base, row(3), base]
    sampling, keys = Sampling(1.5, 40, 0.95), [11, 12, 13, 14, 11]

    def drawn(numbers: list[int], limit: int = 9, shares: bool = True) -> list[list[int]]:
        made = runtime(model)
        made.shares = shares
        return ask_rows(
            made, [asked[n] for n in numbers], limit=limit, ends=frozenset(), pad=PAD, sampling=sampling,
            keys=[keys[n] for n in numbers],
        )().tokens  # fmt: skip

    together = drawn([0, 1, 2, 3, 4])
    assert together[0] == together[4] != together[2]
    assert drawn([3, 1, 2, 0], shares=False) == [together[n] for n in (3, 1, 2, 0)]
    assert [drawn([n], limit=1)[0] for n in range(4)] == [tokens[:1] for tokens in together[:4]]
