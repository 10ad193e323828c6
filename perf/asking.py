"""Trials put to a model through the bench's own registry, engine and answering, with a clock beside them."""

import gc
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, is_dataclass
from pathlib import Path
from typing import Any

import torch

from kurabe.answering.answerer import Answerer
from kurabe.answering.cache import AnswerCache
from kurabe.cases.trials import Participant, Selection, Trial, expand
from kurabe.common.request import Answer
from kurabe.common.vocabulary import Layout, QuestionKind
from kurabe.models.engines.local.engine import LocalEngine
from kurabe.project import Project
from perf.models import end_nowhere, synchronize

NEW_TOKENS = 64


@dataclass(frozen=True, slots=True)
class Subject:
    """A model that is measured.

    Attributes:
        name: Of its entry.
        layout: How it is shown pairs.
        crops: Crops a picture; None for the processor's own number.
        device: ``cuda`` or ``cpu``.
        dtype: Of the weights.
        checkpoint: Folder that it is loaded from, where it is not in memory already.
        model: In memory.
        processor: Of ``model``.
        ends: Whether answers may end before their full length.
        more: Further lines of its entry.
    """

    name: str
    layout: Layout
    crops: int | None
    device: str
    dtype: str
    checkpoint: Path | None = None
    model: Any = None
    processor: Any = None
    ends: bool = False
    more: tuple[str, ...] = ()

    def entry(self, batch: int | None) -> str:
        """Return the lines of ``models.toml``."""
        checkpoint = "." if self.checkpoint is None else self.checkpoint.as_posix()
        lines = [f"[models.{self.name}]", 'engine = "local"', f'checkpoint = "{checkpoint}"']
        lines += [f'dtype = "{self.dtype}"', f'device = "{self.device}"', f"max_new_tokens = {NEW_TOKENS}"]
        lines += [f"crops = {self.crops}"] if self.crops else []
        lines += [f"batch_size = {batch}"] if batch else []
        lines += self.more
        return "\n".join(lines) + "\n"


@dataclass(frozen=True, slots=True)
class Asked:
    """What came of putting trials to a model.

    Attributes:
        seconds: From the first question to the last answer, pictures read from disk included.
        answers: By trial.
        counts: What the engine counted meanwhile.
        peak: Bytes of GPU memory at most; None on the CPU.
    """

    seconds: float
    answers: dict[str, Answer]
    counts: dict[str, float] = field(default_factory=dict)
    peak: int | None = None

    def figures(self) -> dict[str, Any]:
        """Return what goes into a record."""
        answers = self.answers.values()
        return {
            "pairs": len(answers),
            "seconds": round(self.seconds, 3),
            "pairs_per_second": round(len(answers) / self.seconds, 3),
            "new_tokens_per_second": round(sum(a.tokens_out or 0 for a in answers) / self.seconds, 1),
            "prompt_tokens_mean": round(sum(a.tokens_in or 0 for a in answers) / len(answers), 1),
            "peak_gib": None if self.peak is None else round(self.peak / 2**30, 2),
            "counts": {
                name: round(value, 3) if isinstance(value, float) else value
                for name, value in self.counts.items()
            },
        }


