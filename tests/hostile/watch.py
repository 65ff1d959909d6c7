"""Runs a command of the linter in a child process, and reports all that it must not do.

The child has an audit hook, which sees each file that Python opens, lists, makes, renames or
deletes, and each process that it starts, whoever does it.
"""

from __future__ import annotations

import gc
import json
import os
import re
import resource
import signal
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any

from tests.hostile.ingredients import MARK_OF_CODE, SECRET

SECONDS = 10
MEGABYTES = 512
"""What a command may take for a small repository: of the processor, since others may use it too."""
LONGEST = 20
"""How many times as long it may wait."""

_RAW = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
_COMMAND_OF_RUNNER = re.compile(r"^::(?!(?:error|warning|notice) )", re.MULTILINE)

_READS = frozenset({"open", "os.listdir", "os.scandir"})
_CHANGES = frozenset(
    "os.remove os.rename os.mkdir os.rmdir os.link os.symlink os.truncate os.chmod os.chown "
    "os.utime os.setxattr os.removexattr shutil.rmtree shutil.move shutil.copyfile".split()
)
_STARTS = frozenset(
    "os.exec os.fork os.forkpty os.posix_spawn os.spawn os.startfile os.system pty.spawn "
    "subprocess.Popen socket.connect socket.bind ctypes.dlopen".split()
)
_HARMLESS = ("/dev/null", "/dev/tty", "/proc/self/status", "/proc/meminfo", "/proc/cpuinfo")


@dataclass(frozen=True)
class Places:
    """The folders that a command may use.

    Attributes:
        root: the repository, which it may read and write.
        cache: its cache.
        given: a settings file that the command line names.
    """

    root: Path
    cache: Path
    given: Path


def problems(words: Sequence[str], places: Places) -> list[str]:
    """Runs a command in the repository's folder, and returns all that it must not do.

    Args:
        words: the command line, without the command's name.
        places: the folders that it may use.
    """
    before = dict(_outside(places))
    with TemporaryFile() as out, TemporaryFile() as err, TemporaryFile() as touched:
        started = time.monotonic()
        addresses, inherited = _megabytes_in_use()
        child = os.fork()
        if child == 0:
            limit = addresses + 4 * MEGABYTES
            _run(words, places, limit, out.fileno(), err.fileno(), touched.fileno())
        status, peak = _wait(child, started)
        peak -= inherited
        texts = [_content(stream) for stream in (out, err)]
        found = [f"touches {what}" for what in json.loads(_content(touched) or "[]")]
    found += _judge(words, status, peak, *texts)
    if dict(_outside(places)) != before:
        found.append("changes files outside of the repository")
    if (places.root.parent / MARK_OF_CODE).exists():
        (places.root.parent / MARK_OF_CODE).unlink()
        found.append("runs code of the repository")
    return found


def _judge(
    words: Sequence[str], status: int | None, peak: int, out: str, err: str
) -> Iterator[str]:
    if status is None:
        yield f"takes more than {SECONDS} s"
    elif status not in (0, 1, 2):
        yield f"ends with status {status}: {err[-300:]}"
    elif status == 2 and not err.strip():
        yield "does not say why it could not run"
    if peak > MEGABYTES:
        yield f"takes {peak} MB"
    if "Traceback" in err:
        yield f"shows a traceback: {err[-600:]}"
    for name, text in (("output", out), ("error", err)):
        if SECRET in text or SECRET.replace("-", "_") in text:
            yield f"shows a file outside of the repository in its {name}"
        if raw := _RAW.search(text):
            yield f"writes {raw.group()!r} as it is to its {name}"
    # A diff and the drawings show the text of files; only the log of a runner is obeyed.
    if "--diff" not in words and _COMMAND_OF_RUNNER.search(out + "\n" + err):
        yield "writes a line that a runner obeys"


def _megabytes_in_use() -> tuple[int, int]:
    """The addresses and the memory of this process, which a child begins with."""
    addresses, resident, *_ = map(int, Path("/proc/self/statm").read_text().split())
    page = os.sysconf("SC_PAGE_SIZE")
    return addresses * page >> 20, resident * page >> 20


