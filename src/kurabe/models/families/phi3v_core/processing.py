# transformers leaves the signatures of its loading functions untyped.
"""From prompts and pictures to a batch: left padding, one BOS a chunk, image tags checked."""

import json
import math
import re
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, Literal, TypeAlias

import torch
from PIL import Image
from transformers import BatchFeature, PretrainedConfig, PreTrainedTokenizerBase, PreTrainedTokenizerFast

from kurabe.common.errors import ModelError
from kurabe.models.families.phi3v_core.configuration import Phi3VConfig, count_image_tokens
from kurabe.models.families.phi3v_core.image_tokens import Tiling, cut, cut_bytes, tile
from kurabe.models.families.templates import TRIALS

Message: TypeAlias = Mapping[str, Any]
Pictures: TypeAlias = Sequence[Sequence[Image.Image]] | Sequence[Image.Image] | Image.Image | None

IMAGE_TAG = re.compile(r"<\|image_(\d+)\|>")
MEAN = [0.48145466, 0.4578275, 0.40821073]
STD = [0.26862954, 0.26130258, 0.27577711]
TURN = (
    "{% for message in messages %}<|{{ message.role }}|>\n{{ message.content }}<|end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|assistant|>\n{% endif %}"
)
"""The turns of a chat, for tokenizers that bring no template of their own."""

_SETTINGS = ("num_crops", "num_img_tokens", "crop_size", "image_mean", "image_std")


