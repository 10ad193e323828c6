"""What holds for all tests, and for the sessions that they start in processes of their own."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

# They find the engines of tests/support.
os.environ["PYTHONPATH"] = os.pathsep.join([str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])])
# They keep their bytecode, as users' do: where they may not, each compiles all that it imports again.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
