"""The two embedded architectures at a size of under 8 million parameters, and how each is trained.

A training pass differs from an answering one in two ways: pictures are cut up on the GPU, for a whole batch
at once, and two more heads on the pictures' tokens are taught: which token of the test picture a difference
lies in, and what each picture shows. They are thrown away; without them a model of this size learns nothing
for a long time.
"""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional

from kurabe.common.vocabulary import Layout
from kurabe.imaging.layout import bar_width
from kurabe.models.engines.local.checkpoint import correct
from training.items import KINDS, OBJECTS, Turn
from training.words import END, Family, tokenizer

SIDE = 168
"""Side of a crop or tile in pixels."""

CROPS = 4
LENGTH = 192
"""Tokens of a prompt and its answer, without those of pictures."""

LAYOUT: dict[Family, Layout] = {"phi3v": "separate", "mllama": "stacked"}
IGNORED = -100


@dataclass(frozen=True, slots=True)
class Canvas:
    """Where a picture lies on the square of 2 x 2 crops that a model sees; all in pixels of that square.

    ``left, top, width, height`` of the picture after scaling, and the square's ``ground``, in [0, 1].
    """

    left: float
    top: float
    width: float
    height: float
    ground: float


def phi3v(cases: Path) -> tuple[Any, Any]:
    """Return a small phi3_v with random weights, and its processor."""
    correct("phi3_v")
    native: Any = import_module("kurabe.models.families.phi3v")
    # Passes of so small a tower are better few and large.
    vision: Any = import_module("kurabe.models.families.phi3v_core.image_embedding")
    vision.CROPS_PER_PASS = 4096
    words = tokenizer("phi3v", cases)
    clip = {
        "hidden_size": 192, "intermediate_size": 512, "num_hidden_layers": 6, "num_attention_heads": 6,
        "image_size": SIDE, "patch_size": 14, "projection_dim": 192,
    }  # fmt: skip
    config = native.Phi3VConfig(
        vocab_size=len(words), hidden_size=256, intermediate_size=704, num_hidden_layers=6,
        num_attention_heads=8, num_key_value_heads=8, max_position_embeddings=4096,
        original_max_position_embeddings=4096, tie_word_embeddings=False, resid_pdrop=0.0, embd_pdrop=0.0,
        # All layers of a tower made for this are of use; the published one leaves its last out.
        img_processor={"name": "clip_vision_model", "clip_config": clip, "layer_idx": -1},
        bos_token_id=words.bos_token_id, eos_token_id=words.eos_token_id, pad_token_id=words.pad_token_id,
    )  # fmt: skip
    processor = native.Phi3VProcessor(words, CROPS, (SIDE // 28) ** 2, SIDE)
    return native.Phi3VForCausalLM(config), processor


def mllama(cases: Path) -> tuple[Any, Any]:
    """Return a small mllama with random weights, and its processor."""
    correct("mllama")
    transformers: Any = import_module("transformers")
    words = tokenizer("mllama", cases)
    ids = {
        "bos_token_id": words.bos_token_id, "eos_token_id": words.eos_token_id,
        "pad_token_id": words.pad_token_id,
    }  # fmt: skip
    config = transformers.MllamaConfig(
        vision_config={
            "hidden_size": 160, "intermediate_size": 384, "num_hidden_layers": 6, "num_global_layers": 2,
            "attention_heads": 5, "image_size": SIDE, "patch_size": 14, "max_num_tiles": CROPS,
            "intermediate_layers_indices": [2, 4], "vision_output_dim": 480,
            "supported_aspect_ratios": _ratios(),
        },
        text_config={
            "vocab_size": len(words), "hidden_size": 256, "intermediate_size": 640, "num_hidden_layers": 6,
            "num_attention_heads": 8, "num_key_value_heads": 8, "cross_attention_layers": [1, 4],
            "max_position_embeddings": 2048, "tie_word_embeddings": False, **ids,
            "rope_scaling": {"rope_type": "default", "rope_theta": 10000.0},
        },
        image_token_index=words.convert_tokens_to_ids("<|image|>"),
        **ids,
    )  # fmt: skip
    images = transformers.MllamaImageProcessor(size={"height": SIDE, "width": SIDE}, max_image_tiles=CROPS)
    processor = transformers.MllamaProcessor(images, words, chat_template=words.chat_template)
    return transformers.MllamaForConditionalGeneration(config), processor


def _ratios() -> list[list[int]]:
    return [
        [wide, high] for wide in range(1, CROPS + 1) for high in range(1, CROPS + 1) if wide * high <= CROPS
    ]


def encode(family: Family, processor: Any, turn: Turn, pictures: int) -> tuple[list[int], int]:
    """Return a turn as ids, an image tag being one id (-k in phi3_v), and where the answer begins."""
    parts = [*({"type": "image"} for _ in range(pictures)), {"type": "text", "text": turn.prompt}]
    prompt = processor.apply_chat_template(
        [{"role": "user", "content": parts}], add_generation_prompt=True, tokenize=False
    )
    if family == "phi3v":
        ids = processor._encode(prompt, [1] * pictures, first=True)
    else:
        ids = processor.tokenizer.encode(prompt, add_special_tokens=False)
    answer = processor.tokenizer.encode(turn.answer + END[family], add_special_tokens=False)
    return [*ids, *answer], len(ids)


class Learner(nn.Module, ABC):
    """A model with two heads more; subclasses know how their family sees."""

    family: Family
    mean: Tensor
    std: Tensor

    def __init__(self, model: Any, processor: Any, width: int) -> None:
        super().__init__()
        self.model = model
        self.tokenizer = processor.tokenizer
        self.spot = nn.Linear(width, len(KINDS) + 1)
        self.show = nn.Linear(width, len(OBJECTS))
        self.tags: dict[int, list[int]] = {}
        images = processor if self.family == "phi3v" else processor.image_processor
        self.register_buffer("mean", torch.tensor(images.image_mean)[:, None, None], persistent=False)
        self.register_buffer("std", torch.tensor(images.image_std)[:, None, None], persistent=False)

    @abstractmethod
    def forward(
        self, pictures: Tensor, ids: Tensor, answers: Tensor, boxes: Tensor | None, objects: Tensor
    ) -> tuple[Tensor, Tensor, Tensor]:
        """Return the loss of the answers, that of the other heads, and the ids foretold.

        Args:
            pictures: (batch, 1 or 2, 3, H, W), in [0, 1].
            ids: (batch, LENGTH) as `encode` gave them, padded on the right.
            answers: (batch,) where the answers begin.
            boxes: (batch, most, 5) as in `training.items.Item`, or None where there is one picture.
            objects: (batch, 1 or 2, objects).

        Returns:
            Two scalars; (batch, LENGTH), where -1 stands for what carries no loss.
        """

    def _loss(self, logits: Tensor, ids: Tensor, answers: Tensor) -> tuple[Tensor, Tensor]:
        places = torch.arange(ids.shape[1], device=ids.device)
        wanted = ids.masked_fill((places < answers[:, None]) | (ids == self.tokenizer.pad_token_id), IGNORED)
        loss = functional.cross_entropy(
            logits[:, :-1].flatten(0, 1).float(), wanted[:, 1:].flatten(), ignore_index=IGNORED
        )
        foretold = functional.pad(logits[:, :-1].argmax(-1), (1, 0))
        return loss, foretold.masked_fill(wanted == IGNORED, -1)

    def _show_loss(self, features: list[Tensor], objects: Tensor) -> Tensor:
        """Ask the mean token of each picture what the picture shows."""
        said = torch.stack([self.show(tokens.mean(1)) for tokens in features], 1)
        return functional.binary_cross_entropy_with_logits(said.float(), objects)

    def _tags(self, ids: Tensor, pictures: int, tag: int | None) -> list[int]:
        """Return where the image tags stand, the same in every row; asked of the device once."""
        if pictures not in self.tags:
            marked = ids[0] < 0 if tag is None else ids[0] == tag
            self.tags[pictures] = marked.nonzero().flatten().tolist()
        return self.tags[pictures]

    def _spot_loss(self, features: Tensor, grid: int, boxes: Tensor, canvas: Canvas) -> Tensor:
        """Ask each token of a grid x grid square which difference lies in it; most hold none."""
        labels = spots(boxes, grid, canvas)
        weights = torch.ones(self.spot.out_features, device=features.device)
        weights[0] = 0.15
        return functional.cross_entropy(
            self.spot(features).flatten(0, 1).float(), labels.flatten(), weight=weights
        )


def spots(boxes: Tensor, grid: int, canvas: Canvas) -> Tensor:
    """Return (batch, grid * grid): 0, or 1 + the kind of a difference that covers a good part of the cell."""
    cell = 2 * SIDE / grid
    edges = torch.arange(grid, device=boxes.device) * cell
    x1, x2 = (canvas.left + boxes[:, :, side] * canvas.width for side in (0, 2))
    y1, y2 = (canvas.top + boxes[:, :, side] * canvas.height for side in (1, 3))
    across = (torch.minimum(x2[..., None], edges + cell) - torch.maximum(x1[..., None], edges)).clamp(min=0)
    down = (torch.minimum(y2[..., None], edges + cell) - torch.maximum(y1[..., None], edges)).clamp(min=0)
    overlap = down[..., :, None] * across[..., None, :]
    least = 0.3 * torch.minimum((x2 - x1) * (y2 - y1), torch.full_like(x1, cell * cell))
    covered = (overlap > least[..., None, None]) & (boxes[:, :, 4] >= 0)[..., None, None]
    kinds = (boxes[:, :, 4].long() + 1)[..., None, None] * covered
    return kinds.amax(1).flatten(1)


def on_canvas(pictures: Tensor, canvas: Canvas) -> Tensor:
    """Scale pictures (batch, 3, H, W) onto the square of 2 x 2 crops."""
    size = (round(canvas.height), round(canvas.width))
    scaled = functional.interpolate(pictures, size=size, mode="bilinear", antialias=True, align_corners=False)
    left, top = int(canvas.left), int(canvas.top)
    right, bottom = 2 * SIDE - left - size[1], 2 * SIDE - top - size[0]
    return functional.pad(scaled, (left, right, top, bottom), value=canvas.ground)


def quarters(square: Tensor) -> Tensor:
    """Cut (batch, 3, 2s, 2s) into (batch, 4, 3, s, s), row by row."""
    batch = square.shape[0]
    parts = square.view(batch, 3, 2, SIDE, 2, SIDE).permute(0, 2, 4, 1, 3, 5)
    return parts.reshape(batch, 4, 3, SIDE, SIDE)


class Seen(NamedTuple):
    """What a pass of a phi3_v makes of its pictures and words.

    Attributes:
        logits: (batch, LENGTH, words); those of the prompt's beginning are nothing.
        states: Of each picture, (batch, tokens, width), the decoder's last.
        grid: Tokens along a side of the square of crops, without the newlines.
        canvas: Where the pictures lie on that square.
    """

    logits: Tensor
    states: list[Tensor]
    grid: int
    canvas: Canvas


class PhiLearner(Learner):
    """phi3_v: two pictures, each as overview and crops; the second head reads the decoder."""

    family: Family = "phi3v"

    def __init__(self, model: Any, processor: Any) -> None:
        super().__init__(model, processor, model.config.hidden_size)

    def look(self, pictures: Tensor, ids: Tensor) -> Seen:
        """Pass pictures and words through the model; as `Learner.forward` takes them."""
        batch, shown = pictures.shape[:2]
        crops, canvas = self.crops(pictures.flatten(0, 1))
        embed = self.model.model.vision_embed_tokens
        features = embed(crops, [(2, 2)] * len(crops)).view(batch, shown, -1, self.spot.in_features)
        return self.read(features, ids, canvas)

    def crops(self, pictures: Tensor) -> tuple[Tensor, Canvas]:
        """Return overview and crops, (n, 5, 3, SIDE, SIDE), of pictures (n, 3, H, W), and their canvas."""
        height, width = pictures.shape[-2:]
        high = int(2 * SIDE * height / width)
        canvas = Canvas(0, (2 * SIDE - high) // 2, 2 * SIDE, high, 1.0)
        square = (on_canvas(pictures, canvas) - self.mean) / self.std
        overview = functional.interpolate(square, size=(SIDE, SIDE), mode="bicubic")
        return torch.cat([overview[:, None], quarters(square)], 1), canvas

    def read(self, features: Tensor, ids: Tensor, canvas: Canvas) -> Seen:
        """Pass the tokens of pictures (batch, shown, tokens, width) and words through the decoder."""
        inner = self.model.model
        # Every tag stands at the same place in every row: each becomes as many tokens as its picture has.
        tags = self._tags(ids, features.shape[1], None)
        embedded = inner.embed_tokens(ids.clamp(min=0))
        pieces, last, starts = [], 0, []
        for number, tag in enumerate(tags):
            pieces += [embedded[:, last:tag], features[:, number].to(embedded.dtype)]
            last = tag + 1
            starts.append(sum(piece.shape[1] for piece in pieces[:-1]))
        pieces.append(embedded[:, last:])
        states = inner(inputs_embeds=torch.cat(pieces, 1), use_cache=False).last_hidden_state
        offset = states.shape[1] - ids.shape[1]
        # What stands before the text carries no loss, so its logits need not be right, only there.
        logits = functional.pad(self.model.lm_head(states[:, offset + last :]), (0, 0, last, 0))
        seen = [states[:, start : start + features.shape[2]] for start in starts]
        return Seen(logits, seen, 2 * inner.vision_embed_tokens.grid, canvas)

    def spotted(self, seen: Seen, boxes: Tensor) -> Tensor:
        """Return the loss of the second head, which is asked of the last picture's tokens."""
        grid = seen.grid
        test = seen.states[-1][:, : grid * (grid + 1)]
        test = test.reshape(len(test), grid, grid + 1, -1)[:, :, :grid].flatten(1, 2)  # without the newlines
        return self._spot_loss(test, grid, boxes, seen.canvas)

    def forward(
        self, pictures: Tensor, ids: Tensor, answers: Tensor, boxes: Tensor | None, objects: Tensor
    ) -> tuple[Tensor, Tensor, Tensor]:
        """As `Learner.forward`."""
        seen = self.look(pictures, ids)
        loss, foretold = self._loss(seen.logits, ids, answers)
        heads = self._show_loss(seen.states, objects)
        if boxes is None:
            return loss, heads, foretold
        return loss, heads + self.spotted(seen, boxes), foretold


class MllamaLearner(Learner):
    """mllama: one stacked picture in four tiles; the second head reads the vision tower."""

    family: Family = "mllama"

    def __init__(self, model: Any, processor: Any) -> None:
        super().__init__(model, processor, model.config.vision_config.vision_output_dim)

    def forward(
        self, pictures: Tensor, ids: Tensor, answers: Tensor, boxes: Tensor | None, objects: Tensor
    ) -> tuple[Tensor, Tensor, Tensor]:
        """As `Learner.forward`."""
        batch, shown = pictures.shape[:2]
        height, width = pictures.shape[-2:]
        if shown == 2:
            bar = pictures.new_zeros(batch, 3, bar_width(height), width)
            joined = torch.cat([pictures[:, 0], bar, pictures[:, 1]], 2)
        else:
            joined = pictures[:, 0]
        scale = 2 * SIDE / max(joined.shape[-2:])
        whole = Canvas(0, 0, int(joined.shape[-1] * scale), int(joined.shape[-2] * scale), 0.0)
        tiles = quarters((on_canvas(joined, whole) - self.mean) / self.std)[:, None]
        aspect = torch.full((batch, 1), 1 + _ratios().index([2, 2]), device=ids.device)
        inner = self.model.model
        seen = inner.vision_model(
            pixel_values=tiles, aspect_ratio_ids=aspect, aspect_ratio_mask=ids.new_ones(batch, 1, CROPS)
        ).last_hidden_state
        states = (
            inner.multi_modal_projector(seen)
            .flatten(0, 1)
            .view(batch * CROPS, -1, self.model.config.text_config.hidden_size)
        )
        image = self._tags(ids, shown, self.model.config.image_token_index)[0]
        mask = ids.new_zeros(batch, ids.shape[1], 1, CROPS)
        mask[:, image:] = 1
        out = inner(
            input_ids=ids,
            attention_mask=torch.ones_like(ids),
            cross_attention_states=states,
            cross_attention_mask=mask,
            use_cache=False,
        )
        loss, foretold = self._loss(self.model.lm_head(out.last_hidden_state), ids, answers)
        grid = 2 * (SIDE // 14)
        patches = seen[:, 0, :, 1:].view(batch, 2, 2, grid // 2, grid // 2, -1).permute(0, 1, 3, 2, 4, 5)
        patches = patches.reshape(batch, grid, grid, -1)
        top = (height + bar_width(height)) * scale if shown == 2 else 2 * SIDE
        cut = round(top / 14)
        halves = [patches[:, :cut].flatten(1, 2), patches[:, cut:].flatten(1, 2)][:shown]
        heads = self._show_loss(halves, objects)
        if boxes is None:
            return loss, heads, foretold
        canvas = Canvas(0, top, width * scale, height * scale, 0.0)
        return loss, heads + self._spot_loss(patches.flatten(1, 2), grid, boxes, canvas), foretold


def learner(family: Family, cases: Path) -> tuple[Learner, Any]:
    """Return a family's model ready to be trained, and its processor."""
    build, kind = {"phi3v": (phi3v, PhiLearner), "mllama": (mllama, MllamaLearner)}[family]
    model, processor = build(cases)
    return kind(model, processor), processor
