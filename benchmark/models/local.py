"""The ``local`` engine: image-text-to-text checkpoints of transformers, answered in left-padded batches."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager, nullcontext
from importlib import import_module
from pathlib import Path
from typing import Any

from benchmark.errors import KurabeError, ModelError, Problem
from benchmark.models import files
from benchmark.models.base import Base, Loaded, pad_left
from benchmark.models.config import Entry, LocalSettings
from benchmark.models.generating import Inputs, by_logits, generate, prepare
from benchmark.models.protocol import Answer, Needs, Readiness, Request
from benchmark.models.registry import Context
from benchmark.words import QUESTIONS, QuestionKind

_VERSION = 1
"""Part of the fingerprint; raised when the engine itself would answer differently."""

Indexed = list[tuple[int, Request]]


def create(entry: Entry, context: Context) -> "LocalEngine":
    """Build the engine of an entry; entries with a ``base`` share that base's model."""
    settings = LocalSettings.model_validate(entry.settings)
    if settings.base is None:
        base_entry, base_settings = entry, settings
    else:
        base_entry = _base_entry(entry, settings.base, context)
        base_settings = LocalSettings.model_validate(base_entry.settings)
    key = f"local {base_entry.name}"
    base = context.shared.setdefault(key, Base(base_settings, context.root))
    return LocalEngine(entry.name, settings, base, key, context)


def _base_entry(entry: Entry, name: str, context: Context) -> Entry:
    base = context.entries.get(name)
    if base is None:
        what = f"base {name!r} is no entry of this file"
    elif base.common.engine != "local":
        what = f"base {name!r} is not of the engine 'local', so it takes no adapter"
    elif "base" in base.settings:
        what = f"base {name!r} is itself an adapter: name the entry of its checkpoint"
    else:
        return base
    raise ModelError(str(Problem(what, entry.path, entry.line, f"model {entry.name}")))


