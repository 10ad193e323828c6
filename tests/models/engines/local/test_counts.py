"""The work of a fixed little suite, counted: figures that no machine changes, and speed not lost quietly.

Two references, each with four tests; a verdict is asked for, and the number of differences. Whoever makes one
of these figures worse on purpose says why.
"""

from pathlib import Path
from typing import Any

import pytest

from kurabe.answering.answerer import Answerer
from kurabe.answering.cache import AnswerCache
from kurabe.cases.trials import Selection, expand
from kurabe.common.request import Answer
from kurabe.models.engines.local.engine import LocalEngine
from kurabe.models.families.phi3v_core.configuration import count_image_tokens
from kurabe.models.runtime.counts import Counts
from kurabe.project import Project, participants
from tests.support import checkpoints
from tests.support.project import case, picture, suite

ENTRY = """
[models.m]
engine = "local"
checkpoint = "{checkpoint}"
device = "cpu"
layout = "{layout}"
crops = 4
batch_size = {batch}
max_new_tokens = {limit}
"""
REFERENCES, TESTS, LIMIT = 2, 4, 12
PAIRS = REFERENCES * TESTS
QUESTIONS = ("verdict", "count")
SIZE = (96, 64)


def project(root: Path, family: str, layout: str, batch: int = PAIRS) -> Project:
    folder = root / family
    build = {"phi3v": checkpoints.golden_phi3v, "mllama": checkpoints.golden_mllama}[family]
    cases = [
        case(
            f"p{n}",
            "",
            reference=f"images/r{n // TESTS}.png",
            expect={"verdict": "different" if n % 2 else "same", "count": n % 2},
        )
        for n in range(PAIRS)
    ]
    suite(root, "pins", cases)
    for number in range(REFERENCES):
        picture(root / f"cases/pins/images/r{number}.png", shade=120 + number, size=SIZE)
    for number in range(PAIRS):
        image = root / f"cases/pins/images/p{number}.png"
        picture(image, defect=bool(number % 2), shade=199 - number, size=SIZE)
    text = ENTRY.format(checkpoint=build(folder), layout=layout, batch=batch, limit=LIMIT)
    (root / "models.toml").write_text(text, encoding="utf-8")
    return Project.at(root)


def run(there: Project) -> tuple[Counts, list[Answer]]:
    """Ask all trials through the bench; return what was counted, and the answers."""
    registry, suites = there.registry(), there.suites()
    chosen = participants(registry, ("m",)).chosen
    trials = expand(suites, Selection(chosen, questions=QUESTIONS, controls=False))
    answering = Answerer(
        registry, AnswerCache(there.cache / "answers.sqlite"), there.prompts(suites), window=64
    )
    answering.plan(trials)
    answers = [answering.answer(trial).answer for trial in trials]
    answering.close()
    assert [answer.error for answer in answers] == [None] * len(QUESTIONS) * PAIRS
    engine = registry.engine("m")
    assert isinstance(engine, LocalEngine)
    return engine.counts, answers


def tokens_in(answers: list[Answer]) -> int:
    return sum(answer.tokens_in or 0 for answer in answers)


@pytest.fixture(scope="module")
def separate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Project, Counts, list[Answer]]:
    there = project(tmp_path_factory.mktemp("separate"), "phi3v", "separate")
    return there, *run(there)


def test_each_picture_is_cut_and_encoded_once_whatever_is_asked_about_it(separate: Any) -> None:
    _, counts, _ = separate
    pictures = REFERENCES + PAIRS
    assert counts.pictures_decoded == counts.pictures_encoded == pictures
    assert counts.crops_encoded == pictures * (4 + 1)
    assert counts.features_reused == 0  # all is asked in one pass, in which no picture stands twice


def test_each_prompt_is_computed_once_without_padding_and_without_what_is_shared(separate: Any) -> None:
    _, counts, answers = separate
    assert counts.prefills == 1
    assert counts.prefill_tokens == tokens_in(answers) - counts.prefix_tokens_reused
    each = count_image_tokens(2, 2, 12)
    trials = len(QUESTIONS) * PAIRS
    # A reference is computed once for its tests, and a test for its questions.
    assert counts.prefix_tokens_reused >= (trials - REFERENCES) * each + (trials - PAIRS) * each
    assert counts.prefill_tokens <= (REFERENCES + PAIRS) * each + trials * 120


def test_decoding_takes_as_many_steps_as_the_longest_answer_of_a_batch(separate: Any) -> None:
    _, counts, answers = separate
    assert max(answer.tokens_out for answer in answers) == LIMIT  # else this suite would measure little
    assert counts.steps == LIMIT - 1
    assert counts.bytes_moved == counts.graphs_captured == 0  # all is on the CPU


def test_a_second_run_computes_nothing(separate: Any) -> None:
    there, _, answers = separate
    counts, again = run(there)
    assert counts == Counts()
    assert again == answers


def test_smaller_batches_take_more_passes_and_steps_and_encode_nothing_twice(
    tmp_path: Path, separate: Any
) -> None:
    _, _, answers = separate
    counts, smaller = run(project(tmp_path, "phi3v", "separate", batch=PAIRS // 2))
    assert [answer.text for answer in smaller] == [answer.text for answer in answers]
    assert counts.prefills == 2
    assert counts.steps == 2 * (LIMIT - 1)
    assert counts.pictures_decoded == counts.pictures_encoded == REFERENCES + PAIRS
    assert counts.prefill_tokens == tokens_in(smaller) - counts.prefix_tokens_reused


def test_an_engine_that_goes_on_by_itself_gives_the_same_and_cuts_ahead(
    tmp_path: Path, separate: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, _, answers = separate
    monkeypatch.setattr(LocalEngine, "window", 4)  # as on a GPU, where it is larger
    counts, ahead = run(project(tmp_path, "phi3v", "separate"))
    assert [(one.text, one.tokens_in, one.tokens_out) for one in ahead] == [
        (other.text, other.tokens_in, other.tokens_out) for other in answers
    ]
    assert counts.pictures_decoded == counts.pictures_encoded == REFERENCES + PAIRS


@pytest.mark.parametrize(("family", "crops"), [("phi3v", 4 + 1), ("mllama", 4)])
def test_stacked_pictures_are_moved_and_encoded_once(tmp_path: Path, family: str, crops: int) -> None:
    counts, answers = run(project(tmp_path, family, "stacked"))
    assert counts.pictures_decoded == counts.pictures_encoded == PAIRS
    assert counts.features_reused == 0
    assert counts.crops_encoded == crops * PAIRS
    assert counts.prefills == 1
    assert counts.prefill_tokens == tokens_in(answers) - counts.prefix_tokens_reused
    assert counts.prefix_tokens_reused >= PAIRS * 32
    assert counts.steps == LIMIT - 1
    pixels, ids = PAIRS * 4 * 3 * 56 * 56, 40 * counts.prefill_tokens
    assert counts.bytes_moved <= pixels + ids + 4096
