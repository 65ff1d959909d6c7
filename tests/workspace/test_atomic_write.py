"""Writing: not through links that lead out, with owner and rights kept, and no save overwritten."""

import os
import stat
import sys
import threading
from contextlib import nullcontext, suppress
from pathlib import Path

import pytest

from lint_rules.workspace.atomic_write import LeadsOutside, write, write_together
from tests.folder import FLOW

UNTYPED = FLOW.replace("    papers: list[str]\n\n", "").replace(
    "fetch(limit=10 if self.test_mode else None)", "[]"
)
"""A flow with something to fix."""
DOCUMENT = "<!-- metaflow-lint graph -->\n<!-- /metaflow-lint -->\n"


@pytest.fixture
def checkout(folder):
    """A stranger's repository beside a file of the user's."""
    folder.write("victim/bashrc", "mine\n")
    theirs = type(folder)(folder.path / "theirs")
    theirs.write(".git/HEAD", "")
    theirs.write("flow.py", UNTYPED)
    return theirs


def linked(checkout, name, target):
    (checkout.path / name).parent.mkdir(exist_ok=True)
    (checkout.path / name).symlink_to(target)


@pytest.mark.parametrize("target", ["../victim/bashrc", "../victim/new", "step", "/dev/null"])
@pytest.mark.parametrize(
    "words",
    [
        ("check", "--output-file", "out"),
        ("check", "--baseline", "out", "--write-baseline"),
        ("graph", "--output-file", "out"),
        ("graph", "--output-file", "sub/../out"),
    ],
    ids=" ".join,
)
def test_nothing_is_written_through_a_link_that_leads_out(folder, checkout, words, target):
    (checkout.path / "sub").mkdir()
    linked(checkout, "step", "../victim/bashrc")
    linked(checkout, "out", target)
    result = checkout.lint(*words)
    assert result.status == 2
    assert result.err.startswith("error: ")
    assert [file.name for file in (folder.path / "victim").iterdir()] == ["bashrc"]
    assert (folder.path / "victim/bashrc").read_text() == "mine\n"
    assert (checkout.path / "out").is_symlink()


@pytest.mark.parametrize("name", ["out/new.sarif", "out/../out/bashrc", "deep/out/bashrc"])
def test_nor_through_a_link_to_a_folder(folder, checkout, name):
    linked(checkout, "out", "../victim")
    linked(checkout, "deep/out", "../../victim")
    result = checkout.lint("check", "--output-file", name)
    assert result.status == 2
    assert "leads out of the repository" in result.err
    assert [file.read_text() for file in (folder.path / "victim").iterdir()] == ["mine\n"]


def test_nor_from_outside_of_the_repository(folder, checkout):
    linked(checkout, "out", "../victim/bashrc")
    assert "leads out" in folder.lint("check", "--output-file", "theirs/out", "theirs").err


def test_documents_are_not_written_through_such_a_link(folder, checkout):
    folder.write("victim/README.md", DOCUMENT)
    linked(checkout, "README.md", "../victim/README.md")
    assert checkout.lint("graph", "--write", "README.md").status == 2
    assert (folder.path / "victim/README.md").read_text() == DOCUMENT


def test_fixes_are_not_written_through_such_a_link(folder, checkout):
    mine = folder.write("victim/flow.py", UNTYPED)
    linked(checkout, "link.py", "../victim/flow.py")
    result = checkout.lint("check", "--fix", "--select", "MF401", "link.py")
    assert result.status == 2
    assert mine.read_text() == UNTYPED


def test_links_within_the_repository_stay(checkout):
    linked(checkout, "out", "reports/new")
    checkout.write("reports/old", "")
    assert checkout.lint("check", "--isolated", "--output-file", "out").status < 2
    assert (checkout.path / "out").is_symlink()
    assert (checkout.path / "reports/new").read_text()


def test_links_outside_of_any_repository_are_followed(folder, checkout, monkeypatch):
    (folder.path / "latest").symlink_to("victim")
    assert checkout.lint("check", "--output-file", "../latest/report").status < 2
    assert (folder.path / "victim/report").read_text()


def test_a_link_in_a_circle(checkout):
    linked(checkout, "out", "out")
    result = checkout.lint("check", "--output-file", "out")
    assert (result.status, result.err) == (2, "error: out: Too many levels of symbolic links.\n")


def test_links_on_links(tmp_path, monkeypatch):
    (tmp_path / "repository/.git").mkdir(parents=True)
    (tmp_path / "repository/a").symlink_to("b")
    (tmp_path / "repository/b").symlink_to("../c")
    with pytest.raises(LeadsOutside):
        write(tmp_path / "repository/a", b"")
    assert not (tmp_path / "c").exists()


is_root = hasattr(os, "geteuid") and os.geteuid() == 0


