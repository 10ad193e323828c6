"""Models at real size, as far as they can be looked at without their weights."""

from typing import Any

import pytest

from perf import models


@pytest.mark.parametrize("family", sorted(models.FAMILIES))
def test_no_prompt_begins_with_the_token_of_padding(family: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its embedding is zero, and with it the state of that token in all layers: gradients would overflow."""
    configs: list[Any] = []
    monkeypatch.setattr(models, "_build", lambda config, device: configs.append(config))
    _, processor = models.FAMILIES[family].build(None)
    text = configs[0].get_text_config()
    assert processor.tokenizer.bos_token_id is not None
    assert processor.tokenizer.bos_token_id not in (text.pad_token_id, processor.tokenizer.pad_token_id)
