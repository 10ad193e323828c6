"""The data dictionary: what each column of a run's CSV files means, its unit, how it is computed.

`markdown` makes ``docs/reference/columns.md`` of it; a test fails if a column is not explained, or if the
page is not current.
"""

from collections.abc import Mapping, Sequence

from kurabe.report import columns
from kurabe.report.tables import TRIALS

FILES: dict[str, tuple[str, Sequence[str]]] = {
    "leaderboard.csv": (
        "A row for each model, variant, layout, suite and question.",
        columns.LEADERBOARD,
    ),
    "raw_vs_processed.csv": (
        "A row for each model, layout, suite, question and processed variant, against raw on the same cases.",
        columns.RAW_VS_PROCESSED,
    ),
    "trials.csv": ("A row for each trial.", TRIALS),
    "decisions.csv": ("A row for each row of the leaderboard and each operating point.", columns.DECISIONS),
    "leaderboard_at.csv": (
        "With `--at`: the leaderboard at these operating points.",
        columns.LEADERBOARD_AT,
    ),
    "line.csv": ("A row for each operating point: what it means on the line.", columns.LINE),
    "controls.csv": ("A row for each model, variant and layout: identical pairs.", columns.CONTROLS),
    "consistency.csv": ("With `--swap`: is the answer the same in both orders?", columns.CONSISTENCY),
    "stability.csv": (
        "With `--repeat`, `--swap` or `--shake`: does an answer flip though the part is the same?",
        columns.STABILITY,
    ),
}
"""What each file has a row for, and its columns in their order."""

_LIMIT = "one-sided 95 % upper limit, Clopper–Pearson on the effective sample size over units"
_LOW, _HIGH = "lower end of the 95 % interval over units", "upper end of the 95 % interval over units"

