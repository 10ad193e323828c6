"""Train the connector adapters of tiny-phi3v on a GPU from connectors without end.

    python -m training.adapt --out FOLDER --seconds 480 --course plain-64-0 --course linked-64-0

A course is a kind (``plain``, or ``linked`` with linking pairs besides), a rank (0: all weights, the limit
that an adapter is measured by) and a seed. All courses of a run learn from the same pairs, in turn. Pictures
are rendered on the GPU while training goes on; no picture of the shipped suites is among them, as their seeds
are others. An adapter's weights are put together for each step (the base's plus the product of its two
factors): one small product instead of a second path for every token.

FOLDER gets ``COURSE.safetensors`` and ``adapt.json``, settings and held-out figures over time;
``python -m training.finish`` makes adapters of them.
"""

import argparse
import json
import math
import os
import re
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors.torch import load_file, save_file
from torch import Tensor, nn
from torch.func import functional_call

from kurabe.finetune import lora
from kurabe.models.config import LocalSettings
from kurabe.models.engines.local.checkpoint import Base
from kurabe.models.families.phi3v import vision
from scenes.part import KINDS
from training.connectors.examination import Examination
from training.connectors.rows import Asker
from training.connectors.supply import Batch, Supply
from training.connectors.workers import Workers
from training.tiny import PhiLearner, Seen

ROOT = Path(__file__).resolve().parents[1]
BASE = "tiny-phi3v"
HEAD = "spots."
"""What the second head's weights begin with in a file; adapters have none."""

SCALE = 2.0
"""PEFT's alpha over rank."""

SHARES = {
    "plain": {"raw": 0.6, "processed": 0.4},
    "linked": {"raw": 0.5, "processed": 0.32, "linked": 0.08, "bodies": 0.1},
}
VERDICTS = 0.75
"""Share of the steps that ask for verdicts."""

RATES = {"adapter": 1e-3, "all": 6e-4}
WARM, FALL = 15.0, 0.35
"""Seconds until the full rate is reached, and the share of a course from which on it falls."""


class Learning(PhiLearner):
    """The base with a head that is asked which flaw a token shows."""

    def __init__(self, model: Any, processor: Any) -> None:
        super().__init__(model, processor)
        self.spot = nn.Linear(model.config.hidden_size, len(KINDS) + 2)
        self._orders: dict[int, Tensor] = {}

    def forward(self, pictures: Tensor, which: Tensor, ids: Tensor) -> Seen:  # type: ignore[override]
        """Pass rows through the model whose pictures are encoded once, however many rows show them.

        Args:
            pictures: (pictures, 3, H, W) in [0, 1].
            which: (batch, 2) the pictures of each row.
            ids: (batch, LENGTH).
        """
        crops, canvas = self.crops(pictures)
        embed = self.model.model.vision_embed_tokens
        patches = embed.img_processor.vision_model(crops.flatten(0, 1))
        parts = [vision._merge(patches, embed.grid), embed.sub_GN.flatten(0, 2), embed.glb_GN.flatten(0, 1)]
        tokens = embed.img_projection(torch.cat(parts))[self._order(len(pictures))]
        chosen = tokens.index_select(0, which.flatten())  # whose way back is the faster one
        return self.read(chosen.view(*which.shape, *tokens.shape[1:]), ids, canvas)

    def _order(self, pictures: int) -> Tensor:
        """Return (pictures, tokens): the rows of the projected table that each picture is read as."""
        if pictures not in self._orders:
            grid = self.model.model.vision_embed_tokens.grid
            own = 5 * grid**2
            line = vision._arrange(2, 2, grid)
            start = torch.arange(pictures)[:, None] * own
            order = torch.where(line < 0, line + pictures * own + 2, line + start)
            self._orders[pictures] = order.to(self.spot.weight.device)
        return self._orders[pictures]


@dataclass(frozen=True, slots=True)
class Name:
    """A course by its name, such as ``linked-64-0``."""

    kind: str
    rank: int
    seed: int

    @classmethod
    def of(cls, text: str) -> "Name":
        """Take a name apart."""
        kind, rank, seed = text.split("-")
        if kind not in SHARES:
            raise ValueError(f"{text}: a course is plain-RANK-SEED or linked-RANK-SEED")
        return cls(kind, int(rank), int(seed))

    def __str__(self) -> str:
        return f"{self.kind}-{self.rank}-{self.seed}"


