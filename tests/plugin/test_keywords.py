"""``-k``: a suite's name means the suite, whatever else is called after it."""

from pathlib import Path

import pytest

from tests.support.project import INSTANT, case, suite

MODELS = INSTANT + INSTANT.replace("instant]", "instant-pins]")
OTHER = "def test_pins():\n    pass\n\n\ndef test_other():\n    pass\n"


@pytest.fixture
def root(pytester: pytest.Pytester) -> Path:
    root = pytester.path
    (root / "models.toml").write_text(MODELS, encoding="utf-8")
    suite(root, "pins", [case("a1", "different")])
    suite(root, "screws", [case("b1", "same", tags=["pins"]), case("pins2", "different")])
    suite(root, "pins-two", [case("c1", "same")])
    return root


def selected(pytester: pytest.Pytester, expression: str, *where: str) -> set[str]:
    arguments = where or ("--pyargs", "kurabe.plugin.test_pairs")
    result = pytester.runpytest(*arguments, "-k", expression, "--collect-only", "-q", "--kurabe-no-controls")
    found = [line.rpartition("::")[2] for line in result.outlines if "::" in line]
    return {name.removeprefix("test_pair[").removesuffix("]") for name in found}


PINS = {"pins/a1-verdict-raw-instant", "pins/a1-verdict-raw-instant-pins"}
SCREWS = {
    f"screws/{name}-verdict-raw-{model}" for name in ("b1", "pins2") for model in ("instant", "instant-pins")
}
TWO = {"pins-two/c1-verdict-raw-instant", "pins-two/c1-verdict-raw-instant-pins"}


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("pins", PINS),
        ("PINS", PINS),
        ("not pins", SCREWS | TWO),
        ("pins or pins-two", PINS | TWO),
        ("pins and raw and instant-pins", {"pins/a1-verdict-raw-instant-pins"}),
        ("instant-pins", {name for name in PINS | SCREWS | TWO if name.endswith("instant-pins")}),
        ("screws/pins2", {name for name in SCREWS if "pins2" in name}),
        ("screws and (b1 or not b1)", SCREWS),
    ],
)
def test_a_suites_name_means_the_suite(
    pytester: pytest.Pytester, root: Path, expression: str, expected: set[str]
) -> None:
    assert selected(pytester, expression) == expected


def test_tests_of_ones_own_are_found_by_the_word_as_ever(pytester: pytest.Pytester, root: Path) -> None:
    pytester.makepyfile(test_mine=OTHER)
    assert selected(pytester, "pins", "test_mine.py", "cases") == {"test_pins"} | PINS
    assert selected(pytester, "not pins", "test_mine.py", "cases") == {"test_other"} | SCREWS | TWO


def test_a_broken_suite_is_found_by_its_name(pytester: pytest.Pytester, root: Path) -> None:
    (root / "cases" / "pins" / "pins.yaml").write_text("suite: pins\ncases: []\n", encoding="utf-8")
    assert selected(pytester, "pins") == {"pins-broken"}
    pytester.runpytest("--pyargs", "kurabe.plugin.test_pairs", "-k", "pins").assert_outcomes(errors=1)
