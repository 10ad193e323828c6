"""The plugin as a user meets it: pytest sessions in projects of their own."""

import csv
from pathlib import Path
from xml.etree import ElementTree

import pytest
from PIL import Image

from kurabe.imaging.content import content_id
from tests.support.project import INSTANT, MAIN, case, manifest, picture, project, results, suite


@pytest.fixture
def root(pytester: pytest.Pytester) -> Path:
    return project(pytester.path)


def test_a_run_leaves_results_tables_and_a_manifest(pytester: pytest.Pytester, root: Path) -> None:
    result = pytester.runpytest(*MAIN)
    assert result.ret == 0
    result.assert_outcomes(passed=5)  # four pairs, and the reference against itself
    found = results(root)
    assert {line["trial"] for line in found} == {
        "pins/a1-verdict-raw-instant",
        "pins/a2-verdict-raw-instant",
        "pins/a3-verdict-raw-instant",
        "pins/a4-verdict-raw-instant",
        "pins/control.good-verdict-raw-instant",
    }
    assert {line["outcome"] for line in found} == {"correct"}
    for folder in (root / "reports", sorted((root / "reports" / "runs").iterdir())[-1]):
        with (folder / "leaderboard.csv").open(encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
        assert {row["suite"] for row in rows} == {"pins", "all"}
        assert all(float(row["balanced_accuracy"]) == 1 and int(row["n"]) == 4 for row in rows)
    told = manifest(root)
    assert told["planned"] == told["answered"] == 5
    assert told["finished"]
    assert told["models"]["instant"]["threshold"] == 64


def test_ids_work_with_k_and_tags_with_m(pytester: pytest.Pytester, root: Path) -> None:
    assert root
    pytester.runpytest(*MAIN, "-k", "pins and a1 and raw").assert_outcomes(passed=1, deselected=4)
    pytester.runpytest(*MAIN, "-m", "missing").assert_outcomes(passed=1, deselected=4)
    pytester.runpytest(*MAIN, "-m", "control").assert_outcomes(passed=1, deselected=4)


def test_a_wrong_answer_is_a_finding_and_no_failure(pytester: pytest.Pytester, root: Path) -> None:
    blind = INSTANT + "threshold = 255\n"
    (root / "models.toml").write_text(blind, encoding="utf-8")
    result = pytester.runpytest(*MAIN, "-rA")
    assert result.ret == 0
    result.stdout.fnmatch_lines(["*3 passed*2 wrong*"])
    verbose = pytester.runpytest(*MAIN, "-v")
    verbose.stdout.fnmatch_lines(["*pins/a1-verdict-raw-instant?*WRONG*"])


def test_strict_makes_a_wrong_answer_a_failure(pytester: pytest.Pytester, root: Path) -> None:
    (root / "models.toml").write_text(INSTANT + "threshold = 255\n", encoding="utf-8")
    result = pytester.runpytest(*MAIN, "--strict")
    assert result.ret == 1
    result.assert_outcomes(passed=3, failed=2)
    result.stdout.fnmatch_lines(
        ["*wrong (--strict): expected 'different'*instant answered 'No difference.'*"]
    )


def test_must_pass_fails_only_its_own_case(pytester: pytest.Pytester, root: Path) -> None:
    (root / "models.toml").write_text(INSTANT + "threshold = 255\n", encoding="utf-8")
    suite(
        root, "pins", [case("a1", "different", must_pass=True), case("a2", "different"), case("a3", "same")]
    )
    result = pytester.runpytest(*MAIN)
    assert result.ret == 1
    result.stdout.fnmatch_lines(["*1 failed, 2 passed, 1 wrong*"])


@pytest.mark.parametrize(
    ("gate", "code"),
    [
        ("balanced_accuracy >= 0.9", 0),
        ("suite=pins model=inst* miss_rate <= 0.1", 0),
        ("accuracy > 1.5", 1),
        ("auroc > 0.1", 1),  # undefined: the engine gives no probabilities
    ],
)
def test_gates_decide_the_exit_code(pytester: pytest.Pytester, root: Path, gate: str, code: int) -> None:
    assert root
    result = pytester.runpytest(*MAIN, "--kurabe-gate", gate)
    assert result.ret == code
    if code:
        result.stdout.fnmatch_lines(["FAILED *"])


def test_a_gate_that_cannot_be_read_is_said_before_anything_runs(
    pytester: pytest.Pytester, root: Path
) -> None:
    result = pytester.runpytest(*MAIN, "--kurabe-gate", "balanced_acuracy > 1")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["*balanced_accuracy*"])
    assert not (root / "reports").exists()


