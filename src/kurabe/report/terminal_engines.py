"""Two back ends held against each other, on a terminal."""

from rich.console import Console

from kurabe.report.terminal_table import Column, Row, print_table
from kurabe.report.two_engines import TwoEngines

LISTED = 10
"""Trials that part and are shown; the rest is in the file."""

LONGEST = 200
"""Characters of an answer that are shown."""


def print_engines(found: TwoEngines, console: Console) -> None:
    """Print what it means, the table, and the first trials that part with both texts."""
    first, second = found.names
    for line in found.words:
        console.print()
        console.print(line, markup=False, highlight=False)
    rows = found.table.to_dict("records")
    suites = {row["suite"] for row in rows} - {"all"}
    if len(suites) == 1:  # the total would say the same
        rows = [row for row in rows if row["suite"] != "all"]
    who = [
        Column(name, lambda row, name=name: str(row[name]), text=True, who=True)  # type: ignore[misc]
        for name in ("suite", "question", "variant", "layout")
    ]
    columns = [
        *who,
        Column("n", lambda row: str(row["n"])),
        Column("texts equal", lambda row: str(row["same_text"])),
        Column("flipped", _flips),
        Column("to different", lambda row: _of_verdict(row, "to_different")),
        Column("to same", lambda row: _of_verdict(row, "to_same")),
        Column("p", lambda row: _p(row["direction_p"])),
        Column("right", lambda row: f"{row['first_accuracy']:.2f}, {row['second_accuracy']:.2f}"),
        Column("p of right", lambda row: _p(row["p_value"])),
        Column("errors", lambda row: str(row["errors"] or "")),
    ]
    print_table(console, f"{first} against {second}", columns, rows)
    with_p = [row for row in rows if row["n_p"]]
    of_p = [
        *who,
        Column("n", lambda row: str(row["n_p"])),
        Column("mean", lambda row: f"{row['mean_abs_delta_p']:.2g}"),
        Column("median", lambda row: f"{row['median_abs_delta_p']:.2g}"),
        Column("largest", lambda row: f"{row['max_abs_delta_p']:.2g}"),
        Column("bias", lambda row: f"{row['mean_delta_p']:+.2g}"),
        Column(
            "correlation", lambda row: "" if row["p_correlation"] is None else f"{row['p_correlation']:.4f}"
        ),
        Column(
            "flips near threshold", lambda row: f"{row['near_flips']}/{row['flipped']}" * bool(row["flipped"])
        ),
    ]
    print_table(console, "Change of P(different)", of_p, with_p)
    _print_trials(found, console)


def _flips(row: Row) -> str:
    limit = "" if row["flip_rate_hi"] is None else f", max {row['flip_rate_hi']:.3f}"
    return f"{row['flipped']} ({row['flip_rate']:.3f}{limit})"


def _of_verdict(row: Row, name: str) -> str:
    return "" if row["direction_p"] is None else str(row[name])


def _p(value: float | None) -> str:
    return "" if value is None else "<0.001" if value < 0.001 else f"{value:.3f}"


def _print_trials(found: TwoEngines, console: Console) -> None:
    rows = found.trials.to_dict("records")
    rows.sort(key=lambda row: not row["flipped"])
    if not rows:
        return
    console.print()
    console.print(f"{len(rows)} trials part, flips first:", markup=False, highlight=False)
    for row in rows[:LISTED]:
        p = [row["p_different_a"], row["p_different_b"]]
        told = "" if None in p else f"  P {p[0]:.4f}, {p[1]:.4f}"
        name = f"{row['case']} {row['question']} {row['variant']}"
        lines = [f"{name}{'  FLIPPED' if row['flipped'] else ''}{told}"]
        lines += [
            f"  {side}: {_short(row[f'text_{key}'])}" for side, key in zip(found.names, "ab", strict=True)
        ]
        for line in lines:
            console.print(line, markup=False, highlight=False)
    if len(rows) > LISTED:
        console.print(f"and {len(rows) - LISTED} more", markup=False, highlight=False)


def _short(text: str) -> str:
    line = " ".join(text.split()) or "(nothing)"
    return line if len(line) <= LONGEST else f"{line[:LONGEST]}…"
