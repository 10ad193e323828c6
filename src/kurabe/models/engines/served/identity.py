"""What a server tells of its model, remembered for when it cannot be reached."""

import json
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from threading import Lock

from kurabe.common.atomic import write_text
from kurabe.common.errors import KurabeError

FILE = "servers.json"


class Identity:
    """What a server told of a model: asked once a session.

    Args:
        key: Names server and model.
        folder: Where it is remembered; None for nowhere.
    """

    def __init__(self, key: str, folder: Path | None) -> None:
        self._key = key
        self._file = None if folder is None else folder / FILE
        self._known: dict[str, object] | None = None
        self._lock = Lock()

    def get(self, ask: Callable[[], dict[str, object]]) -> dict[str, object]:
        """Return what the server tells, or told when it could last be reached; nothing if it never could.

        The answer stays the same for the whole session, so that one session's answers have one key.
        """
        with self._lock:
            if self._known is None:
                try:
                    self._known = ask()
                except KurabeError:
                    self._known = self._remembered().get(self._key, {})
                else:
                    self._remember(self._known)
            return self._known

    def _remembered(self) -> dict[str, dict[str, object]]:
        if self._file is None:
            return {}
        try:
            found = json.loads(self._file.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return found if isinstance(found, dict) else {}

    def _remember(self, told: dict[str, object]) -> None:
        known = self._remembered()
        if self._file is None or known.get(self._key) == told:
            return
        with suppress(OSError):  # then it has to be asked the next time
            self._file.parent.mkdir(parents=True, exist_ok=True)
            write_text(self._file, json.dumps(known | {self._key: told}, indent=1))
