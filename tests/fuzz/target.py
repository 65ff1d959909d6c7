"""What libFuzzer calls: an input is a file, for which `tests.corpus.properties` must hold, or a
repository, on which commands are run (`tests.fuzz.repository`)."""

from __future__ import annotations

import hashlib
import importlib
import pkgutil
import random
import re
import sys
import traceback
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from tempfile import mkdtemp

import atheris

with atheris.instrument_imports(include=["lint_rules"]):
    import lint_rules

    # Most modules are imported late, when they are needed; uncounted then.
    for module in pkgutil.walk_packages(lint_rules.__path__, "lint_rules."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)

    from lint_rules.engine.linter import Linter
    from lint_rules.engine.registry import all_rules
    from tests.corpus.properties import problems_in

from tests.fuzz.mutator import mutated
from tests.fuzz.repository import MARK, problems_of

FOUND = Path(".fuzz", "found")
FOLDER = Path(mkdtemp(prefix="fuzz"))
(FOLDER / ".git").mkdir()

_linter = Linter(all_rules())
_numbers = count()
_pool: list[bytes] = []


def one_input(content: bytes) -> None:
    """Checks an input, and keeps it where something does not hold."""
    global _linter
    marked = content if b"metaflow" in content else content + b"\n# metaflow\n"
    try:
        for problem in _problems(marked):
            if "Python reads it" not in problem:  # the limits of libcst's parser are not ours
                _keep(marked, re.sub(r"'[^']*'|\d+|`[^`]*`", "_", problem)[:200], problem)
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # a panic of libcst's parser is no `Exception`
        _linter = Linter(all_rules())
        frames = [
            f"{Path(f.filename).name}:{f.name}" for f in traceback.extract_tb(error.__traceback__)
        ]
        _keep(marked, f"{type(error).__name__} {frames[-3:]}", traceback.format_exc())


def _problems(content: bytes) -> Iterator[str]:
    if content.startswith(MARK):
        choice = int.from_bytes(hashlib.sha256(content).digest()[:2])
        return problems_of(content, FOLDER / str(next(_numbers)), choice)
    name = "flow.ipynb" if content[:1] == b"{" else "flow.py"
    return problems_in(FOLDER / name, content, _linter)


def _keep(content: bytes, kind: str, message: str) -> None:
    name = hashlib.sha256(kind.encode()).hexdigest()[:12]
    file = FOUND / f"{name}.py"
    if not file.exists() or len(file.read_bytes()) > len(content):
        file.write_bytes(content)
        (FOUND / f"{name}.txt").write_text(f"{message.strip().splitlines()[-1]}\n\n{message}")


def mutate(content: bytes, limit: int, seed: int) -> bytes:
    """libFuzzer's own changes one time in four, those of `mutator` otherwise."""
    dice = random.Random(seed)
    if len(_pool) < 2000:
        _pool.append(content)
    else:
        _pool[dice.randrange(2000)] = content
    if dice.random() < 0.25:
        return bytes(atheris.Mutate(content, limit))
    return mutated(content, limit, dice, _pool)


if __name__ == "__main__":
    atheris.Setup(sys.argv, one_input, custom_mutator=mutate)
    atheris.Fuzz()
