"""What stands in the body of a flow's class, its base flows' and its mixins'.

Metaflow saves all of it before the run, apart from functions, properties and parameters, and each
task gets it as it stands in the file.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from lint_rules.model.code import (
    Assignment,
    Call,
    Class,
    Definition,
    Delete,
    Expression,
    Function,
    Import,
    ImportedName,
    Location,
    Name,
    Statement,
    With,
)
from lint_rules.model.flow import Flow
from lint_rules.model.memoize import remembered
from lint_rules.model.scope import metaflow_name


@dataclass(frozen=True, eq=False)
class ClassAttribute:
    """A name in a class's body. `location` is where the name stands.

    Attributes:
        name: the name, as the body has it.
        owner: the flow, base flow or mixin whose body it is.
        location: where it is named.
        statement: what binds it: an assignment, a definition, an import or a `with`.
        value: what is assigned, where that is one expression.
        imported: what is imported, of an import.
        is_certain: whether the statement always runs: it is not below an `if`, `for` or `try`.
    """

    name: str
    owner: Flow
    location: Location
    statement: Statement
    value: Expression | None = None
    imported: ImportedName | None = None
    is_certain: bool = True

    @property
    def is_private(self) -> bool:
        """Whether the name begins with `_`: Metaflow saves it, and hands it to no task."""
        return self.name.startswith("_")

    @property
    def is_saved(self) -> bool:
        """Whether Metaflow saves things of this name: not Python's own, as `__slots__`."""
        return not (self.name.startswith("__") and self.name.endswith("__"))


@remembered
def class_attributes(flow: Flow) -> dict[str, ClassAttribute]:
    """What a flow's class has by name: of a name in several classes, what Python finds first."""
    found: dict[str, ClassAttribute] = {}
    for owner in flow.lineage:
        for name, attribute in own_attributes(owner).items():
            found.setdefault(name, attribute)
    return found


@remembered
def computed_attributes(flow: Flow) -> frozenset[str]:
    """The attributes of a flow that may run its code when they are read or set: properties, and
    what stands in its class and is made by a call other than Metaflow's."""
    found: set[str] = set()
    for owner in flow.lineage:
        for name, attribute in own_attributes(owner).items():
            made = attribute.value
            is_own_call = isinstance(made, Call) and metaflow_name(made.function.qualified) is None
            statement = attribute.statement
            is_decorated = isinstance(statement, Function) and bool(statement.decorators)
            if is_own_call or (is_decorated and name not in flow.all_steps):
                found.add(name)
    return frozenset(found)


@remembered
def own_attributes(owner: Flow) -> dict[str, ClassAttribute]:
    """What the body of one class binds by name, each as the last statement leaves it."""
    found: dict[str, ClassAttribute] = {}
    certain = set(_certain(owner.definition.body))
    for statement in owner.definition.statements:
        is_certain = statement in certain
        for name, location, value, imported in _bound(statement):
            attribute = ClassAttribute(
                name, owner, location, statement, value, imported, is_certain
            )
            found[name] = attribute
        if isinstance(statement, Delete):
            for target in statement.targets:
                if isinstance(target, Name):
                    found.pop(target.name, None)
    return found


def _certain(body: tuple[Statement, ...]) -> Iterator[Statement]:
    """The statements of a body that always run."""
    for statement in body:
        yield statement
        if isinstance(statement, With):
            yield from _certain(statement.body)


_Bound = tuple[str, Location, "Expression | None", "ImportedName | None"]


def _bound(statement: Statement) -> Iterator[_Bound]:
    if isinstance(statement, Function | Class):
        yield statement.name, statement.name_location, None, None
    elif isinstance(statement, Import):
        for imported in statement.names:
            yield imported.bound, imported.location, None, imported
    elif not isinstance(statement, Definition):
        is_assignment = isinstance(statement, Assignment)
        for target, source, path in statement.bindings:
            if isinstance(target, Name) and "." not in target.name:
                value = source if is_assignment and not path else None
                yield target.name, target.location, value, None
