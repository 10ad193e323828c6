"""``kurabe export mlflow``: a run as runs of MLflow, in an SQLite store, with figures, tables and pictures.

MLflow compares runs by their parameters and metrics. So the run becomes one of MLflow's with the tables, the
page and the pictures, and below it stands one for each model, variant and layout with that row's figures.
"""

import math
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from kurabe.common.errors import KurabeError, did_you_mean
from kurabe.common.language import spoken
from kurabe.report.columns import FIGURES
from kurabe.report.page.data import Material
from kurabe.report.page.render import write_page
from kurabe.report.rules import wanted_by
from kurabe.report.tables import Tables, make_tables, write_tables
from kurabe.results.run import MANIFEST, Run, called

STORE = "mlflow.db"
"""Name of the SQLite store; the artifacts lie in a folder beside it, named like it without the ending."""

_AS_TABLES = (
    "leaderboard", "raw_vs_processed", "controls", "consistency", "stability", "decisions", "trials",
)  # fmt: skip
"""What ``load_table`` of MLflow finds, each by its name and ``.json``."""

_RUN = "kurabe.run"
_LONGEST = 5000
"""Characters of a parameter's value; MLflow takes 6,000."""


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written: runs of MLflow below the one that stands for the run, metrics, tables, pictures."""

    runs: int
    metrics: int
    tables: int
    pictures: int


def export_mlflow(run: Run, store: Path, experiment: str, models: Sequence[str] = ()) -> Exported:
    """Add a run to an SQLite store of MLflow, which is made if need be.

    Args:
        run: The run.
        store: The SQLite file.
        experiment: Name of MLflow's experiment.
        models: Names or globs of the models whose rows are exported; all if empty.

    Raises:
        KurabeError: If MLflow is not installed, the run is empty or damaged, no model is meant, or the run is
            in the experiment already.
    """
    client_of = _mlflow()
    manifest = run.manifest() if run.has_manifest else {}
    records = run.records()
    if not records:
        raise KurabeError(f"{run.folder} holds no results: the run was ended before its first answer")
    tables = make_tables(records, run.name, wanted_by(manifest))
    rows = list(_rows(tables, models))
    if not rows:
        known = sorted({record.model for record in records})
        raise KurabeError(
            f"no model of the run is meant by {', '.join(models)}{did_you_mean(models[0], known)}"
        )
    store.parent.mkdir(parents=True, exist_ok=True)
    client = client_of(f"sqlite:///{store.resolve()}")
    place = _experiment(client, experiment, store)
    if client.search_runs([place], f"tags.`{_RUN}` = '{run.name}' and attributes.status = 'FINISHED'"):
        raise KurabeError(
            f"{store}: the experiment {experiment!r} holds the run {run.name} already: "
            "name another --experiment or another --out"
        )
    return _write(client, place, Material.of(run, records, tables), rows)


def _mlflow() -> Any:
    """Return MLflow's client, or say how to get it."""
    # Both before the import, which reads them: nothing is sent anywhere, and no progress is drawn.
    os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")
    os.environ.setdefault("MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR", "false")
    try:
        import sqlalchemy  # type: ignore[import-not-found, unused-ignore]  # noqa: F401  (not in mlflow-skinny)
        from mlflow.tracking import MlflowClient  # type: ignore[import-not-found, unused-ignore]
    except ImportError as error:
        raise KurabeError(
            f"MLflow is not installed here ({error.name or error}): pip install 'kurabe[mlflow]'"
        ) from error
    return MlflowClient


def _experiment(client: Any, name: str, store: Path) -> str:
    found = client.get_experiment_by_name(name)
    if found is not None:
        if found.lifecycle_stage != "active":
            raise KurabeError(f"{store}: the experiment {name!r} was deleted: name another --experiment")
        return str(found.experiment_id)
    artifacts = store.with_suffix("").resolve()
    return str(client.create_experiment(name, artifact_location=artifacts.as_uri()))


