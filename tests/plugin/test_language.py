"""The language of the summary and of the page: asked for, or that of the locale."""

from pathlib import Path

import pytest

from tests.support.project import MAIN, project


@pytest.fixture
def root(pytester: pytest.Pytester) -> Path:
    return project(pytester.path)


def page(root: Path) -> str:
    return (root / "reports/index.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("locale", "options", "lang"),
    [
        ("ja_JP.UTF-8", [], "ja"),
        ("C.UTF-8", ["--kurabe-lang", "ja"], "ja"),
        ("ja_JP.UTF-8", ["--kurabe-lang", "en"], "en"),
        ("C.UTF-8", [], "en"),
    ],
)
def test_summary_gates_and_page_are_in_it(
    pytester: pytest.Pytester,
    root: Path,
    monkeypatch: pytest.MonkeyPatch,
    locale: str,
    options: list[str],
    lang: str,
) -> None:
    monkeypatch.setenv("LC_ALL", locale)
    result = pytester.runpytest(*MAIN, *options, "--kurabe-gate", "n > 1", "--kurabe-gate", "n > 900")
    assert result.ret == 1
    told = result.stdout.str()
    words = {
        "ja": ["リーダーボード: 判定", "同一画像のペア", "結果: ", "ページ: ", "ゲート 'n > 1' は", "失敗: "],
        "en": ["Leaderboard: verdict", "identical pairs", "results: ", "page: ", "gate 'n > 1' holds"],
    }
    assert [word for word in words[lang] if word not in told] == []
    assert [word for word in words[{"ja": "en", "en": "ja"}[lang]] if word in told] == []
    assert f'<html lang="{lang}"' in page(root)
    table = (root / "reports/leaderboard.csv").read_text(encoding="utf-8")
    assert table.startswith("model,")
    assert table.isascii()
