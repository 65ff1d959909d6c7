"""What names and attributes of things stand for."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING

from lint_rules.analysis import libraries
from lint_rules.analysis.inference.annotations import of_annotation
from lint_rules.analysis.inference.artifacts import is_input, of_path
from lint_rules.analysis.inference.attributes import by_attribute_name, of_attributes
from lint_rules.analysis.inference.container_mutation import certain_statements, with_additions
from lint_rules.analysis.inference.functions import is_method, of_class, of_definition, self_name
from lint_rules.analysis.inference.uses import END, of_uses, uses_of
from lint_rules.analysis.inference.value import (
    INPUT,
    UNBOUND,
    Kind,
    Names,
    Value,
    class_of,
    library,
    visible,
)
from lint_rules.model.code import Function, FunctionParameter, LocalAssignment, Name
from lint_rules.model.memoize import remembered
from lint_rules.model.module import Module

if TYPE_CHECKING:
    from lint_rules.analysis.inference.inferrer import Reader


def of_reference(reader: Reader, reference: Name, names: Names) -> Value | None:
    """What a name, or an attribute of one, stands for."""
    head, _, rest = reference.name.partition(".")
    if head in names:
        known = names[head]
        if known is INPUT:
            return of_path(reader, rest)
        return of_attributes(known, rest)
    if rest and head == self_name(reader):
        if "." not in rest and is_method(reader, rest):
            return Value(Kind.FUNCTION, rest)
        return of_path(reader, rest, reference)
    if is_input(reader, reference) and rest:
        # `inputs.train.model`
        return of_path(reader, rest.partition(".")[2])
    local = _local(reader, reference)
    if local is INPUT:
        return of_path(reader, rest)
    if local is not UNBOUND:
        return of_attributes(local, rest)  # type: ignore[arg-type]
    if reference.qualified is None:
        definition = reader.module.first_definitions.get(head)
        if definition is not None:
            if rest:
                return None
            return of_definition(definition) or of_class(reader.module, definition, head)
        constant = reader.module.constants.get(head)
        if constant is not None:
            at_module = reader.within(reader.module, None, None)
            return of_attributes(reader.guarded(constant, at_module), rest)
        return by_attribute_name(reference.name)
    return _imported(reader, reference)


def _imported(reader: Reader, reference: Name) -> Value | None:
    """A module, or a function of the repository's own modules."""
    if reference.qualified in _modules(reader.module):
        return Value(Kind.UNPICKLABLE, "module")
    if reference.qualified and "." in reference.qualified and reader.is_own(reference.qualified):
        found = reader.module.resolver.definition(reference.qualified)
        if found is None:
            return None
        return of_definition(found[1]) or of_class(*found, reference.qualified.lstrip("."))
    qualified = reference.qualified or ""
    is_class = libraries.is_class_name(qualified.rpartition(".")[2]) and "." in qualified
    if is_class and not reader.is_own(qualified) and libraries.made_by(qualified) == qualified:
        return class_of(library(qualified))
    return None


@remembered
def _modules(module: Module) -> set[str]:
    """The modules that `import a.b` statements name."""
    imports = module.descendants.imports
    return {name.name for statement in imports if not statement.is_from for name in statement.names}


@remembered
def _bindings(function: Function) -> dict[str, tuple[list[int], list[LocalAssignment]]]:
    """The assignments to each local variable, and from where each holds, in order."""
    found: dict[str, tuple[list[int], list[LocalAssignment]]] = {}
    for name, bindings in function.locals.items():
        ordered = sorted(bindings, key=lambda binding: binding.bound_from)
        found[name] = [binding.bound_from for binding in ordered], ordered
    return found


def _local(reader: Reader, reference: Name) -> object:
    """What a local variable is at a reference; `UNBOUND` where the name is not a local."""
    name = reference.head
    function = reader.function
    if function is None or reference.scope.owner(name) is not function.scope:
        return UNBOUND
    if name in function.scope.imports:
        return UNBOUND
    places, bindings = _bindings(function).get(name, ([], []))
    before = bisect_right(places, reference.start)
    parameter = next((p for p in function.parameters if p.name == name), None)
    if not before and (parameter is not None or not bindings):
        return _parameter(reader, function, parameter, min(places, default=END))
    before = before or len(bindings)
    values: list[Value | None] = []
    for index in reversed(range(before)):
        binding = bindings[index]
        values.append(reader.guarded(binding))
        if binding.statement in certain_statements(function):
            break
    value = with_additions(reader, visible(values), name, function)
    if values == [value]:
        after = places[before] if before < len(places) else END
        return _by_uses(function, name, places[before - 1], after, value)
    return value


def _parameter(
    reader: Reader, function: Function, parameter: FunctionParameter | None, until: int
) -> Value | None:
    """What a parameter is before it is assigned anew: what is given, or stated, or used."""
    if parameter is None or parameter.name == self_name(reader):
        return None
    given = reader.given.get(parameter.name)
    if given is not None:
        return _by_uses(function, parameter.name, 0, until, given)
    if parameter.annotation is not None:
        return of_annotation(reader, parameter.annotation)
    return _by_uses(function, parameter.name, 0, until)


def _by_uses(
    function: Function, name: str, start: int, stop: int, known: Value | None = None
) -> Value | None:
    """What a variable is by what the function does with it while it is the same."""
    return of_uses(uses_of(function, name, start, stop), known)
