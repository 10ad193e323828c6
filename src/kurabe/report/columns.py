"""The columns of the tables: what they are called, which way is better, which questions they are of.

Apart from `kurabe.report.tables`, so that options can be checked without importing pandas.
"""

from collections.abc import Sequence

from kurabe.common.errors import did_you_mean
from kurabe.common.vocabulary import QuestionKind

ALL = "all"
"""Name of the suite that stands for the total."""

KEYS = ["model", "variant", "layout", "suite", "question"]
"""The columns of the leaderboard that say whose figures a row has."""

METRICS = [
    "accuracy", "accuracy_lo", "accuracy_hi", "balanced_accuracy", "mcc", "overkill_rate", "miss_rate",
    "auroc", "ece", "difference_recall", "difference_precision", "count_mae", "unparsed_rate",
    "seconds_per_trial", "balanced_accuracy_lo", "balanced_accuracy_hi", "miss_rate_hi",
    "overkill_rate_hi",
]  # fmt: skip
"""The columns of the leaderboard that are figures of merit."""

COUNTS = ["n_good", "n_bad", "missed", "overkilled", "errors", "unparsed", "references", "n_p"]
"""The columns of the leaderboard that count what the figures rest on; `n` counts the cases."""

TAKEN = [
    "tokens_in_per_trial", "tokens_out_per_trial", "cost", "cost_per_trial", "latency_p50", "latency_p95",
]  # fmt: skip
"""The columns of the leaderboard that say what its answers took, the first time that they were asked for."""

FIGURES = ["n", *METRICS, *COUNTS, *TAKEN]
"""The columns of the leaderboard that are numbers, which a gate may look at."""

LEADERBOARD = [
    *KEYS, "n", *METRICS[:14], "balanced_accuracy_lo", "balanced_accuracy_hi", "n_good", "n_bad",
    "missed", "overkilled", "miss_rate_hi", "overkill_rate_hi", "errors", "unparsed", "references", "run",
    "unit", "n_p", *TAKEN,
]  # fmt: skip
"""All columns of the leaderboard, in their order: new ones come last, for those who read by place.

``unit`` says over what intervals are taken: ``reference`` (sets of good parts), ``specimen`` or ``test``
(test pictures, given these good parts). ``references`` counts those units, ``n_p`` the trials that have
P(different).
"""

RAW_VS_PROCESSED = [
    "model", "layout", "suite", "question", "variant", "n", "references", "raw_balanced_accuracy",
    "processed_balanced_accuracy", "delta_balanced_accuracy", "delta_balanced_accuracy_lo",
    "delta_balanced_accuracy_hi", "raw_accuracy", "processed_accuracy", "delta", "delta_lo", "delta_hi",
    "raw_only_correct", "processed_only_correct", "p_value", "p_holm", "mcnemar_p", "unit",
]  # fmt: skip

DECISIONS = [
    *KEYS, "rule", "threshold", "threshold_hi", "fitted", "unit", "n", "n_p", "n_good", "n_bad", "missed",
    "overkilled", "undecided", "miss_rate", "miss_rate_hi", "overkill_rate", "overkill_rate_hi",
    "balanced_accuracy", "balanced_accuracy_lo", "balanced_accuracy_hi",
]  # fmt: skip
"""The operating points of each row of the leaderboard that has P(different)."""

BESIDE_DECISIONS = ["needs", "accuracy", "accuracy_lo", "accuracy_hi", "mcc"]
"""What the reports know of an operating point besides: what it would need, and figures of all parts."""

OF_POINT = ["rule", "threshold", "threshold_hi", "fitted"]
"""The columns that say at which operating point a row is."""

LEADERBOARD_AT = [*LEADERBOARD, *OF_POINT]

LINE = [
    *KEYS, *OF_POINT, "outgoing_ppm", "outgoing_ppm_hi", "false_rejects_per_shift",
    "false_rejects_per_shift_hi", "cost_per_thousand", "cost_per_thousand_hi", "seconds_p50", "seconds_p95",
    "parts_per_hour_p50", "parts_per_hour_p95", "tokens_in", "tokens_out",
]  # fmt: skip
"""What each operating point means on a production line."""

