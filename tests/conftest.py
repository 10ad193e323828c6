"""What holds for all tests: sessions in processes of their own find the engines of ``tests/support``, too."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

os.environ["PYTHONPATH"] = os.pathsep.join([str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])])
