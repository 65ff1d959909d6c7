"""`report` on repositories whose `.git` is hostile: nothing is run, and nothing outside is read."""

import os
import shutil
import zlib
from pathlib import Path

import pytest

from tests.health.repositories import git, with_history
from tests.hostile.ingredients import MARK_OF_CODE, SECRET
from tests.hostile.watch import Places, problems
from tests.workspace.test_git_tags import entry, packed

pytestmark = pytest.mark.process

TAG = "ab" * 20


def evil_configuration(root: Path, private: Path) -> None:
    """Programs for git to run, and objects of another repository."""
    mark = f"touch {root.parent / MARK_OF_CODE}"
    (root / ".git/config").write_text(
        f"[core]\n\tfsmonitor = {mark}\n\tpager = {mark}\n\tsshCommand = {mark}\n"
        f"\thooksPath = hooks\n[diff]\n\texternal = {mark}\n"
        f'[filter "x"]\n\tsmudge = {mark}\n\tclean = {mark}\n'
        '[remote "origin"]\n\tpromisor = true\n\turl = ext::sh -c "' + mark + '"\n'
    )
    (root / ".gitattributes").write_text("* filter=x diff=x\n")
    (root / ".git/objects/info").mkdir(exist_ok=True)
    (root / ".git/objects/info/alternates").write_text(f"{private / '.git/objects'}\n")


def missing_objects(root: Path, private: Path) -> None:
    """A partial clone, of which git would fetch the rest."""
    evil_configuration(root, private)
    shutil.rmtree(root / ".git/objects/pack")


def tags_of_another_repository(root: Path, private: Path) -> None:
    """Objects and tags that are links to those of another repository."""
    for name in ("objects", "refs"):
        shutil.rmtree(root / ".git" / name)
        (root / ".git" / name).symlink_to(private / ".git" / name)
    (root / ".git/packed-refs").unlink(missing_ok=True)
    (root / ".git/packed-refs").symlink_to(private / ".git/packed-refs")


def folder_of_another_repository(root: Path, private: Path) -> None:
    """A folder of git's that is elsewhere, and knows nothing of this one."""
    shutil.rmtree(root / ".git")
    (root / ".git").write_text(f"gitdir: {private / '.git'}\n")


def many_tags(root: Path, private: Path) -> None:
    """More tags than anybody has, with names that are none."""
    name = git_name(root)
    lines = "".join(f"{name} refs/tags/\x1b[31m::error::v{n}\n" for n in range(50_000))
    (root / ".git/packed-refs").write_text(lines)


def bombs(root: Path, private: Path) -> None:
    """A tag whose object is small, and large once it is unpacked."""
    place = root / ".git/objects" / TAG[:2] / TAG[2:]
    place.parent.mkdir(exist_ok=True)
    place.write_bytes(zlib.compress(b"commit 900000000\0" + b"\0" * 900_000_000, 9))
    lines = "".join(f"{TAG} refs/tags/v{number}\n" for number in range(500))
    (root / ".git/packed-refs").write_text(lines)


def endless_packs(root: Path, private: Path) -> None:
    """Packs of tags that take long to read: changes whose sizes never end, or of millions of
    orders."""
    shutil.rmtree(root / ".git/objects/pack")
    changes = (b"\xff" * 9_000_000, b"\1\x80\x89\x7a" + b"\x90\1" * 2_000_000)
    objects = {
        f"x{name}": entry(7, change, b"\xcd" * 20)
        for name, change in zip(("ab", "ac"), changes, strict=True)
    }
    packed(root / ".git", None, xcd=entry(3, b"x"), **objects)
    lines = [
        f"{name * 20} refs/tags/v{number}{name}" for number in range(200) for name in ("ab", "ac")
    ]
    (root / ".git/packed-refs").write_text("\n".join(lines) + "\n")


def pipes(root: Path, private: Path) -> None:
    """Pipes and circles where git has files."""
    for name in ("packed-refs", "refs/tags/pipe", "objects/pack/x.idx"):
        (root / ".git" / name).unlink(missing_ok=True)
        os.mkfifo(root / ".git" / name)
    (root / ".git/refs/tags/circle").symlink_to("circle")


def git_name(root: Path) -> str:
    packed = (root / ".git/packed-refs").read_text().splitlines()
    return next(line.split()[0] for line in packed if not line.startswith(("#", "^")))


@pytest.mark.parametrize(
    "harm",
    [
        evil_configuration,
        missing_objects,
        tags_of_another_repository,
        folder_of_another_repository,
        many_tags,
        bombs,
        endless_packs,
        pipes,
    ],
)
def test_a_report_does_no_harm(harm, tmp_path):
    private = tmp_path / "private"
    with_history(private)
    (private / "lint/known.json").write_text(f'{{"{SECRET}": 1}}')
    git(private, "add", "--all")
    git(private, "commit", "--quiet", "--message", "x")
    root = tmp_path / "theirs"
    with_history(root)
    git(root, "gc", "--quiet")
    harm(root, private)
    places = Places(root, tmp_path / "cache", tmp_path / "ours.toml")
    # Whether a folder of git's knows of a working tree, it says itself.
    allowed = [f"touches open {str(private / '.git/config')!r}"]
    for words in (["report"], ["report", "--output-file", "health.html"]):
        assert [found for found in problems(words, places) if found not in allowed] == []
    page = (root / "health.html").read_text()
    shows_tags = "at v0.2 to 12 now" in page
    assert shows_tags == (harm is evil_configuration)
