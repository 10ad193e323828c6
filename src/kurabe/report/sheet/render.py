"""From plain values to a page to print: a template, its words, and one style sheet."""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from kurabe.common.atomic import write_text
from kurabe.common.vocabulary import Language

_HERE = Path(__file__).parent


def write_sheet(name: str, path: Path, lang: Language, values: Mapping[str, Any]) -> Path:
    """Write a page to print.

    Args:
        name: Name of the template and of its words.
        path: The file to write.
        lang: Language of the page's own words.
        values: What the template shows.

    Raises:
        OSError: If it cannot be written.
    """
    words = sheet_words(name, lang)
    style = (_HERE / "sheet.css").read_text(encoding="utf-8")
    shown = _environment().get_template(f"{name}.html.j2").render(lang=lang, w=words, style=style, **values)
    write_text(path, shown)
    return path


def sheet_words(name: str, lang: Language) -> dict[str, str]:
    """Return the words of a page, by their names."""
    found = tomllib.loads((_HERE / "words" / f"{lang}.toml").read_text(encoding="utf-8"))
    words: dict[str, str] = {**found["common"], **found[name]}
    return words


@cache
def _environment() -> Any:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    made = Environment(loader=FileSystemLoader(_HERE), autoescape=True, undefined=StrictUndefined)
    made.filters["percent"] = lambda value, digits=1: "–" if value is None else f"{100 * value:.{digits}f} %"
    made.filters["figure"] = lambda value, form=".3g": "–" if value is None else format(value, form)
    return made
