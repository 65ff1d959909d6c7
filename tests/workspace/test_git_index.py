"""What git tracks, read from its index; git itself makes the indexes."""

import os
import struct
import subprocess
import time
from pathlib import Path

import pytest

from lint_rules.workspace.git_index import tracked
from lint_rules.workspace.workspace import Workspace
from tests.folder import FLOW

BAD = FLOW.replace("ArxivTopics", "ArxivFlow")
NAMES = {"a.py", "folder/b.py", "folder/sub/c.py", "ü.py", "x" * 200 + ".py", "folder-2/d.py"}

pytestmark = pytest.mark.process  # git's


def git(folder: Path, *words: str) -> None:
    """Git without anybody's configuration."""
    nobody = {"GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_NOSYSTEM": "1"}
    for role in ("AUTHOR", "COMMITTER"):
        nobody |= {f"GIT_{role}_NAME": "x", f"GIT_{role}_EMAIL": "x@example.org"}
    options = ("-c", "protocol.file.allow=always")
    subprocess.run(
        ["git", *options, *words],
        cwd=folder,
        check=True,
        capture_output=True,
        env={**os.environ, **nobody},
    )


def commit(folder: Path, *options: str) -> None:
    """A repository in which some names are tracked."""
    folder.mkdir(parents=True, exist_ok=True)
    git(folder, "init", "--quiet", *options)
    for name in NAMES:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("x")
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", "x")
    (folder / "folder" / "new.py").write_text("x")


def names_in(folder: Path) -> set[str]:
    found = tracked(Workspace().snapshot().files(folder), folder)
    return {str(path.relative_to(folder)) for path in folder.rglob("*.py") if path in found}


@pytest.mark.parametrize("version", ["2", "3", "4"])
def test_each_version_is_read(tmp_path, version):
    commit(tmp_path)
    if version == "3":
        git(tmp_path, "add", "--intent-to-add", "folder/new.py")
    else:
        git(tmp_path, "update-index", "--index-version", version)
    assert (tmp_path / ".git/index").read_bytes()[7] == int(version)
    assert names_in(tmp_path) == NAMES | ({"folder/new.py"} if version == "3" else set())
    found = tracked(Workspace().snapshot().files(tmp_path), tmp_path)
    below = {str(path) for path in found.below(tmp_path / "folder")}
    assert below >= {"b.py", "sub/c.py"}
    assert tmp_path / "folder" not in found
    assert tmp_path.parent not in found


def test_one_with_longer_names_of_objects_is_read(tmp_path):
    commit(tmp_path, "--object-format=sha256")
    assert names_in(tmp_path) == NAMES


def test_a_shared_one_is_read(tmp_path):
    commit(tmp_path)
    git(tmp_path, "update-index", "--split-index")
    git(tmp_path, "add", "folder/new.py")
    assert list((tmp_path / ".git").glob("sharedindex.*"))
    assert names_in(tmp_path) == {*NAMES, "folder/new.py"}


def test_that_of_a_linked_working_tree_is_read(tmp_path):
    commit(tmp_path / "main")
    git(tmp_path / "main", "worktree", "add", "--quiet", "../linked")
    assert names_in(tmp_path / "linked") == NAMES


def test_that_of_a_submodule_is_read(tmp_path):
    commit(tmp_path / "part")
    commit(tmp_path / "whole")
    git(tmp_path / "whole", "submodule", "--quiet", "add", "../part")
    part = tmp_path / "whole" / "part"
    assert (part / ".git").is_file()
    assert names_in(part) == NAMES
    # Also for who checks the whole.
    found = tracked(Workspace().snapshot().files(tmp_path / "whole"), part)
    assert part / "a.py" in found


def test_a_file_that_claims_another_repositorys_index_is_not_believed(tmp_path):
    commit(tmp_path / "private")
    theirs = tmp_path / "theirs"
    theirs.mkdir()
    for name in NAMES:
        (theirs / name).parent.mkdir(parents=True, exist_ok=True)
        (theirs / name).write_text("x")
    (theirs / ".git").write_text("gitdir: ../private/.git\n")
    assert names_in(theirs) == set()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"DIRC",
        b"DIRC\0\0\0\2\xff\xff\xff\xff",
        b"DIRC\0\0\0\4\0\0\0\1" + b"\xff" * 200,
        b"DIRC\0\0\0\2\0\0\0\1" + b"\0" * 200,
        b"DIRC\0\0\0\x09\0\0\0\1" + b"\0" * 200,
        b"x" * 1000,
    ],
)
def test_what_is_no_index_says_nothing(tmp_path, content):
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "index").write_bytes(content)
    (tmp_path / "a.py").write_text("x")
    assert names_in(tmp_path) == set()


