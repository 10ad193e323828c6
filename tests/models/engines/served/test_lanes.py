"""Clients are made as they are needed, and the first with room is taken."""

from contextlib import ExitStack

from kurabe.models.engines.served.lanes import Lanes


def test_a_client_is_made_only_where_the_others_are_full() -> None:
    made = iter(range(100))
    lanes = Lanes(lambda: next(made))
    with ExitStack() as held:
        assert [held.enter_context(lanes.one()) for _ in range(17)] == [0] * 8 + [1] * 8 + [2]
    assert lanes.all() == [0, 1, 2]


def test_room_that_comes_free_is_used_first() -> None:
    made = iter(range(100))
    lanes = Lanes(lambda: next(made))
    first = ExitStack()
    with ExitStack() as held:
        first.enter_context(lanes.one())
        for _ in range(8):
            held.enter_context(lanes.one())
        first.close()
        with lanes.one() as client:
            assert client == 0
    assert lanes.all() == [0, 1]


def test_a_client_whose_request_failed_has_room_again() -> None:
    lanes = Lanes(object)
    for _ in range(20):
        try:
            with lanes.one():
                raise TimeoutError
        except TimeoutError:
            pass
    assert len(lanes.all()) == 1
