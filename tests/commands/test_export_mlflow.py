"""`kurabe export mlflow`, with MLflow itself: what stands in the store can be read by MLflow again."""

import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from typer.testing import CliRunner, Result

from kurabe.cli import app
from kurabe.report.tables import make_tables
from kurabe.results.run import Run
from tests.report.made_records import verdict


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.chdir(tmp_path)
    run = Run(tmp_path / "reports/runs/20260101-120000")
    run.pictures.mkdir(parents=True)
    Image.new("RGB", (8, 8)).save(run.pictures / "ab.png")
    run.write_manifest(
        {
            "kurabe": "0.1.0", "run": run.name, "models": {"pixel-diff": {"fingerprint": "f1"}},
            "started": "2026-01-01T12:00:00+00:00", "finished": "2026-01-01T12:01:00+00:00",
            "git": {"commit": "c0ffee"}, "options": {"swap": True}, "command": ["cases"],
        }
    )  # fmt: skip
    for model in ("pixel-diff", "検査 (v2)"):
        run.append(replace(verdict("g1", "same", "same", model=model), raw=("ab",), pair=("ab",)))
        run.append(verdict("b1", said="same", model=model))
        run.append(verdict("b2", model=model))
    run.close()
    return run


def export(*words: str, code: int = 0) -> Result:
    result = CliRunner().invoke(app, ["export", "mlflow", "latest", *words])
    assert result.exit_code == code, result.output
    return result


def test_mlflow_reads_the_figures_tables_and_pictures(run: Run, tmp_path: Path) -> None:
    tracking: Any = pytest.importorskip("mlflow.tracking", reason="needs kurabe[mlflow]")
    pytest.importorskip("sqlalchemy")
    told = export().output
    assert "2 rows" in told
    assert "1 picture" in told
    client = tracking.MlflowClient(f"sqlite:///{tmp_path / 'reports/mlflow.db'}")
    place = client.get_experiment_by_name("kurabe").experiment_id
    found = {each.info.run_name: each for each in client.search_runs([place])}
    assert set(found) == {run.name, "pixel-diff · raw · stacked", "検査 (v2) · raw · stacked"}
    row = found["pixel-diff · raw · stacked"]
    assert row.data.metrics["connector/verdict/miss_rate"] == 0.5
    assert row.data.metrics["connector/verdict/balanced_accuracy"] == 0.75
    assert "connector/verdict/count_mae" not in row.data.metrics  # undefined, and so not 0
    assert row.data.params == {
        "model": "pixel-diff", "variant": "raw", "layout": "stacked", "fingerprint": "f1",
    }  # fmt: skip
    parent = found[run.name]
    assert row.data.tags["mlflow.parentRunId"] == parent.info.run_id
    assert parent.data.tags["mlflow.source.git.commit"] == "c0ffee"
    assert parent.data.params == {"command": "cases", "options.swap": "True"}
    assert {path.path for path in client.list_artifacts(parent.info.run_id, "tables")} >= {
        "tables/leaderboard.csv", "tables/trials.csv",
    }  # fmt: skip
    assert "pictures/ab.png" in {p.path for p in client.list_artifacts(parent.info.run_id, "pictures")}
    assert {"index.html", "manifest.json"} <= {p.path for p in client.list_artifacts(parent.info.run_id)}
    assert "leaderboard.json" in parent.data.tags["mlflow.loggedArtifacts"]  # by which MLflow knows tables
    file = Path(client.download_artifacts(parent.info.run_id, "leaderboard.json", str(tmp_path)))
    table = json.loads(file.read_text(encoding="utf-8"))
    assert {row[table["columns"].index("model")] for row in table["data"]} == {"pixel-diff", "検査 (v2)"}

    # The second time it is refused, unless it is meant for another experiment.
    assert "already" in export(code=1).output
    assert "1 row " in export("--experiment", "again", "--model", "pixel-*").output


def test_tables_come_back_by_load_table(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mlflow: Any = pytest.importorskip("mlflow", reason="needs kurabe[mlflow]")
    pytest.importorskip("sqlalchemy")
    export()
    store = f"sqlite:///{tmp_path / 'reports/mlflow.db'}"
    before = mlflow.get_tracking_uri()
    # load_table of the client searches in the store that is set for all.
    mlflow.set_tracking_uri(store)
    try:
        place = mlflow.get_experiment_by_name("kurabe").experiment_id
        client = mlflow.MlflowClient()
        parent = client.search_runs([place], f"tags.`kurabe.run` = '{run.name}'")[0].info.run_id
        board = client.load_table(place, "leaderboard.json", [parent], ["run_id"])
        trials = client.load_table(place, "trials.json")
    finally:
        mlflow.set_tracking_uri(before)
    tables = make_tables(run.records(), run.name)
    assert board.drop(columns="run_id").to_dict("list").keys() == tables.leaderboard.to_dict("list").keys()
    assert set(board["run_id"]) == {parent}
    for name in ("model", "suite", "question", "n", "missed", "run"):
        assert board[name].tolist() == tables.leaderboard[name].tolist()
    both = zip(board["balanced_accuracy"], tables.leaderboard["balanced_accuracy"], strict=True)
    assert all(back == pytest.approx(was) for back, was in both)
    assert trials["trial"].tolist() == tables.trials["trial"].tolist()
    assert trials["run"].tolist() == [run.name] * len(trials)


def test_without_mlflow_the_error_says_how_to_get_it(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "mlflow", None)
    monkeypatch.setitem(sys.modules, "mlflow.tracking", None)
    assert "pip install 'kurabe[mlflow]'" in export(code=1).output
    assert not (run.reports / "mlflow.db").exists()


def test_a_model_that_the_run_lacks_is_named(run: Run) -> None:
    pytest.importorskip("mlflow", reason="needs kurabe[mlflow]")
    assert run
    assert "did you mean 'pixel-diff'" in export("--model", "pixeldiff", code=1).output