def _wait(child: int, started: float) -> tuple[int | None, int]:
    """The exit status of a child, `None` if it took too long, and its peak memory in megabytes."""
    while True:
        done, status, usage = os.wait4(child, os.WNOHANG)
        if done:
            if usage.ru_utime + usage.ru_stime > SECONDS:
                return None, usage.ru_maxrss // 1024
            killed = os.WIFSIGNALED(status)
            code = -os.WTERMSIG(status) if killed else os.WEXITSTATUS(status)
            return code, usage.ru_maxrss // 1024
        if time.monotonic() - started > LONGEST * SECONDS:
            os.kill(child, signal.SIGKILL)
            _, _, usage = os.wait4(child, 0)
            return None, usage.ru_maxrss // 1024
        time.sleep(0.005)


def _run(
    words: Sequence[str], places: Places, megabytes: int, out: int, err: int, touched: int
) -> None:
    """The child: runs the command with so many addresses at most, and ends the process."""
    status = 70
    # Collecting what the tests left in memory would copy all of it into the child.
    gc.freeze()
    try:
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        os.dup2(out, 1)
        os.dup2(err, 2)
        sys.stdout = os.fdopen(1, "w", encoding="utf-8", closefd=False)
        sys.stderr = os.fdopen(2, "w", encoding="utf-8", closefd=False)
        resource.setrlimit(resource.RLIMIT_AS, (megabytes << 20,) * 2)
        os.chdir(places.root)
        os.environ["METAFLOW_LINT_CACHE_DIR"] = str(places.cache)
        # The key that entries are signed with is among the user's caches.
        os.environ["XDG_CACHE_HOME"] = str(places.cache)
        from lint_rules.cli import main

        seen: list[str] = []
        _watch(places, seen)
        try:
            status = main(list(words))
        except SystemExit as error:
            status = error.code if isinstance(error.code, int) else 2
        sys.stdout.flush()
        sys.stderr.flush()
        os.write(touched, json.dumps(sorted(set(seen))[:9]).encode())
    except BaseException:
        import traceback

        os.write(2, traceback.format_exc().encode("utf-8", "replace"))
    finally:
        os._exit(status)


def _watch(places: Places, seen: list[str]) -> None:
    """Begins to note into `seen` what the process touches outside of the places."""
    python = {sys.prefix, sys.base_prefix, *(p for p in sys.path if p), str(_own_code())}
    readable = [os.path.realpath(p) for p in (*python, places.given)]
    own = [os.path.realpath(p) for p in (places.root, places.cache)]

    def within(path: Any, folders: list[str], *, follow: bool) -> bool:
        named = Path.cwd() / os.fsdecode(path)
        real = Path(os.path.realpath(named if follow else named.parent))
        real = real if follow else real / named.name
        return str(real) in _HARMLESS or any(map(real.is_relative_to, folders))

    def note(event: str, arguments: tuple[Any, ...]) -> None:
        # Large drawings are laid out in a Python process of their own, with limits.
        if event in _STARTS and arguments[:1] != (sys.executable,):
            seen.append(f"{event} {arguments[:1]!r}")
        elif event in _READS and isinstance(arguments[0], str | bytes | os.PathLike):
            flags = arguments[2] if event == "open" and isinstance(arguments[2], int) else 0
            follow = not flags & os.O_NOFOLLOW
            writes = flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT)
            if not within(arguments[0], own if writes else own + readable, follow=follow):
                seen.append(f"{event} {arguments[0]!r}")
        elif event in _CHANGES:
            paths = [a for a in arguments[:2] if isinstance(a, str | bytes | os.PathLike)]
            if not all(within(path, own, follow=False) for path in paths):
                seen.append(f"{event} {paths!r}")

    sys.addaudithook(note)


def _own_code() -> Path:
    import lint_rules

    return Path(lint_rules.__file__).parent


def _outside(places: Places) -> Iterator[tuple[str, object]]:
    """What stands beside the repository and the cache, with its state."""
    for folder, folders, files in os.walk(places.root.parent):
        folders[:] = [f for f in folders if Path(folder, f) not in (places.root, places.cache)]
        for name in files:
            path = Path(folder, name)
            if path.name != MARK_OF_CODE:
                status = path.lstat()
                yield str(path), (status.st_size, status.st_mtime_ns, status.st_ino)


def _content(stream: Any) -> str:
    stream.seek(0)
    return str(stream.read().decode("utf-8", "replace"))
