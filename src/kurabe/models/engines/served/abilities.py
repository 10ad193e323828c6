"""What a server turns out to be able to do. Nothing is assumed: its first replies tell."""

import json
from collections import Counter

from kurabe.models.engines.served.remote import Call, Feature, Form, RemoteError, Reply

_TRIES = 3
"""Replies without what was asked for, and none with it, after which it is no longer asked for."""

_ORDER: tuple[Feature, ...] = ("schema", "logprobs", "n")
"""What is left out first where a server refuses a call and does not say why."""


class Abilities:
    """Features that calls may still ask for. One event loop uses it."""

    def __init__(self, offers: frozenset[Feature]) -> None:
        self._given: set[Feature] = set()
        self._ignored: Counter[Feature] = Counter()
        self._lacking: dict[Feature, str] = {}
        self._offers = offers

    def has(self, feature: Feature) -> bool:
        """Say whether it makes sense to ask for a feature."""
        return feature in self._offers and feature not in self._lacking

    def gives(self, feature: Feature) -> bool:
        """Say whether the server has shown that it has a feature."""
        return feature in self._given

    def reduced(self, call: Call) -> Call:
        """Return a call that asks for nothing that the server lacks."""
        for feature in call.asks_for:
            if not self.has(feature):
                call = call.without(feature)
        return call

    def to_leave_out(self, call: Call, error: RemoteError) -> Feature | None:
        """Return what a refused call should be repeated without; None if that cannot be the reason."""
        # A feature that worked before may be refused now only if the server says that this is the reason.
        named = [feature for feature in _ORDER if feature in call.asks_for and feature in error.names]
        doubted = [feature for feature in _ORDER if feature in call.asks_for - self._given]
        return next(iter(named or doubted), None)

    def refused(self, feature: Feature) -> None:
        """Note that a call was refused with a feature, and answered without it."""
        self._lacking.setdefault(feature, "refuses")

    def saw(self, call: Call, reply: Reply) -> None:
        """Note what a reply has of what its call asked for."""
        for feature in call.asks_for:
            if _has(reply, feature, call.form):
                self._given.add(feature)
            elif feature not in self._given:
                self._ignored[feature] += 1
                if self._ignored[feature] >= (1 if feature == "n" else _TRIES):
                    self._lacking.setdefault(feature, "ignores")

    def facts(self) -> dict[str, str]:
        """Return what is known of each feature: ``given``, ``ignored`` or ``refused``."""
        words = {"ignores": "ignored", "refuses": "refused"}
        found: dict[str, str] = dict.fromkeys(sorted(self._given), "given")
        for feature, why in self._lacking.items():
            found[feature] = words[why]
        return found

    def remarks(self) -> list[str]:
        """Return what a reader of the results has to know, as ends of sentences: "ignores …"."""
        found = []
        if why := self._lacking.get("logprobs"):
            found.append(
                f"{why} the request for log-probabilities: its verdicts are read from the text, and it has "
                "no P(different)"
            )
        if why := self._lacking.get("schema"):
            found.append(f"{why} the request for a fixed form: its answers are read as free text")
        return found


def _has(reply: Reply, feature: Feature, form: Form | None) -> bool:
    match feature:
        case "logprobs":
            return bool(reply.first)
        case "n":
            return len(reply.texts) > 1
        case "schema":
            return form is not None and _fits(reply.texts[0], form)


def _fits(text: str, form: Form) -> bool:
    if text.strip() in form.choices:
        return True
    try:
        value = json.loads(text)
    except ValueError:
        return text.lstrip().startswith("{")  # cut off by the limit of tokens
    return isinstance(value, dict) and value.keys() == form.schema["properties"].keys()  # type: ignore[attr-defined]