def _rows(tables: Tables, models: Sequence[str]) -> Iterator[tuple[tuple[str, str, str], dict[str, float]]]:
    """Yield model, variant and layout with their metrics, named ``suite/question/column``."""
    found: dict[tuple[str, str, str], dict[str, float]] = {}
    for row in tables.leaderboard.to_dict("records"):
        who = row["model"], row["variant"], row["layout"]
        if models and not any(fnmatchcase(row["model"], glob) for glob in models):
            continue
        figures = found.setdefault(who, {})
        for column in FIGURES:
            value = row[column]
            if value is not None and math.isfinite(value):  # what is undefined is no metric, never 0
                figures[_key(f"{row['suite']}/{row['question']}/{column}")] = float(value)
    yield from found.items()


def _key(name: str) -> str:
    """Return a name as MLflow takes it; letters of any language stay."""
    return "".join(c if c.isalnum() or c in "_-. /" else "_" for c in name)


def _write(
    client: Any,
    experiment: str,
    material: Material,
    rows: Sequence[tuple[tuple[str, str, str], dict[str, float]]],
) -> Exported:
    from datetime import datetime
    from tempfile import TemporaryDirectory

    run, manifest = material.run, material.manifest
    started, ended = (
        None if not text else round(datetime.fromisoformat(text).timestamp() * 1000)
        for text in (manifest.get("started"), manifest.get("finished"))
    )
    title = called(run) or run.name
    parent = client.create_run(experiment, started, {_RUN: run.name, **_tags(manifest)}, title).info.run_id
    _log_parameters(client, parent, {"command": " ".join(manifest.get("command", ())), **_options(manifest)})
    with TemporaryDirectory() as folder:
        tables = write_tables(material.tables, Path(folder))
        for path in tables:
            client.log_artifact(parent, str(path), "tables")
        # Beside the pictures, so that it finds them.
        client.log_artifact(parent, str(write_page(material, Path(folder), lang=spoken())))
    for name in _AS_TABLES:
        table = getattr(material.tables, name)
        if not table.empty:
            client.log_table(parent, table, f"{name}.json")
    if run.has_manifest:
        client.log_artifact(parent, str(run.folder / MANIFEST))
    pictures = len(list(run.pictures.glob("*.png"))) if run.pictures.is_dir() else 0
    if pictures:
        client.log_artifacts(parent, str(run.pictures), "pictures")
    for (model, variant, layout), metrics in rows:
        name = f"{model} · {variant} · {layout}"
        tags = {"mlflow.parentRunId": parent, "kurabe.of": run.name}
        child = client.create_run(experiment, started, tags, name).info.run_id
        facts = manifest.get("models", {}).get(model, {})
        told = {"model": model, "variant": variant, "layout": layout, "fingerprint": facts.get("fingerprint")}
        _log_parameters(client, child, told)
        _log_metrics(client, child, metrics, ended or started or 0)
        client.set_terminated(child, "FINISHED", ended)
    # Last: a run that is half in does not count as exported, and may be exported again.
    client.set_terminated(parent, "FINISHED", ended)
    return Exported(len(rows), sum(len(metrics) for _, metrics in rows), len(tables), pictures)


def _tags(manifest: Mapping[str, Any]) -> dict[str, str]:
    tags = {
        "kurabe.version": manifest.get("kurabe"),
        "mlflow.source.git.commit": manifest.get("git", {}).get("commit"),
    }
    tags["kurabe.partial"] = manifest.get("partial")
    return {key: str(value) for key, value in tags.items() if value}


def _options(manifest: Mapping[str, Any]) -> dict[str, Any]:
    """Return the options that the user has set."""
    return {_key(f"options.{name}"): value for name, value in manifest.get("options", {}).items() if value}


def _log_parameters(client: Any, run: str, told: Mapping[str, Any]) -> None:
    for name, value in told.items():
        if value not in (None, ""):
            client.log_param(run, name, str(value)[:_LONGEST])


def _log_metrics(client: Any, run: str, metrics: Mapping[str, float], when: int) -> None:
    from mlflow.entities import Metric  # type: ignore[import-not-found, unused-ignore]

    told = [Metric(name, value, when, 0) for name, value in metrics.items()]
    for start in range(0, len(told), 1000):  # MLflow's limit of a batch
        client.log_batch(run, metrics=told[start : start + 1000])
