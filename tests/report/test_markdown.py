"""The comment on a pull request: complete, short, and nothing in it means anything to Markdown."""

from dataclasses import replace
from pathlib import Path

from kurabe.report import markdown as markdowns
from kurabe.report.markdown import markdown
from kurabe.report.tables import make_tables
from kurabe.results.record import Record
from kurabe.results.run import Run
from tests.report.made_records import verdict


def left(reports: Path, name: str, records: list[Record]) -> Run:
    folder = reports / "runs" / name
    folder.mkdir(parents=True)
    run = Run(folder)
    run.write_manifest({})
    for record in records:
        run.append(record)
    run.close()
    return run


def told(run: Run, planned: int | None = None) -> str:
    records = run.records()
    return markdown(run, records, make_tables(records), planned)


def test_leaderboard_raw_against_processed_and_what_changed(tmp_path: Path) -> None:
    def records(*, bad_found: bool) -> list[Record]:
        return [
            *[verdict(f"g{i}", "same", "same", variant=v) for i in range(3) for v in ("raw", "diff")],
            verdict("b1", said="different" if bad_found else "same"),
            verdict("b1", said="different", variant="diff"),
        ]

    left(tmp_path, "1", records(bad_found=False))
    text = told(left(tmp_path, "2", records(bad_found=True)), planned=8)
    assert text.startswith("### kurabe: run `2`\n\n8 trials.\n")
    rows = [line for line in text.splitlines() if line.startswith("| `pixel-diff` | `raw` | `connector` |")]
    assert "| 4 | 1.00 [" in rows[0]
    assert "| `pixel-diff` | `diff` | `connector` | 4 | 1.00 | 1.00 | +0.00 [" in text
    assert "8 trials in both runs: 1 fixed, 0 broken; 0 only in the earlier run, 0 only in this one." in text
    assert "1.00 (+0.50)" in rows[1]
    assert "- fixed: `connector/b1-verdict-raw-pixel-diff`" in text
    assert "`all`" not in text  # one suite: its total would say the same


def test_every_table_has_rows_of_equal_length(tmp_path: Path) -> None:
    left(tmp_path, "1", [verdict("a|b", model="m|1"), verdict("c", model="m|1", variant="diff")])
    text = told(
        left(
            tmp_path,
            "2",
            [verdict("a|b", said="same", model="m|1"), verdict("c", "same", "same", model="m|1")],
        )
    )
    for block in text.split("\n\n"):
        lines = [line for line in block.splitlines() if line.startswith("|")]
        assert len({line.replace("\\|", "").count("|") for line in lines}) <= 1, block


def test_names_mean_nothing_to_markdown(tmp_path: Path) -> None:
    name = "@team <img src=x> `a` ``b`` *c*\n| d"
    text = told(left(tmp_path, "1", [verdict("c1", model=name)]))
    assert "```@team <img src=x> `a` ``b`` *c* \\| d```" in text


def test_a_killed_run_says_what_is_missing(tmp_path: Path) -> None:
    run = left(tmp_path, "1", [verdict("c1"), replace(verdict("c2"), outcome="error", error="no memory")])
    text = told(run, planned=5)
    assert "2 trials of 5: 3 are missing, the run did not end by itself" in text


def test_an_empty_run_and_damaged_ones_before_it(tmp_path: Path) -> None:
    assert "0 trials." in told(left(tmp_path, "1", []))
    (tmp_path / "runs/1/results.jsonl").write_text("{}\n{}\n")
    (left(tmp_path, "2", [verdict("c1")]).folder / "manifest.json").write_text('{"format": 99}')
    assert "Since run" not in told(left(tmp_path, "3", [verdict("c1")]))


def test_many_rows_end_in_a_number(tmp_path: Path) -> None:
    many = [verdict("c1", model=f"m{number:03}") for number in range(markdowns.ROWS + 7)]
    text = told(left(tmp_path, "1", many))
    assert "… and 7 more rows" in text
    assert len(text) < 65_536


def test_what_was_left_out_stands_above_the_tables(tmp_path: Path) -> None:
    run = left(tmp_path, "1", [verdict("g1", "same", "same")])
    records = run.records()
    text = markdown(run, records, make_tables(records), notes=["pins: 2 of 6 cases", "not run: a | @b"])
    assert text.splitlines()[2:6] == ["1 trials.", "", "- `pins: 2 of 6 cases`", "- `not run: a \\| @b`"]
