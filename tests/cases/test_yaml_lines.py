"""YAML becomes plain values as YAML 1.2 means them, and every value's line can be asked for."""

import json
import math
import re
from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from kurabe.cases.yaml_lines import YamlError, line_of, lines, load


@pytest.fixture(scope="module", params=["SafeLoader", "CSafeLoader"], autouse=True)
def loader(request: pytest.FixtureRequest) -> Iterator[None]:
    """Parse with libyaml, and without it as some builds of PyYAML have to."""
    if not hasattr(yaml, request.param):
        pytest.skip("this PyYAML was built without libyaml")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("kurabe.cases.yaml_lines._Loader", getattr(yaml, request.param))
        yield


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("no", "no"),
        ("off", "off"),
        ("Yes", "Yes"),
        ("on", "on"),
        ("true", True),
        ("FALSE", False),
        ("tRue", "tRue"),
        ("null", None),
        ("~", None),
        ("017", "017"),
        ("0o17", "0o17"),
        ("0x1f", "0x1f"),
        ("1_000", "1_000"),
        ("12:30:45", "12:30:45"),
        ("2026-11-22", "2026-11-22"),
        ("42", 42),
        ("-7", -7),
        ("+7", 7),
        ("0", 0),
        ("1.10", 1.1),
        ("-.5", -0.5),
        ("1e3", 1000.0),
        ("1.5E-3", 0.0015),
        ("1.2.3", "1.2.3"),
        ("v1.10", "v1.10"),
        ("'42'", "42"),
        ('"true"', "true"),
        ("'null'", "null"),
        ("!!str 42", "42"),
        ("''", ""),
        ("部品", "部品"),
        ("|\n  two\n  lines\n", "two\nlines\n"),
        (">-\n  one\n  line\n", "one line"),
    ],
)
def test_scalars_mean_what_yaml_1_2_says(text: str, value: object) -> None:
    found = load(f"key: {text}")["key"]
    assert found == value
    assert isinstance(found, type(value))
    assert isinstance(found, bool) == isinstance(value, bool)
    assert load(f"- {text}") == [value]


@pytest.mark.parametrize("text", ["", "\n\n", "# nothing but a comment\n", "---\n...\n"])
def test_an_empty_document_is_none(text: str) -> None:
    assert load(text) is None


def test_a_byte_order_mark_is_no_part_of_the_first_key() -> None:
    assert load("\ufeffsuite: x") == {"suite": "x"}


def test_keys_are_resolved_as_values_are() -> None:
    assert load("1: a\n'1': b\nno: c") == {1: "a", "1": "b", "no": "c"}


def test_an_anchor_stands_for_its_value_as_often_as_it_is_named() -> None:
    assert load("a: &pins [1, 2]\nb: *pins\nc: {d: *pins}") == {"a": [1, 2], "b": [1, 2], "c": {"d": [1, 2]}}
    assert load("a: &word no\nb: *word") == {"a": "no", "b": "no"}


@pytest.mark.parametrize("text", ["a: 1\nb: *gone", "a: 1\nb: &self [*self]"])
def test_an_alias_without_an_anchor_above_it_is_an_error(text: str) -> None:
    with pytest.raises(YamlError, match="no anchor") as caught:
        load(text)
    assert caught.value.line == 2


def test_merged_keys_give_way_to_those_of_the_mapping_and_to_earlier_sources() -> None:
    text = """
first: &first {a: 1, b: 1}
second: &second {b: 2, c: 2}
one: {<<: *first, b: 9}
both:
  <<: [*first, *second]
  d: 4
"""
    loaded = load(text)
    assert loaded["one"] == {"a": 1, "b": 9}
    assert loaded["both"] == {"a": 1, "b": 1, "c": 2, "d": 4}


@pytest.mark.parametrize("source", ["5", "[5]", "word", "[{a: 1}, word]"])
def test_what_cannot_be_merged_is_an_error_and_not_lost(source: str) -> None:
    with pytest.raises(YamlError, match="<<") as caught:
        load(f"a: 1\n<<: {source}\n")
    assert caught.value.line == 2


@pytest.mark.parametrize(
    ("text", "line", "key"),
    [
        ("a: 1\nb: 2\na: 3", 3, "'a'"),
        ("cases:\n- id: x\n  test: t\n  id: y", 4, "'id'"),
        ('a: 1\n"a": 2', 2, "'a'"),
        ("{a: 1,\n a: 2}", 2, "'a'"),
    ],
)
def test_a_key_that_stands_twice_is_an_error_with_its_line(text: str, line: int, key: str) -> None:
    with pytest.raises(YamlError, match=f"the key {key} stands here twice") as caught:
        load(text)
    assert caught.value.line == line


