"""The wheel in a repository of someone else's, whose packages, options and plugins have names like ours."""

import re
from collections import Counter
from pathlib import Path

import pytest

from tests.support.installed import Installed, install
from tests.support.project import INSTANT, case, manifest, results, suite

pytest.importorskip("xdist")

MODELS = '[models.{}]\nengine = "pixel-diff"\ndefault = true\n'
THEIRS = {
    "pyproject.toml": '[tool.pytest.ini_options]\naddopts = ["--strict-markers"]\n',
    "conftest.py": """
        import sys

        import pytest

        def pytest_sessionfinish():
            rooms = {".".join(name.split(".")[:2]) for name in sys.modules if name.startswith("kurabe")}
            print("imported:", *sorted(rooms), "kurabe.plugin.session" in sys.modules)

        def pytest_addoption(parser):
            parser.addoption("--model", default="none")
            parser.addoption("--repeat", type=int, default=1)
            parser.addoption("--cases")
            parser.addoption("--gate", action="store_true")
            parser.addoption("--compare", choices=("fast", "slow"))

        @pytest.fixture
        def trial():
            return "theirs"
        """,
    "benchmark/__init__.py": "",
    "benchmark/speed.py": """
        def double(number):
            return 2 * number
        """,
    "benchmark/test_pairs.py": """
        from benchmark.speed import double

        def test_pair(benchmark, trial):
            assert benchmark(double, 2) == 4
            assert trial == "theirs"
        """,
    "tests/test_options.py": """
        import os
        import sys

        import pytest

        @pytest.mark.parametrize("pair", ["a/b", "c/d"])
        def test_pair(pair, pytestconfig):
            assert pytestconfig.getoption("model") in ("none", "ours")

        def test_values(pytestconfig):
            got = [pytestconfig.getoption(n) for n in ("model", "repeat", "cases", "gate", "compare")]
            assert got in (["none", 1, None, False, None], ["ours", 3, "here", True, "fast"])

        def test_all_gpus_are_there():
            assert "CUDA_VISIBLE_DEVICES" not in os.environ

        def test_nothing_of_the_bench_is_imported():
            rooms = {name.split(".")[1] for name in sys.modules if name.startswith("kurabe.")}
            assert rooms <= {"common", "plugin"}
            assert "kurabe.plugin.session" not in sys.modules
        """,
    "cases/test_cases.py": "def test_theirs():\n    pass\n",
}
OWN = 7
"""Tests of theirs."""

CASES = 12


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Installed:
    return install(tmp_path_factory.mktemp("installed"))


def write_theirs(root: Path) -> Path:
    for name, text in THEIRS.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        lines = text.strip("\n").splitlines()
        indent = min((len(line) - len(line.lstrip()) for line in lines if line.strip()), default=0)
        path.write_text("\n".join(line[indent:] for line in lines) + "\n", encoding="utf-8")
    return root


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    return write_theirs(tmp_path)


