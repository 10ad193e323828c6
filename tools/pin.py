"""Pin the versions that the tests run with: ``uv run python tools/pin.py``.

A lock file would name the package index of whoever wrote it. Constraints name packages and versions
alone; uv takes them from pyproject.toml, pip from constraints.txt (``pip install -c constraints.txt``).
"""

import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
COMMAND = (
    "uv pip compile --universal --python-version 3.11 --upgrade --no-header --no-annotate --quiet "
    "--extra test --extra quantization --extra endpoint --extra claude --extra gemini --extra good-parts "
    "--extra mlflow pyproject.toml"
)
BEGIN = "constraint-dependencies = [\n"
END = "]  # end of the pins\n"


def pins() -> list[str]:
    """Resolve today's newest versions for all supported Pythons and platforms."""
    without = ROOT / "pyproject.toml"
    text = without.read_text(encoding="utf-8")
    try:  # today's pins must not bind the new ones
        without.write_text(with_pins(text, []), encoding="utf-8")
        done = subprocess.run(COMMAND.split(), cwd=ROOT, capture_output=True, text=True, check=True)
    finally:
        without.write_text(text, encoding="utf-8")
    return [line for line in done.stdout.splitlines() if line and not line.startswith("#")]


def with_pins(text: str, lines: list[str]) -> str:
    """Return pyproject.toml's text with these pins."""
    listed = "".join(f'    "{line}",\n' for line in lines)
    return re.sub(
        re.escape(BEGIN) + ".*?" + re.escape(END), lambda _: BEGIN + listed + END, text, flags=re.DOTALL
    )


def main() -> None:
    """Write both files."""
    found = pins()
    path = ROOT / "pyproject.toml"
    path.write_text(with_pins(path.read_text(encoding="utf-8"), found), encoding="utf-8")
    head = "# Written by tools/pin.py: what the tests run with. Use: pip install -c constraints.txt …\n"
    (ROOT / "constraints.txt").write_text(head + "\n".join(found) + "\n", encoding="utf-8")
    print(f"{len(found)} packages pinned")  # noqa: T201


if __name__ == "__main__":
    main()