def test_a_second_document_is_an_error_with_its_line() -> None:
    with pytest.raises(YamlError, match="second document") as caught:
        load("a: 1\n---\nb: 2\n")
    assert caught.value.line == 2


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("a: 1\nb:\n\t- c\n", 3),  # a tab
        ("a: 1\nb: c: d\n", 2),
        ("a: 1\nb: [1, 2\nc: 3\n", 3),
        ("a: 1\nb: @c\n", 2),
        ("a: 1\n? [b]\n: c\n", 2),  # a list as a key
        ("a: 1\nb: ä\x1bc\n", 2),  # a control character
        ("a: 1\nb: 2\n c: 3\n", 3),
    ],
)
def test_what_is_no_yaml_is_an_error_with_its_line(text: str, line: int) -> None:
    with pytest.raises(YamlError) as caught:
        load(text)
    assert caught.value.line == line
    assert "\n" not in str(caught.value)


def test_bottomless_nesting_is_an_error_and_no_crash() -> None:
    with pytest.raises(YamlError, match="deep"):
        load("[" * 20_000)


TEXT = """\
suite: pins   # 1
defaults:
  ask:
  - verdict
  - count
cases:
- id: a
  expect: {differences: [{kind: x,
      box: [1, 2, 3, 4]}]}

- id: b
  test: >
    long
    text
"""


def test_every_value_has_its_line_and_an_entry_that_of_its_key() -> None:
    places = lines(TEXT)
    assert places[()] == 1
    assert places["suite",] == 1
    assert places["defaults",] == 2
    assert places["defaults", "ask"] == 3
    assert places["defaults", "ask", 1] == 5
    assert places["cases",] == 6
    assert places["cases", 0] == 7
    assert places["cases", 0, "expect", "differences", 0, "kind"] == 8
    assert places["cases", 0, "expect", "differences", 0, "box"] == 9
    assert places["cases", 1, "id"] == 11
    assert places["cases", 1, "test"] == 12


def test_the_line_of_what_is_not_there_is_that_of_what_is_above_it() -> None:
    places = lines(TEXT)
    assert line_of(places, ("cases", 1, "test")) == 12
    assert line_of(places, ("cases", 1, "expect", "verdict")) == 11
    assert line_of(places, ("cases", 7, "id")) == 6
    assert line_of(places, ("nothing",)) == 1
    assert line_of({}, ("nothing",)) is None


def _is_number_only_in_1_2(text: str) -> bool:
    """1e3 is a text in YAML 1.1, by which PyYAML writes, and a number in 1.2, by which suites are read."""
    return re.fullmatch(r"[-+]?[0-9.]+[eE][-+]?[0-9]+", text) is not None


TEXTS = st.text(max_size=12).filter(lambda text: not _is_number_only_in_1_2(text)) | st.sampled_from(
    [
        "no",
        "on",
        "017",
        "1_0",
        "0x1f",
        "~",
        "null",
        "Null",
        "<<",
        "=",
        "12:30",
        "2026-01-01",
        "1.10",
        " x ",
        "- a",
    ]
)
SCALARS = TEXTS | st.integers() | st.booleans() | st.none()
VALUES: st.SearchStrategy[Any] = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=12,
)


@settings(deadline=None)
@given(VALUES, st.booleans(), st.sampled_from([None, True, False]))
def test_what_pyyaml_writes_is_read_back(value: Any, unicode: bool, flow: bool | None) -> None:
    # Unless it is escaped, PyYAML itself does not read back what it writes of this line break.
    escaped = not unicode or "\x85" in json.dumps(value, ensure_ascii=False)
    text = yaml.safe_dump(value, allow_unicode=not escaped, default_flow_style=flow)
    assert load(text) == value


@settings(deadline=None)
@given(st.floats(allow_nan=False, allow_infinity=False))
def test_finite_numbers_are_read_back(number: float) -> None:
    found = load(yaml.safe_dump([number]))[0]
    assert isinstance(found, float)
    assert math.copysign(1, found) == math.copysign(1, number)
    assert found == number


@settings(deadline=None)
@given(st.lists(st.integers(1, 3), min_size=1, max_size=30))
def test_lines_are_counted_over_blank_ones(gaps: list[int]) -> None:
    text = "".join(f"k{number}: v" + "\n" * gap for number, gap in enumerate(gaps))
    places = lines(text)
    for number in range(len(gaps)):
        assert places[f"k{number}",] == 1 + sum(gaps[:number])


@pytest.mark.parametrize("text", ["1.10", "0.10", "1e3", "-.5", "+7", "1.5E-3", "3", "0.5", "9" * 5000])
def test_a_number_knows_how_it_was_written(text: str) -> None:
    found = load(f"key: {text}")["key"]
    assert str(found) == f"{found}" == text
