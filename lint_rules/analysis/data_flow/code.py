"""The flow's classes as its steps see them: methods, properties and what the class body gives."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from lint_rules.analysis.data_flow.custom_decorators import of_class_decorators
from lint_rules.analysis.data_flow.state import MAYBE, Fact, State
from lint_rules.analysis.data_flow.values import UNKNOWN, Kind, Value, literal, some
from lint_rules.model.code import (
    Assignment,
    Call,
    Class,
    Constant,
    Expr,
    Expression,
    Function,
    Name,
    Pass,
    Raise,
)
from lint_rules.model.flow import Flow, Parameter
from lint_rules.model.module import Module
from lint_rules.model.step import assigned

FLOW_SPEC = frozenset("cmd foreach_stack index input merge_artifacts name next script_name".split())
"""What every flow has from `FlowSpec`; Metaflow's other names begin with an underscore."""

_TYPES = {
    "builtins.bool": Kind.BOOL,
    "builtins.float": Kind.NUMBER,
    "builtins.int": Kind.NUMBER,
    "builtins.str": Kind.TEXT,
}


@dataclass
class FlowCode:
    """The classes of a flow.

    Attributes:
        flow: the flow.
        methods: the functions of its classes by name, the nearest first, with their files.
        start: what a task of the first step has before it runs.
        is_known: whether all that gives its tasks attributes could be read.
        any_time: the artifacts that subclasses or code that nothing seems to call may set.
    """

    flow: Flow
    ignored: tuple[str, ...] = ()
    methods: dict[str, list[tuple[Function, Module, Class]]] = field(default_factory=dict)
    start: State = field(default_factory=State)
    is_known: bool = True
    any_time: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        modules = self.modules
        for owner in self.flow.classes:
            module = modules[owner]
            last = {function.name: function for function in owner.functions}
            for function in last.values():
                self.methods.setdefault(function.name, []).append((function, module, owner))
        self._look_at_classes()

    @cached_property
    def runs_itself(self) -> bool:
        """Whether its file runs it, so that its own methods are those that its steps call."""
        calls = self.flow.module.descendants.calls
        return any(
            isinstance(c.function, Name) and c.function.name == self.flow.name for c in calls
        )

    @property
    def modules(self) -> dict[Class, Module]:
        """The file that each of the flow's classes stands in."""
        by_file = {owner.module.resolver.path: owner.module for owner in self.flow.lineage}
        return {owner: by_file[owner.file] for owner in self.flow.classes}

    def method(self, name: str) -> tuple[Function, Module, Class] | None:
        """The method or property of a name, `None` if it is a step or no function."""
        found = self.methods.get(name)
        return found[0] if found else None

    def method_after(self, name: str, owner: Class) -> tuple[Function, Module, Class] | None:
        """The method of a name that `super()` finds from a class."""
        classes = list(self.flow.classes)
        later = classes[classes.index(owner) + 1 :] if owner in classes else []
        found = (m for m in self.methods.get(name, ()) if m[2] in later)
        return next(found, None)

    def _look_at_classes(self) -> None:
        flow = self.flow
        decorated = of_class_decorators(flow, self.ignored)
        self.is_known = flow.knows_its_bases and not decorated.is_unknown
        subclasses = [other for other in flow.module.flows if flow in other.lineage[1:]]
        for owner in {*flow.classes, *(c for subclass in subclasses for c in subclass.classes)}:
            hooks = {"__getattr__", "__getattribute__"} & {f.name for f in owner.functions}
            if hooks or any(keyword.name == "metaclass" for keyword in owner.keywords):
                self.is_known = False
            for name in bound(owner):
                self._add(name, UNKNOWN)
        for name in decorated.attributes:
            self._add(name, UNKNOWN)
        for name in (
            a.name for subclass in subclasses for step in subclass.steps for a in step.artifacts
        ):
            self.any_time.add(name)
        for parameter in flow.all_parameters:
            self._add(parameter.attribute, value_of(parameter))
        self._look_at_files({owner.module for owner in flow.lineage})
        self._look_at_methods()
        for name in self.any_time:
            self.start.facts.setdefault(name, MAYBE)

    def _look_at_methods(self) -> None:
        """Looks for methods that the flow's own code never calls: Python may, at any time."""
        functions = [f for found in self.methods.values() for f, _, _ in found]
        called = names_of_calls(iter(functions)) | self.flow.all_steps.keys()
        hooks = {name for name in self.methods if name.startswith("__")}
        is_dynamic = any(_looks_up_names(function) for function in functions)
        for name in (self.methods.keys() - called) | hooks:
            for function, _, _ in self.methods[name]:
                if is_dynamic or function.decorators or name in hooks:
                    self.any_time |= {artifact.name for artifact in assigned(function)}

    def _look_at_files(self, modules: set[Module]) -> None:
        """Looks for code that sets attributes of the classes from outside."""
        names = {owner.name for owner in self.flow.classes}
        for module in modules:
            for call in module.calls_of_setattr:
                target = call.positional[0] if call.positional else None
                if isinstance(target, Name) and target.name in names:
                    self.is_known = False
            for name in names:
                for reference in module.references.get(name, ()):
                    if reference.context == "store" and reference.name.count(".") == 1:
                        self._add(reference.name.split(".")[1], UNKNOWN)

    def _add(self, name: str, value: Value) -> None:
        self.start.facts[name] = Fact(True, False, value, is_class=True)

    def constants(self) -> State:
        """What every task has, whatever the steps before it did: the start of a join."""
        names = self.any_time
        return State({n: f for n, f in self.start.facts.items() if f.is_class or n in names})


