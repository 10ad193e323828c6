"""Chat templates are stopped by limits, and change nothing where they keep to them."""

import pytest

from kurabe.common.errors import ModelError
from kurabe.models import families
from kurabe.models.families.inputs import written
from kurabe.models.families.templates import TemplateTrials
from tests.conftest import ROOT

MESSAGES = [{"role": "user", "content": [{"type": "image"}, {"type": "text", "text": "same? 同じ?"}]}]
DOUBLED = (
    "{% set ns = namespace(x='xxxxxxxxxx') %}" + "{% set ns.x = ns.x ~ ns.x %}" * 30 + "{{ ns.x|length }}"
)


@pytest.mark.parametrize(
    ("template", "told"),
    [
        ("{{ 'x' * 10 ** 10 }}", "takes more memory"),
        ("{% if 'x' * 10 ** 10 %}{% endif %}", "takes more memory"),
        ("{{ 'x'|center(10 ** 10)|length }}", "takes more memory"),
        ("{{ '%10000000000d' % 1 }}", "takes more memory"),
        (DOUBLED, "takes more memory"),
        (
            "{% for i in range(99999) %}{% for j in range(99999) %}xxxxxxxxxx{% endfor %}{% endfor %}",
            "writes more than 4,194,304 characters",
        ),
        (
            "{% for i in range(99999) %}{% for j in range(99999) %}{% endfor %}{% endfor %}",
            "takes more than 0.4 seconds",
        ),
    ],
)
def test_a_template_without_measure_is_stopped(template: str, told: str) -> None:
    trials = TemplateTrials(seconds=0.4 if "0.4" in told else 60)
    with pytest.raises(ModelError, match=told):
        trials.check(template, MESSAGES)
    trials.check("{{ messages[0].role }}", MESSAGES)  # those of other models are not held up by it


def test_a_template_that_was_stopped_is_not_tried_again() -> None:
    trials = TemplateTrials()
    for messages in (MESSAGES, []):
        with pytest.raises(ModelError, match="takes more memory"):
            trials.check("{{ 'x' * 10 ** 10 }}", messages)


def test_what_is_wrong_with_a_template_is_left_to_whoever_writes_the_prompt() -> None:
    trials = TemplateTrials()
    for template in ("{% if %}", "{{ raise_exception('roles must alternate') }}", None, "{{ 1 / 0 }}"):
        trials.check(template, MESSAGES)


def test_templates_may_use_what_transformers_gives_them() -> None:
    template = (
        "{% generation %}{{ messages|tojson(indent=2) }}{% endgeneration %}{{ strftime_now('%Y') }}"
        "{{ bos_token }}{% for i in range(9) %}{% break %}{% endfor %}"
        "{{ 'x' * 5000000 if add_generation_prompt }}"
    )
    trials = TemplateTrials()
    trials.check(template, MESSAGES, bos_token="<s>", add_generation_prompt=False)
    # All of it was run: with the last part it is too long.
    with pytest.raises(ModelError, match="writes more than"):
        trials.check(template, MESSAGES, bos_token="<s>", add_generation_prompt=True)


@pytest.mark.parametrize(("family", "shipped"), [("phi3_v", "tiny-phi3v"), ("mllama", "tiny-mllama")])
def test_no_model_writes_a_prompt_by_such_a_template(family: str, shipped: str) -> None:
    processor = families.of(family).processor(ROOT / "checkpoints" / shipped)
    assert "Is there a difference?" in written(processor, "Is there a difference?", 1)
    holder = processor if getattr(processor, "chat_template", None) else processor.tokenizer
    holder.chat_template += "{% if 'x' * 10 ** 10 %}{% endif %}"
    with pytest.raises(ModelError, match="chat template takes more memory than a prompt can need"):
        written(processor, "Is there a difference?", 1)
