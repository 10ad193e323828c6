"""Options: with prefix everywhere, without it where the short ones are on, and read into one object."""

from pathlib import Path

import pytest

from kurabe.plugin.options import Options, options_of
from kurabe.plugin.stash import root_of
from tests.support.project import MAIN, project, results

SHORT = ("-p", "kurabe.plugin.short")


@pytest.fixture
def root(pytester: pytest.Pytester) -> Path:
    return project(pytester.path)


def test_without_options_all_is_as_the_files_say(pytester: pytest.Pytester) -> None:
    assert options_of(pytester.parseconfig()) == Options()
    assert options_of(pytester.parseconfig(*SHORT)) == Options()


def test_both_spellings_of_every_option_mean_the_same(pytester: pytest.Pytester) -> None:
    given = (
        "--{}model=a", "--{}model=b", "--{}variant=raw", "--{}question=count", "--{}layout=separate",
        "--{}split=all", "--{}swap", "--{}repeat=3", "--{}shots=2", "--{}shard=2/4", "--{}judge=j",
        "--{}no-controls", "--{}all-cases", "--{}no-pictures",
        "--{}gate=n>1", "--{}compare=latest", "--{}compare-fail=accuracy:5%", "--{}fresh", "--{}cases=c",
        "--{}models-file=m.toml", "--{}reports=r",
    )  # fmt: skip
    expected = Options(
        models=("a", "b"), variants=("raw",), questions=("count",), layouts=("separate",), split="all",
        swap=True, repeat=3, shots=2, shard="2/4", judge="j", fresh=True, controls=False,
        pictures=False, all_cases=True,
        gates=("n>1",), compare="latest", compare_fail=("accuracy:5%",), cases="c",
        models_file="m.toml", reports="r",
    )  # fmt: skip
    every = [word.format("kurabe-") for word in given]
    assert options_of(pytester.parseconfig(*every)) == expected
    assert options_of(pytester.parseconfig(*SHORT, *every)) == expected
    assert options_of(pytester.parseconfig(*SHORT, *(word.format("") for word in given))) == expected
    mixed = [word.format("kurabe-" if number % 2 else "") for number, word in enumerate(given)]
    assert options_of(pytester.parseconfig(*SHORT, *mixed)) == expected


def test_a_named_case_is_run_whatever_its_suite_says(pytester: pytest.Pytester) -> None:
    assert options_of(pytester.parseconfig("-k", "pins/a1")).all_cases
    assert options_of(pytester.parseconfig("cases/pins/pins.yaml::test_pair[x]")).all_cases
    assert not options_of(pytester.parseconfig("-k", "pins", "cases")).all_cases


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (("--kurabe-repeat", "0"), "--kurabe-repeat takes a number from 1"),
        (("--kurabe-shots", "0"), "--kurabe-shots takes a number from 1"),
        ((*SHORT, "--shots", "2", "--swap"), "it goes with one good part, without --shots"),
        ((*SHORT, "--repeat", "0"), "--repeat takes a number from 1"),
        (("--kurabe-compare-fail", "n:5%"), "--kurabe-compare-fail needs --kurabe-compare RUN"),
        ((*SHORT, "--cases", "nowhere"), "or name another with --cases"),
        (("--kurabe-cases", "nowhere"), "or name another with --kurabe-cases"),
    ],
)
def test_messages_spell_options_as_the_user_can(
    pytester: pytest.Pytester, root: Path, options: tuple[str, ...], says: str
) -> None:
    result = pytester.runpytest(*MAIN, *options)
    assert result.ret != 0
    told = [line.strip() for line in (result.stdout.str() + result.stderr.str()).splitlines()]
    assert any(line.endswith(says) for line in told)


@pytest.mark.parametrize(
    ("options", "hint"),
    [
        (("--model", "instant"), "kurabe: use --kurabe-model, or turn on the short options"),
        (("--fresh", "--gate=n>1"), "kurabe: use --kurabe-fresh, --kurabe-gate, or turn on"),
        (("--modell", "instant"), None),
        ((*SHORT, "--modell", "instant"), None),
    ],
)
def test_a_short_option_where_there_is_none_gets_a_hint(
    pytester: pytest.Pytester, options: tuple[str, ...], hint: str | None
) -> None:
    result = pytester.runpytest(*options)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    told = result.stderr.str()
    assert "unrecognized arguments" in told
    assert hint in told if hint else "kurabe:" not in told


def test_an_option_of_a_conftest_gets_no_hint(pytester: pytest.Pytester) -> None:
    pytester.makeconftest("def pytest_addoption(parser):\n    parser.addoption('--model')\n")
    pytester.makepyfile("def test_model(pytestconfig):\n    assert pytestconfig.getoption('model') == 'x'\n")
    pytester.runpytest("--model", "x").assert_outcomes(passed=1)
    result = pytester.runpytest("--model", "x", "--modell")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert "kurabe:" not in result.stderr.str()


def test_short_words_select_as_the_long_ones_do(pytester: pytest.Pytester, root: Path) -> None:
    result = pytester.runpytest(*MAIN, *SHORT, "--variant", "raw", "--kurabe-variant", "gray", "-k", "a1")
    result.assert_outcomes(passed=2)
    assert {line["variant"] for line in results(root)} == {"raw", "gray"}


def test_the_project_is_where_the_settings_of_pytest_are(pytester: pytest.Pytester) -> None:
    inside = pytester.mkdir("inside")
    pytester.makeini("[pytest]\n")
    assert root_of(pytester.parseconfig(inside)) == pytester.path
