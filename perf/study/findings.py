"""The articles' three findings, each held against the figures by a rule that was stated beforehand."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import pandas as pd

from perf.study import figures
from perf.study.figures import Estimate, Linking, Paired
from perf.study.kept import BASE

Verdict = Literal["holds", "holds in part", "does not hold", "cannot be told"]

GENERAL = ("everyday", "shapes")
INDUSTRIAL = ("connector",)
NAMES = {"base": "the base", "plain": "the adapter", "linked": "the adapter with linking"}
PROCESSED = ("n-soartc", "soart3")
CEILING = 0.97
"""Balanced accuracy from which on there is too little room above for anything to be better."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What the articles found, and what is found here.

    Attributes:
        claim: The articles' finding, as a sentence.
        rule: When it is taken to hold.
        verdict: Whether it does.
        reason: The figures that decide, in sentences.
    """

    claim: str
    rule: str
    verdict: Verdict
    reason: str


def number(value: float) -> str:
    """Write a figure in [0, 1]."""
    return f"{value:.2f}"


def interval(estimate: Estimate, sign: bool = False, percent: bool = False) -> str:
    """Write a figure with its interval."""
    form = ("+" if sign else "") + (".0%" if percent else ".2f")
    return f"{estimate.value:{form}} [{estimate.low:{form}}, {estimate.high:{form}}]"


def sight(cases: pd.DataFrame) -> Finding:
    """Finding 1, of the verdicts on raw pairs."""
    general, industrial = (figures.of_kind(cases, BASE, "raw", suites) for suites in (GENERAL, INDUSTRIAL))
    drop = figures.unpaired(general, industrial, figures.balanced)
    misses = figures.unpaired(general, industrial, figures.missed)
    accuracy = [figures.estimate(each, figures.balanced) for each in (general, industrial)]
    rate = [figures.estimate(each, figures.missed) for each in (general, industrial)]
    called = figures.estimate(industrial, figures.overkill)
    told = (
        f"The base's balanced accuracy is {interval(accuracy[0])} on everyday things and shapes and "
        f"{interval(accuracy[1])} on connectors, a change of {interval(drop, sign=True)}; it calls "
        f"{interval(rate[0])} of the bad pairs good there and {interval(rate[1])} here, a change of "
        f"{interval(misses, sign=True)}."
    )
    verdict: Verdict = "cannot be told"
    if drop.above:
        verdict, more = "does not hold", "It inspects connectors better than what it was trained on."
    elif drop.below and misses.above:
        verdict, more = "holds", "It sees less on connectors, and what it does not see it calls good."
    elif drop.below:
        verdict = "holds in part"
        more = (
            "It errs more on connectors, but it is not shown to miss more: it calls "
            f"{number(called.value)} of the good pairs bad."
        )
    elif misses.above:
        verdict, more = "holds in part", "It misses more, yet its balanced accuracy is not shown to be lower."
    else:
        more = "The intervals hold no change as well as a change."
    return Finding(
        "Pre-trained models miss industrial differences.",
        "It holds if, on raw pairs, the base's balanced accuracy is lower on connectors than on everyday "
        "things and shapes, and its miss rate higher, each with an interval of the change that leaves 0 "
        "out; in part if one of the two is so; it does not hold if the accuracy is higher, the interval "
        "leaving 0 out.",
        verdict,
        f"{told} {more}",
    )


def loss(compared: Linking) -> Finding:
    """Finding 2, of the loss on held-out pairs that all adapters share."""
    plain, linked = (
        ", ".join(f"{value:.3f}" for value in each) for each in (compared.plain, compared.linked)
    )
    told = (
        f"On the same held-out pairs the loss per answer token is {linked} with linking pairs and {plain} "
        f"without, seed by seed: a change of {interval(compared.change, sign=True, percent=True)}."
    )
    verdict: Verdict = "cannot be told"
    if compared.change.below and compared.apart:
        verdict, more = (
            "holds",
            "Every adapter that learned linking pairs has a lower loss than every one that did not.",
        )
    elif compared.change.above and compared.apart:
        verdict = "does not hold"
        more = "Every adapter that learned linking pairs has a higher loss than every one that did not."
    elif not compared.apart:
        more = "The seeds of the two kinds overlap: another seed changes as much as linking does."
    else:
        more = "The seeds lie apart, but the interval over the held-out references holds 0."
    return Finding(
        "Linking pairs lower the loss.",
        "It holds if the loss with linking pairs is lower, the interval of the change over held-out "
        "references leaving 0 out, and if besides every seed with them has a lower loss than every seed "
        "without; it does not hold if both are so the other way round.",
        verdict,
        f"{told} {more}",
    )


def processing(compared: Sequence[Paired], raw: dict[str, float]) -> Finding:
    """Finding 3, of the verdicts on connectors.

    Args:
        compared: Each model's processed pairs (second) against its raw ones (first).
        raw: Balanced accuracy of each model on raw pairs.
    """
    better = [each for each in compared if each.better]
    worse = [each for each in compared if each.worse]
    told = [
        f"Of {len(compared)} comparisons of a model and a processor, {len(better)} "
        f"{'is' if len(better) == 1 else 'are'} better beyond chance and {len(worse)} worse."
    ]
    told += [f"Better: {_named(better)}."] if better else []
    told += [f"Worse: {_named(worse)}."] if worse else []
    full = [NAMES[model] for model, value in raw.items() if value >= CEILING]
    if full:
        told.append(
            f"On raw pairs {' and '.join(full)} {'has' if len(full) == 1 else 'have'} a balanced accuracy of "
            f"{CEILING:.2f} or more already, which leaves little room above."
        )
    verdict: Verdict = "cannot be told"
    if better:
        verdict = "holds in part" if worse else "holds"
    elif worse:
        verdict = "does not hold"
    return Finding(
        "Processed images are told apart better than raw ones.",
        "A comparison is better or worse if the interval of the change in balanced accuracy leaves 0 out "
        "and McNemar's exact test, adjusted by Holm over all of them, is below 0.05. The finding holds if "
        "some are better and none is worse; in part if some are better and some worse; it does not hold "
        "if some are worse and none is better.",
        verdict,
        " ".join(told),
    )


def _named(compared: Sequence[Paired]) -> str:
    return "; ".join(
        f"{NAMES[each.first[0]]} with `{each.second[1]}` ({interval(each.delta, sign=True)})"
        for each in compared
    )
