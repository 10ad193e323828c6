"""The loss of base and adapters on one set of pairs that none of them learned: rendered for the purpose."""

import os
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pandas as pd

from kurabe.cases import suites
from kurabe.cases.case import Case
from kurabe.cases.prompts import load_prompts
from kurabe.cases.suites import PROMPTS_FILE
from kurabe.common.errors import ModelError
from kurabe.finetune.records import TrainingRecord, Wanted, picture_files, records_of
from kurabe.imaging.load import load_image
from kurabe.models.adapters.card import picture_hash
from kurabe.project import processor_names
from perf.study.kept import LOSS_COLUMNS, kind_and_seed
from scenes.connector import render_pair
from scenes.pair import GRADES
from scenes.part import KINDS
from scenes.suite import Plan, Suite, write

TESTS = 3
"""Pairs that share a reference: one good, two bad."""

SEEDS = (500_000, 5_000_000)
"""Where the seeds of references and of pairs begin: apart from those of shipped and of training suites."""

QUESTIONS = ("verdict", "differences")
BATCH = 8


@dataclass(frozen=True, slots=True)
class HeldOut:
    """The rendered pairs.

    Attributes:
        file: The suite's file; its cases are of the train split, so that records are made of them.
        pairs: Number of pairs.
        references: Number of references.
        pictures: Hashes of all raw pictures, as cards list them.
    """

    file: Path
    pairs: int
    references: int
    pictures: frozenset[str]

    @classmethod
    def render(cls, folder: Path, references: int, workers: int) -> "HeldOut":
        """Render so many references of each grade, each with a good test picture and two bad ones."""
        plans = []
        for number in range(references * len(GRADES)):
            grade = GRADES[number % len(GRADES)]
            for test in range(TESTS):
                kind = KINDS[(2 * number + test) % len(KINDS)]
                kinds = (kind,) if test else ()
                seed = SEEDS[1] + number * TESTS + test
                render = partial(render_pair, seed, grade, kinds, reference_seed=SEEDS[0] + number)
                name = f"h{number:03}{'abc'[test]}"
                plans.append(Plan(name, f"r{number:03}", "train", render, (grade,)))
        head = {"defaults": {"relation": "aligned"}, "variants": ["raw"]}
        write(Suite("held-out", "Connectors that nobody learned", head, tuple(plans)), folder, workers)
        file = folder / "held-out.yaml"
        pictures = picture_files(suites.read([file]).good[0], "train")
        hashes = frozenset(picture_hash(load_image(path)) for path in pictures)
        return cls(file, len(plans), references * len(GRADES), hashes)

    def check(self, cards: Mapping[str, Mapping[str, Any]]) -> None:
        """Refuse adapters that saw one of the pictures.

        Args:
            cards: The adapters' cards by name.

        Raises:
            ModelError: Naming the adapter.
        """
        for name, card in cards.items():
            if seen := self.pictures & set(card["images"]):
                raise ModelError(f"{name} was trained on {len(seen)} of the pictures that are held out")


def measure(
    held: HeldOut,
    base: Path,
    adapters: Mapping[str, Path | None],
    cases: Path,
    variants: Sequence[str],
    workers: int,
) -> pd.DataFrame:
    """Return the loss of each model on each held-out record.

    Args:
        held: The pairs.
        base: Folder of the base's checkpoint.
        adapters: Folders of the adapters by name; None stands for the base alone.
        cases: Where the prompts are.
        variants: How the pairs are processed.
        workers: Processes that compute at once.

    Returns:
        A table with `LOSS_COLUMNS`.
    """
    task = partial(_measure, held.file, base, dict(adapters), cases, tuple(variants), workers)
    if workers == 1:
        rows = [task(0)]
    else:
        os.environ.setdefault("OMP_NUM_THREADS", "1")
        with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
            rows = list(pool.map(task, range(workers)))
    table = pd.DataFrame([row for some in rows for row in some], columns=LOSS_COLUMNS)
    return table.sort_values(["kind", "seed", "record"], ignore_index=True)


def records(
    file: Path, cases: Path, variants: Sequence[str], part: int = 0, of: int = 1
) -> list[TrainingRecord]:
    """Return the records of a part of the held-out pairs: what a trial would ask, with the right answer."""
    suite = suites.read([file]).good[0]
    references = sorted({str(case.reference) for case in suite.cases})[part::of]
    mine: tuple[Case, ...] = tuple(case for case in suite.cases if case.reference in references)
    wanted = Wanted("separate", variants, QUESTIONS, processor_names(), swap=False)
    made = records_of(replace(suite, cases=mine), load_prompts(cases / PROMPTS_FILE), wanted)
    return [record for record in made if "/control." not in record.id]


def _measure(
    file: Path,
    base: Path,
    adapters: Mapping[str, Path | None],
    cases: Path,
    variants: Sequence[str],
    workers: int,
    part: int,
) -> list[tuple[Any, ...]]:
    """Compute a part in this process: each batch is prepared once and put to all models."""
    import torch

    from kurabe.finetune.encoding import Collator, encoder_for
    from kurabe.models.adapters import attach, use
    from kurabe.models.config import LocalSettings
    from kurabe.models.engines.local.checkpoint import Base, accepts

    torch.set_num_threads(1)
    loaded = Base(LocalSettings(checkpoint=str(base.resolve()), device="cpu"), Path()).load()
    model = loaded.model
    for name, folder in adapters.items():
        if folder is not None:
            model = attach(model, folder, name).model
    encoder = encoder_for(loaded.model, loaded.processor, None)
    collate = Collator(
        loaded.processor.tokenizer.pad_token_id, accepts(loaded.model.forward, "logits_to_keep")
    )
    rows: list[tuple[Any, ...]] = []
    asked = sorted(records(file, cases, variants, part, workers), key=lambda record: record.question)
    for start in range(0, len(asked), BATCH):
        some = asked[start : start + BATCH]
        batch = collate([encoder.encode(record) for record in some])
        for name, folder in adapters.items():
            use(model, None if folder is None else name)
            for record, (tokens, loss) in zip(some, _row_losses(model, batch), strict=True):
                reference = Path(record.group).stem
                where = (record.id, reference, record.question, record.variant)
                rows.append((*kind_and_seed(name), *where, tokens, loss))
    return rows


def _row_losses(model: Any, batch: Mapping[str, Any]) -> list[tuple[int, float]]:
    """Return for each row of a batch the number of its answer's tokens and the sum of their losses."""
    import torch
    from torch.nn.functional import cross_entropy

    from kurabe.finetune.encoding import IGNORED

    inputs = dict(batch)
    wanted = inputs.pop("labels")[:, 1:]
    with torch.inference_mode():
        logits = model(**inputs).logits[:, -wanted.shape[1] - 1 :][:, :-1].float()
    each = cross_entropy(logits.transpose(1, 2), wanted, ignore_index=IGNORED, reduction="none").sum(1)
    tokens = (wanted != IGNORED).sum(1)
    return list(zip(tokens.tolist(), each.tolist(), strict=True))
