"""A process of its own that writes prompts by chat templates, under limits: the other end of `templates`.

Reads lines of JSON, ``[template, messages, variables]``, and answers each with one: null, or what stopped it.
It ends where its memory, its time, or its input ends. Started as a file, so it imports nothing of kurabe.
"""

import json
import os
import sys
from contextlib import suppress
from datetime import datetime
from threading import Timer
from typing import Any

from jinja2 import TemplateError, nodes
from jinja2.ext import Extension, loopcontrols
from jinja2.parser import Parser
from jinja2.sandbox import ImmutableSandboxedEnvironment

TIMED_OUT = 3
"""Exit status of a process whose template took too long."""


class _Generation(Extension):
    """The tag by which templates mark what the model has written."""

    tags = {"generation"}  # noqa: RUF012 - as jinja2 declares it

    def parse(self, parser: Parser) -> list[nodes.Node]:
        next(parser.stream)
        return parser.parse_statements(("name:endgeneration",), drop_needle=True)


def environment() -> ImmutableSandboxedEnvironment:
    """Return the sandbox, with the names that transformers' own gives to templates."""
    made = ImmutableSandboxedEnvironment(
        trim_blocks=True, lstrip_blocks=True, extensions=[_Generation, loopcontrols]
    )

    def raise_exception(message: str) -> None:
        raise TemplateError(message)

    def tojson(value: Any, **options: Any) -> str:
        return json.dumps(value, **{"ensure_ascii": False, **options})

    made.filters["tojson"] = tojson
    made.globals["raise_exception"] = raise_exception
    made.globals["strftime_now"] = lambda form: datetime.now().strftime(form)
    return made


def main(memory: int, seconds: float, characters: int) -> None:
    """Answer lines until there are no more.

    Args:
        memory: Bytes of address space that this process may take.
        seconds: How long one template may take.
        characters: How long what it writes may be.
    """
    with suppress(ImportError, ValueError, OSError):  # no such limits here, or narrower ones are set
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    made = environment()
    for line in sys.stdin:
        timer = Timer(seconds, os._exit, [TIMED_OUT])
        timer.start()
        try:
            template, messages, variables = json.loads(line)
            told = _stopped(made, template, messages, variables, characters)
        except MemoryError:
            told = "takes more memory than a prompt can need"
        except Exception:
            told = None
        timer.cancel()
        print(json.dumps(told), flush=True)  # noqa: T201 - the answer


def _stopped(
    made: ImmutableSandboxedEnvironment, template: str, messages: Any, variables: dict[str, Any], most: int
) -> str | None:
    length = 0
    for part in made.from_string(template).generate(messages=messages, **variables):
        length += len(part)
        if length > most:
            return f"writes more than {most:,} characters"
    return None


if __name__ == "__main__":
    main(int(sys.argv[1]), float(sys.argv[2]), int(sys.argv[3]))
