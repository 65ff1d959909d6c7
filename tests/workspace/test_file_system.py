"""The gate: what is below a root is read, and nothing else is."""

import os
import socket
import threading
from pathlib import Path

import pytest

from lint_rules.workspace.file_descriptors import NotAFile, Outside, TooLarge
from lint_rules.workspace.file_system import FileSystem
from lint_rules.workspace.named_files import read_named


@pytest.fixture
def files(tmp_path):
    """A folder with a file, and a secret beside it."""
    root = tmp_path / "root"
    (root / "folder").mkdir(parents=True)
    (root / "folder" / "file").write_bytes(b"content")
    (tmp_path / "secret").write_bytes(b"secret")
    (tmp_path / "root-2").mkdir()
    (tmp_path / "root-2" / "file").write_bytes(b"secret")
    return FileSystem(root)


def test_what_is_inside_is_read(files, monkeypatch):
    root = files.root
    (root / "link").symlink_to("folder/file")
    (root / "way").symlink_to("folder")
    for path in ("folder/file", "link", "way/file", "way/../folder/file"):
        assert files.read(root / path) == b"content"
        assert files.has_file(root / path)
        assert files.real(root / path) == root / "folder/file"
    monkeypatch.chdir(root / "folder")
    assert files.read(Path("file")) == b"content"
    assert files.has_folder(Path())
    assert files.names_in(root) == {"folder", "link", "way"}
    listing = files.listing(root)
    assert (listing.folders, listing.links, listing.files) == (("folder",), ("way",), ("link",))


WAYS_OUT = {
    "two dots": "../secret",
    "dots behind a folder": "folder/../../secret",
    "a link": "link",
    "a link to a folder": "up/secret",
    "an absolute link": "absolute",
    "a link to a link": "second",
    "a neighbour whose name begins the same": "../root-2/file",
    "a link to such a neighbour": "neighbour/file",
    "dots behind a link": "deep/../secret",
}


@pytest.mark.parametrize("path", WAYS_OUT.values(), ids=WAYS_OUT)
def test_nothing_leads_out(files, path):
    root = files.root
    (root / "link").symlink_to("../secret")
    (root / "second").symlink_to("link")
    (root / "up").symlink_to("..")
    (root / "absolute").symlink_to(root.parent / "secret")
    (root / "neighbour").symlink_to("../root-2")
    (root.parent / "elsewhere").mkdir()
    (root / "deep").symlink_to("../elsewhere")
    assert (root / path).exists()
    with pytest.raises(Outside):
        files.read(root / path)
    with pytest.raises(Outside):
        files.listing(root / path)
    assert not files.has(root / path)
    assert not files.has_file(root / path)
    assert not files.has_folder(root / path)
    assert not files.contains(root / path)


@pytest.mark.parametrize("path", ["/", "/etc", "..", "/dev/zero", "/proc/self/environ"])
def test_other_folders_are_not_there(files, path):
    path = files.root / path
    assert not files.has(path)
    assert files.names_in(path) == frozenset()
    with pytest.raises(Outside):
        files.read(path)


@pytest.mark.parametrize("path", ["a" * 5000, "a\0b", "circle", "circle/x", "x/" * 3000, "\ud800"])
def test_what_is_no_path_is_not_there(files, path):
    (files.root / "circle").symlink_to("circle")
    path = files.root / path
    assert not files.has_file(path)
    assert files.names_in(path) == frozenset()
    with pytest.raises(OSError, match=r"no path|too long|Too many levels|No such file"):
        files.read(path)
    with pytest.raises(OSError, match=r"no path|too long|Too many levels|No such file"):
        read_named(path)


def test_only_files_are_read(files):
    root = files.root
    os.mkfifo(root / "pipe")
    with socket.socket(socket.AF_UNIX) as made:
        made.bind(str(root / "socket"))
        for name in ("pipe", "socket", "folder"):
            with pytest.raises(NotAFile):
                files.read(root / name)
            with pytest.raises(NotAFile):
                read_named(root / name)
            assert not files.has_file(root / name)
    with pytest.raises(NotAFile):
        read_named(Path("/dev/zero"))
    with pytest.raises(NotADirectoryError):
        files.listing(root / "folder/file")


def test_large_files_are_refused(tmp_path):
    files = FileSystem(tmp_path, largest=1000)
    file = tmp_path / "file"
    file.write_bytes(b"x" * 1000)
    assert len(files.read(file)) == 1000
    file.write_bytes(b"x" * 1001)
    with pytest.raises(TooLarge, match="1,001 bytes, and at most 1,000 bytes are read"):
        files.read(file)
    with pytest.raises(TooLarge):
        read_named(file, 1000)
    # One without a size is read as far.
    if Path("/proc/self/maps").exists():
        with pytest.raises(TooLarge):
            read_named(Path("/proc/self/maps"), 1000)
        assert read_named(Path("/proc/self/maps"))


def test_large_files_are_searched(tmp_path):
    files = FileSystem(tmp_path, largest=1000_000)
    file = tmp_path / "file"
    file.write_bytes(b"x" * 999_998 + b"word" + b"x" * 2_000_000)
    assert files.mentions(file, (b"no", b"word"))
    assert not files.mentions(file, (b"wort",))
    with file.open("wb") as sparse:
        sparse.truncate(10**12)
    assert files.mentions(file, (b"wort",))


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="there are no descriptors to ask")
def test_a_folder_that_becomes_a_link_meanwhile(files):
    """Somebody swaps a folder and a link to the outside, as fast as they can."""
    root = files.root
    (root / "a").mkdir()
    (root / "a" / "secret").write_bytes(b"content")
    (root / "b").symlink_to("..")
    ended = threading.Event()

    def swap() -> None:
        while not ended.is_set():
            (root / "a").rename(root / "c")
            (root / "b").rename(root / "a")
            (root / "a").rename(root / "b")
            (root / "c").rename(root / "a")

    thread = threading.Thread(target=swap)
    thread.start()
    contents = set()
    try:
        for _ in range(3000):
            try:
                contents.add(FileSystem(root).read(root / "a" / "secret"))
            except OSError as error:
                contents.add(type(error))
    finally:
        ended.set()
        thread.join()
    assert b"secret" not in contents
    assert b"content" in contents


@pytest.mark.parametrize("is_known", [True, False])
def test_what_was_opened_is_asked_where_it_is(files, monkeypatch, is_known):
    """The path was inside when it was looked at, and what was opened is not."""
    root = files.root
    (root / "x").mkdir()
    assert not files.has_file(root / "x" / "secret")  # remembers the way to the folder
    (root / "x").rmdir()
    (root / "x").symlink_to("..")
    if not is_known:
        monkeypatch.setattr("lint_rules.workspace.file_descriptors._DESCRIPTORS", "/nowhere")
    assert (root / "x" / "secret").exists()
    with pytest.raises(Outside):
        files.read(root / "x" / "secret")
