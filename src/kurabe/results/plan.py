"""``plan.json``: what a run that was split over hosts set out to ask in all its parts together."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kurabe.common.atomic import write_text
from kurabe.common.errors import KurabeError

PLAN = "plan.json"


@dataclass(frozen=True, slots=True)
class Plan:
    """A whole selection and its parts.

    Attributes:
        of: The number of parts.
        trials: Part and id of each trial, in the order in which one host would ask them.
        pictures: A digest of each case's pictures on the host that wrote this, by ``suite/id``.
        partial: Why the whole is not full; None if it is.
    """

    of: int
    trials: tuple[tuple[int, str], ...]
    pictures: Mapping[str, str] = field(default_factory=dict)
    partial: str | None = None

    def size(self, part: int) -> int:
        """Return the number of trials of a part."""
        return sum(each == part for each, _ in self.trials)

    def write(self, folder: Path) -> None:
        """Write the file into a run's folder."""
        told = {"of": self.of, "partial": self.partial, "pictures": dict(self.pictures)}
        head = json.dumps(told, ensure_ascii=False)[:-1]
        lines = ",\n".join(json.dumps(trial, ensure_ascii=False) for trial in self.trials)
        write_text(folder / PLAN, f'{head}, "trials": [\n{lines}\n]}}\n')


def read_plan(folder: Path) -> Plan | None:
    """Return the plan of a run; None if it has none, because it was not split.

    Raises:
        KurabeError: If the file is damaged.
    """
    path = folder / PLAN
    if not path.is_file():
        return None
    try:
        told: Any = json.loads(path.read_text(encoding="utf-8"))
        trials: Sequence[tuple[int, str]] = [(int(part), str(name)) for part, name in told["trials"]]
        return Plan(int(told["of"]), tuple(trials), dict(told["pictures"]), told["partial"])
    except (ValueError, TypeError, LookupError) as error:
        raise KurabeError(f"{path} is damaged: {type(error).__name__}: {error}") from error
