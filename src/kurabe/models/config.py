"""``models.toml``: which models there are, checked with the line of whatever is wrong."""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from kurabe.common.errors import ModelError, Problem, did_you_mean
from kurabe.common.text import printable
from kurabe.common.vocabulary import BoxForm, Layout
from kurabe.models.generation import Generation

FILE_NAME = "models.toml"


class Common(BaseModel):
    """What every entry may say, whatever its engine.

    Attributes:
        engine: Which engine answers.
        default: True if runs take this model without being asked to, where it is ready.
        layout: How this model is shown a pair, unless ``--kurabe-layout`` says otherwise.
        threshold: Verdicts are "different" from this P(different) on, whatever the answer's words are.
        calibrate: Instead: a suite whose ``split: calibration`` cases choose the threshold.
        at: By which rule they do.
        boxes: How this model writes boxes where it is asked for them, whatever the prompt says.
        note: A remark that ``kurabe models`` prints.
    """

    model_config = ConfigDict(extra="ignore", frozen=True)

    engine: str
    default: bool = False
    layout: Layout = "stacked"
    threshold: float | None = Field(None, ge=0, le=1)
    calibrate: str | None = Field(None, min_length=1)
    at: str = "balanced"
    boxes: BoxForm | None = None
    note: str = ""

    @model_validator(mode="after")
    def _has_one_threshold(self) -> Self:
        if self.threshold is not None and self.calibrate is not None:
            raise ValueError("'threshold' and 'calibrate' exclude each other")
        if self.calibrate is None and "at" in self.model_fields_set:
            raise ValueError("'at' says how 'calibrate' chooses: name the suite to calibrate on")
        return self


class LocalSettings(Generation):
    """Settings of the ``local`` engine, besides those of `Generation`.

    Attributes:
        checkpoint: A hub repository or a local folder (relative to ``models.toml``).
        revision: Commit, tag or branch of a hub repository.
        base: Instead of ``checkpoint``: the entry whose model the adapter is put on.
        adapter: A LoRA adapter: a hub repository or a local folder.
        adapter_revision: Commit, tag or branch of the adapter's repository.
        dtype: Type of the weights; ``auto`` takes the checkpoint's on a GPU and float32 on the CPU.
        attention: Implementation by name, or ``auto`` for the best that is there.
        quantization: bitsandbytes in 4 or 8 bits, or the large matrices of a family that the bench knows in
            8-bit floating point.
        device: ``auto`` takes a GPU if there is one.
        device_map: Handed to transformers, for models that need several GPUs.
        crops: Crops or tiles a picture, for the families that cut pictures up.
        batch_size: Pairs whose questions are answered at once, or single requests where ``generate`` answers;
            ``auto`` is 8 on the CPU, and what memory allows on a GPU.
        verdict: ``logits`` reads verdicts off one forward pass, ``text`` off the words that are generated.
        choice: The same for the letter of a choice.
        memory: Bytes that the model takes, if the estimate from its files is wrong.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    checkpoint: str | None = None
    revision: str | None = None
    base: str | None = None
    adapter: str | None = None
    adapter_revision: str | None = None
    dtype: Literal["auto", "float32", "bfloat16", "float16"] = "auto"
    attention: str = "auto"
    quantization: Literal["4bit", "8bit", "fp8"] | None = None
    device: Literal["auto", "cpu", "cuda"] = "auto"
    device_map: str | dict[str, int | str] | None = None
    crops: int | None = Field(None, ge=1)
    batch_size: Literal["auto"] | int = "auto"
    verdict: Literal["logits", "text"] = "logits"
    choice: Literal["logits", "text"] = "logits"
    memory: int | None = Field(None, ge=1)

    @model_validator(mode="after")
    def _has_weights(self) -> Self:
        if (self.checkpoint is None) == (self.base is None):
            raise ValueError("name either 'checkpoint', or 'base' together with 'adapter'")
        if (self.base is None) != (self.adapter is None):
            raise ValueError("'base' and 'adapter' belong together")
        return self

    @model_validator(mode="after")
    def _computes_eights_by_the_bench(self) -> Self:
        if self.quantization != "fp8":
            return self
        if self.dtype not in ("auto", "bfloat16"):
            raise ValueError("quantization 'fp8' computes in bfloat16: leave 'dtype' out")
        if self.device_map is not None or self.attention not in ("auto", "sdpa"):
            raise ValueError("quantization 'fp8' takes neither 'device_map' nor an 'attention' but sdpa")
        return self


@dataclass(frozen=True, slots=True)
class Entry:
    """One model of ``models.toml``.

    Attributes:
        name: Its name, the last part of every trial's id.
        common: What all entries share.
        settings: The keys that the engine itself checks.
        path: The file.
        line: Where the entry begins.
    """

    name: str
    common: Common
    settings: Mapping[str, Any]
    path: Path
    line: int | None


class LineSettings(BaseModel):
    """The table ``[line]``: the production line that operating points are for.

    Attributes:
        bad_share: Share of bad parts among those that are inspected.
        escape_cost: Cost of a bad part that is called good.
        overkill_cost: Cost of a good part that is called bad, in the same unit.
        parts_per_hour: Parts that the line makes an hour.
        shift_hours: Hours of a shift.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    bad_share: float | None = Field(None, gt=0, lt=1)
    escape_cost: float | None = Field(None, ge=0, allow_inf_nan=False)
    overkill_cost: float | None = Field(None, ge=0, allow_inf_nan=False)
    parts_per_hour: float | None = Field(None, gt=0, allow_inf_nan=False)
    shift_hours: float | None = Field(None, gt=0, allow_inf_nan=False)


