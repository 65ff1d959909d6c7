"""What files held at tags, read from git's objects; git itself makes the repositories."""

import random
import struct
import subprocess
import time
import zlib
from pathlib import Path, PurePosixPath

import pytest

from lint_rules.budget import Budget
from lint_rules.workspace import git_objects
from lint_rules.workspace.file_system import FileSystem
from lint_rules.workspace.git_objects import CannotReadObject, ObjectStore
from lint_rules.workspace.git_tags import Tags
from lint_rules.workspace.workspace import Workspace
from tests.workspace.test_git_index import git

pytestmark = pytest.mark.process  # git's

FILE = PurePosixPath("lint/known.json")


def out(folder: Path, *words: str) -> bytes:
    return subprocess.run(["git", *words], cwd=folder, check=True, capture_output=True).stdout


def commit(folder: Path, text: str, tag: str, *, time: int, annotated: bool = False) -> None:
    (folder / FILE).parent.mkdir(parents=True, exist_ok=True)
    (folder / FILE).write_text(text)
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--allow-empty", "--message", "x", f"--date={time} +0000")
    # `git` takes no time of committing: it is written into the commit.
    content = out(folder, "cat-file", "commit", "HEAD").decode()
    lines = [
        f"committer x <x@example.org> {time} +0000" if line.startswith("committer ") else line
        for line in content.splitlines()
    ]
    made = subprocess.run(
        ["git", "hash-object", "-t", "commit", "-w", "--stdin"],
        cwd=folder,
        input="\n".join(lines).encode() + b"\n",
        check=True,
        capture_output=True,
    ).stdout.decode()
    git(folder, "reset", "--quiet", "--hard", made.strip())
    git(folder, "tag", *(["--annotate", "--message", "x"] if annotated else []), tag)


def history(folder: Path, *options: str) -> None:
    """A repository whose file changes here and there."""
    folder.mkdir(parents=True, exist_ok=True)
    git(folder, "init", "--quiet", *options)
    lines = [str(random.Random(n).random()) for n in range(400)]
    for number in range(8):
        lines[number * 40 : number * 40 + 10] = ["x"]
        text = "\n".join(lines)
        name = f"v0.{number + 6}.0" if number % 2 else f"team/v0.{number + 6}"
        commit(folder, text, name, time=1_700_000_000 + number, annotated=number % 3 == 0)


def tags_of(folder: Path) -> Tags:
    found = Tags.of(Workspace().snapshot().files(folder), folder.resolve())
    assert found is not None
    return found


def check(folder: Path) -> None:
    """The tags and their files are what git says."""
    tags = tags_of(folder).last(100)
    names = out(folder, "tag", "--list", "--sort=committerdate").decode().split()
    assert {tag.name for tag in tags} == set(names)
    assert [tag.time for tag in tags] == sorted(tag.time for tag in tags)
    for tag in tags:
        wanted = out(folder, "show", f"{tag.name}:{FILE}")
        assert tags_of(folder).content(tag, FILE) == wanted
    assert [tag.name for tag in tags_of(folder).last(2)] == [tag.name for tag in tags[-2:]]


def test_loose_objects_and_references_are_read(tmp_path):
    history(tmp_path)
    check(tmp_path)
    tag = tags_of(tmp_path).last(1)[0]
    assert tag.name == "v0.13.0"
    for path in ("lint", "lint/known.json/more", "nothing.json", "lint/nothing.json", "."):
        assert tags_of(tmp_path).content(tag, PurePosixPath(path)) is None


@pytest.mark.parametrize("how", [(), ("--object-format=sha256",)], ids=["sha1", "sha256"])
def test_packed_ones_are_read(tmp_path, how):
    history(tmp_path, *how)
    git(tmp_path, "gc", "--quiet", "--aggressive")
    git(tmp_path, "pack-refs", "--all")
    assert not list((tmp_path / ".git/objects").glob("??/*"))
    listed = out(tmp_path, "verify-pack", "-v", *_indexes(tmp_path)).decode()
    assert "chain length = 2" in listed
    check(tmp_path)


def _indexes(folder: Path) -> list[str]:
    return [str(path) for path in (folder / ".git/objects/pack").glob("*.idx")]


def test_all_objects_of_a_pack_are_as_git_says(tmp_path):
    history(tmp_path)
    git(tmp_path, "repack", "-adfq", "--depth=50", "--window=50")
    store = ObjectStore(FileSystem(tmp_path / ".git"))
    listed = out(tmp_path, "cat-file", "--batch-all-objects", "--batch-check").decode()
    rows = [line.split() for line in listed.splitlines()]
    assert len(rows) > 30
    for name, kind, _ in rows:
        assert store.read(name) == (kind, out(tmp_path, "cat-file", kind, name))


def test_several_packs_are_read(tmp_path):
    history(tmp_path)
    git(tmp_path, "repack", "-q")
    commit(tmp_path, "new", "v1", time=1_800_000_000)
    git(tmp_path, "repack", "-q")
    assert len(_indexes(tmp_path)) == 2
    check(tmp_path)


