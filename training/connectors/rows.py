"""Questions about pairs as ids: what is asked, what is right to answer, and how both are written."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from kurabe.cases.case import Choice, Difference, Expect
from kurabe.cases.prompts import Prompt, load_prompts
from kurabe.common.vocabulary import QuestionKind
from kurabe.finetune.targets import target
from scenes.connector import NOUNS, SAYS
from scenes.connector_suite import NOTHING, QUESTION
from scenes.part import KINDS
from training.connectors.gallery import Flawed
from training.items import Turn
from training.tiny import encode

Row = tuple[list[int], int]
"""Ids of prompt and answer, and where the answer begins."""


class Asker:
    """Writes rows in the words of the shipped suites; equal ones once."""

    def __init__(self, processor: Any, cases: Path) -> None:
        """Take the model's processor and the folder of the suites."""
        self._processor = processor
        self._prompts = load_prompts(cases / "prompts.yaml")
        self._known: dict[tuple[Any, ...], Row] = {}

    def prompt(self, question: QuestionKind, options: Sequence[str] = ()) -> Prompt:
        """Return what is asked of a pair of connectors."""
        return self._prompts.render(
            question, "en", "separate", "aligned", tuple(options), QUESTION if options else None
        )

    def answers(self, yes: bool) -> int:
        """Return the first id of the verdict's answer for different (``yes``) or same."""
        prompt = self.prompt("verdict")
        text = (prompt.yes if yes else prompt.no)[0]
        return int(self._processor.tokenizer.encode(text, add_special_tokens=False)[0])

    def row(self, question: QuestionKind, flaws: Sequence[Flawed], rng: np.random.Generator) -> Row:
        """Return a question about a pair with these differences.

        Of a choice, which has one answer, only pairs with at most one difference may be asked.
        """
        # Left to right: an order that the pictures tell.
        ordered = sorted(flaws, key=lambda flaw: (flaw.box[0] + flaw.box[2], flaw.kind))
        if question == "choice":
            return self._written(question, ordered, self._options(ordered, rng))
        key = (question, *((flaw.kind, flaw.where) for flaw in ordered))
        if key not in self._known:
            self._known[key] = self._written(question, ordered, None)
        return self._known[key]

    @staticmethod
    def _options(flaws: Sequence[Flawed], rng: np.random.Generator) -> Choice:
        answer = NOUNS[KINDS[flaws[0].kind]] if flaws else NOTHING
        options = [str(option) for option in rng.permutation([*NOUNS.values(), NOTHING])]
        return Choice(options=options, answer=answer, question=QUESTION)

    def _written(self, question: QuestionKind, flaws: Sequence[Flawed], choice: Choice | None) -> Row:
        expect = Expect(
            verdict="different" if flaws else "same",
            differences=[
                Difference(
                    kind=KINDS[flaw.kind],
                    where=flaw.where,
                    says=[list(words) for words in SAYS[KINDS[flaw.kind]]],
                )
                for flaw in flaws
            ],
            count=len(flaws),
            choice=choice,
        )
        prompt = self.prompt(question, choice.options if choice else ())
        said = target(question, expect, prompt)
        assert said is not None
        return encode("phi3v", self._processor, Turn(prompt.text, said), 2)
