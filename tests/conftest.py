"""What tests of several rooms share."""

import pytest

from tests.folder import Folder
from tests.in_process import InProcess


@pytest.fixture
def folder(tmp_path) -> Folder:
    """An empty folder."""
    return Folder(tmp_path)


@pytest.fixture
def here(tmp_path) -> InProcess:
    """A folder to lint in, in this process."""
    return InProcess(tmp_path)
