"""Renders suites: ``python -m benchmark.scenes connector --out cases/connector``."""

import argparse
from importlib import import_module
from pathlib import Path

from benchmark.scenes.suite import Suite, write

SUITES = ("connector", "everyday", "shapes", "linking")


def load(name: str) -> Suite:
    """Return the plan of a suite, from the module ``NAME_suite`` beside this one."""
    planned = import_module(f"benchmark.scenes.{name}_suite").suite()
    assert isinstance(planned, Suite)
    return planned


def main() -> None:
    """Render the suite that the command line names."""
    parser = argparse.ArgumentParser(prog="python -m benchmark.scenes", description="Render a suite.")
    parser.add_argument("suite", choices=SUITES)
    parser.add_argument("--out", type=Path, help="folder of the suite; by default cases/SUITE")
    options = parser.parse_args()
    planned = load(options.suite)
    folder: Path = options.out or Path("cases") / planned.name
    size = write(planned, folder)
    print(f"{len(planned.plans)} cases, {size / 1e6:.1f} MB of pictures in {folder}")  # noqa: T201


if __name__ == "__main__":
    main()
