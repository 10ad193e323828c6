"""Train the embedded models from random weights, side by side on one GPU.

    python -m training.pretrain --out FOLDER [--minutes 8] [--family phi3v --family mllama] [--start FOLDER]

Pairs are rendered while training goes on, by as many processes as the machine has cores; each is shown
several times, exchanged, mirrored, in other light, with other noise and other questions. ``FOLDER`` gets each
family's weights in bfloat16 and ``pretrain.json``: settings, losses and held-out figures over time.
`training.assemble` makes a checkpoint of it.
"""

import argparse
import json
import math
import os
import time
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor
from torch.nn import functional

from training.items import QUESTIONS, SUITES, VIEWS, Turn, same
from training.pool import FULL, SMALL, Pool, Store, cases_folder
from training.tiny import LAYOUT, LENGTH, Learner, encode, learner
from training.words import Family, vocabulary

BATCH = 256
FULL_SHARE = 0.2
WEIGHTS = (0.25, 0.45, 0.1, 0.2)
"""How often each of `QUESTIONS` is asked."""

IDENTICAL = 0.08
"""Share of pictures that are held against themselves."""

DESCRIBE_EVERY = 10
RATE, DECAY = 1e-3, 0.05
WARM, FALL = 0.04, 0.4
"""Shares of the time: until the full rate is reached, and from when on it falls."""

HEADS_WEIGHT = 1.0


