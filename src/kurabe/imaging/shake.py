"""Harmless changes of a picture, as a line makes them every day: light, place, compression, focus.

A verdict that flips under one of them does not depend on the part alone. Each change is drawn from a seed, so
a second run asks about the same pictures and finds the answers of the first.
"""

import hashlib
import io
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, get_args

if TYPE_CHECKING:  # planning a run draws changes, and needs no pictures for that
    from PIL import Image

ShakeKind = Literal["light", "shift", "jpeg", "blur"]
SHAKES: tuple[ShakeKind, ...] = get_args(ShakeKind)

LIGHT = 0.10
"""Largest change of the light, as a share: within what a lamp loses before it is replaced."""

SHIFT = 2
"""Shift in pixels along the longer of its two steps."""

JPEG = 80
"""Lowest quality of the re-encoding."""

BLUR = 0.8
"""Largest standard deviation of the blur, in pixels: a little out of focus."""

_RING = tuple((x, y) for x in range(-SHIFT, SHIFT + 1) for y in range(-SHIFT, SHIFT + 1)
              if max(abs(x), abs(y)) == SHIFT)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Shake:
    """One harmless change.

    Attributes:
        kind: What is changed.
        values: By how much: a factor of the light, steps to the right and down in pixels, a quality of JPEG,
            or a standard deviation in pixels.
    """

    kind: ShakeKind
    values: tuple[float, ...]

    def __str__(self) -> str:
        """Return ``light 0.90``, ``shift 2,-1``, ``jpeg 80`` or ``blur 0.80``: the kind is the first word."""
        form = ".2f" if self.kind in ("light", "blur") else "g"
        return f"{self.kind} {','.join(format(value, form) for value in self.values)}"

    def apply(self, picture: "Image.Image") -> "Image.Image":
        """Return the changed picture, of the same size; what a shift uncovers continues the rim."""
        return _CHANGES[self.kind](picture, *self.values)


def draw(case: str, number: int) -> Shake:
    """Return one of a case's changes, always the same.

    The kinds take turns, and cases begin with different ones, so that few changes a case still try all kinds.
    The first round has each kind at its full strength; later rounds draw between that and a third of it.

    Args:
        case: ``suite/id`` of the case.
        number: Number of the change, from 0.
    """
    first = hashlib.blake2b(case.encode(), digest_size=1).digest()[0]
    kind = SHAKES[(first + number) % len(SHAKES)]
    seed = hashlib.blake2b(f"{case} {number}".encode(), digest_size=8).digest()
    strength = 1.0 if number < len(SHAKES) else (1 + 2 * seed[0] / 255) / 3
    if kind == "light":
        return Shake(kind, (round(1 + (LIGHT if seed[1] % 2 else -LIGHT) * strength, 2),))
    if kind == "shift":
        return Shake(kind, tuple(map(float, _RING[seed[1] % len(_RING)])))
    if kind == "jpeg":
        return Shake(kind, (float(round(100 - (100 - JPEG) * strength)),))
    return Shake(kind, (round(BLUR * strength, 2),))


def _light(picture: "Image.Image", factor: float) -> "Image.Image":
    return picture.point([min(255, round(value * factor)) for value in range(256)] * 3)


def _shift(picture: "Image.Image", right: float, down: float) -> "Image.Image":
    import numpy as np
    from PIL import Image

    pixels = np.asarray(picture)
    height, width = pixels.shape[:2]
    rows = np.clip(np.arange(height) - int(down), 0, height - 1)
    columns = np.clip(np.arange(width) - int(right), 0, width - 1)
    return Image.fromarray(np.ascontiguousarray(pixels[rows][:, columns]))


def _jpeg(picture: "Image.Image", quality: float) -> "Image.Image":
    from PIL import Image

    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", quality=int(quality))
    return Image.open(buffer).convert("RGB")


def _blur(picture: "Image.Image", sigma: float) -> "Image.Image":
    from PIL import ImageFilter

    return picture.filter(ImageFilter.GaussianBlur(sigma))


_CHANGES: "dict[ShakeKind, Callable[..., Image.Image]]" = {
    "light": _light,
    "shift": _shift,
    "jpeg": _jpeg,
    "blur": _blur,
}
