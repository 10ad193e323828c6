"""``kurabe plan``: how many parts a claim needs, and how many units a comparison of two models."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from kurabe.report.sample_size import Pilot

MISSES = (0, 1, 2)
"""Numbers of errors for which the parts are told."""


def plan(
    claim: Annotated[
        str | None, typer.Option(metavar="RULE", help="What is to be shown, such as 'miss_rate <= 0.01'.")
    ] = None,
    confidence: Annotated[
        float, typer.Option(metavar="PERCENT", min=50, max=99.9999, help="How sure the claim has to be.")
    ] = 95.0,
    pilot: Annotated[
        str | None, typer.Option(metavar="RUN", help="A run to plan a comparison of two models from.")
    ] = None,
    models: Annotated[
        tuple[str, str] | None, typer.Option(metavar="A B", help="The two models of the pilot run.")
    ] = None,
    suite: Annotated[str | None, typer.Option(metavar="NAME", help="Default: all suites.")] = None,
    variant: Annotated[str, typer.Option(metavar="NAME", help="How the pairs were shown.")] = "raw",
    reports: Annotated[str, typer.Option("--reports", metavar="DIR", help="Folder of the runs.")] = "reports",
) -> None:
    """Say how many parts a claim needs, or how many units would tell two models apart.

    A claim: kurabe plan --claim "miss_rate <= 0.01" --confidence 95

    A comparison: kurabe plan --pilot latest --models A B
    """
    if claim is None and pilot is None:
        raise typer.BadParameter("give a claim, a pilot run with two models, or both", param_hint="--claim")
    if (pilot is None) != (models is None):
        raise typer.BadParameter("--pilot RUN and --models A B belong together", param_hint="--models")
    if claim is not None:
        _claim(claim, confidence)
    if pilot is not None and models is not None:
        _comparison(pilot, models, suite, variant, Path(reports))


def _claim(text: str, confidence: float) -> None:
    from kurabe.report.rules import parse_rule
    from kurabe.report.sample_size import parts_needed

    try:
        rule = parse_rule(text)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--claim") from error
    if rule.weighs:
        raise typer.BadParameter("a claim bounds a rate, such as 'miss_rate <= 0.01'", param_hint="--claim")
    for name, bound, part, done in (
        ("miss_rate", rule.miss, "bad", "missed"),
        ("overkill_rate", rule.overkill, "good", "overkilled"),
    ):
        if bound is None:
            continue
        typer.echo(f"{name} <= {bound:g} with {confidence:g} % confidence needs")
        for errors in MISSES:
            parts = parts_needed(bound, errors, confidence / 100)
            typer.echo(f"  {parts:>7,} {part} parts, if {errors or 'none'} of them {_are(errors)} {done}")
    typer.echo(
        "These are independent parts: several shots of a part, or several parts that share a worn good part, "
        "count as fewer. Decide on the number before you look: going on until it holds proves nothing."
    )


def _are(errors: int) -> str:
    return "is" if errors == 1 else "are"


def _comparison(run: str, models: tuple[str, str], suite: str | None, variant: str, reports: Path) -> None:
    from kurabe.report.sample_size import FACTORS, POWER, pilot_of
    from kurabe.results.run import find_run

    try:
        found = pilot_of(find_run(reports, run).records(), models, suite, variant)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--models") from error
    word = _WORDS.get(found.kind, "units")
    first, second = models
    typer.echo(
        f"pilot: {first} {found.first:.2f}, {second} {found.second:.2f}: balanced accuracy changes by "
        f"{found.change:+.3f}, on {found.cases} cases in {found.units} {word}"
    )
    if found.effect is None or found.effect == 0:
        typer.echo("The pilot shows no change, so it cannot tell how many more would show one.")
        return
    typer.echo(
        f"chance to find such a change (5 %, two-sided), if it is as large as in the pilot, with {word}:"
    )
    for factor in FACTORS:
        units = factor * found.units
        typer.echo(f"  {units:>7,}: {found.power(units):.0%}")
    typer.echo(_needed(found, word, POWER))


def _needed(found: "Pilot", word: str, power: float) -> str:
    units = found.units_needed(power)
    if units is None:
        return "The change is too small to be planned for."
    cases = round(units * found.cases / found.units)
    return (
        f"{power:.0%} takes {units:,} {word} (about {cases:,} cases like these). A pilot's change is itself "
        "uncertain: plan for the smallest change that would matter to you."
    )


_WORDS = {"reference": "sets of good parts", "specimen": "specimens", "test": "test pictures"}
