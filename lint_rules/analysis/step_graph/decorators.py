"""What decorators make of a step's method or of a flow, as far as their source can be read."""

from __future__ import annotations

from enum import Enum

from lint_rules.analysis.stdlib import STDLIB
from lint_rules.analysis.step_graph.names import parallel_decorators
from lint_rules.model.code import (
    Class,
    Constant,
    Decorator,
    Definition,
    Function,
    Name,
    Return,
)
from lint_rules.model.flow import FLOW_DECORATORS
from lint_rules.model.memoize import remembered
from lint_rules.model.module import Module
from lint_rules.model.scope import metaflow_name
from lint_rules.model.step import STEP_DECORATORS


class Effect(Enum):
    """What a decorator does to Metaflow's view of what is below it."""

    STEP = "makes a step"
    NONE = "leaves it as it is"
    PARALLEL = "makes it @parallel"
    MAY_BE_PARALLEL = "may make it @parallel"
    NO_STEP = "makes no step of a method"
    UNKNOWN = "may do anything"


_BINDING = frozenset({"builtins.exec", "builtins.globals"})
_LEFT_ALONE = frozenset({"abc.abstractmethod", "typing.override", "typing.no_type_check"})


def effect_on_method(decorator: Decorator, module: Module) -> Effect:
    """What a decorator does to a method of a flow.

    Args:
        decorator: the decorator.
        module: the file that it stands in.
    """
    qualified = decorator.qualified
    name = metaflow_name(qualified)
    if name == "step":
        return Effect.STEP if _is_plain(decorator) else Effect.UNKNOWN
    if name is not None:
        if name in parallel_decorators():
            return Effect.PARALLEL
        # Those of extensions and of other versions may do anything: one makes a switch of a split.
        return Effect.NONE if name in STEP_DECORATORS else Effect.UNKNOWN
    if qualified in _LEFT_ALONE or is_undefined(decorator, module):
        return Effect.NONE
    found = definition_of(decorator, module)
    if found is None:
        return Effect.NO_STEP if is_harmless(qualified, module) else Effect.UNKNOWN
    where, definition = found
    if isinstance(definition, Class):
        known = derives_from(definition, where, ("StepMutator", "UserStepDecorator"))
        return Effect.MAY_BE_PARALLEL if known else Effect.UNKNOWN
    if any(metaflow_name(d.qualified) == "user_step_decorator" for d in definition.decorators):
        return Effect.NONE
    if isinstance(definition, Function) and not definition.decorators:
        return Effect.NONE if _keeps_function(definition, decorator) else Effect.UNKNOWN
    return Effect.UNKNOWN


def leaves_class_alone(decorator: Decorator, module: Module) -> bool:
    """Whether a decorator of a flow certainly adds no steps and changes none."""
    name = metaflow_name(decorator.qualified)
    if name is not None:
        return name in FLOW_DECORATORS or name in STEP_DECORATORS
    found = definition_of(decorator, module)
    if found is None:
        return False
    where, definition = found
    if isinstance(definition, Class):
        return derives_from(definition, where, ("FlowMutator",)) and not where.calls_of_setattr
    return isinstance(definition, Function) and _returns_its_argument(definition, decorator)


MOST_BASES = 100
"""How many classes are looked at for what one derives from, as of a flow."""


def derives_from(definition: Class, module: Module, names: tuple[str, ...]) -> bool:
    """Whether a class derives from one of Metaflow's classes of these names.

    Of a class with very many bases it is not known, and `False`.
    """
    waiting, seen = [(module, definition)], {definition}
    while waiting and len(seen) <= MOST_BASES:
        where, current = waiting.pop()
        for base in current.bases:
            if metaflow_name(base.qualified) in names:
                return True
            other = _named(base.qualified, base, where)
            if other and isinstance(other[1], Class) and other[1] not in seen:
                seen.add(other[1])
                waiting.append((other[0], other[1]))
    return False


def _is_plain(decorator: Decorator) -> bool:
    """Whether `@step` has only arguments that are written as they are."""
    return decorator.call is None or all(
        argument.name is not None
        and (argument.name == "node_info" or isinstance(argument.value, Constant))
        for argument in decorator.call.arguments
    )


