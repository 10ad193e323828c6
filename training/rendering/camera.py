"""From takes to pictures, as `scenes.camera`, and what the flaws in them look like."""

import torch
from torch import Tensor
from torch.nn import functional

from training.rendering.filters import even_box, gaussian
from training.rendering.light import Frames, shade
from training.rendering.raster import Views
from training.rendering.takes import Sheets, Takes


def expose(takes: Takes, sheets: Sheets, size: tuple[int, int], fine: int = 2) -> Frames:
    """Return the lit scenes, ``fine`` times as fine as pictures of that height and width."""
    return shade(takes, sheets, _views(takes, size, fine))


def _views(takes: Takes, size: tuple[int, int], fine: int) -> Views:
    shot = takes.shot
    return Views(shot["axes"], shot["centre"], shot["zoom"] * fine, (size[0] * fine, size[1] * fine))


def _focus(frames: Frames, takes: Takes, size: tuple[int, int], fine: int) -> Tensor:
    views, shot = _views(takes, size, fine), takes.shot
    sharp = torch.cat([views.centre[:, :2], shot["focus"][:, None]], 1)
    sharp_at = views.project(sharp, torch.arange(len(sharp), device=sharp.device))[:, 2]
    distance = (frames.surface.depth - sharp_at[:, None, None]).abs() / views.scale[:, None, None]
    radius = fine * (distance * shot["blur"][:, None, None] + shot["soften"][:, None, None])
    radius = even_box(radius, 2 * fine + 1)[:, None]
    result, previous = frames.light, 0.0
    for sigma in (0.7 * fine, 1.8 * fine):
        blurred = gaussian(frames.light, sigma, 2.5)
        share = ((radius - previous) / (sigma - previous)).clamp(0, 1)
        result = result + share * (blurred - result)
        previous = sigma
    return result


def develop(
    frames: Frames,
    takes: Takes,
    size: tuple[int, int],
    fine: int = 2,
    noise: torch.Generator | None = None,
) -> tuple[Tensor, Tensor]:
    """Return what the sensors make of frames: without noise, and as bytes with it.

    Args:
        frames: From `expose`.
        takes: What they were exposed with.
        size: As given to `expose`.
        fine: As given to `expose`.
        noise: Draws the sensors' noise; None for that of the device.

    Returns:
        (B, 3, H, W) levels from 0 to 255, and the same as uint8.
    """
    shot = takes.shot
    total = (
        functional.avg_pool2d(_focus(frames, takes, size, fine), fine) * shot["exposure"][:, None, None, None]
    )
    x = torch.linspace(-1, 1, size[1], device=total.device)
    y = torch.linspace(-1, 1, size[0], device=total.device)[:, None]
    total *= (1 - (shot["vignette"] / 2)[:, None, None] * (x * x + y * y))[:, None]
    total = total.clamp(min=0) * (1 + total * 0.16) / (1 + total)
    level = (total * 1.7).clamp(max=1).sqrt() * 255
    grain = torch.randn(level.shape, generator=noise, device=level.device)
    noisy = level + grain * shot["noise"][:, None, None, None] * (0.6 + level * 0.003)
    return level, (noisy + 0.5).clamp(0, 255).to(torch.uint8)


def footprints(frames: Frames, takes: Takes, most: int, fine: int = 2) -> Tensor:
    """Return (B, most, H, W): the pixels in which each flaw of a take is seen."""
    flaw = torch.cat([takes.flaw, takes.flaw.new_zeros(1)])[frames.surface.solid]
    slots = torch.arange(1, most + 1, device=flaw.device)[None, :, None, None]
    return functional.max_pool2d((flaw[:, None] == slots).float(), fine) > 0


def boxes(masks: Tensor) -> Tensor:
    """Return (..., 4) left, top, right, bottom around the true pixels of (..., H, W); zeros around none."""
    across, down = masks.any(-2), masks.any(-1)
    edges = []
    for lines in (across, down):
        length = lines.shape[-1]
        place = torch.arange(length, device=masks.device)
        low = torch.where(lines, place, length).amin(-1)
        high = torch.where(lines, place + 1, 0).amax(-1)
        edges.append((torch.where(high > 0, low, 0), high))
    (left, right), (top, bottom) = edges
    return torch.stack([left, top, right, bottom], -1)
