"""Options without prefix, ``--model`` for ``--kurabe-model``: ``addopts = ["-p", "kurabe.plugin.short"]``.

A plugin of its own, because another repository may have an option ``--model`` already. Both spellings may be
mixed on one command line.
"""

import pytest

from kurabe.plugin.options import declare


def pytest_addoption(parser: pytest.Parser) -> None:
    """Declare the options without their prefix."""
    declare(parser.getgroup("kurabe-short", "inspection bench (kurabe), short options"), "--")
