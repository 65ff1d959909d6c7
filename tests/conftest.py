"""What tests of several rooms share: folders, a guard against processes, and a clean end."""

import os
import shutil
import sys
import tempfile
from pathlib import Path

import pytest

from lint_rules.engine.cache import environment
from lint_rules.workspace.recording import Consulted, Found
from tests.folder import Folder, ProcessFolder

STARTS = {"subprocess.Popen", "os.fork", "os.forkpty", "os.posix_spawn", "os.system"}
TESTS = Path(__file__).parent
LONGEST = {"test_deploy_life.py", "test_deploy.py", "test_updating.py"}
INSTALLED = (sys.prefix, sys.base_prefix, str(TESTS.parent / "lint_rules"))
TEMPORARY = pytest.StashKey[Path]()


class ProcessGuard:
    """Refuses to start processes while it is on: what starts one is not quick."""

    def __init__(self) -> None:
        self.is_on = False
        sys.addaudithook(self._refuse)  # which stays until the process ends

    def _refuse(self, event: str, _: tuple[object, ...]) -> None:
        if self.is_on and event in STARTS:
            pytest.fail(
                f"this test starts a process ({event}): take the fixture `process_folder`, "
                "or mark the test with `pytest.mark.process`"
            )


GUARD = ProcessGuard()


def pytest_configure(config: pytest.Config) -> None:
    """Gives the run a temporary folder of its own, in which all that is left is seen."""
    if not hasattr(config, "workerinput"):
        config.stash[TEMPORARY] = Path(tempfile.mkdtemp(prefix="metaflow-lint-tests-"))
        os.environ["TMPDIR"] = tempfile.tempdir = str(config.stash[TEMPORARY])


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Fails a run that leaves something behind; keeps what pytest keeps of tests that failed."""
    folder = session.config.stash.get(TEMPORARY, None)
    if folder is None:
        return
    left = sorted(path.name for path in folder.iterdir() if not path.name.startswith("pytest-of-"))
    if left:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
        print(f"\nleft in the temporary folder: {', '.join(left)}", file=sys.stderr)
    if session.exitstatus == pytest.ExitCode.OK:
        shutil.rmtree(folder)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if is_of_template(item) or "process_folder" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.process)
    # The files that take longest come first: at the end, one process would wait for the other.
    items.sort(key=lambda item: (item.path.name not in LONGEST, not is_of_template(item)))


def is_of_template(item: pytest.Item) -> bool:
    """Whether a test is one of the template's."""
    return "template" in item.path.relative_to(TESTS).parts


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item):
    """In a quick run, nothing starts a process, from the first fixture to the last."""
    GUARD.is_on = "not process" in item.config.option.markexpr
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


@pytest.fixture(scope="session", autouse=True)
def _own_cache(tmp_path_factory):
    """Nothing is left among the user's caches; those of other tools stay where they are."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("METAFLOW_LINT_CACHE_DIR", str(tmp_path_factory.mktemp("cache") / "lint"))
        yield


@pytest.fixture(scope="module", autouse=True)
def _no_modules_stay():
    """Flows that tests import are forgotten: the cache asks about the files of loaded modules, and
    the hostile tests would see that files outside of their repositories are read."""
    yield
    for name, module in list(sys.modules.items()):
        if str(getattr(module, "__file__", None)).startswith(f"{tempfile.tempdir}{os.sep}"):
            del sys.modules[name]


@pytest.fixture(scope="session", autouse=True)
def _code_is_read_once():
    """Each first run with a cache reads the code of all modules that are loaded: here, a thousand.

    What a file was found to hold is taken again as long as its inode, size and times are the same.
    """
    look = environment.look
    known: dict[tuple, Found] = {}

    def remembered(what: Consulted, largest: int) -> Found | None:
        if what.kind != "content" or not what.path.startswith(INSTALLED):
            return look(what, largest)
        try:
            now = os.lstat(what.path)
        except OSError:
            return look(what, largest)
        key = (what, largest, now.st_ino, now.st_size, now.st_mtime_ns, now.st_ctime_ns)
        if key not in known:
            known[key] = look(what, largest)
        return known[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(environment, "look", remembered)
        yield
