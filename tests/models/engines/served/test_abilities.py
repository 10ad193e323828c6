"""What a server can do is found out by its replies."""

import pytest

from kurabe.models.engines.served.abilities import Abilities
from kurabe.models.engines.served.remote import Call, Form, Reply

FORM = Form({"type": "object", "properties": {"count": {"type": "integer"}}})


@pytest.mark.parametrize(
    ("text", "gives"),
    [('{"count": 2}', True), ('{"differences": ["a pin is', True), ("2", False), ('{"other": 2}', False)],
)
def test_an_object_that_the_limit_of_tokens_cut_off_has_the_form(text: str, gives: bool) -> None:
    abilities = Abilities(frozenset({"schema"}))
    for _ in range(3):
        abilities.saw(Call("How many?", (), 8, form=FORM), Reply((text,)))
    assert abilities.gives("schema") is gives
    assert abilities.has("schema") is gives
