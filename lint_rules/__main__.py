"""`metaflow-lint`, and `python -m lint_rules`."""

import sys
from os import _exit, path

# `python -m` and an empty part of `PYTHONPATH` put the current folder on the import path. It may
# be a stranger's checkout, whose modules must not be imported instead of Python's own.
try:
    _here = path.realpath("")
except FileNotFoundError:
    _here = ""
sys.path[:] = [entry for entry in sys.path if entry and path.realpath(entry) != _here]

from typing import NoReturn  # noqa: E402

from lint_rules.cli.app import main  # noqa: E402
from lint_rules.cli.exit_status import guarded  # noqa: E402


def run() -> NoReturn:
    """Runs the command line, and ends the process.

    Python would first take all trees and models apart, which takes a tenth of a long run.
    """
    status = main()
    # A report that could not be written whole is none.
    _exit(guarded(_flush) or status)


def _flush() -> int:
    for stream in (sys.stdout, sys.stderr):
        if not stream.closed:
            stream.flush()
    return 0


if __name__ == "__main__":
    run()
