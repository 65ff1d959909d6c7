"""Where the cache is, and what `check` says of a folder that must not be one."""

import os
import subprocess
import sys
import time
from pathlib import Path

import platformdirs
import pytest

from lint_rules import __version__
from lint_rules.cli.app import main
from lint_rules.engine.cache.folder import MARK, MARKER
from lint_rules.engine.cache.location import VARIABLE, Location, location, user_folder

FLOW = """
from metaflow import FlowSpec, step

class Orders(FlowSpec):
    @step
    def start(self):
        self.next(self.end)

    @step
    def end(self):
        pass
"""
DAY = 24 * 3600


@pytest.fixture
def caches(tmp_path, monkeypatch) -> Path:
    """The folder of the user's caches."""
    monkeypatch.delenv(VARIABLE)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "caches"))
    return tmp_path / "caches"


@pytest.fixture
def repository(tmp_path, monkeypatch, caches) -> Path:
    """The current folder: a stranger's repository."""
    folder = tmp_path / "repository"
    (folder / ".git").mkdir(parents=True)
    (folder / "orders.py").write_text(FLOW)
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def victim(tmp_path) -> Path:
    """A folder of somebody's with old files, outside of the repository."""
    folder = tmp_path / "victim"
    for name in ("docs/thesis.txt", f"docs/{'a' * 32}.run"):
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("mine")
        os.utime(file, (time.time() - 90 * DAY,) * 2)
    return folder


def state(folder: Path) -> dict[str, object]:
    return {
        str(path.relative_to(folder)): path.read_bytes() if path.is_file() else path.is_symlink()
        for path in sorted(folder.rglob("*"))
    }


# Where it is


def test_what_is_named_goes_before_the_default(monkeypatch, caches):
    assert location(None) == Location(caches / "metaflow-lint", None)
    monkeypatch.setenv(VARIABLE, "/by variable")
    assert location(None) == Location(Path("/by variable"), VARIABLE)
    assert location(Path("named")) == Location(Path("named"), "--cache-dir")


@pytest.mark.parametrize("given", [None, "", " ", "relative/caches", "/absolute/caches"])
def test_the_default_is_the_one_of_platformdirs(monkeypatch, tmp_path, given):
    """Which takes a relative one, against the specification."""
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    if given is not None:
        monkeypatch.setenv("XDG_CACHE_HOME", given)
    if given == "relative/caches":
        monkeypatch.delenv("XDG_CACHE_HOME")
        expected = platformdirs.user_cache_path("metaflow-lint", appauthor=False)
        monkeypatch.setenv("XDG_CACHE_HOME", given)
    else:
        expected = platformdirs.user_cache_path("metaflow-lint", appauthor=False)
    assert user_folder() == expected


def test_without_a_home_nothing_is_cached(monkeypatch, repository):
    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.setattr(os.path, "expanduser", lambda path: path)
    assert user_folder() is None
    assert main(["check"]) == 1
    assert sorted(path.name for path in repository.iterdir()) == [".git", "orders.py"]


def test_nothing_is_written_into_the_repository(repository, caches):
    before = state(repository)
    assert main(["check"]) == 1
    assert state(repository) == before
    assert (caches / "metaflow-lint" / MARKER).read_bytes() == MARK


# What a repository brings along


def test_a_cache_that_it_brings_along_is_not_looked_at(repository, victim, capsys):
    """Neither tidied through a link, nor believed, nor written through a link."""
    brought = repository / ".metaflow_lint_cache"
    brought.mkdir()
    (brought / MARKER).write_bytes(MARK)
    (brought / "docs").symlink_to(victim / "docs")
    (brought / __version__).symlink_to(victim / "docs")
    (brought / ".gitignore").symlink_to(victim / "made")
    before = state(repository), state(victim)
    main(["check", "--isolated", "."])
    assert (state(repository), state(victim)) == before
    assert capsys.readouterr().err == ""


def test_nor_is_it_harmful_when_somebody_names_it(repository, victim, caches):
    """With all that makes it look like one of ours, but the key."""
    brought = repository / "cache"
    main(["check", "--cache-dir", "cache", "--output-file", "first"])
    for entry in (brought / __version__).glob("*.run"):
        entry.unlink()
        entry.symlink_to(victim / "docs" / "thesis.txt")
    (brought / "docs").symlink_to(victim / "docs")
    (brought / __version__ / f"{'b' * 32}.model").symlink_to(victim / "docs")
    (brought / "0.0.0").symlink_to(victim / "docs")
    (brought / __version__ / "tidied").unlink()
    before = state(victim)
    main(["check", "--cache-dir", "cache", "--output-file", "second"])
    assert state(victim) == before
    assert Path("first").read_bytes() == Path("second").read_bytes()
    assert not (brought / "key").exists()
    assert (caches / "metaflow-lint" / "key").exists()


