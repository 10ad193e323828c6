"""The embedded models' tokenizers: one byte-level vocabulary, dressed as Phi's and as Llama's."""

from collections.abc import Iterable, Iterator
from importlib import import_module
from itertools import product
from pathlib import Path
from typing import Any, Literal, get_args

from kurabe.cases import yaml_lines as yamlfile
from kurabe.cases.prompts import load_prompts
from kurabe.common.vocabulary import LAYOUTS, QUESTIONS, Relation

Family = Literal["phi3v", "mllama"]
VOCABULARY = 1024

_MARKS: dict[Family, tuple[str, ...]] = {
    "phi3v": ("<s>", "<|endoftext|>", "<|assistant|>", "<|system|>", "<|end|>", "<|user|>", "<|pad|>"),
    "mllama": (
        "<|begin_of_text|>", "<|end_of_text|>", "<|start_header_id|>", "<|end_header_id|>", "<|eot_id|>",
        "<|image|>", "<|finetune_right_pad_id|>",
    ),
}  # fmt: skip
_TEMPLATE: dict[Family, str] = {
    "phi3v": (
        "{% for message in messages %}<|{{ message.role }}|>\n{{ message.content }}<|end|>\n{% endfor %}"
        "{% if add_generation_prompt %}<|assistant|>\n{% endif %}"
    ),
    "mllama": (
        "<|begin_of_text|>{% for message in messages %}"
        "<|start_header_id|>{{ message.role }}<|end_header_id|>\n\n"
        "{% if message.content is string %}{{ message.content }}{% else %}"
        "{% for part in message.content %}"
        "{% if part.type == 'image' %}<|image|>{% else %}{{ part.text }}{% endif %}"
        "{% endfor %}{% endif %}<|eot_id|>{% endfor %}"
        "{% if add_generation_prompt %}<|start_header_id|>assistant<|end_header_id|>\n\n{% endif %}"
    ),
}
END: dict[Family, str] = {"phi3v": "<|end|>", "mllama": "<|eot_id|>"}


def tokenizer(family: Family, cases: Path) -> Any:
    """Train a family's tokenizer on the bench's English prompts and on the words of the suites' answers.

    The same texts give the same vocabulary. Bytes are tokens, so that any text can be read and written.

    Args:
        family: Whose chat marks it gets.
        cases: Folder of the suites.
    """
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers

    trained: Any = Tokenizer(models.BPE())
    trained.pre_tokenizer = pre_tokenizers.Sequence(
        # Digits one by one: a count or a pin's number is no word of its own.
        [pre_tokenizers.Digits(individual_digits=True), pre_tokenizers.ByteLevel(add_prefix_space=False)]
    )
    trained.decoder = decoders.ByteLevel()
    marks = list(_MARKS[family])
    trainer = trainers.BpeTrainer(
        vocab_size=VOCABULARY,
        special_tokens=marks,
        initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet()),
        show_progress=False,
    )
    trained.train_from_iterator(_texts(cases), trainer)
    named = {
        "bos_token": marks[0],
        "eos_token": END[family],
        "pad_token": marks[-1],
        "additional_special_tokens": marks,
    }
    words = import_module("transformers").PreTrainedTokenizerFast(tokenizer_object=trained, **named)
    words.chat_template = _TEMPLATE[family]
    return words


def vocabulary(cases: Path) -> list[str]:
    """Return the English words of the suites' answers and prompts, sorted."""
    found = {word for text in _texts(cases) for word in text.replace('"', " ").split() if word.isascii()}
    return sorted(word.strip(".,;:?!()") for word in found if word.strip(".,;:?!()").isalpha())


def _texts(cases: Path) -> Iterator[str]:
    prompts = load_prompts()
    for kind, layout, relation in product(QUESTIONS, LAYOUTS, get_args(Relation)):
        yield prompts.render(kind, "en", layout, relation, ["a", "b"] if kind == "choice" else ()).text
    for path in sorted(cases.glob("*/*.yaml")):
        yield from _strings(yamlfile.load(path.read_text(encoding="utf-8")))
    # The words that answers begin with shall be a token each.
    yield from 500 * ("Yes", "No", "This picture shows", " row 1, pins 2 and 3", "rows 1 and 2, pin 3")


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str) and value.isascii() and "/" not in value:
        yield from (value, f" {value}")
    parts: Iterable[Any] = ()
    if isinstance(value, dict):
        parts = (part for key, part in value.items() if key not in ("id", "split", "tags"))
    elif isinstance(value, list):
        parts = value
    for part in parts:
        yield from _strings(part)
