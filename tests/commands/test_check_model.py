"""A model is checked by what it answers alone and in a batch, on checkpoints that really load."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from kurabe.commands.check_model import Fetched, built_in, check_model, fetch
from kurabe.common.errors import ModelError
from kurabe.common.request import Answer, Request
from kurabe.common.vocabulary import QUESTIONS
from kurabe.models import config
from kurabe.models.config import Entry
from kurabe.models.registry import Context, Registry
from tests.support import checkpoints
from tests.support.instant import Instant, Settings
from tests.support.project import INSTANT


class Unsteady(Instant):
    """Answers otherwise in company: one way for a batched model to go wrong each."""

    def __init__(self, name: str, fault: str) -> None:
        super().__init__(name, Settings())
        self.fault = fault

    def answer(self, requests: Sequence[Request]) -> Iterator[tuple[int, Answer]]:
        """Answer rightly if asked alone."""
        several = len(requests) > 1
        for index, answer in super().answer(requests):
            if several and self.fault == "text" and index == 3:
                yield index, Answer(text="something else")
            elif self.fault in ("probability", "rounding"):
                off = {"probability": 0.05, "rounding": 0.0005}[self.fault] * several
                yield index, Answer(text=answer.text, p_different=0.5 + off)
            elif several and self.fault == "raises" and index == 0:
                raise RuntimeError("too much at once")
            elif not (several and self.fault == "silent" and index == 2):
                yield index, answer


def create(entry: Entry, context: Context) -> Unsteady:
    """Build the engine."""
    return Unsteady(entry.name, str(entry.settings["fault"]))


def registry(root: Path, models: str) -> Registry:
    path = root / "models.toml"
    path.write_text(models, encoding="utf-8")
    return Registry(config.read(path))


def test_the_built_in_pairs_differ_where_they_say_so_and_make_a_batch_pad() -> None:
    requests = built_in("stacked", frozenset(QUESTIONS))
    assert len(requests) == 6
    for request in requests:
        reference, test = request.pair
        assert (reference.tobytes() == test.tobytes()) == request.trial.startswith("no difference")
    assert len({request.pictures[0].size for request in requests}) > 1
    assert len({request.prompt for request in requests if request.question == "verdict"}) == 2
    assert all(request.yes and request.no for request in requests if request.question == "verdict")
    assert all(len(request.pictures) == 2 for request in built_in("separate", frozenset(QUESTIONS)))


def test_an_engine_that_answers_alike(tmp_path: Path) -> None:
    found = check_model(registry(tmp_path, INSTANT), "instant")
    assert found.equal
    texts = {answer.name: answer.batched.text for answer in found.answers}
    assert texts["no difference: verdict"] == "No difference."
    assert texts["missing pin: verdict"] == "Yes, a pin is missing."
    assert found.facts == {"threshold": 64}
    assert found.memory > 2**20
    assert min(found.load_seconds, found.alone_seconds, found.batch_seconds) >= 0


@pytest.mark.parametrize(
    ("fault", "unequal"), [("text", 1), ("probability", 6), ("raises", 1), ("silent", 1), ("rounding", 0)]
)
def test_an_engine_that_batching_changes_is_found_out(tmp_path: Path, fault: str, unequal: int) -> None:
    models = f'[models.unsteady]\nengine = "tests.commands.test_check_model:create"\nfault = "{fault}"\n'
    found = check_model(registry(tmp_path, models), "unsteady")
    assert found.equal == (unequal == 0)
    assert sum(not answer.equal for answer in found.answers) == unequal
    errors = [answer.batched.error for answer in found.answers if answer.batched.error]
    assert errors == {
        "raises": ["RuntimeError: too much at once"],
        "silent": ["the engine gave no answer"],
    }.get(fault, [])


@pytest.mark.parametrize("verdict", ["logits", "text"])
def test_a_checkpoint_answers_alike(tmp_path: Path, verdict: str) -> None:
    checkpoints.llava(tmp_path / "tiny")
    models = f'[models.tiny]\nengine = "local"\ncheckpoint = "tiny"\ndevice = "cpu"\nverdict = "{verdict}"\n'
    found = check_model(registry(tmp_path, models), "tiny")
    assert found.equal
    for answer in found.answers:
        assert answer.alone.tokens_in == answer.batched.tokens_in
        assert (answer.alone.p_different is not None) == answer.name.endswith("verdict")
    assert len({answer.alone.tokens_in for answer in found.answers}) > 2
    assert found.facts["attention"] == "sdpa"
    assert found.facts["dtype"] == "torch.float32"


def test_a_model_that_cannot_run_says_why(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    models = registry(
        tmp_path,
        '[models.empty]\nengine = "local"\ncheckpoint = "empty"\n'
        '[models.broken]\nengine = "tests.support.instant:create"\nbroken = true\n'
        '[models.fails]\nengine = "tests.support.instant:create"\nfails_on = "pin"\n',
    )
    for name, words in (
        ("empty", "no config.json"),
        ("broken", "declared broken"),
        ("fails", "fails on the first built-in pair: RuntimeError"),
        ("unknown", "no model is called"),
    ):
        with pytest.raises(ModelError, match=words):
            check_model(models, name)


def test_weights_that_are_there_are_not_fetched(tmp_path: Path) -> None:
    checkpoints.llava(tmp_path / "tiny")
    (tmp_path / "lora").mkdir()
    (tmp_path / "lora/adapter_config.json").write_text("{}")
    (tmp_path / "lora/adapter_model.safetensors").write_bytes((2).to_bytes(8, "little") + b"{}")
    models = registry(
        tmp_path,
        f'{INSTANT}\n[models.tiny]\nengine = "local"\ncheckpoint = "tiny"\n'
        '[models.tuned]\nengine = "local"\nbase = "tiny"\nadapter = "lora"\n'
        '[models.gone]\nengine = "local"\ncheckpoint = "not there"\n',
    )
    base = Fetched("tiny", str(tmp_path / "tiny"), False)
    assert fetch(models, "instant") == []
    assert fetch(models, "tiny") == [base]
    assert fetch(models, "tuned") == [base, Fetched("lora", str(tmp_path / "lora"), False)]
    with pytest.raises(ModelError, match="not there: there is no folder"):
        fetch(models, "gone")


def test_a_hub_that_cannot_be_reached_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path / "hub"))
    models = registry(tmp_path, '[models.far]\nengine = "local"\ncheckpoint = "nobody/nothing"\n')
    with pytest.raises(ModelError, match="nobody/nothing could not be fetched"):
        fetch(models, "far")
