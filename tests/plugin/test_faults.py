"""Runs over a bad line: no answer is lost, none that is stored is asked again, and the summary says so."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import aiohttp  # noqa: F401  pytester forgets what its sessions import, and this cannot come back
import pytest

from tests.support.chat_server import ChatServer, chat_server
from tests.support.faults import FAULTS, Fault, Proxy, by_seed, faults
from tests.support.project import MAIN, case, results, suite

CASES = 40
PLANNED = CASES + 1
"""With the control."""
PATIENCE = 2.0
"""Seconds that the entry waits for a reply."""

ENTRY = """
[models.served]
engine = "endpoint"
base_url = "{url}"
model = "looker"
layout = "separate"
timeout = {patience}
patience = 1.0
concurrency = 8
"""


@pytest.fixture
def server() -> Iterator[ChatServer]:
    with chat_server() as running:
        yield running


@pytest.fixture
def proxy(server: ChatServer) -> Iterator[Proxy]:
    with faults(server.url, PATIENCE) as running:
        yield running


@pytest.fixture
def root(pytester: pytest.Pytester, proxy: Proxy) -> Path:
    """A project of pairs, whose answers come through the proxy."""
    root = pytester.path
    (root / "models.toml").write_text(ENTRY.format(url=proxy.url, patience=PATIENCE), encoding="utf-8")
    cases(root, CASES)
    return root


def run(pytester: pytest.Pytester, *more: str) -> tuple[int, str]:
    """Run the bench; return its exit code and what it says, without line breaks."""
    done = pytester.runpytest_inprocess(*MAIN, "--kurabe-model", "served", *more)
    return int(done.ret), " ".join(done.stdout.str().split())


def outcomes(root: Path) -> list[str]:
    return [line["outcome"] for line in results(root)]


def cases(root: Path, count: int) -> None:
    """Have so many pairs."""
    suite(root, "pins", [case(f"p{n:02}", "different" if n % 2 else "same") for n in range(count)])


@pytest.mark.parametrize("seed", [1, 2])
def test_whatever_passes_costs_no_answer(
    pytester: pytest.Pytester, root: Path, server: ChatServer, proxy: Proxy, seed: int
) -> None:
    proxy.plan = by_seed(seed, share=0.4, most=2)
    code, said = run(pytester)
    assert code == 0, said
    assert len(proxy.met) >= len(FAULTS) - 2, "the seed meets too few faults to prove anything"
    assert outcomes(root) == ["correct"] * PLANNED
    assert len(proxy.delivered) == PLANNED
    assert set(proxy.delivered.values()) == {1}
    repeated = proxy.met.total() - proxy.met["drip"]
    assert proxy.asked.total() == PLANNED + repeated
    assert f"served: {repeated} requests were repeated after failures" in said

    asked = len(server.bodies)
    assert run(pytester)[0] == 0
    assert len(server.bodies) == asked
    assert all(line["cached"] for line in results(root))


@pytest.mark.parametrize("fault", FAULTS)
def test_each_fault_alone_is_asked_again(
    pytester: pytest.Pytester, root: Path, proxy: Proxy, fault: Fault
) -> None:
    cases(root, 4)
    proxy.plan = lambda content, before: fault if before == 0 and not proxy.met[fault] else None
    code, said = run(pytester)
    assert code == 0, said
    assert outcomes(root) == ["correct"] * 5
    assert proxy.met == {fault: 1}
    repeats = 0 if fault == "drip" else 1
    assert proxy.asked.total() == 5 + repeats
    assert ("1 requests were repeated" in said) == bool(repeats)


def test_what_always_fails_is_an_error_and_the_rest_goes_on(
    pytester: pytest.Pytester, root: Path, proxy: Proxy
) -> None:
    def poisoned(content: str) -> bool:
        return int(content, 16) % 8 == 0

    with (root / "models.toml").open("a", encoding="utf-8") as file:
        file.write("retries = 1\n")
    proxy.plan = lambda content, before: "500" if poisoned(content) else None
    code, said = run(pytester)
    bad = {content for content in proxy.asked if poisoned(content)}
    assert 0 < len(bad) < 12
    assert code == 1
    assert Counter(outcomes(root)) == {"correct": PLANNED - len(bad), "error": len(bad)}
    assert {proxy.asked[content] for content in bad} == {2}
    assert f"{len(bad)} of {PLANNED} trials ended in an error" in said
    errors = {line["error"] for line in results(root) if line["outcome"] == "error"}
    assert errors == {"served failed (500): the worker has failed"}

    proxy.plan = lambda content, before: None
    proxy.asked.clear()
    assert run(pytester)[0] == 0
    assert set(proxy.asked) == bad, "what is stored was asked again"
    assert outcomes(root) == ["correct"] * PLANNED


def test_a_server_that_dies_half_way_loses_nothing(
    pytester: pytest.Pytester, root: Path, proxy: Proxy
) -> None:
    proxy.dies_after = 20
    code, said = run(pytester)
    assert code != 0
    assert outcomes(root).count("correct") == 20
    assert set(outcomes(root)) <= {"correct", "error"}
    assert "served cannot be reached" in said
    assert "run the same command again" in said
    stored = set(proxy.delivered)

    proxy.revive()
    proxy.asked.clear()
    assert run(pytester)[0] == 0
    assert outcomes(root) == ["correct"] * PLANNED
    assert not stored & set(proxy.asked), "what is stored was asked again"
    assert set(proxy.delivered.values()) == {1}
    assert len(proxy.delivered) == PLANNED


def test_a_wrong_name_is_given_up_soon(pytester: pytest.Pytester, root: Path, proxy: Proxy) -> None:
    proxy.plan = lambda content, before: "404"
    code, said = run(pytester)
    assert code != 0
    assert "has no model 'looker'" in said
    assert "check 'model' and 'base_url'" in said
    assert proxy.asked.total() < PLANNED / 2
    assert proxy.delivered.total() == 0
    assert "correct" not in outcomes(root)
