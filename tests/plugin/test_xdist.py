"""Trials over the workers of pytest-xdist: each asked once, by one of them, and none lost."""

import sys
from pathlib import Path

import pytest

from tests.support.project import MAIN, case, manifest, project, results, suite

pytest.importorskip("xdist")


@pytest.fixture
def root(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> Path:
    # These tests may run in a worker themselves, and tell by this who is one.
    monkeypatch.delenv("PYTEST_XDIST_WORKER", raising=False)
    return project(pytester.path)


def test_xdist_gives_the_same_results(pytester: pytest.Pytester, root: Path) -> None:
    suite(root, "pins", [case(f"p{i}", "different" if i % 3 else "same") for i in range(70)])
    assert pytester.runpytest_subprocess(*MAIN, "-n", "2").ret == 0
    spread = {line["trial"]: line["outcome"] for line in results(root)}
    told = manifest(root)
    assert told["planned"] == told["answered"] == 71
    assert told["models"]["instant"]["threshold"] == 64
    assert pytester.runpytest_subprocess(*MAIN, "--kurabe-fresh").ret == 0
    assert {line["trial"]: line["outcome"] for line in results(root)} == spread


def test_xdist_asks_each_trial_once_and_a_killed_worker_loses_none(
    pytester: pytest.Pytester, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    suite(root, "pins", [case(f"p{i}", "different" if i % 3 else "same") for i in range(70)])
    pytester.makeconftest(
        """
        import os, signal
        from pathlib import Path
        from kurabe.answering.answerer import Answerer

        asked, worker = Path("asked"), os.environ.get("PYTEST_XDIST_WORKER")
        asked.mkdir(exist_ok=True)
        settle, answer = Answerer._settle, Answerer.answer

        def noted(self, result):
            settle(self, result)
            with (asked / worker).open("a") as file:
                print(result.trial.id, file=file)

        def answered(self, trial):
            found = answer(self, trial)
            if "KILL" in os.environ and worker == "gw1" and len(self._done) < 20:
                os.kill(os.getpid(), signal.SIGKILL)
            return found

        Answerer._settle, Answerer.answer = noted, answered
        """
    )
    assert pytester.runpytest_subprocess(*MAIN, "-n", "2").ret == 0
    workers = [path.read_text().splitlines() for path in (root / "asked").iterdir()]
    assert len(workers) == 2
    trials = [trial for worker in workers for trial in worker]
    assert len(trials) == len(set(trials)) == 71
    monkeypatch.setenv("KILL", "1")
    pytester.runpytest_subprocess(*MAIN, "-n", "2", "--kurabe-fresh").stdout.fnmatch_lines(
        ["*worker 'gw1' crashed*"]
    )
    kept = [line["trial"] for line in results(root)]
    assert len(kept) == 71
    assert set(kept) == set(trials)


def test_a_killed_xdist_run_knows_how_many_trials_there_were(pytester: pytest.Pytester, root: Path) -> None:
    pytester.makeconftest(
        """
        import os, signal
        import pytest

        kept = []

        @pytest.hookimpl(trylast=True)
        def pytest_runtest_logreport(report):
            if hasattr(report, "kurabe"):
                kept.append(report)
                if len(kept) == 2 and "PYTEST_XDIST_WORKER" not in os.environ:
                    os.kill(os.getpid(), signal.SIGKILL)
        """
    )
    assert pytester.runpytest_subprocess(*MAIN, "-n", "2").ret < 0
    told = manifest(root)
    assert (told["planned"], told["finished"], len(results(root))) == (5, None, 2)
    done = pytester.run(sys.executable, "-m", "kurabe.cli", "report", "latest")
    done.stdout.fnmatch_lines(["3 of 5 trials are missing: the run did not end by itself"])
    assert (root / "reports" / "index.html").is_file()


GPUS = """
    import os

    def pytest_sessionfinish():
        if worker := os.environ.get("PYTEST_XDIST_WORKER"):
            with open("gpus", "a") as file:
                print(worker, os.environ["CUDA_VISIBLE_DEVICES"], file=file)
    """


def test_each_worker_takes_its_gpu_where_there_are_trials(
    pytester: pytest.Pytester, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "4,7")
    pytester.makeconftest(GPUS)
    suite(root, "pins", [case(f"p{i}", "different" if i % 3 else "same") for i in range(70)])
    assert pytester.runpytest_subprocess(*MAIN, "-n", "2").ret == 0
    assert set((root / "gpus").read_text().splitlines()) == {"gw0 4", "gw1 7"}
    (root / "gpus").unlink()
    pytester.makepyfile(test_mine="def test_a():\n    pass\n\n\ndef test_b():\n    pass\n")
    assert pytester.runpytest_subprocess("-n", "2", "test_mine.py").ret == 0
    assert {line.split()[1] for line in (root / "gpus").read_text().splitlines()} == {"4,7"}


def test_a_distribution_that_the_user_wants_is_kept(pytester: pytest.Pytester, root: Path) -> None:
    for option in ("load", "loadgroup"):
        assert pytester.runpytest_subprocess(*MAIN, "-n", "2", "--dist", option, "--kurabe-fresh").ret == 0
        assert len({line["trial"] for line in results(root)}) == 5
        assert manifest(root)["planned"] == manifest(root)["answered"] == 5
