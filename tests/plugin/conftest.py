"""Sessions within the tests' own process."""

import pytest

from tests.support.project import MAIN, project


@pytest.fixture(scope="session")
def warm(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Import what a session imports: pytester forgets it each time, and compiled modules cannot come back."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(project(tmp_path_factory.mktemp("warm")))
        variants = ("raw", "n-soartc", "absdiff", "clahe", "edges", "ssim-map", "overlay")
        chosen = [option for variant in variants for option in ("--kurabe-variant", variant)]
        assert pytest.main([*MAIN, "-p", "no:cacheprovider", "--kurabe-gate", "n > 1", *chosen]) == 0


@pytest.fixture
def pytester(warm: None, pytester: pytest.Pytester) -> pytest.Pytester:
    """The usual one, with all that sessions import."""
    return pytester
