"""Connectors without end: what is drawn, what is asked about them, and what a batch holds."""

import json
import re
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor

from kurabe.cases import suites
from kurabe.cases.prompts import load_prompts
from kurabe.finetune.encoding import encoder_for
from kurabe.finetune.records import TrialPictures, Wanted, records_of
from kurabe.finetune.train import InMemory
from kurabe.models.config import LocalSettings
from kurabe.models.engines.local.checkpoint import Base
from kurabe.project import processor_names
from scenes.part import KINDS
from training.connectors.batches import room
from training.connectors.draw import TAKES, TESTS, without_end
from training.connectors.examination import Examination
from training.connectors.gallery import Flawed, Gallery
from training.connectors.rows import Asker
from training.connectors.supply import Supply
from training.connectors.workers import Workers
from training.course import SHARES, Course, Name
from training.tiny import PhiLearner

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def base() -> InMemory:
    """Return the base that adapters are trained on."""
    return Base(LocalSettings(checkpoint=str(ROOT / "checkpoints" / "tiny-phi3v"), device="cpu"), ROOT).load()


@pytest.fixture(scope="module")
def asker(base: InMemory) -> Asker:
    """Return what writes rows for it."""
    return Asker(base.processor, ROOT / "cases")


class Idle(Workers):
    """No processes: nothing is drawn or processed."""

    def __init__(self) -> None:
        self.waited = 0


def test_rows_are_those_that_finetuning_makes(base: InMemory, asker: Asker) -> None:
    """The same ids as `kurabe finetune` encodes of the shipped suite, picture tokens aside."""
    suite = suites.read([ROOT / "cases" / "connector" / "connector.yaml"]).good[0]
    prompts = load_prompts(ROOT / "cases" / "prompts.yaml").overlay(
        suite.file.prompts, suite.path, ("prompts",)
    )
    records = records_of(suite, prompts, Wanted("separate", ("raw",), (), processor_names()))
    encoder = encoder_for(base.model, base.processor, None)
    seen = set()
    for record in records:
        assert isinstance(record.source, TrialPictures)
        trial = record.source.trial
        if record.question in seen or record.question == "choice" or trial.control or trial.swapped:
            continue
        known = trial.case.expect.differences or []
        flaws = [Flawed(KINDS.index(each.kind or ""), str(each.where), (0, 0, 1, 1)) for each in known]
        if len(flaws) != 1:
            continue
        ids, start = asker.row(record.question, flaws, np.random.default_rng(0))
        theirs = encoder.encode(record)["input_ids"][0].tolist()
        assert [token for token in ids if token >= 0] == [token for token in theirs if token >= 0]
        assert len(ids) > start
        seen.add(record.question)
    assert seen == {"verdict", "differences", "count"}


def test_a_drawn_connector_is_rendered_with_boxes_around_its_flaws() -> None:
    """Where a test and its good twin differ most lies in a box; the reference is another shot."""
    drawn = next(without_end(4))
    gallery = Gallery.empty(2, "cpu")
    assert gallery.add([drawn]) == [0]
    assert gallery.filled == 1
    assert gallery.valid[0].any()
    checked = 0
    for test in np.flatnonzero(gallery.valid[0]):
        good, bad = (gallery.pictures[0, 1 + test + TESTS * side].int() for side in (0, 1))
        apart = (good - bad).abs().amax(0)
        row, column = divmod(int(apart.argmax()), apart.shape[1])
        boxes = [flaw.box for flaw in gallery.differences[0][test]]
        assert any(x1 - 8 <= column < x2 + 8 and y1 - 8 <= row < y2 + 8 for x1, y1, x2, y2 in boxes)
        assert gallery.weight[0, test] >= 1
        checked += 1
    assert checked
    assert not torch.equal(gallery.pictures[0, 0], gallery.pictures[0, 1])


