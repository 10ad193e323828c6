"""From requests to rows: prompts as token ids, pictures as crops of bytes, each distinct picture cut once.

Everything comes from the family's own processor, so that a model sees what it would see through
`kurabe.models.engines.local.by_generate.prepare`; only the arithmetic on floats is left to the device.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from hashlib import blake2b
from threading import Lock
from typing import TYPE_CHECKING, Any, Protocol

from kurabe.common.errors import KurabeError
from kurabe.common.memo import Memo
from kurabe.imaging.content import content_id
from kurabe.models.engines.local.by_generate import begins_itself, prepare, written
from kurabe.models.protocol import Request
from kurabe.models.runtime.counts import Counts
from kurabe.models.runtime.prepared import Picture, Row

if TYPE_CHECKING:
    from PIL.Image import Image

    from kurabe.models.runtime.pinned import Slabs

_PICTURE_BYTES = {"cpu": 2**28, "cuda": 2**30}
"""Limit of the crops that are kept by device; a window of 256 pairs of 640-pixel pictures takes 0.7 GB."""

_PROMPT_IDS = 2**20
"""Limit of the token ids of prompts that are kept: a suite asks a few prompts about many pictures."""


class _Family(Protocol):
    """How one family's processor is taken apart."""

    def tokens(self, picture: "Image") -> int:
        """Return how many tokens of a row stand for a picture."""

    def ids(self, prompt: str, counts: tuple[int, ...]) -> list[int]:
        """Return the ids of a question about pictures that take so many tokens."""

    def cut(self, picture: "Image", digest: bytes) -> Picture:
        """Cut a picture into crops."""


class Preparer:
    """Makes rows of requests; several threads may do so at once.

    Args:
        processor: Of a family that has a runtime.
        family: That family's ``model_type``.
        crops: Crops or tiles a picture; None for the processor's own number.
        device: ``cuda`` leaves the crops in page-locked memory: they go to the device without waiting.
        counts: Counts the pictures that are cut.
    """

    def __init__(self, processor: Any, family: str, crops: int | None, device: str, counts: Counts) -> None:
        self._family = _FAMILIES[family](processor, crops)
        self._crops = crops
        self._slabs = _slabs() if device == "cuda" else None
        self._counts = counts
        self._counting = Lock()
        self._ids: Memo[list[int]] = Memo(_PROMPT_IDS, len)
        self._kept: dict[int, tuple[Request, Row]] = {}
        self._pictures: Memo[Picture] = Memo(_PICTURE_BYTES[device], lambda made: made.crops.nbytes)

    def length(self, request: Request) -> int:
        """Return a row's length in tokens without cutting its pictures.

        Raises:
            ModelError: If prompt and pictures do not agree.
            ImageError: If a picture cannot be cut.
        """
        return len(self._row_ids(request))

    def keep(self, request: Request) -> None:
        """Make a request's row now, for `row` to find when this very request is answered; errors can wait."""
        with suppress(KurabeError, ValueError, RuntimeError, IndexError):
            self._kept[id(request)] = request, self.row(request)

    def has(self, request: Request) -> bool:
        """Say whether `keep` has made this very request's row."""
        return id(request) in self._kept

    def row(self, request: Request) -> Row:
        """Return a request as the runtimes take it.

        Raises:
            ModelError: If prompt and pictures do not agree.
            ImageError: If a picture cannot be cut.
        """
        _, kept = self._kept.pop(id(request), (None, None))  # whose request lives, so the id is its own
        if kept is not None:
            return kept
        contents = request.contents or map(content_id, request.pictures)
        pictures = map(self._picture, request.pictures, contents)
        return Row(self._row_ids(request), tuple(pictures))

    def _row_ids(self, request: Request) -> list[int]:
        counts = tuple(map(self._family.tokens, request.pictures))
        key = request.prompt, counts
        return self._ids.get(key, lambda: self._family.ids(*key))

    def _picture(self, picture: "Image", content: str) -> Picture:
        key = blake2b(f"{self._crops} {content}".encode(), digest_size=16).digest()

        def cut() -> Picture:
            with self._counting:
                self._counts.pictures_decoded += 1
            if self._slabs is None:
                return self._family.cut(picture, key)
            _alone()
            made = self._family.cut(picture, key)
            return replace(made, crops=self._slabs.copy(made.crops))

        return self._pictures.get(key, cut)


def _slabs() -> "Slabs":
    from kurabe.models.runtime.pinned import Slabs  # torch comes with it

    return Slabs()


def _alone() -> None:
    """Let torch compute in this thread alone; several that each call up all cores wait for each other."""
    import torch

    if torch.get_num_threads() > 1:
        torch.set_num_threads(1)


class _Phi3V:
    """`kurabe.models.families.phi3v.Phi3VProcessor`, which makes the overview of the crops' own values."""

    def __init__(self, processor: Any, crops: int | None) -> None:
        self._processor = processor
        self._crops = crops

    def tokens(self, picture: "Image") -> int:
        return int(self._processor.calc_num_image_tokens_from_image_size(*picture.size, self._crops))

    def ids(self, prompt: str, counts: tuple[int, ...]) -> list[int]:
        text = written(self._processor, prompt, len(counts))
        first = not begins_itself(self._processor, text)
        found: list[int] = self._processor.ids(text, counts, add_special_tokens=first)
        return found

    def cut(self, picture: "Image", digest: bytes) -> Picture:
        crops, tiling = self._processor.cut(picture, self._crops)
        return Picture(digest, crops, (tiling.rows, tiling.columns), self.tokens(picture))


class _Mllama:
    """`transformers.MllamaProcessor`: one tag a picture, whatever its tiles."""

    def __init__(self, processor: Any, tiles: int | None) -> None:
        self._processor = processor
        self._tiles = tiles

    def tokens(self, picture: "Image") -> int:  # noqa: ARG002
        return 1

    def ids(self, prompt: str, counts: tuple[int, ...]) -> list[int]:
        from PIL import Image

        blank = Image.new("RGB", (8, 8))
        made = prepare(self._processor, [prompt], [[blank] * len(counts)], 1)
        found: list[int] = made.tensors["input_ids"][0].tolist()
        return found

    def cut(self, picture: "Image", digest: bytes) -> Picture:
        import torch
        from transformers.models.mllama.image_processing_mllama import get_all_supported_aspect_ratios

        from kurabe.models.families.mllama.correction import with_all_tiles

        own = self._processor.image_processor
        most = self._tiles or own.max_image_tiles
        made = own(
            images=[[picture]],
            max_image_tiles=most,
            do_rescale=False,
            do_normalize=False,
            return_tensors="pt",
        )
        made = with_all_tiles(dict(made), most, own.max_image_tiles)
        aspect = int(made["aspect_ratio_ids"])
        rows, columns = get_all_supported_aspect_ratios(own.max_image_tiles)[aspect - 1]
        # The processor hands whole numbers on as floats; tiles of padding are zeros after normalisation.
        tiles = made["pixel_values"][0, 0, : rows * columns].to(torch.uint8)
        return Picture(digest, tiles, (rows, columns), 1, aspect)


_FAMILIES: dict[str, Callable[[Any, int | None], _Family]] = {"phi3_v": _Phi3V, "mllama": _Mllama}
