"""The forms that servers are asked for are those that the reader reads with certainty."""

from collections.abc import Sequence

import pytest

from kurabe.common.request import Request
from kurabe.common.vocabulary import QUESTIONS, QuestionKind
from kurabe.models.engines.served.forms import form_of
from kurabe.reading import schema


@pytest.mark.parametrize("question", QUESTIONS)
@pytest.mark.parametrize("options", [(), ("a bent pin", "a scratch", "nothing")])
def test_they_are_the_schemas_of_the_reader(question: QuestionKind, options: Sequence[str]) -> None:
    yes, no = (("Ja", "ja"), ("Nein",)) if question == "verdict" else ((), ())
    request = Request("t", question, "?", (), (), "aligned", yes, no, tuple(options))
    form = form_of(request)
    assert (None if form is None else form.schema) == schema(question, "en", options, yes, no)
