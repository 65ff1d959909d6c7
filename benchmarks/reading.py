"""`python -m benchmarks.reading [FOLDER…]`: what it costs to read a file, by the way it is read.

Processor time for a million characters of the Python files below some folders (without any, of
Metaflow), for each way to come to a model whose nodes have ranges.
"""

from __future__ import annotations

import gc
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import libcst as cst
import metaflow

from lint_rules.syntax import libcst_ranges
from lint_rules.syntax.read import look_up, read, read_with_ast, read_with_libcst

MOST_CHARACTERS = 1_000_000


def main(folders: list[str]) -> None:
    """Prints a table."""
    texts = list(_texts([Path(f) for f in folders] or [Path(metaflow.__file__).parent]))
    characters = sum(map(len, texts))
    gc.disable()
    print(f"{len(texts)} files, {characters:,} characters\n\n| way | ms per million |\n|---|---:|")
    for name, way in _WAYS.items():
        begun = time.process_time()
        for text in texts:
            way(text)
        taken = time.process_time() - begun
        print(f"| {name} | {1e9 * taken / characters:,.0f} |", flush=True)


def _texts(folders: list[Path]) -> Iterator[str]:
    left = MOST_CHARACTERS
    for file in sorted(file for folder in folders for file in folder.rglob("*.py")):
        text = file.read_text(encoding="utf-8", errors="replace")
        if left > 0 and "_vendor" not in file.parts:
            left -= len(text)
            yield text


def _with_position_provider(text: str) -> object:
    module, lowered, tree = read_with_libcst(text, None)
    libcst_ranges.fill_in(lowered, tree, text)
    return module


_WAYS: dict[str, Callable[[str], object]] = {
    "libcst's parser alone": cst.parse_module,
    "libcst, its `PositionProvider`": _with_position_provider,
    "libcst and `ast` (files that are checked)": lambda text: read(text, None),
    "`ast` and its lowering alone": lambda text: read_with_ast(text, None),
    "`ast` (files that are looked up)": lambda text: look_up(text, None),
}


if __name__ == "__main__":
    main(sys.argv[1:])
