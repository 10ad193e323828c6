"""A record that is written after each part, so that what fails or is cut off loses only itself."""

import json
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any


class Notes:
    """What parts of a measurement gave, by their names; each is printed when it is done.

    Attributes:
        record: All that was noted.
    """

    def __init__(self, record: dict[str, Any], out: Path | None) -> None:
        """Begin with what is known already.

        Args:
            record: Facts that are no measurement.
            out: Where the record goes as JSON; None for nowhere.
        """
        self.record, self._out, self._begun = record, out, time.perf_counter()

    def note(self, name: str, work: Callable[[], Any]) -> None:
        """Note what some work gives, or the error that it ends in: the others are worth having."""
        try:
            self.record[name] = work()
        except (Exception, SystemExit) as error:
            traceback.print_exc()
            self.record[name] = {"error": f"{type(error).__name__}: {error}"}
        seconds = time.perf_counter() - self._begun
        print(f"{seconds:6.1f} s  {name}: {json.dumps(self.record[name])}", flush=True)
        if self._out:
            self._out.write_text(json.dumps(self.record, indent=1) + "\n", encoding="utf-8")
