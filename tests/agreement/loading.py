"""Loads a stranger's flow file in a process of its own, and asks Metaflow what it thinks.

What the file does when it is imported is done. It reaches no network, starts no process, and
writes nothing outside a temporary folder.
"""

from __future__ import annotations

import ast
import contextlib
import inspect
import io
import json
import os
import re
import resource
import select
import signal
import sys
import time
import types
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from metaflow.exception import MetaflowException, MetaflowNotFound
from metaflow.flowspec import FlowSpec, FlowSpecMeta, FlowStateItems
from metaflow.lint import linter
from metaflow.plugins.datastores.local_storage import LocalStorage

from tests.agreement import stand_ins

SECONDS = 20
MEMORY = 4_000_000_000
MODULE = "real_flow"

_FORBIDDEN = (
    *("os.exec", "os.fork", "os.posix_spawn", "os.spawn", "os.system", "subprocess.Popen"),
    *("socket.bind", "socket.connect", "socket.getaddrinfo", "socket.gethostbyname"),
    *("os.kill", "os.remove", "os.rename", "os.rmdir", "os.symlink", "os.truncate"),
    *("shutil.move", "shutil.rmtree", "ftplib.connect", "urllib.Request", "webbrowser.open"),
)


@dataclass(frozen=True)
class Verdict:
    """What Metaflow's `check` says of a flow.

    Attributes:
        name: the flow's name.
        rows: the first and last rows of its classes that are in the file.
        message: why it is refused, empty if it is not.
        is_partial: whether only its graph was checked, for lack of an option or a file.
        is_known: whether all of its decorators are installed.
        shape: its steps, transitions, decorators and parameters, by names that say of what.
    """

    name: str
    rows: tuple[tuple[int, int], ...]
    message: str
    is_partial: bool
    is_known: bool
    shape: dict[str, str]


@dataclass(frozen=True)
class Loaded:
    """What became of a file.

    Attributes:
        verdicts: the flows with steps in it.
        error: why it could not be loaded, empty if it was.
        is_refused: whether it was Metaflow that refused to load it.
    """

    verdicts: tuple[Verdict, ...] = ()
    error: str = ""
    is_refused: bool = False


def load(file: Path, root: Path, folder: Path) -> Loaded:
    """Load a file in a fork of this process.

    Args:
        file: the file.
        root: the repository that it belongs to.
        folder: a temporary folder, its home.
    """
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(read)
        _answer(file, root, folder, write)
    os.close(write)
    answer = _until(read, time.monotonic() + SECONDS)
    os.close(read)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child, signal.SIGKILL)
    with contextlib.suppress(ProcessLookupError):
        os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    if not answer.endswith(b"\n"):
        return Loaded(error="it ends the process, or does not end")
    found = json.loads(answer)
    verdicts = (Verdict(n, tuple(map(tuple, rows)), *more) for n, rows, *more in found["verdicts"])
    return Loaded(tuple(verdicts), found["error"], found["is_refused"])


def _until(read: int, end: float) -> bytes:
    """What a process writes until it ends its answer, or the time is over."""
    answer = b""
    while (left := end - time.monotonic()) > 0 and select.select([read], [], [], left)[0]:
        more = os.read(read, 65536)
        answer += more
        if not more or answer.endswith(b"\n"):
            break
    return answer


def _answer(file: Path, root: Path, folder: Path, write: int) -> NoReturn:
    """In the fork: load the file, write the answer, and end."""
    status = 1
    try:
        os.setsid()
        with _quiet():
            answer = _asked(file, root, folder)
        os.write(write, (json.dumps(answer) + "\n").encode())
        status = 0
    finally:
        os._exit(status)


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Nothing that is printed is seen."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nowhere, stream)
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        yield


def _asked(file: Path, root: Path, folder: Path) -> dict[str, Any]:
    _confine(folder)
    stand_ins.install(str(root))
    above = [parent for parent in file.parents if parent.is_relative_to(root)]
    sys.path[:0] = [str(path) for path in (*above, root / "src")]
    os.chdir(file.parent)
    try:
        module = _module(file)
    except MetaflowException as error:
        is_refused = not stand_ins.unknown_bases and not isinstance(error, MetaflowNotFound)
        return {"verdicts": [], "error": f"{error.headline}: {error}", "is_refused": is_refused}
    except BaseException as error:
        return {"verdicts": [], "error": f"{type(error).__name__}: {error}", "is_refused": False}
    flows = dict.fromkeys(v for v in vars(module).values() if _is_flow(v))
    return {
        "verdicts": [_verdict(flow, file) for flow in flows],
        "error": "",
        "is_refused": False,
    }


def _verdict(flow: Any, file: Path) -> tuple[Any, ...]:
    # A command changes the decorators, so the shape is read first.
    shape = _shape(flow)
    return flow.__name__, _rows(flow), *_refusal(flow, file), _is_known(flow), shape


