"""Rows of mllama: prompts as ids, pictures as tiles of bytes, equal to those of transformers' processor."""

from typing import TYPE_CHECKING, Any

from kurabe.common.errors import ModelError
from kurabe.models.families.inputs import begins_itself, written
from kurabe.models.families.mllama import tiles
from kurabe.models.families.mllama.correction import TOO_MANY_TILES
from kurabe.models.runtime.prepared import Picture

if TYPE_CHECKING:
    from PIL.Image import Image

_TAG = "<|image|>"


class MllamaRows:
    """`transformers.MllamaProcessor` taken apart: one tag a picture, whatever its tiles.

    Args:
        processor: That, or a `BareProcessor`.
        settings: How it cuts pictures.
        asked: Tiles a picture at most; None for as many as the model takes.
    """

    def __init__(self, processor: Any, settings: tiles.TileSettings, asked: int | None) -> None:
        self._processor = processor
        self._settings = settings
        self._most = settings.max_image_tiles if asked is None else asked

    def tokens(self, picture: "Image") -> int:  # noqa: ARG002
        """See `kurabe.models.families.family.RowProcessor`."""
        return 1

    def ids(self, prompt: str, counts: tuple[int, ...]) -> list[int]:
        """See `kurabe.models.families.family.RowProcessor`."""
        tokenizer = self._processor.tokenizer
        tag = getattr(tokenizer, "image_token", _TAG)
        text = written(self._processor, prompt, len(counts))
        if text.count(tag) != len(counts):
            raise ModelError(
                f"the prompt names {text.count(tag)} pictures by {tag}, but {len(counts)} are given: leave "
                "the tag out of questions, the chat template writes it"
            )
        special = not begins_itself(self._processor, text)
        if tokenizer.bos_token not in text:
            # The processor puts it behind pictures, and the tokenizer then once more in front of them.
            rest = text
            while rest.startswith(tag):
                rest = rest.removeprefix(tag)
            text = text.removesuffix(rest) + tokenizer.bos_token + rest
        found: list[int] = tokenizer(text, add_special_tokens=special)["input_ids"]
        return found

    def cut(self, picture: "Image", digest: bytes) -> Picture:
        """See `kurabe.models.families.family.RowProcessor`."""
        most = self._settings.max_image_tiles
        if self._most > most:
            raise ModelError(TOO_MANY_TILES.format(most))
        crops, shape = tiles.cut(picture, self._most, self._settings)
        return Picture(digest, crops, shape, 1, tiles.arrangements(most).index(shape) + 1)
