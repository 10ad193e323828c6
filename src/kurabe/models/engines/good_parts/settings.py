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
        strides: Grids of features, by the pixels that lie between two of their places. Where parts lie on
            each other all of them count, averaged on the widest grid; elsewhere the widest alone.
        register_parts: Whether pictures of one size are laid on one of the good parts first.
        pool: Side of the square over which features are averaged.
        near: Distance within which a patch of a part that lies on the others may lie elsewhere, as a share of
            the longest side.
        window: The same of a part that does not, as a share of the picture's sides.
        top: Share of the patches whose mean distance is the score.
        shrink: Good parts lying on each other tell for each place how far they are apart; with so many of
            them, that counts as much as what all places have in common.
        deviations: With at least four good parts besides the test, the threshold is the mean of their own
            scores, each against the others, and so many standard deviations; a part that is unlike all others
            counts as an unusual one.
        limit: The threshold where there are fewer, and the test lies on its reference.
        far_limit: The same where it does not.
        joined: Where there are fewer, the weight of the evidence that `pixel-diff` sees, as a logarithm.
        steepness: How fast P(different) leaves 0.5 with the logarithm of score over threshold.
        aligned: Settings of `pixel-diff`, which decides aligned pairs.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    backbone: str = PACKAGED
    weights: str | None = None
    bank: Literal["suite", "case"] = "suite"
    most: Annotated[int, Field(ge=1, le=500)] = 24
    long_side: Annotated[int, Field(ge=64, le=2048)] = 640
    strides: Annotated[tuple[Stride, ...], Field(min_length=1)] = (8, 16)
    register_parts: bool = True
    pool: Annotated[int, Field(ge=1, le=9)] = 1
    near: Annotated[float, Field(gt=0, le=1)] = 0.05
    window: Annotated[float, Field(gt=0, le=1)] = 0.12
    top: Annotated[float, Field(gt=0, le=1)] = 0.01
    shrink: Annotated[float, Field(ge=0)] = 3.0
    deviations: Annotated[float, Field(ge=0)] = 1.0
    limit: Annotated[float, Field(gt=0)] = 0.95
    far_limit: Annotated[float, Field(gt=0)] = 1.15
    joined: Annotated[float, Field(ge=0)] = 0.2
    steepness: Annotated[float, Field(gt=0)] = 8.0
    aligned: AlignedSettings = AlignedSettings()

    @model_validator(mode="after")
    def _has_weights(self) -> Self:
        if self.backbone != PACKAGED and self.weights is None:
            raise ValueError(f"'weights' has to name the file with the weights of {self.backbone}")
        if self.pool % 2 == 0:
            raise ValueError("'pool' has to be odd")
        return self
