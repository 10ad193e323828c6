"""A negation, a hedge or a correction round a statement never leaves its verdict as it was."""

from collections.abc import Iterator

import pytest

from kurabe.common.vocabulary import Language, Verdict
from kurabe.reading import read
from tests.reading.corpus.wrappers import hedges, japanese, negators, statements

_PLAIN = (
    ("ではありません", "ではない"), ("はありません", "はない"),
    ("見られません", "見られない"), ("ていません", "ていない"),
    ("があります", "がある"), ("見られます", "見られる"), ("異なります", "異なる"),
    ("ています", "ている"), ("違います", "違う"),
    ("そうです", "そうだ"), ("です", "だ"),
)  # fmt: skip


def plain_form(statement: str) -> str:
    """Return a polite Japanese statement in its plain form, as it stands before と and こと."""
    for polite, plain in _PLAIN:
        if statement.endswith(polite):
            return statement.removesuffix(polite) + plain
    return statement


def lowered(statement: str) -> str:
    return statement if statement.startswith("I ") else statement[0].lower() + statement[1:]


def wrapped(language: Language, frames: str) -> Iterator[tuple[str, Verdict]]:
    """Yield each statement in each frame, with the verdict of the bare statement."""
    known = statements.ENGLISH if language == "en" else statements.JAPANESE
    for verdict, texts in known.items():
        opposites = known["different" if verdict == "same" else "same"]
        for number, text in enumerate(texts):
            bare, opposite = text.rstrip(".。"), opposites[number % len(opposites)].rstrip(".。")
            for frame in frames.strip().splitlines():
                yield (
                    frame.format(
                        S=bare, s=lowered(bare), p=plain_form(bare), o=opposite, ol=lowered(opposite)
                    ),
                    verdict,
                )


@pytest.mark.parametrize("language", ["en", "ja"])
def test_the_bare_statements_are_read(language: Language) -> None:
    known = statements.ENGLISH if language == "en" else statements.JAPANESE
    for verdict, texts in known.items():
        for text in texts:
            assert read("verdict", text, language).verdict == verdict, text


@pytest.mark.parametrize(
    ("language", "frames"),
    [
        ("en", negators.NEGATORS),
        ("en", hedges.HEDGES),
        ("en", hedges.CORRECTIONS),
        ("ja", japanese.NEGATORS),
        ("ja", japanese.HEDGES),
        ("ja", japanese.CORRECTIONS),
    ],
    ids=["negators", "hedges", "corrections", "negators-ja", "hedges-ja", "corrections-ja"],
)
def test_what_stands_round_a_statement_is_heard(language: Language, frames: str) -> None:
    kept = [
        text
        for text, verdict in wrapped(language, frames)
        if read("verdict", text, language).verdict == verdict
    ]
    assert not kept
