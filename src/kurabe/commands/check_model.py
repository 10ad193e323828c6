"""The first thing to run on a new machine: does a model load, and does batching leave its answers alone."""

import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

import psutil
from PIL import Image, ImageDraw

from kurabe.cases.prompts import load_prompts
from kurabe.common.errors import ModelError
from kurabe.common.request import Answer, Request
from kurabe.common.vocabulary import Layout, QuestionKind
from kurabe.imaging.layout import lay_out
from kurabe.models import weights as files
from kurabe.models.config import LocalSettings, Models
from kurabe.models.protocol import Engine
from kurabe.models.registry import Registry

_T = TypeVar("_T")

_ASKED: tuple[QuestionKind, ...] = ("verdict", "differences")
_NEW_TOKENS = 32
"""Enough for a sentence; a batch that goes wrong shows in the first words."""

_EXACT, _HALF, _EIGHTS = 1e-3, 2e-2, 6e-2
"""How far P(different) of a batch may be off: float32 rounds, half precision sums 8 bits in another order,
and 8-bit floating point makes more of what comes out of that (0.03 were measured, with random weights)."""


@dataclass(frozen=True, slots=True)
class Compared:
    """One request, answered alone and in a batch.

    Attributes:
        name: What was shown and asked.
        alone: The answer when nothing else was asked.
        batched: The answer in a batch.
        equal: True if both are answers of one text, and P(different) agrees within the precision.
    """

    name: str
    alone: Answer
    batched: Answer
    equal: bool


@dataclass(frozen=True, slots=True)
class ModelCheck:
    """What a check of a model found.

    Attributes:
        answers: Each request's two answers.
        load_seconds: Time to load the model.
        alone_seconds: Time for all requests one by one, after a first one that does not count.
        batch_seconds: Time for all requests in one call.
        memory: Bytes: the peak on the GPU, or the process's resident memory.
        memory_of: What ``memory`` is of.
        facts: What the engine tells of itself once it is loaded.
        moved: How far each P(different) lies from that of the same weights in bfloat16, where the entry has
            them in 8-bit floating point.
    """

    answers: tuple[Compared, ...]
    load_seconds: float
    alone_seconds: float
    batch_seconds: float
    memory: int
    memory_of: str
    facts: dict[str, object]
    moved: tuple[float, ...] = ()

    @property
    def equal(self) -> bool:
        """Whether batching leaves every answer as it is."""
        return all(compared.equal for compared in self.answers)


def check_model(registry: Registry, name: str) -> ModelCheck:
    """Load a model and let it answer the built-in pairs alone and in a batch.

    Weights of a hub repository are fetched if they are not there.

    Raises:
        ModelError: If the model cannot run here, cannot be loaded, or answers nothing that is asked.
    """
    readiness = registry.readiness(name)
    if not (readiness.ready or readiness.fetchable):
        raise ModelError(f"model {name!r} cannot run here: {readiness.reason}")
    requests = built_in(registry.models.entries[name].common.layout, registry.engine(name).questions)
    if not requests:
        raise ModelError(f"model {name!r} answers neither of the questions {', '.join(_ASKED)}")
    engine, load_seconds = _timed(lambda: registry.ready(name))
    first = _answers(engine, requests[:1])[0]  # not timed: it chooses kernels and fills caches
    if first.error is not None:
        raise ModelError(f"model {name!r} is loaded, but fails on the first built-in pair: {first.error}")
    alone, alone_seconds = _timed(lambda: [_answers(engine, [request])[0] for request in requests])
    batched, batch_seconds = _timed(lambda: _answers(engine, requests))
    facts = registry.facts(name)
    exact = _in_16_bits(registry.models, name)
    tolerance = _HALF if "16" in str(facts.get("dtype", "")) else _EXACT
    tolerance = tolerance if exact is None else _EIGHTS
    compared = [
        Compared(request.trial, one, other, _agree(one, other, tolerance))
        for request, one, other in zip(requests, alone, batched, strict=True)
    ]
    memory, memory_of = _memory()
    moved: tuple[float, ...] = ()
    if exact is not None:
        registry.close()  # both at once may not fit
        moved = _moved(exact, name, requests, alone)
    return ModelCheck(
        tuple(compared), load_seconds, alone_seconds, batch_seconds, memory, memory_of, facts, moved
    )


def _in_16_bits(models: Models, name: str) -> Models | None:
    """Return the models with this one's weights as they are on disk; None if it has them so."""
    entry = models.entries[name]
    base = models.entries.get(str(entry.settings.get("base")), entry)
    if entry.common.engine != "local" or base.settings.get("quantization") != "fp8":
        return None
    settings = {key: value for key, value in base.settings.items() if key != "quantization"}
    exact = replace(base, settings={**settings, "dtype": "bfloat16"})
    return replace(models, entries={**models.entries, base.name: exact})


def _moved(
    models: Models, name: str, requests: Sequence[Request], answers: Sequence[Answer]
) -> tuple[float, ...]:
    """Ask the model in bfloat16; return how far each P(different) is from the one in ``answers``."""
    registry = Registry(models)
    engine = registry.ready(name)
    found = []
    for request, answer in zip(requests, answers, strict=True):
        if answer.p_different is not None:
            exact = _answers(engine, [request])[0]
            if exact.p_different is None:
                raise ModelError(f"model {name!r} fails in bfloat16: {exact.error}")
            found.append(abs(exact.p_different - answer.p_different))
    registry.close()
    return tuple(found)


