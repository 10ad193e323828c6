"""Prompts: what a model is asked.

They come from ``cases/prompts.yaml``: how the pictures are shown, how they belong together, and the question
itself.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Self, get_args

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

from kurabe.cases import yaml_lines as yamlfile
from kurabe.common.errors import CaseError, Problem
from kurabe.common.vocabulary import (
    LAYOUTS,
    QUESTIONS,
    Asks,
    BoxForm,
    Language,
    Layout,
    QuestionKind,
    Relation,
)

_PACKAGED = Path(__file__).with_name("_prompts.yaml")
_IN_SOURCE = Path(__file__).parents[3] / "cases" / "prompts.yaml"

Text = Annotated[str, Field(min_length=1)]


@dataclass(frozen=True, slots=True)
class Prompt:
    """A question as it is put to a model.

    Attributes:
        text: The whole prompt, without chat template and image tags.
        yes: Words that answer a ``verdict`` with "different"; empty elsewhere.
        no: Words that answer a ``verdict`` with "same"; empty elsewhere.
        max_new_tokens: Limit of the answer's length in tokens.
        options: The options of a ``choice``, in the order of their letters; empty elsewhere.
        asks: ``sameness`` if a ``verdict`` asks whether the two are the same.
        form: JSON schema of the answer; None where the question alone decides.
        boxes: In which form ``differences`` asks for boxes; None if words are enough.
    """

    text: str
    yes: tuple[str, ...]
    no: tuple[str, ...]
    max_new_tokens: int
    options: tuple[str, ...] = ()
    asks: Asks = "difference"
    form: Mapping[str, object] | None = field(default=None, hash=False)
    boxes: BoxForm | None = None


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Entry(_Strict):
    text: Text
    several: Text | None = None
    max_new_tokens: Annotated[int, Field(gt=0)] = 128
    introduce: bool = True


class _VerdictEntry(_Entry):
    yes: Annotated[tuple[Text, ...], Field(min_length=1)]
    no: Annotated[tuple[Text, ...], Field(min_length=1)]
    asks: Asks = "difference"

    @model_validator(mode="after")
    def _words_differ(self) -> Self:
        both = {word.strip().casefold() for word in self.yes} & {word.strip().casefold() for word in self.no}
        if both:
            raise ValueError(
                f"{sorted(both)} stand under both 'yes' and 'no': an answer must mean one of them"
            )
        return self


class _DifferencesEntry(_Entry):
    boxes: BoxForm | None = None


class _ChoiceEntry(_Entry):
    question: Text

    @model_validator(mode="after")
    def _has_places(self) -> Self:
        for place in ("{question}", "{options}"):
            if place not in self.text:
                raise ValueError(f"the text of a choice needs {place}, where it is filled in")
        return self


def _fills_in(text: str) -> str:
    try:
        text.format(good=2, all=3)
    except (LookupError, ValueError) as error:
        raise ValueError(
            "only {good} and {all} are filled in: write other braces twice, as {{ and }}"
        ) from error
    return text


_Introduction = Annotated[Text, AfterValidator(_fills_in)]


class _PromptsFile(_Strict):
    """A whole ``prompts.yaml``, after everything was laid over the default."""

    layout: dict[Language, dict[Layout, Text]]
    relation: dict[Language, dict[Relation, Text]]
    shots: dict[Language, dict[Layout | Relation, _Introduction]]
    verdict: dict[Language, _VerdictEntry]
    differences: dict[Language, _DifferencesEntry]
    count: dict[Language, _Entry]
    choice: dict[Language, _ChoiceEntry]
    describe: dict[Language, _Entry]


class Prompts:
    """All prompts that hold for a suite; immutable."""

    def __init__(self, raw: Mapping[str, Any]) -> None:
        self._raw = raw
        self._file = _PromptsFile.model_validate(raw)

    def told(self) -> dict[str, Any]:
        """Return all prompts as JSON can hold them."""
        return self._file.model_dump(mode="json")

    def overlay(
        self, mapping: Mapping[str, Any], path: Path | None = None, at: tuple[str, ...] = ()
    ) -> "Prompts":
        """Return these prompts with ``mapping`` laid over them.

        Args:
            mapping: Kind (or ``layout``, ``relation``) → language → a text, or a mapping of an entry's
                keys; what it leaves out stays. A text replaces the entry's text and nothing else.
            path: The file that ``mapping`` comes from, for messages with lines.
            at: The keys under which it stands in that file: ``("prompts",)`` in a suite.

        Raises:
            CaseError: With everything that is wrong.
        """
        if not mapping:
            return self
        try:
            return Prompts(_laid_over(self._raw, mapping))
        except ValidationError as error:
            raise CaseError(list(_problems(error, path, at))) from error

    def render(
        self,
        kind: QuestionKind,
        language: Language,
        layout: Layout,
        relation: Relation,
        options: Sequence[str] = (),
        question: str | None = None,
        shots: int = 1,
    ) -> Prompt:
        """Compose the prompt for one trial; it is the same whichever of the pictures comes first.

        Args:
            kind: What is asked.
            language: The suite's language.
            layout: How the pair is shown; ``describe`` shows one picture and does not need it.
            relation: How the two belong together.
            options: The options of a ``choice``, lettered in this order; at most 26.
            question: Asked by a ``choice`` instead of the default question.
            shots: How many good parts are shown, before the test picture.

        Raises:
            ValueError: If a ``choice`` has no options or more than 26.
        """
        entry = getattr(self._file, kind)[language]
        several = shots > 1
        text = entry.text.strip()
        if isinstance(entry, _ChoiceEntry):
            if not 1 <= len(options) <= 26:
                raise ValueError(f"a choice has 1 to 26 options, not {len(options)}")
            lettered = "\n".join(f"{chr(ord('A') + i)}. {option}" for i, option in enumerate(options))
            # In one pass, so that braces in a question or an option stay what they are.
            before, after = text.split("{question}", 1)
            parts = [part.replace("{options}", lettered) for part in (before, after)]
            usual = (several and entry.several) or entry.question
            text = (question or usual).strip().join(parts)
        elif several and entry.several is not None:
            text = entry.several.strip()
        if entry.introduce and kind != "describe":
            lead = [self._file.layout[language][layout], self._file.relation[language][relation]]
            if several:
                sentences = self._file.shots[language]
                lead = [sentences[key].format(good=shots, all=shots + 1) for key in (layout, relation)]
            text = ("" if language == "ja" else " ").join(part.strip() for part in lead) + "\n" + text
        if isinstance(entry, _VerdictEntry):
            return Prompt(text, entry.yes, entry.no, entry.max_new_tokens, asks=entry.asks)
        boxes = entry.boxes if isinstance(entry, _DifferencesEntry) else None
        return Prompt(text, (), (), entry.max_new_tokens, tuple(options), boxes=boxes)


@cache
def _default() -> Prompts:
    """Return the prompts that the package brings; an editable install reads them from the source tree."""
    path = _PACKAGED if _PACKAGED.is_file() else _IN_SOURCE
    raw = yamlfile.load(path.read_text(encoding="utf-8"))
    return Prompts(raw)


def load_prompts(path: Path | None = None) -> Prompts:
    """Return the prompts of a project: its ``cases/prompts.yaml`` laid over the package's.

    Args:
        path: The project's file, which may hold a part only; None, or no such file: the default.

    Raises:
        CaseError: With file, line and everything that is wrong.
    """
    if path is None or not path.is_file():
        return _default()
    try:
        raw = yamlfile.load(path.read_text(encoding="utf-8"))
    except yamlfile.YamlError as error:
        raise CaseError([Problem(str(error), path, error.line)]) from error
    except UnicodeDecodeError as error:
        raise CaseError([Problem("is not UTF-8: save it in that encoding", path)]) from error
    except OSError as error:
        raise CaseError([Problem(f"cannot be read: {error.strerror or error}", path)]) from error
    if raw is None:
        return _default()
    if not isinstance(raw, dict):
        raise CaseError([Problem(f"prompts are a mapping of {', '.join(_SECTIONS)}", path, 1)])
    return _default().overlay(raw, path)


_SECTIONS = tuple(_PromptsFile.model_fields)


def _laid_over(base: Any, top: Any, depth: int = 0) -> Any:
    """Merge section → language → entry; a bare text under a question's language is the entry's text.

    Whoever words a question anew means it for any number of good parts, unless both are worded.
    """
    if depth == 2 and isinstance(base, Mapping) and "several" in base:
        text = "question" if "question" in base else "text"
        if not isinstance(top, Mapping) or (text in top and "several" not in top):
            base = {**base, "several": None}
    if not isinstance(top, Mapping):
        return {**base, "text": top} if depth == 2 and isinstance(base, Mapping) and "text" in base else top
    if not isinstance(base, Mapping):
        return dict(top)
    return {**base, **{key: _laid_over(base.get(key), value, depth + 1) for key, value in top.items()}}


def _problems(error: ValidationError, path: Path | None, at: tuple[str, ...]) -> Iterator[Problem]:
    """Turn pydantic's findings into problems, with a line each where there is a file."""
    places = yamlfile.lines(path.read_text(encoding="utf-8")) if path is not None else {}
    unknown = set()
    for finding in error.errors(include_url=False):
        loc = tuple(part for part in finding["loc"] if part != "[key]")
        if loc in unknown:  # what stands under a wrong key need not be looked at
            continue
        where = ".".join(str(part) for part in (*at, *loc))
        if finding["type"] == "extra_forbidden":
            known = _SECTIONS if len(loc) == 1 else _keys_of(str(loc[0]))
            what = f"unknown key {loc[-1]!r}: use one of {', '.join(known)}"
        elif finding["type"] == "missing":
            what = f"the key {loc[-1]!r} is missing"
        elif loc != finding["loc"]:
            unknown.add(loc)
            what = f"unknown key {loc[-1]!r}: {finding['msg'].replace('Input should be', 'use')}"
        else:
            what = finding["msg"].removeprefix("Value error, ")
        yield Problem(what, path, yamlfile.line_of(places, (*at, *loc)), where)


def _keys_of(section: str) -> tuple[str, ...]:
    kinds: dict[str, type[_Entry]] = {
        "verdict": _VerdictEntry,
        "choice": _ChoiceEntry,
        "differences": _DifferencesEntry,
    }
    if section in QUESTIONS:
        return tuple(kinds.get(section, _Entry).model_fields)
    known = {"layout": LAYOUTS, "relation": get_args(Relation)}
    return known.get(section, (*LAYOUTS, *get_args(Relation)))
