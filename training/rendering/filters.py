"""Box, maximum and Gaussian filters, windows differing by picture, edges mirrored as scipy's."""

import torch
from torch import Tensor
from torch.nn import functional


def _mirrored(length: int, before: int, after: int, device: torch.device) -> Tensor:
    """Return indices that continue a line in its mirror: c b a | a b c | c b a."""
    place = torch.arange(-before, length + after, device=device) % (2 * length)
    return torch.where(place < length, place, 2 * length - 1 - place)


def box(pictures: Tensor, sides: Tensor) -> Tensor:
    """Return (B, H, W) means over squares of ``sides`` (B,) odd pixels."""
    radius = sides // 2
    for axis in (1, 2):
        pictures = _box_along(pictures.transpose(axis, 2), radius).transpose(axis, 2)
    return pictures


def _box_along(pictures: Tensor, radius: Tensor) -> Tensor:
    length, most = pictures.shape[2], int(radius.max())
    padded = pictures[:, :, _mirrored(length, most, most, pictures.device)]
    sums = functional.pad(padded.double().cumsum(2), (1, 0))
    place = torch.arange(length, device=pictures.device) + most
    ends = (place + radius[:, None] + 1)[:, None].expand(-1, pictures.shape[1], -1)
    starts = (place - radius[:, None])[:, None].expand(-1, pictures.shape[1], -1)
    means = (sums.gather(2, ends) - sums.gather(2, starts)) / (2 * radius + 1)[:, None, None]
    return means.to(pictures.dtype)


def even_box(pictures: Tensor, side: int) -> Tensor:
    """Return (B, H, W) means over squares of one side; of even ones the longer half comes before."""
    before, after = side // 2, side - 1 - side // 2
    for axis in (1, 2):
        lines = pictures.transpose(axis, 2)
        padded = lines[:, :, _mirrored(lines.shape[2], before, after, lines.device)]
        pictures = functional.avg_pool1d(padded, side, 1).transpose(axis, 2)
    return pictures


def largest(pictures: Tensor, radius: Tensor) -> Tensor:
    """Return (B, H, W) maxima over squares that reach ``radius`` (B,) pixels about each."""
    found = torch.empty_like(pictures)
    for reach in radius.unique().tolist():
        which = (radius == reach).nonzero()[:, 0]
        part = functional.max_pool2d(pictures[which, None], (2 * reach + 1, 1), 1, (reach, 0))
        found[which] = functional.max_pool2d(part, (1, 2 * reach + 1), 1, (0, reach))[:, 0]
    return found


def gaussian(pictures: Tensor, sigma: float, truncate: float) -> Tensor:
    """Return (B, C, H, W) blurred by a Gaussian that is cut off at ``truncate`` sigmas."""
    radius = int(truncate * sigma + 0.5)
    offsets = torch.arange(-radius, radius + 1, device=pictures.device, dtype=torch.float32)
    weights = torch.exp(-0.5 * (offsets / sigma) ** 2)
    weights /= weights.sum()
    for axis in (2, 3):
        length = pictures.shape[axis]
        padded = pictures.index_select(axis, _mirrored(length, radius, radius, pictures.device))
        total = torch.zeros_like(pictures)
        for step, weight in enumerate(weights.tolist()):
            total.add_(padded.narrow(axis, step, length), alpha=weight)
        pictures = total
    return pictures
