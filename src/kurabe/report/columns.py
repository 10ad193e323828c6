"""The columns of the tables: what they are called, which way is better, which questions they are of.

Apart from `kurabe.report.tables`, so that options can be checked without importing pandas.
"""

from kurabe.common.errors import did_you_mean
from kurabe.common.vocabulary import QuestionKind

ALL = "all"
"""Name of the suite that stands for the total."""

KEYS = ["model", "variant", "layout", "suite", "question"]
"""The columns of the leaderboard that say whose figures a row has."""

METRICS = [
    "accuracy", "accuracy_lo", "accuracy_hi", "balanced_accuracy", "balanced_accuracy_lo",
    "balanced_accuracy_hi", "mcc", "overkill_rate", "miss_rate", "auroc", "ece", "difference_recall",
    "difference_precision", "count_mae", "unparsed_rate", "seconds_per_trial",
]  # fmt: skip
"""The columns of the leaderboard that are figures of merit."""

LEADERBOARD = [*KEYS, "n", *METRICS]

RAW_VS_PROCESSED = [
    "model", "suite", "question", "variant", "n", "raw_accuracy", "processed_accuracy", "delta", "delta_lo",
    "delta_hi", "raw_only_correct", "processed_only_correct", "p_value", "p_holm",
]  # fmt: skip

CONTROLS = ["model", "variant", "layout", "n", "called_different", "unparsed"]

CONSISTENCY = [*KEYS, "n", "consistent", "both_correct"]

LOWER_IS_BETTER = frozenset(
    ("overkill_rate", "miss_rate", "ece", "count_mae", "unparsed_rate", "seconds_per_trial")
)

_VERDICT: tuple[QuestionKind, ...] = ("verdict", "differences")
ONLY_OF: dict[str, tuple[QuestionKind, ...]] = {
    **dict.fromkeys(("balanced_accuracy", "balanced_accuracy_lo", "balanced_accuracy_hi"), _VERDICT),
    "mcc": _VERDICT,
    "overkill_rate": _VERDICT,
    "miss_rate": _VERDICT,
    "auroc": _VERDICT,
    "ece": _VERDICT,
    "difference_recall": ("differences",),
    "difference_precision": ("differences",),
    "count_mae": ("count",),
}
"""The questions that a metric has a meaning for; those that are not named have one for all."""


def known(name: str, names: list[str]) -> str:
    """Return ``name`` if it is one of ``names``.

    Raises:
        ValueError: With the nearest of ``names``.
    """
    if name in names:
        return name
    raise ValueError(f"there is no column {name!r}{did_you_mean(name, names, cutoff=0.0)}")
