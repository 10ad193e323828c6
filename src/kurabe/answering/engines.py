"""The engines of a session: one that failed to load is not tried again for each window."""

from collections.abc import Mapping

from kurabe.common.errors import ModelError, in_words
from kurabe.imaging.content import Listed
from kurabe.models.protocol import Ahead, Engine, trained_on
from kurabe.models.registry import Registry


class Engines:
    """A registry that remembers which models cannot be had, and what each has learned."""

    def __init__(self, registry: Registry) -> None:
        self._registry = registry
        self._broken: dict[str, str] = {}
        self._learned: dict[str, Listed] = {}

    @property
    def broken(self) -> Mapping[str, str]:
        """Why models cannot be had, by name."""
        return self._broken

    def get(self, model: str) -> Engine:
        """Return a model's engine, not loaded.

        Raises:
            ModelError: If it cannot be had.
        """
        if model in self._broken:
            raise ModelError(self._broken[model])
        return self._registry.engine(model)

    def loaded(self, model: str) -> Engine:
        """Return a model's engine, loaded.

        Raises:
            Exception: Whatever loading raises.
        """
        self.get(model)
        return self._registry.ready(model)

    def learned(self, model: str) -> Listed:
        """Return the pictures that a model was trained on.

        Raises:
            ModelError: If nobody can tell.
        """
        if model not in self._learned:
            self._learned[model] = Listed(trained_on(self.get(model)))
        return self._learned[model]

    def wanted(self, model: str) -> int | None:
        """Return how many requests an engine wants at once; None if it is only asked when a test waits."""
        try:
            engine = self._registry.engine(model)
        except Exception:
            return None  # answering will say what is wrong
        return engine.window if isinstance(engine, Ahead) else None

    def on_gpu(self, model: str) -> bool:
        """Say whether a model, one that could be built, computes on a GPU of this machine."""
        return self._registry.engine(model).needs().device == "cuda"

    def give_up(self, model: str, error: Exception) -> str:
        """Note that a model cannot be had; return why, in words."""
        self._broken[model] = in_words(error)
        return self._broken[model]
