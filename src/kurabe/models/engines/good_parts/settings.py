"""What ``models.toml`` may set of a ``good-parts`` entry."""

from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from kurabe.models.engines.pixel_diff import AlignedSettings

PACKAGED = "tf_efficientnet_lite0"
"""The backbone whose weights a package holds."""

Stride = Literal[4, 8, 16, 32]


class GoodPartsSettings(BaseModel):
    """Which features are compared, with which good parts, and where the verdict turns.

    Attributes:
        backbone: A convolutional network of timm.
        weights: Its weights, a ``.safetensors`` or ``.pth`` file relative to ``models.toml``; None for those
            of the extra's package, which are of the default backbone.
        bank: Good parts that a picture is compared with: ``suite`` takes all distinct good references of the
            suite, ``case`` those of its case. Either way the test picture itself is none of them.
        most: Good parts that are taken at most, evenly over the suite.
        long_side: Pixels of a picture's longest side as the network sees it.
        strides: Grids of features that are joined, by the pixels that lie between two of their places.
        register_parts: Whether pictures of one size are laid on one of the good parts first.
        pool: Side of the square over which features are averaged.
        window: Distance within which a patch may lie elsewhere, as a share of the picture's sides.
        top: Share of the patches whose mean distance is the score.
        deviations: With at least four good parts besides the test, the threshold is the mean of their own
            scores, each against the others, and so many standard deviations.
        limit: The threshold where there are fewer.
        steepness: How fast P(different) leaves 0.5 with the logarithm of score over threshold.
        aligned: Settings of `pixel-diff`, which decides aligned pairs.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    backbone: str = PACKAGED
    weights: str | None = None
    bank: Literal["suite", "case"] = "suite"
    most: Annotated[int, Field(ge=1, le=500)] = 24
    long_side: Annotated[int, Field(ge=64, le=2048)] = 512
    strides: Annotated[tuple[Stride, ...], Field(min_length=1)] = (16,)
    register_parts: bool = False
    pool: Annotated[int, Field(ge=1, le=9)] = 3
    window: Annotated[float, Field(gt=0, le=1)] = 0.12
    top: Annotated[float, Field(gt=0, le=1)] = 0.01
    deviations: Annotated[float, Field(ge=0)] = 1.0
    limit: Annotated[float, Field(gt=0)] = 0.95
    steepness: Annotated[float, Field(gt=0)] = 8.0
    aligned: AlignedSettings = AlignedSettings()

    @model_validator(mode="after")
    def _has_weights(self) -> Self:
        if self.backbone != PACKAGED and self.weights is None:
            raise ValueError(f"'weights' has to name the file with the weights of {self.backbone}")
        if self.pool % 2 == 0:
            raise ValueError("'pool' has to be odd")
        return self
