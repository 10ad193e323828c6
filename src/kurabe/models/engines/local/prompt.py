"""The tokens of a prompt, as a checkpoint's processor makes them."""

from kurabe.common.request import Request
from kurabe.models.engines.local.loaded import Loaded
from kurabe.models.families.inputs import prepare
from kurabe.models.protocol import PromptTokens


def prompt_tokens(loaded: Loaded, request: Request, crops: int | None) -> PromptTokens:
    """Return the tokens of a request; see `kurabe.models.protocol.TellsPrompt`."""
    processor = loaded.processor
    inputs = prepare(loaded.family, processor, [request.prompt], [request.pictures], crops)
    ids = tuple(int(token) for token in inputs.tensors["input_ids"][0])
    pieces = tuple(processor.tokenizer.decode([token]) if token >= 0 else "" for token in ids)
    config = loaded.model.config
    named = [getattr(config, name, None) for name in ("image_token_id", "image_token_index")]
    pictures = frozenset(token for token in named if isinstance(token, int))
    return PromptTokens(len(ids), ids, pieces, pictures)
