"""`metaflow-lint`, and `python -m lint_rules`."""

import os
import sys
from typing import NoReturn

from lint_rules.cli.app import main
from lint_rules.cli.exit_status import EXIT_ERROR, fail


def run() -> NoReturn:
    """Runs the command line, and ends the process.

    Python would first take all trees and models apart, which takes a tenth of a long run.
    """
    status = main()
    try:
        for stream in (sys.stdout, sys.stderr):
            if not stream.closed:
                stream.flush()
    except BrokenPipeError:
        status = EXIT_ERROR
    except OSError as error:
        status = fail(f"standard output: {error.strerror}.")
    os._exit(status)


if __name__ == "__main__":
    run()
