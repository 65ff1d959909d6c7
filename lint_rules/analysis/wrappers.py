"""Functions that decorators of the repository put in a step's place."""

from __future__ import annotations

from dataclasses import dataclass

from lint_rules.model.code import (
    Constant,
    Decorator,
    Function,
    FunctionParameter,
    Lambda,
    Name,
    Return,
)
from lint_rules.model.module import Module

_KEEPING = frozenset({"wraps", "update_wrapper", "__wrapped__", "decorator", "wrapt"})
"""Names by which a decorator may let its function look like the one that it wraps."""


@dataclass(frozen=True, eq=False)
class Wrapper:
    """A function that takes the place of a decorated one, and does not look like it.

    Attributes:
        decorator: the function that is the decorator.
        module: the file in which it stands.
        given: the name under which it gets the decorated function.
        inner: what it returns.
    """

    decorator: Function
    module: Module
    given: str
    inner: Function | Lambda

    @property
    def takes_self(self) -> bool:
        """Whether it names its first argument."""
        return bool(_named(self.inner))


def wrapper_of(decorator: Decorator, module: Module) -> Wrapper | None:
    """The function that a decorator of the repository returns in place of what it decorates.

    `None` unless it certainly returns a function of its own that does not look like the other.
    """
    found = _definition(decorator, module)
    if found is None:
        return None
    where, function = found
    if function.decorators or function.is_async or _mentions(function):
        return None
    applied = function if decorator.call is None else _returned(function)
    if not isinstance(applied, Function) or not _named(applied):
        return None
    inner = _returned(applied)
    if inner is None or inner is applied:
        return None
    if isinstance(inner, Function) and (inner.decorators or _goes_on(inner)):
        return None
    return Wrapper(function, where, _named(applied)[0].name, inner)


def _definition(decorator: Decorator, module: Module) -> tuple[Module, Function] | None:
    """The function of the repository that a decorator is."""
    written = decorator.call.function if decorator.call else decorator.value
    if not isinstance(written, Name):
        return None
    if written.qualified is not None:
        found = module.resolver.definition(written.qualified)
        if found is None:
            return None
        where, definition = found
        same = [d for d in where.definitions if d.name == definition.name]
        if isinstance(definition, Function) and len(same) == 1:
            return where, definition
        return None
    if written.scope.owner(written.name) is not module.scope:
        return None
    named = [d for d in module.definitions if d.name == written.name]
    assigned = written.name in module.constants
    if len(named) == 1 and isinstance(named[0], Function) and not assigned:
        return module, named[0]
    return None


def _mentions(function: Function) -> bool:
    """Whether the code of a decorator may make its function look like another."""
    for reference in function.descendants.names:
        names = {*reference.name.split("."), *(reference.qualified or "").split(".")}
        if names & _KEEPING:
            return True
    texts = (a.value for call in function.descendants.calls for a in call.arguments)
    return any(isinstance(value, Constant) and value.text in _KEEPING for value in texts)


def _returned(function: Function) -> Function | Lambda | None:
    """The one inner function, or lambda, that a function returns."""
    inner = {s.name: s for s in function.body if isinstance(s, Function)}
    results: list[Function | Lambda] = []
    for statement in function.statements:
        if isinstance(statement, Return):
            value = statement.value
            if isinstance(value, Lambda):
                results.append(value)
            elif isinstance(value, Name) and value.name in inner:
                if len(function.locals.get(value.name, ())) != 1:
                    return None
                results.append(inner[value.name])
            else:
                return None
    return results[0] if len(results) == 1 else None


def _named(function: Function | Lambda) -> list[FunctionParameter]:
    """The parameters that take an argument by position and have a name."""
    kinds = ("positional-only", "positional or keyword")
    return [parameter for parameter in function.parameters if parameter.kind in kinds]


def _goes_on(function: Function) -> bool:
    """Whether a function calls `next` of something, as a step does."""
    calls = function.descendants.calls
    return any(getattr(call.function, "name", "").endswith(".next") for call in calls)