@pytest.fixture(scope="module")
def with_suites(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Their repository with suites in it; later sessions use the answers of the first."""
    repository = write_theirs(tmp_path_factory.mktemp("with_suites"))
    (repository / "models.toml").write_text(MODELS.format("one") + MODELS.format("two"), encoding="utf-8")
    suite(repository, "pins", [case(f"p{n:02}", "different" if n % 2 else "same") for n in range(CASES)])
    suite(repository, "screws", [case("a", "same"), {**case("b", "same"), "test": "images/nowhere.png"}])
    return repository


def counts(output: str) -> dict[str, int]:
    """Return pytest's last line in numbers."""
    last = [line for line in output.splitlines() if re.search(r"\d+ \w+.* in [\d.]+s", line)][-1]
    return {word: int(number) for number, word in re.findall(r"(\d+) (\w+)", last)}


def test_the_wheel_has_the_package_and_nothing_else(installed: Installed) -> None:
    files = installed.files()
    assert {name.split("/")[0].split("-")[0] for name in files} == {"kurabe"}
    assert "kurabe/cases/_prompts.yaml" in files
    assert "kurabe/plugin/test_pairs.py" in files
    assert not [name for name in files if "scenes" in name or "tests/" in name]


def test_a_project_that_is_begun_runs_at_once(installed: Installed, tmp_path: Path) -> None:
    installed.run(tmp_path, "-m", "kurabe.cli", "init", "new")
    project = tmp_path / "new"
    out = installed.run(project, "-m", "kurabe.cli", "check")
    assert "4 good cases, 7 pictures: no problems" in out
    gate = ("--gate", "variant=raw balanced_accuracy >= 0.8")
    out = installed.run(project, "-m", "pytest", "-p", "no:randomly", *gate)
    assert re.search(r"holds for [24] rows", out)  # good-parts is asked where its extra is
    assert (project / "reports/index.html").is_file()


@pytest.mark.parametrize(
    ("options", "runs"),
    [
        ((), 1),
        (("--model", "ours", "--repeat=3", "--cases", "here", "--gate", "--compare", "fast"), 1),
        (("--count", "2"), 2),
        (("-n", "2"), 1),
    ],
)
def test_their_own_tests_pass(
    installed: Installed, repository: Path, options: tuple[str, ...], runs: int
) -> None:
    out = installed.run(repository, "-m", "pytest", *options)
    assert counts(out)["passed"] == OWN * runs
    assert "imported: kurabe kurabe.common kurabe.plugin False" in out
    for plugin in ("kurabe-", "benchmark-", "randomly-", "repeat-", "xdist-"):
        assert plugin in next(line for line in out.splitlines() if line.startswith("plugins: "))
    assert "Using --randomly-seed" in out
    assert not (repository / "reports").exists()


@pytest.mark.parametrize(
    ("options", "runs"),
    [
        (("-p", "no:randomly"), 1),
        (("-p", "randomly", "--randomly-seed=3"), 1),
        (("--count", "2"), 2),
        (("-n", "2"), 1),
        (("-n", "2", "--count", "2"), 2),
    ],
)
def test_our_suites_run_beside_their_plugins(
    installed: Installed, with_suites: Path, options: tuple[str, ...], runs: int
) -> None:
    out = installed.run(with_suites, "-m", "pytest", "cases", "--kurabe-gate", "n > 0", *options, code=1)
    trials = 2 * (CASES + 1 + 1 + 1)  # two models; pairs, the pair of the other suite, and two controls
    assert counts(out) == counts(out) | {"passed": runs * (trials + 1), "error": 1}
    assert "no image 'images/nowhere.png'" in out
    found = [(line["model"], line["trial"]) for line in results(with_suites)]
    assert len(found) == len(set(found)) == trials
    assert set(Counter(line["outcome"] for line in results(with_suites))) == {"correct"}
    told = manifest(with_suites)
    assert told["planned"] == told["answered"] == trials
    if "-n" not in options:  # else the workers tell in turns
        assert [model for model, _ in found] == sorted(model for model, _ in found)
        asked = [trial for _, trial in found if "pins/p" in trial]
        assert asked == sorted(asked, key=lambda trial: (trial.split("-")[-1], trial))


def test_our_bench_by_its_module_and_by_short_words(installed: Installed, with_suites: Path) -> None:
    """Short words need a repository that does not have them itself."""
    (with_suites / "conftest.py").rename(with_suites / "theirs.py")
    module = ("-m", "pytest", "--pyargs", "kurabe.plugin.test_pairs", "-q", "-k", "p00 and raw")
    assert "2 passed" in installed.run(with_suites, *module)
    short = (*module, "-p", "kurabe.plugin.short", "--collect-only")
    both = installed.run(with_suites, *short, "--model", "one", "--kurabe-model", "tw*")
    assert "pins/p00-verdict-raw-one" in both
    assert "pins/p00-verdict-raw-two" in both
    one = installed.run(with_suites, *short, "--model", "one")
    assert "pins/p00-verdict-raw-two" not in one
    hint = installed.run(with_suites, *module, "--model", "one", code=4)
    assert "use --kurabe-model, or turn on the short options with -p kurabe.plugin.short" in hint
    (with_suites / "theirs.py").rename(with_suites / "conftest.py")


def test_a_shuffled_plan_is_answered_in_batches_by_model(pytester: pytest.Pytester) -> None:
    root, log = pytester.path, pytester.path / "asked.log"
    told = INSTANT + f'log = "{log}"\n'
    other = told.replace("instant]", "other]") + "threshold = 65\n"  # else the cache would have its answers
    (root / "models.toml").write_text(told + other, encoding="utf-8")
    suite(root, "pins", [case(f"p{n:02}", "different" if n % 2 else "same") for n in range(CASES)])
    module = ("--pyargs", "kurabe.plugin.test_pairs")
    result = pytester.runpytest_subprocess(*module, "--kurabe-fresh", "--randomly-seed=1")
    result.assert_outcomes(passed=2 * (CASES + 1))
    pins = [line for line in log.read_text(encoding="utf-8").split() if "/p" in line]
    # The engine answers a window from its end.
    assert pins == [
        f"pins/p{n:02}-verdict-raw-{model}" for model in ("instant", "other") for n in reversed(range(CASES))
    ]
