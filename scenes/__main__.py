"""Renders suites: ``python -m scenes connector --out cases/connector``.

With ``--sizes`` a series in which one defect grows, for the probability of detection. With ``--train 500``
another suite, for training alone: so many references of each grade, none of them
shipped. With ``--seed 1`` as well, one that no shipped checkpoint was trained on: for measuring.
"""

import argparse
from importlib import import_module
from pathlib import Path
from typing import Any

from scenes.connector_sizes import suite as sizes
from scenes.suite import Suite, write

SUITES = ("connector", "everyday", "shapes", "linking")
TRAINING = ("connector", "everyday", "shapes")


SPAN = 1_000_000_000
"""Seeds between the suites of ``--seed``; one suite takes fewer than a third of them."""


def load(name: str, train: int = 0, fine: int = 2, seed: int = 0) -> Suite:
    """Return the plan of a suite, from the module ``NAME_suite`` beside this one.

    Args:
        name: Name of the suite.
        train: Of a suite for training: how many references of each grade; 0 for the shipped one.
        fine: Rays a pixel, along each side.
        seed: Which suite for training; all differ.
    """
    module: Any = import_module(f"scenes.{name}_suite")
    if seed:
        module.APART = tuple(begin + SPAN * seed for begin in module.APART)
    planned = module.suite(train, fine) if train else module.suite()
    assert isinstance(planned, Suite)
    return planned


def main() -> None:
    """Render the suite that the command line names."""
    parser = argparse.ArgumentParser(prog="python -m scenes", description="Render a suite.")
    parser.add_argument("suite", choices=SUITES)
    parser.add_argument("--out", type=Path, help="folder of the suite; by default cases/SUITE")
    parser.add_argument(
        "--train", type=int, default=0, metavar="N", help="a suite for training, N references of each grade"
    )
    parser.add_argument("--fine", type=int, default=2, help="rays a pixel along each side, with --train")
    parser.add_argument("--seed", type=int, default=0, help="another suite of that kind, with --train")
    parser.add_argument("--sizes", action="store_true", help="a series in which one defect grows")
    parser.add_argument("--processes", type=int, default=1, help="that render at once")
    options = parser.parse_args()
    if options.train and options.suite not in TRAINING:
        parser.error(f"--train is for {', '.join(TRAINING)}")
    if options.train and options.out is None:
        parser.error("--train needs --out: the shipped suite stays as it is")
    if options.seed and not options.train:
        parser.error("--seed needs --train: the shipped suite stays as it is")
    if options.sizes and (options.suite != "connector" or options.train):
        parser.error("--sizes is for connector, without --train")
    planned = sizes() if options.sizes else load(options.suite, options.train, options.fine, options.seed)
    folder: Path = options.out or Path("cases") / planned.name
    size = write(planned, folder, options.processes)
    print(f"{len(planned.plans)} cases, {size / 1e6:.1f} MB of pictures in {folder}")  # noqa: T201


if __name__ == "__main__":
    main()