def test_the_tags_of_a_linked_working_tree_are_read(tmp_path):
    history(tmp_path / "main")
    git(tmp_path / "main", "worktree", "add", "--quiet", "../linked")
    check(tmp_path / "linked")


def test_a_link_or_a_submodule_in_place_of_the_file_is_none(tmp_path):
    git(tmp_path, "init", "--quiet")
    (tmp_path / "lint").mkdir()
    (tmp_path / FILE).symlink_to("other.json")
    git(tmp_path, "add", "--all")
    git(tmp_path, "commit", "--quiet", "--message", "x")
    git(tmp_path, "tag", "v1")
    tags = tags_of(tmp_path)
    (tag,) = tags.last(9)
    assert tags.content(tag, FILE) is None


def test_what_is_missing_is_left_out(tmp_path):
    history(tmp_path / "whole")
    url = (tmp_path / "whole").as_uri()
    git(tmp_path, "clone", "--quiet", "--depth=1", url, "shallow")
    assert tags_of(tmp_path / "shallow").last(9) == tags_of(tmp_path / "whole").last(9)[-1:]
    other = tmp_path / "borrowing"
    git(tmp_path, "clone", "--quiet", "--shared", "whole", "borrowing")
    assert (other / ".git/objects/info/alternates").exists()
    assert tags_of(other).last(9) == []
    assert Tags.of(Workspace().snapshot().files(tmp_path), tmp_path) is None


def test_what_leads_outside_is_not_followed(tmp_path):
    history(tmp_path / "secret")
    theirs = tmp_path / "worktrees" / "theirs"
    theirs.mkdir(parents=True)
    (theirs / "commondir").write_text("../..\n")
    (theirs / ".git").write_text("gitdir: .\n")
    (tmp_path / "refs").symlink_to(tmp_path / "secret/.git/refs")
    (tmp_path / "objects").symlink_to(tmp_path / "secret/.git/objects")
    assert tags_of(theirs).last(9) == []
    linked = tmp_path / "linked"
    git(tmp_path, "init", "--quiet", "linked")
    for name in ("refs", "objects"):
        subprocess.run(["rm", "-r", linked / ".git" / name], check=True)
        (linked / ".git" / name).symlink_to(tmp_path / "secret/.git" / name)
    assert tags_of(linked).last(9) == []


def loose(folder: Path, name: str, content: bytes) -> None:
    file = folder / "objects" / name[:2] / name[2:]
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)


ODD = {
    "bomb": zlib.compress(b"blob 2000000000\0" + b"x" * 30_000_000),
    "cut off": zlib.compress(b"blob 9\0123456789")[:-9],
    "not compressed": b"blob 1\0x",
    "no header": zlib.compress(b"x" * 99),
    "another size": zlib.compress(b"blob 3\0x"),
    "huge number": zlib.compress(b"blob " + b"9" * 5000 + b"\0x"),
    "another kind": zlib.compress(b"blub 1\0x"),
    "empty": b"",
}


@pytest.mark.parametrize("content", ODD.values(), ids=ODD)
def test_an_odd_object_is_none(tmp_path, content):
    loose(tmp_path, "ab" * 20, content)
    with pytest.raises(CannotReadObject):
        ObjectStore(FileSystem(tmp_path)).read("ab" * 20)


def packed(folder: Path, offset: int | None = None, **objects: bytes) -> None:
    """A pack with objects by the first byte of their names, and its index.

    Args:
        folder: git's folder.
        offset: where the index says that objects begin, if it does not say the truth.
        objects: what the pack holds for each of them.
    """
    content, places = b"PACK" + struct.pack(">II", 2, len(objects)), {}
    for name, packed in sorted(objects.items()):
        places[bytes.fromhex(name[1:] * 20)] = len(content)
        content += packed
    fan = [sum(name[0] <= first for name in places) for first in range(256)]
    numbers = [*places.values()] if offset is None else [1 << 31] * len(places)
    parts = [b"\xfftOc\0\0\0\2", struct.pack(">256I", *fan), *places, bytes(4 * len(places))]
    parts += [struct.pack(f">{len(places)}I", *numbers), struct.pack(">Q", offset or 0)]
    (folder / "objects/pack").mkdir(parents=True)
    (folder / "objects/pack/x.pack").write_bytes(content)
    (folder / "objects/pack/x.idx").write_bytes(b"".join(parts))


def entry(kind: int, content: bytes, base: bytes = b"") -> bytes:
    """An object as a pack holds it."""
    head, size = bytearray([kind << 4 | len(content) & 15]), len(content) >> 4
    while size:
        head[-1] |= 0x80
        head.append(size & 0x7F)
        size >>= 7
    return bytes(head) + base + zlib.compress(content)


