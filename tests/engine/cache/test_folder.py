"""A folder that holds a cache: nothing in it is trusted, and nothing of others is touched."""

import os
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from lint_rules import __version__
from lint_rules.engine.cache import directory
from lint_rules.engine.cache.directory import Directory, Unsafe
from lint_rules.engine.cache.folder import DAYS_KEPT, MARK, MARKER, Folder

NAME = f"{'a' * 32}.run"
OTHER = f"{'b' * 32}.model"
LONG_AGO = time.time() - (DAYS_KEPT + 1) * 24 * 3600


@pytest.fixture(params=["descriptors", "paths"], autouse=True)
def way(request, monkeypatch) -> str:
    """Each test runs as on systems with directory descriptors, and as on Windows."""
    monkeypatch.setattr(directory, "HAS_DESCRIPTORS", request.param == "descriptors")
    return request.param


@pytest.fixture
def path(tmp_path) -> Path:
    return tmp_path / "cache"


@pytest.fixture
def folder(path) -> Folder:
    folder = Folder(path)
    folder.write(NAME, b"one")
    return folder


def files_in(path: Path) -> set[str]:
    return {str(file.relative_to(path)) for file in path.rglob("*") if file.is_file()}


def age(file: Path, seconds: float = LONG_AGO) -> Path:
    os.utime(file, (seconds, seconds), follow_symlinks=False)
    return file


def victim(tmp_path: Path) -> Path:
    """A folder of somebody's, with an old file of a name that entries have."""
    outside = tmp_path / "victim"
    outside.mkdir()
    for name in ("thesis.txt", NAME, OTHER):
        (outside / name).write_text("mine")
        age(outside / name)
    return outside


def test_what_is_written_is_read_again(folder, path):
    assert folder.read(NAME) == Folder(path).read(NAME) == b"one"
    folder.write(NAME, b"two")
    assert Folder(path).read(NAME) == b"two"
    with pytest.raises(FileNotFoundError):
        folder.read(OTHER)


def test_it_is_made_and_marked_when_something_is_written(path):
    folder = Folder(path)
    assert not path.exists()
    with pytest.raises(FileNotFoundError):
        folder.read(NAME)
    assert not path.exists()
    folder.write(NAME, b"one")
    entries = {f"{__version__}/{name}" for name in (NAME, "tidied")}
    assert files_in(path) == {MARKER, ".gitignore", *entries}
    assert (path / MARKER).read_bytes() == MARK
    assert path.stat().st_mode & 0o777 == 0o700
    assert (path / __version__ / NAME).stat().st_mode & 0o777 == 0o600


def test_an_empty_folder_becomes_one(path):
    path.mkdir()
    Folder(path).write(NAME, b"one")
    assert (path / MARKER).read_bytes() == MARK


def test_so_does_one_whose_making_was_cut_off(path):
    path.mkdir()
    (path / f"new-{'0' * 32}").write_bytes(MARK[:10])
    Folder(path).write(NAME, b"one")
    assert Folder(path).read(NAME) == b"one"


@pytest.mark.parametrize("name", ["notes.md", ".gitignore", f"{'0' * 32}.run", MARKER, "new-1"])
def test_a_folder_with_other_things_is_refused_and_left_as_it_is(path, name):
    """Also one with the marker of another tool's cache."""
    path.mkdir()
    (path / name).write_text("Signature: 8a477f597d28d172789f06886806bc55\n# by another tool\n")
    with pytest.raises(Unsafe, match="is no cache of metaflow-lint"):
        Folder(path)
    assert files_in(path) == {name}


def test_a_folder_that_got_other_things_meanwhile_is_left_as_it_is(path):
    folder = Folder(path)
    path.mkdir()
    (path / "notes.md").write_text("mine")
    with pytest.raises(Unsafe):
        folder.write(NAME, b"one")
    assert files_in(path) == {"notes.md"}


def test_a_link_or_a_file_is_refused(tmp_path, path):
    outside = victim(tmp_path)
    (outside / MARKER).write_bytes(MARK)
    path.symlink_to(outside)
    with pytest.raises(Unsafe, match="is a link"):
        Folder(path)
    path.unlink()
    path.symlink_to(tmp_path / "nowhere")
    with pytest.raises(Unsafe, match="is a link"):
        Folder(path)
    path.unlink()
    path.write_text("")
    with pytest.raises(Unsafe, match="is not a folder"):
        Folder(path)


def test_a_folder_of_another_user_is_refused(folder, path, monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: os.getuid() + 1)
    with pytest.raises(Unsafe, match="belongs to another user"):
        Folder(path)


def test_a_link_as_the_folder_of_the_version_is_not_followed(tmp_path, path):
    outside = victim(tmp_path)
    path.mkdir()
    (path / MARKER).write_bytes(MARK)
    (path / __version__).symlink_to(outside)
    folder = Folder(path)
    before = files_in(outside)
    with pytest.raises(Unsafe):
        folder.read(NAME)
    with pytest.raises(Unsafe):
        folder.write(NAME, b"one")
    folder.tidy()
    assert files_in(outside) == before
    assert (outside / NAME).read_text() == "mine"


