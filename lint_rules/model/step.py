"""Steps: what they assign and read, and which steps follow."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from lint_rules.model.code import (
    Assignment,
    Call,
    Constant,
    Decorator,
    Dict,
    Expr,
    Expression,
    For,
    Function,
    Location,
    Name,
    Statement,
    With,
)
from lint_rules.model.earlier_names import WithPlace

if TYPE_CHECKING:
    from lint_rules.model.flow import Flow

STEP_DECORATORS = frozenset(
    "batch card catch conda environment kubernetes parallel pypi pytorch_parallel resources retry "
    "secrets step timeout unbounded_test_foreach_internal".split()
)
"""Metaflow's own step decorators. Those that extensions add under its name may set artifacts."""


@dataclass(eq=False)
class Artifact(WithPlace):
    """One assignment to an artifact, `self.name = value`. `location` is that of `self.name`.

    Attributes:
        name: the artifact's name.
        value: what is assigned, where it stands in the code: not for a part of something that is
            unpacked, the item of a loop, what `with` opens.
        statement: the statement that assigns.
        function: the step or helper method it stands in.
        source: what the value comes from: itself, what is unpacked, looped over or opened.
        bound_from: the offset from which on the artifact is there.
        path: where in the unpacked source the value stands: `(1, 0)` of `_, (self.x, _) = f()`.
    """

    location: Location
    name: str
    value: Expression | None
    statement: Assignment | For | With
    function: Function
    source: Expression | None
    path: tuple[int, ...]
    bound_from: int

    @property
    def is_annotated(self) -> bool:
        """Whether the assignment itself says the type: `self.x: int = 1`."""
        return isinstance(self.statement, Assignment) and self.statement.annotation is not None


class Case(NamedTuple):
    """A case of a switch, by its value: `True` and `"True"` are different cases."""

    value: object


@dataclass(eq=False)
class Transition(WithPlace):
    """A call of `self.next`. `location` is that of the call.

    Attributes:
        targets: the names of the next steps, with their locations; the branches of a switch too.
        kind: `linear`, `split`, `foreach`, `parallel` or `switch`.
        statement: the statement it is, `None` if it is part of another.
    """

    call: Call
    statement: Statement | None

    @property
    def location(self) -> Location:
        """Where the call is."""
        return self.call.location

    @cached_property
    def _named(self) -> tuple[tuple[Expression | None, Expression], ...]:
        """What is named as next, with the case of the switch that leads to it."""
        named = self.call.positional
        if named and isinstance(named[0], Dict):
            return named[0].items
        return tuple((None, expression) for expression in named)

    @cached_property
    def targets(self) -> tuple[Name, ...]:
        """The references to the next steps: `self.train`."""
        return tuple(target for _, target in self._named if isinstance(target, Name))

    @property
    def target_names(self) -> tuple[str, ...]:
        """The names of the next steps."""
        return tuple(target.name.rpartition(".")[2] for target in self.targets)

    @property
    def cases(self) -> tuple[Case | None, ...]:
        """The case that leads to each target, `None` if no switch writes it as a literal."""
        return tuple(
            Case(case.value) if isinstance(case, Constant) else None
            for case, target in self._named
            if isinstance(target, Name)
        )

    @property
    def decided_by(self) -> Constant | None:
        """The name of the artifact that `foreach` iterates over, or that `condition` reads."""
        given = self.call.argument("foreach") or self.call.argument("condition")
        return given if isinstance(given, Constant) else None

    @property
    def is_plain(self) -> bool:
        """Whether it names all of its targets as attributes, `self.train`."""
        plain = [isinstance(t, Name) and t.name.count(".") == 1 for _, t in self._named]
        return bool(plain) and all(plain) and not self.call.has_unpacking

    @property
    def kind(self) -> str:
        """What kind of transition it is, in Metaflow's words."""
        for argument, kind in (
            ("foreach", "foreach"),
            ("num_parallel", "parallel"),
            ("condition", "switch"),
        ):
            if self.call.named(argument):
                return kind
        return "split" if len(self.targets) > 1 else "linear"


@dataclass(eq=False)
class Step(WithPlace):
    """A step: a method under Metaflow's `@step`. `location` is that of its name."""

    flow: Flow
    function: Function
    decorator: Decorator

    @property
    def name(self) -> str:
        """The step's name."""
        return self.function.name

    @property
    def location(self) -> Location:
        """Where the step's name is."""
        return self.function.name_location

    @property
    def is_start(self) -> bool:
        """Whether the flow begins here: named `start`, or marked by `@step(start=True)`."""
        return self.name == "start" or self._is_marked("start")

    @property
    def is_end(self) -> bool:
        """Whether the flow ends here: named `end`, or marked by `@step(end=True)`."""
        return self.name == "end" or self._is_marked("end")

    @cached_property
    def inputs(self) -> str | None:
        """The name under which a join takes its inputs, `None` in any other step."""
        parameters = self.function.plain_parameters
        return parameters[1].name if len(parameters) > 1 else None

    @cached_property
    def artifacts(self) -> tuple[Artifact, ...]:
        """The assignments to artifacts in the step, in order."""
        return assigned(self.function)

    @cached_property
    def transitions(self) -> tuple[Transition, ...]:
        """The calls of `self.next`, in order."""
        by_call = {
            statement.value: statement
            for statement in self.function.statements
            if isinstance(statement, Expr)
        }
        name = f"{self.function.self_name}.next"
        return tuple(
            Transition(call, by_call.get(call))
            for call in self.function.descendants.calls
            if isinstance(call.function, Name) and call.function.name == name
        )

    def _is_marked(self, argument: str) -> bool:
        value = self.decorator.argument(argument)
        return isinstance(value, Constant) and value.value is True


def assigned(function: Function) -> tuple[Artifact, ...]:
    """The assignments to attributes of `self` in a function, in order."""
    prefix = f"{function.self_name}."
    found: list[Artifact] = []
    for statement in function.statements:
        if not isinstance(statement, Assignment | For | With):
            continue
        for target, source, path in statement.bindings:
            if isinstance(target, Name) and target.name.startswith(prefix):
                name = target.name.removeprefix(prefix)
                if "." not in name and target.context == "store":
                    value = source if isinstance(statement, Assignment) and not path else None
                    found.append(
                        Artifact(
                            target.location,
                            name,
                            value,
                            statement,
                            function,
                            source,
                            path,
                            statement.bound_from(target),
                        )
                    )
    return tuple(found)
