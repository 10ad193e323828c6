"""One self-contained HTML file out of a template, style sheets, ES modules, libraries and data.

Nothing of the data is ever markup: it travels as gzip in base64, and the modules put it in place as
text. The modules are data URLs behind an import map, so that a browser links them without a server.
"""

import base64
import gzip
import hashlib
import json
import re
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from kurabe.common.vocabulary import LANGUAGES
from kurabe.report.page import libraries
from kurabe.report.page.static import static_part

_HERE = Path(__file__).parent
_STYLES = ("base", "board", "decide", "gallery", "viewer", "print")
_IMPORT = re.compile(r'(\bfrom\s+|\bimport\s*\(?\s*)"\./')


def page_html(data: Mapping[str, Any], thumbs: Mapping[str, str], *, lang: str = "en") -> str:
    """Return the page.

    Args:
        data: What `kurabe.report.page.data` makes of a run.
        thumbs: Thumbnails as data URIs, by picture id.
        lang: Language of the page's own words, one of `LANGUAGES`.

    Raises:
        ValueError: If there are no words in ``lang``.
    """
    words = page_words(lang)
    content = packed(json.dumps(data, ensure_ascii=False, separators=(",", ":")), level=6)
    page: str = _template().render(
        lang=lang,
        w=words.__getitem__,
        words=words,
        run=data["run"],
        static=static_part(data, thumbs, words),
        counts={"models": len(set(data["trials"]["model"]))},
        styles="\n".join(_asset(f"{name}.css") for name in _STYLES),
        modules={"imports": _modules()},
        # Of the content, so that a run gives the same page each time.
        nonce=hashlib.sha256(content.encode()).hexdigest()[:24],
        packed={
            "data": content,
            # WebP in base64 hardly shrinks, but the little it does is free at this level.
            "thumbs": packed(json.dumps(thumbs, separators=(",", ":")), level=1),
            **_libraries(),
        },
    )
    return page


def page_words(lang: str) -> dict[str, str]:
    """Return the page's words in a language, by ``section.name``."""
    if lang not in LANGUAGES:
        raise ValueError(f"the page is there in {', '.join(LANGUAGES)}, not in {lang!r}")
    sections = tomllib.loads((_HERE / f"words/{lang}.toml").read_text(encoding="utf-8"))
    return {f"{section}.{name}": text for section, texts in sections.items() for name, text in texts.items()}


def packed(text: str, level: int) -> str:
    """Return the text as gzip in base64; lone surrogates, which UTF-8 cannot hold, as escapes."""
    raw = text.encode("utf-8", "backslashreplace")
    return base64.b64encode(gzip.compress(raw, level, mtime=0)).decode("ascii")


@cache
def _libraries() -> dict[str, str]:
    return {
        "datatables": packed(libraries.datatables(), level=9),
        "vega": packed(libraries.vega(), level=9),
    }


def _modules() -> dict[str, str]:
    """Return an import map: each module of ``assets/`` as a data URL, under ``kurabe/NAME.js``."""
    urls = {}
    for path in sorted((_HERE / "assets").glob("*.js")):
        # A data URL has no folder, so that "./x.js" has to become a name of the map.
        code = _IMPORT.sub(r'\1"kurabe/', path.read_text(encoding="utf-8"))
        encoded = base64.b64encode(code.encode("utf-8")).decode("ascii")
        urls[f"kurabe/{path.name}"] = f"data:text/javascript;charset=utf-8;base64,{encoded}"
    return urls


def _asset(name: str) -> str:
    return (_HERE / "assets" / name).read_text(encoding="utf-8")


@cache
def _template() -> Any:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    loader = FileSystemLoader(_HERE)
    environment = Environment(
        loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    return environment.get_template("template.html.j2")
