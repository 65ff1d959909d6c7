"""Runs the tasks of Metaflow's local runs in forks of a process that has imported Metaflow.

A task is what it always is: a process of its own, which loads the flow's file and runs Metaflow's
command `step`. Only the start of the interpreter and the import of Metaflow are saved: most of it.
"""

from __future__ import annotations

import json
import os
import select
import signal
import socket
import sys
import traceback
import types
from pathlib import Path
from typing import Any, NoReturn

import metaflow.runtime
from metaflow import tuple_util

_LARGEST_REQUEST = 1 << 20


def install() -> None:
    """Let the runs of this process, and of its forks, run their tasks in forks of it as it is."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    if os.fork() == 0:
        ours.close()
        _serve(theirs)
    theirs.close()

    class Task(_Task):
        server = ours

    kept = metaflow.runtime.subprocess
    metaflow.runtime.subprocess = types.SimpleNamespace(**vars(kept) | {"Popen": Task})  # type: ignore[assignment]


class _Task:
    """What Metaflow's runtime needs of `subprocess.Popen`."""

    server: socket.socket

    def __init__(self, words: list[str], env: dict[str, str], **_: Any) -> None:
        pipes = [os.pipe() for _ in range(3)]
        request = json.dumps([words, env, str(Path.cwd())]).encode()
        socket.send_fds(self.server, [request], [write for _, write in pipes])
        for _, write in pipes:
            os.close(write)
        self.stdout, self.stderr, self._answer = (os.fdopen(read, "rb") for read, _ in pipes)
        self.pid = int(self._answer.readline())
        self._status: int | None = None

    def poll(self) -> int | None:
        """The exit status, `None` while the task runs."""
        if self._status is None and select.select([self._answer], [], [], 0)[0]:
            self.wait()
        return self._status

    def wait(self) -> int:
        """The exit status, once the task has ended."""
        if self._status is None:
            self._status = int(self._answer.readline())
        return self._status

    def kill(self) -> None:
        """End the task."""
        os.kill(self.pid, signal.SIGKILL)


def _serve(requests: socket.socket) -> NoReturn:
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    while True:
        request, ends, _, _ = socket.recv_fds(requests, _LARGEST_REQUEST, 3)
        if not request:
            os._exit(0)
        if os.fork() == 0:
            requests.close()
            _watch(*json.loads(request), *ends)
        for end in ends:
            os.close(end)


def _watch(
    words: list[str], env: dict[str, str], folder: str, out: int, err: int, answer: int
) -> NoReturn:
    """Run a task in a fork, and tell its process's number and its exit status."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    task = os.fork()
    if task == 0:
        os.close(answer)
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        os.dup2(out, 1)
        os.dup2(err, 2)
        os.close(out)
        os.close(err)
        os.environ.clear()
        os.environ.update(env)
        os.chdir(folder)
        first = next(n for n, word in enumerate(words) if word.endswith(".py"))
        run_file(Path(words[first]), words[first + 1 :])
    os.close(out)
    os.close(err)
    os.write(answer, f"{task}\n".encode())
    _, status = os.waitpid(task, 0)
    os.write(answer, f"{os.waitstatus_to_exitcode(status)}\n".encode())
    os._exit(0)


def run_file(file: Path, words: list[str]) -> NoReturn:
    """Run a flow's file as its own process would, and end."""
    status = 1
    try:
        sys.argv = [str(file), *words]
        sys.path[0] = str(file.parent.resolve())
        module = types.ModuleType("__main__")
        module.__file__ = str(file)
        # Metaflow puts classes of its own there, as which they are pickled.
        module.__dict__.update(_classes_of_metaflow())
        sys.modules["__main__"] = module
        exec(compile(file.read_text(encoding="utf-8"), str(file), "exec"), module.__dict__)
        status = 0
    except SystemExit as end:
        status = int(bool(end.code))
    except BaseException:
        traceback.print_exc()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)


def _classes_of_metaflow() -> dict[str, Any]:
    made = vars(tuple_util).items()
    return {n: each for n, each in made if getattr(each, "__module__", "") == "__main__"}
