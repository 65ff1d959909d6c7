"""What holds for all tests."""

import pytest


@pytest.fixture(scope="session", autouse=True)
def _own_cache(tmp_path_factory):
    """Nothing is left among the user's caches; those of other tools stay where they are."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("METAFLOW_LINT_CACHE_DIR", str(tmp_path_factory.mktemp("cache") / "lint"))
        yield
