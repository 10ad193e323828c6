"""A run where people have judged holds them against its models."""

from pathlib import Path

import pytest

from tests.support.project import MAIN, project


@pytest.fixture
def root(pytester: pytest.Pytester) -> Path:
    return project(pytester.path)


def test_a_run_writes_the_agreement_where_people_have_judged(pytester: pytest.Pytester, root: Path) -> None:
    said = "rater,case,trial,verdict\nAnn,a1,1,ng\nAnn,a1,2,ng\nAnn,a2,1,ok\n"
    (root / "cases/raters.csv").write_text(said, encoding="utf-8")
    assert pytester.runpytest(*MAIN).ret == 0
    (run,) = (root / "reports/runs").iterdir()
    assert "effectiveness,Ann" in (run / "agreement.csv").read_text(encoding="utf-8")
    assert (run / "agreement.html").is_file()


def test_a_mistake_in_what_they_said_is_told_and_spoils_no_run(pytester: pytest.Pytester, root: Path) -> None:
    (root / "cases/raters.csv").write_text("rater,case,trial,verdict\nAnn,a9,1,ng\n", encoding="utf-8")
    result = pytester.runpytest(*MAIN)
    assert result.ret == 0
    result.stdout.fnmatch_lines(["*raters.csv:2: there is no case 'a9'*"])
    assert not list((root / "reports").rglob("agreement.csv"))


def test_other_cases_than_those_that_were_judged_need_no_table(pytester: pytest.Pytester, root: Path) -> None:
    (root / "cases/raters.csv").write_text("rater,case,trial,verdict\nAnn,a1,1,ng\n", encoding="utf-8")
    assert pytester.runpytest(*MAIN, "-k", "a2").ret == 0
    assert not list((root / "reports").rglob("agreement.csv"))
