"""A take is one exposure as plain numbers: solids, shot and sheet, drawn by a process without a GPU.

Pictures of a batch may differ in all but their size and the number of rays a pixel.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from scenes.camera import Shot
from scenes.solid import Solid, toward

PLANES = 10
"""Planes of a body at most: a pin has four sides, four slants and two ends."""

FAR = 1e9
_FIELDS = {
    "at": (3,), "reach": (3,), "turn": (3, 3), "normals": (PLANES, 3), "offsets": (PLANES,),
    "quadric": (3, 3), "curved": (), "bevel": (), "colour": (3,), "metal": (), "gloss": (), "sharp": (),
    "grain": (), "bump": (),
}  # fmt: skip
_SHOT = {
    "axes": (3, 3), "centre": (3,), "zoom": (), "aim": (3,), "light_axes": (3, 3), "key": (3,), "fill": (3,),
    "softness": (), "focus": (), "blur": (), "soften": (), "exposure": (), "vignette": (), "noise": (),
}  # fmt: skip


def solids_of(solids: Sequence[Solid]) -> NDArray[np.float32]:
    """Return solids as rows of numbers, in the order that `Takes` knows.

    Raises:
        ValueError: If one has a cavity or more than `PLANES` planes; no connector has.
    """
    rows = np.zeros((len(solids), sum(int(np.prod(shape)) for shape in _FIELDS.values())), np.float32)
    for row, solid in zip(rows, solids, strict=True):
        planes = solid.body.planes
        if solid.cavity is not None or len(planes) > PLANES:
            raise ValueError(f"{solid.tag or 'a solid'}: only bodies of at most {PLANES} planes, not hollow")
        normals, offsets = np.zeros((PLANES, 3)), np.full(PLANES, FAR)
        normals[: len(planes)], offsets[: len(planes)] = planes[:, :3], planes[:, 3]
        quadric = np.zeros((3, 3)) if solid.body.quadric is None else solid.body.quadric
        stuff = solid.material
        values: tuple[Any, ...] = (
            solid.at, solid.reach, solid.turn, normals, offsets, quadric, solid.body.quadric is not None,
            solid.bevel, stuff.colour, stuff.metal, stuff.gloss, stuff.sharp, stuff.grain, stuff.bump,
        )  # fmt: skip
        row[:] = np.concatenate([np.ravel(value) for value in values])
    return rows


def shot_of(shot: Shot) -> NDArray[np.float32]:
    """Return a shot as a row of numbers, in the order that `Takes` knows."""
    view, light = shot.view((1, 1)), shot.light
    aim = np.asarray(light.direction, float)
    values: tuple[Any, ...] = (
        view.axes, view.centre, shot.zoom, aim / np.sqrt((aim * aim).sum()), toward(aim).T, light.key,
        light.fill, light.softness, shot.focus, shot.blur, shot.soften, shot.exposure, shot.vignette,
        shot.noise,
    )  # fmt: skip
    return np.concatenate([np.ravel(value) for value in values]).astype(np.float32)


class Sheets(NamedTuple):
    """Painted grounds on the device.

    Attributes:
        corner: (N, 2) the world's x and y of the upper left corner, in millimetres.
        density: (N,) pixels per millimetre.
        paint: (N, h, w, 6): linear red, green, blue, bare metal, slopes along x and y.
        size: (N, 2) whole numbers: columns and rows that are painted.
        gloss: Of all of them.
    """

    corner: Tensor
    density: Tensor
    paint: Tensor
    size: Tensor
    gloss: float


class Takes(NamedTuple):
    """A batch of exposures on the device.

    Attributes:
        owner: (S,) the take of each solid, in rising order.
        solid: Fields of solids by name, (S, ...).
        shot: Fields of shots by name, (B, ...).
        flaw: (S,) which flaw of its take a solid shows, from 1; 0 for none.
        sheet: (B,) the sheet of each take.
    """

    owner: Tensor
    solid: dict[str, Tensor]
    shot: dict[str, Tensor]
    flaw: Tensor
    sheet: Tensor

    @classmethod
    def on(
        cls,
        device: torch.device | str,
        solids: Sequence[NDArray[np.float32]],
        flaws: Sequence[NDArray[np.int64]],
        shots: NDArray[np.float32],
        sheet: NDArray[np.int64],
    ) -> "Takes":
        """Move takes to the device.

        Args:
            device: Where to.
            solids: Of each take, as `solids_of` gave them.
            flaws: Of each take, the flaw of each solid.
            shots: (B, ...) as `shot_of` gave them.
            sheet: (B,) the sheet of each.
        """
        counts = torch.tensor([len(rows) for rows in solids])
        owner = torch.repeat_interleave(torch.arange(len(solids)), counts).to(device)
        table = torch.from_numpy(np.concatenate(solids)).to(device)
        return cls(
            owner,
            _split(table, _FIELDS),
            _split(torch.from_numpy(shots).to(device), _SHOT),
            torch.from_numpy(np.concatenate(flaws)).to(device),
            torch.from_numpy(sheet).to(device),
        )


def _split(table: Tensor, fields: dict[str, tuple[int, ...]]) -> dict[str, Tensor]:
    sizes = [int(np.prod(shape)) for shape in fields.values()]
    parts = table.split(sizes, 1)
    return {name: part.reshape(-1, *shape) for part, (name, shape) in zip(parts, fields.items(), strict=True)}