class Course:
    """One training: its weights, its optimiser, its losses."""

    def __init__(self, name: Name, device: str, compiled: bool) -> None:
        torch.manual_seed(name.seed)
        self.name, self.device = name, device
        loaded = Base(LocalSettings(checkpoint=str(ROOT / "checkpoints" / BASE), device="cpu"), ROOT).load()
        self.processor = loaded.processor
        self.learner = Learning(loaded.model, loaded.processor).to(device).train()
        self.learner.show.requires_grad_(False)
        self.learner.model.requires_grad_(name.rank == 0)
        modules = _adapted(self.learner.model) if name.rank else {}
        self.frozen = {f"model.{key}.weight": module.weight.detach() for key, module in modules.items()}
        self.first = nn.ParameterDict()
        self.second = nn.ParameterDict()
        for key, module in modules.items():
            first = torch.empty(name.rank, module.in_features, device=device)
            nn.init.kaiming_uniform_(first, a=math.sqrt(5))
            self.first[_flat(key)] = nn.Parameter(first)
            self.second[_flat(key)] = nn.Parameter(torch.zeros(module.out_features, name.rank, device=device))
        trained = [p for p in self.learner.parameters() if p.requires_grad]
        trained += [*self.first.values(), *self.second.values()]
        self.trained = trained
        self.optimiser = torch.optim.AdamW(
            trained, lr=1e-3, betas=(0.9, 0.98), weight_decay=0.0, fused=device == "cuda"
        )
        self.rate = RATES["adapter" if name.rank else "all"]
        self.losses: list[Tensor] = []
        self.step = 0
        if compiled:
            for layer in _layers(self.learner.model):
                layer.compile(dynamic=False)

    def weights(self) -> dict[str, Tensor]:
        """Return the adapted weights by their names in the learner."""
        return {
            name: weight + SCALE * (self.second[_flat(name[6:-7])] @ self.first[_flat(name[6:-7])])
            for name, weight in self.frozen.items()
        }

    def learn(self, batch: Batch, share: float, seconds: float) -> None:
        """Take one step, after a share of the course.

        Args:
            batch: What to learn.
            share: Of the course, from 0 to 1.
            seconds: Since this run began; the optimiser knows nothing at first.
        """
        for group in self.optimiser.param_groups:
            group["lr"] = self.rate * course_of(share) * min(1.0, seconds / WARM)
        with torch.autocast(self.device, torch.bfloat16):
            inputs = (_taken(batch.pictures), batch.which, batch.ids)
            seen = functional_call(self.learner, self.weights(), inputs)
            loss, _ = self.learner._loss(seen.logits, batch.ids, batch.answers)
            spot = self.learner.spotted(seen, batch.boxes)
        (loss + spot).backward()
        torch.nn.utils.clip_grad_norm_(self.trained, 1.0)
        self.optimiser.step()
        self.optimiser.zero_grad(set_to_none=True)
        self.losses.append(torch.stack([loss.detach(), spot.detach()]))
        self.step += 1

    @torch.no_grad()
    def lean(self, pictures: Tensor, which: Tensor, ids: Tensor, start: int, yes: int, no: int) -> Tensor:
        """Return how much further each pair leans to different than to same, in logits."""
        inputs = (pictures.float() / 255, which, ids)
        # Not compiled once more for passes without gradients.
        with torch.compiler.set_stance("force_eager"), torch.autocast(self.device, torch.bfloat16):
            seen: Seen = functional_call(self.learner, self.weights(), inputs)
        said = seen.logits[:, start - 1].float()
        return said[:, yes] - said[:, no]

    def save(self, folder: Path) -> None:
        """Write the two factors of every adapted layer, or all weights, and the second head, in bfloat16."""
        state = {
            f"{name[6:-7]}.{part}": values[_flat(name[6:-7])]
            for name in self.frozen
            for part, values in (("lora_A", self.first), ("lora_B", self.second))
        }
        if not self.name.rank:
            state = dict(self.learner.model.state_dict())
        state |= {f"{HEAD}{name}": value for name, value in self.learner.spot.state_dict().items()}
        folder.mkdir(parents=True, exist_ok=True)
        small = {name: value.detach().to(torch.bfloat16).cpu().contiguous() for name, value in state.items()}
        save_file(small, folder / f"{self.name}.safetensors")

    def load(self, folder: Path) -> None:
        """Go on from what `save` wrote."""
        state = load_file(folder / f"{self.name}.safetensors")
        head = {name.removeprefix(HEAD): state.pop(name) for name in list(state) if name.startswith(HEAD)}
        self.learner.spot.load_state_dict(head)
        if not self.name.rank:
            self.learner.model.load_state_dict(state)
            return
        with torch.no_grad():
            for name, value in state.items():
                layer, _, part = name.rpartition(".")
                (self.first if part == "lora_A" else self.second)[_flat(layer)].copy_(value)


