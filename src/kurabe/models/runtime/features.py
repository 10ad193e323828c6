"""Features of pictures, kept on the device in bounded memory."""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from functools import partial

from torch import Tensor

from kurabe.common.memo import Memo


@dataclass(slots=True)
class _Place:
    """What is remembered of a picture: room for its features, filled once they have been computed."""

    nbytes: int
    states: Tensor | None = None


class Features:
    """Features by key; those least recently used leave when ``limit`` bytes are exceeded."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self.clear()

    def clear(self) -> None:
        """Forget all."""
        self._memo: Memo[_Place] = Memo(self._limit, lambda place: place.nbytes)

    def of(
        self, keys: Sequence[Hashable], nbytes: Sequence[int], encode: Callable[[list[int]], Sequence[Tensor]]
    ) -> list[Tensor]:
        """Return the features of pictures, computing together what is not there.

        Args:
            keys: One a picture, equal for equal features.
            nbytes: What each picture's features will take.
            encode: Computes the features of those pictures whose numbers it is given, each key once. The
                tensors must not be views of larger ones, which would stay in memory.
        """
        places = [self._memo.get(key, partial(_Place, size)) for key, size in zip(keys, nbytes, strict=True)]
        missing = {id(place): n for n, place in reversed(list(enumerate(places))) if place.states is None}
        numbers = sorted(missing.values())
        if numbers:
            for number, states in zip(numbers, encode(numbers), strict=True):
                places[number].states = states
        return [place.states for place in places if place.states is not None]
