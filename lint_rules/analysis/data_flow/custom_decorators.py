"""What decorators of the repository do to a flow: what they add, set and read.

Mutators, step decorators and plain decorators are read like other code. What cannot be read, an
installed library's decorator, may do anything.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from lint_rules.analysis.data_flow.flow_uses import FlowUses, called_function, uses_of
from lint_rules.analysis.step_graph.decorators import (
    definition_of,
    derives_from,
    is_undefined,
)
from lint_rules.model.code import (
    Call,
    Class,
    Constant,
    Decorator,
    Definition,
    Dict,
    For,
    Function,
    Name,
    Return,
)
from lint_rules.model.flow import FLOW_DECORATORS, Flow
from lint_rules.model.memoize import remembered
from lint_rules.model.module import Module
from lint_rules.model.scope import metaflow_name
from lint_rules.model.step import STEP_DECORATORS

_HARMLESS = (FLOW_DECORATORS | STEP_DECORATORS) - {"catch"}
_MOST_FUNCTIONS = 100


@dataclass
class CustomDecorators:
    """What the custom decorators of a flow and its steps do.

    Attributes:
        is_unknown: whether one of them cannot be read: it may do anything.
        attributes: the attributes that they may give the flow.
        reads: the attributes of the flow that they read.
    """

    is_unknown: bool = False
    attributes: set[str] = field(default_factory=set)
    reads: set[str] = field(default_factory=set)

    def add(self, uses: FlowUses) -> None:
        """Takes in what a function does with the flow."""
        self.is_unknown |= uses.is_unknown
        self.attributes |= uses.attributes
        self.reads |= uses.reads


def custom_decorators(flow: Flow, ignored: Iterable[str] = ()) -> CustomDecorators:
    """What the decorators of a flow, its bases and their steps do that are not Metaflow's.

    Args:
        flow: the flow.
        ignored: names of decorators that set and read no artifacts.
    """
    found = CustomDecorators()
    for own in (of_class_decorators(flow, ignored), *_of_steps(flow, ignored)):
        found.is_unknown |= own.is_unknown
        found.attributes |= own.attributes
        found.reads |= own.reads
    return found


def of_class_decorators(flow: Flow, ignored: Iterable[str] = ()) -> CustomDecorators:
    """What the decorators of a flow's class and of its bases do, to the flow and to its steps."""
    found = CustomDecorators()
    for owner in flow.lineage:
        for decorator in _custom(owner.definition, owner.module, ignored, FLOW_DECORATORS):
            _add_class_decorator(decorator, owner.module, found)
    return found


def of_step_decorators(
    function: Function, module: Module, ignored: Iterable[str] = ()
) -> CustomDecorators:
    """What the decorators of a step do to its task.

    Args:
        function: the step's method.
        module: the file in which it stands.
        ignored: names of decorators that set and read no artifacts.
    """
    found = CustomDecorators()
    for decorator in _custom(function, module, ignored, STEP_DECORATORS):
        target = definition_of(decorator, module)
        if target is None:
            found.is_unknown = True
        else:
            _add_step_decorator(target[1], target[0], found, decorator)
    return found


def _of_steps(flow: Flow, ignored: Iterable[str]) -> Iterator[CustomDecorators]:
    for step in flow.all_steps.values():
        yield of_step_decorators(step.function, step.flow.module, ignored)


def _custom(
    definition: Definition, module: Module, ignored: Iterable[str], known: frozenset[str]
) -> Iterator[Decorator]:
    apart = frozenset(ignored)
    for decorator in definition.decorators:
        name = metaflow_name(decorator.qualified)
        if name in known or decorator.name in apart:
            continue
        if not is_undefined(decorator, module):
            yield decorator


