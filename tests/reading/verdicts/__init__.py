"""Answers to a verdict question with what they say, by language."""

from kurabe.common.vocabulary import Language, Verdict
from tests.reading.verdicts import english, english_open, japanese

_TABLES: list[tuple[str, Language, Verdict | None]] = [
    (english.DIFFERENT, "en", "different"),
    (english.SAME, "en", "same"),
    (english_open.UNREADABLE, "en", None),
    (japanese.DIFFERENT, "ja", "different"),
    (japanese.SAME, "ja", "same"),
    (japanese.UNREADABLE, "ja", None),
]
TABLE = [
    (text, language, verdict) for table, language, verdict in _TABLES for text in table.strip().splitlines()
]