@dataclass(frozen=True, slots=True)
class Models:
    """A checked ``models.toml``.

    Attributes:
        path: The file.
        entries: The models, by name.
        line: What it says of the production line, by key.
    """

    path: Path
    entries: Mapping[str, Entry]
    line: Mapping[str, float] = field(default_factory=dict)

    def problem(self, name: str, error: ValidationError) -> ModelError:
        """Turn an engine's findings about its settings into an error with file and lines."""
        text = self.path.read_text(encoding="utf-8-sig")
        return ModelError("\n".join(map(str, _problems(self.path, text, ("models", name), error))))

    def select(self, patterns: Iterable[str]) -> list[str]:
        """Return the names that globs or names select, in the file's order.

        Raises:
            ModelError: If a pattern selects nothing; the nearest name is suggested.
        """
        import fnmatch

        chosen: set[str] = set()
        for pattern in patterns:
            found = fnmatch.filter(self.entries, pattern)
            if not found:
                hint = did_you_mean(pattern, self.entries, cutoff=0.4) or ";"
                known = ", ".join(self.entries) or "no model"
                raise ModelError(f"no model is called {pattern!r}{hint} {self.path.name} has: {known}")
            chosen.update(found)
        return [name for name in self.entries if name in chosen]


def read(path: Path) -> Models:
    """Read and check ``models.toml``.

    Raises:
        ModelError: With file and line of everything that is wrong.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise ModelError(f"{path}: there is no such file; it declares the models, see the README") from None
    except (OSError, UnicodeDecodeError) as error:
        raise ModelError(f"{path}: cannot be read: {error}") from error
    try:
        data = tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # a number of 5,000 digits is no TOMLDecodeError
        at = re.search(r"at line (\d+)", str(error))
        raise ModelError(
            str(Problem(f"not valid TOML: {error}", path, int(at[1]) if at else text.count("\n") + 1))
        ) from error
    unknown = [key for key in data if key not in ("models", "line")]
    if unknown or not isinstance(data.get("models", {}), dict):
        key = unknown[0] if unknown else "models"
        what = (
            f"unknown table {key!r}: models are declared as [models.NAME], with quotes if NAME has a dot; "
            "the production line is [line]"
        )
        raise ModelError(str(Problem(what, path, _line(text, (key,)))))
    problems: list[Problem] = []
    entries: dict[str, Entry] = {}
    for name, table in data.get("models", {}).items():
        if dotted := _without_quotes(name, table):
            what = f'a name with a dot needs quotes: write [models."{dotted}"]'
            place = ("models", *dotted.split("."))
            problems.append(Problem(what, path, _line(text, place), f"model {dotted}"))
            continue
        if not is_name(name):
            what = f"a model's name is written with visible characters, not {name!r}"
            problems.append(Problem(what, path, _line(text, ("models", name))))
            continue
        own = _own_threshold(table)
        try:
            common = Common.model_validate({k: v for k, v in table.items() if k not in own} if own else table)
        except ValidationError as error:
            problems += _problems(path, text, ("models", name), error)
            continue
        settings = {key: value for key, value in table.items() if key not in Common.model_fields} | own
        entries[name] = Entry(name, common, settings, path, _line(text, ("models", name)))
    line: dict[str, float] = {}
    try:
        line = LineSettings.model_validate(data.get("line", {})).model_dump(exclude_none=True)
    except ValidationError as error:
        problems += _problems(path, text, ("line",), error, LineSettings.model_fields)
    if problems:
        raise ModelError("\n".join(map(str, problems)))
    return Models(path, entries, line)


def is_name(text: str) -> bool:
    """Say whether a model may be called so."""
    return printable(text) == text and bool(text.strip()) and not set(text) & set("\n\t")


def _own_threshold(table: object) -> dict[str, Any]:
    """Return a threshold that is no probability: it is a setting of the engine's own."""
    value = table.get("threshold") if isinstance(table, dict) else None
    is_own = isinstance(value, int | float) and not isinstance(value, bool) and value > 1
    return {"threshold": value} if is_own else {}