def _add_class_decorator(decorator: Decorator, module: Module, found: CustomDecorators) -> None:
    target = definition_of(decorator, module)
    if target is None:
        found.is_unknown = True
        return
    where, definition = target
    if isinstance(definition, Class) and derives_from(definition, where, ("FlowMutator",)):
        _add_mutator(definition, where, found)
    elif isinstance(definition, Function) and not definition.decorators:
        function = _applied(definition, decorator)
        given = function.self_name if function else ""
        if function is None or not given or not _returns(function, {given}):
            found.is_unknown = True
            return
        uses = uses_of(function, where, given, may_return=True)
        found.add(uses)
    else:
        found.is_unknown = True


def _add_step_decorator(
    definition: Definition, module: Module, found: CustomDecorators, decorator: Decorator | None
) -> None:
    if isinstance(definition, Class):
        if derives_from(definition, module, ("StepMutator",)):
            _add_mutator(definition, module, found)
        elif derives_from(definition, module, ("UserStepDecorator",)):
            for method in definition.functions:
                if method.name in ("pre_step", "post_step") and len(method.parameters) > 2:
                    found.add(uses_of(method, module, method.parameters[2].name))
        else:
            found.is_unknown = True
        return
    if not isinstance(definition, Function):
        found.is_unknown = True
        return
    if any(metaflow_name(d.qualified) == "user_step_decorator" for d in definition.decorators):
        if len(definition.parameters) > 1:
            found.add(uses_of(definition, module, definition.parameters[1].name))
        else:
            found.is_unknown = True
    elif definition.decorators:
        found.is_unknown = True
    else:
        _add_wrapper(definition, module, found, decorator)


def _add_wrapper(
    definition: Function, module: Module, found: CustomDecorators, decorator: Decorator | None
) -> None:
    """What a plain decorator's wrapper does with the task's flow."""
    function = _applied(definition, decorator)
    given = function.self_name if function else ""
    if function is None or not given:
        found.is_unknown = True
        return
    inner = {s.name: s for s in function.body if isinstance(s, Function)}
    if not _returns(function, {given, *inner}):
        found.is_unknown = True
        return
    for wrapper in inner.values():
        first = wrapper.parameters[0] if wrapper.parameters else None
        if first is None:
            found.is_unknown = True
        else:
            found.add(uses_of(wrapper, module, first.name, given))


# Mutators


def _add_mutator(definition: Class, module: Module, found: CustomDecorators) -> None:
    """What a mutator adds, in `pre_mutate` and `mutate` and what these call."""
    waiting = [
        (method, module, method.parameters[1].name)
        for method in definition.functions
        if method.name in ("pre_mutate", "mutate") and len(method.parameters) > 1
    ]
    seen: set[tuple[Function, str]] = set()
    while waiting:
        function, where, handle = waiting.pop()
        if (function, handle) in seen:
            continue
        seen.add((function, handle))
        if len(seen) > _MOST_FUNCTIONS:
            found.is_unknown = True
            return
        for handed in _look_at_handles(function, where, handle, found):
            call, position = handed
            target = called_function(call, where, definition)
            if target is None or position >= len(target[0].parameters):
                found.is_unknown = True
            else:
                waiting.append((*target, target[0].parameters[position].name))


def _look_at_handles(
    function: Function, module: Module, handle: str, found: CustomDecorators
) -> Iterator[tuple[Call, int]]:
    """Notes what a function adds to a mutable flow or step; yields the calls that get it whole,
    with the position of the parameter."""
    names = _handles(function, handle)
    calls = {call.function: call for call in function.descendants.calls}
    given = {
        argument.value: (call, argument.name, position)
        for call in function.descendants.calls
        for position, argument in enumerate(call.arguments)
    }
    for reference in function.descendants.names:
        _, _, attribute = reference.name.partition(".")
        if reference.head not in names or (reference.context != "load" and not attribute):
            continue
        if not attribute:
            if _is_plain_use(function, reference):
                continue
            call, name, position = given.get(reference, (None, None, 0))
            if call is None or name is not None:
                found.is_unknown = True
            elif isinstance(call.function, Name) and call.function.name.startswith("self."):
                yield call, position + 1
            elif not (call.function.qualified or "").startswith("builtins."):
                yield call, position
        elif attribute.startswith("_") or attribute == "remove_parameter":
            found.is_unknown = True
        elif attribute in ("add_decorator", "add_parameter"):
            added = calls.get(reference)
            if added is None:
                found.is_unknown = True
            elif attribute == "add_parameter":
                _add_parameter(added, module, found)
            else:
                _add_decorator(added, module, found)


