# torch leaves some of its methods untyped.
"""From crops to language-model embeddings: vision tower, 2x2 merge, separators, projection."""

from functools import lru_cache
from typing import Any

import torch
from torch import Tensor, nn

from kurabe.common.errors import ModelError
from kurabe.models.families.phi3v_core.configuration import Phi3VConfig, count_image_tokens

CROPS_PER_PASS = 256
"""Crops that go through the tower at once: at 577 positions and 4,096 channels in 16 bit, 1.2 GB."""


class Phi3VImageEmbedding(nn.Module):
    """Turns the crops of all images of a batch into embeddings of the language model.

    Args:
        config: The model's.
        tower: Takes crops to patches, (crops, 3, side, side) to (crops, patches, channels).
    """

    def __init__(self, config: Phi3VConfig, tower: nn.Module) -> None:
        super().__init__()
        merged = 4 * config.clip_config().hidden_size
        self.grid = config.crop_grid
        self.side = config.crop_size
        self.glb_GN = nn.Parameter(torch.zeros(1, 1, merged))
        self.sub_GN = nn.Parameter(torch.zeros(1, 1, 1, merged))
        self.img_processor = nn.Module()
        self.img_processor.vision_model = tower
        self.img_projection = nn.Sequential(
            nn.Linear(merged, config.hidden_size),
            nn.GELU(),
            nn.Linear(config.hidden_size, config.hidden_size),
        )

    def crops(self, image_sizes: Tensor) -> list[tuple[int, int]]:
        """Translate padded image sizes in pixels into (rows, columns) of crops.

        Raises:
            ModelError: If a size is not a positive multiple of the crop's side.
        """
        sizes = [(int(height), int(width)) for height, width in image_sizes.tolist()]
        for height, width in sizes:
            if height < self.side or width < self.side or height % self.side or width % self.side:
                raise ModelError(
                    f"image_sizes holds {height}x{width}, which is no multiple of this model's crops of "
                    f"{self.side}x{self.side}; the processor must belong to the model"
                )
        return [(height // self.side, width // self.side) for height, width in sizes]

    def forward(self, pixel_values: Tensor, crops: list[tuple[int, int]]) -> Tensor:
        """Embed images.

        Args:
            pixel_values: (images, crops + 1 or more, 3, side, side): the overview, the crops row by row,
                then padding, which is not looked at.
            crops: (rows, columns) of each image.

        Returns:
            (tokens of all images in their order, hidden_size).

        Raises:
            ModelError: If pixel values and crops do not belong together.
        """
        self._check(pixel_values, crops)
        stored = pixel_values.shape[1]
        used = [
            image * stored + crop
            for image, (rows, columns) in enumerate(crops)
            for crop in range(rows * columns + 1)
        ]
        weight = self.glb_GN
        real = pixel_values.flatten(0, 1)[torch.tensor(used, device=pixel_values.device)]
        real = real.to(device=weight.device, dtype=weight.dtype)
        tower: Any = self.img_processor.vision_model
        patches = torch.cat([tower(part) for part in real.split(CROPS_PER_PASS)])
        return self.arrange(patches, crops)

    def arrange(self, patches: Tensor, crops: list[tuple[int, int]]) -> Tensor:
        """Merge the tower's patches, order them as the language model reads them, and project them.

        Args:
            patches: (crops of all images, patches, channels): each image's overview, then its crops.
            crops: (rows, columns) of each image.

        Returns:
            (tokens of all images in their order, hidden_size).
        """
        # Rows are projected once and repeated afterwards: the newline occurs in every row of tokens.
        table = torch.cat([_merge(patches, self.grid), self.sub_GN.flatten(0, 2), self.glb_GN.flatten(0, 1)])
        index, start = [], 0
        for rows, columns in crops:
            arrangement = _arrange(rows, columns, self.grid)
            index.append(torch.where(arrangement < 0, arrangement + len(table), arrangement + start))
            start += (rows * columns + 1) * self.grid**2
        projected: Tensor = self.img_projection(table)
        order = torch.cat(index)
        if projected.is_cuda:
            order = order.pin_memory()  # a copy from other memory would wait for the tower
        return projected[order.to(projected.device, non_blocking=True)]

    def _check(self, pixel_values: Tensor, crops: list[tuple[int, int]]) -> None:
        if pixel_values.ndim != 5 or pixel_values.shape[2:] != (3, self.side, self.side):
            raise ModelError(
                f"pixel_values has the shape {tuple(pixel_values.shape)}; this model takes "
                f"(images, crops, 3, {self.side}, {self.side})"
            )
        if len(pixel_values) != len(crops):
            raise ModelError(f"pixel_values holds {len(pixel_values)} images and image_sizes {len(crops)}")
        most = max(rows * columns for rows, columns in crops) + 1
        if pixel_values.shape[1] < most:
            raise ModelError(
                f"pixel_values holds {pixel_values.shape[1]} crops an image; image_sizes asks for {most}"
            )


def images_by_row(input_ids: Tensor) -> tuple[Tensor, ...]:
    """Number the images of each row of a batch; a row has as many as its highest tag says."""
    counts = (-input_ids).amax(-1).clamp(min=0).tolist()
    return tuple(torch.arange(sum(counts)).split(counts))


def places(input_ids: Tensor, crops: list[tuple[int, int]], grid: int) -> tuple[Tensor, Tensor]:
    """Find where the features of each image belong.

    Args:
        input_ids: (batch, tokens).
        crops: (rows, columns) of all images, row by row of the batch.
        grid: Tokens along one side of a crop.

    Returns:
        Row and column of every image token, in the order in which the features come: by image, then by place.

    Raises:
        ModelError: If tags, images and their numbers of tokens do not agree.
    """
    ids = input_ids.cpu()
    by_row = [len(numbers) for numbers in images_by_row(ids)]
    if sum(by_row) != len(crops):
        raise ModelError(
            f"the prompts ask for {sum(by_row)} images ({by_row} by row), but {len(crops)} are given"
        )
    rows, columns = (ids < 0).nonzero(as_tuple=True)
    per_row = torch.tensor(by_row)
    first = per_row.cumsum(0) - per_row
    image = first[rows] - ids[rows, columns] - 1
    found = torch.bincount(image, minlength=len(crops)).tolist()
    expected = [count_image_tokens(*size, grid) for size in crops]
    for number, (have, want) in enumerate(zip(found, expected, strict=True)):
        if have != want:
            raise ModelError(
                f"image {number + 1} of the batch has {want} features, but its tag stands for {have} tokens; "
                "the ids must come from the same processor and the same num_crops as the pixels"
            )
    order = image.argsort(stable=True)
    return rows[order], columns[order]


def _merge(patches: Tensor, grid: int) -> Tensor:
    """Merge 2x2 patches into one row of channels: (crops, patches, c) to (crops * grid * grid, 4c)."""
    channels = patches.shape[-1]
    blocks = patches.view(-1, grid, 2, grid, 2, channels).permute(0, 1, 3, 2, 4, 5)
    return blocks.reshape(-1, 4 * channels)


@lru_cache(maxsize=256)
def _arrange(rows: int, columns: int, grid: int) -> Tensor:
    """Order an image's merged patches as the language model reads them.

    Returns:
        Indices into the image's merged patches, overview first; -2 is a newline, -1 the separator
        between crops and overview.
    """
    newline, separator = -2, -1

    def lines(first: int, rows: int, columns: int) -> Tensor:
        y, x = torch.meshgrid(torch.arange(rows * grid), torch.arange(columns * grid), indexing="ij")
        crop = first + (y // grid) * columns + x // grid
        inside = (y % grid) * grid + x % grid
        return nn.functional.pad(crop * grid**2 + inside, (0, 1), value=newline).flatten()

    order = torch.cat([lines(1, rows, columns), torch.tensor([separator]), lines(0, 1, 1)])
    assert len(order) == count_image_tokens(rows, columns, grid)
    return order
