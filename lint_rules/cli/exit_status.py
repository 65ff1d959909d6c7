"""How a command ends: with Ruff's exit statuses, and with errors on standard error."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable
from traceback import extract_tb

from lint_rules.cli.streams import log
from lint_rules.errors import CannotRun

EXIT_CLEAN, EXIT_FINDINGS, EXIT_ERROR = 0, 1, 2
ISSUES = "https://github.com/org/template/issues"


def fail(message: str, entries: Iterable[str] = ()) -> int:
    """Prints why the command could not run, in one line, and a list below it.

    Returns:
        The exit status for that.
    """
    log("error", message, entries)
    return EXIT_ERROR


def fail_each(messages: Iterable[str]) -> int:
    """As `fail`, for several reasons, each in a line of its own."""
    for message in messages:
        log("error", message)
    return EXIT_ERROR


def guarded(command: Callable[[], int]) -> int:
    """Runs a command; whatever it raises becomes a sentence and an exit status.

    Returns:
        The command's status, or 2 if it raised something.
    """
    try:
        return command()
    except CannotRun as error:
        return fail(str(error), error.entries)
    except BrokenPipeError:
        # Whoever read the report has seen enough (`| head`).
        sys.stderr.close()
        return EXIT_ERROR
    except OSError as error:
        return fail(f"{_place(error)}: {error.strerror or error}.")
    except RecursionError as error:
        return fail(f"something nests too deeply to be read{_where(error)}.")
    except MemoryError:
        return fail("there is not enough memory. Check fewer or smaller files.")
    except KeyboardInterrupt:
        return fail("interrupted; files are as they were, or fixed as a whole.")
    except Exception as error:
        kind = type(error).__name__
        return fail(f"{kind}: {error}{_where(error)}. This is a bug; please report it: {ISSUES}")


def _place(error: OSError) -> str:
    place = error.filename
    if isinstance(place, bytes):
        return os.fsdecode(place)
    if place is None or isinstance(place, int):
        is_folder = isinstance(error, FileNotFoundError)
        return "the current folder" if is_folder else "standard output"
    return str(place)


def _where(error: BaseException) -> str:
    """The place in this package that raised an error."""
    frames = [frame for frame in extract_tb(error.__traceback__) if "lint_rules" in frame.filename]
    if not frames:
        return ""
    module = frames[-1].filename.rpartition("lint_rules")[2].strip(os.sep)
    return f" (lint_rules{os.sep}{module}:{frames[-1].lineno})"
