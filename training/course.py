"""One training of an adapter on a GPU: its weights, its optimiser, its losses.

An adapter's weights are put together for each step (the base's plus the product of its two factors): one
small product instead of a second path for every token.
"""

import json
import math
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor, nn
from torch.func import functional_call

from kurabe.finetune import lora
from kurabe.models.config import LocalSettings
from kurabe.models.engines.local.checkpoint import Base
from kurabe.models.families.phi3v_core import image_embedding
from scenes.part import KINDS
from training.connectors.batches import Batch
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
RATES = {"adapter": 1e-3, "all": 6e-4}
FALL = 0.35
"""Share of a course from which on the rate falls."""


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
        parts = [
            image_embedding._merge(patches, embed.grid),
            embed.sub_GN.flatten(0, 2),
            embed.glb_GN.flatten(0, 1),
        ]
        tokens = embed.img_projection(torch.cat(parts))[self._order(len(pictures))]
        chosen = tokens.index_select(0, which.flatten())  # whose way back is the faster one
        return self.read(chosen.view(*which.shape, *tokens.shape[1:]), ids, canvas)

    def _order(self, pictures: int) -> Tensor:
        """Return (pictures, tokens): the rows of the projected table that each picture is read as."""
        if pictures not in self._orders:
            grid = self.model.model.vision_embed_tokens.grid
            own = 5 * grid**2
            line = image_embedding._arrange(2, 2, grid)
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
    """One training: its weights, its optimiser, its losses.

    Attributes:
        learner: The base with its second head.
        frozen: The base's weights that are adapted, by their names in the learner.
        losses: (2,) of each step since they were read: of the answers, and of the second head.
        step: Steps taken.
    """

    def __init__(self, name: Name, device: str, compiled: bool) -> None:
        self.name, self.device = name, device
        loaded = Base(LocalSettings(checkpoint=str(ROOT / "checkpoints" / BASE), device="cpu"), ROOT).load()
        self.processor = loaded.processor
        self.learner = Learning(loaded.model, loaded.processor).to(device).train()
        self.learner.show.requires_grad_(False)
        self.learner.model.requires_grad_(name.rank == 0)
        self._modules = _adapted(self.learner.model) if name.rank else {}
        self.frozen = {f"model.{key}.weight": module.weight.detach() for key, module in self._modules.items()}
        self.rate = RATES["adapter" if name.rank else "all"]
        if compiled:
            for layer in _layers(self.learner.model):
                layer.compile(dynamic=False)
        self.begin(name.seed)

    def begin(self, seed: int) -> None:
        """Begin anew from the base, with factors that change nothing yet and a head that knows nothing."""
        torch.manual_seed(seed)
        self.learner.spot.reset_parameters()
        self.first = nn.ParameterDict()
        self.second = nn.ParameterDict()
        for key, module in self._modules.items():
            first = torch.empty(self.name.rank, module.in_features, device=self.device)
            nn.init.kaiming_uniform_(first, a=math.sqrt(5))
            second = torch.zeros(module.out_features, self.name.rank, device=self.device)
            self.first[_flat(key)], self.second[_flat(key)] = nn.Parameter(first), nn.Parameter(second)
        trained = [p for p in self.learner.parameters() if p.requires_grad]
        self.trained = [*trained, *self.first.values(), *self.second.values()]
        self.optimiser = torch.optim.AdamW(
            self.trained, lr=1e-3, betas=(0.9, 0.98), weight_decay=0.0, fused=self.device == "cuda"
        )
        self.losses: list[Tensor] = []
        self.step = 0

    def put_on(self, adapter: Path) -> None:
        """Take a base that has learned before: add a PEFT adapter to the weights that stay as they are."""
        state = load_file(adapter / "adapter_model.safetensors")
        config = json.loads((adapter / "adapter_config.json").read_text(encoding="utf-8"))
        scale = config["lora_alpha"] / config["r"]
        for name in list(self.frozen):
            key = f"base_model.{name[:-7]}"
            down, up = (state.pop(f"{key}.lora_{part}.weight").float().to(self.device) for part in "AB")
            self.frozen[name] = self.frozen[name] + scale * (up @ down)
        if state:  # nothing may be left
            raise ValueError(f"{adapter}: adapts layers that this base has not: {sorted(state)[:4]}")

    def take_off(self) -> None:
        """Go back to the base as it is."""
        for key, module in self._modules.items():
            self.frozen[f"model.{key}.weight"] = module.weight.detach()

    def weights(self) -> dict[str, Tensor]:
        """Return the adapted weights by their names in the learner."""
        return {
            name: weight + SCALE * (self.second[_flat(name[6:-7])] @ self.first[_flat(name[6:-7])])
            for name, weight in self.frozen.items()
        }

    def learn(self, batch: Batch, share: float, warm: float = 1.0, spots: bool = True) -> None:
        """Take one step, after a share of the course.

        Args:
            batch: What to learn.
            share: Of the course, from 0 to 1.
            warm: Share of the rate; the optimiser knows nothing at first.
            spots: Whether the second head learns, too.
        """
        for group in self.optimiser.param_groups:
            group["lr"] = self.rate * course_of(share) * warm
        with torch.autocast(self.device, torch.bfloat16):
            inputs = (_taken(batch.pictures), batch.which, batch.ids)
            seen = functional_call(self.learner, self.weights(), inputs)
            loss, _ = self.learner._loss(seen.logits, batch.ids, batch.answers)
            spot = self.learner.spotted(seen, batch.boxes) if spots else loss.new_zeros(())
        (loss + spot).backward()
        torch.nn.utils.clip_grad_norm_(self.trained, 1.0)
        self.optimiser.step()
        self.optimiser.zero_grad(set_to_none=True)
        self.losses.append(torch.stack([loss.detach(), spot.detach()]))
        self.step += 1

    @torch.no_grad()
    def told(self, pictures: Tensor, which: Tensor, ids: Tensor, start: int, yes: int, no: int) -> Tensor:
        """Return (rows, 2): the logarithms of P(yes) and P(no) as the answer's first token.

        Args:
            pictures: (pictures, 3, H, W) bytes.
            which: (rows, 2) the pictures of each row.
            ids: (rows, LENGTH) prompt and answer.
            start: Where answers begin.
            yes: The id that means different.
            no: The id that means same.
        """
        inputs = (pictures.float() / 255, which, ids)
        # Not compiled once more for passes without gradients.
        with torch.compiler.set_stance("force_eager"), torch.autocast(self.device, torch.bfloat16):
            seen: Seen = functional_call(self.learner, self.weights(), inputs)
        return seen.logits[:, start - 1].float().log_softmax(-1)[:, [yes, no]]

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
