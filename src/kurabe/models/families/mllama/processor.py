"""As much of Llama-3.2-Vision's processor as our loops need, without transformers' classes of processors.

Those import what scales pictures and much beside it; see `kurabe.models.families.bare`.
"""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from kurabe.models.families.mllama.tiles import TileSettings


class BareProcessor:
    """Writes prompts and knows how pictures are cut.

    Args:
        tokenizer: The checkpoint's.
        chat_template: Likewise.
        image_processor: How pictures are cut.
    """

    def __init__(self, tokenizer: Any, chat_template: str, image_processor: TileSettings) -> None:
        self.tokenizer = tokenizer
        self.chat_template = chat_template
        self.image_processor = image_processor

    @classmethod
    def read(cls, folder: Path) -> "BareProcessor | None":
        """Read a checkpoint's; None where its files ask for transformers' own."""
        from transformers import PreTrainedTokenizerFast

        try:
            pictures, template = _settings(folder), _template(folder)
            if pictures is None or template is None or not (folder / "tokenizer.json").is_file():
                return None
            tokenizer: Any = PreTrainedTokenizerFast.from_pretrained(folder)
        except (OSError, ValueError, AttributeError, TypeError):
            return None
        return cls(tokenizer, template, pictures)

    def apply_chat_template(
        self,
        conversation: Sequence[Mapping[str, Any]],
        *,
        add_generation_prompt: bool,
        tokenize: bool = False,
    ) -> str:
        """Write a conversation as a prompt."""
        assert not tokenize
        written: str = self.tokenizer.apply_chat_template(
            conversation,
            chat_template=self.chat_template,
            add_generation_prompt=add_generation_prompt,
            tokenize=False,
        )
        return written


def _json(file: Path) -> dict[str, Any]:
    return dict(json.loads(file.read_text(encoding="utf-8"))) if file.is_file() else {}


def _settings(folder: Path) -> TileSettings | None:
    """Read how pictures are cut: from the processor's file, or as published, from one of its own."""
    nested = _json(folder / "processor_config.json").get("image_processor")
    alone = _json(folder / "preprocessor_config.json")
    if bool(nested) == bool(alone):
        return None  # two of them: transformers knows which one counts
    return TileSettings.read(nested or alone)


def _template(folder: Path) -> str | None:
    """Read the chat template of a processor; None where there is none, or several."""
    if (folder / "additional_chat_templates").exists() or "chat_template" in _json(
        folder / "processor_config.json"
    ):
        return None
    files = [folder / name for name in ("chat_template.jinja", "chat_template.json")]
    there = [file for file in files if file.is_file()]
    if len(there) != 1:
        return None
    text = there[0].read_text(encoding="utf-8")
    return text if there[0].suffix == ".jinja" else str(json.loads(text)["chat_template"])