class Course:
    """One model on its way: what it is shown, its optimiser, its figures."""

    def __init__(self, family: Family, start: Path | None, device: str, compiled: bool, seed: int) -> None:
        torch.manual_seed(seed)
        self.family = family
        made, self.processor = learner(family, cases_folder())
        if start is not None:
            stored = {
                name: value.float() for name, value in load_file(start / f"{family}.safetensors").items()
            }
            made.load_state_dict(stored, strict=False)
        self.learner: Learner = made.to(device).train()
        self.pad = int(self.processor.tokenizer.pad_token_id)
        plain = [p for p in made.parameters() if p.ndim < 2]
        matrices = [p for p in made.parameters() if p.ndim >= 2]
        self.optimiser = torch.optim.AdamW(
            [{"params": matrices, "weight_decay": DECAY}, {"params": plain, "weight_decay": 0.0}],
            lr=RATE,
            betas=(0.9, 0.95),
            fused=device == "cuda",
        )
        self.device = device
        self.step = 0
        self.losses: list[Tensor] = []
        layout = LAYOUT[family]
        pictures = 2 if layout == "separate" else 1
        self._same = self._table(
            [turn for suite in range(len(SUITES)) for turn in same(suite, layout)], pictures
        )
        self._words = self._table(_repetitions(seed), 1)
        if compiled:
            for layer in _layers(made.model):
                layer.compile(dynamic=False)

    def _table(self, turns: list[Turn], pictures: int) -> tuple[Tensor, Tensor]:
        rows = [encode(self.family, self.processor, turn, pictures) for turn in turns]
        ids = torch.full((len(rows), LENGTH), self.pad)
        for place, (row, _) in zip(ids, rows, strict=True):
            place[: len(row)] = torch.tensor(row)
        return ids.to(self.device), torch.tensor([answer for _, answer in rows], device=self.device)

    def learn(self, stores: dict[tuple[int, int], Store], rate: float) -> None:
        """Take one step."""
        describe = self.step % DESCRIBE_EVERY == DESCRIBE_EVERY - 1
        full = round(FULL_SHARE * BATCH) if stores[FULL].filled > BATCH else 0
        parts = [self._draw(stores[SMALL], BATCH - full, describe)]
        parts += [self._draw(stores[FULL], full, describe)] if full else []
        pictures, ids, answers, boxes, objects = (torch.cat(part) for part in zip(*parts, strict=True))
        with torch.autocast(self.device, torch.bfloat16):
            loss, spot, _ = self.learner(pictures, ids, answers, None if describe else boxes, objects)
        total = loss + HEADS_WEIGHT * spot
        total.backward()
        torch.nn.utils.clip_grad_norm_(self.learner.parameters(), 1.0)
        for group in self.optimiser.param_groups:
            group["lr"] = rate
        self.optimiser.step()
        self.optimiser.zero_grad(set_to_none=True)
        self.losses.append(torch.stack([loss.detach(), spot.detach()]))
        self.step += 1

    def _draw(self, store: Store, amount: int, describe: bool) -> tuple[Tensor, ...]:
        device = self.device
        which = torch.randint(store.filled, (amount,), device=device)
        view = torch.randint(len(VIEWS), (amount,), device=device)
        question = torch.multinomial(torch.tensor(WEIGHTS, device=device), amount, replacement=True)
        pictures, boxes, suites = store.pictures[which], store.boxes[which].clone(), store.suites[which]
        objects = store.objects[which]
        texts = store.texts[self.family]
        if describe:
            place = torch.full_like(view, len(VIEWS) * len(QUESTIONS))
            pictures, objects = pictures[:, :1], objects[:, :1]
        else:
            place = view * len(QUESTIONS) + question
            exchanged, mirrored = view % 2 == 1, view >= 2
            pictures = torch.where(exchanged[:, None, None, None, None], pictures.flip(1), pictures)
            pictures = torch.where(mirrored[:, None, None, None, None], pictures.flip(-1), pictures)
            objects = torch.where(exchanged[:, None, None], objects.flip(1), objects)
            turned = boxes.clone()
            turned[:, :, 0], turned[:, :, 2] = 1 - boxes[:, :, 2], 1 - boxes[:, :, 0]
            there = boxes[:, :, 4:] >= 0
            boxes = torch.where(mirrored[:, None, None] & there, turned, boxes)
        ids, answers = texts.ids[which, place].long(), texts.answers[which, place].long()
        if describe:
            words = torch.rand(amount, device=device) < 0.3
            drawn = torch.randint(len(self._words[0]), (amount,), device=device)
            ids = torch.where(words[:, None], self._words[0][drawn], ids)
            answers = torch.where(words, self._words[1][drawn], answers)
        else:
            alike = torch.rand(amount, device=device) < IDENTICAL
            row = suites * len(QUESTIONS) + question
            ids = torch.where(alike[:, None], self._same[0][row], ids)
            answers = torch.where(alike, self._same[1][row], answers)
            pictures = torch.where(alike[:, None, None, None, None], pictures[:, :1], pictures)
            objects = torch.where(alike[:, None, None], objects[:, :1], objects)
            boxes = torch.where(alike[:, None, None], -1.0, boxes)
        seen = _taken(pictures)
        if seen.shape[-2:] != FULL:
            seen = functional.interpolate(seen.flatten(0, 1), size=FULL, mode="bilinear", align_corners=False)
            seen = seen.view(amount, -1, 3, *FULL)
        return seen, ids, answers, boxes, objects

    def evaluate(self, kept: Store) -> dict[str, float]:
        """Return held-out figures: verdicts, balanced by class, and the share of texts foretold whole."""
        with torch.no_grad():
            return self._evaluate(kept)

    def _evaluate(self, kept: Store) -> dict[str, float]:
        self.learner.eval()
        right: dict[str, list[Tensor]] = {"verdict": [], "differences": []}
        different = kept.boxes[: kept.filled, 0, 4] >= 0
        texts = kept.texts[self.family]
        for start in range(0, kept.filled, BATCH):
            part = slice(start, min(start + BATCH, kept.filled))
            pictures = kept.pictures[part].float() / 255
            for place, name in enumerate(right):
                ids, answers = texts.ids[part, place].long(), texts.answers[part, place].long()
                with torch.autocast(self.device, torch.bfloat16):
                    foretold = self.learner(pictures, ids, answers, None, kept.objects[part])[2]
                right[name].append(((foretold == ids) | (foretold < 0)).all(1))
        self.learner.train()
        verdict, exact = (torch.cat(right[name]) for name in right)
        figures = {"balanced": (verdict[different].float().mean() + verdict[~different].float().mean()) / 2}
        figures |= {"exact": exact.float().mean(), "exact_different": exact[different].float().mean()}
        for number, (suite, _) in enumerate(SUITES):
            chosen = kept.suites[: kept.filled] == number
            figures[f"exact_{suite}"] = exact[chosen].float().mean()
            figures[f"verdict_{suite}"] = verdict[chosen].float().mean()
        known = {name: float(value) for name, value in figures.items()}
        return {name: round(value, 4) for name, value in known.items() if not math.isnan(value)}

    def save(self, folder: Path) -> None:
        """Write all weights, the second head's too, in bfloat16."""
        folder.mkdir(parents=True, exist_ok=True)
        state = {
            k: v.detach().to(torch.bfloat16).cpu().contiguous() for k, v in self.learner.state_dict().items()
        }
        save_file(state, folder / f"{self.family}.safetensors")


def _layers(model: Any) -> list[Any]:
    """Return the blocks of all towers, which are compiled one by one: equal ones share their code."""
    return [
        layer for module in model.modules() if isinstance(module, torch.nn.ModuleList) for layer in module
    ]


def _taken(pictures: Tensor) -> Tensor:
    """Return bytes as shares of white, each picture with its own light and noise."""
    seen = pictures.float() / 255
    device, rows = pictures.device, tuple(pictures.shape[:2])
    one = (*rows, 1, 1, 1)
    gain = torch.exp(0.08 * torch.randn(one, device=device))
    tint = torch.exp(0.03 * torch.randn((*rows, 3, 1, 1), device=device))
    gamma = torch.exp(0.08 * torch.randn(one, device=device))
    noise = torch.randn(seen.shape, device=device) * (0.016 * torch.rand(one, device=device))
    taken: Tensor = ((seen.clamp(min=1e-4) ** gamma) * gain * tint + noise).clamp(0, 1)
    return taken