class LocalEngine:
    """Answers with a checkpoint and possibly an adapter on it."""

    questions: frozenset[QuestionKind] = frozenset(QUESTIONS)

    def __init__(self, name: str, settings: LocalSettings, base: Base, memory: str, context: Context) -> None:
        self.name = name
        self.memory = memory
        self._settings = settings
        self._base = base
        self._root = context.root
        self._hasher = context.hasher
        self._batch = settings.batch_size
        self._warnings: list[str] = []

    @property
    def base(self) -> Base:
        """The checkpoint that this engine answers with, shared by all entries that build on it."""
        return self._base

    # What is known without loading

    def trained_on(self) -> frozenset[str]:
        """Return the hashes of all pictures that the adapter saw in training, as its card lists them.

        See `benchmark.finetune.card.picture_hash`; the set is empty without an adapter or a card. An adapter
        that is on the hub alone is fetched, as it comes with its card.

        Raises:
            ModelError: If the card cannot be read, or the adapter cannot be fetched.
        """
        folder = self._adapter_folder()
        if folder is None:
            return frozenset()
        return frozenset(import_module("benchmark.finetune.card").trained_on(folder))

    def _adapter(self) -> files.Weights | None:
        if self._settings.adapter is None:
            return None
        return files.locate(self._settings.adapter, self._settings.adapter_revision, self._root, "adapter")

    def _adapter_folder(self) -> Path | None:
        """Return where the adapter's files are, fetching them if need be; None for a model without one."""
        adapter = self._adapter()
        if adapter is not None and adapter.fetchable:
            files.fetch(adapter.source, self._settings.adapter_revision)
            adapter = self._adapter()
        if adapter is None:
            return None
        if adapter.problem or adapter.folder is None:
            raise ModelError(f"{self.name}: {adapter.problem}")
        return adapter.folder

    def readiness(self) -> Readiness:
        """Say whether weights and device are here."""
        adapter = self._adapter()
        problem = self._base.problem() or (adapter.problem if adapter else "")
        source = str(self._base.settings.checkpoint)
        if adapter is not None:
            source = f"{adapter.source} on {source}"
        fetchable = self._base.fetchable or (
            not self._base.problem() and adapter is not None and adapter.fetchable
        )
        return Readiness(not problem, problem, source, fetchable)

    def needs(self) -> Needs:
        """Estimate the base's memory; adapters are small beside it."""
        return self._base.needs()

    def fingerprint(self) -> str:
        """Identify engine, weights, adapter and everything that changes an answer."""
        parts = [f"local {_VERSION}", self._identity(self._base.weights)]
        adapter = self._adapter()
        if adapter is not None:
            parts.append(self._identity(adapter))
        own = self._settings
        base = self._base.settings
        parts.append(
            f"{self._base.device} {base.dtype} {base.attention} {base.quantization} "
            f"{own.crops or base.crops} {own.verdict} {own.temperature}"
        )
        return " | ".join(parts)

    def _identity(self, weights: files.Weights) -> str:
        if weights.revision is not None:
            return f"{weights.source}@{weights.revision}"
        return self._hasher.folder(weights.folder) if weights.folder is not None else weights.source

    def describe(self) -> dict[str, object]:
        """Facts for the manifest; attention, types and memory once loaded."""
        facts: dict[str, object] = {"checkpoint": self._base.settings.checkpoint}
        weights, adapter = self._base.weights, self._adapter()
        facts["revision"] = weights.revision
        if adapter is not None:
            facts |= {"adapter": adapter.source, "adapter_revision": adapter.revision}
        loaded = self._base.loaded
        if loaded is not None:
            facts |= {
                "identity": self.fingerprint(),
                "attention": loaded.attention,
                "device": str(loaded.device),
                "dtype": str(loaded.model.dtype),
                "parameters": int(loaded.model.num_parameters()),
                "unexpected_tensors": loaded.unexpected,
                "warnings": self._warnings,
            }
        return facts

    # Loading

    def load(self) -> None:
        """Load the base, if it is not there yet, and attach the adapter."""
        loaded = self._base.load()
        folder = self._adapter_folder()
        if folder is None:
            return
        adapters = import_module("benchmark.models.adapters")
        if self.name not in adapters.attached(loaded.model):
            report = adapters.attach(loaded.model, folder, self.name)
            loaded.model, self._warnings = report.model, list(report.warnings)

    def adopt(self, model: Any, processor: Any, attention: str) -> None:
        """Answer with a model that is in memory already, as after training it; nothing is read from disk."""
        self._base.loaded = Loaded(model.eval(), pad_left(processor), attention, model.device, [])

    def unload(self) -> None:
        """Let go of the base and of all adapters on it."""
        self._base.unload()

    def _loaded(self) -> Loaded:
        loaded = self._base.load()
        adapters = import_module("benchmark.models.adapters")
        if adapters.attached(loaded.model):
            adapters.use(loaded.model, self.name if self._settings.adapter is not None else None)
        return loaded

    # Answering

    def answer(self, requests: Sequence[Request]) -> Iterator[tuple[int, Answer]]:
        """Answer requests in batches of like kind and length; short memory halves the batches."""
        self.load()
        waiting = self._batches(list(enumerate(requests)))
        with ThreadPoolExecutor(1) as pool, self._sharing():
            ahead: tuple[Indexed, Future[Inputs]] | None = None
            while waiting:
                batch = waiting.pop(0)
                future = ahead[1] if ahead and ahead[0] is batch else pool.submit(self._prepare, batch)
                try:
                    inputs = future.result()
                except (ValueError, KurabeError, RuntimeError, IndexError) as error:
                    if len(batch) == 1:
                        yield batch[0][0], Answer(error=f"{self.name} cannot take this request: {error}")
                    waiting[:0] = _one_by_one(batch)
                    continue
                # The next batch's pictures are cut up while this one is computed.
                ahead = (waiting[0], pool.submit(self._prepare, waiting[0])) if waiting else None
                yield from self._answer_prepared(batch, inputs, waiting)

    def _sharing(self) -> AbstractContextManager[None]:
        """Compute what several requests share once: on the CPU, the crops of their pictures."""
        loaded = self._base.load()
        if loaded.model.config.model_type != "phi3_v" or loaded.device.type != "cpu":
            return nullcontext()
        sharing: AbstractContextManager[None] = import_module("benchmark.models.phi3v").remembered_crops(
            loaded.model
        )
        return sharing

    def _answer_prepared(
        self, batch: Indexed, inputs: Inputs, waiting: list[Indexed]
    ) -> Iterator[tuple[int, Answer]]:
        """Answer a batch, or put its parts back if it cannot be answered as one."""
        parts = self._split(batch, inputs)
        if len(parts) > 1:
            waiting[:0] = parts
        elif too_long := self._too_long(batch[0][1], max(inputs.lengths)):
            if len(batch) == 1:
                yield batch[0][0], Answer(error=too_long, tokens_in=inputs.lengths[0])
            waiting[:0] = _one_by_one(batch)
        else:
            yield from self._answer_batch(batch, inputs, waiting)

    def _answer_batch(
        self, batch: Indexed, inputs: Inputs, waiting: list[Indexed]
    ) -> Iterator[tuple[int, Answer]]:
        import torch

        try:
            asked = [request for _, request in batch]
            answers = generate(
                self.name, self._loaded(), asked, inputs, self._settings, self._limit(asked[0])
            )
        except torch.OutOfMemoryError:
            torch.cuda.empty_cache()
            if len(batch) == 1:
                yield (
                    batch[0][0],
                    Answer(
                        error=f"{self.name} runs out of memory on a single request of {inputs.lengths[0]} "
                        "tokens: lower 'crops' or 'max_new_tokens', or set 'quantization'"
                    ),
                )
                return
            half = (len(batch) + 1) // 2
            self._batch = half  # later batches need not fail first
            waiting[:0] = [batch[:half], batch[half:]]
            return
        for (index, _), answer in zip(batch, answers, strict=True):
            yield index, answer

    def _batches(self, items: Indexed) -> list[Indexed]:
        """Group requests of one kind, ordered by size, so that little is padded."""

        def kind(request: Request) -> tuple[bool, int, int]:
            return self._by_logits(request), self._limit(request), len(request.pictures)

        def size(request: Request) -> tuple[int, int]:
            return sum(p.width * p.height for p in request.pictures), len(request.prompt)

        ordered = sorted(items, key=lambda item: (kind(item[1]), size(item[1])), reverse=True)
        limit = self._batch if isinstance(self._batch, int) else (32 if self._base.device == "cuda" else 4)
        batches: list[Indexed] = []
        for item in ordered:
            if batches and len(batches[-1]) < limit and kind(batches[-1][0][1]) == kind(item[1]):
                batches[-1].append(item)
            else:
                batches.append([item])
        return batches

    def _by_logits(self, request: Request) -> bool:
        return by_logits(request, self._settings)

    def _limit(self, request: Request) -> int:
        return 1 if self._by_logits(request) else min(request.max_new_tokens, self._settings.max_new_tokens)

    def _prepare(self, batch: Indexed) -> Inputs:
        """Turn requests into the processor's tensors, padded on the left."""
        requests = [request for _, request in batch]
        crops = self._settings.crops or self._base.settings.crops
        prompts, pictures = [r.prompt for r in requests], [r.pictures for r in requests]
        return prepare(self._base.load().processor, prompts, pictures, crops)

    def _split(self, batch: Indexed, inputs: Inputs) -> list[Indexed]:
        """Part a batch whose rows would change each other's rope factors."""
        config = self._base.load().model.config
        if config.model_type != "phi3_v":
            return [batch]
        rope_side: Callable[..., str] = import_module("benchmark.models.phi3v").rope_side
        sides: dict[str, Indexed] = {}
        for item, length in zip(batch, inputs.lengths, strict=True):
            sides.setdefault(rope_side(length, self._limit(item[1]), config), []).append(item)
        return list(sides.values())

    def _too_long(self, request: Request, length: int) -> str:
        text = self._base.load().model.config.get_text_config()
        context = getattr(text, "max_position_embeddings", None)
        limit = self._limit(request)
        if context is None or length + limit <= context:
            return ""
        return (
            f"{self.name}: {length} prompt tokens and up to {limit} new ones exceed the context of "
            f"{context}: lower 'crops', or use smaller pictures"
        )


def _one_by_one(batch: Indexed) -> list[Indexed]:
    """Return the batch's requests alone, so that one that is bad spoils no other; none if it is alone."""
    return [[item] for item in batch] if len(batch) > 1 else []
