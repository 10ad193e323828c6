"""What the commands print: tables for a terminal of any width, plain text for everything else."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from kurabe.cases.suites import Suite
from kurabe.commands.check import Checked
from kurabe.commands.check_model import Compared, ModelCheck
from kurabe.common.request import Answer
from kurabe.common.text import printable
from kurabe.common.vocabulary import Language
from kurabe.models.config import Models
from kurabe.models.device import gib
from kurabe.models.registry import EngineInfo
from kurabe.report.terminal_table import Terminal

_LOG_WIDTH = 120
"""Columns of a table that goes to a file or a pipe, which have no width of their own."""


def console(lang: Language = "en") -> Console:
    """Return a console on standard output that speaks a language."""
    output: Console = Terminal(highlight=False, lang=lang)
    if not output.is_terminal:
        output = Terminal(highlight=False, width=_LOG_WIDTH, lang=lang)
    return output


def print_checked(found: Checked, output: Console) -> None:
    """Print the suites with their numbers of cases, and what was found in a sentence."""
    rows = [
        [suite.name, *_counts(suite), str(found.pictures.get(suite.name, 0))] for suite in found.suites.good
    ]
    if rows:
        heads = ("suite", "cases", "test", "train", "same", "different", "pictures")
        _print(output, heads, rows, figures=heads[1:])
    sums = (
        len(found.suites.good),
        sum(len(s.cases) for s in found.suites.good),
        sum(found.pictures.values()),
    )
    counted = [many(n, thing) for n, thing in zip(sums, ("suite", "good case", "picture"), strict=True)]
    verdict = many(len(found.problems), "problem")
    _say(output, f"{', '.join(counted)}: {verdict}", "red" if found.problems else "green")


def many(count: int, thing: str) -> str:
    """Return a number of things in words."""
    return f"{count or 'no'} {thing}{'' if count == 1 else 's'}"


def _counts(suite: Suite) -> list[str]:
    verdicts = [case.expect.known_verdict for case in suite.cases]
    splits = [suite.split(case) for case in suite.cases]
    counted = (
        splits.count("test"),
        splits.count("train"),
        verdicts.count("same"),
        verdicts.count("different"),
    )
    return [str(len(suite.cases)), *map(str, counted)]


def print_models(models: Models, infos: Iterable[EngineInfo], output: Console) -> None:
    """Print each model with its engine, its weights, and why it cannot run here if it cannot."""
    rows, remarks = [], []
    for info in infos:
        ready = info.readiness
        revision = str(info.facts.get("revision") or "")[:8]
        weights = ready.source + (f" @{revision}" if revision else "")
        state = "yes" if ready.ready else "once fetched" if ready.fetchable else "no"
        rows.append([info.name, info.engine, "yes" if info.default else "", state, weights])
        told = [ready.reason, models.entries[info.name].common.note]
        remarks += [f"{info.name}: {remark}" for remark in told if remark]
    if not rows:
        _say(output, f"{models.path} declares no model")
        return
    _print(output, ("model", "engine", "default", "runs here", "weights"), rows)
    for remark in remarks:
        _say(output, remark)


def print_model_check(name: str, found: ModelCheck, output: Console) -> None:
    """Print each answer alone and in a batch, then speed, memory and what the engine tells of itself."""
    rows = [
        [
            answer.name,
            _shown(answer.alone),
            _shown(answer.batched),
            _p(answer),
            "yes" if answer.equal else "NO",
        ]
        for answer in found.answers
    ]
    _print(output, ("asked", "alone", "in a batch", "P(different)", "equal"), rows)
    count = len(found.answers)
    alone, batch = (count / max(seconds, 1e-9) for seconds in (found.alone_seconds, found.batch_seconds))
    _say(output, f"loaded in {found.load_seconds:.1f} s")
    _say(output, f"alone {found.alone_seconds:.2f} s ({alone:.3g} answers/s), ", end="")
    _say(output, f"in a batch of {count} {found.batch_seconds:.2f} s ({batch:.3g} answers/s)")
    _say(output, f"memory {gib(found.memory)}, {found.memory_of}")
    if found.moved:
        mean = sum(found.moved) / len(found.moved)
        _say(
            output,
            f"P(different) is {mean:.4f} away from bfloat16's on the mean of {len(found.moved)} pairs, "
            f"{max(found.moved):.4f} at most",
        )
    for fact, value in found.facts.items():
        if value not in (None, "", [], {}):
            _say(output, f"{fact}: {_fact(value)}")
    verdict = "alone and in a batch" if found.equal else "not alike alone and in a batch"
    _say(
        output,
        f"{name} answers {'the same ' if found.equal else ''}{verdict}",
        "green" if found.equal else "red",
    )


def _shown(answer: Answer) -> str:
    return f"error: {answer.error}" if answer.error is not None else answer.text or "(nothing)"


def _p(compared: Compared) -> str:
    values = (compared.alone.p_different, compared.batched.p_different)
    return ", ".join("none" if value is None else f"{value:.4f}" for value in dict.fromkeys(values))


def _fact(value: object) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{key} {_fact(part)}" for key, part in value.items())
    if isinstance(value, list | tuple):
        return ", ".join(map(_fact, value))
    return f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else str(value)


def _say(output: Console, text: str, style: str = "", **options: Any) -> None:
    output.print(text, style=style, markup=False, soft_wrap=True, **options)


def _print(
    output: Console, heads: Sequence[str], rows: Sequence[Sequence[str]], figures: Sequence[str] = ()
) -> None:
    """Print a table without the columns that are empty everywhere."""
    plain = not output.is_terminal or output.is_dumb_terminal
    table = Table(
        box=box.ASCII2 if plain else box.SIMPLE_HEAD,
        show_edge=False,
        pad_edge=False,
        header_style="" if plain else "bold",
    )
    shown = [i for i, _ in enumerate(heads) if any(row[i] for row in rows)]
    for i in shown:
        table.add_column(heads[i], justify="right" if heads[i] in figures else "left", overflow="fold")
    for row in rows:
        table.add_row(*(escape(printable(row[i])) for i in shown))
    output.print(table)