def _confine(folder: Path) -> None:
    """Let nothing out of the process from now on."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    os.environ.update(HOME=str(folder), METAFLOW_HOME=str(folder), USERNAME="somebody")
    LocalStorage.SYSROOT_VAR = str(folder)
    inside = os.path.realpath(folder)

    def refuse(event: str, given: tuple[Any, ...]) -> None:
        if event in _FORBIDDEN:
            raise PermissionError(f"{event} is not allowed here")
        if event == "open" and _is_writing(given[1], given[2]):
            path = os.path.realpath(os.fsdecode(given[0])) if not isinstance(given[0], int) else ""
            if path and path != os.devnull and not path.startswith(inside):
                raise PermissionError(f"{path} must not be written")
        if event == "os.mkdir" and not os.path.realpath(os.fsdecode(given[0])).startswith(inside):
            raise PermissionError(f"{given[0]!r} must not be made")

    sys.dont_write_bytecode = True
    sys.addaudithook(refuse)


def _is_writing(mode: object, flags: object) -> bool:
    if isinstance(mode, str):
        return any(letter in mode for letter in "wax+")
    return isinstance(flags, int) and bool(flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT))


def _module(file: Path) -> types.ModuleType:
    """The module of a file, as it is when another imports it."""
    text = file.read_bytes()
    module = types.ModuleType(MODULE)
    module.__file__ = str(file)
    sys.modules[MODULE] = module
    exec(compile(text, str(file), "exec"), module.__dict__)
    return module


def _is_flow(value: object) -> bool:
    return (
        isinstance(value, FlowSpecMeta)
        and value is not FlowSpec
        and value.__module__ == MODULE
        and any(getattr(getattr(value, n, None), "is_step", False) for n in dir(value))
    )


def _rows(flow: type) -> list[tuple[int, int]]:
    found = []
    for owner in flow.__mro__:
        if owner.__module__ == MODULE:
            lines, first = inspect.getsourcelines(owner)
            found.append((first, first + len(lines)))
    return found


def _is_known(flow: type) -> bool:
    """Whether no stand-in decorates a class of the flow, or a method of one."""
    names = {owner.__qualname__ for owner in flow.__mro__}
    found = (getattr(getattr(flow, name, None), "__qualname__", "") for name in dir(flow))
    names |= {name for name in found if isinstance(name, str)}
    return stand_ins.decorated.isdisjoint(names)


def _shape(flow: Any) -> dict[str, str]:
    """What Metaflow made of a flow: a text for each step, decorator and parameter."""
    found = {}
    for node in flow._graph:
        found[f"step {node.name}"] = repr(
            (node.type, node.out_funcs, node.foreach_param, node.condition)
        )
        for decorator in node.decorators:
            found[f"step {node.name}, @{decorator.name}"] = repr(decorator.attributes)
    for name, given in flow._flow_state[FlowStateItems.FLOW_DECORATORS].items():
        found[f"@{name}"] = repr([decorator.attributes for decorator in given])
    for attribute, parameter in flow._get_parameters():
        given = {**parameter.kwargs, **parameter._override_kwargs}
        options = {k: v for k, v in given.items() if k != "type" and v is not None}
        found[f"parameter {attribute}"] = repr((parameter.name, sorted(options.items())))
    return {what: re.sub(r"0x[0-9a-f]+", "0x", text) for what, text in found.items()}


def _refusal(flow: Any, file: Path) -> tuple[str, bool]:
    """Why `check` refuses a flow, or `run` its parameters; empty if neither does.

    Where they miss an option or a file, only the graph is checked; then the second is `True`.
    """
    output = _printed(flow, file, "check") or _printed(flow, file, "run", "--help")
    if not any(words in output for words in _MISSED):
        return output, False
    try:
        linter.run_checks(flow._graph)
    except Exception as error:
        return f"{type(error).__name__}: {error}", True
    return "", True


_MISSED = (
    *("requires --", "missing configuration for", "could not be read for", "is not allowed here"),
    *("must not be written", "must not be made", "configuration value for", "_call_parser"),
    'options["trigger"]',
)
"""What Metaflow prints if an option, a file or a package is missing."""


def _printed(flow: Any, file: Path, *command: str) -> str:
    """What a command says that fails, empty if it does not."""
    sys.argv = [str(file), "--no-pylint", *command]
    output = io.StringIO()
    try:
        with contextlib.redirect_stdout(output), contextlib.redirect_stderr(output):
            flow()
    except SystemExit as end:
        return _short(output.getvalue()) if end.code else ""
    except BaseException as error:
        return f"{type(error).__name__}: {error}"
    return ""


def _short(text: str) -> str:
    """The end of what a command wrote."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return " / ".join(lines[-6:]) or "it fails"


def called(text: bytes) -> frozenset[str]:
    """The names that a file calls, or hands to calls: the flows that it runs are among them."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Call):
            found |= {n.id for n in (node.func, *node.args) if isinstance(n, ast.Name)}
    return frozenset(found)
