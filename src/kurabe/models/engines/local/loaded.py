"""What a loaded checkpoint consists of."""

from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock
from typing import TYPE_CHECKING, Any

from kurabe.models import families
from kurabe.models.families import Family

if TYPE_CHECKING:
    import torch


@dataclass(slots=True)
class Loaded:
    """What a loaded checkpoint consists of.

    Attributes:
        model: An image-text-to-text model of transformers, in evaluation mode; or a `Bare` one.
        processor: Its processor; the tokenizer pads on the left. Of a `Bare` model it may write prompts only.
        attention: The implementation really used.
        device: Where the inputs go.
        unexpected: Names of tensors in the files that the architecture does not have.
        complete: Builds what transformers itself can ask, train and put adapters on; None if this is that.
    """

    model: Any
    processor: Any
    attention: str
    device: "torch.device"
    unexpected: list[str]
    complete: "Callable[[], Loaded] | None" = None
    _whole: "Loaded | None" = None
    _completing: Lock = field(default_factory=Lock)

    def whole(self) -> "Loaded":
        """Return transformers' own model and processor, the model of the same weights in memory.

        Raises:
            ModelError: As `Base.load`.
        """
        if self.complete is None:
            return self
        with self._completing:  # threads that prepare batches ask for it, too
            if self._whole is None:
                self._whole = self.complete()
            return self._whole

    @property
    def family(self) -> Family:
        """What is special about the model's family."""
        return families.of_model(self.model)


def pad_left(processor: Any) -> Any:
    """Let a processor pad batches on the left, where new tokens do not follow padding."""
    tokenizer = processor.tokenizer
    tokenizer.padding_side = "left"
    if tokenizer.pad_token is None:
        tokenizer.pad_token = tokenizer.eos_token
    return processor


def input_device(model: Any) -> "torch.device":
    """Return where a model takes its inputs."""
    device: torch.device = model.get_input_embeddings().weight.device
    return device
