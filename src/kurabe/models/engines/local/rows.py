"""From requests to rows: prompts as token ids, pictures as crops of bytes, each distinct picture cut once.

Everything comes from the family's own processor, so that a model sees what it would see through
`kurabe.models.families.inputs.prepare`; only the arithmetic on floats is left to the device.
"""

from contextlib import suppress
from dataclasses import replace
from hashlib import blake2b
from threading import Lock
from typing import TYPE_CHECKING

from kurabe.common.errors import KurabeError
from kurabe.common.memo import Memo
from kurabe.common.request import Request
from kurabe.imaging.content import content_id
from kurabe.models.families.family import RowProcessor
from kurabe.models.runtime.counts import Counts
from kurabe.models.runtime.prepared import Picture, Row

if TYPE_CHECKING:
    from PIL.Image import Image

    from kurabe.models.runtime.pinned import Slabs

_PICTURE_BYTES = {"cpu": 2**28, "cuda": 2**30}
"""Limit of the crops that are kept by device; a window of 256 pairs of 640-pixel pictures takes 0.7 GB."""

_PROMPT_IDS = 2**20
"""Limit of the token ids of prompts that are kept: a suite asks a few prompts about many pictures."""


class Preparer:
    """Makes rows of requests; several threads may do so at once.

    Args:
        rows: The family's processor, taken apart.
        crops: Crops or tiles a picture; None for the processor's own number.
        device: ``cuda`` leaves the crops in page-locked memory: they go to the device without waiting.
        counts: Counts the pictures that are cut.
    """

    def __init__(self, rows: RowProcessor, crops: int | None, device: str, counts: Counts) -> None:
        self._rows = rows
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
        counts = tuple(map(self._rows.tokens, request.pictures))
        key = request.prompt, counts
        return self._ids.get(key, lambda: self._rows.ids(*key))

    def _picture(self, picture: "Image", content: str) -> Picture:
        key = blake2b(f"{self._crops} {content}".encode(), digest_size=16).digest()

        def cut() -> Picture:
            with self._counting:
                self._counts.pictures_decoded += 1
            if self._slabs is None:
                return self._rows.cut(picture, key)
            _alone()
            made = self._rows.cut(picture, key)
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
