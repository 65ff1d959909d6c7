"""What tests of several rooms share."""

import pytest

from tests.in_process import InProcess


@pytest.fixture
def here(tmp_path) -> InProcess:
    """A folder to lint in, in this process."""
    return InProcess(tmp_path)


@pytest.fixture(scope="session", autouse=True)
def _own_cache(tmp_path_factory):
    """Nothing is left among the user's caches; those of other tools stay where they are."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("METAFLOW_LINT_CACHE_DIR", str(tmp_path_factory.mktemp("cache") / "lint"))
        yield
