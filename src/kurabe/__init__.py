"""kurabe: a bench that tells whether a vision-language model can inspect."""


def __getattr__(name: str) -> str:
    # Reading the version takes milliseconds, and pytest imports this package in every session.
    if name != "__version__":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("kurabe")
    except PackageNotFoundError:  # the source tree is used without an installation
        return "0+unknown"
