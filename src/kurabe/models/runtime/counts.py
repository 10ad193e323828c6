"""What the runtimes count: figures that do not depend on the machine, so that tests can hold them.

Where ``generate`` answers, only what shares the pictures of a pair is counted.
"""

from dataclasses import dataclass


@dataclass(slots=True)
class Counts:
    """The work of one engine since it was made.

    Attributes:
        prefills: Passes of prompts through the language model; a batch takes one or several.
        prefill_tokens: Positions that these passes computed, padding included.
        steps: Decoding steps, each of one token for every row of its batch.
        crops_encoded: Crops that went through the vision tower, overviews included.
        pictures_encoded: Pictures whose features were computed.
        features_reused: Pictures whose features were there already.
        prefix_tokens_reused: Tokens that were not computed, as another row of the pass begins alike.
        pictures_decoded: Pictures that were cut up.
        bytes_moved: Bytes of pixels and ids that went to the model's device.
        graphs_captured: Decoding steps that were captured as CUDA graphs.
        capture_seconds: Wall time of capturing; the device may have been at work meanwhile.
    """

    prefills: int = 0
    prefill_tokens: int = 0
    steps: int = 0
    crops_encoded: int = 0
    pictures_encoded: int = 0
    features_reused: int = 0
    prefix_tokens_reused: int = 0
    pictures_decoded: int = 0
    bytes_moved: int = 0
    graphs_captured: int = 0
    capture_seconds: float = 0.0
