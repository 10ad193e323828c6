"""Tiny models in memory and something for them to learn."""

from pathlib import Path
from typing import Any

from PIL import Image

from kurabe.cases.prompts import load_prompts
from kurabe.cases.suites import read
from kurabe.common.vocabulary import Layout
from kurabe.finetune.records import TrainingRecord, Wanted, records_of
from kurabe.models.config import LocalSettings
from kurabe.models.engines.local.checkpoint import Base
from kurabe.models.engines.local.loaded import Loaded
from kurabe.project import processor_names
from tests.support import checkpoints
from tests.support.project import case, picture

FAMILIES = ("golden_phi3v", "golden_mllama", "llava", "qwen2_vl")


def loaded(folder: Path, family: str = "llava") -> Loaded:
    """Return a tiny model, as an engine would load it; written once."""
    if not (folder / family).is_dir():
        getattr(checkpoints, family)(folder / family)
    return Base(LocalSettings(checkpoint=family), folder).load()


def pins(
    root: Path, references: int = 4, variants: tuple[str, ...] = ("raw",), *, boxes: bool = False
) -> Path:
    """Write a suite with a good and a bad train pair for each reference, and one test pair."""
    lacking: dict[str, Any] = {"says": [["missing"], ["pin"]]}
    if boxes:
        lacking["box"] = [18, 8, 25, 25]
    cases: list[dict[str, Any]] = []
    folder = root / "cases" / "pins"
    for number in range(references):
        picture(folder / f"images/r{number}.png", shade=200 - 10 * number)
        for verdict in ("same", "different"):
            name = f"{verdict}{number}"
            known = {"differences": [] if verdict == "same" else [lacking]}
            cases.append(
                {
                    **case(name, verdict, split="train"),
                    "reference": f"images/r{number}.png",
                    "expect": {"verdict": verdict, **known},
                }
            )
            picture(folder / f"images/{name}.png", defect=verdict == "different", shade=199 - 10 * number)
    import yaml

    picture(folder / "images/test-good.png", shade=90)
    picture(folder / "images/unseen.png", shade=91, defect=True)
    cases.append({**case("unseen", "different"), "reference": "images/test-good.png"})
    path = folder / "pins.yaml"
    path.write_text(
        yaml.safe_dump({"suite": "pins", "variants": list(variants), "cases": cases}), encoding="utf-8"
    )
    return path


def records(root: Path, layout: Layout = "stacked", **more: Any) -> list[TrainingRecord]:
    """Return the records of `pins`."""
    found = read([pins(root, **more)])
    assert not found.problems
    return records_of(found.good[0], load_prompts(), Wanted(layout, processors=processor_names()))


def noise(width: int, height: int, seed: int = 0) -> Image.Image:
    """Return a picture of noise."""
    import numpy as np

    values = np.random.default_rng(seed).integers(0, 256, (height, width, 3), dtype=np.uint8)
    return Image.fromarray(values)
