"""Suites and cases: what a user declares in YAML.

The pydantic models below are the format's definition; ``cases/case.schema.json`` is generated from them.
Reading the files, with places in the error messages, is the business of `kurabe.cases.suites`.
"""

import math
import re
from pathlib import Path
from typing import Annotated, Any, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    WithJsonSchema,
    model_validator,
)
from pydantic import Tag as Tag_

from kurabe.cases.names import as_name
from kurabe.cases.yaml_lines import WrittenFloat, WrittenInt
from kurabe.common.vocabulary import Box, Language, QuestionKind, Relation, Verdict

_MARKS = frozenset(
    {
        "filterwarnings",
        "parametrize",
        "skip",
        "skipif",
        "tryfirst",
        "trylast",
        "usefixtures",
        "xdist_group",
        "xfail",
    }
)
"""Marks that change what pytest does: a tag of that name would skip its case or let it fail unseen."""


def _is_tag(value: str) -> str:
    if value in _MARKS:
        raise ValueError(f"{value!r} means something to pytest: choose another tag")
    return value


def _as_written(value: Any) -> Any:
    """Return a number of a YAML file as it was written: where a text is meant, 1.10 is not 1.1."""
    return str(value) if isinstance(value, WrittenInt | WrittenFloat) else value


def _is_box(box: Box) -> Box:
    if not all(map(math.isfinite, box)):
        raise ValueError(f"a box is four numbers of pixels, not {list(box)}")
    if max(box) <= 1 and any(edge != round(edge) for edge in box):
        raise ValueError(
            f"the box {list(box)} holds shares of the picture: give pixels (left and right times its width, "
            "top and bottom times its height)"
        )
    if not (0 <= box.x1 < box.x2 and 0 <= box.y1 < box.y2):
        raise ValueError(f"a box is [left, top, right, bottom] in pixels, not {list(box)}")
    return box


def _is_suite(value: str) -> str:
    if value == "all":
        raise ValueError("'all' stands for the total of all suites in the tables: choose another name")
    return value


def _is_asked_once(questions: list[QuestionKind]) -> list[QuestionKind]:
    twice = next((question for question in questions if questions.count(question) > 1), None)
    if twice is not None:
        raise ValueError(f"{twice!r} stands twice: --kurabe-repeat asks more than once")
    return questions


Written = Annotated[str, BeforeValidator(_as_written)]
Name = Annotated[Written, AfterValidator(as_name)]
Tag = Annotated[Name, AfterValidator(_is_tag)]
Text = Annotated[str, Field(min_length=1), BeforeValidator(_as_written)]
Words = Annotated[list[Text], Field(min_length=1)]
ValidBox = Annotated[Box, AfterValidator(_is_box)]
_TEXT = {"type": "string", "minLength": 1}
Several = Annotated[
    tuple[Text, ...],
    Field(min_length=1),
    BeforeValidator(lambda value: (value,) if isinstance(value, str) else value),
    WithJsonSchema({"anyOf": [_TEXT, {"type": "array", "items": _TEXT, "minItems": 1}]}),
]
# Told apart beforehand, so that what is wrong with a box is not followed by "should be a string".
Ignore = Annotated[
    Annotated[Text, Tag_("mask")] | Annotated[tuple[ValidBox, ...], Field(min_length=1), Tag_("boxes")],
    Discriminator(lambda value: "mask" if isinstance(value, str) else "boxes"),
]

_REFERENCES = (
    "Several good parts, of which the nearest is compared: paths relative to this file, or patterns such as "
    "good/*.png."
)
_IGNORE = (
    "What may differ: boxes [left, top, right, bottom], or a mask file that is white there. It is painted "
    "grey in all pictures of the pair before anything looks at them."
)
_REGION = "The box that is looked at; the rest of the pictures is cut off."


def words_of(kind: str) -> list[list[str]]:
    """Return the groups of words that name a kind: a group for each of its words.

    ``missing_component`` has to be named by both words, in any order; ``pin-hole`` is one word of three
    spellings.
    """
    words = [[part for part in word.split("-") if part] for word in re.split(r"[\s_]+", kind)]
    return [list(dict.fromkeys(["-".join(p), "".join(p), " ".join(p)])) for p in words if p]


