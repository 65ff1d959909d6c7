"""What code has to do with other flows: the results that it reads through Metaflow's client and the
events that it raises, itself or in the project's functions that it calls."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lint_rules.analysis.call_graph import Code, callee_or_constructor, methods
from lint_rules.analysis.events import Publication, plain_name, publications, published
from lint_rules.analysis.namespaces import CLIENT
from lint_rules.analysis.outerbounds import full_name, is_project_event, worked_out
from lint_rules.model.code import (
    BinOp,
    Call,
    Expression,
    Function,
    JoinedStr,
    Location,
    Name,
)
from lint_rules.model.module import Module
from lint_rules.model.scope import metaflow_name

if TYPE_CHECKING:
    from lint_rules.model.flow import Flow


_DEEPEST = 50
"""How many calls inside each other are followed."""


@dataclass(frozen=True, eq=False)
class Use:
    """A read of a flow's results, or an event that is raised. `location` is that of the call.

    Attributes:
        name: the name of the flow that is read, or of the event as it is given.
        parameter: the parameter of the function around it that gives the name instead.
        publication: the call that raises the event, `None` for a read.
        location: where the call stands, in the file that was asked about.
        module: that file.
        via: the function of the project that does it, where it is called for that.
        client: the name of Metaflow's class that reads, such as `Flow`; empty for an event.
        is_named_here: whether the call itself gives the name, and no function that it calls.
    """

    name: str | None
    parameter: str | None
    publication: Publication | None
    location: Location
    module: Module
    via: str | None = None
    client: str = ""
    is_named_here: bool = True


class Uses:
    """Finds what code uses, following its calls through the functions of the repository.

    Args:
        event_decorators: the project's own decorators, which raise events too.
    """

    def __init__(self, event_decorators: Iterable[str]) -> None:
        self._decorators = frozenset(event_decorators)
        self._publications: dict[Module, dict[Call, Publication]] = {}
        self._found: dict[tuple[Function, Flow | None], tuple[Use, ...]] = {}
        self._open: set[Function] = set()
        self.followed: set[Location] = set()
        """The locations of the repository's functions that were found to be called."""

    def in_flow(self, flow: Flow) -> Iterator[Use]:
        """What the steps and methods of a flow use, inherited ones too."""
        own = {same[0].function for same in methods(flow).values()}
        for owner in flow.lineage:
            for function in owner.definition.functions:
                if function in own:
                    # A method that gets the name as an argument counts at its calls.
                    found = self._in(_Code(owner.module, function, flow))
                    yield from (use for use in found if use.parameter is None)

    def in_module(self, module: Module, apart: Container[Location] = frozenset()) -> Iterator[Use]:
        """What the code of a file uses, that of its flows apart, where names can be read.

        Args:
            module: the file.
            apart: the locations of functions to leave out.
        """
        of_flows = {call for flow in module.flows for call in flow.definition.descendants.calls}
        callers = {
            call: function
            for function in module.descendants.definitions
            if isinstance(function, Function)
            for call in function.descendants.calls
        }
        for call in module.descendants.calls:
            function = callers.get(call)
            if call in of_flows or (function is not None and function.location in apart):
                continue
            for use in self._in_call(call, _Code(module, function)):
                if use.parameter is None and use.name is not None:
                    yield use

    def _in(self, code: _Code) -> Iterator[Use]:
        for call in code.function.descendants.calls if code.function else ():
            yield from self._in_call(call, code)

    def _in_call(self, call: Call, code: _Code) -> Iterator[Use]:
        publication = self._publication(call, code.module)
        if publication is not None:
            value = published(publication)
            name, parameter = code.named(plain_name(value))
            if name is not None and is_project_event(publication.event):
                name = full_name(publication.event, name, code.module, code.flow)
            elif name is None and parameter is None:
                name = worked_out(value, code.module, code.flow)
            yield Use(name, parameter, publication, call.location, code.module)
        elif (client := metaflow_name(call.function.qualified)) in CLIENT:
            name, parameter = code.named(call.argument("pathspec", 0))
            if name or parameter:
                flow = name.partition("/")[0] if name else None
                yield Use(flow, parameter, None, call.location, code.module, client=client or "")
        else:
            called = code.called(call)
            if called is not None:
                yield from self._through(call, code, called)

    def _publication(self, call: Call, module: Module) -> Publication | None:
        if module not in self._publications:
            found = publications(module, self._decorators)
            self._publications[module] = {publication.call: publication for publication in found}
        return self._publications[module].get(call)

    def _through(self, call: Call, code: _Code, called: _Code) -> Iterator[Use]:
        """What a function that is called uses, with the arguments of the call."""
        function = called.function
        if function is None or function in self._open or len(self._open) > _DEEPEST:
            return
        self.followed.add(function.location)
        self._open.add(function)
        found = self._found.get((function, called.flow))
        if found is None:
            found = self._found[function, called.flow] = _distinct(self._in(called))
        self._open.remove(function)
        for use in found:
            name, parameter, is_given = use.name, use.parameter, use.parameter is not None
            if parameter is not None:
                name, parameter = code.given(call, called, parameter)
                if name is None and parameter is None and use.publication is None:
                    continue
                if name is not None and use.publication is None:
                    name = name.partition("/")[0]
            yield Use(
                name,
                parameter,
                use.publication,
                call.location,
                code.module,
                function.name,
                use.client,
                is_given,
            )


def _distinct(uses: Iterable[Use]) -> tuple[Use, ...]:
    """Uses without those that are the same to whoever calls the function that they are in."""
    found: dict[tuple[str | None, str | None, Publication | None, str], Use] = {}
    for use in uses:
        found.setdefault((use.name, use.parameter, use.publication, use.client), use)
    return tuple(found.values())


@dataclass(frozen=True)
class _Code:
    """A function with its file, `None` for code at module level; the flow that `self` is."""

    module: Module
    function: Function | None
    flow: Flow | None = None

    def called(self, call: Call) -> _Code | None:
        """The function of the repository that a call in this code calls."""
        caller = Code(self.module, self.function, self.flow) if self.function else self.module
        found = callee_or_constructor(call, caller)
        return None if found is None else _Code(found.module, found.function, found.flow)

    def given(self, call: Call, called: _Code, name: str) -> tuple[str | None, str | None]:
        """The name that a call hands to a parameter, or the parameter that it hands on."""
        parameters = called.function.parameters if called.function else ()
        index = next(i for i, parameter in enumerate(parameters) if parameter.name == name)
        is_bound = parameters[0].name in ("self", "cls")
        value = call.argument(name, index - is_bound)
        if value is None:
            default = None if call.has_unpacking else parameters[index].default
            return called.module.text(default), None
        return self.named(value)

    def named(self, value: Expression | None) -> tuple[str | None, str | None]:
        """The name that an expression gives, or the parameter of this function that does."""
        function = self.function
        if isinstance(value, Name) and function is not None:
            is_own = value.scope.owner(value.name) is function.scope
            if is_own and value.name not in function.locals:
                return None, value.name
        return _text(value, self.module, self.flow), None


def _text(value: Expression | None, module: Module, flow: Flow | None) -> str | None:
    """The text of a name, or what stands before the first `/` where the rest is worked out."""
    text = module.text(value, flow)
    if text is None and isinstance(value, JoinedStr) and value.values:
        piece = value.values[0]
        text = piece if isinstance(piece, str) and "/" in piece else None
    if text is None and isinstance(value, BinOp) and value.operator == "+":
        first = module.text(value.left, flow)
        text = first if first and "/" in first else None
    return text