class Asker:
    """A session with one model; a new one has nothing captured and planned, and remembers no picture."""

    def __init__(self, project: Project, subject: Subject, batch: int | None = None) -> None:
        """Load the model, or take the one that is in memory.

        Args:
            project: Gets the model's entry.
            subject: The model.
            batch: Requests answered at once; None as the bench does it by itself.
        """
        project.models.write_text(subject.entry(batch), encoding="utf-8")
        self._subject = subject
        self._suites = project.suites()
        self._registry = project.registry()
        engine = self._registry.engine(subject.name)
        assert isinstance(engine, LocalEngine)
        if subject.model is not None:
            engine.adopt(subject.model, subject.processor, "sdpa")
        self._registry.ready(subject.name)
        if not subject.ends:
            loaded = engine.base.load_for_loops()
            end_nowhere(loaded.model, loaded.processor)
        self.engine = engine
        # One for all that is asked, as in a run: the thread that feeds the device plans kernels for itself.
        path = project.cache / f"{time.time_ns()}.sqlite"
        self._answering = Answerer(
            self._registry, AnswerCache(path), project.prompts(self._suites), fresh=True
        )

    @property
    def runtime(self) -> Any:
        """What computes the family, with its switches ``reuse`` and ``graphs``; None if there is none."""
        return getattr(self.engine, "runtime", None)

    def trials(self, suite: str, *questions: QuestionKind, repeat: int = 1) -> list[Trial]:
        """Return the trials of some questions in the order of a run, of models that sample repeated."""
        own = self.engine
        asker = Participant(self._subject.name, self._subject.layout, own.questions, greedy=own.greedy)
        chosen = Selection([asker], questions=questions, controls=False, repeat=repeat)
        trials = expand(self._suites, chosen)
        return [trial for trial in trials if trial.suite.name == suite]

    def ask(self, trials: Sequence[Trial]) -> Asked:
        """Put trials to the model, as a run does, without looking into the cache.

        Raises:
            SystemExit: If an answer is an error.
        """
        device = self._subject.device
        before = self._counts()
        synchronize(device)
        if device == "cuda":
            torch.cuda.reset_peak_memory_stats()
        start = time.perf_counter()
        self._answering.plan(trials)
        answers = {trial.id: self._answering.answer(trial).answer for trial in trials}
        synchronize(device)
        seconds = time.perf_counter() - start
        if failed := [answer.error for answer in answers.values() if answer.error]:
            raise SystemExit(f"{self._subject.name}: {failed[0]}")
        counts = {name: value - before.get(name, 0) for name, value in self._counts().items()}
        peak = torch.cuda.max_memory_allocated() if device == "cuda" else None
        return Asked(seconds, answers, counts, peak)

    def _counts(self) -> dict[str, float]:
        counts = getattr(self.engine, "counts", None)
        return asdict(counts) if is_dataclass(counts) and not isinstance(counts, type) else {}

    def close(self) -> None:
        """Give back what the engine holds besides the model."""
        self._answering.close()
        if self.runtime is not None:
            self.runtime.forget()
        self._registry.close()
        gc.collect()
        if self._subject.device == "cuda":
            torch.cuda.empty_cache()


def compared(alone: Asked, together: Asked) -> dict[str, Any]:
    """Say how far the same trials' answers agree between two ways of asking."""
    common = [name for name in alone.answers if name in together.answers]
    pairs = [(alone.answers[name], together.answers[name]) for name in common]
    gaps = [
        abs(one.p_different - other.p_different)
        for one, other in pairs
        if one.p_different is not None and other.p_different is not None
    ]
    return {
        "compared": len(pairs),
        "texts_equal": sum(one.text == other.text for one, other in pairs),
        "texts_begin_alike": round(_mean([_alike(one.text, other.text) for one, other in pairs]), 3),
        "largest_difference_of_p": max(gaps) if gaps else None,
    }


def _alike(first: str, second: str) -> float:
    """Return the share of the longer text's characters before the first that differs."""
    longer = max(len(first), len(second))
    same = next((i for i, (a, b) in enumerate(zip(first, second, strict=False)) if a != b), None)
    return 1.0 if not longer else (min(len(first), len(second)) if same is None else same) / longer


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 1.0


def plain(
    subject: Subject, model: Any, processor: Any, asked: Sequence[tuple[str, Sequence[Any]]], tokens: int
) -> float:
    """Answer one question after the other by transformers' own ``generate``; return the seconds.

    Args:
        subject: The model's settings.
        model: In memory.
        processor: Its own.
        asked: Prompt and pictures of each question.
        tokens: New tokens.
    """
    from kurabe.models import families
    from kurabe.models.families.inputs import prepare

    family = families.of_model(model)

    def one(prompt: str, pictures: Sequence[Any]) -> None:
        inputs = prepare(family, processor, [prompt], [pictures], subject.crops)
        moved = {
            key: (
                value.to(model.device, model.dtype) if value.is_floating_point() else value.to(model.device)
            )
            if hasattr(value, "to")
            else value
            for key, value in inputs.tensors.items()
        }
        with torch.inference_mode():
            produced = model.generate(
                **moved,
                max_new_tokens=tokens,
                do_sample=False,
                eos_token_id=int(model.config.get_text_config().vocab_size),
                pad_token_id=processor.tokenizer.pad_token_id,
            )
        processor.tokenizer.batch_decode(produced[:, moved["input_ids"].shape[1] :].cpu())

    one(*asked[0])  # the first call of its kind loads kernels
    synchronize(subject.device)
    start = time.perf_counter()
    for each in asked:
        one(*each)
    synchronize(subject.device)
    return time.perf_counter() - start
