"""What holds for all tests, and for the sessions that they start in processes of their own."""

import os
from pathlib import Path

from hypothesis import settings

from tests.support.offline import sitecustomize

ROOT = Path(__file__).resolve().parent.parent

# They find the engines of tests/support, and keep off the network, as this process does.
OFFLINE = Path(sitecustomize.__file__).parent
FOUND = filter(None, [os.environ.get("PYTHONPATH")])
os.environ["PYTHONPATH"] = os.pathsep.join([str(OFFLINE), str(ROOT), *FOUND])
# A busy machine is no reason to fail.
settings.register_profile("kurabe", deadline=None)
settings.load_profile("kurabe")
# They keep their bytecode, as users' do: where they may not, each compiles all that it imports again.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
# They are spoken to in English wherever the tests run; a test of the locale sets its own.
for _name in ("LC_ALL", "LC_MESSAGES", "LANG"):
    os.environ.pop(_name, None)
os.environ["LC_ALL"] = "C.UTF-8"
# Where GitHub runs the tests, the sessions that they start would write into its summary.
for _name in ("GITHUB_STEP_SUMMARY", "GITHUB_ACTIONS"):
    os.environ.pop(_name, None)