def _package(qualified: str) -> str:
    return qualified.partition(".")[0]


def definition_of(decorator: Decorator, module: Module) -> tuple[Module, Definition] | None:
    """The function or class of the repository that a decorator is."""
    function = decorator.call.function if decorator.call else decorator.value
    return _named(decorator.qualified, function, module)


def is_undefined(decorator: Decorator, module: Module) -> bool:
    """Whether nothing binds a decorator's name: Python fails with a NameError when the flow loads.

    Such a decorator does nothing to the flow, nor does the one that was probably meant: usually
    one of Metaflow's, without its import.
    """
    function = decorator.call.function if decorator.call else decorator.value
    return (
        isinstance(function, Name)
        and function.qualified is None
        and function.scope.owner(function.head) is None
        and not any(scope.stars for scope in function.scope.visible(function.head))
        and not _binds_by_code(module)
    )


@remembered
def _binds_by_code(module: Module) -> bool:
    """Whether a file may bind names in a way that its text does not show."""
    return any(call.function.qualified in _BINDING for call in module.descendants.calls)


def _named(
    qualified: str | None, written: object, module: Module
) -> tuple[Module, Definition] | None:
    if qualified is not None:
        return module.resolver.definition(qualified)
    if not isinstance(written, Name) or written.scope.owner(written.name) is not module.scope:
        return None
    found = _by_name(module).get(written.name, [])
    return (module, found[0]) if len(found) == 1 else None


@remembered
def _by_name(module: Module) -> dict[str, list[Definition]]:
    """The functions and classes of a file by name."""
    found: dict[str, list[Definition]] = {}
    for definition in module.definitions:
        found.setdefault(definition.name, []).append(definition)
    return found


def _keeps_function(definition: Function, decorator: Decorator) -> bool:
    """Whether a decorator hands on the function itself, or a wrapper by `functools.wraps`."""
    function = _applied(definition, decorator)
    if function is None or not function.plain_parameters:
        return False
    given = function.plain_parameters[0].name
    results = _results(function)
    inner = {s.name: s for s in function.body if isinstance(s, Function)}
    return bool(results) and all(
        name == given or (name in inner and _wraps(inner[name], given)) for name in results
    )


def _returns_its_argument(definition: Function, decorator: Decorator) -> bool:
    """Whether a class's decorator hands on the class, and sets nothing in it."""
    function = _applied(definition, decorator)
    if function is None or not function.plain_parameters:
        return False
    given = function.plain_parameters[0].name
    touched = any(
        reference.name.startswith(f"{given}.") and reference.context != "load"
        for reference in function.descendants.names
    )
    handed_on = any(
        isinstance(argument.value, Name) and argument.value.name == given
        for call in function.descendants.calls
        for argument in call.arguments
    )
    results = _results(function)
    return bool(results) and not touched and not handed_on and all(r == given for r in results)


def _applied(definition: Function, decorator: Decorator) -> Function | None:
    """The function that gets what is decorated: of `@name(…)`, what the call returns."""
    if decorator.call is None:
        return definition
    results = _results(definition)
    inner = {s.name: s for s in definition.body if isinstance(s, Function)}
    return inner.get(results[0] or "") if len(results) == 1 else None


def _results(function: Function) -> list[str | None]:
    """The names that a function returns, `None` for anything else."""
    found: list[str | None] = []
    for statement in function.statements:
        if isinstance(statement, Return):
            value = statement.value
            found.append(value.name if isinstance(value, Name) else None)
    return found


def _wraps(inner: Function, given: str) -> bool:
    """Whether a function has `@functools.wraps(given)`, and nothing else."""
    if len(inner.decorators) != 1 or inner.decorators[0].qualified != "functools.wraps":
        return False
    value = inner.decorators[0].argument("wrapped", 0)
    return isinstance(value, Name) and value.name == given


def is_harmless(qualified: str | None, module: Module) -> bool:
    """Whether a name is Metaflow's, Python's or an installed package's, which makes no steps."""
    if qualified is None or qualified.startswith("."):
        return False
    package = _package(qualified)
    if package == "metaflow":
        return metaflow_name(qualified) != "step"
    return package in STDLIB or package == "builtins" or not module.resolver.is_own(package)
