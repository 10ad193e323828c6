"""``judgements.jsonl``: what a second model said about the words of the first, one line an answer."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from kurabe.common.errors import KurabeError

FILE = "judgements.jsonl"


@dataclass(frozen=True, slots=True)
class Judgement:
    """A judge's answer about one answer.

    Attributes:
        trial: Id of the trial whose answer was judged.
        judge: The model that judged.
        names: What the answer could name, as scores call it, in the order in which it was numbered.
        never: What it must not state (of a description).
        prompt: What the judge was asked.
        text: What it said.
        named: Numbers of what the answer names, from 1; None if the judge's answer cannot be read.
        others: How many further differences the answer claims.
        forbidden: Numbers of what it states though it must not.
        reason: Why the judge's answer cannot be read, or is missing; "" if it was read.
        tokens_in: Length of the prompt.
        tokens_out: Length of the judge's answer.
        seconds: Time of the judge's answer.
        cached: Whether it came from the cache.
        cost: What it cost, where its entry has prices.
    """

    trial: str
    judge: str
    names: tuple[str, ...]
    never: tuple[str, ...]
    prompt: str
    text: str
    named: tuple[int, ...] | None
    others: int = 0
    forbidden: tuple[int, ...] = ()
    reason: str = ""
    tokens_in: int | None = None
    tokens_out: int | None = None
    seconds: float | None = None
    cached: bool = False
    cost: float | None = None

    def to_json(self) -> str:
        """Return it as one line of JSON without line feed."""
        line = json.dumps(asdict(self), ensure_ascii=False, allow_nan=False)
        return line.encode("utf-8", "backslashreplace").decode("utf-8")


_NAMES = {each.name for each in fields(Judgement)}
_TUPLES = ("names", "never", "named", "forbidden")


def read_judgements(folder: Path) -> dict[str, Judgement]:
    """Return a run's judgements by trial; empty where nobody has judged.

    A last line that is cut off, as after a kill, is passed over.

    Raises:
        KurabeError: If the file is damaged, with the line.
    """
    path = folder / FILE
    if not path.is_file():
        return {}
    found: dict[str, Judgement] = {}
    lines = path.read_bytes().split(b"\n")
    for number, line in enumerate(lines, 1):
        if not line:
            continue
        try:
            told: Any = {k: v for k, v in json.loads(line.decode("utf-8")).items() if k in _NAMES}
            told |= {k: tuple(told[k]) for k in _TUPLES if told.get(k) is not None}
            judgement = Judgement(**told)
        except (ValueError, TypeError, AttributeError) as error:
            if number == len(lines):
                break
            raise KurabeError(f"{path}:{number}: damaged: {error}") from error
        found[judgement.trial] = judgement
    return found


def write_judgements(folder: Path, judgements: Iterable[Judgement]) -> None:
    """Add judgements to a run's file, which the first ones make.

    Raises:
        OSError: If it cannot be written.
    """
    text = "".join(judgement.to_json() + "\n" for judgement in judgements)
    if text:
        with (folder / FILE).open("ab") as file:
            file.write(text.encode())