def test_links_as_entries_are_neither_read_nor_written_through(tmp_path, folder, path):
    outside = victim(tmp_path)
    entry = path / __version__ / OTHER
    entry.symlink_to(outside / "thesis.txt")
    with pytest.raises(OSError, match=r"symbolic links|is no file of this cache"):
        folder.read(OTHER)
    folder.write(OTHER, b"one")
    assert (outside / "thesis.txt").read_text() == "mine"
    assert not entry.is_symlink()
    assert entry.read_bytes() == b"one"


def test_a_pipe_a_folder_and_what_is_too_large_are_no_entries(folder, path, monkeypatch):
    files = path / __version__
    os.mkfifo(files / OTHER)
    with pytest.raises(Unsafe):
        folder.read(OTHER)
    (files / OTHER).unlink()
    (files / OTHER).mkdir()
    with pytest.raises(Unsafe):
        folder.read(OTHER)
    with pytest.raises(IsADirectoryError):
        folder.write(OTHER, b"one")
    assert not [name for name in files_in(files) if name.startswith("new-")]
    monkeypatch.setattr(directory, "MOST_BYTES", 2)
    with pytest.raises(Unsafe):
        folder.read(NAME)


@pytest.mark.parametrize("name", ["../x", "x", "0.run", f"{NAME}.1", f"{NAME}\n", f"/{NAME}"])
def test_only_names_of_entries_are_taken(folder, name):
    with pytest.raises(ValueError, match="is no entry"):
        folder.write(name, b"")
    with pytest.raises(ValueError, match="is no entry"):
        folder.read(name)


def test_temporary_names_cannot_be_foreseen(folder, path, monkeypatch):
    """Nor is a link followed that happens to have one."""
    names = []
    create = Directory.create

    def noted(self: Directory, name: str, content: bytes) -> None:
        names.append(name)
        create(self, name, content)

    monkeypatch.setattr(Directory, "create", noted)
    for _ in range(20):
        folder.write(NAME, b"x")
    assert len(set(names)) == 20
    files = Directory(str(path / __version__))
    (path / __version__ / "new").symlink_to(path / "made through the link")
    with pytest.raises(FileExistsError):
        create(files, "new", b"x")
    assert not (path / "made through the link").exists()


def test_a_dangling_gitignore_makes_no_file_elsewhere(tmp_path, path):
    path.mkdir()
    (path / MARKER).write_bytes(MARK)
    (path / ".gitignore").symlink_to(tmp_path / "made")
    Folder(path).write(NAME, b"one")
    assert not (tmp_path / "made").exists()


def test_tidying_deletes_old_entries_of_this_version_and_nothing_else(tmp_path, folder, path):
    files, outside = path / __version__, victim(tmp_path)
    old = [age(_written(files / name)) for name in (OTHER, f"new-{'1' * 32}")]
    kept = [
        age(_written(place))
        for place in (
            files / "notes.md",
            files / f"{'c' * 32}.txt",
            files / f"{'c' * 31}.run",
            files / f"{NAME}.old",
            files / "inner" / NAME,
            path / NAME,
            path / "0.0.1" / NAME,
            path / "docs" / "thesis.txt",
        )
    ]
    (path / "linked").symlink_to(outside)
    (files / "linked").symlink_to(outside)
    link = files / f"{'d' * 32}.run"
    link.symlink_to(outside / "thesis.txt")
    age(link)
    (files / f"{'e' * 32}.run").mkdir()
    age(files / f"{'e' * 32}.run")
    before = files_in(outside)
    folder.tidy()
    assert not any(file.exists() for file in old)
    assert all(file.exists() for file in kept)
    assert link.is_symlink()
    assert files_in(outside) == before
    assert folder.read(NAME) == b"one"


def _written(file: Path) -> Path:
    file.parent.mkdir(exist_ok=True)
    file.write_text("old")
    return file


def test_it_is_tidied_once_a_day(folder, path):
    files = path / __version__
    (files / OTHER).write_text("old")
    age(files / OTHER)
    folder.write(NAME, b"two")
    assert (files / OTHER).exists()
    age(files / "tidied")
    folder.write(NAME, b"three")
    assert not (files / OTHER).exists()


def test_the_key_is_made_once_and_for_the_user_alone(folder, path):
    key = folder.key()
    assert len(key) == 32
    assert Folder(path).key() == key
    assert (path / "key").stat().st_mode & 0o777 == 0o600
    (path / "key").write_bytes(b"half")
    assert folder.key() not in (key, b"half")


def test_a_key_is_not_read_through_a_link(tmp_path, folder, path):
    (tmp_path / "known").write_bytes(b"k" * 32)
    (path / "key").symlink_to(tmp_path / "known")
    with pytest.raises(OSError, match=r"symbolic links|is no file of this cache"):
        folder.key()


def test_many_write_at_once(path):
    contents = [bytes([number]) * 10_000 for number in range(8)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda content: Folder(path).write(NAME, content), contents * 5))
    assert Folder(path).read(NAME) in contents
    assert files_in(path / __version__) == {NAME, "tidied"}


def test_a_folder_that_is_exchanged_for_a_link_is_still_the_one_that_was_checked(
    tmp_path, folder, path, way
):
    outside = victim(tmp_path)
    (path / __version__).rename(tmp_path / "moved")
    (path / __version__).symlink_to(outside)
    if way == "descriptors":
        folder.write(NAME, b"two")
        assert (tmp_path / "moved" / NAME).read_bytes() == b"two"
    else:
        with pytest.raises(Unsafe):
            folder.write(NAME, b"two")
    assert (outside / NAME).read_text() == "mine"