def test_compare_tells_what_broke_and_may_fail(pytester: pytest.Pytester, root: Path) -> None:
    assert pytester.runpytest(*MAIN).ret == 0
    (root / "models.toml").write_text(INSTANT + "threshold = 255\n", encoding="utf-8")
    result = pytester.runpytest(
        *MAIN, "--kurabe-compare", "latest", "--kurabe-compare-fail", "balanced_accuracy:5%"
    )
    assert result.ret == 1
    result.stdout.fnmatch_lines(["*pins/a1-verdict-raw-instant*", "FAILED *balanced_accuracy*"])
    assert pytester.runpytest(*MAIN, "--kurabe-compare", "nothing").ret == pytest.ExitCode.USAGE_ERROR


def test_a_suites_file_can_be_named(pytester: pytest.Pytester, root: Path) -> None:
    suite(root, "other", [case("b1", "same")])
    pytester.runpytest("cases/pins/pins.yaml").assert_outcomes(passed=5)
    pytester.runpytest("cases").assert_outcomes(passed=7)


def test_a_plain_pytest_starts_no_model(pytester: pytest.Pytester, root: Path) -> None:
    assert root
    pytester.makepyfile(test_own="def test_own():\n    assert True\n")
    pytester.runpytest().assert_outcomes(passed=1)
    assert not (root / "reports").exists()


def test_broken_cases_are_all_told_and_the_good_ones_run(pytester: pytest.Pytester, root: Path) -> None:
    path = suite(
        root,
        "pins",
        [
            case("a1", "same"),
            case("a1", "same"),
            {**case("a2", "same"), "test": "images/nowhere.png"},
            {**case("a3", "same"), "verdikt": "same"},
            {**case("a4", "same"), "test": "../../escape.png"},
            {**case("a5", "different"), "expect": {"differences": [{"box": [0, 0, 99, 9]}]}},
            {**case("a6", "same"), "expect": {"verdict": "same", "differences": [{"kind": "x"}]}},
        ],
    )
    suite(root, "empty", [])
    result = pytester.runpytest(*MAIN)
    assert result.ret == 1
    result.assert_outcomes(passed=2, errors=7)
    out = result.stdout.str()
    for part in (
        "stands twice",
        "no image 'images/nowhere.png'",
        "'verdikt'",
        "outside",
        "leaves",
        "no cases",
    ):
        assert part in out
    assert f"{path}:" in out


def test_broken_cases_are_found_by_what_would_have_selected_them(
    pytester: pytest.Pytester, root: Path
) -> None:
    suite(root, "pins", [case("a1", "same"), {**case("a2", "same"), "test": "images/nowhere.png"}])
    result = pytester.runpytest(*MAIN, "-k", "pins and raw and instant")
    result.assert_outcomes(passed=2, errors=1)


def test_an_image_that_is_cut_off_spoils_only_its_own_trial(pytester: pytest.Pytester, root: Path) -> None:
    suite(root, "pins", [case("a1", "different"), {**case("a2", "same"), "test": "images/cut.png"}])
    whole = picture(root / "cases/pins/images/cut.png").read_bytes()
    (root / "cases/pins/images/cut.png").write_bytes(whole[: len(whole) - 60])
    result = pytester.runpytest(*MAIN)
    assert result.ret == 1
    result.assert_outcomes(passed=2, errors=1)
    result.stdout.fnmatch_lines(["*pins/a2*cut.png*"])
    assert [line["outcome"] for line in results(root)].count("error") == 1


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (("--kurabe-model", "instnat"), "did you mean 'instant'"),
        (("--kurabe-variant", "gary"), "did you mean 'gray'"),
        (("--kurabe-cases", "nowhere"), "there is no folder"),
        (("--kurabe-models-file", "none.toml"), "there is no such file"),
    ],
)
def test_names_that_are_not_there_are_errors(
    pytester: pytest.Pytester, root: Path, options: tuple[str, ...], says: str
) -> None:
    assert root
    result = pytester.runpytest(*MAIN, *options)
    assert result.ret != 0
    told = result.stdout.str() + result.stderr.str()
    assert says in told
    assert "INTERNALERROR" not in told


