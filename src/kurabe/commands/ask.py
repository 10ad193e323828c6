"""``kurabe ask`` and ``kurabe describe``: one answer for one pair or picture, without a suite."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from kurabe.commands.options import ModelsFile, Reports, note_conftest, project_of
from kurabe.common.text import printable
from kurabe.common.vocabulary import Language, Layout, Relation

if TYPE_CHECKING:
    from kurabe.asking.asks import Ask, Reply


Question = Literal["verdict", "differences", "count"]
Model = Annotated[str, typer.Option("--model", metavar="NAME", help="Who is asked: see 'kurabe models'.")]
Lang = Annotated[Language, typer.Option(help="The prompt's language.")]
Words = Annotated[
    str | None,
    typer.Option("--prompt", metavar="TEXT", help="Asked as it stands, instead of the usual words."),
]
Fresh = Annotated[bool, typer.Option("--fresh", help="Ignore cached answers.")]
Json = Annotated[bool, typer.Option("--json", help="Print everything that is known, as JSON.")]


def ask(
    good: Annotated[Path, typer.Argument(metavar="GOOD", help="The picture of the good part.")],
    suspect: Annotated[Path, typer.Argument(metavar="SUSPECT", help="The picture of the suspect part.")],
    model: Model,
    question: Annotated[Question, typer.Option(help="What is asked.")] = "verdict",
    variant: Annotated[str, typer.Option(help="How the pair is processed: raw, or a processor.")] = "raw",
    layout: Annotated[Layout | None, typer.Option(help="How it is shown; default: the model's own.")] = None,
    relation: Annotated[
        Relation, typer.Option(help="One specimen (aligned), or two (instance).")
    ] = "aligned",
    lang: Lang = "en",
    prompt: Words = None,
    fresh: Fresh = False,
    as_json: Json = False,
    models_file: ModelsFile = None,
    reports: Reports = None,
) -> None:
    """Ask a model about one pair; no suite is needed, and outside a project no models.toml."""
    from kurabe.asking.asks import Ask

    asked = Ask(model, suspect, good, question, variant, layout, relation, lang, prompt)
    _print(_answered(asked, fresh, models_file, reports), as_json)


def describe(
    image: Annotated[Path, typer.Argument(metavar="IMAGE", help="The picture.")],
    model: Model,
    lang: Lang = "en",
    prompt: Words = None,
    fresh: Fresh = False,
    as_json: Json = False,
    models_file: ModelsFile = None,
    reports: Reports = None,
) -> None:
    """Let a model describe one picture."""
    from kurabe.asking.asks import Ask

    asked = Ask(model, image, None, "describe", language=lang, prompt=prompt)
    _print(_answered(asked, fresh, models_file, reports), as_json)


def _answered(asked: "Ask", fresh: bool, models_file: str | None, reports: str | None) -> "Reply":
    from kurabe.asking.desk import Desk

    note_conftest()
    desk = Desk(project_of(None, models_file, reports))
    try:
        (reply,) = desk.ask([asked], fresh=fresh)
    finally:
        desk.close()
    return reply


def _print(reply: "Reply", as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(reply.facts(), ensure_ascii=False))
        return
    typer.echo(printable(reply.text.strip()) or "(an empty answer)")
    typer.echo()
    for name, value in _lines(reply):
        typer.echo(printable(f"{name + ':':<14} {value}"))


def _lines(reply: "Reply") -> list[tuple[str, str]]:
    """Return what is known of an answer besides its text."""
    found = {"count": reply.count, "describe": None}.get(reply.question, reply.verdict)
    lines = [("model", reply.model)]
    if reply.question != "describe":
        unread = f"unparsed ({reply.reason})" if reply.reason else "unparsed"
        lines.append(("reads as", unread if found is None else str(found)))
    if reply.p_different is not None:
        lines.append(("P(different)", f"{reply.p_different:.3f}"))
    lines += [("item", item) for item in reply.items if len(reply.items) > 1]
    lines += [("box", ", ".join(f"{edge:g}" for edge in box)) for box in reply.boxes or ()]
    taken = "" if reply.seconds is None else f"{reply.seconds:.3g}"
    lines.append(("seconds", f"{taken}{' (cached: --fresh asks again)' if reply.cached else ''}"))
    if reply.note:
        lines.append(("note", reply.note))
    return lines