def _flat(name: str) -> str:
    return name.replace(".", "/")


def _adapted(model: Any) -> dict[str, nn.Linear]:
    """Return the layers that ``kurabe finetune`` would adapt, vision tower included."""
    pattern = re.compile(lora.targets(model, vision=True))
    return {name: module for name, module in model.named_modules() if pattern.fullmatch(name)}


def _layers(model: Any) -> list[Any]:
    return [layer for module in model.modules() if isinstance(module, nn.ModuleList) for layer in module]


def _taken(pictures: Tensor) -> Tensor:
    """Return bytes as shares of white, each pair with a little light of its own: pictures come back."""
    seen = pictures.float() / 255
    one = (len(pictures), 1, 1, 1)
    device = pictures.device
    gain = torch.exp(0.04 * torch.randn(one, device=device))
    noise = torch.randn(seen.shape, device=device) * (0.006 * torch.rand(one, device=device))
    dark = pictures.flatten(1).amax(1)[:, None, None, None] == 0  # a processed reference is just black
    taken: Tensor = torch.where(dark, seen, (seen * gain + noise).clamp(0, 1))
    return taken


def course_of(share: float) -> float:
    """Return the share of the full rate after a share of a course: level, then half a cosine down."""
    fallen = max(0.0, share - FALL) / (1 - FALL)
    return 0.005 + 0.995 * 0.5 * (1 + math.cos(math.pi * min(1.0, fallen)))


class Watch:
    """Times the parts of one step in seconds, waiting for the device; does nothing if it is not to."""

    def __init__(self, runs: bool) -> None:
        self.laps: dict[str, float] = {}
        self._runs, self._last = runs, 0.0
        if runs:
            self._last = self._now()

    def lap(self, name: str) -> None:
        """End a part."""
        if self._runs:
            now = self._now()
            self.laps[name], self._last = round(now - self._last, 4), now

    @staticmethod
    def _now() -> float:
        if torch.cuda.is_available():
            torch.cuda.synchronize()
        return time.monotonic()


