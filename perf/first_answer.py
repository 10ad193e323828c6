"""From the command to the first answer of a full-size model on disk: with nothing kept, and again.

    python -m perf.first_answer [--family phi] [--quantization fp8] [--folder FOLDER] [--out FILE]
    python -m perf.first_answer --cpu

Writes the model with random weights to a folder, unless ``--folder`` holds one, and then runs
``pytest benchmark -k connector`` twice, as a user would. The first run finds no compiled kernels and no
hashes of the weights, the second finds both. `perf.marks` ends each run at its first answer and says when it
had got how far; times are seconds from the command.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from perf import marks, models
from perf.models import FAMILIES, ROOT

BENCH = ("pytest", "benchmark", "-k", "connector", "--model", "measured", "--kurabe-fresh")
KERNELS = "TRITON_CACHE_DIR"
RUNS = ("first", "again")


def write(family: str, files: Path | None, layers: int | None, folder: Path) -> None:
    """Write a full-size checkpoint with random weights, in a process of its own."""
    code = (
        "import sys; from pathlib import Path; from perf.models import FAMILIES; "
        "family, folder, files, layers = sys.argv[1:]; "
        "model, processor = FAMILIES[family].build(Path(files) if files else None, int(layers) or None); "
        "model.save_pretrained(folder); processor.save_pretrained(folder)"
    )
    asked = [family, str(folder), str(files or ""), str(layers or 0)]
    done = subprocess.run(
        [sys.executable, "-c", code, *asked], cwd=ROOT, env=_environment(), capture_output=True, text=True
    )
    if done.returncode:
        raise SystemExit(f"the checkpoint cannot be written:\n{done.stderr[-3000:]}")


def _environment(**more: str) -> dict[str, str]:
    path = os.pathsep.join([str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])])
    return {**os.environ, "PYTHONPATH": path, **more}


def entry(family: str, checkpoint: Path, quantization: str | None, cpu: bool) -> str:
    """Return the ``models.toml`` of the model that is measured."""
    described = FAMILIES[family]
    device, dtype = ("cpu", "float32") if cpu else ("cuda", "bfloat16")
    lines = ["[models.measured]", 'engine = "local"', f'checkpoint = "{checkpoint.as_posix()}"']
    lines += [f'layout = "{described.layout}"', f'device = "{device}"', f'dtype = "{dtype}"']
    lines += [f"crops = {described.crops}"] if described.crops and not cpu else []
    lines += [f'quantization = "{quantization}"'] if quantization else []
    return "\n".join(lines) + "\n"


def run(folder: Path, models_file: Path) -> dict[str, Any]:
    """Run the bench up to its first answer; return what `perf.marks` took down."""
    out = folder / "marks.json"
    out.unlink(missing_ok=True)
    places = ["--kurabe-models-file", str(models_file), "--kurabe-reports", str(folder / "reports")]
    kept = {KERNELS: str(folder / "kernels"), marks.FILE: str(out), marks.BEGUN: str(time.time())}
    start = time.time()
    done = subprocess.run(
        [sys.executable, "-m", *BENCH, *places, "-p", "perf.marks", "-p", "no:cacheprovider"],
        cwd=ROOT, env=_environment(**kept), capture_output=True, text=True, timeout=300,
    )  # fmt: skip
    if not out.is_file():
        raise SystemExit(
            f"no answer after {time.time() - start:.0f} s:\n{(done.stdout + done.stderr)[-4000:]}"
        )
    found: dict[str, Any] = json.loads(out.read_text(encoding="utf-8"))
    return found


def table(record: dict[str, Any]) -> str:
    """Write the marks of both runs below each other."""
    taken = {name: record[name]["marks"] for name in RUNS if name in record}
    names = sorted({each for own in taken.values() for each in own}, key=lambda each: _latest(taken, each))
    lines = [f"{'':<44}" + "".join(f"{name:>9}" for name in taken)]
    for name in names:
        times = "".join(f"{own.get(name, float('nan')):9.2f}" for own in taken.values())
        lines += [f"{name:<44}{times}"]
    return "\n".join(lines)


def _latest(taken: dict[str, dict[str, float]], name: str) -> float:
    return [own[name] for own in taken.values() if name in own][-1]


def main(arguments: Sequence[str] | None = None) -> dict[str, Any]:
    """Measure, print and record."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--family", choices=sorted(FAMILIES), default="phi")
    parser.add_argument("--files", type=Path, help="folder with the published tokenizer and configuration")
    parser.add_argument("--layers", type=int, help="decoder layers instead of all")
    parser.add_argument("--quantization", choices=("fp8",))
    parser.add_argument("--folder", type=Path, help="holds the checkpoint, or gets it")
    parser.add_argument("--cpu", action="store_true", help="the family's tiny checkpoint, on the CPU")
    parser.add_argument("--out", type=Path)
    chosen = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        checkpoint = FAMILIES[chosen.family].tiny(folder) if chosen.cpu else chosen.folder or folder / "model"
        start = time.time()
        if not (checkpoint / "config.json").is_file():
            write(chosen.family, chosen.files, chosen.layers, checkpoint)
        written = time.time() - start
        models_file = folder / "models.toml"
        models_file.write_text(
            entry(chosen.family, checkpoint, chosen.quantization, chosen.cpu), encoding="utf-8"
        )
        record: dict[str, Any] = {"command": " ".join(BENCH), "family": chosen.family}
        record |= {"quantization": chosen.quantization, "writing_seconds": round(written, 1)}
        record["gib"] = round(sum(p.stat().st_size for p in checkpoint.glob("*.safetensors")) / 2**30, 2)
        for name in RUNS:
            record[name] = run(folder, models_file)
            print(f"{name}: {json.dumps(record[name])}", flush=True)
            if chosen.out:
                chosen.out.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
    record = models.surroundings("cpu" if chosen.cpu else "cuda") | record
    print(table(record), flush=True)
    if chosen.out:
        chosen.out.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
    return record


if __name__ == "__main__":
    main()
