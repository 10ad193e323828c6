"""The language in which people are spoken to: as they ask for it, else as their system is set."""

import os
import re
from collections.abc import Mapping

from kurabe.common.vocabulary import Language

_VARIABLES = ("LC_ALL", "LC_MESSAGES", "LANG")
"""In the order in which POSIX looks at them; the first that is set decides."""

_JAPANESE = re.compile(r"ja(?![a-z])", re.IGNORECASE)


def spoken(asked: Language | None = None, environment: Mapping[str, str] = os.environ) -> Language:
    """Return the language of summaries and pages.

    Args:
        asked: The language that was asked for; None to go by the locale.
        environment: Where the locale is read; without any, the language is English.
    """
    if asked is not None:
        return asked
    locale = next(filter(None, (environment.get(name) for name in _VARIABLES)), "")
    return "ja" if _JAPANESE.match(locale) else "en"
