"""Changes that keep a flow much like Python: bytes alone rarely get past the parser."""

from __future__ import annotations

import random
from collections.abc import Callable

PIECES = [
    *(
        "\t",
        "\f",
        "\ufeff",
        "\\\n",
        ";",
        "\r",
        "\r\n",
        "\0",
        "\x1b[31m",
        "\u2028",
        "é",
        "数据",
        "🛰",
    ),
    *("# noqa", "# noqa: MF101", "# metaflow-lint: noqa", "# fmt: skip", "# type: ignore"),
    *(
        "@step\n",
        "@project(name='p')\n",
        "@retry\n",
        "@card(type='blank')\n",
        "@trigger(event='e')\n",
    ),
    *("self.next(self.end)", "self.next(self.a, self.b)", "self.next(self.a, foreach='xs')"),
    *("self.next({'x': self.a}, condition='kind')", "self.merge_artifacts(inputs)", "inputs[0].x"),
    *("self.x: int = 1", "self.x, (self.y, *self.z) = f()", "self.x += 1", "(self.x := 1)"),
    *("import numpy as np\n", "from metaflow import *\n", "from . import a\n", "import os, sys\n"),
    *(
        "from metaflow import (  # a\n    FlowSpec,\n    step,\n)\n",
        "import metaflow as mf; x = 1\n",
    ),
    *(
        "with (open(a) as f, open(b)): pass\n",
        "match x:\n    case [1, *_]: pass\n",
        "async def f(): pass\n",
    ),
    *(
        "f'{x!r:>{w}} {{}} {f\"{y}\"}'",
        "rf'''\n{x}\n'''",
        "type X[T] = list[T]\n",
        "lambda *a, k=1, **b: a",
    ),
    *("test_mode = Parameter('test-mode', default=lambda _: not current.is_production)\n",),
    *(
        "if __name__ == '__main__':\n    X()\n",
        "try: pass\nexcept* E: pass\n",
        "def f[T](x: T, /, *, y): ...\n",
    ),
    *("namespace(None)\n", "ArgoEvent('e').publish()\n", "Flow('X').latest_run", "'''doc'''\n"),
]
"""What is put in: decorations of layout, and sentences that rules listen to."""


BEGIN = "#=== "
"""What a line begins with that begins a file; see `tests.fuzz.repository`."""

PATHS = [
    *("flows/flow.py", "flows/other.py", "flow.py", "src/p/__init__.py", "src/p/base.py"),
    *("p/__init__.py", "tests/test_flow.py", "pyproject.toml", "metaflow-lint.toml", ".gitignore"),
    *("requirements.txt", "setup.py", "README.md", "runs.ipynb", "p/pyproject.toml", "base.pyi"),
]


def mutated(content: bytes, limit: int, dice: random.Random, pool: list[bytes]) -> bytes:
    """A file with some lines and tokens changed.

    Args:
        content: the file.
        limit: how many bytes the result may have.
        dice: where the chance comes from.
        pool: other files, from which lines are taken.
    """
    lines = content.decode("utf-8", "surrogateescape").splitlines(keepends=True) or [""]
    if dice.random() < 0.05 and lines[0][:5] != BEGIN:
        other = dice.choice(pool).decode("utf-8", "replace") if pool else ""
        lines[:0] = [*other.splitlines(keepends=True), "\n", f"{BEGIN}{dice.choice(PATHS)}\n"]
        if lines[0][:5] != BEGIN:
            lines[:0] = [f"{BEGIN}{dice.choice(PATHS)}\n"]
    for _ in range(dice.choice((1, 1, 1, 2, 3, 5))):
        dice.choice(_CHANGES)(lines, dice, pool)
        lines = lines or [""]
    text = "".join(lines)
    if dice.random() < 0.05:
        text = text.replace("\r\n", "\n").replace("\n", dice.choice(("\r\n", "\r", "\n\f", "\n\n")))
    return text.encode("utf-8", "surrogateescape")[:limit]


def _drop(lines: list[str], dice: random.Random, _: list[bytes]) -> None:
    start = dice.randrange(len(lines))
    del lines[start : start + dice.choice((1, 1, 2, 8))]


def _repeat(lines: list[str], dice: random.Random, _: list[bytes]) -> None:
    start = dice.randrange(len(lines))
    block = lines[start : start + dice.choice((1, 2, 6, 20))]
    at = dice.randrange(len(lines) + 1)
    lines[at:at] = block


def _swap(lines: list[str], dice: random.Random, _: list[bytes]) -> None:
    a, b = dice.randrange(len(lines)), dice.randrange(len(lines))
    lines[a], lines[b] = lines[b], lines[a]