def built_in(layout: Layout, questions: frozenset[QuestionKind]) -> list[Request]:
    """Return requests about small drawn connectors, of different length, so that a batch has to pad.

    Args:
        layout: How the model is shown a pair.
        questions: What it can be asked.
    """
    good, large = _connector(8), _connector(12)
    # The larger pair's longer prompt makes a batch pad even where all pictures take the same tokens.
    pairs = {
        "missing pin": ((good, _connector(8, missing=5)), ""),
        "no difference": ((good, good.copy()), ""),
        "missing pin, larger": ((large, _connector(12, missing=2)), "Look at each pin of both rows. "),
    }
    prompts = load_prompts()
    requests = []
    for shown, (pair, hint) in pairs.items():
        for question in _ASKED:
            if question not in questions:
                continue
            prompt = prompts.render(question, "en", layout, "aligned")
            requests.append(
                Request(
                    trial=f"{shown}: {question}",
                    question=question,
                    prompt=hint + prompt.text,
                    pictures=lay_out(pair, layout),
                    pair=pair,
                    relation="aligned",
                    yes=prompt.yes,
                    no=prompt.no,
                    max_new_tokens=min(_NEW_TOKENS, prompt.max_new_tokens),
                )
            )
    return requests


def _connector(pins: int, missing: int | None = None) -> Image.Image:
    """Draw a connector from above: a dark housing with bright pins in two rows."""
    picture = Image.new("RGB", (40 * pins + 64, 240), (52, 96, 60))
    draw = ImageDraw.Draw(picture)
    draw.rectangle((20, 40, picture.width - 20, 200), fill=(34, 34, 38), outline=(80, 80, 84), width=4)
    for row, top in enumerate((64, 132)):
        for pin in range(pins):
            left = 40 + 40 * pin
            place = (left, top, left + 24, top + 44)
            gone = row == 0 and pin == missing
            draw.rectangle(place, fill=(20, 20, 22) if gone else (226, 202, 120))
    return picture


def _timed(work: Callable[[], _T]) -> tuple[_T, float]:
    start = time.perf_counter()
    return work(), time.perf_counter() - start


def _answers(engine: Engine, requests: Sequence[Request]) -> list[Answer]:
    answers: dict[int, Answer] = {}
    why = "the engine gave no answer"
    try:
        answers.update(engine.answer(requests))
    except Exception as error:
        # As in a run: whatever an engine raises is about the requests that it had not answered.
        why = str(error) if isinstance(error, ModelError) else f"{type(error).__name__}: {error}"
    return [answers.get(i, Answer(error=why)) for i in range(len(requests))]


def _agree(one: Answer, other: Answer, tolerance: float) -> bool:
    if one.error is not None or other.error is not None:
        return False
    if one.p_different is None or other.p_different is None:
        close = one.p_different is other.p_different
    else:
        close = abs(one.p_different - other.p_different) <= tolerance
    return close and one.text == other.text


def _memory() -> tuple[int, str]:
    torch: Any = sys.modules.get("torch")
    if torch is not None and torch.cuda.is_available() and torch.cuda.max_memory_allocated():
        return int(torch.cuda.max_memory_allocated()), "peak on the GPU"
    return int(psutil.Process().memory_info().rss), "resident in the process"


@dataclass(frozen=True, slots=True)
class Fetched:
    """Weights of a model after fetching.

    Attributes:
        source: Hub repository or folder.
        folder: Where the files are.
        downloaded: True if they were not there before.
    """

    source: str
    folder: str
    downloaded: bool


def fetch(registry: Registry, name: str) -> list[Fetched]:
    """Get the weights of a model: its checkpoint, and its adapter if it has one.

    Returns:
        What it consists of; nothing for an engine that has no weights.

    Raises:
        ModelError: If there is no such model, or its weights cannot be had.
    """
    registry.engine(name)  # its settings are checked
    entry = registry.models.entries[name]
    if entry.common.engine != "local":
        return []
    own = LocalSettings.model_validate(entry.settings)
    base = (
        own if own.base is None else LocalSettings.model_validate(registry.models.entries[own.base].settings)
    )
    wanted = [(base.checkpoint, base.revision, "model"), (own.adapter, own.adapter_revision, "adapter")]
    root = registry.models.path.parent
    return [_fetched(source, revision, kind, root) for source, revision, kind in wanted if source]


def _fetched(source: str, revision: str | None, kind: str, root: Path) -> Fetched:
    weights = files.locate(source, revision, root, kind)
    missing = weights.folder is None or (weights.problem != "" and weights.revision is not None)
    if missing and files.is_repository(source):
        folder = files.fetch(source, revision)
        if problem := files.incomplete(folder, kind):
            raise ModelError(f"{source}: {problem}")
        return Fetched(source, str(folder), True)
    if weights.problem or weights.folder is None:
        raise ModelError(f"{source}: {weights.problem}")
    return Fetched(source, str(weights.folder), False)
