"""Model families, one folder each, and the table of them.

To add one, give it a folder and a line in `KNOWN`: ``docs/adding-a-family.md`` walks through it. transformers
alone handles a family that is not in the table.
"""

from collections.abc import Callable
from typing import Any

from kurabe.models.families.family import Family
from kurabe.models.families.generic import Generic

__all__ = ["KNOWN", "Family", "Generic", "of", "of_model"]


def _mllama() -> Family:
    from kurabe.models.families.mllama import FAMILY

    return FAMILY


def _phi3v() -> Family:
    from kurabe.models.families.phi3v_core.family import FAMILY

    return FAMILY


KNOWN: dict[str, Callable[[], Family]] = {"mllama": _mllama, "phi3_v": _phi3v}
"""What imports a family, by ``model_type``; transformers and torch may come with it."""


def of(model_type: str) -> Family:
    """Return the family of a ``model_type``."""
    known = KNOWN.get(model_type)
    return Generic(model_type) if known is None else known()


def of_model(model: Any) -> Family:
    """Return the family of a model in memory, adapters around it or not."""
    return of(str(model.config.model_type))