def _splice(lines: list[str], dice: random.Random, pool: list[bytes]) -> None:
    if pool:
        other = dice.choice(pool).decode("utf-8", "replace").splitlines(keepends=True) or [""]
        start = dice.randrange(len(other))
        at = dice.randrange(len(lines) + 1)
        lines[at:at] = other[start : start + dice.choice((1, 3, 10, 40))]


def _block(lines: list[str], dice: random.Random) -> tuple[int, int]:
    """A statement somewhere, with its decorators and all that is indented below it."""
    start = dice.randrange(len(lines))
    depth = _depth(lines[start])
    end = start + 1
    while end < len(lines) and (not lines[end].strip() or _depth(lines[end]) > depth):
        end += 1
    if lines[start].lstrip().startswith("@"):
        following = next((n for n in range(start, len(lines)) if "def " in lines[n]), start)
        while end <= following or (end < len(lines) and _depth(lines[end]) > depth):
            end += 1
    return start, end


def _depth(line: str) -> int:
    return len(line) - len(line.lstrip(" \t"))


def _statement_gone(lines: list[str], dice: random.Random, _: list[bytes]) -> None:
    start, end = _block(lines, dice)
    lines[start:end] = [f"{' ' * _depth(lines[start])}pass\n"] if dice.random() < 0.3 else []


def _statement_elsewhere(lines: list[str], dice: random.Random, _: list[bytes]) -> None:
    """Moves or repeats a statement, at the depth of where it comes to stand."""
    start, end = _block(lines, dice)
    block = lines[start:end]
    if dice.random() < 0.5:
        del lines[start:end]
    _put_statement(lines, block, dice)


def _statement_of_another(lines: list[str], dice: random.Random, pool: list[bytes]) -> None:
    if pool:
        other = dice.choice(pool).decode("utf-8", "replace").splitlines(keepends=True) or [""]
        start, end = _block(other, dice)
        _put_statement(lines, other[start:end], dice)


def _put_statement(lines: list[str], block: list[str], dice: random.Random) -> None:
    at = dice.randrange(len(lines) + 1)
    old = _depth(block[0])
    new = lines[at][: _depth(lines[at])] if at < len(lines) else ""
    lines[at:at] = [new + line[min(old, _depth(line)) :] for line in block]


def _statements_swapped(lines: list[str], dice: random.Random, _: list[bytes]) -> None:
    """Two neighbours change places: steps, decorators, statements."""
    start, end = _block(lines, dice)
    if end < len(lines):
        after = end + 1
        while after < len(lines) and _depth(lines[after]) > _depth(lines[end]):
            after += 1
        lines[start:after] = lines[end:after] + lines[start:end]


def _reindent(lines: list[str], dice: random.Random, _: list[bytes]) -> None:
    start = dice.randrange(len(lines))
    kind = dice.choice(("    ", "\t", " ", "  \t", "\f"))
    for row in range(start, min(len(lines), start + dice.choice((1, 1, 5, 30)))):
        stripped = lines[row].lstrip(" \t")
        lines[row] = dice.choice((kind + lines[row], stripped, kind + stripped))


def _put(lines: list[str], dice: random.Random, _: list[bytes]) -> None:
    row = dice.randrange(len(lines))
    line, piece = lines[row], dice.choice(PIECES)
    at = dice.choice((0, len(line) - len(line.lstrip()), dice.randrange(len(line) + 1), len(line)))
    lines[row] = line[:at] + piece + line[at:]


def _join(lines: list[str], dice: random.Random, _: list[bytes]) -> None:
    row = dice.randrange(len(lines))
    lines[row] = lines[row].rstrip("\r\n") + dice.choice(("; ", " ", " \\\n", "  # c\n", "\n\n\n"))


def _rename(lines: list[str], dice: random.Random, _: list[bytes]) -> None:
    words = [w for line in lines for w in line.replace("(", " ").replace(".", " ").split()]
    names = [w for w in words if w.isidentifier()]
    if names:
        old, new = dice.choice(names), dice.choice(names)
        row = dice.randrange(len(lines))
        scope = range(len(lines)) if dice.random() < 0.3 else [row]
        for index in scope:
            lines[index] = lines[index].replace(old, new)


_CHANGES: list[Callable[[list[str], random.Random, list[bytes]], None]] = [
    *(_drop, _repeat, _swap, _splice, _reindent, _put, _put, _put, _join, _rename),
    *(_statement_gone, _statement_elsewhere, _statement_elsewhere, _statements_swapped),
    *(_statement_of_another, _statement_of_another),
]