EXPLAINED: dict[str, tuple[str, str]] = {
    "model": ("", "name of the entry in `models.toml`"),
    "variant": ("", "`raw`, or the processor that the pair went through"),
    "layout": ("", "how the pair was shown: `stacked`, `side-by-side`, `separate`"),
    "suite": ("", "name of the suite; `all` is the total of all suites"),
    "question": ("", "name of the question"),
    "run": ("", "name of the run"),
    "n": ("cases", "cases in the row; controls, exchanged, changed and repeated trials are not in it"),
    "accuracy": ("share", "correct / n; unread answers and errors are not correct"),
    "accuracy_lo": ("share", _LOW),
    "accuracy_hi": ("share", _HIGH),
    "balanced_accuracy": ("share", "1 − (miss_rate + overkill_rate) / 2"),
    "balanced_accuracy_lo": ("share", _LOW),
    "balanced_accuracy_hi": ("share", _HIGH),
    "mcc": ("−1 to 1", "Matthews' correlation of verdict and truth; an unread answer is the wrong class"),
    "overkill_rate": ("share", "overkilled / n_good"),
    "overkill_rate_hi": ("share", _LIMIT),
    "miss_rate": ("share", "missed / n_bad"),
    "miss_rate_hi": ("share", _LIMIT),
    "auroc": ("0 to 1", "share of bad–good pairs in which the bad part has the higher P; ties count half"),
    "ece": ("share", "expected calibration error of P(different) over bins, weighted by their trials"),
    "difference_recall": ("share", "expected differences found / expected, summed over trials"),
    "difference_precision": ("share", "claims that match one that is expected / claims, summed over trials"),
    "count_mae": ("differences", "mean absolute error of the counts that could be read"),
    "unparsed_rate": ("share", "unparsed / n"),
    "seconds_per_trial": ("seconds", "mean time of an answer, over the trials whose time is known"),
    "n_good": ("parts", "cases whose expected verdict is same"),
    "n_bad": ("parts", "cases whose expected verdict is different"),
    "missed": ("parts", "bad parts not called bad, unread answers and errors included"),
    "overkilled": ("parts", "good parts not called good, unread answers and errors included"),
    "errors": ("trials", "trials without an answer"),
    "unparsed": ("trials", "answers that could not be read"),
    "references": ("units", "number of units that intervals and tests are over"),
    "unit": ("", "what intervals take as independent: `reference`, `specimen` or `test`"),
    "n_p": ("trials", "trials with P(different); AUROC and ECE are of these"),
    "tokens_in_per_trial": ("tokens", "mean length of a question, pictures included"),
    "tokens_out_per_trial": ("tokens", "mean length of an answer"),
    "cost": ("currency of `prices`", "what the answers cost when they were first asked for; a sum in tables"),
    "cost_per_trial": ("currency of `prices`", "mean of `cost` over the trials that have one"),
    "latency_p50": ("seconds", "median time of an answer"),
    "latency_p95": ("seconds", "95 % quantile of the time of an answer"),
    "raw_balanced_accuracy": ("share", "balanced accuracy of the raw twins"),
    "processed_balanced_accuracy": ("share", "balanced accuracy of the processed ones"),
    "delta_balanced_accuracy": ("share", "processed − raw"),
    "delta_balanced_accuracy_lo": ("share", _LOW),
    "delta_balanced_accuracy_hi": ("share", _HIGH),
    "raw_accuracy": ("share", "accuracy of the raw twins"),
    "processed_accuracy": ("share", "accuracy of the processed ones"),
    "delta": ("share", "processed_accuracy − raw_accuracy"),
    "delta_lo": ("share", _LOW),
    "delta_hi": ("share", _HIGH),
    "raw_only_correct": ("cases", "cases that only raw got right"),
    "processed_only_correct": ("cases", "cases that only the processed variant got right"),
    "p_value": ("0 to 1", "sign-flip test of delta_balanced_accuracy over units"),
    "p_holm": ("0 to 1", "p_value by Holm over the models of a suite, layout, question and variant"),
    "mcnemar_p": ("0 to 1", "McNemar's exact test of plain accuracy, cases taken as independent"),
    "rule": ("", "the operating point: `shipped`, `balanced`, or what was asked for"),
    "threshold": ("P(different)", "a part is called bad from here on; empty where none keeps the rule"),
    "threshold_hi": ("P(different)", "upper end of a band; parts between are undecided"),
    "fitted": ("", "`no`, `crossed` (cross-fitted over units), or the suite that chose the threshold"),
    "undecided": ("parts", "parts in the band"),
    "outgoing_ppm": ("parts per million", "bad parts among those that are passed"),
    "outgoing_ppm_hi": ("parts per million", "the same at the upper limits of miss and overkill"),
    "false_rejects_per_shift": ("parts", "good parts called bad in a shift"),
    "false_rejects_per_shift_hi": ("parts", "the same at the upper limit of overkill"),
    "cost_per_thousand": ("currency of `line`", "expected cost of escapes and overkill in a thousand parts"),
    "cost_per_thousand_hi": ("currency of `line`", "the same at the upper limits"),
    "seconds_p50": ("seconds", "median time of an answer"),
    "seconds_p95": ("seconds", "95 % quantile of the time of an answer"),
    "parts_per_hour_p50": ("parts per hour", "3600 / seconds_p50, one part after another"),
    "parts_per_hour_p95": ("parts per hour", "3600 / seconds_p95"),
    "tokens_in": ("tokens", "length of the question, pictures included; a mean in a table of rows"),
    "tokens_out": ("tokens", "length of the answer; a mean in a table of rows"),
    "called_different": ("trials", "identical pairs that were called different"),
    "consistent": ("share", "pairs of trials answered alike in both orders; unread answers are not"),
    "both_correct": ("share", "pairs of trials answered rightly in both orders"),
    "times": ("times", "how often a case was asked at most"),
    "stable": ("share", "cases that were always answered alike"),
    "answers": ("answers", "answers compared with the answer as usual"),
    "flipped": ("answers", "those that differ from the answer as usual"),
    "flip_rate": ("share", "flipped / answers"),
    "flip_rate_hi": ("share", "one-sided 95 % upper limit of flip_rate"),
    "to_wrong": ("answers", "those that went from right to wrong"),
    "kind": ("", "`repeat`, `swap`, `light`, `shift`, `jpeg`, `blur`, or `shake` for the last four"),
    "trial": ("", "id of the trial, as pytest has it"),
    "case": ("", "`suite/id` of the case"),
    "reference": ("", "content id of the set of good parts"),
    "control": ("true, false", "whether the pair is one picture twice"),
    "swapped": ("true, false", "whether the pictures were exchanged"),
    "repeat": ("", "number of the repetition, from 0"),
    "expected": ("", "what is right, in short"),
    "expected_verdict": ("", "the verdict that is right, where the question has one"),
    "text": ("", "the answer as it came"),
    "verdict": ("", "the verdict that was read"),
    "p_different": ("0 to 1", "P(different) by the engine; empty where it gives none"),
    "outcome": ("", "`correct`, `wrong`, `unparsed` or `error`"),
    "seconds": ("seconds", "time of this answer when it was first asked for; of a batch each has its share"),
    "cached": ("true, false", "whether the answer came from the cache"),
    "tags": ("", "tags of the case, separated by `; `"),
    "error": ("", "why there is no answer"),
    "kinds": ("", "kinds of the expected differences, separated by `; `"),
    "test": ("", "content id of the test picture"),
    "specimen": ("", "the part that the test picture shows, if the case names it"),
    "shake": ("", "how the test picture was changed, such as `light 0.90`"),
    "chosen": ("", "content id of the good part that was compared with"),
    "shots": ("pictures", "how many good parts were shown"),
    "size": ("as declared", "largest declared size of the expected differences"),
    "calibration": ("true, false", "whether a threshold was chosen on this case, which is then in no row"),
    "found": ("", "expected differences that the answer names"),
    "claimed": ("differences", "differences that the answer claims"),
    "matched": ("differences", "claims that match an expected difference"),
    "count": ("differences", "the count that was read"),
    "count_error": ("differences", "its absolute error"),
    "choice": ("", "the choice that was read"),
    "hit": ("", "what a description had to name and does"),
    "forbidden": ("", "what a description names and must not"),
    "reason": ("", "why the answer could not be read"),
    "prompt": ("", "what was asked"),
    "reference_picture": ("path", "the good part as its file is, from the folder of reports"),
    "test_picture": ("path", "the test picture as its file is, from the folder of reports"),
    "boxes": ("pixels of the test picture", "expected boxes as `[[left, top, right, bottom], …]`"),
    "predicted_boxes": ("pixels of the test picture", "the boxes that the answer names, in the same form"),
}  # fmt: skip
"""Unit and meaning of each column; what several files share stands once."""

