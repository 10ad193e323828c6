"""Write ``docs/reference/columns.md`` from the code: ``uv run python -m tools.columns``."""

from pathlib import Path

from kurabe.report.dictionary import markdown

PAGE = Path(__file__).resolve().parent.parent / "docs" / "reference" / "columns.md"

if __name__ == "__main__":
    PAGE.write_text(markdown(), encoding="utf-8")
