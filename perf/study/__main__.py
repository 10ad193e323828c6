"""The articles' study in miniature.

    python -m perf.study run --adapters FOLDER    # asks the models; minutes
    python -m perf.study write                    # makes docs/background/study.md and its figures; seconds

``FOLDER`` holds the adapters ``plain-0``, ``plain-1`` … and ``linked-0`` …, as ``kurabe finetune``
writes them; the number is the seed. ``run`` leaves in ``perf/results/study/`` all that ``write`` needs.
"""

import argparse
from pathlib import Path

from perf.study.kept import RESULTS, read
from perf.study.page import write

ROOT = Path(__file__).resolve().parents[2]


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(
        prog="python -m perf.study", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("what", choices=("run", "write"))
    parser.add_argument("--adapters", type=Path, help="folder of the adapters, for run")
    parser.add_argument("--base", type=Path, default=ROOT / "checkpoints" / "tiny-phi3v")
    parser.add_argument("--kept", type=Path, default=ROOT / RESULTS, help="what run leaves and write reads")
    parser.add_argument(
        "--docs", type=Path, default=ROOT / "docs" / "background", help="where the page is written to"
    )
    parser.add_argument("--workers", type=int, default=2, help="processes that ask at once")
    chosen = parser.parse_args()
    if chosen.what == "write":
        write(read(chosen.kept), chosen.docs)
        return
    if chosen.adapters is None:
        parser.error("run needs --adapters")
    from perf.study.run import Plan, run  # torch comes with it

    run(Plan(chosen.base, chosen.adapters, ROOT / "cases", chosen.workers), chosen.kept)


if __name__ == "__main__":
    main()