IN_FILE: Mapping[tuple[str, str], tuple[str, str]] = {
    ("trials.csv", "missed"): ("", "expected differences that the answer does not name, separated by `; `"),
    ("trials.csv", "rule"): ("", "by which rule the answer was read"),
    ("trials.csv", "threshold"): (
        "P(different)",
        "the threshold that made the verdict; empty if the words did",
    ),
    ("controls.csv", "n"): ("trials", "identical pairs that were asked"),
    ("consistency.csv", "n"): ("pairs of trials", "pairs that were asked in both orders"),
    ("stability.csv", "n"): ("cases", "cases that were asked several times"),
}
"""Columns that mean something else in one file."""


def explained(file: str, column: str) -> tuple[str, str]:
    """Return unit and meaning of a column.

    Raises:
        KeyError: If it is not explained.
    """
    return IN_FILE.get((file, column)) or EXPLAINED[column]


def markdown() -> str:
    """Return the page of the reference that explains all columns."""
    parts = [
        "# Columns of the CSV files",
        "Written by `python -m tools.columns` from `src/kurabe/report/dictionary.py`. [Files of a run]"
        "(run-files.md)\nsays what the files are, [how the numbers are made](../background/numbers.md) why.",
        "A figure that is undefined is empty, never 0. Shares are from 0 to 1. New columns come last.",
    ]
    for file, (rows, names) in FILES.items():
        lines = [f"## {file}\n\n{rows}\n", "| column | unit | meaning |\n|---|---|---|"]
        for name in names:
            unit, meaning = explained(file, name)
            lines.append(f"| `{name}` | {unit or '–'} | {meaning} |")
        parts.append("\n".join(lines))
    return "\n\n".join(parts) + "\n"