@pytest.mark.skipif(not is_root, reason="only root gives files away")
def test_a_fix_by_root_keeps_owner_and_mode(folder):
    file = folder.write("flow.py", UNTYPED)
    os.chown(file, 1000, 1001)
    file.chmod(0o640)
    assert folder.lint("check", "--fix", "--select", "MF401").status == 0
    status = file.stat()
    assert (status.st_uid, status.st_gid, stat.S_IMODE(status.st_mode)) == (1000, 1001, 0o640)
    assert file.read_text() != UNTYPED


@pytest.mark.skipif(not hasattr(os, "setxattr"), reason="Python sets these on Linux alone")
def test_extended_attributes_stay(folder):
    file = folder.write("flow.py", UNTYPED)
    try:
        os.setxattr(file, "user.note", b"keep")
    except OSError:
        # A file system without them, such as some of containers, has nothing to lose.
        assert "user.note" not in os.listxattr(file)
        return
    folder.lint("check", "--fix", "--select", "MF401")
    assert os.getxattr(file, "user.note") == b"keep"


@pytest.mark.parametrize("link", ["a_link.py", "z_link.py"])
def test_a_file_and_a_link_to_it_are_one_file(folder, link):
    file = folder.write("flow.py", UNTYPED)
    (folder.path / link).symlink_to("flow.py")
    names = (link, "flow.py", "./flow.py", f"../{folder.path.name}")
    assert folder.codes("--select", "MF401") == ["flow.py:13 MF401"]
    assert folder.codes("--select", "MF401", *names) == ["flow.py:13 MF401"]
    result = folder.lint("check", "--fix", "--select", "MF401", ".")
    assert (result.status, result.err) == (0, "")
    assert (folder.path / link).is_symlink()
    assert file.read_text() != UNTYPED


def test_a_link_alone_is_fixed_where_it_leads(folder):
    file = folder.write("flow.py", UNTYPED)
    (folder.path / "link.py").symlink_to("flow.py")
    assert folder.lint("check", "--fix", "--select", "MF401", "link.py").status == 0
    assert (folder.path / "link.py").is_symlink()
    assert file.read_text() != UNTYPED


def test_hard_links_are_noticed(folder):
    file = folder.write("flow.py", UNTYPED)
    other = folder.path / "other.txt"
    other.hardlink_to(file)
    result = folder.lint("check", "--fix", "--select", "MF401")
    assert result.status == 0
    assert "flow.py: this file had other names (hard links), which keep the old text." in result.err
    assert other.read_text() == UNTYPED
    assert file.read_text() != UNTYPED


def saving_at(monkeypatch, moment, save):
    """Lets something be saved right before the replacement of that number."""
    count = 0
    replace = Path.replace

    def replacing(self, target):
        nonlocal count
        count += 1
        if count == moment:
            save()
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", replacing)


@pytest.mark.parametrize("moment", [1, 2, 3])
@pytest.mark.parametrize("saved", [0, 1, 2])
def test_what_an_editor_saves_in_between_is_kept(tmp_path, monkeypatch, moment, saved):
    """In whichever of three files it is saved, and whenever: none of them is half of a fix."""
    files = [tmp_path / name for name in ("a", "b", "c")]
    for file in files:
        file.write_text("old")
    saving_at(monkeypatch, moment, lambda: files[saved].write_text("theirs"))
    contents = dict.fromkeys(files, b"new")
    # What was saved after our fix of it was saved by somebody who saw that.
    is_late = saved < moment - 1
    with nullcontext() if is_late else pytest.raises(OSError, match="changed it in the meantime"):
        write_together(contents, dict.fromkeys(files, b"old"))
    texts = [file.read_text() for file in files]
    assert texts[saved] == "theirs"
    rest = texts[:saved] + texts[saved + 1 :]
    assert rest == (["new", "new"] if is_late else ["old", "old"])
    assert sorted(tmp_path.iterdir()) == files


@pytest.mark.skipif(sys.platform == "win32", reason="an open file cannot be replaced there")
def test_a_file_replaced_by_an_editor_is_kept(tmp_path, monkeypatch):
    file = tmp_path / "a"
    file.write_text("old")
    before = Path.read_bytes

    def read_and_replaced(self):
        content = before(self)
        (tmp_path / "theirs").write_text("theirs")
        (tmp_path / "theirs").replace(file)
        return content

    monkeypatch.setattr(Path, "read_bytes", read_and_replaced)
    with pytest.raises(OSError, match="another program changed it in the meantime"):
        write_together({file: b"new"}, {file: b"old"})
    assert file.read_text() == "theirs"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_that_nobody_reads_is_refused(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(OSError, match="no program reads this pipe"):
        write(tmp_path / "pipe", b"text")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_that_is_read_gets_everything(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    content = b"text" * 100_000
    read = []
    reader = threading.Thread(target=lambda: read.append((tmp_path / "pipe").read_bytes()))
    reader.start()
    while not read and reader.is_alive():
        with suppress(OSError):  # The reader has not opened it yet.
            write(tmp_path / "pipe", content)
            break
    reader.join()
    assert read == [content]
