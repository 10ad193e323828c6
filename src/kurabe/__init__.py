"""kurabe: a bench that tells whether a vision-language model can inspect."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kurabe.asking.desk import ask, describe
    from kurabe.common.request import Answer, Request
    from kurabe.imaging.heat import heat_map
    from kurabe.models.functions import model

    __version__: str

__all__ = ["Answer", "Request", "ask", "describe", "heat_map", "model"]


def __getattr__(name: str) -> object:
    # Whatever takes milliseconds is left until it is used: pytest imports this package in every session.
    if name in ("Answer", "Request"):
        from kurabe.common import request

        return getattr(request, name)
    if name == "model":
        from kurabe.models.functions import model

        return model
    if name == "heat_map":
        from kurabe.imaging.heat import heat_map

        return heat_map
    if name in ("ask", "describe"):
        from kurabe.asking import desk

        return getattr(desk, name)
    if name == "__version__":
        return _version()
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def _version() -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("kurabe")
    except PackageNotFoundError:  # the source tree is used without an installation
        return "0+unknown"
