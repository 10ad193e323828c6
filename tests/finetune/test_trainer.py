"""What is shown of a training, and the loss itself."""

import io
import math
from types import SimpleNamespace
from typing import Any

import pytest
import torch
from rich.console import Console

from kurabe.finetune.encoding import IGNORED
from kurabe.finetune.trainer import Bar, answer_loss


def drive(bar: Bar) -> None:
    state: Any = SimpleNamespace(global_step=0, max_steps=4)
    bar.on_train_begin(None, state, None)
    bar.on_evaluate(None, state, None, metrics={"eval_loss": 3.0, "eval_exact": 0.0})
    for step in (1, 2, 3):
        state.global_step = step
        bar.on_log(None, state, None, logs={"loss": 2.5 - step})
        bar.on_step_end(None, state, None)
    measured = {"eval_loss": 1.0, "eval_exact": 0.25, "eval_balanced_accuracy": 0.75}
    bar.on_evaluate(None, state, None, metrics=measured)
    bar.on_train_end(None, state, None)


def test_a_terminal_gets_one_bar_and_a_line_for_each_evaluation() -> None:
    out, said = io.StringIO(), list[str]()
    drive(Bar(said.append, Console(file=out, force_terminal=True, width=100, _environ={"TERM": "xterm"})))
    assert "3/4" in out.getvalue()
    assert "loss -0.5000" in out.getvalue()
    assert said == [
        "step 0, held out: loss 3.0000, exact 0.00",
        "step 3, loss -0.5000, held out: loss 1.0000, exact 0.25, verdicts 0.75 balanced",
    ]


def test_a_file_gets_the_lines_alone() -> None:
    out, said = io.StringIO(), list[str]()
    drive(Bar(said.append, Console(file=out)))
    assert out.getvalue() == ""
    assert len(said) == 2


def test_the_loss_on_spots_is_told_beside_that_of_the_answers() -> None:
    said = list[str]()
    bar = Bar(said.append, Console(file=io.StringIO()))
    bar.on_log(None, None, None, logs={"loss": 1.5, "spots_loss": 0.25})
    state: Any = SimpleNamespace(global_step=3)
    bar.on_evaluate(None, state, None, metrics={"eval_loss": 1.0, "eval_exact": 0.25})
    assert said == ["step 3, loss 1.5000, spots 0.2500, held out: loss 1.0000, exact 0.25"]


def test_the_loss_is_the_mean_over_the_tokens_of_the_answers() -> None:
    logits = torch.zeros(2, 5, 8)
    labels = torch.tensor([[IGNORED, IGNORED, 3], [IGNORED, 1, 2]])
    logits[0, -2, 3] = 100.0  # certain of the right token; the other two are guessed
    outputs = SimpleNamespace(logits=logits)
    assert float(answer_loss(outputs, labels)) == pytest.approx(2 * math.log(8) / 3)
    assert float(answer_loss(outputs, labels, 6)) == pytest.approx(2 * math.log(8) / 6)
