"""Whole sessions that ask a served model: what the terminal, the files, the page and the exit code say."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kurabe.report.page.data import page_data
from kurabe.results.run import find_run
from tests.support.chat_server import ChatServer, Sent, chat_server
from tests.support.project import MAIN, case, manifest, project, results, suite

PRICES = "prices = { input = 1.0, output = 100.0 }"
COST = 0.0003  # of an answer: 100 tokens in, 2 out


@pytest.fixture
def server() -> Iterator[ChatServer]:
    with chat_server() as running:
        yield running


@pytest.fixture
def root(pytester: pytest.Pytester, server: ChatServer) -> Path:
    project(pytester.path, server.entry_of(PRICES))
    suite(pytester.path, "pins", [case(f"p{i}", "different" if i % 2 else "same") for i in range(12)])
    return pytester.path


def test_costs_are_in_the_results_and_the_sum_is_told(
    pytester: pytest.Pytester, root: Path, server: ChatServer
) -> None:
    result = pytester.runpytest(*MAIN)
    assert result.ret == 0
    assert [line["cost"] for line in results(root)] == pytest.approx([COST] * 13)
    result.stdout.fnmatch_lines(["*0.0039 spent, 1,326 tokens for 13 answers of served models*"])
    facts = manifest(root)["models"]["served"]
    assert facts["server"] == server.url
    assert facts["features"] == {"logprobs": "given"}
    assert sorted(facts) == [
        "at_once", "features", "fingerprint", "identity", "model", "repeated", "server", "versions",
    ]  # fmt: skip


def test_a_budget_makes_the_run_partial_and_the_next_one_goes_on(
    pytester: pytest.Pytester, root: Path, server: ChatServer
) -> None:
    result = pytester.runpytest(*MAIN, "--kurabe-max-cost", str(5.5 * COST))
    assert result.ret == 0
    result.stdout.fnmatch_lines(
        ["*partial run: 8 of 13 trials were not asked*", "*the budget is used up*--kurabe-max-cost*"]
    )
    assert result.parseoutcomes() == {"passed": 5, "skipped": 8}
    assert len(results(root)) == 5
    assert manifest(root)["partial"] == "8 of 13 trials were not asked"
    again = pytester.runpytest(*MAIN, "--kurabe-max-cost", "1")
    assert again.parseoutcomes() == {"passed": 13}
    assert len(server.bodies) == 13
    assert [line["cached"] for line in results(root)].count(True) == 5


def test_a_budget_is_shared_by_the_workers_of_xdist(
    pytester: pytest.Pytester, root: Path, server: ChatServer
) -> None:
    result = pytester.runpytest(*MAIN, "-n1", "--kurabe-max-tokens", "550")
    result.stdout.fnmatch_lines(["*the budget is used up*--kurabe-max-tokens 550*"])
    assert len(server.bodies) == 5


def test_a_limit_of_cost_needs_prices(pytester: pytest.Pytester, root: Path, server: ChatServer) -> None:
    (root / "models.toml").write_text(server.entry_of(), encoding="utf-8")
    result = pytester.runpytest(*MAIN, "--kurabe-max-cost", "1")
    assert result.ret != 0
    result.stdout.fnmatch_lines(["*models.toml:2: model served: a limit of cost needs 'prices' here*"])
    assert server.bodies == []


@pytest.mark.parametrize("limit", ["--kurabe-max-cost=0", "--kurabe-max-tokens=-3", "--kurabe-max-cost=nan"])
def test_a_limit_is_above_zero(pytester: pytest.Pytester, root: Path, limit: str) -> None:
    result = pytester.runpytest(*MAIN, limit)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["*takes a number above 0*"])


def test_what_a_server_lacks_is_told_once_everywhere(
    pytester: pytest.Pytester, root: Path, server: ChatServer
) -> None:
    server.logprobs = False
    result = pytester.runpytest(*MAIN)
    told = "served: the server ignores the request for log-probabilities"
    assert result.stdout.str().count(told) == 1
    (message,) = [line for line in manifest(root)["messages"] if line.startswith(told)]
    assert message in page_data(find_run(root / "reports", "latest"))["run"]["manifest"]["messages"]


def test_a_server_that_dies_half_way_is_told_once(
    pytester: pytest.Pytester, root: Path, server: ChatServer
) -> None:
    (root / "models.toml").write_text(server.entry_of("patience = 0.0\nconcurrency = 2"), encoding="utf-8")

    def die(body: dict[str, Any], number: int) -> Sent | None:
        if number == 6:
            server.close()
        return None

    server.act = die
    result = pytester.runpytest(*MAIN)
    assert result.ret == 1
    assert result.stdout.str().count("served cannot be reached") <= 2 * 2 + 1 + 1  # tried, and the summary
    lines = results(root)
    assert [line["outcome"] for line in lines].count("correct") >= 6
    assert 0 < [line["outcome"] for line in lines].count("error") <= 4  # under way, or about to be
    assert manifest(root)["partial"].endswith("of 13 trials were not asked")


def test_a_key_that_a_server_echoes_is_in_no_file_and_on_no_terminal(
    pytester: pytest.Pytester, root: Path, server: ChatServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = "sk-0123456789abcdef"
    monkeypatch.setenv("A_KEY", key)
    more = 'api_key_env = "A_KEY"\nretries = 0\nverdict = "text"\nstructured = false'
    (root / "models.toml").write_text(server.entry_of(more), encoding="utf-8")

    def echo(body: dict[str, Any], number: int) -> Sent | None:
        if number % 3 == 0:
            return Sent(400, {"error": {"message": f"no such thing as {key}"}}, {"X-Key": key})
        reply = server.reply(body) | {"system_fingerprint": key}
        reply["choices"][0]["message"]["content"] = f"Yes, {key}"
        return Sent(body=reply, headers={"X-Key": key})

    server.act = echo
    server.entry["root"] = key
    # Shown as it comes: what is logged between two phases of a test is in no test's captured log.
    live = ("-o", "log_cli=true", "--log-cli-level=DEBUG", "--log-level=DEBUG")
    result = pytester.runpytest(*MAIN, *live, "-vv", "--showlocals", "-rA")
    assert result.ret == 1  # there are errors
    assert any("[key]" in line["text"] for line in results(root))
    assert any("[key]" in (line["error"] or "") for line in results(root))
    seen = result.stdout.str() + result.stderr.str()
    assert "DEBUG    PIL." in seen  # logs were shown, of every level
    for text in (seen, *(path.read_bytes().decode("latin-1") for path in root.rglob("*") if path.is_file())):
        assert "0123456789abcdef" not in text
