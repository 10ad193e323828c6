"""What the end of a session needs, imported by a thread while a model on the CPU answers.

Importing holds the interpreter's lock, and arithmetic does not, so the two share the cores.
"""

import logging
from threading import Thread

_log = logging.getLogger(__name__)


class Reports:
    """The modules of tables and page, pandas among them."""

    def __init__(self) -> None:
        self._thread: Thread | None = None

    def begin(self) -> None:
        """Begin to import them, the first time that this is called."""
        if self._thread is None:
            self._thread = Thread(target=_import, name="kurabe-reports", daemon=True)
            self._thread.start()

    def wait(self) -> None:
        """Wait until they are there, if they were begun."""
        if self._thread is not None:
            self._thread.join()


def _import() -> None:
    try:
        import kurabe.report.page.render
        import kurabe.report.terminal  # noqa: F401
    except Exception:  # whoever makes the reports meets it again, and can say what it means
        _log.debug("the reports cannot be imported", exc_info=True)
