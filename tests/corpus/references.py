"""`python -m tests.corpus.references [FOLDER…]`: which names code takes from its module, compared
with Python's own `symtable`, on the standard library or the files in folders."""

from __future__ import annotations

import os
import symtable
import sys
from bisect import bisect_right
from collections.abc import Callable, Iterator
from pathlib import Path

from lint_rules.analysis.imports import ImportResolver
from lint_rules.model.code import Definition
from lint_rules.model.module import Module
from lint_rules.syntax.read import read_with_ast

STANDARD_LIBRARY = Path(os.__file__).parent


def differences(text: str) -> Iterator[str]:
    """What the model and `symtable` disagree on: for each function and class of a text, the names
    that it, or what it contains, takes from the module or from Python."""
    try:
        table = symtable.symtable(text, "text", "exec")
    except (SyntaxError, ValueError):
        return
    read = read_with_ast(text, None)
    if read is None:
        return
    module = Module(*read[0], ImportResolver(), text)
    if module.scope.imports.get("annotations") == "__future__.annotations":
        return
    lines = _line_of_each(module)
    tables = {(t.get_name(), t.get_lineno()): t for t in _below(table)}
    for definition in module.descendants.definitions:
        # From Python 3.8 on, `symtable` has the line of `def`, or of its first decorator.
        starts = (definition.start, *(d.start for d in definition.decorators[:1]))
        found = [tables.get((definition.name, lines(start))) for start in starts]
        block = next((one for one in found if one is not None), None)
        # `symtable` takes a function called `top` for the module.
        if block is None or _has_function_top(block):
            continue
        theirs, ours = set(_globals(block)), set(_taken(definition, module))
        if theirs != ours:
            yield f"{definition.name}: {sorted(theirs ^ ours)}"


def _line_of_each(module: Module) -> Callable[[int], int]:
    starts = [0]
    for line in module.code.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    return lambda offset: bisect_right(starts, offset)


def _below(table: symtable.SymbolTable) -> Iterator[symtable.SymbolTable]:
    for child in table.get_children():
        yield child
        yield from _below(child)


def _has_function_top(table: symtable.SymbolTable) -> bool:
    return any(one.get_name() == "top" for one in (table, *_below(table)))


def _globals(table: symtable.SymbolTable) -> Iterator[str]:
    for symbol in table.get_symbols():
        name = symbol.get_name()
        is_taken = symbol.is_global() and symbol.is_referenced()
        if is_taken and not _is_private(name):
            yield name
    for child in table.get_children():
        yield from _globals(child)


def _taken(definition: Definition, module: Module) -> Iterator[str]:
    for reference in definition.descendants.names:
        name = reference.head
        is_read = reference.context == "load" or "." in reference.name
        owner = reference.scope.owner(name)
        if is_read and (owner is None or owner is module.scope) and not _is_private(name):
            yield name


def _is_private(name: str) -> bool:
    """Whether the name is another one in a class (`__name`), or Python's own (`__class__`)."""
    return "__" in name


def main(folders: list[str]) -> int:
    """Compare all files, print the differences, and count them."""
    count = files = 0
    for folder in [Path(folder) for folder in folders] or [STANDARD_LIBRARY]:
        for path in sorted(folder.rglob("*.py")):
            try:
                text = path.read_text(encoding="utf-8")
            except (OSError, UnicodeDecodeError):
                continue
            files += 1
            for difference in differences(text):
                count += 1
                print(f"{path}: {difference}")
    print(f"{files} files, {count} differences")
    return min(count, 1)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
