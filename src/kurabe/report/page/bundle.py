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
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from markupsafe import Markup

from kurabe.common.vocabulary import LANGUAGES
from kurabe.report.page import libraries
from kurabe.report.page.static import static_part
from kurabe.report.speech import Speech

_HERE = Path(__file__).parent
_STYLES = ("base", "board", "decide", "gallery", "viewer", "print")
_IMPORT = re.compile(r'(\bfrom\s+|\bimport\s*\(?\s*)"\./')


def page_html(data: Mapping[str, Any], thumbs: Mapping[str, str], *, lang: str = "en") -> str:
    """Return the page.

    Args:
        data: What `kurabe.report.page.data` makes of a run.
        thumbs: Thumbnails as data URIs, by picture id.
        lang: The language that the page opens in, one of `LANGUAGES`. It holds the words of all of them.

    Raises:
        ValueError: If there are no words in ``lang``.
    """
    page_words(lang)  # refuses one that is not there
    words: dict[str, dict[str, str]] = {each: page_words(each) for each in LANGUAGES}
    told: dict[str, dict[str, str]] = {each: _told(data, each) for each in LANGUAGES}
    content = packed(json.dumps(data, ensure_ascii=False, separators=(",", ":")), level=6)
    writer = _Writer(words[lang], told[lang])
    page: str = _template().render(
        lang=lang,
        w=writer.node,
        said=writer.said,
        text=writer.text,
        a=writer.attribute,
        told=writer.told,
        languages={each: table["page.in_words"] for each, table in words.items()},
        words={"words": words, "told": told},
        run=data["run"],
        static=static_part(data, thumbs, words[lang]),
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
    return _writable(page)


def _told(data: Mapping[str, Any], lang: str) -> dict[str, str]:
    """Return the sentences that the run itself left, in English, with what they are called in a language."""
    run = data["run"]
    texts = [
        run["manifest"].get("partial"),
        *(model["left_out"] for model in data.get("models", {}).values()),
        *(row.get("needs") for row in data.get("decisions", ())),
        *run["manifest"].get("messages", ()),
    ]
    say = Speech.of(lang)
    return {text: said for text in texts if isinstance(text, str) and (said := say(text)) != text}


@dataclass(frozen=True, slots=True)
class _Writer:
    """Writes words into the template, each with its key beside it, by which the page finds it to say it anew.

    Attributes:
        words: The page's words.
        sentences: What is said in place of sentences of the run.
    """

    words: Mapping[str, str]
    sentences: Mapping[str, str]

    def text(self, key: str, **values: Any) -> str:
        """Return a text with its values; whole numbers are grouped."""
        text = self.words[key]
        for name, value in values.items():
            text = text.replace(f"{{{name}}}", _shown(value))
        return text

    def said(self, key: str, **values: Any) -> Markup:
        """Return the attributes of an element that holds a text and nothing else."""
        if not values:
            return Markup('data-say="{}"').format(key)
        shown = json.dumps({name: _shown(value) for name, value in values.items()}, ensure_ascii=False)
        return Markup('data-say="{}" data-values="{}"').format(key, shown)

    def node(self, key: str, **values: Any) -> Markup:
        """Return a text in an element of its own."""
        return Markup("<span {}>{}</span>").format(self.said(key, **values), self.text(key, **values))

    def attribute(self, name: str, key: str) -> Markup:
        """Return an attribute whose value is a text."""
        return Markup('{}="{}" data-say-{}="{}"').format(name, self.words[key], name, key)

    def told(self, sentence: str) -> Markup:
        """Return a sentence of the run in an element of its own."""
        said = self.sentences.get(sentence)
        lang = Markup(' lang="en"') if said is None else ""
        return Markup('<span data-told="{}"{}>{}</span>').format(sentence, lang, said or sentence)


def _shown(value: Any) -> str:
    return f"{value:,}" if isinstance(value, int) else str(value)


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


def _writable(text: str) -> str:
    """Return the text with lone surrogates as escapes; the static part and banners hold texts of the run."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


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
    environment.policies["json.dumps_kwargs"] = {"ensure_ascii": False}  # Japanese takes half the bytes
    return environment.get_template("template.html.j2")
