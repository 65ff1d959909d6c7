"""`python -m tests.agreement.forked`: runs commands of flows in forks of a process with Metaflow.

Each line of the input is JSON: a flow's file and a command's words. The answer is a line with the
exit status and what the command wrote. A fork takes a tenth of the time of a new process.
"""

from __future__ import annotations

import json
import os
import sys
import traceback
import types
from pathlib import Path
from typing import NoReturn

import metaflow  # noqa: F401  (so that the forks have it)


def main() -> None:
    """Answer requests until the input ends."""
    for line in sys.stdin:
        file, words = json.loads(line)
        read, write = os.pipe()
        child = os.fork()
        if child == 0:
            os.dup2(write, 1)
            os.dup2(write, 2)
            _run(Path(file), words)
        os.close(write)
        with os.fdopen(read, errors="replace") as pipe:
            output = pipe.read()
        _, status = os.waitpid(child, 0)
        print(json.dumps([os.waitstatus_to_exitcode(status), output]), flush=True)


def _run(file: Path, words: list[str]) -> NoReturn:
    """Run a flow's file as its own process would, and end."""
    status = 1
    try:
        os.chdir(file.parent)
        sys.argv = [str(file), *words]
        sys.path[0] = str(file.parent)
        module = types.ModuleType("__main__")
        module.__file__ = str(file)
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


if __name__ == "__main__":
    main()
