"""The call graph: which function of the repository a call runs, and which calls run a function."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from lint_rules.model.code import Call, Class, Definition, Function, Name
from lint_rules.model.flow import Flow
from lint_rules.model.memoize import remembered
from lint_rules.model.module import Module
from lint_rules.model.scope import is_metaflow


@dataclass(frozen=True)
class Code:
    """A node of the call graph: a function with its file.

    Attributes:
        module: the file that the function is in.
        function: the function.
        flow: the flow that its first argument is; `None` if that is not a flow.
    """

    module: Module
    function: Function
    flow: Flow | None = None

    def has_flow(self, name: str) -> bool:
        """Whether a name in the function, such as `self`, is the flow."""
        return self.flow is not None and name == self.function.self_name


def callee(call: Call, caller: Code | Module) -> Code | None:
    """The function of the repository that a call runs.

    Args:
        call: the call.
        caller: the function that the call is in, or the file for code at module level.

    Returns:
        `None` for classes, for functions of Metaflow, Python and installed packages, and if it is
        not certain which function is called.
    """
    called = _called(call, caller)
    return called if isinstance(called, Code) else None


def callee_or_constructor(call: Call, caller: Code | Module) -> Code | None:
    """As `callee`, but of a class, the `__init__` that it defines."""
    called = _called(call, caller)
    if not isinstance(called, tuple):
        return called
    module, made = called
    return next((Code(module, f) for f in made.functions if f.name == "__init__"), None)


def _called(call: Call, caller: Code | Module) -> Code | tuple[Module, Class] | None:
    name = call.function
    if not isinstance(name, Name):
        return None
    code, module = (caller, caller.module) if isinstance(caller, Code) else (None, caller)
    owner, _, method = name.name.partition(".")
    if code is not None and code.flow is not None and method and code.has_flow(owner):
        return next(iter(methods(code.flow).get(method, ())), None)
    found = _definition(name, module)
    if found is None:
        return None
    where, definition = found
    if isinstance(definition, Class):
        return where, definition
    first = call.positional[0] if call.positional else None
    hands_on = code is not None and isinstance(first, Name) and code.has_flow(first.name)
    flow = code.flow if code is not None and hands_on else None
    return Code(where, definition, flow) if isinstance(definition, Function) else None


def _definition(name: Name, module: Module) -> tuple[Module, Definition] | None:
    """The function of the file, or what another file defines, that a name refers to."""
    if name.qualified is None:
        function = module.functions.get(name.name)
        is_of_module = name.scope.owner(name.name) is module.scope
        return (module, function) if function is not None and is_of_module else None
    if is_metaflow(name.qualified) or name.qualified.startswith("builtins."):
        return None
    return module.resolver.definition(name.qualified)


@remembered
def methods(flow: Flow) -> dict[str, list[Code]]:
    """The methods of a flow by name: first the one that `self` has, then those that it
    overrides."""
    found: dict[str, list[Code]] = {}
    for owner in flow.lineage:
        # Of two methods of one name, a class has the second.
        for function in reversed(owner.definition.functions):
            found.setdefault(function.name, []).append(Code(owner.module, function, flow))
    return found


def may_run(code: Code, flow: Flow) -> Iterator[Code]:
    """The functions in a flow's files that a function names, so that it may run them in any way:
    it calls them, or hands them on, as in `map(self.load, papers)`.

    Args:
        code: the function.
        flow: the flow that it runs in.
    """
    for reference in code.function.descendants.names:
        head, _, rest = reference.name.partition(".")
        if rest and head == code.function.self_name:
            yield from methods(flow).get(rest.partition(".")[0], ())
        elif not rest and reference.qualified is None:
            found = _definition(reference, code.module)
            if found is not None and isinstance(found[1], Function):
                yield Code(found[0], found[1])
    for member in code.function.descendants.attributes:
        # `super().load()`, probably.
        yield from methods(flow).get(member.name, ())


class Callers:
    """The call graph of some files, backwards.

    Args:
        modules: the files. Each call is resolved once, however many functions one asks about.
    """

    def __init__(self, modules: Iterable[Module]) -> None:
        self._modules = tuple(modules)
        self._resolved: dict[str, dict[Function, list[tuple[Call, Module]]]] = {}

    def of(self, function: Function) -> list[tuple[Call, Module]]:
        """The calls of a function at module level, each with its file."""
        name = function.name
        if name not in self._resolved:
            found = self._resolved[name] = {}
            for call, module in self._by_name.get(name, ()):
                called = callee(call, module)
                if called is not None:
                    found.setdefault(called.function, []).append((call, module))
        return self._resolved[name].get(function, [])

    @cached_property
    def _by_name(self) -> dict[str, list[tuple[Call, Module]]]:
        """The calls by the last part of the name that is called."""
        found: dict[str, list[tuple[Call, Module]]] = {}
        for module in self._modules:
            for call in module.descendants.calls:
                if isinstance(call.function, Name):
                    name = call.function.name.rpartition(".")[2]
                    found.setdefault(name, []).append((call, module))
        return found
