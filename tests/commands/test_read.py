"""``kurabe read``: how an answer is read, and why."""

import pytest
from typer.testing import CliRunner

from kurabe.cli import app


def lines(*words: str, stdin: str = "") -> list[str]:
    result = CliRunner().invoke(app, ["read", *words], input=stdin)
    assert result.exit_code == 0, result.output
    return result.output.splitlines()


def test_a_verdict_is_told_with_its_rule_and_its_clauses() -> None:
    assert lines("They look the same, but the left pin differs.") == [
        "different",
        "rule: difference stated: “the left pin differs”",
        "  the same: they look the same",
        "  a difference: the left pin differs",
    ]


def test_an_unread_answer_is_told_with_its_reason() -> None:
    told = lines("No. There is a scratch on the housing.")
    assert told[:2] == [
        "unparsed",
        "reason: it says same and names a defect: “there is a scratch on the housing”",
    ]
    assert "  a defect, in one or in both: there is a scratch on the housing" in told


@pytest.mark.parametrize(
    ("words", "first"),
    [
        (
            ["--kind", "differences", "--", "- Pin 3 is bent\n- The label is missing"],
            ["different", "- Pin 3 is bent"],
        ),
        (["--kind", "count", "There are 2 differences"], ["2"]),
        (["--kind", "choice", "--option", "bent", "--option", "missing", "B"], ["missing"]),
        (["--kind", "describe", "--option", "scratch", "There is no scratch."], ["scratch: not affirmed"]),
        (["--lang", "ja", "違いはありません。"], ["same"]),
        (["--asks", "sameness", "Yes"], ["same"]),
        (["--yes", "NG", "--no", "OK", "NG"], ["different"]),
    ],
)
def test_each_kind_of_question_can_be_tried(words: list[str], first: list[str]) -> None:
    assert lines(*words)[: len(first)] == first


def test_an_answer_may_come_from_standard_input() -> None:
    assert lines("-", stdin="No difference.\n")[0] == "same"
