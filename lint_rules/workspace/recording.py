"""What answers depend on: the files that were read for them, the folders that were listed, and what
was looked for and not there.

The file system notes what it finds, with digests. What belongs to one answer is kept apart by
*nodes*: a node is a file's analysis, a remembered function call, or a check. It names what was
consulted for it, and the nodes whose answers it used. So an answer depends on all that can be
reached from its node.
"""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Hashable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Literal, NamedTuple

Kind = Literal["content", "words", "listing", "kind", "link", "target"]

State = tuple[int, ...]
"""Device, inode, mode, size, and the times of the last changes in nanoseconds."""


class Consulted(NamedTuple):
    """Something that was looked at.

    Attributes:
        kind: what was asked: what it holds, by which words it names other files, which names are in
            it, what it is, where its path leads (`link`), or what the path leads to (`target`).
        path: an absolute path; without links, but for the last two.
    """

    kind: Kind
    path: str


class Found(NamedTuple):
    """What was found there.

    Attributes:
        value: a digest, `file`, `folder`, `other` or a path; `None` if there was no such thing.
        state: the state of the file or folder before it was read, if that tells of changes.
    """

    value: str | None
    state: State | None = None


class Node:
    """What one answer was made of."""

    def __init__(self) -> None:
        self.consulted: set[Consulted] = set()
        self.used: set[Hashable] = set()
        self._frozen: frozenset[Consulted] = frozenset()

    def frozen(self) -> frozenset[Consulted]:
        """What was consulted, always the same object as long as nothing is added."""
        if len(self._frozen) != len(self.consulted):
            self._frozen = frozenset(self.consulted)
        return self._frozen


class Recorder:
    """Notes what is consulted, by nodes.

    Attributes:
        found: all that was consulted, whatever for.
        is_stable: whether whatever was consulted twice was the same each time.
        node: the node that the work of now belongs to, `None` if it belongs to none.
    """

    def __init__(self) -> None:
        self.found: dict[Consulted, Found] = {}
        self.is_stable = True
        self.node: Hashable = None
        self._nodes: dict[Hashable, Node] = {}

    def note(self, kind: Kind, path: str, value: str | None, state: State | None = None) -> None:
        """Takes what the file system finds for the work of now."""
        what = Consulted(kind, path)
        known = self.found.setdefault(what, Found(value, state))
        if known.value != value:
            self.is_stable = False
        self.consult(self.node, what)

    def consult(self, node: Hashable, what: Consulted) -> None:
        """Says that an answer depends on something that was found, now or before."""
        if node is not None:
            self._node(node).consulted.add(what)

    def use(self, node: Hashable, other: Hashable) -> None:
        """Says that an answer depends on another one."""
        if node is not None and node != other:
            self._node(node).used.add(other)

    @contextmanager
    def working_on(self, node: Hashable) -> Iterator[None]:
        """A time in which the work belongs to a node, whose answer the node before uses."""
        before = self.node
        self.use(before, node)
        self.node = node
        try:
            yield
        finally:
            self.node = before

    def dependencies(self, nodes: Iterable[Hashable]) -> list[frozenset[Consulted]]:
        """All that the answers of some nodes depend on, in sets that answers share."""
        waiting = list(nodes)
        seen = set(waiting)
        found: list[frozenset[Consulted]] = []
        while waiting:
            node = self._nodes.get(waiting.pop())
            if node is not None:
                if node.consulted:
                    found.append(node.frozen())
                waiting += node.used - seen
                seen |= node.used
        return found

    def _node(self, node: Hashable) -> Node:
        known = self._nodes.get(node)
        if known is None:
            known = self._nodes[node] = Node()
        return known


_RECORDER: ContextVar[Recorder | None] = ContextVar("recorder", default=None)


def recorder() -> Recorder | None:
    """The recorder of this context, `None` if nothing is recorded."""
    return _RECORDER.get()


@contextmanager
def recording(given: Recorder | None) -> Iterator[None]:
    """A time in which what the file system finds is noted."""
    token = _RECORDER.set(given)
    try:
        yield
    finally:
        _RECORDER.reset(token)


@contextmanager
def working_on(node: Hashable) -> Iterator[None]:
    """As `Recorder.working_on`, where something is recorded."""
    noted = _RECORDER.get()
    if noted is None:
        yield
    else:
        with noted.working_on(node):
            yield


def use(node: Hashable) -> None:
    """Says that the work of now uses the answer of a node."""
    noted = _RECORDER.get()
    if noted is not None:
        noted.use(noted.node, node)


def consult(kind: Kind, path: os.PathLike[str]) -> None:
    """Says that the work of now depends on something that was found before."""
    noted = _RECORDER.get()
    if noted is not None:
        noted.consult(noted.node, Consulted(kind, os.fspath(path)))


def note(
    kind: Kind,
    path: os.PathLike[str] | str,
    value: str | None,
    status: os.stat_result | None = None,
) -> None:
    """Lets the recorder know what was found at an absolute path, if there is one."""
    noted = _RECORDER.get()
    if noted is not None:
        state = None if status is None else state_of(status)
        noted.note(kind, os.fspath(path), value, state)


def note_content(path: os.PathLike[str], content: bytes, status: os.stat_result) -> None:
    """As `note`, of what a file holds."""
    if _RECORDER.get() is not None:
        note("content", path, digest(content), status)


def note_words(path: os.PathLike[str], words: Iterable[bytes], status: os.stat_result) -> None:
    """As `note`, of the words by which a file names others."""
    if _RECORDER.get() is not None:
        note("words", path, digest(b"\0".join(sorted(words))), status)


def note_names(
    path: os.PathLike[str], names: Iterable[Iterable[str]], status: os.stat_result | None
) -> None:
    """As `note`, of the names in a folder, kind by kind."""
    if _RECORDER.get() is not None:
        joined = "\1".join("\0".join(of_kind) for of_kind in names)
        note("listing", path, digest(joined.encode("utf-8", "surrogateescape")), status)


@contextmanager
def failure_noted(kind: Kind, path: os.PathLike[str]) -> Iterator[None]:
    """Notes that a file cannot be opened, or that a folder cannot be listed."""
    try:
        yield
    except OSError as error:
        is_missing = error.errno in (errno.ENOENT, errno.ENOTDIR, errno.EINVAL)
        note(kind, path, None if is_missing else UNREADABLE)
        raise


UNREADABLE = "unreadable"
"""The value of a file that is there and was not read: only its state tells whether it changed."""


def digest(content: bytes) -> str:
    """A digest of a file's bytes."""
    # Runs that keep nothing need none, and its import takes longer than all else here.
    import hashlib

    return hashlib.blake2b(content, digest_size=16).hexdigest()


def kind_of(mode: int | None) -> str | None:
    """What a file mode says of the kind of a thing."""
    if mode is None:
        return None
    if stat.S_ISREG(mode):
        return "file"
    return "folder" if stat.S_ISDIR(mode) else "other"


def state_of(status: os.stat_result) -> State:
    """The state that a file or folder has."""
    return (
        status.st_dev,
        status.st_ino,
        status.st_mode,
        status.st_size,
        status.st_mtime_ns,
        status.st_ctime_ns,
    )
