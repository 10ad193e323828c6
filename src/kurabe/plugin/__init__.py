"""The pytest plugin. Nothing outside this room knows pytest.

pytest loads it in every session where kurabe is installed, so it stays out of the way of those that have
nothing to do with kurabe: its options, fixtures and markers carry the prefix ``kurabe``, and nothing else of
the package is imported before a suite or ``test_pairs.py`` is collected.
"""

import pytest

from kurabe.plugin import collection, fixtures, options, reporter, xdist

_ROOMS = (options, collection, fixtures, reporter, xdist)


def pytest_addoption(pluginmanager: pytest.PytestPluginManager) -> None:
    """Register the rooms, each of which is a plugin to pytest."""
    # Not by 'pytest_plugins', for each name of which pytest reads the metadata of all that is installed.
    for room in _ROOMS:
        pluginmanager.register(room, room.__name__)
