"""Cards of adapters reach the manifest, so that the page needs nothing but the run's files."""

import json
from pathlib import Path

import pytest

from kurabe.models.adapters.card import POINTS, read_card
from kurabe.plugin.ending import finish
from kurabe.plugin.options import Options
from kurabe.plugin.session import Session
from kurabe.project import Project
from tests.support.pages import ADAPTER, make_run


def test_a_card_is_read_without_the_hashes_of_its_pictures(tmp_path: Path) -> None:
    (tmp_path / "card.json").write_text(json.dumps({"base": "b", "images": ["aa", "bb"]}), encoding="utf-8")
    (tmp_path / "curve.csv").write_text("step,loss,eval_loss\n1,2.5,\n2,nan,1.75\n,3,\n", encoding="utf-8")
    assert read_card(tmp_path) == {
        "summary": {"base": "b", "images": 2},
        "curve": [{"step": 1, "loss": 2.5}, {"step": 2, "eval_loss": 1.75}],
    }


def test_an_adapter_of_another_tool_has_no_card(tmp_path: Path) -> None:
    (tmp_path / "adapter_config.json").write_text("{}", encoding="utf-8")
    assert read_card(tmp_path) is None


@pytest.mark.parametrize("text", ["{", "[]", "\xff"])
def test_a_damaged_card_is_named(tmp_path: Path, text: str) -> None:
    (tmp_path / "card.json").write_text(text, encoding="latin-1")
    with pytest.raises(ValueError, match=r"card\.json is damaged"):
        read_card(tmp_path)


def test_a_long_curve_is_thinned_and_keeps_both_ends(tmp_path: Path) -> None:
    (tmp_path / "card.json").write_text("{}", encoding="utf-8")
    lines = ["step,loss", *(f"{step},{1 / step}" for step in range(1, 9000))]
    (tmp_path / "curve.csv").write_text("\n".join(lines), encoding="utf-8")
    card = read_card(tmp_path)
    assert card is not None
    steps = [point["step"] for point in card["curve"]]
    assert (steps[0], steps[-1]) == (1, 8999)
    assert POINTS / 2 < len(steps) <= POINTS + 1
    assert steps == sorted(steps)


def test_the_manifest_has_the_cards_of_those_who_took_part(tmp_path: Path) -> None:
    run = make_run(tmp_path, trials=12, models=2)
    cards = run.manifest()["cards"]
    assert list(cards) == ["model-1"]
    assert cards["model-1"]["summary"]["images"] == 90
    assert len(cards["model-1"]["curve"]) == 60


def test_a_damaged_card_does_not_stop_a_run(tmp_path: Path) -> None:
    make_run(tmp_path, trials=12, models=2)
    (tmp_path / ADAPTER / "card.json").write_text("{", encoding="utf-8")
    session = Session(Project.at(tmp_path), Options())
    bench = session.bench(lambda progress: None)
    session.keep(bench.record(session.trials[0]))
    bench.answering.close()
    finish(session)
    assert session.run is not None
    assert session.run.manifest()["cards"] == {}
    assert "model-1: its card cannot be shown" in session.messages[0]
