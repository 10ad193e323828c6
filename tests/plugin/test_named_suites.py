"""Suites are found as users of pytest name tests: by folder, file, node id, from wherever they are."""

import pytest

from kurabe.authoring.init import init


@pytest.mark.parametrize(
    ("folder", "arguments"),
    [
        (".", ()),
        (".", ("cases",)),
        (".", ("cases/example/example.yaml",)),
        ("cases", ()),
        ("cases/example", ("example.yaml",)),
        ("elsewhere", ("../cases/example/example.yaml",)),
        (".", ("cases/example/example.yaml::test_pair[example/p2-verdict-raw-pixel-diff]",)),
        (".", ("-k", "example/p2")),
    ],
)
def test_pytest_collects_what_its_users_expect(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, folder: str, arguments: tuple[str, ...]
) -> None:
    init(pytester.path)
    (pytester.path / "elsewhere").mkdir()
    monkeypatch.chdir(pytester.path / folder)
    one = any("p2" in argument for argument in arguments)
    collected = pytester.runpytest("--collect-only", "-q", *arguments)
    assert collected.ret == 0
    # Another baseline is asked where its extra is installed.
    lines = [line for line in collected.outlines if line.endswith("-pixel-diff]")]
    assert len(lines) == ({"-k": 2}.get(arguments[0], 1) if one else 9)
    assert "cases/example/example.yaml::test_pair[example/p2-verdict-raw-pixel-diff]" in lines


def test_a_suite_that_is_named_runs_wherever_it_lies(pytester: pytest.Pytester) -> None:
    init(pytester.path / "kit")
    (pytester.path / "kit/cases/example").rename(pytester.path / "other")
    (pytester.path / "other/notes.yaml").write_text("mine: true\n", encoding="utf-8")
    listed = pytester.runpytest(
        "--rootdir=kit", "-c", "kit/pytest.ini", "--collect-only", "-q", "other/example.yaml"
    )
    assert listed.ret == 0
    assert (
        sum(line.endswith("-pixel-diff]") and "test_pair[example/" in line for line in listed.outlines) == 9
    )
