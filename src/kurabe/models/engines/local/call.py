"""One call of the engine: which model is asked, how, and the batches that wait for their turn."""

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from kurabe.common.errors import KurabeError
from kurabe.common.request import Answer, Request
from kurabe.models.config import LocalSettings
from kurabe.models.engines.local import answers
from kurabe.models.engines.local.batches import Batch, Sizes
from kurabe.models.engines.local.loaded import Loaded
from kurabe.models.engines.local.shared import Running

if TYPE_CHECKING:
    from kurabe.models.runtime.loop import Produced

Results = Iterator[tuple[int, Answer] | None]
"""As `kurabe.models.protocol.Ahead.answer_on` gives them."""

REFUSED = (ValueError, KurabeError, RuntimeError, IndexError)
"""What processors raise about a request that they cannot take."""


class Call:
    """What sorting and both ways of answering share.

    Args:
        name: The model's name, for messages.
        switched: Returns the model with this entry's adapter on.
        running: What computes.
        settings: The entry's.
        crops: Crops or tiles a picture; None for the processor's own number.
        sizes: Of batches.

    Attributes:
        loaded: The model.
        waiting: Batches that nobody has taken yet, the next one first.
    """

    def __init__(
        self,
        name: str,
        switched: Callable[[], Loaded],
        running: Running,
        settings: LocalSettings,
        crops: int | None,
        sizes: Sizes,
    ) -> None:
        self.name = name
        self.switched = switched
        self.loaded = switched()
        self.running = running
        self.settings = settings
        self.crops = crops
        self.sizes = sizes
        self.waiting: deque[Batch] = deque()

    @property
    def whole(self) -> Loaded:
        """The model as transformers itself can ask it."""
        return self.loaded.whole()

    def limit(self, request: Request) -> int:
        """Return how many new tokens an answer may have; 1 where the logits decide."""
        if answers.by_logits(request, self.settings):
            return 1
        return self.settings.limit(request.max_new_tokens)

    def too_long(self, request: Request, length: int) -> str:
        """Say why a prompt of so many tokens does not fit into the model's context; "" if it does."""
        text = self.loaded.model.config.get_text_config()
        context = getattr(text, "max_position_embeddings", None)
        limit = self.limit(request)
        if context is None or length + limit <= context:
            return ""
        return (
            f"{self.name}: {length} prompt tokens and up to {limit} new ones exceed the context of "
            f"{context}: lower 'crops', or use smaller pictures{_fewer(request)}"
        )

    def refusal(self, error: Exception, request: Request) -> str:
        """Say that a request cannot be taken."""
        return f"{self.name} cannot take this request: {error}{_fewer(request)}"

    def tokens_read(self, requests: Sequence[Request]) -> list[int]:
        """Return the tokens whose first logits `told` reads."""
        return answers.tokens_read(self.name, self.loaded.processor.tokenizer, requests, self.settings)

    def told(self, batch: Batch, lengths: Sequence[int], produced: "Produced", seconds: float) -> Results:
        """Give the answers of a batch.

        Args:
            batch: The batch.
            lengths: Of the prompts, in tokens.
            produced: What the model gave.
            seconds: What that took.
        """
        tokenizer = self.loaded.processor.tokenizer
        requests = [item.request for item in batch.items]
        found = answers.of_batch(self.name, tokenizer, requests, lengths, produced, self.settings, seconds)
        for item, answer in zip(batch.items, found, strict=True):
            yield item.index, answer
        yield None

    def short_of_memory(self, batch: Batch, longest: int) -> Results:
        """Put the halves of a batch back; a request alone is answered by what to do."""
        import torch

        torch.cuda.empty_cache()
        if len(batch.items) > 1:
            self.sizes.failed(batch.kind, len(batch.items))
            self.waiting.appendleft(batch)  # cut by the new size when its turn comes
            return
        what = (
            f"{self.name} runs out of memory on a single request of {longest} tokens: lower 'crops' or "
            "'max_new_tokens', or set 'quantization'"
        )
        yield batch.items[0].index, Answer(error=what)


def _fewer(request: Request) -> str:
    """Say what to do where a request has more pictures than a pair: some models take only one or two."""
    number = len(request.pictures)
    if number < 3:
        return ""
    return f" (it has {number} pictures: show fewer good parts by --shots, or join them by --layout stacked)"