class Phi3VProcessor:
    """Prepares batches for `Phi3VForCausalLM`.

    Args:
        tokenizer: Any fast tokenizer; the published one, or a small one of one's own.
        num_crops: The most crops an image is cut into unless a call says otherwise.
        num_img_tokens: Tokens of one crop, a square number.
        crop_size: Side of a crop in pixels.
        image_mean: Of the channels, in [0, 1].
        image_std: Of the channels.

    Raises:
        ModelError: If the tokenizer has no token to pad with, or the tokens of a crop form no square.
    """

    def __init__(
        self,
        tokenizer: PreTrainedTokenizerBase,
        num_crops: int = 4,
        num_img_tokens: int = 144,
        crop_size: int = 336,
        image_mean: Sequence[float] = MEAN,
        image_std: Sequence[float] = STD,
    ) -> None:
        self.tokenizer = tokenizer
        self.num_crops = num_crops
        self.num_img_tokens = num_img_tokens
        self.crop_size = crop_size
        self.image_mean, self.image_std = list(image_mean), list(image_std)
        self.grid = math.isqrt(num_img_tokens)
        if self.grid**2 != num_img_tokens:
            raise ModelError(f"phi3_v processor: num_img_tokens = {num_img_tokens} is no square number")
        if tokenizer.pad_token_id is None and tokenizer.eos_token_id is None:
            raise ModelError(
                "phi3_v processor: the tokenizer has neither pad nor eos token; set its pad_token"
            )

    @classmethod
    def from_pretrained(cls, pretrained_model_name_or_path: str | Path, **kwargs: Any) -> "Phi3VProcessor":
        """Load the tokenizer and the settings of the pictures from a folder or a hub repository.

        The side of the crops is not among the published settings: if it is not named, it is taken from the
        model's config. Code in the repository is never run.

        Args:
            pretrained_model_name_or_path: Folder or repository.
            kwargs: ``num_crops`` and the other settings replace those read; the rest (``revision``,
                ``cache_dir``, ``local_files_only``, ``token``) goes to the hub.
        """
        own = {key: kwargs.pop(key) for key in _SETTINGS if key in kwargs}
        for key in ("trust_remote_code", "_from_auto", "use_fast", "code_revision"):
            kwargs.pop(key, None)
        source = str(pretrained_model_name_or_path)
        tokenizer = PreTrainedTokenizerFast.from_pretrained(source, **kwargs)
        settings: dict[str, Any] = {}
        config = _stored(PretrainedConfig.get_config_dict, source, kwargs)
        if config.get("model_type") == Phi3VConfig.model_type:
            model = Phi3VConfig.from_dict(config)
            settings = {"crop_size": model.crop_size, "num_img_tokens": model.crop_grid**2}
        stored = _picture_settings(source, kwargs)
        settings |= {key: stored[key] for key in _SETTINGS if key in stored}
        return cls(tokenizer, **(settings | own))

    def save_pretrained(self, save_directory: str | Path) -> None:
        """Write tokenizer and settings, so that `from_pretrained` and ``AutoProcessor`` read them back."""
        folder = Path(save_directory)
        folder.mkdir(parents=True, exist_ok=True)
        self.tokenizer.save_pretrained(folder)
        name = {"processor_class": type(self).__name__}
        settings = name | {"do_convert_rgb": True} | {key: getattr(self, key) for key in _SETTINGS}
        for file, content in (("preprocessor_config.json", settings), ("processor_config.json", name)):
            (folder / file).write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")

    @property
    def pad_token_id(self) -> int:
        """The id that rows are padded with."""
        pad = self.tokenizer.pad_token_id
        return int(self.tokenizer.eos_token_id if pad is None else pad)

    @cached_property
    def eos_token_ids(self) -> list[int]:
        """The ids that end an answer: for ``generate(eos_token_id=...)``. Published: [32000, 32007]."""
        vocabulary = self.tokenizer.get_vocab()
        ends = {vocabulary[token] for token in ("<|end|>", "<|endoftext|>") if token in vocabulary}
        if not ends and self.tokenizer.eos_token_id is not None:
            ends = {self.tokenizer.eos_token_id}
        return sorted(ends)

    @cached_property
    def img_tokens(self) -> list[str]:
        """The tags of the first thousand images: ``<|image_1|>`` and so on."""
        return [f"<|image_{number}|>" for number in range(1, 1001)]

    @property
    def model_input_names(self) -> list[str]:
        """The tensors that a call returns."""
        return ["input_ids", "attention_mask", "pixel_values", "image_sizes"]

    def calc_num_image_tokens_from_image_size(
        self, width: int, height: int, num_crops: int | None = None
    ) -> int:
        """Count the tokens that a picture of this size in pixels will take."""
        return self._count(tile(width, height, num_crops or self.num_crops, self.crop_size))

    def __call__(
        self,
        text: str | Sequence[str],
        images: Pictures = None,
        *,
        num_crops: int | Sequence[int] | None = None,
        return_tensors: Literal["pt"] = "pt",
        padding: bool = True,
        padding_side: Literal["left", "right"] = "left",
        add_special_tokens: bool = True,
    ) -> BatchFeature:
        """Prepare a batch.

        Args:
            text: A prompt or several, chat template applied, with a tag ``<|image_k|>`` where the k-th
                image of that prompt stands. Each tag occurs once; their order is free.
            images: For each prompt its pictures. For a single prompt also a picture, or a list of them.
            num_crops: The most crops an image is cut into; one number, or one for each prompt.
            return_tensors: PyTorch tensors are what there is.
            padding: False refuses rows of different lengths instead of padding them.
            padding_side: ``left`` to generate; ``right`` is possible to train.
            add_special_tokens: False if the prompts bring their first BOS; the chunks after an image still
                get one each.

        Returns:
            ``input_ids`` and ``attention_mask``, both (batch, tokens), an image token being ``-k``; with
            pictures also ``pixel_values`` (images of all rows, crops + 1, 3, side, side) in float32, filled
            up with zero crops, and ``image_sizes`` (images, 2), padded height and width in pixels.

        Raises:
            ModelError: If tags and pictures do not agree, or rows would have to be padded and must not be.
            ImageError: If a picture cannot be cut.
        """
        if return_tensors != "pt":
            raise ModelError(f"phi3_v processor: return_tensors must be 'pt', not {return_tensors!r}")
        prompts = [text] if isinstance(text, str) else list(text)
        pictures = _by_prompt(images, len(prompts))
        limits = self._limits(num_crops, len(prompts))
        crops, sizes, rows = [], [], []
        for prompt, own, limit in zip(prompts, pictures, limits, strict=True):
            cuts = [cut(picture, limit, self.crop_size, self.image_mean, self.image_std) for picture in own]
            counts = [self._count(tiling) for _, tiling in cuts]
            rows.append(self._encode(prompt, counts, first=add_special_tokens))
            crops += [pixels for pixels, _ in cuts]
            sizes += [[tiling.rows * self.crop_size, tiling.columns * self.crop_size] for _, tiling in cuts]
        if not padding and len({len(row) for row in rows}) > 1:
            raise ModelError("the prompts differ in length: a batch of them needs padding = True")
        data = self._pad(rows, padding_side)
        if crops:
            # The published layout: room for every crop that was allowed, the overview included.
            pixel_values = torch.zeros(len(crops), max(limits) + 1, *crops[0].shape[1:])
            for place, pixels in zip(pixel_values, crops, strict=True):
                place[: len(pixels)] = pixels
            data |= {"pixel_values": pixel_values, "image_sizes": torch.tensor(sizes)}
        return BatchFeature(data)

    def apply_chat_template(
        self,
        conversation: Sequence[Message] | Sequence[Sequence[Message]],
        *,
        add_generation_prompt: bool = False,
        tokenize: bool = False,
        return_dict: bool = True,
        return_tensors: Literal["pt"] = "pt",
        num_crops: int | Sequence[int] | None = None,
        **kwargs: Any,
    ) -> Any:
        """Write a conversation, or several, as prompts.

        Args:
            conversation: Messages whose content is a string, taken as it is, or a list of
                ``{"type": "text", "text": ...}`` and ``{"type": "image"}`` items; an image item becomes the
                next tag and a line feed.
            add_generation_prompt: Whether the assistant's turn is opened.
            tokenize: Whether to prepare the batch as well; the pictures are then the items' ``image``.
            return_dict: With ``tokenize``: False for the ids alone.
            return_tensors: As for a call.
            num_crops: As for a call.
            kwargs: Passed on to the template.

        Returns:
            The prompt, or a list of prompts for several; with ``tokenize`` what a call returns.

        Raises:
            ModelError: If an item is neither text nor image, an image item brings no picture to tokenize, or
                the template takes too much memory or time.
        """
        single = bool(conversation) and isinstance(conversation[0], Mapping)
        conversations: Any = [conversation] if single else conversation
        prompts, pictures = [], []
        for messages in conversations:
            plain, own = _tagged(messages)
            template = self.tokenizer.chat_template or TURN
            names = {**self.tokenizer.special_tokens_map, **kwargs}
            TRIALS.check(template, plain, add_generation_prompt=add_generation_prompt, **names)
            prompt = self.tokenizer.apply_chat_template(
                plain,
                chat_template=template,
                tokenize=False,
                add_generation_prompt=add_generation_prompt,
                **kwargs,
            )
            prompts.append(str(prompt))
            pictures.append(own)
        if not tokenize:
            return prompts[0] if single else prompts
        if any(picture is None for own in pictures for picture in own):
            raise ModelError("an image item holds no picture under its key 'image'")
        batch = self(prompts, pictures, num_crops=num_crops, return_tensors=return_tensors)
        return batch if return_dict else batch["input_ids"]

    def batch_decode(self, sequences: Any, **kwargs: Any) -> list[str]:
        """Decode generated ids; image tokens among them are left out."""
        rows = sequences.tolist() if isinstance(sequences, torch.Tensor) else sequences
        return [self.decode(row, **kwargs) for row in rows]

    def decode(self, token_ids: Any, **kwargs: Any) -> str:
        """Decode one row of ids; image tokens among them are left out."""
        ids = token_ids.tolist() if isinstance(token_ids, torch.Tensor) else token_ids
        return str(self.tokenizer.decode([token for token in ids if token >= 0], **kwargs))

    def _count(self, tiling: Tiling) -> int:
        return count_image_tokens(tiling.rows, tiling.columns, self.grid)

    def _limits(self, num_crops: int | Sequence[int] | None, prompts: int) -> list[int]:
        if num_crops is None or isinstance(num_crops, int):
            return [self.num_crops if num_crops is None else num_crops] * prompts
        if len(num_crops) != prompts:
            raise ModelError(f"num_crops holds {len(num_crops)} numbers for {prompts} prompts")
        return list(num_crops)

    def cut(self, picture: Image.Image, num_crops: int | None = None) -> tuple[torch.Tensor, Tiling]:
        """Cut one picture as a call would, but leave its crops bytes; see `cut_bytes`.

        Raises:
            ImageError: If the picture cannot be cut.
        """
        return cut_bytes(picture, num_crops or self.num_crops, self.crop_size)

    def ids(self, prompt: str, counts: Sequence[int], *, add_special_tokens: bool = True) -> list[int]:
        """Tokenise one prompt as a call would, its k-th picture taking ``counts[k - 1]`` tokens.

        Raises:
            ModelError: If tags and pictures do not agree.
        """
        return self._encode(prompt, list(counts), first=add_special_tokens)

    def _encode(self, prompt: str, counts: list[int], *, first: bool) -> list[int]:
        """Tokenise a prompt chunk by chunk, each with its own BOS, and put the image tokens between them."""
        tags = [int(number) for number in IMAGE_TAG.findall(prompt)]
        if sorted(tags) != list(range(1, len(counts) + 1)):
            raise ModelError(
                f"the prompt names the images {tags}, but {len(counts)} are given: each of <|image_1|> to "
                f"<|image_{max(len(counts), 1)}|> must occur exactly once, as many as there are images"
            )
        begin = [] if self.tokenizer.bos_token_id is None else [int(self.tokenizer.bos_token_id)]
        ids: list[int] = []
        # Every second part is the number of a tag.
        for place, part in enumerate(IMAGE_TAG.split(prompt)):
            if place % 2:
                ids += [-int(part)] * counts[int(part) - 1]
            else:
                ids += begin if place or first else []
                ids += self.tokenizer.encode(part, add_special_tokens=False)
        return ids

    def _pad(self, rows: list[list[int]], side: Literal["left", "right"]) -> dict[str, Any]:
        width = max(map(len, rows))
        ids = torch.full((len(rows), width), self.pad_token_id)
        mask = torch.zeros_like(ids)
        for number, row in enumerate(rows):
            span = slice(width - len(row), width) if side == "left" else slice(len(row))
            ids[number, span] = torch.tensor(row)
            mask[number, span] = 1
        return {"input_ids": ids, "attention_mask": mask}


