"""What holds for every pytest session of this repository.

Processors of one's own can stand here: see "A processor" in CONTRIBUTING.md.
"""

pytest_plugins = ["pytester"]