# What is checked


def entry(name: bytes, length: int, cut: bytes = b"\0") -> bytes:
    """An entry of an index of version 4, whose name continues the one before."""
    return bytes(60) + struct.pack(">H", min(length, 0xFFF)) + cut + name + b"\0"


LARGE = 500_000
SHARED = "cd" * 20
LINK = b"link" + struct.pack(">I", 20) + bytes.fromhex(SHARED) + bytes(20)
ENDLESS = {
    "names that share their beginnings": b"DIRC"
    + struct.pack(">II", 4, 2001)
    + entry(b"a" * LARGE, LARGE)
    + entry(b"", LARGE) * 2000,
    "a number without end": b"DIRC" + struct.pack(">II", 4, 1) + bytes(62) + b"\xff" * 9_000_000,
    "one that shares itself": b"DIRC" + struct.pack(">II", 2, 0) + LINK,
}


@pytest.mark.parametrize("content", ENDLESS.values(), ids=ENDLESS)
def test_an_index_takes_no_endless_time_or_memory(tmp_path, content):
    (tmp_path / ".git").mkdir()
    for name in ("index", f"sharedindex.{SHARED}"):
        (tmp_path / ".git" / name).write_bytes(content)
    began = time.process_time()
    assert names_in(tmp_path) == set()
    assert time.process_time() - began < 2


@pytest.fixture
def hidden(repository):
    """A repository that hides flows which git tracks."""
    (repository.path / ".git").rmdir()
    (repository.path / "flow.py").unlink()
    places = ["build/flow.py", "dist/lib/flow.py", "venv/flow.py", "data/sub/flow.py", "x.py"]
    for place in places:
        repository.write(place, BAD)
    git(repository.path, "init", "--quiet")
    git(repository.path, "add", "--all")
    repository.write(".gitignore", "*\n")
    repository.write("build/untracked.py", BAD)
    repository.write("untracked.py", BAD)
    return repository


@pytest.mark.parametrize("words", [(), (".",), ("--isolated",), ("--isolated", ".")])
def test_what_git_tracks_is_checked_whatever_is_ignored(hidden, words):
    result = hidden.check("--select", "MF001", *words)
    assert result.status == 1
    found = {line.split(":")[0] for line in result.out.splitlines() if "MF001" in line}
    expected = {"build/flow.py", "dist/lib/flow.py", "venv/flow.py", "data/sub/flow.py", "x.py"}
    assert found == expected
    assert "untracked" not in result.out


def test_a_folder_in_it_is_checked_too(hidden):
    result = hidden.check("--select", "MF001", "data")
    assert "data/sub/flow.py:" in result.out


def test_exclude_holds_for_what_git_tracks(hidden):
    hidden.write("metaflow-lint.toml", 'exclude = ["build", "dist/lib", "data/**", "x.py"]\n')
    result = hidden.check("--select", "MF001")
    found = {line.split(":")[0] for line in result.out.splitlines() if "MF001" in line}
    assert found == {"venv/flow.py"}


def test_what_git_does_not_track_is_ignored(repository):
    (repository.path / ".git").rmdir()
    git(repository.path, "init", "--quiet")
    git(repository.path, "add", "flow.py")
    repository.write(".gitignore", "ignored\n/one.py\n")
    for place in ("ignored/a.py", "build/b.py", "one.py"):
        repository.write(place, BAD)
    assert repository.check("--select", "MF001").status == 0


def test_a_submodule_cannot_hide_flows(repository, tmp_path):
    commit(tmp_path / "outside" / "part")
    (tmp_path / "outside/part/hidden.py").write_text(BAD)
    (tmp_path / "outside/part/.gitignore").write_text("*\n")
    git(tmp_path / "outside/part", "add", "--force", "hidden.py", ".gitignore")
    git(tmp_path / "outside/part", "commit", "--quiet", "--message", "y")
    (repository.path / ".git").rmdir()
    git(repository.path, "init", "--quiet")
    git(repository.path, "submodule", "--quiet", "add", "../outside/part")
    assert "part/hidden.py:" in repository.check("--select", "MF001").out
