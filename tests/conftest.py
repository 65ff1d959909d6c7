"""What tests of several rooms share, and which of them start processes."""

import sys

import pytest

from tests.folder import Folder, ProcessFolder

STARTS = {"subprocess.Popen", "os.fork", "os.forkpty", "os.posix_spawn", "os.system"}


class ProcessGuard:
    """Refuses to start processes while it is on: what starts one is not quick."""

    def __init__(self) -> None:
        self.is_on = False
        sys.addaudithook(self._refuse)  # which stays for as long as the process lives

    def _refuse(self, event: str, _: tuple[object, ...]) -> None:
        if self.is_on and event in STARTS:
            pytest.fail(
                f"this test starts a process ({event}): take the fixture `process_folder`, "
                "or mark the test with `pytest.mark.process`"
            )


GUARD = ProcessGuard()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "process_folder" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.process)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item):
    """From the first fixture to the last, only what is marked starts processes."""
    GUARD.is_on = item.get_closest_marker("process") is None
    try:
        return (yield)
    finally:
        GUARD.is_on = False


@pytest.fixture
def folder(tmp_path) -> Folder:
    """An empty folder to lint in, in this process."""
    return Folder(tmp_path)


@pytest.fixture
def process_folder(tmp_path) -> ProcessFolder:
    """An empty folder to lint in, each time in a process of its own."""
    return ProcessFolder(tmp_path)
