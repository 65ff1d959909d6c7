"""`python -m tests.corpus.lowerings [FOLDER…]`: both parsers give the same model of a file.

Reads every Python file below some folders (without any, of the standard library and of this
environment's packages) with libcst and with Python's own `ast`, and compares the two models: their
nodes, what these hold, and where they stand. libcst tells that in another way than it does for
files that both can read, by its `PositionProvider`. Compares comments and strings, too.
"""

from __future__ import annotations

import sys
import sysconfig
import time
import unicodedata
import warnings
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from pathlib import Path

from lint_rules.diagnostics.diagnostic import Diagnostic
from lint_rules.engine.sources import decoded
from lint_rules.model.code import Definition, Node
from lint_rules.model.scope import Scope
from lint_rules.syntax import comments, libcst_ranges
from lint_rules.syntax.errors import CannotRead
from lint_rules.syntax.read import LARGEST, read_with_ast, read_with_libcst


def differences(text: str) -> Iterator[str]:
    """What the two models of a text differ in, a line each; nothing for a text that one of the
    parsers cannot read."""
    try:
        module, lowered, tree = read_with_libcst(text, None)
    except CannotRead:
        return
    known = read_with_ast(text, None)
    if known is None:
        return
    expected, measured = known[0], known[1].made
    if len(measured) != len(lowered.made):
        yield "the models have different nodes"
        return
    libcst_ranges.fill_in_strings(lowered, tree, measured, known[1].text)
    libcst_ranges.fill_in(lowered, tree, text)
    for one, other in zip(measured, lowered.made, strict=True):
        if difference := _difference(one, other, text):
            yield difference
    yield from _different_parts(expected.scope, module.scope, "scope")
    yield from _different_parts(expected.body, module.body, "body")
    ours, theirs = comments.by_tokenize(text), comments.by_libcst(text)
    if tree.code == text and ours != theirs:
        yield f"the comments or strings differ: {ours} and {theirs}"


def _difference(one: Node, other: Node, text: str) -> str | None:
    if type(one) is not type(other):
        return f"a {type(one).__name__} is a {type(other).__name__}"
    if one.range != other.range or (
        isinstance(one, Definition)
        and isinstance(other, Definition)
        and one.name_start != other.name_start
    ):
        ours, theirs = text[one.start : one.end], text[other.start : other.end]
        return f"the {type(one).__name__} at {one.start} is {ours!r} and {theirs!r}"
    return None


def _different_parts(one: object, other: object, path: str) -> Iterator[str]:
    """What two models hold, node by node, without recursion."""
    waiting = [(one, other, path)]
    seen: set[int] = set()
    while waiting:
        one, other, path = waiting.pop()
        if type(one) is not type(other):
            yield f"{path} is {one!r} and {other!r}"
        elif isinstance(one, tuple | list) and isinstance(other, tuple | list):
            if len(one) != len(other):
                yield f"{path} has {len(one)} and {len(other)} items"
            pairs = enumerate(zip(one, other, strict=False))
            waiting += [(a, b, f"{path}[{index}]") for index, (a, b) in pairs]
        elif is_dataclass(one) or isinstance(one, Scope):
            if id(one) not in seen:
                seen.add(id(one))
                names = Scope.__slots__ if isinstance(one, Scope) else [f.name for f in fields(one)]
                waiting += [(getattr(one, n), getattr(other, n), f"{path}.{n}") for n in names]
        elif repr(one) != repr(other) and one != other:
            yield f"{path} is {one!r} and {other!r}"


def is_plain(text: str) -> bool:
    """Whether Python takes all names in a text as they are written (PEP 3131)."""
    return unicodedata.is_normalized("NFKC", text)


def main(folders: list[str]) -> int:
    """Prints what differs, and returns 1 if anything did."""
    warnings.simplefilter("ignore")
    given = folders or [sysconfig.get_path("purelib"), sysconfig.get_path("stdlib")]
    files = sorted({f for folder in given for f in Path(folder).rglob("*.py") if f.is_file()})
    begun, compared, wrong = time.monotonic(), 0, 0
    for file in files:
        source = decoded(file, b"# metaflow\n" + file.read_bytes())
        if isinstance(source, Diagnostic) or len(source.text) > LARGEST:
            continue
        compared += 1
        for difference in differences(source.text) if is_plain(source.text) else ():
            print(f"{file}: {difference}", flush=True)
            wrong += 1
    print(f"{compared} files in {time.monotonic() - begun:.0f} s, {wrong} differences")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
