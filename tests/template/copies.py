"""Runs programs in copies of processes that have imported already what the programs need.

To import it takes most of the time otherwise. A server is a module of this package that calls
`serve`. It reads tasks from standard input, a line of JSON each: `arguments`, `cwd`, `env`, and the
files `stdin`, `stdout` and `stderr`. It answers each with a line that holds the exit status.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

REPOSITORY = Path(__file__).parents[2]
_servers: dict[str, subprocess.Popen[str]] = {}


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
    process = _servers[server]
    with tempfile.TemporaryDirectory() as folder:
        files = {name: Path(folder, name) for name in ("stdin", "stdout", "stderr")}
        files["stdin"].write_text(stdin, encoding="utf-8", newline="")
        task = {"arguments": arguments, "cwd": str(cwd), "env": env}
        task |= {name: str(path) for name, path in files.items()}
        process.stdin.write(json.dumps(task) + "\n")
        process.stdin.flush()
        status = int(process.stdout.readline())
        output = [files[name].read_text(encoding="utf-8") for name in ("stdout", "stderr")]
    return subprocess.CompletedProcess([server, *arguments], status, *output)


def _started(server: str) -> subprocess.Popen[str]:
    # Python's own settings hold from its start on, and are not those of the tasks.
    env = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    return subprocess.Popen(
        [sys.executable, "-m", f"{__package__}.{server}"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        encoding="utf-8",
        cwd=REPOSITORY,
        env=env,
    )


def end_servers() -> None:
    """End all servers that were started."""
    while _servers:
        _servers.popitem()[1].communicate()


def serve(run: Callable[[list[str]], None]) -> None:
    """Run each task in a copy of this process, which ends as any other Python does afterwards."""
    for line in sys.stdin:
        child = os.fork()
        if not child:
            task = json.loads(line)
            _take_place(task)
            return run(task["arguments"])
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        print(status, flush=True)
    return None


def _take_place(task: dict) -> None:
    """Give this process the folder, the environment and the streams of a task."""
    os.chdir(task["cwd"])
    os.environ.clear()
    os.environ.update(task["env"])
    tempfile.tempdir = None  # it may be another one now
    writing = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
    for number, (name, flags) in enumerate(
        (("stdin", os.O_RDONLY), ("stdout", writing), ("stderr", writing))
    ):
        stream = os.open(task[name], flags)
        os.dup2(stream, number)
        os.close(stream)
    # What this process has read in advance is not the task's.
    sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115
