"""A small project as a user would have it: real images, real suites, and an engine that needs no weights."""

import json
from pathlib import Path
from typing import Any

import yaml
from PIL import Image, ImageDraw

MAIN = ("-p", "no:randomly", "-p", "no:benchmark", "--pyargs", "kurabe.plugin.test_pairs")
"""Names the bench to a pytest in a project of its own, without the plugins that `test_beside` is about."""

INSTANT = """
[models.instant]
engine = "tests.support.instant:create"
default = true
"""


def picture(path: Path, *, defect: bool = False, shade: int = 200, size: tuple[int, int] = (48, 32)) -> Path:
    """Draw a row of pins, without the middle one if there is a defect."""
    image = Image.new("RGB", size, (20, 60, 30))
    draw = ImageDraw.Draw(image)
    for pin, left in enumerate(range(6, 42, 12)):
        if not (defect and pin == 1):
            draw.rectangle((left, 8, left + 6, 24), fill=(shade, shade, 160))
    path.parent.mkdir(parents=True, exist_ok=True)
    image.save(path)
    return path


def case(name: str, verdict: str, **more: Any) -> dict[str, Any]:
    """Return a case; `suite` draws its test image so that it shows what the verdict says."""
    return {
        "id": name,
        "reference": "images/good.png",
        "test": f"images/{name}.png",
        "expect": {"verdict": verdict},
        **more,
    }


def suite(root: Path, name: str, cases: list[dict[str, Any]], **more: Any) -> Path:
    """Write a suite with its images and return its file."""
    folder = root / "cases" / name
    picture(folder / "images/good.png")
    for number, entry in enumerate(cases):
        # No two test images are alike, else one answer would serve several cases.
        defect = entry["expect"].get("verdict") == "different"
        picture(folder / f"images/{entry['id']}.png", defect=defect, shade=199 - number)
    path = folder / f"{name}.yaml"
    path.write_text(
        yaml.safe_dump({"suite": name, **more, "cases": cases}, sort_keys=False), encoding="utf-8"
    )
    return path


def project(root: Path, models: str = INSTANT) -> Path:
    """Write ``models.toml`` and a suite with two good and two bad pairs."""
    (root / "models.toml").write_text(models, encoding="utf-8")
    cases = [
        case("a1", "different", tags=["missing"]),
        case("a2", "same"),
        case("a3", "different"),
        case("a4", "same", tags=["light"]),
    ]
    suite(root, "pins", cases)
    return root


def results(root: Path) -> list[dict[str, Any]]:
    """Return the lines of the latest run."""
    run = sorted((root / "reports" / "runs").iterdir())[-1]
    return [json.loads(line) for line in (run / "results.jsonl").read_text(encoding="utf-8").splitlines()]


def manifest(root: Path) -> dict[str, Any]:
    """Return the manifest of the latest run."""
    run = sorted((root / "reports" / "runs").iterdir())[-1]
    loaded: dict[str, Any] = json.loads((run / "manifest.json").read_text(encoding="utf-8"))
    return loaded
