"""What a safe fix leaves as it was: the code, but for what safe fixes say they change."""

from __future__ import annotations

import ast
import warnings

_DOCUMENTED = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)


def compiles(text: str) -> bool:
    """Whether this Python compiles a text."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            compile(text, "flow.py", "exec", dont_inherit=True)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True


def meaning(text: str) -> str:
    """A text's syntax tree without what safe fixes may change.

    They move imports, add the guard, annotations in class bodies, `type=` of a parameter and the
    test mode, and reorder decorators. All else, docstrings too, stays.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        tree = ast.parse(text)
    docstrings = [ast.get_docstring(n) for n in ast.walk(tree) if isinstance(n, _DOCUMENTED)]
    for node in ast.walk(tree):
        for name in ("body", "orelse", "finalbody"):
            statements = getattr(node, name, None)
            if isinstance(statements, list):
                kept = [s for s in statements if not _may_move(s, node)]
                setattr(node, name, kept)
        if hasattr(node, "decorator_list"):
            node.decorator_list.sort(key=ast.dump)
        if isinstance(node, ast.Call):
            node.keywords = [k for k in node.keywords if k.arg != "type"]
    return f"{docstrings} {ast.dump(tree)}"


def _may_move(statement: ast.stmt, parent: ast.AST) -> bool:
    """Whether a statement is one that safe fixes move, add, or put below a guard."""
    if isinstance(statement, ast.Import | ast.ImportFrom | ast.Pass):
        return True
    if isinstance(parent, ast.Module):
        return _is_call(statement) or (
            isinstance(statement, ast.If)
            and "__name__" in ast.dump(statement.test)
            and all(_is_call(inner) for inner in statement.body)
        )
    if not isinstance(parent, ast.ClassDef):
        return False
    if isinstance(statement, ast.AnnAssign):
        return statement.value is None
    return (
        isinstance(statement, ast.Assign)
        and isinstance(statement.targets[0], ast.Name)
        and statement.targets[0].id == "test_mode"
    )


def _is_call(statement: ast.stmt) -> bool:
    """Whether a statement is a call without arguments, `ArxivTopics()`."""
    return (
        isinstance(statement, ast.Expr)
        and isinstance(statement.value, ast.Call)
        and not statement.value.args
        and not statement.value.keywords
    )
