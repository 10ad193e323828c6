"""kurabe: a bench that tells whether a vision-language model can inspect."""

from importlib.metadata import PackageNotFoundError, version

try:
    __version__ = version("kurabe")
except PackageNotFoundError:  # the source tree is used without an installation
    __version__ = "0+unknown"
