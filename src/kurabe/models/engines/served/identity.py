"""What a server tells of its model, remembered for when it cannot be reached, and to see when it changes."""

import json
from collections.abc import Callable, Collection
from contextlib import suppress
from pathlib import Path
from threading import Lock

from kurabe.common.atomic import write_text
from kurabe.common.errors import KurabeError

FILE = "servers.json"

_TOLD, _VERSION, _CHANGES = "told", "version", "changes"


class Identity:
    """What a server told of a model: asked once a session.

    Servers tell some things only with an answer, such as the version of the software. It cannot be in the key
    of the very answer that it came with. So changes are counted between sessions, and their number is in the
    key: once the version was another, a later session asks again. A server that gave two versions in one
    session, as one behind a load balancer may, tells nothing by them: changes are no longer counted.

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
                own = self._all().get(self._key, {})
                told = own.get(_TOLD)
                try:
                    told = ask()
                except KurabeError:
                    pass
                else:
                    self._remember(own | {_TOLD: told})
                changes = {_CHANGES: own[_CHANGES]} if own.get(_CHANGES) else {}
                self._known = (told if isinstance(told, dict) else {}) | changes
            return self._known

    def saw(self, versions: Collection[str]) -> str:
        """Note which versions a session's answers came with; say so if the version is another than before."""
        own = self._all().get(self._key, {})
        before, changes = own.get(_VERSION), own.get(_CHANGES)
        if not versions or before == "":
            return ""
        if len(versions) > 1:
            self._remember(own | {_VERSION: ""})
            return ""
        (version,) = versions
        if version == before:
            return ""
        if before is None:
            self._remember(own | {_VERSION: version})
            return ""
        self._remember(own | {_VERSION: version, _CHANGES: (changes if isinstance(changes, int) else 0) + 1})
        return f"is version {version!r} now, and was {before!r}: the next run asks everything again"

    def _all(self) -> dict[str, dict[str, object]]:
        if self._file is None:
            return {}
        try:
            found = json.loads(self._file.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return (
            {key: own for key, own in found.items() if isinstance(own, dict)}
            if isinstance(found, dict)
            else {}
        )

    def _remember(self, own: dict[str, object]) -> None:
        known = self._all()
        if self._file is None or known.get(self._key) == own:
            return
        with suppress(OSError):  # then it has to be asked the next time
            self._file.parent.mkdir(parents=True, exist_ok=True)
            write_text(self._file, json.dumps(known | {self._key: own}, indent=1))