def _without_quotes(name: str, table: object) -> str:
    """Return the name that was meant where TOML takes a dot for a table within a table; "" if it was not."""
    if not isinstance(table, dict):
        return ""
    tables = {key: value for key, value in table.items() if isinstance(value, dict)}
    for key, value in tables.items():
        dotted = f"{name}.{key}"
        if deeper := _without_quotes(dotted, value):
            return deeper
        if "engine" in value or len(tables) == len(table):
            return dotted
    return ""


def _problems(
    path: Path, text: str, table: tuple[str, ...], error: ValidationError, keys: Iterable[str] = ()
) -> Iterator[Problem]:
    """Yield what is wrong with a table, such as ``models`` and a name; ``keys`` are those it may have."""
    known = [*keys] or [*LocalSettings.model_fields, *Common.model_fields]
    whose = f"model {table[-1]}" if table[0] == "models" else f"[{table[0]}]"
    for finding in error.errors(include_url=False):
        key = ".".join(str(part) for part in finding["loc"])
        message = finding["msg"].removeprefix("Value error, ")
        if finding["type"] == "extra_forbidden":
            message = "unknown key" + did_you_mean(key, known)
            if key == "threshold":
                message = "a threshold of P(different) is at most 1, and this engine has no other"
        elif finding["type"] == "missing":
            message = "the key is missing"
        elif not key:
            message = re.sub(" or instance of .*", "", message)
        place = (*table, *(str(part) for part in finding["loc"][:1]))
        yield Problem(f"{key}: {message}" if key else message, path, _line(text, place), whose)


def _line(text: str, place: tuple[str, ...]) -> int | None:
    """Return the line of a table or key, which tomllib does not tell; the model's if the key is absent."""
    table: list[str] = []
    model: int | None = None
    for number, line in enumerate(text.splitlines(), 1):
        stripped = line.strip()
        if stripped.startswith("["):
            here = table = _keys(stripped.strip("[]").split("]")[0])
        else:
            here = [*table, *_keys(stripped.split("=")[0])]
        if here[: len(place)] == list(place):
            return number
        if model is None and here[:2] == list(place[:2]):
            model = number
    return model


def _keys(dotted: str) -> list[str]:
    return [part.strip("\"' ") for part in re.findall(r"\"[^\"]*\"|'[^']*'|[^.]+", dotted.strip())]
