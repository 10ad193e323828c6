"""Collection: what is ours and what is not, under which ids, and in which order."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from kurabe.plugin import items
from kurabe.plugin.items import BrokenCase, parameters_in, trial_in
from tests.support.project import INSTANT, MAIN, case, manifest, project, results, suite

KNOWN = {"pins/a1-verdict-raw-m", "pins/a1-verdict-raw-m-swap", "pins/a1-verdict-raw-m-r2"}


@pytest.fixture
def root(pytester: pytest.Pytester) -> Path:
    return project(pytester.path)


@pytest.mark.parametrize(
    ("node_id", "trial"),
    [
        ("benchmark/test_pairs.py::test_pair[pins/a1-verdict-raw-m]", "pins/a1-verdict-raw-m"),
        ("cases/pins/pins.yaml::test_pair[pins/a1-verdict-raw-m-swap]", "pins/a1-verdict-raw-m-swap"),
        ("cases/pins/pins.yaml::test_pair[pins/a1-verdict-raw-m-1-2]", "pins/a1-verdict-raw-m"),
        ("cases/pins/pins.yaml::test_pair[pins/a1-verdict-raw-m-r2-1-2]", "pins/a1-verdict-raw-m-r2"),
        ("cases/pins/pins.yaml::test_pair[x-pins/a1-verdict-raw-m-1-2]", "pins/a1-verdict-raw-m"),
        ("cases/pins/pins.yaml::test_pair[pins/a1-verdict-raw-m]@group", "pins/a1-verdict-raw-m"),
        ("cases/pins/pins.yaml::test_pair[pins/a1-broken]", None),
        ("tests/test_mine.py::test_pair[a/b]", None),
        ("tests/test_mine.py::test_pair", None),
        ("tests/test_mine.py::test_other[pins/a1-verdict-raw-m]", None),
    ],
)
def test_a_trial_is_known_by_its_node_id(node_id: str, trial: str | None) -> None:
    assert trial_in(node_id, KNOWN) == trial
    assert (parameters_in(node_id) is None) == ("test_pair[" not in node_id)


def collected(pytester: pytest.Pytester, *options: str) -> list[pytest.Item]:
    found, _ = pytester.inline_genitems("-p", "no:randomly", "--kurabe-no-controls", *options)
    return found


def test_ids_are_the_same_by_file_and_by_folder(pytester: pytest.Pytester, root: Path) -> None:
    suite(root, "more", [case("b1", "same")])
    expected = [f"test_pair[pins/a{number}-verdict-raw-instant]" for number in range(1, 5)]
    named = [item.nodeid for item in collected(pytester, "cases/pins/pins.yaml")]
    assert named == [f"cases/pins/pins.yaml::{name}" for name in expected]
    pytester.makepyfile(**{"benchmark/test_pairs": "from kurabe.plugin.test_pairs import test_pair\n"})
    both = [item.nodeid for item in collected(pytester, "benchmark")]
    more = "test_pair[more/b1-verdict-raw-instant]"
    assert both == [f"benchmark/test_pairs.py::{name}" for name in (more, *expected)]


def test_whatever_a_project_calls_its_own_tests_ours_are_found(pytester: pytest.Pytester, root: Path) -> None:
    pytester.makeini("[pytest]\npython_functions = check_*\npython_files = check_*.py\n")
    for where in (MAIN, ("cases",)):
        pytester.runpytest(*where, "--collect-only", "-q").stdout.fnmatch_lines(["5 tests collected*"])


def test_a_test_of_the_same_name_is_no_trial(pytester: pytest.Pytester, root: Path) -> None:
    pytester.makepyfile(
        test_mine="""
        import pytest

        @pytest.mark.parametrize("kurabe_trial", [1, 2])
        def test_pair(kurabe_trial):
            pass
        """
    )
    pytester.runpytest("test_mine.py", "-p", "no:randomly").assert_outcomes(passed=2)
    assert not (root / "reports").exists()


def test_a_broken_case_is_an_item_of_its_own(pytester: pytest.Pytester, root: Path) -> None:
    suite(root, "pins", [case("a1", "same"), {**case("a2", "same"), "test": "images/nowhere.png"}])
    broken, good = collected(pytester, "cases")
    assert type(broken).__name__ == BrokenCase.__name__
    assert broken.nodeid == "cases/pins/pins.yaml::test_pair[pins/a2-broken]"
    assert good.nodeid == "cases/pins/pins.yaml::test_pair[pins/a1-verdict-raw-instant]"
    result = pytester.runpytest(broken.nodeid, "-p", "no:randomly")
    result.assert_outcomes(errors=1)
    assert result.ret == 1
    result.stdout.fnmatch_lines(
        ["*ERROR at setup of test_pair?pins/a2-broken?*", "*no image 'images/nowhere.png'*"]
    )
    assert not (root / "reports").exists()


def test_where_all_is_broken_nothing_is_skipped(pytester: pytest.Pytester, root: Path) -> None:
    suite(root, "pins", [{**case("a2", "same"), "test": "images/nowhere.png"}])
    result = pytester.runpytest(*MAIN)
    result.assert_outcomes(errors=1)
    assert result.ret == 1


def test_a_folder_of_cases_that_is_not_ours_is_left_alone(pytester: pytest.Pytester) -> None:
    folder = pytester.mkdir("cases")
    (folder / "settings.yaml").write_text("title: theirs\nsuites: [a]\n", encoding="utf-8")
    (folder / "test_theirs.py").write_text("def test_theirs():\n    pass\n", encoding="utf-8")
    pytester.runpytest("cases", "-p", "no:randomly").assert_outcomes(passed=1)
    (folder / "ours.yaml").write_text("suite: ours\ncases: []\n", encoding="utf-8")
    result = pytester.runpytest("cases", "-p", "no:randomly")
    result.assert_outcomes(passed=0, errors=1)
    assert "models.toml" in result.stdout.str()


def test_another_plugins_parameter_in_front_loses_no_trial(pytester: pytest.Pytester, root: Path) -> None:
    pytester.makeconftest(
        """
        import pytest

        @pytest.fixture(autouse=True, params=["x", "y"])
        def theirs(request):
            return request.param
        """
    )
    for more in ((), ("-n", "2")):
        result = pytester.runpytest_subprocess(*MAIN, "--kurabe-fresh", "-k", "pins and instant", *more)
        result.assert_outcomes(passed=10)
        assert len({line["trial"] for line in results(root)}) == len(results(root)) == 5
        assert manifest(root)["planned"] == manifest(root)["answered"] == 5


def test_trials_keep_their_order_by_model_and_suite(pytester: pytest.Pytester, root: Path) -> None:
    (root / "models.toml").write_text(INSTANT + INSTANT.replace("instant]", "again]"), encoding="utf-8")
    pytester.makeconftest(
        """
        import pytest

        @pytest.hookimpl(tryfirst=True)
        def pytest_collection_modifyitems(items):
            items.sort(key=lambda item: item.name[::-1])  # neither by model nor by case
        """
    )
    pytester.makepyfile(test_mine="def test_b():\n    pass\n\n\ndef test_a():\n    pass\n")
    options = ("--collect-only", "-q", "-p", "no:randomly", "--kurabe-no-controls")
    result = pytester.runpytest("cases", "test_mine.py", *options)
    names = [line.partition("::")[2] for line in result.outlines if "::" in line]
    assert names == [
        "test_a",
        "test_b",
        *(f"test_pair[pins/a{n}-verdict-raw-{model}]" for model in ("instant", "again") for n in range(1, 5)),
    ]


def test_an_item_without_a_trial_has_none(monkeypatch: pytest.MonkeyPatch, request: Any) -> None:
    assert items.trial_of(request.node) is None
    assert not items.is_trial_test(SimpleNamespace(test_pair=True))


def test_names_in_japanese_are_found_by_k_by_node_id_and_by_workers(
    pytester: pytest.Pytester, root: Path
) -> None:
    suite(root, "コネクタ", [case("良品1", "same"), case("ピン曲がり", "different", tags=["曲がり"])])
    node = "cases/コネクタ/コネクタ.yaml::test_pair[コネクタ/ピン曲がり-verdict-raw-instant]"
    assert [item.nodeid for item in collected(pytester, node)] == [node]
    for chosen in (("-k", "ピン曲がり"), ("-m", "曲がり"), ("-k", "コネクタ and not 良品1")):
        listed = pytester.runpytest("cases", "--collect-only", "-q", "--kurabe-no-controls", *chosen)
        listed.stdout.fnmatch_lines(["*ピン曲がり*", "1/6 tests collected*"])
    ran = pytester.runpytest_subprocess("cases", "-n1", "-k", "コネクタ", "-p", "no:randomly")
    ran.assert_outcomes(passed=3)
    assert {record["case"] for record in results(root)} == {
        "コネクタ/良品1",
        "コネクタ/ピン曲がり",
        "コネクタ/control.good",
    }