class Strict(BaseModel):
    """A model that accepts exactly its keys and never changes. Numbers may stand where text is meant."""

    model_config = ConfigDict(extra="forbid", frozen=True, coerce_numbers_to_str=True)


class Difference(Strict):
    """One difference that the test image shows against the reference."""

    kind: Text | None = Field(None, description="What kind it is: missing, bent, scratch …")
    where: Text | None = Field(None, description="Where it is, in words.")
    box: ValidBox | None = Field(
        None, description="Left, top, right, bottom in pixels of the test image; right and bottom exclusive."
    )
    size: Annotated[float, Field(gt=0, allow_inf_nan=False)] | None = Field(
        None,
        description="How large it is, in one unit for the whole suite (mm, pixels …), for the probability of "
        "detection. Default: the longer side of its box.",
    )
    says: list[Words] = Field(
        [],
        description="Groups of words; an answer names the difference if every group is hit by one word. "
        "Default: the words of its kind.",
    )

    @property
    def words(self) -> list[Words]:
        """The groups of words by which an answer names this difference; empty if nothing names it."""
        return self.says or (words_of(self.kind) if self.kind else [])


class Choice(Strict):
    """A question with lettered options."""

    options: Annotated[list[Text], Field(min_length=2, max_length=26)]
    answer: Text = Field(description="The right option, word for word.")
    question: Text | None = Field(None, description="Asked instead of the default prompt's question.")

    @model_validator(mode="after")
    def _answer_is_an_option(self) -> Self:
        if self.answer not in self.options:
            raise ValueError(f"answer {self.answer!r} is none of the options {self.options}")
        if len(set(self.options)) != len(self.options):
            raise ValueError("the options repeat themselves")
        return self


class Describe(Strict):
    """What a description of the one image must and must not mention."""

    says: Annotated[list[Words], Field(min_length=1)]
    never: list[Text] = []


class Expect(Strict):
    """What is true of the pair. What is left out is unknown, and no question about it is scored."""

    verdict: Verdict | None = None
    differences: list[Difference] | None = None
    count: Annotated[int, Field(ge=0)] | None = None
    choice: Choice | None = None
    describe: Describe | None = None

    @property
    def known_verdict(self) -> Verdict | None:
        """The verdict that is declared, or that follows from the differences or from their number."""
        if self.verdict is not None:
            return self.verdict
        if self.differences is not None:
            return "different" if self.differences else "same"
        if self.count is not None:
            return "different" if self.count else "same"
        return None

    def answers(self, question: QuestionKind) -> bool:
        """Say whether an answer to ``question`` can be scored."""
        if question == "verdict":
            return self.known_verdict is not None
        return getattr(self, question) is not None

    @model_validator(mode="after")
    def _agrees_with_itself(self) -> Self:
        same = self.verdict == "same"
        if same and self.differences:
            raise ValueError("the verdict is same, yet differences are declared: remove one of the two")
        if self.verdict == "different" and self.differences == []:
            raise ValueError(
                "the verdict is different, yet the list of differences is empty: leave 'differences' out if "
                "they are unknown"
            )
        if self.count is not None and self.verdict is not None and same != (self.count == 0):
            raise ValueError(f"the verdict is {self.verdict}, yet the count is {self.count}")
        if self.count is not None and self.differences is not None and self.count != len(self.differences):
            listed = len(self.differences)
            raise ValueError(f"the count is {self.count}, yet {listed} differences are declared")
        return self


class ProcessedPair(Strict):
    """The user's own processed files of a pair; paths are relative to the suite's file."""

    reference: Text
    test: Text


Ask = Annotated[list[QuestionKind], Field(min_length=1), AfterValidator(_is_asked_once)]


class Defaults(Strict):
    """What holds for every case of a suite that does not say otherwise."""

    relation: Relation = "aligned"
    references: Several | None = Field(None, description=_REFERENCES)
    ignore: Ignore | None = Field(None, description=_IGNORE)
    region: ValidBox | None = Field(None, description=_REGION)
    ask: Ask | None = None
    tags: list[Tag] = Field([], description="Added to the tags of each case.")
    split: Annotated[str, Field(pattern="^(train|test|calibration)$")] = "test"
    must_pass: bool = False


