"""Uses of a module's names that no reference shows: in texts, in `__all__`, through `global`, by
code that looks names up while it runs, and in other files.

Every fix that takes a name out of a module, or moves it into functions, asks here first.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from lint_rules.analysis.takers import taken_elsewhere
from lint_rules.model.code import (
    Assignment,
    Constant,
    Expression,
    Function,
    Name,
    Statement,
)
from lint_rules.model.memoize import remembered
from lint_rules.model.module import Module

_LOOKS_UP = frozenset(
    "builtins." + name for name in "__import__ compile dir eval exec globals locals vars".split()
) | frozenset(
    {
        "importlib.import_module",
        "importlib.reload",
        "inspect.currentframe",
        "inspect.getclosurevars",
        "inspect.getmembers",
        "inspect.getsource",
        "inspect.stack",
        "sys._getframe",
        "sys.modules",
        "pkgutil.resolve_name",
        "runpy.run_module",
        "runpy.run_path",
    }
)
"""What may find a name of a module while it runs."""

_LOOKING = ("unittest.mock.", "mock.", "ast.", "code.", "timeit.", "doctest.")
_ATTRIBUTES = frozenset({"__code__", "__globals__", "__wrapped__"})

_MOST_CHARACTERS = 1_000
"""Texts that are longer are no annotations."""


def has_hidden_use(name: str, module: Module) -> bool:
    """Whether something names one of a module's names where no reference shows it: an annotation in
    a text, `__all__`, a function that declares it `global`, or another file."""
    if name in names_in_texts(module) or name in _declared_global(module):
        return True
    return name in names_of_postponed(module) or taken_elsewhere(name, module)


@remembered
def looks_names_up(module: Module) -> bool:
    """Whether code of a module may use any of its names: by `globals()`, `eval` and the like."""
    for reference in module.descendants.names:
        qualified = reference.qualified or ""
        if qualified in _LOOKS_UP or qualified.startswith(("sys.modules.", *_LOOKING)):
            return True
        if reference.name.rpartition(".")[2] in _ATTRIBUTES:
            return True
    if any(attribute.name in _ATTRIBUTES for attribute in module.descendants.attributes):
        return True
    # Any name of a module whose names are imported all at once may take the place of another.
    return any(star != "metaflow" for star in module.scope.stars)


@remembered
def names_in_texts(module: Module) -> frozenset[str]:
    """The names that texts of a module stand for: those in annotations and type expressions that
    are written as texts, and those of `__all__`."""
    found: set[str] = set()
    for expression in _annotations(module):
        for part in expression.walk():
            if isinstance(part, Constant) and part.text is not None:
                found |= _names_of(part.text)
    for statement in module.statements:
        if _is_all(statement):
            for expression in statement.expressions:
                found |= _texts(expression)
    for text in _all_texts(module):
        # `Optional["pd.DataFrame"]` outside of annotations, `TypeVar("T", bound="pd.DataFrame")`.
        if "." in text or "[" in text:
            found |= _names_of(text)
    return frozenset(found)


def _is_all(statement: Statement) -> bool:
    names = [part for e in statement.expressions for part in e.walk() if isinstance(part, Name)]
    return any(name.head == "__all__" for name in names)


def _texts(expression: Expression) -> set[str]:
    return {p.text for p in expression.walk() if isinstance(p, Constant) and p.text is not None}


def _names_of(text: str) -> frozenset[str]:
    """The names in a text that is an expression, such as `list[pd.DataFrame]`."""
    if len(text) > _MOST_CHARACTERS:
        return frozenset()
    try:
        tree = ast.parse(text.strip(), mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return frozenset()
    return frozenset(node.id for node in ast.walk(tree) if isinstance(node, ast.Name))


def _annotations(module: Module) -> Iterator[Expression]:
    """The annotations of functions, classes and the module, those of local variables too."""
    definitions = module.descendants.definitions
    for definition in definitions:
        if isinstance(definition, Function):
            yield from _of_function(definition)
    blocks = (module.statements, *(definition.statements for definition in definitions))
    for statement in (statement for block in blocks for statement in block):
        if isinstance(statement, Assignment) and statement.annotation is not None:
            yield statement.annotation


def _of_function(function: Function) -> Iterator[Expression]:
    for parameter in function.parameters:
        if parameter.annotation is not None:
            yield parameter.annotation
    if function.returns is not None:
        yield function.returns


@remembered
def _all_texts(module: Module) -> frozenset[str]:
    """The texts that calls and subscripts anywhere in a module are given, and its assignments."""
    found: set[str] = set()
    definitions = module.descendants.definitions
    for block in (module.statements, *(definition.statements for definition in definitions)):
        for statement in block:
            for expression in statement.expressions:
                found |= _texts(expression)
    return frozenset(found)


@remembered
def names_of_postponed(module: Module) -> frozenset[str]:
    """The names in the annotations of functions inside of functions, where `from __future__ import
    annotations` leaves them to whoever asks: that looks in the module alone."""
    if module.scope.imports.get("annotations") != "__future__.annotations":
        return frozenset()
    return frozenset(
        part.head
        for expression in _annotations(module)
        for part in expression.walk()
        if isinstance(part, Name)
    )


@remembered
def _declared_global(module: Module) -> frozenset[str]:
    """The names that functions of a module declare `global`."""
    return frozenset(
        name for definition in module.descendants.definitions for name in definition.scope.globals
    )