def _is_plain_use(function: Function, reference: Name) -> bool:
    """Whether a name only gives another local name the same value, or is looped over."""
    return any(
        binding.source is reference for bindings in function.locals.values() for binding in bindings
    )


def _handles(function: Function, handle: str) -> set[str]:
    """The names in a function that hold the mutable flow, or one of its steps."""
    names = {handle}
    loops = [s for s in function.statements if isinstance(s, For)]
    size = 0
    while size != len(names):
        size = len(names)
        for name, bindings in function.locals.items():
            for binding in bindings:
                source = binding.source
                if isinstance(source, Name) and (
                    source.name in names or (source.head in names and _leads_to_steps(source))
                ):
                    names.add(name)
        for loop in loops:
            mentioned = [
                part
                for part in loop.iterable.walk()
                if isinstance(part, Name) and part.head in names and _leads_to_steps(part)
            ]
            if mentioned:
                targets = (target for target, _, _ in loop.bindings)
                names |= {target.name for target in targets if isinstance(target, Name)}
    return names


def _leads_to_steps(reference: Name) -> bool:
    return reference.name.rpartition(".")[2] in ("steps", "start_step", "end_step", "flow")


def _add_parameter(call: Call, module: Module, found: CustomDecorators) -> None:
    name = module.text(call.argument("name", 0))
    if name is None or call.has_unpacking:
        found.is_unknown = True
    else:
        found.attributes.add(name)


def _add_decorator(call: Call, module: Module, found: CustomDecorators) -> None:
    added = call.argument("deco_type", 0)
    text = added.text if isinstance(added, Constant) else None
    name = text.partition(":")[0] if text else metaflow_name(added.qualified if added else None)
    if name in _HARMLESS:
        return
    if name == "catch":
        options = call.argument("deco_kwargs")
        items = options.items if isinstance(options, Dict) else ()
        variables = [
            value.text
            for key, value in items
            if isinstance(key, Constant) and key.text == "var" and isinstance(value, Constant)
        ]
        found.attributes.update(variable for variable in variables if variable)
        found.is_unknown |= not variables
        return
    target = None
    if isinstance(added, Name):
        target = (
            module.resolver.definition(added.qualified)
            if added.qualified
            else _own_definition(added, module)
        )
    if target is None:
        found.is_unknown = True
    else:
        _add_step_decorator(target[1], target[0], found, None)


def _own_definition(reference: Name, module: Module) -> tuple[Module, Definition] | None:
    named = [d for d in module.definitions if d.name == reference.name]
    is_own = reference.scope.owner(reference.head) is module.scope
    return (module, named[0]) if len(named) == 1 and is_own else None


# Plain decorators


def _applied(definition: Function, decorator: Decorator | None) -> Function | None:
    """The function that gets what is decorated: of `@name(…)`, what the call returns."""
    if decorator is None or decorator.call is None:
        return definition
    inner = {s.name: s for s in definition.body if isinstance(s, Function)}
    results = _results(definition)
    return inner.get(results[0] or "") if len(results) == 1 else None


def _returns(function: Function, names: set[str]) -> bool:
    results = _results(function)
    return bool(results) and all(name in names for name in results)


@remembered
def _results(function: Function) -> list[str | None]:
    """The names that a function returns, `None` for anything else."""
    values = (s.value for s in function.statements if isinstance(s, Return))
    return [value.name if isinstance(value, Name) else None for value in values]
