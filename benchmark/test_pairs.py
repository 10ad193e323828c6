"""The bench: ``pytest benchmark -k connector`` asks every selected trial of ``cases/``."""

from kurabe.plugin.test_pairs import test_pair

__all__ = ["test_pair"]