def _repetitions(seed: int, amount: int = 4096) -> list[Turn]:
    """Return words to be said after: so that a model can say what no rendered pair calls for."""
    drawn = torch.Generator().manual_seed(seed)
    words = [*vocabulary(cases_folder()), *(str(number) for number in range(21))]
    turns = []
    for _ in range(amount):
        length = int(torch.randint(2, 9, (), generator=drawn))
        some = [words[int(k)] for k in torch.randint(len(words), (length,), generator=drawn)]
        marks = [", " if float(torch.rand((), generator=drawn)) < 0.25 else " " for _ in some]
        text = "".join(word + mark for word, mark in zip(some, marks, strict=True)).strip(" ,")
        turns.append(Turn(f"Repeat: {text}", text))
    return turns


def rate(share: float) -> float:
    """Return the learning rate after a share of the time."""
    if share < WARM:
        return RATE * share / WARM
    fallen = max(0.0, share - FALL) / (1 - FALL)
    return RATE * (0.01 + 0.99 * 0.5 * (1 + math.cos(math.pi * min(1.0, fallen))))


def main() -> None:
    """Train; see the module's text."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--minutes", type=float, default=8.0)
    parser.add_argument("--family", choices=("phi3v", "mllama"), action="append")
    parser.add_argument("--start", type=Path, help="go on from the weights in this folder")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--workers", type=int, default=max(1, (os.cpu_count() or 2) - 2))
    parser.add_argument(
        "--room", type=int, nargs=2, default=(250_000, 30_000), help="items kept: small, full"
    )
    parser.add_argument("--held-out", type=int, default=480)
    parser.add_argument("--compile", action="store_true", help="compile the blocks; takes minutes itself")
    chosen = parser.parse_args()
    torch.set_float32_matmul_precision("high")
    torch._dynamo.config.suppress_errors = True
    torch._dynamo.config.cache_size_limit = 64
    families: list[Family] = chosen.family or ["phi3v", "mllama"]
    processors = {family: learner(family, cases_folder())[1] for family in families}
    room = {SMALL: chosen.room[0], FULL: chosen.room[1]}
    pool = Pool(processors, chosen.workers, chosen.seed, chosen.held_out, room)
    device = "cuda" if torch.cuda.is_available() else "cpu"
    kept = pool.open(device)
    try:
        train(families, pool, kept, device, chosen)
    finally:
        pool.close()


def train(families: list[Family], pool: Pool, kept: Store, device: str, chosen: Any) -> None:
    """Let the models take steps in turn until the time is over."""
    courses = [Course(family, chosen.start, device, chosen.compile, chosen.seed) for family in families]
    begun = time.monotonic()
    while min(pool.stores[SMALL].filled, 8 * pool.stores[FULL].filled) < 8 * BATCH:
        time.sleep(0.5)
    log: list[dict[str, Any]] = []
    print(f"first pairs after {time.monotonic() - begun:.0f} s", flush=True)
    total, told, saved = 60 * chosen.minutes, time.monotonic(), time.monotonic()
    while (elapsed := time.monotonic() - begun) < total:
        for course in courses:
            course.learn(pool.stores, rate(elapsed / total))
        if time.monotonic() - told > 20:
            log += _tell(courses, pool, kept, elapsed)
            told = time.monotonic()
            if told - saved > 120:
                _save(courses, log, chosen)
                saved = time.monotonic()
    log += _tell(courses, pool, kept, total)
    _save(courses, log, chosen)


def _tell(courses: list[Course], pool: Pool, kept: Store, elapsed: float) -> list[dict[str, Any]]:
    rows = []
    for course in courses:
        if not course.losses:
            continue
        loss, spot = torch.stack(course.losses).mean(0).tolist()
        course.losses.clear()
        row = {
            "family": course.family,
            "seconds": round(elapsed, 1),
            "steps": course.step,
            "pairs_shown": course.step * BATCH,
            "pairs_rendered": sum(store.count for store in pool.stores.values()),
            "loss": round(loss, 4),
            "heads_loss": round(spot, 4),
            **course.evaluate(kept),
        }
        print(json.dumps(row), flush=True)
        rows.append(row)
    return rows


def _save(courses: list[Course], log: list[dict[str, Any]], chosen: Any) -> None:
    for course in courses:
        course.save(chosen.out)
    settings = {key: str(value) if isinstance(value, Path) else value for key, value in vars(chosen).items()}
    card = torch.cuda.get_device_name() if torch.cuda.is_available() else "CPU"
    figures = {"settings": settings, "card": card, "torch": torch.__version__, "log": log}
    (chosen.out / "pretrain.json").write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
