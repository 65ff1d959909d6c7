"""What libFuzzer calls: an input is a file, for which `tests.corpus.properties` must hold."""

from __future__ import annotations

import hashlib
import importlib
import pkgutil
import random
import re
import sys
import traceback
from pathlib import Path
from tempfile import mkdtemp

import atheris

with atheris.instrument_imports(include=["lint_rules"]):
    import lint_rules

    # Most modules are imported late, when they are needed; uncounted then.
    for module in pkgutil.walk_packages(lint_rules.__path__, "lint_rules."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)

    from lint_rules.linter import Linter
    from lint_rules.registry import all_rules
    from tests.corpus.properties import problems_in

from tests.fuzz.mutator import mutated

FOUND = Path(".fuzz", "found")
FOLDER = Path(mkdtemp(prefix="fuzz"))
(FOLDER / ".git").mkdir()

_linter = Linter(all_rules())
_pool: list[bytes] = []


def one_input(content: bytes) -> None:
    """Checks an input, and keeps it where something does not hold."""
    global _linter
    name = "flow.ipynb" if content[:1] == b"{" else "flow.py"
    marked = content if b"metaflow" in content else content + b"\n# metaflow\n"
    try:
        for problem in problems_in(FOLDER / name, marked, _linter):
            if "Python reads it" not in problem:  # the limits of libcst's parser are not ours
                _keep(marked, re.sub(r"'[^']*'|\d+|`[^`]*`", "_", problem), problem)
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # a panic of libcst's parser is no `Exception`
        _linter = Linter(all_rules())
        frames = [
            f"{Path(f.filename).name}:{f.name}" for f in traceback.extract_tb(error.__traceback__)
        ]
        _keep(marked, f"{type(error).__name__} {frames[-3:]}", traceback.format_exc())


def _keep(content: bytes, kind: str, told: str) -> None:
    name = hashlib.sha256(kind.encode()).hexdigest()[:12]
    file = FOUND / f"{name}.py"
    if not file.exists() or len(file.read_bytes()) > len(content):
        file.write_bytes(content)
        (FOUND / f"{name}.txt").write_text(f"{told.strip().splitlines()[-1]}\n\n{told}")


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
