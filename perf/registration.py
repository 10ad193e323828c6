"""Measure registration on real pictures: ``python perf/registration.py PAIRS.csv [--out FILE]``.

Every distinct reference of the table (the one that ``kurabe import pairs`` reads) is shifted, turned,
scaled, lit differently and made noisy by known amounts, and registered against itself; black comes in
where the picture ends. Cubic splines sample the full picture once, so the truth is exact. Beside that,
every reference is registered against a picture of another family, which must be left alone.
"""

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")  # figures are for one core

import argparse
import cmath
import json
import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd
from PIL import Image
from scipy import ndimage

from kurabe.imaging.align import Registration, register
from kurabe.imaging.load import load_image

Floats = npt.NDArray[np.float64]
Bytes = npt.NDArray[np.uint8]

SHIFT, ANGLE, SCALE, LIGHT, NOISE = 12.0, 3.0, 0.03, (0.8, 1.15), 3.0
PIXELS, DEGREES, WRONG = 0.3, 0.1, 1.0


@dataclass(frozen=True)
class Motion:
    """What was done to a picture: z -> scale * exp(i angle) * z + shift about its middle; then the light."""

    dx: float
    dy: float
    degrees: float
    scale: float
    light: float

    @property
    def factor(self) -> complex:
        """Return rotation and scale as one complex number."""
        return self.scale * cmath.exp(1j * math.radians(self.degrees))


@dataclass(frozen=True)
class Trial:
    """One registration: pixels at the middle and on average over the middle quarter, and degrees off."""

    family: str
    picture: str
    motion: Motion
    applied: bool
    reason: str
    pixels: float
    quarter: float
    degrees: float


@dataclass(frozen=True)
class Row:
    """The figures of one family; errors are those of the applied registrations, None without any."""

    group: str
    trials: int
    applied: int
    median_px: float | None
    p95_px: float | None
    worst_px: float | None
    worst_quarter_px: float | None
    median_degrees: float | None
    p95_degrees: float | None
    worst_degrees: float | None
    within: float | None
    wrong: int
    unrelated: int
    unrelated_applied: int


def references(table: Path) -> list[tuple[str, Path]]:
    """Return family and path of every distinct reference; paths are relative to the table."""
    rows = pd.read_csv(table).drop_duplicates("before")
    return [
        (str(family), table.parent / str(path)) for family, path in zip(rows.family, rows.before, strict=True)
    ]


def drawn(random: np.random.Generator) -> Motion:
    """Draw a motion evenly from the ranges."""
    dx, dy = random.uniform(-SHIFT, SHIFT, 2)
    degrees, scale = random.uniform(-ANGLE, ANGLE), 1 + random.uniform(-SCALE, SCALE)
    return Motion(float(dx), float(dy), float(degrees), float(scale), float(random.uniform(*LIGHT)))


def moved(picture: Bytes, motion: Motion, random: np.random.Generator) -> Bytes:
    """Show an H x W x 3 picture moved, in other light and with noise."""
    height, width = picture.shape[:2]
    middle = complex((width - 1) / 2, (height - 1) / 2)
    here = np.arange(width)[None, :] + 1j * np.arange(height)[:, None]
    source = (here - middle - complex(motion.dx, motion.dy)) / motion.factor + middle
    at = np.stack([source.imag, source.real])
    channels = [ndimage.map_coordinates(picture[..., c].astype(np.float32), at, order=3) for c in range(3)]
    seen = np.stack(channels, axis=-1) * motion.light + random.normal(0, NOISE, picture.shape)
    return np.clip(seen.round(), 0, 255).astype(np.uint8)


def trial(family: str, path: Path, motion: Motion, found: Registration, shape: tuple[int, ...]) -> Trial:
    """Compare what was found with what was done."""
    height, width = shape[:2]
    off = complex(*found.shift) - complex(motion.dx, motion.dy)
    turn = found.scale * cmath.exp(1j * math.radians(found.angle)) - motion.factor
    x, y = np.linspace(-width / 4, width / 4, 9), np.linspace(-height / 4, height / 4, 9)
    quarter = float(np.abs(turn * (x[None, :] + 1j * y[:, None]) + off).mean())
    degrees = abs(found.angle - motion.degrees)
    return Trial(family, path.name, motion, found.applied, found.reason, abs(off), quarter, degrees)


