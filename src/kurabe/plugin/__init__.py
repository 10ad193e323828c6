"""The pytest plugin. Nothing outside this room knows pytest.

pytest loads it in every session where kurabe is installed, so it stays out of the way of those that have
nothing to do with kurabe: its options, fixtures and markers carry the prefix ``kurabe``, and nothing else of
the package is imported before a suite or ``test_pairs.py`` is collected.
"""

pytest_plugins = (
    "kurabe.plugin.options",
    "kurabe.plugin.collection",
    "kurabe.plugin.fixtures",
    "kurabe.plugin.reporter",
    "kurabe.plugin.xdist",
)
