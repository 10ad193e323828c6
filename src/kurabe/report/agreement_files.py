"""The files of an agreement analysis: two tables and a page to print."""

from pathlib import Path
from typing import Any

import pandas as pd

from kurabe.common.vocabulary import Language
from kurabe.report.agreement import AgreementLimits, Study, agreement_table, parts_table
from kurabe.report.csv_files import write_csv
from kurabe.report.sheet.render import write_sheet

MOST_SPLITS = 40
"""Parts that split the raters on the page; all are in ``agreement_parts.csv``."""


def write_agreement(
    study: Study, run: str, folder: Path, lang: Language = "en", limits: AgreementLimits | None = None
) -> tuple[pd.DataFrame, list[Path]]:
    """Write ``agreement.csv``, ``agreement_parts.csv`` and ``agreement.html``.

    Args:
        study: Who said what.
        run: Name of the run.
        folder: Where to; it is made if need be.
        lang: Language of the page.
        limits: What is acceptable; AIAG's by default.

    Returns:
        The table of the figures, and the files.

    Raises:
        OSError: If the folder cannot be written to.
    """
    limits = limits or AgreementLimits()
    table, parts = agreement_table(study, limits), parts_table(study)
    folder.mkdir(parents=True, exist_ok=True)
    write_csv(table, folder / "agreement.csv")
    write_csv(parts, folder / "agreement_parts.csv")
    page = write_sheet("agreement", folder / "agreement.html", lang, _shown(study, run, table, parts, limits))
    return table, [folder / "agreement.csv", folder / "agreement_parts.csv", page]


def _shown(
    study: Study, run: str, table: pd.DataFrame, parts: pd.DataFrame, limits: AgreementLimits
) -> dict[str, Any]:
    rows = table.to_dict("records")
    raters: dict[str, dict[str, Any]] = {name: {} for name in study.calls}
    pairs: dict[tuple[str, str], dict[str, Any]] = {}
    everyone = {}
    for row in rows:
        if row["other"] is not None:
            pairs.setdefault((row["rater"], row["other"]), {})[row["measure"]] = row
        elif row["rater"] is not None:
            raters[row["rater"]][row["measure"]] = row
        else:
            everyone[row["measure"]] = row
    split = parts[parts["split"] > 0].to_dict("records")
    return {
        "run": run, "raters": raters, "models": study.models, "pairs": list(pairs.values()),
        "everyone": everyone, "splits": split, "most": MOST_SPLITS, "limits": limits,
    }  # fmt: skip
