import math

import pytest

from kurabe.models.engines.served.probabilities import from_first_token, from_samples, side
from kurabe.models.engines.served.remote import Likely

YES, NO = ("Yes", "yes"), ("No", "no")


def likely(**probabilities: float) -> list[Likely]:
    return [Likely(token.encode(), math.log(p)) for token, p in probabilities.items()]


def test_p_is_the_share_of_those_that_begin_a_word() -> None:
    found = from_first_token(likely(Yes=0.5, No=0.3, Maybe=0.1, yes=0.1), YES, NO)
    assert found == pytest.approx(0.6 / 0.9)


@pytest.mark.parametrize("token", [" Yes", "▁Yes", "ĠYes", "Ye", "Y", "Yes\n"])
def test_spaces_and_parts_of_words_count(token: str) -> None:
    tokens = [Likely(token.encode(), math.log(0.7)), Likely(b"No", math.log(0.2))]
    assert from_first_token(tokens, YES, NO) == pytest.approx(0.7 / 0.9)


def test_a_side_that_is_not_listed_is_at_most_as_likely_as_the_last_that_is() -> None:
    assert from_first_token(likely(Yes=0.9, The=0.02), YES, NO) == pytest.approx(0.9 / 0.92)
    # No more than what is left over.
    assert from_first_token(likely(Yes=0.95, The=0.04), YES, NO) == pytest.approx(0.95 / 0.96)
    assert from_first_token(likely(No=0.9, The=0.02), YES, NO) == pytest.approx(0.02 / 0.92)


def test_nothing_is_made_of_other_tokens() -> None:
    assert from_first_token(likely(The=0.9, I=0.05), YES, NO) is None
    assert from_first_token([], YES, NO) is None
    assert from_first_token([Likely(b" ", -0.1), Likely(b"", -0.1)], YES, NO) is None


def test_parts_of_characters_count_where_only_one_word_begins_so() -> None:
    first = "はい".encode()
    tokens = [
        Likely(first[:2], math.log(0.5)),  # begins いいえ, too
        Likely(first[:3], math.log(0.3)),
        Likely("いいえ".encode(), math.log(0.1)),
    ]
    assert from_first_token(tokens, ("はい",), ("いいえ",)) == pytest.approx(0.3 / 0.4)


def test_what_is_no_number_does_not_count() -> None:
    tokens = [Likely(b"Yes", math.nan), Likely(b"No", -math.inf), Likely(b"Yes", 5.0)]
    assert from_first_token(tokens, YES, NO) == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("text", "means"),
    [
        ("Yes.", True),
        ("**No**, they match", False),
        ("no", False),
        ("Nothing differs", None),
        ("I think yes", None),
        ("", None),
    ],
)
def test_an_answer_says_what_it_begins_with(text: str, means: bool | None) -> None:
    assert side(text, YES, NO) is means


def test_the_larger_side_of_the_samples_is_the_answer() -> None:
    text, share = from_samples(["No", "Yes", "Yes!", "hm"], YES, NO)
    assert text == "Yes"
    assert share == pytest.approx(2 / 3)
    assert from_samples(["No", "Yes"], YES, NO) == ("No", 0.5)
    assert from_samples(["hm", "hm", "hm", "Yes"], YES, NO) == ("hm", None)