class Case(Strict):
    """One or several reference images, a test image, and what is expected of the pair."""

    id: Name
    reference: Text | None = Field(None, description="The good part; a path relative to this file.")
    references: Several | None = Field(None, description=_REFERENCES)
    test: Text | None = Field(None, description="The suspect part; a path relative to this file.")
    relation: Relation | None = Field(
        None, description="aligned: the same specimen or scene. instance: two specimens of one product."
    )
    specimen: Text | None = Field(
        None, description="The part that the test image shows; cases that share it are not independent."
    )
    ignore: Ignore | None = Field(None, description=_IGNORE)
    region: ValidBox | None = Field(None, description=_REGION)
    processed: dict[Name, ProcessedPair] = Field({}, description="Own processed files, by variant.")
    expect: Expect
    ask: Ask | None = Field(None, description="The questions; default: all that 'expect' has an answer to.")
    tags: list[Tag] = Field([], description="Select with -m.")
    split: Annotated[str, Field(pattern="^(train|test|calibration)$")] | None = None
    must_pass: bool | None = Field(None, description="A wrong answer makes the session fail.")

    @property
    def questions(self) -> list[QuestionKind]:
        """The questions that this case asks, by ``ask`` or by what its expectation can answer."""
        if self.ask is not None:
            return self.ask
        asked: list[QuestionKind] = []
        if self.expect.known_verdict is not None and self.is_pair:
            asked.append("verdict")
        explicit: tuple[QuestionKind, ...] = ("differences", "count", "choice", "describe")
        return asked + [question for question in explicit if self.expect.answers(question)]

    @property
    def good(self) -> tuple[str, ...]:
        """The good parts, as they are named; patterns are files once a suite has been read."""
        return self.references or (() if self.reference is None else (self.reference,))

    @property
    def is_pair(self) -> bool:
        """True if there are two images to compare."""
        return (self.reference is not None or self.references is not None) and self.test is not None

    @model_validator(mode="after")
    def _can_be_asked(self) -> Self:
        if self.reference is not None and self.references is not None:
            raise ValueError("names both 'reference' and 'references': keep one of the two")
        if not self.good and self.test is None:
            raise ValueError("there is no image: name a 'reference' and a 'test'")
        for question in self.questions:
            if not self.expect.answers(question):
                raise ValueError(f"asks {question!r}, but 'expect' does not say what the answer should be")
            if question != "describe" and not self.is_pair:
                raise ValueError(f"asks {question!r} of one image: name both 'reference' and 'test'")
        if not self.questions:
            raise ValueError("nothing can be asked: 'expect' is empty")
        if self.is_pair and self.good == (self.test,) and self.expect.known_verdict == "different":
            raise ValueError("reference and test are one file, yet the verdict is different")
        return self


class SuiteFile(Strict):
    """A suite: cases that belong together."""

    suite: Annotated[Name, AfterValidator(_is_suite)] | None = Field(
        None, description="Name of the suite; default: the file's name."
    )
    title: Written | None = None
    root: Text | None = Field(
        None,
        description="Folder that all pictures of the suite are below, relative to this file or absolute; "
        "default: the folder of this file.",
    )
    language: Language = "en"
    defaults: Defaults = Defaults()
    variants: Annotated[list[Name], Field(min_length=1)] = Field(
        ["raw"], description="How the pairs are processed before they are shown; 'raw' leaves them alone."
    )
    quick: Annotated[int, Field(ge=1)] | None = Field(
        None,
        description="On a CPU, run only so many of the cases; --kurabe-all-cases runs them all.",
    )
    prompts: dict[str, Any] = Field({}, description="Overrides of cases/prompts.yaml, in the same form.")
    cases: Annotated[list[Case], Field(min_length=1)]

    def folder(self, path: Path) -> Path:
        """Return the folder that the pictures are below, of a suite that lies at ``path``."""
        return path.parent if self.root is None else path.parent / Path(self.root).expanduser()


def schema() -> dict[str, Any]:
    """Return the JSON schema of suite files, for editors (see ``cases/case.schema.json``)."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **SuiteFile.model_json_schema(),
        "title": "kurabe suite",
    }
