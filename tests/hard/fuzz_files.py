"""Reads damaged files of every kind: suites, models.toml, tables of pairs, pictures of all formats.

    python -m tests.hard.fuzz_files yaml --tries 20000 --record

Each is either read, or refused with an error that is meant for the user: within seconds, without starting a
program, and without writing anything. Files are read in processes of their own, so that a decoder that
crashes is found, too.
"""

import random
import resource
import sys
import tempfile
import warnings
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from pathlib import Path

from kurabe.common.errors import CaseError, KurabeError
from tests.hard import mutate
from tests.hard.guarded import tried
from tests.hard.records import ROOT, parser, record

BATCH = 200

Read = Callable[[Path], object]


@dataclass(frozen=True)
class Kind:
    """A kind of file.

    Attributes:
        suffix: Of the file's name.
        tokens: What readers of this kind may stumble over.
        seeds: Returns good files to damage.
        read: Reads one, and looks at everything that it says.
    """

    suffix: str
    tokens: tuple[bytes, ...]
    seeds: Callable[[], Sequence[bytes]]
    read: Read


def _suite(path: Path) -> None:
    from kurabe.cases import suites
    from kurabe.cases.trials import Participant, Selection, expand
    from kurabe.common.vocabulary import QUESTIONS

    found = suites.read([path])
    for problem in found.problems:
        if not str(problem):
            raise AssertionError("a problem without words")
    for suite in found.good:
        for case in suite.cases:
            _ = (suite.questions(case), suite.tags(case), suite.ignore(case), suite.region(case))
            for name in (*case.good, case.test):
                if name is not None and not suite.image(name).resolve().is_relative_to(path.parent.resolve()):
                    raise AssertionError(f"{name} leads out of the suite's folder")
    expand(found, Selection([Participant("model", "stacked", frozenset(QUESTIONS))]))
    if found.problems and not found.good:
        raise CaseError(found.problems)


def _suites() -> list[bytes]:
    made = [(ROOT / "cases" / "connector" / "connector.yaml").read_bytes()[:4000]]
    made[0] = made[0][: made[0].rfind(b"\n  - id")] + b"\n"
    made.append(b"""\
suite: pins
title: Pins of a connector
defaults: {relation: aligned, ask: [verdict, differences, count], tags: [pins]}
cases:
  - id: c1
    references: [images/a.png, images/b.png]
    test: images/c.png
    ignore: [[0, 0, 10, 10]]
    region: [0, 0, 40, 30]
    tags: [missing, "1.10"]
    expect:
      verdict: different
      count: 1
      differences:
        - {kind: missing, where: left, box: [1, 2, 30, 40], says: [[pin, missing]], size: 3.5}
  - id: c2
    reference: images/a.png
    test: images/b.png
    must_pass: true
    expect: {verdict: same, choice: {question: Which?, options: [a, b], answer: a}}
""")
    return made


def _models(path: Path) -> None:
    from kurabe.models.config import read
    from kurabe.models.registry import Registry

    registry = Registry(read(path))
    for info in registry.info():
        str(info)


def _model_files() -> list[bytes]:
    return [
        (ROOT / "models.toml").read_bytes(),
        b'[models.a]\nengine = "pixel-diff"\n[models.a.aligned]\ntolerance = 3\nfloor = 20.0\n'
        b'[models.b]\nengine = "local"\ncheckpoint = "there"\nthreshold = 0.5\ncrops = 4\n'
        b'[models.c]\nengine = "local"\nbase = "b"\nadapter = "adapters/c"\n[line]\nescape = 3.0\n',
    ]


def _table(path: Path) -> None:
    from kurabe.authoring.labels import Labels
    from kurabe.authoring.pair_table import read_table

    for row in read_table(path, "aligned", Labels()):
        str(row)


def _tables() -> list[bytes]:
    rows = "id,before,after,label,boxes,n_differences,kinds,family,pair_type\n"
    for number in range(6):
        rows += f"p{number},a/{number}.png,b/{number}.png,{('same', 'different')[number % 2]},"
        rows += '"[[1, 2, 30, 40, ""missing""]]",1,"[""missing""]",pins,aligned\n'
    return [
        rows.encode(),
        rows.replace(",", ";").encode("utf-16"),
        ("sep=;\r\n" + "id;before;after;label\r\n1;良品\\a.png;b.png;OK\r\n").encode("utf-8-sig"),
        "id\tbefore\tafter\tlabel\n1\ta.png\tb.png\t不良品\n".encode("shift-jis"),
    ]