def _looks_up_names(function: Function) -> bool:
    """Whether a function may call methods by names that are worked out."""
    for call in function.descendants.calls:
        if call.function.qualified == "builtins.getattr":
            name = call.positional[1] if len(call.positional) > 1 else None
            if not isinstance(name, Constant):
                return True
        if call.function.qualified in ("operator.methodcaller", "operator.attrgetter"):
            return True
    return False


def value_of(parameter: Parameter) -> Value:
    """What is known of a parameter's value."""
    if parameter.kind == "IncludeFile":
        return UNKNOWN
    if parameter.kind == "Config":
        return UNKNOWN
    given = parameter.call.argument("type")
    kind = _TYPES.get(given.qualified or "") if given is not None else None
    default = parameter.default
    value = default.value if isinstance(default, Constant) else None
    if given is None and isinstance(default, Constant):
        (kind,) = literal(value).kinds
    if kind is None or kind in (Kind.ANY, Kind.NONE):
        return UNKNOWN
    required = parameter.call.argument("required")
    is_there = value is not None or (isinstance(required, Constant) and required.value is True)
    return some(kind) if is_there else UNKNOWN


def bound(owner: Class) -> set[str]:
    """The names that a class body gives values to; a bare annotation gives none."""
    annotated = {
        target.name
        for statement in owner.statements
        if isinstance(statement, Assignment) and statement.value is None
        for target in statement.targets
        if isinstance(target, Name)
    }
    given = {
        target.name
        for statement in owner.statements
        for target, _, _ in statement.bindings
        if isinstance(target, Name)
    }
    return {*owner.scope.imports, *given, *(owner.scope.bound - annotated)}


def is_left_open(function: Function) -> bool:
    """Whether a function does nothing: `pass`, `...` or `raise NotImplementedError`."""
    for statement in function.body:
        match statement:
            case Expr(value=Constant()) | Pass():
                continue
            case Raise(error=error):
                called = error.function if isinstance(error, Call) else error
                if isinstance(called, Name) and called.name == "NotImplementedError":
                    continue
        return False
    return True


def names_of_calls(functions: Iterator[Function]) -> set[str]:
    """The names of methods that functions name on their first argument, or on `super()`."""
    found: set[str] = set()
    for function in functions:
        prefix = f"{function.self_name}."
        for reference in function.descendants.names:
            if reference.name.startswith(prefix):
                found.add(reference.name.split(".")[1])
        for member in function.descendants.attributes:
            if is_call_of("builtins.super", member.value):
                found.add(member.name)
    return found


def is_call_of(qualified: str, expression: Expression) -> bool:
    """Whether an expression is a call of a function by its dotted name."""
    return isinstance(expression, Call) and expression.function.qualified == qualified