def known_motions(pictures: Iterable[tuple[str, Path]], motions: int, seed: int) -> list[Trial]:
    """Register every picture against itself under several motions."""
    done = []
    for index, (family, path) in enumerate(pictures):
        random = np.random.default_rng((seed, index))
        reference = np.asarray(load_image(path))
        for _ in range(motions):
            motion = drawn(random)
            found = register(reference, moved(reference, motion, random))
            done.append(trial(family, path, motion, found, reference.shape))
    return done


def unrelated(pictures: Sequence[tuple[str, Path]], seed: int) -> dict[str, list[bool]]:
    """Register every picture against one of another family; return by family which were applied."""
    random = np.random.default_rng(seed)
    applied: dict[str, list[bool]] = defaultdict(list)
    for family, path in pictures:
        others = [other for name, other in pictures if name != family]
        if not others:
            continue
        reference = load_image(path)
        other = load_image(others[int(random.integers(len(others)))])
        other = other.resize(reference.size, Image.Resampling.LANCZOS)
        applied[family].append(register(np.asarray(reference), np.asarray(other)).applied)
    return applied


def row(group: str, trials: Sequence[Trial], strangers: Sequence[bool]) -> Row:
    """Sum a group up."""
    used = [t for t in trials if t.applied]
    pixels, degrees = np.array([t.pixels for t in used]), np.array([t.degrees for t in used])

    def at(values: Floats, quantile: float) -> float | None:
        return round(float(np.quantile(values, quantile)), 4) if used else None

    return Row(
        group=group,
        trials=len(trials),
        applied=len(used),
        median_px=at(pixels, 0.5),
        p95_px=at(pixels, 0.95),
        worst_px=at(pixels, 1),
        worst_quarter_px=at(np.array([t.quarter for t in used]), 1),
        median_degrees=at(degrees, 0.5),
        p95_degrees=at(degrees, 0.95),
        worst_degrees=at(degrees, 1),
        within=round(float(((pixels <= PIXELS) & (degrees <= DEGREES)).mean()), 4) if used else None,
        wrong=int((pixels > WRONG).sum()),
        unrelated=len(strangers),
        unrelated_applied=sum(strangers),
    )


def measure(pictures: Sequence[tuple[str, Path]], motions: int, seed: int) -> tuple[list[Row], list[Trial]]:
    """Return the figures by family and for all, and the trials."""
    trials, strangers = known_motions(pictures, motions, seed), unrelated(pictures, seed)
    rows = [
        row(family, [t for t in trials if t.family == family], strangers[family])
        for family in sorted({t.family for t in trials})
    ]
    rows.append(row("all", trials, [applied for group in strangers.values() for applied in group]))
    return rows, trials


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("pairs", type=Path)
    parser.add_argument("--out", type=Path, help="write the figures there as JSON")
    parser.add_argument("--motions", type=int, default=3, help="motions a picture")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    rows, trials = measure(references(options.pairs), options.motions, options.seed)
    table = pd.DataFrame([asdict(r) for r in rows]).set_index("group")
    print(table.T.to_string(float_format=lambda value: f"{value:.3f}", na_rep="-"))
    remarkable = [t for t in trials if not t.applied or t.pixels > PIXELS or t.degrees > DEGREES]
    for t in remarkable:
        outcome = f"{t.pixels:.2f} px, {t.degrees:.2f} degrees off" if t.applied else t.reason
        print(f"{t.family} {t.picture}: {outcome}")
    if options.out is not None:
        result = {
            "motions": options.motions,
            "seed": options.seed,
            "groups": [asdict(r) for r in rows],
            "remarkable": [asdict(t) for t in remarkable],
        }
        options.out.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