def _picture(path: Path) -> None:
    from kurabe.imaging.load import image_size, load_image

    for look in (image_size, load_image):
        try:
            look(path)
        except KurabeError:
            if look is load_image:
                raise


def _pictures() -> list[bytes]:
    from tests.hard.pictures import samples

    return samples()


KINDS: dict[str, Kind] = {
    "yaml": Kind(".yaml", mutate.NASTY + mutate.YAML, _suites, _suite),
    "toml": Kind(".toml", mutate.NASTY + mutate.TOML, _model_files, _models),
    "csv": Kind(".csv", mutate.NASTY + mutate.CSV, _tables, _table),
    "pictures": Kind(".png", (), _pictures, _picture),
}


@dataclass(frozen=True)
class Outcome:
    """What came of a batch.

    Attributes:
        counts: How many files were read, and how many refused.
        faults: By the number of the file, what went wrong.
        memory: The most that the process held, in bytes.
    """

    counts: Counter[str]
    faults: dict[int, str]
    memory: int


def attempt(name: str, seed: int, numbers: range, marker: Path | None = None) -> Outcome:
    """Read damaged files of a kind; the number of each is written to ``marker`` first."""
    warnings.simplefilter("ignore")  # decoders tell a lot about damage
    kind = KINDS[name]
    seeds = kind.seeds()
    counts: Counter[str] = Counter()
    faults: dict[int, str] = {}
    with tempfile.TemporaryDirectory(prefix="kurabe-fuzz-") as folder:
        path = Path(folder) / "home" / f"file{kind.suffix}"
        path.parent.mkdir()
        for number in numbers:
            if marker is not None:
                marker.write_text(str(number))
            path.write_bytes(damaged(name, seed, number, seeds))
            how, fault = tried(kind.read, path, (KurabeError, CaseError))
            counts[how] += 1
            if fault:
                faults[number] = fault
    return Outcome(counts, faults, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024)


def damaged(name: str, seed: int, number: int, seeds: Sequence[bytes]) -> bytes:
    """Return the damaged file of a number, always the same one."""
    chance = random.Random(f"{name} {seed} {number}")
    return mutate.damaged(chance, seeds, KINDS[name].tokens)


def batches(name: str, seed: int, tries: int, processes: int) -> Iterator[Outcome]:
    """Read files in processes of their own; what a process dies of is a fault."""
    with tempfile.TemporaryDirectory(prefix="kurabe-fuzz-") as folder:
        waiting = [range(at, min(at + BATCH, tries)) for at in range(0, tries, BATCH)]
        while waiting:
            with ProcessPoolExecutor(processes) as pool:
                markers = [Path(folder) / str(part.start) for part in waiting]
                running = [
                    (part, marker, pool.submit(attempt, name, seed, part, marker))
                    for part, marker in zip(waiting, markers, strict=True)
                ]
                waiting = []
                for part, marker, future in running:
                    try:
                        yield future.result()
                    except BrokenProcessPool:
                        if not marker.is_file():  # not begun
                            waiting.append(part)
                            continue
                        at = int(marker.read_text())
                        yield Outcome(Counter(crashed=1), {at: "the process died"}, 0)
                        waiting += [range(part.start, at), range(at + 1, part.stop)]
                        marker.unlink()
            waiting = [part for part in waiting if part]


def run(name: str, seed: int, tries: int, processes: int = 1) -> dict[str, object]:
    """Read so many damaged files of a kind; return the figures."""
    counts: Counter[str] = Counter()
    faults: dict[int, str] = {}
    memory = 0
    for outcome in batches(name, seed, tries, processes):
        counts += outcome.counts
        for number, fault in outcome.faults.items():
            print(f"{name} {seed} {number}: {fault}", flush=True)
        faults |= outcome.faults
        memory = max(memory, outcome.memory)
    return {
        "files": tries,
        **counts,
        "faults": [f"{number}: {fault}" for number, fault in sorted(faults.items())],
        "most_mib": round(memory / 2**20),
        "seed": seed,
    }


def main(arguments: list[str] | None = None) -> int:
    """Try, tell what failed, and record the figures if this is wanted."""
    options = parser(__doc__, tries=200)
    options.add_argument("kind", choices=KINDS)
    chosen = options.parse_args(arguments)
    figures = run(chosen.kind, chosen.seed, chosen.tries, chosen.processes)
    print({**figures, "faults": len(figures["faults"])})  # type: ignore[arg-type]
    if chosen.record:
        record(f"fuzz_{chosen.kind}", figures)
    return 1 if figures["faults"] else 0


if __name__ == "__main__":
    sys.exit(main())
