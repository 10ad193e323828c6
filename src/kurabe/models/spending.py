"""What served models may cost in a run, and what they have cost: in money, and in tokens."""

from dataclasses import dataclass, field
from threading import Lock


@dataclass(slots=True)
class _Spent:
    """What one model has cost so far.

    Attributes:
        tokens: Tokens in and out.
        cost: Money, by the prices of its entry; None without prices.
        answers: How many answers that is for.
        most: The most that one answer took, in tokens and in money.
    """

    tokens: int = 0
    cost: float | None = None
    answers: int = 0
    most: tuple[int, float] = (0, 0.0)


@dataclass(slots=True)
class Spending:
    """The account of a session; engines of served models ask it before each request.

    Several threads may use it. What cached answers cost once is not counted.

    Attributes:
        max_cost: Money that may be spent, in the currency of the prices; None for no limit.
        max_tokens: Tokens in and out that may be used; None for no limit.
        names: How the user writes the two limits; for messages.
    """

    max_cost: float | None = None
    max_tokens: int | None = None
    names: tuple[str, str] = ("--kurabe-max-cost", "--kurabe-max-tokens")
    _untold: str = ""
    _by_model: dict[str, _Spent] = field(default_factory=dict)
    _open: dict[str, int] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    @property
    def limited(self) -> bool:
        """Whether there is a limit at all."""
        return self.max_cost is not None or self.max_tokens is not None

    def share(self, parts: int) -> None:
        """Take one of so many equal parts of the limits, where as many processes ask."""
        if self.max_cost is not None:
            self.max_cost /= parts
        if self.max_tokens is not None:
            self.max_tokens //= parts

    def may_ask(self, model: str) -> bool:
        """Take room for one more request of a model; False if those under way may use up what is left.

        A request is expected to take as much as the dearest so far; before the first answer nobody knows, so
        only one request is let through. `settle` gives the room back.
        """
        with self._lock:
            if self.limited and not self._has_room(model):
                return False
            self._open[model] = self._open.get(model, 0) + 1
            return True

    def is_spent(self, model: str) -> bool:
        """Say whether nothing is left for another request, even with none under way."""
        with self._lock:
            return self.limited and not any(self._open.values()) and not self._has_room(model)

    def settle(self, model: str, tokens: int | None = 0, cost: float | None = None) -> None:
        """Give the room of a request back, and book what it took.

        Args:
            model: The model's name.
            tokens: In and out; 0 for a request that failed, None if the server does not say.
            cost: By its prices; None without prices.
        """
        with self._lock:
            self._open[model] -= 1
            if tokens is None:
                self._untold = self._untold or model
            if not tokens:
                return
            own = self._by_model.setdefault(model, _Spent())
            own.tokens += tokens
            own.answers += 1
            own.cost = own.cost if cost is None else (own.cost or 0.0) + cost
            own.most = max(own.most[0], tokens), max(own.most[1], cost or 0.0)

    def _has_room(self, model: str) -> bool:
        if self._untold == model:
            return False
        tokens = sum(each.tokens for each in self._by_model.values())
        cost = sum(each.cost or 0.0 for each in self._by_model.values())
        for name in {*self._open, model}:
            count = self._open.get(name, 0) + (name == model)
            own = self._by_model.get(name)
            if own is not None:
                tokens, cost = tokens + count * own.most[0], cost + count * own.most[1]
            elif count > 1:
                return False  # the first answer tells what one takes
        within = self.max_tokens is None or tokens <= self.max_tokens
        return within and (self.max_cost is None or cost <= self.max_cost)

    def why(self, model: str) -> str:
        """Say that a limit is reached, and how to go on."""
        if self._untold == model:
            return (
                f"the server of {model} does not say how many tokens it used: {self.names[1]} cannot be kept"
            )
        spent, limits = self._totals(), []
        if self.max_cost is not None:
            limits.append(f"{self.names[0]} {self.max_cost:g}")
        if self.max_tokens is not None:
            limits.append(f"{self.names[1]} {self.max_tokens}")
        return (
            f"the budget is used up ({spent}; {' '.join(limits)}): give a larger one to go on; what is "
            "answered is not asked again"
        )

    def summary(self) -> str:
        """Say what was spent in all; "" if nothing was."""
        return self._totals() if self._by_model else ""

    def _totals(self) -> str:
        with self._lock:
            spent = list(self._by_model.values())
        tokens, answers = sum(each.tokens for each in spent), sum(each.answers for each in spent)
        costs = [each.cost for each in spent if each.cost is not None]
        money = f"{sum(costs):.6g} spent, " if costs else ""
        noun = "answer" if answers == 1 else "answers"
        return f"{money}{tokens:,} tokens for {answers:,} {noun} of served models"
