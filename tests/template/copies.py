"""Runs programs in copies of processes that have imported already what the programs need.

To import it takes most of the time otherwise. A server is a module of this package that calls
`serve`. It listens on a socket, at which `asking.py` asks for a program. It ends when its standard
input does.
"""

import marshal
import os
import select
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from .asking import ask

REPOSITORY = Path(__file__).parents[2]
_servers: dict[str, "_Server"] = {}


@dataclass(frozen=True)
class _Server:
    process: subprocess.Popen[str]
    folder: tempfile.TemporaryDirectory
    socket: str


def run_in_copy(
    server: str, arguments: list[str], cwd: Path, env: dict[str, str], stdin: str = ""
) -> subprocess.CompletedProcess[str]:
    """Run a program in a copy of a server, which is started for the first of them.

    Args:
        server: The name of the server's module in this package.
        arguments: The program's arguments.
        cwd: The folder that it runs in.
        env: All of its environment variables.
        stdin: What it finds on standard input.
    """
    if server not in _servers:
        _servers[server] = _started(server)
    with (
        tempfile.TemporaryFile() as given,
        tempfile.TemporaryFile() as stdout,
        tempfile.TemporaryFile() as stderr,
    ):
        given.write(stdin.encode())
        given.seek(0)
        streams = (given.fileno(), stdout.fileno(), stderr.fileno())
        status = ask(_servers[server].socket, arguments, str(cwd), env, streams)
        output = []
        for file in (stdout, stderr):
            file.seek(0)
            output.append(file.read().decode())
    return subprocess.CompletedProcess([server, *arguments], status, *output)


def _started(server: str) -> _Server:
    # Python's own settings hold from its start on, and are not those of the tasks.
    env = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    folder = tempfile.TemporaryDirectory()
    place = str(Path(folder.name, "socket"))
    process = subprocess.Popen(
        [sys.executable, "-m", f"{__package__}.{server}", place],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        encoding="utf-8",
        cwd=REPOSITORY,
        env=env,
    )
    assert process.stdout.readline() == "ready\n"
    return _Server(process, folder, place)


def end_servers() -> None:
    """End all servers that were started."""
    while _servers:
        server = _servers.popitem()[1]
        server.process.communicate()
        server.folder.cleanup()


class _Copies:
    """The copies that run, and who waits for each of them."""

    def __init__(self) -> None:
        self.waiting: dict[int, socket.socket] = {}
        self.ended, wake = os.pipe()
        for end in (self.ended, wake):
            os.set_blocking(end, False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(wake, warn_on_full_buffer=False)

    def tell_ends(self) -> None:
        """Tell those who wait for copies that have ended."""
        os.read(self.ended, 1000)
        while self.waiting:
            copy, status = os.waitpid(-1, os.WNOHANG)
            if not copy:
                return
            with self.waiting.pop(copy) as connection:
                connection.sendall(str(os.waitstatus_to_exitcode(status)).encode())

    def kill_forgotten(self, closed: list) -> None:
        """Kill the copies for which nobody waits any more: who did so was killed."""
        for copy, connection in [*self.waiting.items()]:
            if connection in closed:
                os.kill(copy, signal.SIGKILL)
                os.waitpid(copy, 0)
                self.waiting.pop(copy).close()

    def forget(self) -> None:
        """Leave nothing of this object in a copy."""
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        os.close(self.ended)
        for connection in self.waiting.values():
            connection.close()


def serve(run: Callable[[list[str]], None]) -> None:
    """Run each task in a copy of this process, which ends as any other Python does afterwards."""
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(sys.argv[1])
    listener.listen(100)
    copies = _Copies()
    print("ready", flush=True)
    while True:
        sources = [sys.stdin, listener, copies.ended, *copies.waiting.values()]
        ready = select.select(sources, [], [])[0]
        if sys.stdin in ready:
            return None
        if copies.ended in ready:
            copies.tell_ends()
        elif listener not in ready:
            copies.kill_forgotten(ready)
        else:
            connection = listener.accept()[0]
            arguments, cwd, env, streams = _received(connection)
            if not (copy := os.fork()):
                for each in (listener, connection):
                    each.close()
                copies.forget()
                _take_place(cwd, env, streams)
                return run(arguments)
            copies.waiting[copy] = connection
            for stream in streams:
                os.close(stream)


def _received(connection: socket.socket) -> tuple[list[str], str, dict[str, str], list[int]]:
    """Receive what `ask` sends."""
    length, streams, _, _ = socket.recv_fds(connection, 8, 3)
    with connection.makefile("rb") as file:
        task = marshal.loads(file.read(int.from_bytes(length, "big")))
    return (*task, streams)


def _take_place(cwd: str, env: dict[str, str], streams: list[int]) -> None:
    """Give this process the folder, the environment and the streams of a task."""
    os.chdir(cwd)
    os.environ.clear()
    os.environ.update(env)
    tempfile.tempdir = None  # it may be another one now
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
        os.close(stream)
    # What this process has read in advance is not the task's.
    sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115
