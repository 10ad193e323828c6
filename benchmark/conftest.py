"""What holds for the bench of this repository.

Processors of your own can stand here, or in the repository's ``conftest.py``.
"""
