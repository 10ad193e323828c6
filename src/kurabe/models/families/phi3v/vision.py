# transformers leaves some of its methods untyped.
"""CLIP's vision tower on transformers, as far as it is used."""

from torch import Tensor
from transformers import CLIPVisionConfig, CLIPVisionModel


class Phi3VVisionTower(CLIPVisionModel):
    """CLIP's vision model up to the layer whose output is used.

    A class of its own name: transformers renames the weights of ``CLIPVisionModel`` wherever it is nested,
    and the modules here have the checkpoint's names already.
    """

    def __init__(self, config: CLIPVisionConfig, layers: int) -> None:
        super().__init__(config)
        self.layers_run = layers

    def forward(self, pixel_values: Tensor) -> Tensor:
        """Encode crops.

        Args:
            pixel_values: (crops, 3, side, side), normalised.

        Returns:
            (crops, patches, channels), without the class token.
        """
        states: Tensor = self.pre_layrnorm(self.embeddings(pixel_values))
        # The checkpoint stores the layers behind these, and nothing uses them.
        for layer in self.encoder.layers[: self.layers_run]:
            states = layer(states, attention_mask=None)
        return states[:, 1:]
