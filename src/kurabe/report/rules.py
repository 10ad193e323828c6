"""Rules by which a threshold is chosen, as ``miss_rate <= 0.01``; read without importing pandas or scipy."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kurabe.report.gate import parse_gate
from kurabe.report.line import Line, line_of

_RATES = ("miss_rate", "overkill_rate")
_NAMED = ("balanced", "least cost")


@dataclass(frozen=True, slots=True)
class Rule:
    """What a threshold has to do.

    Attributes:
        text: The rule in its one spelling, as the column ``rule`` has it.
        miss: Largest miss rate that is allowed; None if nothing is said of it.
        overkill: Largest overkill rate that is allowed; None if nothing is said of it.
        costs: What a missed bad part and an overkilled good part count, for rules that weigh them.
    """

    text: str
    miss: float | None = None
    overkill: float | None = None
    costs: tuple[float, float] | None = None

    @property
    def weighs(self) -> bool:
        """Whether the threshold is that of the least weighted sum of both rates."""
        return self.miss is None and self.overkill is None

    @property
    def is_band(self) -> bool:
        """Whether both rates are bounded, which takes two thresholds: parts between them go to a person."""
        return self.miss is not None and self.overkill is not None


BALANCED = Rule("balanced", costs=(0.5, 0.5))
"""Both rates count the same, so this is the threshold of the highest balanced accuracy."""

SHIPPED = "shipped"
"""The rule of rows that have the verdicts as they were read."""


def least_cost(bad_share: float, escape: float, overkill: float) -> Rule:
    """Return the rule of the least expected cost a part.

    Args:
        bad_share: Share of bad parts on the line, in (0, 1).
        escape: Cost of a bad part that is called good.
        overkill: Cost of a good part that is called bad, in the same unit.
    """
    return Rule("least cost", costs=(bad_share * escape, (1 - bad_share) * overkill))


def parse_rule(text: str) -> Rule:
    """Read a rule: ``balanced``, ``least cost``, a bound on one rate, or on both (a band).

    The costs of ``least cost`` come from ``[line]``: `Wanted` fills them in.

    Raises:
        ValueError: If it cannot be read, or bounds something else than the two rates.
    """
    words = " ".join(text.split())
    if words == "balanced":
        return BALANCED
    if words in ("least cost", "least_cost"):
        return Rule("least cost")
    try:
        gate = parse_gate(text)
    except ValueError as error:
        raise ValueError(f"{text!r} is no operating point: {_HOW}") from error
    bounds: dict[str, float] = {}
    for condition in gate.conditions:
        name = condition.column
        if name not in _RATES or condition.sign != "<=" or name in bounds or not 0 < condition.bound < 1:
            raise ValueError(f"{text!r} is no operating point: {_HOW}")
        bounds[name] = condition.bound
    if set(gate.selectors) != {"suite"} or gate.selectors["suite"] != "all":
        raise ValueError(f"{text!r} is no operating point: it holds for every row, so it takes no selector")
    return _bounded(bounds.get("miss_rate"), bounds.get("overkill_rate"))


_HOW = (
    "write 'miss_rate <= 0.01', 'overkill_rate <= 0.05', both for a band, or one of "
    f"{', '.join(map(repr, _NAMED))}; a rate lies between 0 and 1"
)


def _bounded(miss: float | None, overkill: float | None) -> Rule:
    bounds = [
        f"{name} <= {bound:g}"
        for name, bound in zip(_RATES, (miss, overkill), strict=True)
        if bound is not None
    ]
    return Rule(" ".join(bounds), miss, overkill)


def with_band(rules: Sequence[Rule]) -> list[Rule]:
    """Return the rules, each once, with the band of one miss and one overkill rate that are asked for."""
    found = list({rule.text: rule for rule in rules}.values())
    misses = [rule.miss for rule in found if rule.miss is not None and not rule.is_band]
    overkills = [rule.overkill for rule in found if rule.overkill is not None and not rule.is_band]
    if len(misses) == len(overkills) == 1 and not any(rule.is_band for rule in found):
        found.append(_bounded(misses[0], overkills[0]))
    return found


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked of the operating points of a run.

    Attributes:
        at: The rules of ``--at``.
        line: The line that they are for.
    """

    at: tuple[Rule, ...] = ()
    line: Line | None = None

    @classmethod
    def of(cls, at: Sequence[str], line: Mapping[str, Any] | None) -> "Wanted":
        """Read what is asked.

        Args:
            at: Rules as they were written.
            line: Keys of the line.

        Raises:
            ValueError: If anything cannot be read, or the least cost is asked for without costs.
        """
        known = line_of(line) if line else None
        weighed = None if known is None or known.costs is None else least_cost(*known.costs)
        rules = []
        for rule in map(parse_rule, at):
            if rule.weighs and rule.costs is None:
                if weighed is None:
                    raise ValueError(
                        "'least cost' needs bad_share, escape_cost and overkill_cost, "
                        "as [line] in models.toml or as an option"
                    )
                rule = weighed
            rules.append(rule)
        return cls(tuple(with_band(rules)), known)

    @property
    def rules(self) -> list[Rule]:
        """All rules beside the usual ones: those of ``--at``, and the least cost where costs are known."""
        costs = None if self.line is None else self.line.costs
        return with_band([*self.at, *([] if costs is None else [least_cost(*costs)])])


def wanted_by(manifest: Mapping[str, Any]) -> Wanted:
    """Return what a run asked for, by its manifest; nothing where it is of an older kurabe or damaged."""
    try:
        return Wanted.of(manifest.get("options", {}).get("at") or (), manifest.get("line"))
    except (ValueError, TypeError, AttributeError):
        return Wanted()


def short(threshold: float) -> str:
    """Return a threshold with two places, or as many as tell it from 0 and 1."""
    for places in range(2, 17):
        text = f"{threshold:.{places}f}"
        if 0 < float(text) < 1 or threshold in (0.0, 1.0):
            return text
    return repr(threshold)


def signed(value: float) -> str:
    """Return a change in two digits with its sign; what rounds to zero is +0.00."""
    return f"{round(value, 2) + 0.0:+.2f}"
