"""When a failed request is asked again, and when a model is given up."""

import random
import time
from collections.abc import Callable

from kurabe.models.engines.served.remote import RemoteError
from kurabe.models.engines.served.settings import ServedSettings

_FIRST_WAIT, _LONGEST_WAIT = 0.5, 30.0
_LONGEST_ASKED = 120.0
"""Seconds that a server may ask to wait; one that asks for more is busy for the rest of the day."""

_SAVINGS, _EACH = 32.0, 0.2
"""Repeats that a model may have from the beginning, and by each reply: a server that fails at everything must
not be asked seven times as much."""

_IN_A_ROW = 3
"""Requests that are denied one after the other, after which all would be."""


class Retries:
    """Decides for all requests of one model. One event loop uses it.

    Args:
        settings: The entry's.
        now: A clock, in seconds.

    Attributes:
        given_up: Why the model is asked nothing more; "" if it is.
        made: How many requests were repeated.
    """

    def __init__(self, settings: ServedSettings, now: Callable[[], float] = time.monotonic) -> None:
        self.given_up = ""
        self.made = 0
        self._settings = settings
        self._now = now
        self._savings = _SAVINGS
        self._denied = 0
        self._gone_since: float | None = None

    def succeeded(self) -> None:
        """Note a reply."""
        self._savings = min(_SAVINGS, self._savings + _EACH)
        self._denied, self._gone_since = 0, None

    def wait(self, error: RemoteError, tried: int) -> float | None:
        """Return in how many seconds a request is asked again; None if it is not.

        Args:
            error: What it met.
            tried: How often it has been asked.
        """
        if error.trouble == "gone":
            return self._when_gone(error, tried)
        self._gone_since = None  # somebody answers
        if error.trouble == "denied":
            self._denied += 1
            if self._denied >= _IN_A_ROW:
                self.given_up = self.given_up or error.what
        if error.trouble in ("denied", "refused") or tried > self._settings.retries:
            return None
        asked = error.retry_after
        if asked is not None and asked > _LONGEST_ASKED:
            error.what += f", and wants to be left alone for {asked:.0f} s"
            self.given_up = self.given_up or error.what
            return None
        if error.trouble != "busy":  # a server that says it is busy limits repeats by itself
            if self._savings < 1:
                return None
            self._savings -= 1
        self.made += 1
        return max(asked or 0.0, _backoff(tried))

    def _when_gone(self, error: RemoteError, tried: int) -> float | None:
        if self._gone_since is None:
            self._gone_since = self._now()
        if self._now() - self._gone_since >= self._settings.patience:
            self.given_up = self.given_up or error.what
        if self.given_up:
            return None
        self.made += 1
        return min(_backoff(tried), max(0.1, self._settings.patience / 4))


def _backoff(tried: int) -> float:
    """Return a wait that doubles, with chance in it: what failed together must not come back together."""
    longest = min(_LONGEST_WAIT, _FIRST_WAIT * 2.0 ** min(tried - 1, 10))
    return longest * random.uniform(0.5, 1.0)  # noqa: S311
