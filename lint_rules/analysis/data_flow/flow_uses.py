"""What a function does with a flow that it is given: what it sets, what it reads."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from lint_rules.model.code import (
    Argument,
    Call,
    Class,
    Constant,
    Definition,
    Expression,
    Function,
    If,
    Name,
    Raise,
)
from lint_rules.model.module import Module
from lint_rules.model.scope import is_metaflow

_MOST_FUNCTIONS = 100
_HIDING = frozenset({"__dict__", "__setattr__", "__setstate__", "__class__"})
_RUNNING = frozenset({"builtins.exec", "builtins.eval", "builtins.vars"})
_READING = frozenset({"builtins.getattr", "builtins.hasattr"})
_SETTING = frozenset({"builtins.setattr", "builtins.delattr"})
_PLAIN = frozenset(
    f"builtins.{name}" for name in "bool id isinstance print repr str super type".split()
)


@dataclass
class FlowUses:
    """What code does with the flow of a task.

    Attributes:
        is_unknown: whether it may do anything: it hands the flow on to code that cannot be read.
        attributes: the attributes that it may set.
        reads: the attributes that it reads, apart from tests that only raise an error.
    """

    is_unknown: bool = False
    attributes: set[str] = field(default_factory=set)
    reads: set[str] = field(default_factory=set)


def uses_of(
    function: Function, module: Module, name: str, wrapped: str = "", may_return: bool = False
) -> FlowUses:
    """What a function, with all that it calls, does with the flow that it gets.

    Args:
        function: the function.
        module: the file in which it stands.
        name: the parameter that takes the flow.
        wrapped: the name of the step that the function calls in a decorator.
        may_return: whether it may return the flow, as a decorator of a class does.
    """
    found = FlowUses()
    waiting = [(function, module, name)]
    seen: set[tuple[Function, str]] = set()
    while waiting:
        current = waiting.pop()
        if current[0] in {f for f, _ in seen} and (current[0], current[2]) in seen:
            continue
        seen.add((current[0], current[2]))
        if len(seen) > _MOST_FUNCTIONS:
            found.is_unknown = True
            return found
        waiting += _looked_at(*current, wrapped, may_return and current[0] is function, found)
    return found


def _looked_at(
    function: Function, module: Module, name: str, wrapped: str, may_return: bool, found: FlowUses
) -> Iterator[tuple[Function, Module, str]]:
    names = _aliases(function, name)
    variadic = {p.name for p in function.parameters if p.kind.startswith("variadic")}
    refusing = set(_refusals(function))
    given = {
        argument.value: (call, argument, position)
        for call in function.descendants.calls
        for position, argument in enumerate(call.arguments)
    }
    harmless = _assigned_from(function)
    if may_return:
        harmless |= {e for s in function.statements for e in s.expressions if isinstance(e, Name)}
    for call in function.descendants.calls:
        found.is_unknown |= call.function.qualified in _RUNNING
    for reference in function.descendants.names:
        if reference.head not in names:
            continue
        _, _, path = reference.name.partition(".")
        attribute, _, further = path.partition(".")
        if attribute in _HIDING:
            found.is_unknown = True
        elif attribute and reference.context != "load" and not further:
            found.attributes.add(attribute)
        elif attribute:
            if reference not in refusing:
                found.reads.add(attribute)
        elif reference in given:
            yield from _handed(given[reference], module, wrapped, name in variadic, found)
        elif reference.context == "load" and reference not in harmless:
            found.is_unknown = True


def _handed(
    use: tuple[Call, Argument, int],
    module: Module,
    wrapped: str,
    is_variadic: bool,
    found: FlowUses,
) -> Iterator[tuple[Function, Module, str]]:
    """What a call does with the flow that it gets whole."""
    call, argument, position = use
    called = call.function
    if wrapped and isinstance(called, Name) and called.name == wrapped:
        return
    if argument.star or is_variadic:
        found.is_unknown = True
        return
    qualified = called.qualified or ""
    if qualified in _READING | _SETTING and position == 0:
        second = call.positional[1] if len(call.positional) > 1 else None
        attribute = second.text if isinstance(second, Constant) else None
        if attribute is None:
            found.is_unknown |= qualified in _SETTING
            found.reads.add("*")
        elif qualified in _SETTING:
            found.attributes.add(attribute)
        else:
            found.reads.add(attribute)
        return
    if qualified in _PLAIN or is_metaflow(qualified):
        return
    target = called_function(call, module)
    if target is None:
        found.is_unknown = True
        return
    function, where = target
    parameters = function.parameters
    if argument.name is not None:
        taken = next((p for p in parameters if p.name == argument.name), None)
    else:
        taken = parameters[position] if position < len(parameters) else None
    if taken is None or taken.kind.startswith("variadic"):
        found.is_unknown = True
    else:
        yield function, where, taken.name


def called_function(
    call: Call, module: Module, owner: Class | None = None
) -> tuple[Function, Module] | None:
    """The function of the repository that a call calls, with its file.

    Args:
        call: the call.
        module: the file in which it stands.
        owner: the class whose methods it may call on `self`.
    """
    called = call.function
    if not isinstance(called, Name):
        return None
    head, _, rest = called.name.partition(".")
    if owner is not None and head == "self" and "." not in rest:
        methods = [f for f in owner.functions if f.name == rest]
        return (methods[0], module) if len(methods) == 1 and not methods[0].decorators else None
    target: tuple[Module, Definition] | None = None
    if called.qualified is not None:
        target = module.resolver.definition(called.qualified)
    elif called.scope.owner(called.head) is module.scope and not rest:
        named = [d for d in module.definitions if d.name == called.name]
        target = (module, named[0]) if len(named) == 1 else None
    if target is None or not isinstance(target[1], Function) or target[1].decorators:
        return None
    return target[1], target[0]


def _aliases(function: Function, name: str) -> set[str]:
    """The local names that hold the same thing as a parameter."""
    names = {name}
    size = 0
    while size != len(names):
        size = len(names)
        for local, bindings in function.locals.items():
            sources = (binding.source for binding in bindings if not binding.path)
            if any(isinstance(source, Name) and source.name in names for source in sources):
                names.add(local)
    return names


def _assigned_from(function: Function) -> set[Expression]:
    """The expressions that a local name takes its value from, as they are."""
    bindings = (binding for found in function.locals.values() for binding in found)
    return {b.source for b in bindings if b.source is not None and not b.path}


def _refusals(function: Function) -> Iterator[Expression]:
    """What stands in tests that only lead to an error: to refuse a value is not to use it."""
    for statement in function.statements:
        match statement:
            case If(test=test, body=(*_, Raise()), orelse=()):
                yield from test.walk()