AB, CD = b"\xab" * 20, b"\xcd" * 20
LETTER = entry(3, b"x")
ENDLESS = {
    "no kind": {"xab": entry(0, b"x")},
    "another kind that is none": {"xab": entry(5, b"x")},
    "offset beyond all files": {"offset": (1 << 64) - 1, "xab": LETTER},
    "size without end": {"xab": b"\xff" * 20_000},
    "base without end": {"xab": b"\x61" + b"\xff" * 20_000},
    "change of itself": {"xab": entry(7, b"\1\1\1x", AB)},
    "changes of each other": {
        "xab": entry(7, b"\1\1\1x", CD),
        "xcd": entry(7, b"\1\1\1x", AB),
    },
    "size of a change without end": {"xcd": LETTER, "xab": entry(7, b"\xff" * 9_000_000, CD)},
    "millions of orders": {
        "xcd": LETTER,
        "xab": entry(7, b"\1\x80\x89\x7a" + b"\x90\1" * 2_000_000, CD),
    },
}


@pytest.mark.parametrize("pack", ENDLESS.values(), ids=ENDLESS)
def test_a_pack_takes_no_endless_time(tmp_path, pack):
    packed(tmp_path, **pack)
    began = time.process_time()
    with pytest.raises(CannotReadObject):
        ObjectStore(FileSystem(tmp_path)).read(AB.hex())
    assert time.process_time() - began < 5


def test_a_pack_made_here_is_read(tmp_path):
    """So those above fail for what they say."""
    packed(tmp_path, xcd=LETTER, xab=entry(7, b"\1\2\x90\1\1y", CD))
    assert ObjectStore(FileSystem(tmp_path)).read(AB.hex()) == ("blob", b"xy")


def test_stores_may_share_what_they_may_cost(tmp_path):
    packed(tmp_path, xab=LETTER)
    work = Budget(100_000)
    ObjectStore(FileSystem(tmp_path), work).read(AB.hex())
    ObjectStore(FileSystem(tmp_path), work).spend(work.left)
    with pytest.raises(CannotReadObject, match="too long"):
        ObjectStore(FileSystem(tmp_path), work).read(AB.hex())


def long_name(folder: Path) -> None:
    (folder / "packed-refs").write_text(f"{AB.hex()} refs/tags/{'1a' * 3_000_000}\n")


def large_files(folder: Path) -> None:
    (folder / "large").write_text("a" * 29_000_000)
    for number in range(500):
        (folder / f"refs/tags/{number}").symlink_to("../../large")


def many_folders(folder: Path) -> None:
    for name in (f"refs/tags/{number // 100}/{number}" for number in range(9000)):
        (folder / name).mkdir(parents=True)


@pytest.mark.parametrize("harm", [long_name, large_files, many_folders])
def test_tags_take_no_endless_time(tmp_path, harm):
    (tmp_path / "refs/tags").mkdir(parents=True)
    harm(tmp_path)
    began = time.process_time()
    assert Tags(FileSystem(tmp_path, 30_000_000)).last(9) == []
    assert time.process_time() - began < 2


@pytest.mark.parametrize("seed", range(60))
def test_a_broken_pack_is_none(tmp_path_factory, seed):
    """Bytes of a pack and its index are changed at random: what is read is whole, or an error."""
    folder = tmp_path_factory.getbasetemp() / "packed"
    if not folder.exists():
        history(folder)
        git(folder, "repack", "-adfq", "--depth=50", "--window=50")
    (index,) = _indexes(folder)
    pack = Path(index).with_suffix(".pack")
    draw = random.Random(seed)
    broken = folder.parent / "broken" / "objects" / "pack"
    broken.mkdir(parents=True, exist_ok=True)
    for file in (Path(index), pack):
        content = bytearray(file.read_bytes())
        for _ in range(draw.choice([0, 1, 3, 20])):
            content[draw.randrange(len(content))] = draw.randrange(256)
        size = draw.choice([len(content), len(content), draw.randrange(len(content))])
        (broken / f"x{file.suffix}").write_bytes(content[:size])
    store = ObjectStore(FileSystem(broken.parent.parent))
    names = out(folder, "cat-file", "--batch-all-objects", "--batch-check").decode().splitlines()
    for name in draw.sample(names, 10):
        try:
            assert len(store.read(name.split()[0]).content) <= 10_000_000
        except CannotReadObject:
            continue


def test_a_store_gives_up_in_time(tmp_path, monkeypatch):
    history(tmp_path)
    monkeypatch.setattr(git_objects, "MOST_WORK", 200_000)
    assert len(tags_of(tmp_path).last(99)) < 8


def test_a_tag_that_leads_to_itself_is_none(tmp_path):
    name = "ab" * 20
    text = f"object {name}\ntype tag\ntag x\n"
    loose(tmp_path, name, zlib.compress(f"tag {len(text)}\0{text}".encode()))
    (tmp_path / "refs/tags").mkdir(parents=True)
    (tmp_path / "refs/tags/x").write_text(f"{name}\n")
    (tmp_path / "packed-refs").write_bytes(b"\xff\n" + f"{name} refs/tags/y\n".encode())
    assert Tags(FileSystem(tmp_path)).last(9) == []
