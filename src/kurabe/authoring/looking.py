"""Looking at pictures while they are imported: size, gist, and whether they can be read at all."""

import os
from collections import OrderedDict
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from kurabe.common.errors import ImageError
from kurabe.imaging.load import load_image
from kurabe.imaging.nearest import Gist, gist

_REMEMBERED = 1024
"""Pictures whose looks are kept, because good parts come again and again. A gist takes 27 KB."""


@dataclass(frozen=True, slots=True)
class Look:
    """What a picture looks like.

    Attributes:
        size: Width and height in pixels.
        gist: What it is compared by; None if nobody wants it.
        wrong: Why it cannot be read; "" if it can.
    """

    size: tuple[int, int] = (0, 0)
    gist: Gist | None = None
    wrong: str = ""


class Looker:
    """Decodes pictures, several at a time, and remembers the latest; use it as a context."""

    def __init__(self, *, gists: bool) -> None:
        """Say whether gists are wanted."""
        self._gists = gists
        self._known: OrderedDict[Path, Look] = OrderedDict()
        self._pool = ThreadPoolExecutor(max_workers=os.cpu_count() or 1)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._pool.shutdown(cancel_futures=True)

    def look(self, paths: Iterable[Path]) -> dict[Path, Look]:
        """Return what pictures look like; those that cannot be read say why."""
        wanted = list(dict.fromkeys(paths))
        new = [path for path in wanted if path not in self._known]
        seen = dict(zip(new, self._pool.map(self._one, new), strict=True))
        found = {path: seen[path] if path in seen else self._known[path] for path in wanted}
        for path, look in found.items():
            self._known[path] = look
            self._known.move_to_end(path)
        while len(self._known) > _REMEMBERED:
            self._known.popitem(last=False)
        return found

    def _one(self, path: Path) -> Look:
        try:
            picture = load_image(path)
        except ImageError as error:
            return Look(wrong=str(error))
        return Look(picture.size, gist(picture) if self._gists else None)
