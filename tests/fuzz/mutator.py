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


def mutated(content: bytes, limit: int, dice: random.Random, pool: list[bytes]) -> bytes:
    """A file with some lines and tokens changed.

    Args:
        content: the file.
        limit: how many bytes the result may have.
        dice: where the chance comes from.
        pool: other files, from which lines are taken.
    """
    lines = content.decode("utf-8", "surrogateescape").splitlines(keepends=True) or [""]
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
    *(_drop, _repeat, _swap, _splice, _splice, _reindent, _put, _put, _put, _join, _rename)
]
