"""What tests of several rooms share."""

import pytest

from tests.in_process import InProcess


@pytest.fixture
def here(tmp_path) -> InProcess:
    """A folder to lint in, in this process."""
    return InProcess(tmp_path)