def test_a_batch_holds_each_picture_once_and_what_is_asked_of_it(base: InMemory, asker: Asker) -> None:
    """Rows know their pictures; bad rows have boxes, good ones none; processed references are black."""
    supply = Supply(Idle(), base.processor, asker, (6, 40), "cpu")
    gallery = supply.gallery
    gallery.pictures.random_(1, 255, generator=torch.Generator().manual_seed(0))
    gallery.valid[:], gallery.weight[:], gallery.count = True, 1, 6
    for connector in range(6):
        for test in range(TESTS):
            gallery.differences[connector][test] = (Flawed(test, "row 1, pin 2", (10, 20, 40, 60)),)
    ring = supply._processed
    ring.tests.fill_(7)
    ring.count = 40
    yes = asker.answers(True)
    for verdict in (True, False):
        batch = supply.draw(64, verdict, SHARES["plain"])
        assert batch.which.max() < room(64) == len(batch.pictures)
        first, second = (batch.pictures[batch.which[:, side]].flatten(1).amax(1) for side in (0, 1))
        processed = first == 0
        assert 0 < processed.sum() < 64
        assert (second[processed] == 7).all()
        assert (batch.which[:, 0] != batch.which[:, 1]).all()
        different = batch.boxes[:, 0, 4] >= 0
        assert 0 < different.sum() < 64
        if verdict:
            said = batch.ids[torch.arange(64), batch.answers]
            assert ((said == yes) == different).all()
    numbers = [
        number for connector in range(6) for number in range(connector * TAKES, connector * TAKES + TAKES)
    ]
    assert len(numbers) == len(gallery.flat())


def test_pictures_encoded_once_are_read_as_in_a_plain_pass() -> None:
    """The course's pass, its factors at nothing, gives the base's own logits."""
    course = Course(Name.of("plain-4-0"), "cpu", compiled=False)
    drawn = torch.Generator().manual_seed(1)
    pictures = torch.rand(3, 3, 108, 144, generator=drawn)
    which = torch.tensor([[0, 1], [0, 2]])
    row, _ = Asker(course.processor, ROOT / "cases").row("verdict", (), np.random.default_rng(0))
    ids = torch.tensor([row, row])
    with torch.no_grad():
        state = course.weights()
        mine = torch.func.functional_call(course.learner, state, (pictures, which, ids))
        plain = PhiLearner.look(course.learner, pictures[which], ids)
    assert len(state) > 40
    torch.testing.assert_close(mine.logits, plain.logits, atol=1e-4, rtol=1e-4)


def test_a_course_is_named_by_kind_rank_and_seed() -> None:
    """And what is none is refused."""
    assert str(Name.of("linked-64-2")) == "linked-64-2"
    with pytest.raises(ValueError, match="plain-RANK-SEED"):
        Name.of("other-64-2")


@pytest.mark.parametrize(("runs", "minutes"), [("adapt", (4, 9, 15)), ("adapt-linked", (8, 15))])
def test_the_docs_tell_the_held_out_figures_as_they_were_recorded(
    runs: str, minutes: tuple[int, ...]
) -> None:
    """Rows of the tables in docs/how-to/fine-tune.md: by minutes, the evaluation nearest to them."""
    folder = ROOT / "training" / "results"
    first, second = (
        json.loads((folder / f"{runs}-{number}.json").read_text(encoding="utf-8"))["log"] for number in (1, 2)
    )
    rows = [*first, *({**row, "seconds": row["seconds"] + first[-1]["seconds"]} for row in second)]
    text = (ROOT / "docs" / "how-to" / "fine-tune.md").read_text(encoding="utf-8")
    tables = [part for part in text.split("| after |")[1:] if part.startswith(" easy |")]
    assert len(tables) == 2
    table = tables[runs == "adapt-linked"].split("\n\n")[0]
    told = re.findall(r"^\| (\d+) minutes \|(.+)\|$", table, re.MULTILINE)
    assert tuple(int(after) for after, _ in told) == minutes
    for after, cells in told:
        row = min(rows, key=lambda row: abs(row["seconds"] - 60 * int(after)))
        names = ("raw_easy", "raw_medium", "raw_hard", "raw", "processed")
        assert [float(cell) for cell in cells.split("|")] == [round(row[name], 2) for name in names]


def test_an_examination_counts_verdicts_on_held_out_connectors(base: InMemory, asker: Asker) -> None:
    """A model that knows the truth of each pair has 1.0, one that always says different 0.5."""
    workers = Workers(1, seed=3, bodies=0)
    try:
        held = Examination(1, asker, workers, "cpu", int(base.processor.tokenizer.pad_token_id))
    finally:
        workers.close()
    assert held.processed.flatten(1).amax(1).gt(0).all()  # every test picture came back processed
    truth = torch.from_numpy(held.different).float() * 2 - 1

    def knowing(pictures: Tensor, which: Tensor, *_: object) -> Tensor:
        lean = torch.cat([truth, torch.zeros(len(which) - len(truth))])
        return torch.stack([lean, -lean], 1)

    assert held.examine(knowing)["raw"] == held.examine(knowing)["processed"] == 1
    always = held.examine(lambda pictures, which, *_: torch.tensor([[0.0, -1.0]]).expand(len(which), 2))
    assert (always["raw"], always["raw_overkill"]) == (0.5, 1)
