"""`python -m tests.agreement.forked`: runs commands of flows in forks of a process with Metaflow.

Each line of the input is JSON: a flow's file and a command's words. The answer is a line with the
exit status and what the command wrote. A fork takes a tenth of the time of a new process.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

from tests.agreement import forked_tasks


def main() -> None:
    """Answer requests until the input ends."""
    forked_tasks.install()
    for line in sys.stdin:
        file, words = json.loads(line)
        read, write = os.pipe()
        child = os.fork()
        if child == 0:
            os.dup2(write, 1)
            os.dup2(write, 2)
            os.close(write)
            os.chdir(Path(file).parent)
            forked_tasks.run_file(Path(file), words)
        os.close(write)
        with os.fdopen(read, errors="replace") as pipe:
            output = pipe.read()
        _, status = os.waitpid(child, 0)
        print(json.dumps([os.waitstatus_to_exitcode(status), output]), flush=True)


if __name__ == "__main__":
    main()