CONTROLS = ["model", "variant", "layout", "n", "called_different", "unparsed", "errors"]

CONSISTENCY = [*KEYS, "n", "consistent", "both_correct"]

STABILITY = [
    *KEYS, "n", "times", "stable", "kind", "answers", "flipped", "flip_rate", "flip_rate_hi", "to_wrong",
]  # fmt: skip
"""Of cases that were asked several times: how many, how often at most, the share always answered alike.

``kind`` is what was done to them: ``repeat``, ``swap``, ``light``, ``shift``, ``jpeg``, ``blur``, or
``shake`` for the last four together. Of so many ``answers`` so many ``flipped`` against the answer as usual,
and so many of those went from right to wrong.
"""

POD = [
    *KEYS, "kind", "measure", "scale", "method", "n", "units", "unit", "hits", "misses", "unsized", "levels",
    "size_min", "size_max", "intercept", "slope", "deff", "a50", "a90", "a90_95", "n_good", "overkilled",
    "why",
]  # fmt: skip
"""The probability of detection: ``a90_95`` is the one-sided 95 % upper limit of ``a90``; ``why`` says what is
missing or to be taken with care."""

_OF_ENGINES = [
    "n", "references", "errors", "same_text", "flipped", "flip_rate", "flip_rate_hi", "to_different",
    "to_same", "direction_p", "first_accuracy", "second_accuracy", "first_only_correct",
    "second_only_correct", "delta", "delta_lo", "delta_hi", "p_value", "mcnemar_p", "n_p", "mean_delta_p",
    "mean_abs_delta_p", "median_abs_delta_p", "max_abs_delta_p", "p_correlation", "near", "near_flips",
]  # fmt: skip

ENGINES = ["first", "second", "variant", "layout", "suite", "question", *_OF_ENGINES, "unit"]
"""Two entries of ``models.toml`` that were asked the same; deltas are the second's minus the first's."""

ENGINES_FIGURES = _OF_ENGINES
"""What a gate of ``kurabe compare-engines`` may look at."""

ENGINES_TRIALS = [
    "first", "second", "suite", "case", "question", "variant", "layout", "expected_verdict", "flipped",
    "same_text", "outcome_a", "outcome_b", "said_a", "said_b", "p_different_a", "p_different_b", "delta_p",
    "near", "text_a", "text_b",
]  # fmt: skip
"""The trials in which two entries part: what each said."""

JUDGE = [
    "judge", "model", "question", "first", "second", "answers", "unread", "changed", "statements", "both",
    "first_only", "second_only", "neither", "agreement", "kappa", "kappa_lo", "kappa_hi",
]  # fmt: skip
"""A judge, the word matcher and a person, two of them a row: on how many statements they agree."""

JUDGE_SHEET = ["trial", "answer", "known", "by_judge", "by_words", "named"]
"""What a person fills in: which of the known differences an answer names."""

LOWER_IS_BETTER = frozenset(
    {
        *("overkill_rate", "overkill_rate_hi", "miss_rate", "miss_rate_hi"),
        *("ece", "count_mae", "unparsed_rate", "seconds_per_trial", *TAKEN),
    }
)

_VERDICT: tuple[QuestionKind, ...] = ("verdict", "differences")
_OF_VERDICTS = (
    "balanced_accuracy", "balanced_accuracy_lo", "balanced_accuracy_hi", "mcc", "overkill_rate",
    "overkill_rate_hi", "miss_rate", "miss_rate_hi", "auroc", "ece", "n_good", "n_bad", "missed",
    "overkilled", "n_p",
)  # fmt: skip
ONLY_OF: dict[str, tuple[QuestionKind, ...]] = {
    **dict.fromkeys(_OF_VERDICTS, _VERDICT),
    "difference_recall": ("differences",),
    "difference_precision": ("differences",),
    "count_mae": ("count",),
}
"""The questions that a metric has a meaning for; those that are not named have one for all."""


def known(name: str, names: Sequence[str]) -> str:
    """Return ``name`` if it is one of ``names``.

    Raises:
        ValueError: With the nearest of ``names``.
    """
    if name in names:
        return name
    raise ValueError(f"there is no column {name!r}{did_you_mean(name, names, cutoff=0.0)}")
