"""Layouts that end: what is large is laid out by a process of its own, within limits.

Graphviz takes unforeseeable time and memory for some graphs, and ends the process with a failed
assertion for a few. Its native code cannot be interrupted.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from lint_rules.diagrams import layout
from lint_rules.diagrams.layout import Box, Line, Placed
from lint_rules.errors import CannotRun

FEW_BOXES, FEW_LINES = 200, 100
"""What takes Graphviz less than a second, whatever it looks like."""

MOST_BOXES, MOST_LINES = 10_000, 10_000
MOST_SECONDS = 7
MOST_BYTES = 1 << 30

_CHILD = (
    "import sys; sys.path.append(sys.argv[1]); "
    "from lint_rules.diagrams.bounded_layout import answer; answer()"
)
_PACKAGES = str(Path(__file__).parents[2])


class TooLarge(CannotRun):
    """A drawing is too large to lay out; the message says how large, and what to do."""


def place(boxes: Sequence[Box], lines: Sequence[Line], *, across: bool) -> Placed:
    """As `layout.place`, within limits of time and memory.

    Raises:
        MissingLibrary: pygraphviz is not installed.
        TooLarge: the layout takes more than is allowed.
    """
    if len(boxes) <= FEW_BOXES and len(lines) <= FEW_LINES:
        return layout.place(boxes, lines, across=across)
    layout.library()
    if len(boxes) > MOST_BOXES or len(lines) > MOST_LINES:
        raise _too_large(boxes, lines, f"at most {MOST_BOXES} and {MOST_LINES} can be laid out")
    question = json.dumps([[asdict(b) for b in boxes], [asdict(n) for n in lines], across])
    try:
        # The process finds the package where this one did, and nothing of the current folder.
        done = subprocess.run(  # noqa: S603 - no part of it comes from outside
            [sys.executable, "-I", "-c", _CHILD, _PACKAGES],
            input=question,
            capture_output=True,
            text=True,
            timeout=MOST_SECONDS,
            check=True,
        )
    except subprocess.TimeoutExpired as error:
        why = f"Graphviz does not finish within {MOST_SECONDS} seconds"
        raise _too_large(boxes, lines, why) from error
    except subprocess.CalledProcessError as error:
        raise _too_large(boxes, lines, "Graphviz fails to lay them out") from error
    width, height, middles, curves, groups = json.loads(done.stdout)
    return Placed(
        width,
        height,
        {box: (x, y) for box, (x, y) in middles.items()},
        [
            ([(x, y) for x, y in points], (*beside,) if beside else None)
            for points, beside in curves
        ],
        {int(group): (*around,) for group, around in groups.items()},
    )


def answer() -> None:
    """Lays out what stands on standard input; the other process's side of `place`."""
    _limit_memory()
    boxes, lines, across = json.load(sys.stdin)
    placed = layout.place([Box(**b) for b in boxes], [Line(**n) for n in lines], across=across)
    found = (placed.width, placed.height, placed.boxes, placed.lines, placed.groups)
    json.dump(found, sys.stdout)


def _limit_memory() -> None:
    try:
        import resource
    except ImportError:  # Windows has no such limits
        return
    resource.setrlimit(resource.RLIMIT_AS, (MOST_BYTES, MOST_BYTES))


def _too_large(boxes: Sequence[Box], lines: Sequence[Line], why: str) -> TooLarge:
    return TooLarge(
        f"the drawing has {len(boxes)} boxes and {len(lines)} lines, and {why}. Draw fewer flows "
        "(name their files, or one with --flow), or take the format mermaid, dot or json."
    )