def test_reports_elsewhere_do_not_move_the_project(
    pytester: pytest.Pytester, root: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    assert root
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    pytester.runpytest_subprocess(*MAIN, "--kurabe-reports", str(elsewhere)).assert_outcomes(passed=5)
    assert (elsewhere / "leaderboard.csv").is_file()


def test_an_unknown_variant_of_a_suite_is_an_error_of_that_suite(
    pytester: pytest.Pytester, root: Path
) -> None:
    suite(root, "other", [case("b1", "same")], variants=["raw", "grey"])
    result = pytester.runpytest(*MAIN)
    result.assert_outcomes(passed=5, errors=1)
    assert "unknown variant 'grey'" in result.stdout.str()


def test_a_model_taken_by_default_that_cannot_run_is_left_out_with_the_reason(
    pytester: pytest.Pytester, root: Path
) -> None:
    (root / "models.toml").write_text(
        INSTANT
        + '\n[models.other]\nengine = "tests.support.instant:create"\ndefault = true\nbroken = true\n',
        encoding="utf-8",
    )
    result = pytester.runpytest(*MAIN)
    assert result.ret == 0
    result.stdout.fnmatch_lines(["*not run: other: declared broken*"])
    assert manifest(root)["left_out"] == {"other": "declared broken"}
    asked = pytester.runpytest(*MAIN, "--kurabe-model", "other")
    assert asked.ret != 0
    assert "'other' cannot run here: declared broken" in asked.stdout.str()


def test_a_model_that_cannot_be_loaded_is_an_error_of_its_trials(
    pytester: pytest.Pytester, root: Path
) -> None:
    (root / "models.toml").write_text(
        INSTANT
        + '\n[models.other]\nengine = "tests.support.instant:create"\ndefault = true\nfails_on = "load"\n'
        + "threshold = 65\n",  # else its answers would be those of the other, from the cache
        encoding="utf-8",
    )
    result = pytester.runpytest(*MAIN)
    assert result.ret == 1
    result.assert_outcomes(passed=5, errors=5)


def test_what_was_answered_before_an_engine_failed_is_kept(pytester: pytest.Pytester, root: Path) -> None:
    log = root / "asked.log"
    (root / "models.toml").write_text(INSTANT + f'fails_on = "a2"\nlog = "{log}"\n', encoding="utf-8")
    pytester.runpytest(*MAIN).assert_outcomes(passed=3, errors=2)  # answered backwards: a1 was not reached
    (root / "models.toml").write_text(INSTANT + f'log = "{log}"\n', encoding="utf-8")
    pytester.runpytest(*MAIN).assert_outcomes(passed=5)
    assert sorted(line.split("-")[0] for line in log.read_text().split()) == [
        "pins/a1", "pins/a2", "pins/a3", "pins/a4", "pins/control.good",
    ]  # fmt: skip


def test_cached_answers_are_not_asked_again_unless_something_changed(
    pytester: pytest.Pytester, root: Path
) -> None:
    log = root / "asked.log"
    (root / "models.toml").write_text(INSTANT + f'log = "{log}"\n', encoding="utf-8")
    pytester.runpytest(*MAIN)
    assert len(log.read_text().split()) == 5
    pytester.runpytest(*MAIN)
    assert len(log.read_text().split()) == 5
    assert all(line["cached"] for line in results(root))
    picture(root / "cases/pins/images/a1.png", defect=True, shade=170)
    pytester.runpytest(*MAIN)
    assert len(log.read_text().split()) == 6
    pytester.runpytest(*MAIN, "--kurabe-fresh", "-k", "a1")
    assert len(log.read_text().split()) == 7
    (root / "models.toml").write_text(INSTANT + f'log = "{log}"\nthreshold = 65\n', encoding="utf-8")
    pytester.runpytest(*MAIN, "-k", "a1")
    assert len(log.read_text().split()) == 8


def test_swap_and_repeat_make_twins(pytester: pytest.Pytester, root: Path) -> None:
    pytester.runpytest(*MAIN, "--kurabe-swap", "--kurabe-repeat", "2", "-k", "a1").assert_outcomes(passed=4)
    assert {line["trial"].removeprefix("pins/a1-verdict-raw-instant") for line in results(root)} == {
        "", "-swap", "-r2", "-r2-swap",
    }  # fmt: skip
    assert (root / "reports" / "consistency.csv").is_file()


def test_layouts_and_variants_can_be_chosen(pytester: pytest.Pytester, root: Path) -> None:
    pytester.runpytest(
        *MAIN, "--kurabe-layout", "separate", "--kurabe-variant", "gray", "-k", "a1"
    ).assert_outcomes(passed=1)
    (line,) = results(root)
    assert (line["layout"], line["variant"]) == ("separate", "gray")
    assert line["trial"] == "pins/a1-verdict-gray-instant-separate"


def test_quiet_prints_no_tables(pytester: pytest.Pytester, root: Path) -> None:
    assert root
    out = pytester.runpytest(*MAIN, "-q").stdout.str()
    assert "eaderboard" not in out
    assert "5 passed" in out


def test_junit_carries_the_outcome(pytester: pytest.Pytester, root: Path) -> None:
    (root / "models.toml").write_text(INSTANT + "threshold = 255\n", encoding="utf-8")
    for more in ((), ("-n", "2")):
        pytester.runpytest_subprocess(*MAIN, "--junitxml", "out.xml", *more)
        told = {}
        for test in ElementTree.parse(root / "out.xml").iter("testcase"):
            told[test.get("name")] = {p.get("name"): p.get("value") for p in test.iter("property")}
        facts = next(facts for name, facts in told.items() if "pins/a1-verdict-raw-instant" in str(name))
        assert len(told) == 5
        assert float(facts.pop("seconds") or "") == 0
        assert facts.pop("cached") in ("true", "false")
        assert facts == {
            "outcome": "wrong", "suite": "pins", "case": "pins/a1", "question": "verdict", "variant": "raw",
            "layout": "stacked", "model": "instant", "control": "false", "swapped": "false", "repeat": "0",
            "expected": "different", "verdict": "same", "answer": "No difference.",
        }  # fmt: skip


def test_a_run_leaves_its_page_and_the_pictures_on_it(pytester: pytest.Pytester, root: Path) -> None:
    result = pytester.runpytest(*MAIN, "--kurabe-variant", "raw", "--kurabe-variant", "gray")
    assert result.ret == 0
    (run,) = (root / "reports" / "runs").iterdir()
    result.stdout.fnmatch_lines([f"page: {root / 'reports' / 'index.html'}"])
    assert (run / "index.html").is_file()
    for line in results(root):
        assert line["prompt"]
        names = [*line["raw"], *line["pair"], *line["shown"]]
        assert len(names) == 5
        assert (line["raw"] == line["pair"]) == (line["variant"] == "raw")
        for name in names:
            with Image.open(run / "pictures" / f"{name}.png") as picture:
                assert content_id(picture) == name


def test_pictures_can_be_left_out(pytester: pytest.Pytester, root: Path) -> None:
    assert pytester.runpytest(*MAIN, "--kurabe-no-pictures").ret == 0
    (run,) = (root / "reports" / "runs").iterdir()
    assert not (run / "pictures").exists()
    assert not (root / "reports" / "cache" / "album").exists()
    assert {name for line in results(root) for name in (*line["raw"], *line["pair"], *line["shown"])} == set()
    assert (root / "reports" / "index.html").is_file()


def test_a_page_that_fails_loses_no_table(
    pytester: pytest.Pytester, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (root / "reports" / "index.html").mkdir(parents=True)  # a folder where the page should be
    result = pytester.runpytest(*MAIN, "--kurabe-gate", "accuracy > 0.5")
    assert result.ret == 0
    result.stdout.fnmatch_lines(["*Leaderboard: verdict*", "the page could not be made, *kurabe report*"])
    assert (root / "reports" / "leaderboard.csv").is_file()
    assert manifest(root)["finished"]


def test_the_train_split_is_not_asked_by_default(pytester: pytest.Pytester, root: Path) -> None:
    suite(root, "pins", [case("a1", "same", split="train"), case("a2", "same")])
    pytester.runpytest(*MAIN, "--kurabe-no-controls").assert_outcomes(passed=1)
    pytester.runpytest(*MAIN, "--kurabe-no-controls", "--kurabe-split", "all").assert_outcomes(passed=2)


def test_collecting_imports_no_torch(pytester: pytest.Pytester, root: Path) -> None:
    assert root
    pytester.makeconftest(
        """
        import sys

        def pytest_sessionfinish(session):
            print("torch" in sys.modules, "pandas" in sys.modules)
        """
    )
    result = pytester.runpytest_subprocess(*MAIN, "--collect-only", "-q", "-s")
    result.stdout.fnmatch_lines(["*pins/a1-verdict-raw-instant*", "False False"])


def test_a_damaged_cache_is_told_once(pytester: pytest.Pytester, root: Path) -> None:
    cache = root / "reports" / "cache" / "answers.sqlite"
    cache.parent.mkdir(parents=True)
    cache.write_bytes(b"no database at all, but long enough to be taken for one" * 40)
    result = pytester.runpytest(*MAIN)
    assert result.ret == 0
    out = result.stdout.str() + result.stderr.str()
    assert out.count("answers.sqlite was damaged") == 1
