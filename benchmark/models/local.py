"""The ``local`` engine: image-text-to-text checkpoints of transformers, answered in left-padded batches."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any

from benchmark.errors import ModelError, Problem
from benchmark.models import files
from benchmark.models.base import Base, Loaded
from benchmark.models.config import Entry, LocalSettings
from benchmark.models.protocol import Answer, Needs, Readiness, Request
from benchmark.models.registry import Context
from benchmark.words import QUESTIONS, QuestionKind

if TYPE_CHECKING:
    import torch

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


@dataclass(frozen=True, slots=True)
class _Inputs:
    """A batch ready for the device: tensors of the processor, and each row's length in tokens."""

    tensors: dict[str, Any]
    lengths: list[int]


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

    # What is known without loading

    def _adapter(self) -> files.Weights | None:
        if self._settings.adapter is None:
            return None
        return files.locate(self._settings.adapter, self._settings.adapter_revision, self._root, "adapter")

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
            f"{self._base.device} {base.dtype} {base.attention} {base.quantization} {own.crops or base.crops} "
            f"{own.verdict} {own.temperature}"
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
            }
        return facts

    # Loading

    def load(self) -> None:
        """Load the base, if it is not there yet, and attach the adapter."""
        loaded = self._base.load()
        adapter = self._adapter()
        if adapter is None:
            return
        if adapter.folder is None:
            files.fetch(adapter.source, self._settings.adapter_revision)
            adapter = self._adapter()
        assert adapter is not None
        if adapter.problem or adapter.folder is None:
            raise ModelError(f"{self.name}: {adapter.problem}")
        if self.name not in getattr(loaded.model, "peft_config", {}):
            adapters = import_module("benchmark.models.adapters")
            loaded.model = adapters.attach(loaded.model, adapter.folder, self.name).model

    def unload(self) -> None:
        """Let go of the base and of all adapters on it."""
        self._base.unload()

    def _loaded(self) -> Loaded:
        loaded = self._base.load()
        if self._settings.adapter is not None or hasattr(loaded.model, "peft_config"):
            adapters = import_module("benchmark.models.adapters")
            adapters.use(loaded.model, self.name if self._settings.adapter is not None else None)
        return loaded

    # Answering

    def answer(self, requests: Sequence[Request]) -> Iterator[tuple[int, Answer]]:
        """Answer requests in batches of like kind and length; short memory halves the batches."""
        self.load()
        waiting = self._batches(list(enumerate(requests)))
        while waiting:
            batch = waiting.pop(0)
            try:
                inputs = self._prepare([request for _, request in batch])
            except (ValueError, ModelError, RuntimeError, IndexError) as error:
                if len(batch) == 1:
                    yield batch[0][0], Answer(error=f"{self.name} cannot take this request: {error}")
                else:  # one bad request must not spoil the others
                    waiting[:0] = [[item] for item in batch]
                continue
            parts = self._split(batch, inputs)
            if len(parts) > 1:
                waiting[:0] = parts
                continue
            if too_long := self._too_long(batch[0][1], max(inputs.lengths)):
                if len(batch) == 1:
                    yield batch[0][0], Answer(error=too_long, tokens_in=inputs.lengths[0])
                else:
                    waiting[:0] = [[item] for item in batch]
                continue
            yield from self._answer_batch(batch, inputs, waiting)

    def _answer_batch(
        self, batch: Indexed, inputs: _Inputs, waiting: list[Indexed]
    ) -> Iterator[tuple[int, Answer]]:
        import torch

        try:
            answers = self._generate([request for _, request in batch], inputs)
        except torch.OutOfMemoryError:
            torch.cuda.empty_cache()
            if len(batch) == 1:
                yield (
                    batch[0][0],
                    Answer(
                        error=f"{self.name} runs out of memory on a single request of {inputs.lengths[0]} tokens: "
                        "lower 'crops' or 'max_new_tokens', or set 'quantization'"
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
        return request.question == "verdict" and self._settings.verdict == "logits"

    def _limit(self, request: Request) -> int:
        return 1 if self._by_logits(request) else min(request.max_new_tokens, self._settings.max_new_tokens)

    def _prepare(self, requests: list[Request]) -> _Inputs:
        """Turn requests into the processor's tensors, padded on the left."""
        loaded = self._base.load()
        processor = loaded.processor
        prompts = []
        for request in requests:
            content = [{"type": "image"} for _ in request.pictures]
            messages = [{"role": "user", "content": [*content, {"type": "text", "text": request.prompt}]}]
            prompts.append(
                processor.apply_chat_template(messages, add_generation_prompt=True, tokenize=False)
            )
        tokenizer = processor.tokenizer
        options: dict[str, Any] = {"padding": True, "return_tensors": "pt"}
        if tokenizer.bos_token and prompts[0].startswith(tokenizer.bos_token):
            options["add_special_tokens"] = False  # the template has written it already
        crops = self._settings.crops or self._base.settings.crops
        if crops is not None:
            options[_crops_keyword(processor)] = crops
        tensors = processor(text=prompts, images=[list(r.pictures) for r in requests], **options)
        lengths = tensors["attention_mask"].sum(1).tolist()
        return _Inputs(dict(tensors), [int(length) for length in lengths])

    def _split(self, batch: Indexed, inputs: _Inputs) -> list[Indexed]:
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
            f"{self.name}: {length} prompt tokens and up to {limit} new ones exceed the context of {context}: "
            "lower 'crops', or use smaller pictures"
        )

    def _generate(self, requests: list[Request], inputs: _Inputs) -> list[Answer]:
        """Answer one batch."""
        import torch

        loaded = self._loaded()
        start = time.perf_counter()
        watch = _Watch()
        tensors = {
            key: _move(value, loaded.device, loaded.model.dtype) for key, value in inputs.tensors.items()
        }
        with torch.inference_mode():
            produced = loaded.model.generate(
                **tensors,
                generation_config=self._generation(loaded, requests[0]),
                logits_processor=[watch],
            )
        new = produced[:, tensors["input_ids"].shape[1] :].cpu()
        texts = loaded.processor.tokenizer.batch_decode(new, skip_special_tokens=True)
        seconds = (time.perf_counter() - start) / len(requests)
        assert watch.first is not None
        answers = []
        for row, request in enumerate(requests):
            if not watch.finite[row]:
                answers.append(
                    Answer(
                        error=f"{self.name} computes NaN or infinite logits: try dtype = 'float32' or 'bfloat16', "
                        "and check the weights"
                    )
                )
                continue
            text, p_different = texts[row].strip(), None
            if request.question == "verdict" and request.yes and request.no:
                p_different = self._p_different(loaded.processor.tokenizer, watch.first[row], request)
                if self._by_logits(request):
                    text = request.yes[0] if p_different >= 0.5 else request.no[0]
            answers.append(
                Answer(
                    text=text,
                    p_different=p_different,
                    tokens_in=inputs.lengths[row],
                    tokens_out=_count(new[row], loaded),
                    seconds=seconds,
                )
            )
        return answers

    def _generation(self, loaded: Loaded, request: Request) -> Any:
        """Return greedy settings, or sampling with a seed, whatever the checkpoint recommends."""
        import torch

        tokenizer = loaded.processor.tokenizer
        own = loaded.model.generation_config
        settings: dict[str, Any] = {
            "max_new_tokens": self._limit(request),
            "pad_token_id": tokenizer.pad_token_id,
            "eos_token_id": getattr(loaded.processor, "eos_token_ids", None)
            or own.eos_token_id
            or tokenizer.eos_token_id,
            "bos_token_id": own.bos_token_id,
            "do_sample": self._settings.temperature > 0,
        }
        if self._settings.temperature > 0:
            settings["temperature"] = self._settings.temperature
            torch.manual_seed(request.seed)
        configuration: Any = import_module("transformers").GenerationConfig
        return configuration(**settings)

    def _p_different(self, tokenizer: Any, logits: "torch.Tensor", request: Request) -> float:
        """Softmax over the first tokens of yes and no."""
        import torch

        yes, no = first_tokens(tokenizer, request.yes), first_tokens(tokenizer, request.no)
        yes, no = yes - no, no - yes
        if not yes or not no:
            raise ModelError(
                f"{self.name}: its tokenizer begins {request.yes} and {request.no} alike, so their first tokens "
                "do not tell them apart: set verdict = 'text'"
            )
        pair = torch.stack([logits[sorted(yes)].logsumexp(0), logits[sorted(no)].logsumexp(0)])
        return float(pair.softmax(0)[0])


class _Watch:
    """A logits processor that changes nothing: keeps the first step's logits and looks for NaN."""

    def __init__(self) -> None:
        self.first: torch.Tensor | None = None
        self._finite: torch.Tensor | None = None

    def __call__(self, input_ids: "torch.Tensor", scores: "torch.Tensor") -> "torch.Tensor":
        # A masked vocabulary entry is -inf by intent; NaN and +inf never are.
        good = ~(scores.isnan().any(-1) | scores.isposinf().any(-1) | scores.isneginf().all(-1))
        if self.first is None:
            self.first, self._finite = scores.float().cpu(), good
        else:
            assert self._finite is not None
            self._finite = self._finite & good
        return scores.nan_to_num()  # sampling from NaN would raise and hide which row it was

    @property
    def finite(self) -> list[bool]:
        """Whether all logits of each row were numbers; read once, at the end, to keep the GPU busy."""
        assert self._finite is not None
        return [bool(value) for value in self._finite.tolist()]


def first_tokens(tokenizer: Any, words: Sequence[str]) -> set[int]:
    """Return the tokens that an answer consisting of one of ``words`` may begin with.

    A word stands at the beginning of a text or behind a space; tokenizers write the two differently.
    """
    found: set[int] = set()
    for word in words:
        for text in (word, f" {word}"):
            for token in tokenizer.encode(text, add_special_tokens=False):
                piece = tokenizer.decode([token]).strip()
                if piece:
                    # A lone space may come first as a token of its own.
                    if word.startswith(piece):
                        found.add(int(token))
                    break
    return found


def _crops_keyword(processor: Any) -> str:
    """Return what a family's processor calls the number of crops."""
    from benchmark.models.base import accepts

    if accepts(processor.__call__, "num_crops"):
        return "num_crops"
    return "max_image_tiles" if hasattr(processor.image_processor, "max_image_tiles") else "max_patches"


def _move(value: Any, device: "torch.device", dtype: "torch.dtype") -> Any:
    if not hasattr(value, "to"):
        return value
    moved = value.to(device)
    return moved.to(dtype) if moved.is_floating_point() else moved


def _count(tokens: "torch.Tensor", loaded: Loaded) -> int:
    """Count the tokens that were generated, without the padding of rows that ended early."""
    pad = loaded.processor.tokenizer.pad_token_id
    return max(1, int((tokens != pad).sum()))