def test_entries_of_somebody_else_are_not_believed(repository, caches, monkeypatch, tmp_path):
    """A run on a harmless flow, kept by a stranger for the path of the bad one."""
    (repository / "orders.py").write_text("import metaflow\n")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "the stranger's"))
    assert main(["check", "--cache-dir", "cache"]) == 0
    (repository / "orders.py").write_text(FLOW)
    monkeypatch.setenv("XDG_CACHE_HOME", str(caches))
    assert main(["check", "--cache-dir", "cache"]) == 1


def test_a_link_of_the_repository_leads_no_cache_out_of_it(repository, victim, capsys):
    (repository / "sub").symlink_to(victim)
    before = state(victim)
    for name in ("sub", "sub/docs", "sub/new"):
        assert main(["check", "--cache-dir", name]) == 2
        assert "--cache-dir: " in capsys.readouterr().err
    assert state(victim) == before


def test_a_default_place_in_the_repository_is_not_used(repository, monkeypatch, capsys):
    monkeypatch.setenv("XDG_CACHE_HOME", str(repository / "caches"))
    before = state(repository)
    assert main(["check"]) == 1
    error = capsys.readouterr().err
    assert "metaflow-lint is in the repository that is checked, so nothing is cached" in error
    assert VARIABLE in error
    assert state(repository) == before


# What somebody names


@pytest.mark.parametrize("command", [["check", "."], ["check", "--fix"], ["check", "none.py"]])
@pytest.mark.parametrize("by_variable", [False, True])
def test_a_folder_with_other_things_is_refused(
    repository, victim, monkeypatch, capsys, command, by_variable
):
    """The repository itself, or the caches of other tools: nothing in them is touched."""
    (repository / "none.py").write_text("import metaflow\n")
    for name in (".", str(repository), str(victim), "orders.py", "orders.py/x"):
        before = state(repository), state(victim)
        words = [*command, "--cache-dir", name]
        if by_variable:
            monkeypatch.setenv(VARIABLE, name)
            words = command
        assert main(words) == 2
        error = capsys.readouterr().err
        assert error.startswith(f"error: {VARIABLE if by_variable else '--cache-dir'}: ")
        assert "--no-cache" in error
        assert (state(repository), state(victim)) == before


def test_so_is_a_link(repository, tmp_path, capsys):
    good = tmp_path / "good"
    assert main(["check", "--cache-dir", str(good)]) == 1
    (tmp_path / "link").symlink_to(good)
    assert main(["check", "--cache-dir", str(tmp_path / "link")]) == 2
    assert "link is a link. Name a folder" in capsys.readouterr().err


def test_a_default_place_that_is_a_link_is_left_alone(repository, caches, victim, capsys):
    caches.mkdir()
    (caches / "metaflow-lint").symlink_to(victim)
    before = state(victim)
    assert main(["check"]) == 1
    assert "is a link, so nothing is cached" in capsys.readouterr().err
    assert state(victim) == before


def test_a_folder_that_cannot_be_written_keeps_nothing(repository, caches, capsys):
    (caches).write_text("a file where the folder would be")
    assert main(["check"]) == 1
    assert "Traceback" not in capsys.readouterr().err


@pytest.mark.process
def test_a_run_that_is_killed_leaves_a_cache_that_holds(repository, caches):
    """At each of its first writes."""
    script = (
        "import os, signal, sys; from lint_rules.engine.cache import directory\n"
        "left = [int(sys.argv[1])]\n"
        "def killed(event, arguments):\n"
        "    if event in ('open', 'os.rename', 'os.mkdir') and left is not None:\n"
        "        if event != 'open' or 'new-' in str(arguments[0]):\n"
        "            left[0] -= 1\n"
        "            if left[0] < 0: os.kill(os.getpid(), signal.SIGKILL)\n"
        "sys.addaudithook(killed)\n"
        "from lint_rules.cli.app import main; main(['check'])"
    )
    expected = _report()
    for number in range(6):
        subprocess.run(
            [sys.executable, "-c", script, str(number)], check=False, capture_output=True
        )
        assert _report() == expected


def _report() -> str:
    main(["check", "--output-format=json", "--output-file=../report"])
    return Path("../report").read_text()