def _stored(read: Callable[..., Any], source: str, kwargs: dict[str, Any]) -> dict[str, Any]:
    """Read a JSON file that may be absent: a processor alone has no model, a model alone no settings."""
    try:
        content, _ = read(source, **kwargs)
    except OSError:
        return {}
    return dict(content or {})


def _picture_settings(source: str, kwargs: dict[str, Any]) -> dict[str, Any]:
    """Read the settings of pictures; in a folder without transformers, which takes seconds to import."""
    file = Path(source) / "preprocessor_config.json"
    if file.is_file():
        return dict(json.loads(file.read_text(encoding="utf-8")))
    from transformers.image_processing_base import ImageProcessingMixin

    return _stored(ImageProcessingMixin.get_image_processor_dict, source, kwargs)


def _by_prompt(images: Pictures, prompts: int) -> list[list[Image.Image]]:
    """Give each prompt its pictures."""
    if images is None:
        return [[] for _ in range(prompts)]
    if isinstance(images, Image.Image):
        images = [images]
    if prompts == 1 and all(isinstance(image, Image.Image) for image in images):
        return [list(images)]  # type: ignore[arg-type]
    if len(images) != prompts or any(isinstance(own, Image.Image) for own in images):
        raise ModelError(f"images must be a list with one list of pictures for each of the {prompts} prompts")
    return [list(own) for own in images]  # type: ignore[arg-type]


def _tagged(messages: Sequence[Message]) -> tuple[list[dict[str, str]], list[Any]]:
    """Write each message's content as a string with image tags, and collect the pictures."""
    plain: list[dict[str, str]] = []
    pictures: list[Any] = []
    for message in messages:
        content = message["content"]
        if not isinstance(content, str):
            parts = []
            for item in content:
                if item.get("type") == "image":
                    pictures.append(item.get("image"))
                    parts.append(f"<|image_{len(pictures)}|>\n")
                elif item.get("type") == "text":
                    parts.append(str(item["text"]))
                else:
                    raise ModelError(f"a message may hold text and image items, not {item.get('type')!r}")
            content = "".join(parts)
        plain.append({"role": str(message["role"]), "content": content})
    return plain, pictures
