"""What holds for every pytest session of this repository.

Processors of your own can stand here: see docs/how-to/add-a-processor.md.
"""

pytest_plugins = ["pytester"]
