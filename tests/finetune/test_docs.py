"""The example in the guide runs as it stands there."""

import re
from pathlib import Path

import pytest

from kurabe.models.adapters.card import trained_on
from tests.support import checkpoints

ROOT = Path(__file__).resolve().parents[2]


def test_the_example_in_python_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    text = (ROOT / "docs/how-to/fine-tune.md").read_text(encoding="utf-8")
    [example] = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    checkpoints.llava(tmp_path / "checkpoints/mine")
    (tmp_path / "cases").symlink_to(ROOT / "cases")
    monkeypatch.chdir(tmp_path)
    exec(compile(example.replace("steps=100", "steps=2"), "fine-tune.md", "exec"), {})
    assert capsys.readouterr().out.count("eval_loss") == 2
    assert trained_on(tmp_path / "adapters/mine")
