"""What stands in files: on the disk, or what is about to be written there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import ParamSpec, Protocol, TypeVar, cast

from lint_rules.workspace.safe_reading import content_within

P = ParamSpec("P")
R = TypeVar("R", covariant=True)

_unwritten: dict[Path, bytes] = {}
_silent: Callable[[Path], bool] | None = None
_caches: list[Callable[[], None]] = []


class _Cached(Protocol[P, R]):
    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R: ...

    def cache_clear(self) -> None: ...


def cached(function: Callable[P, R]) -> _Cached[P, R]:
    """Remembers what a function says of files, until one of them is changed."""
    remembering = cast("_Cached[P, R]", cache(function))
    _caches.append(remembering.cache_clear)
    return remembering


def content(path: Path) -> bytes:
    """What stands in a file of a repository, whose folder is named without links.

    Raises:
        Outside: it is reached through a link that leads out of the repository.
        OSError: the file cannot be read.
    """
    known = _unwritten.get(path)
    return content_within(path) if known is None else known


def silent(are: Callable[[Path], bool]) -> None:
    """Says of which files a run knows that they say nothing of Metaflow: it need not read them
    once more."""
    global _silent
    _silent = are


def is_silent(path: Path) -> bool:
    """Whether a file is known to say nothing of Metaflow, and is not about to say something."""
    return path not in _unwritten and _silent is not None and _silent(path)


def state(path: Path) -> object:
    """Something that is another one when a file has changed. Raises as `content`."""
    known = _unwritten.get(path)
    if known is not None:
        return known
    status = path.stat()
    return status.st_mtime_ns, status.st_size


def change(path: Path, content: bytes) -> None:
    """Lets a file read as it will be once it is written."""
    _unwritten[path] = content
    _forget()


@contextmanager
def changing() -> Iterator[None]:
    """A time in which files are changed without being written; it ends with what the disk says."""
    try:
        yield
    finally:
        _unwritten.clear()
        _forget()


def _forget() -> None:
    for clear in _caches:
        clear()
