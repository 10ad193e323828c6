"""The ``local`` engine: image-text-to-text checkpoints of transformers, with or without an adapter."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Any

from kurabe.common.errors import ModelError, Problem
from kurabe.common.request import Answer, Request
from kurabe.common.vocabulary import QUESTIONS, QuestionKind
from kurabe.models import adapters
from kurabe.models import weights as files
from kurabe.models.adapters import card
from kurabe.models.config import Entry, LocalSettings
from kurabe.models.context import Context
from kurabe.models.engines.local.asking import Asking
from kurabe.models.engines.local.batches import Sizes
from kurabe.models.engines.local.call import Call
from kurabe.models.engines.local.checkpoint import Base
from kurabe.models.engines.local.loaded import Loaded, pad_left
from kurabe.models.engines.local.prompt import prompt_tokens
from kurabe.models.engines.local.shared import Running, refused, warm_up
from kurabe.models.protocol import Needs, PromptTokens, Readiness
from kurabe.models.runtime.counts import Counts

if TYPE_CHECKING:
    from kurabe.models.runtime.protocol import FamilyRuntime

_VERSION = 5
"""Part of the fingerprint; raised when the engine itself would answer differently, be it in the last bits."""

_SAMPLING = 3
"""The same, where answers are sampled."""

_BATCHES_AHEAD = 4
"""Batches of the usual size that fill a window on a GPU: one is never waited for."""


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
    running = context.shared.setdefault(f"running {key}", Running(base_settings))
    return LocalEngine(entry.name, settings, base, running, key, context)


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
    reads_references = False

    def __init__(
        self,
        name: str,
        settings: LocalSettings,
        base: Base,
        running: Running,
        memory: str,
        context: Context,
    ) -> None:
        self.name = name
        self.memory = memory
        self._settings = settings
        self._base = base
        self._running = running
        self._root = context.root
        self._hasher = context.hasher
        self._sizes = Sizes(settings.batch_size, base.device)
        self._warnings: list[str] = []

    @property
    def base(self) -> Base:
        """The checkpoint that this engine answers with, shared by all entries that build on it."""
        return self._base

    @property
    def counts(self) -> Counts:
        """What this checkpoint has computed, for all entries that build on it."""
        return self._running.counts

    @property
    def runtime(self) -> "FamilyRuntime | None":
        """What answers once the model is loaded; None where transformers' ``generate`` does."""
        if self._base.loaded is not None:
            self._running.follow(self._base.loaded)
        return self._running.runtime

    @property
    def greedy(self) -> bool:
        """Whether answers are decoded greedily, so that asking again gives the same."""
        return not self._settings.sampled

    @property
    def window(self) -> int | None:
        """How many pairs this engine wants at once, the following ones while it answers; None for any."""
        return _BATCHES_AHEAD * self._sizes.usual if self._base.device == "cuda" else None

    # What is known without loading

    def trained_on(self) -> frozenset[str]:
        """Return the hashes of all pictures that the adapter saw in training, as its card lists them.

        See `kurabe.models.adapters.card.picture_hash`. The set is empty without an adapter or a card. An
        adapter that is only on the hub is fetched, as its card comes with it.

        Raises:
            ModelError: If the card cannot be read, or the adapter cannot be fetched.
        """
        folder = self._adapter_folder()
        if folder is None:
            return frozenset()
        return card.trained_on(folder)

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
            f"{own.crops or base.crops} {own.verdict} {own.choice} {own.temperature}{own.identity}"
        )
        if own.sampled:
            parts.append(f"sampling {_SAMPLING}")
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
                "quantization": self._base.settings.quantization,
                "parameters": int(loaded.model.num_parameters()),
                "unexpected_tensors": loaded.unexpected,
                "warnings": self._warnings,
                "runtime": None if self.runtime is None else type(self.runtime).__name__,
                "counts": asdict(self.counts),
            }
            if self.runtime is not None and loaded.device.type == "cuda":
                # What answers slower than it could is to be seen in the manifest.
                why = refused(self.runtime.device, self.runtime.dtype, self._eights)
                facts["kernels"] = f"torch's own, as ours cannot run here: {why}" if why else "ours"
        return facts

    # Loading

    def load(self) -> None:
        """Load the base, if it is not there yet, and attach the adapter."""
        if self._base.loaded is None and self._base.device == "cuda":
            # Beside the reading of the weights: the first batch need not wait for it.
            Thread(target=warm_up, args=(self._eights,), daemon=True).start()
        folder = self._adapter_folder()
        loaded = self._base.load_for_loops() if folder is None else self._base.load()
        if folder is not None and self.name not in adapters.attached(loaded.model):
            report = adapters.attach(loaded.model, folder, self.name)
            loaded.model, self._warnings = report.model, list(report.warnings)
        self._running.follow(loaded)

    def adopt(self, model: Any, processor: Any, attention: str) -> None:
        """Answer with a model that is in memory already, as after training it; nothing is read from disk."""
        self._running.forget()  # the same model may have other weights by now
        self._base.loaded = Loaded(model.eval(), pad_left(processor), attention, model.device, [])

    def unload(self) -> None:
        """Let go of the base and of all adapters on it."""
        self._running.forget()
        self._base.unload()

    def _loaded(self) -> Loaded:
        """Return the model with this entry's adapter switched on."""
        loaded = self._base.load_for_loops()
        if adapters.attached(loaded.model):
            name = self.name if self._settings.adapter is not None else None
            adapters.use(loaded.model, name, fold=True)
        return loaded

    # Answering

    def prepare(self, request: Request) -> None:
        """Cut a request's pictures ahead, or if the model is not there yet, read its files; in any thread."""
        loaded = self._base.loaded
        if loaded is None:
            self._base.read_ahead()
            return
        if self._running.runtime is None:
            return
        preparer = self._running.preparer(loaded, self._crops)
        if preparer is not None:
            preparer.keep(request)

    def prompt_tokens(self, request: Request) -> PromptTokens:
        """Return the tokens of a prompt; see `kurabe.models.protocol.TellsPrompt`."""
        return prompt_tokens(self._loaded().whole(), request, self._crops)

    def answer(self, requests: Sequence[Request]) -> Iterator[tuple[int, Answer]]:
        """Answer requests in batches of like kind and length; short memory halves the batches."""
        return (given for given in self.answer_on(requests, lambda: ()) if given is not None)

    def answer_on(
        self, requests: Sequence[Request], following: Callable[[], Sequence[Request]]
    ) -> Iterator[tuple[int, Answer] | None]:
        """Answer requests, and those that follow; see `kurabe.models.protocol.Ahead`."""
        self.load()
        call = Call(self.name, self._loaded, self._running, self._settings, self._crops, self._sizes)
        return Asking(call).answer(requests, following)  # from here it alone holds the requests

    @property
    def _eights(self) -> bool:
        return self._base.settings.quantization == "fp8"

    @property
    def _crops(self) -> int | None:
        return self._settings.crops or self._base.settings.crops