def main() -> None:
    """Train; see the module's text."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--seconds", type=float, default=480, help="of training, rendering included")
    parser.add_argument("--course", type=Name.of, action="append", required=True, metavar="KIND-RANK-SEED")
    parser.add_argument("--start", type=Path, help="go on from the weights in this folder")
    parser.add_argument(
        "--part",
        type=float,
        nargs=2,
        default=(0.0, 1.0),
        help="of the course that this run is, such as 0 0.5",
    )
    parser.add_argument("--batch", type=int, default=256)
    parser.add_argument("--seed", type=int, default=1, help="of the connectors")
    parser.add_argument("--held-out", type=int, default=180, help="connectors that are kept for figures")
    parser.add_argument("--workers", type=int, default=max(1, (os.cpu_count() or 2) - 2))
    parser.add_argument("--room", type=int, nargs=2, default=(40_000, 100_000), help="connectors, processed")
    parser.add_argument("--connectors", type=int, default=6, help="rendered in each step of a course at most")
    parser.add_argument("--renew", type=int, default=2, help="steps between two renderings")
    parser.add_argument("--every", type=float, default=60, help="seconds between held-out figures")
    parser.add_argument("--profile", action="store_true", help="print what a step's time goes to")
    parser.add_argument("--compile", action="store_true")
    chosen = parser.parse_args()
    torch.set_float32_matmul_precision("high")
    torch._dynamo.config.suppress_errors = True
    torch._dynamo.config.cache_size_limit = 64
    linked = any(name.kind == "linked" for name in chosen.course)
    workers = Workers(chosen.workers, chosen.seed, int(linked))
    try:
        train(chosen, workers)
    finally:
        workers.close()


def train(chosen: argparse.Namespace, workers: Workers) -> None:
    """Let the courses take steps in turn until the time is over."""
    device = "cuda" if torch.cuda.is_available() else "cpu"
    courses = [Course(name, device, chosen.compile) for name in chosen.course]
    if chosen.start is not None:
        for course in courses:
            course.load(chosen.start)
    first, last = chosen.part
    processor = courses[0].processor
    asker = Asker(processor, ROOT / "cases")
    begun = time.monotonic()
    examination = Examination(chosen.held_out, asker, workers, device, int(processor.tokenizer.pad_token_id))
    print(f"{len(examination.pairs)} held-out pairs after {time.monotonic() - begun:.0f} s", flush=True)
    supply = Supply(workers, processor, asker, chosen.room, device)
    while supply.gallery.count < 4 * chosen.connectors or supply.processed < 16:
        supply.renew(chosen.connectors, 8)
    rng = np.random.default_rng(3)
    print(f"first pairs after {time.monotonic() - begun:.0f} s", flush=True)
    begun = told = time.monotonic()
    log: list[dict[str, Any]] = []
    while (elapsed := time.monotonic() - begun) < chosen.seconds:
        verdict = bool(rng.random() < VERDICTS)
        for course in courses:
            watch = Watch(course.step % 50 == 49)
            if sum(each.step for each in courses) % chosen.renew == 0:
                supply.renew(chosen.connectors, 2)
            watch.lap("renew")
            batch = supply.draw(chosen.batch, verdict, SHARES[course.name.kind])
            watch.lap("draw")
            share = first + (last - first) * elapsed / chosen.seconds
            if chosen.profile and course.step == 90:
                _profiled(course, batch, share, elapsed)
            else:
                course.learn(batch, share, elapsed)
            watch.lap("learn")
            if watch.laps:
                print(course.step, supply.gallery.count, supply.processed, watch.laps, flush=True)
        if time.monotonic() - told > chosen.every:
            log += _tell(courses, supply, examination, elapsed)
            told = time.monotonic()
    log += _tell(courses, supply, examination, chosen.seconds)
    for course in courses:
        course.save(chosen.out)
    settings = {name: str(value) for name, value in vars(chosen).items()}
    card = torch.cuda.get_device_name() if torch.cuda.is_available() else "CPU"
    rates = (supply.gallery.seen / np.maximum(1, supply.gallery.drawn)).round(3).tolist()
    facts = {"settings": settings, "card": card, "torch": torch.__version__, "seen": rates, "log": log}
    (chosen.out / "adapt.json").write_text(json.dumps(facts, indent=1) + "\n", encoding="utf-8")


def _profiled(course: Course, batch: Batch, share: float, seconds: float) -> None:
    kinds = [torch.profiler.ProfilerActivity.CPU, torch.profiler.ProfilerActivity.CUDA]
    with torch.profiler.profile(activities=kinds) as profile:
        course.learn(batch, share, seconds)
        torch.cuda.synchronize()
    print(
        profile.key_averages().table(sort_by="self_cuda_time_total", row_limit=22, max_name_column_width=70)
    )


def _tell(
    courses: list[Course], supply: Supply, examination: Examination, elapsed: float
) -> list[dict[str, Any]]:
    rows = []
    for course in courses:
        loss, spot = torch.stack(course.losses).mean(0).tolist()
        course.losses.clear()
        row = {
            "course": str(course.name),
            "seconds": round(elapsed, 1),
            "steps": course.step,
            "connectors": supply.gallery.count,
            "pairs_processed": supply.processed,
            "bodies": supply.items,
            "loss": round(loss, 4),
            "spots_loss": round(spot, 4),
            **examination.examine(course.lean),
        }
        print(json.dumps(row), flush=True)
        rows.append(row)
    return rows


if __name__ == "__main__":
    main()
