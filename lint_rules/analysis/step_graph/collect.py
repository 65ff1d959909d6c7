"""The steps of a flow, its own and inherited ones, as far as its classes can be read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

from lint_rules.analysis.stdlib import STDLIB
from lint_rules.analysis.step_graph.decorators import (
    Effect,
    effect_on_method,
    is_harmless,
    leaves_class_alone,
)
from lint_rules.analysis.step_graph.nodes import Node, Steps, in_order
from lint_rules.analysis.step_graph.transitions import inner_transitions, next_of
from lint_rules.model.code import (
    Assignment,
    Call,
    Class,
    Constant,
    Decorator,
    Expr,
    Expression,
    Function,
    If,
    Import,
    Name,
    Pass,
    Statement,
)
from lint_rules.model.flow import Flow
from lint_rules.model.memoize import remembered
from lint_rules.model.module import Module
from lint_rules.model.scope import metaflow_name


def collect(flow: Flow) -> Steps | None:
    """The steps of a flow, `None` if what its classes hold cannot be known."""
    if not flow.knows_its_bases or not all(_is_known(owner) for owner in flow.lineage):
        return None
    nodes: dict[str, Node] = {}
    methods: dict[str, tuple[Flow, Function]] = {}
    shadowed: list[tuple[Function, Function]] = []
    taken: set[str] = set()
    mutated = any(_has_mutator(owner) for owner in flow.lineage)
    for owner in flow.lineage:
        bound = _bound(owner.definition)
        for name, functions in bound.items():
            last = functions[-1]
            node = _node(last, owner, mutated) if last is not None else None
            shadowed += _shadowed(functions, owner)
            if name in taken:
                continue
            if node is not None:
                nodes[name] = node
            elif last is not None:
                methods[name] = (owner, last)
        taken |= bound.keys()
    return Steps({name: nodes[name] for name in in_order(nodes)}, methods, tuple(shadowed))


def _bound(definition: Class) -> dict[str, list[Function | None]]:
    """What a class binds to each name, in order: methods, and `None` for anything else."""
    found: dict[str, list[Function | None]] = {}
    for statement in definition.body:
        if isinstance(statement, Function):
            found.setdefault(statement.name, []).append(statement)
        else:
            for name in _bound_by(statement):
                found.setdefault(name, []).append(None)
    return found


def _bound_by(statement: Statement) -> Iterator[str]:
    if isinstance(statement, Class):
        yield statement.name
    if isinstance(statement, Import):
        yield from (name.bound for name in statement.names)
    for nested in statement.walk():
        for target, _, _ in nested.bindings:
            if isinstance(target, Name):
                yield target.name


def _shadowed(functions: list[Function | None], owner: Flow) -> Iterator[tuple[Function, Function]]:
    """The steps among methods of one name that are defined again."""
    for first, second in pairwise(functions):
        if first is None or second is None:
            continue
        effects = _effects(first, owner.module)
        if Effect.STEP in effects and Effect.UNKNOWN not in effects:
            yield first, second


def _node(function: Function, owner: Flow, mutated: bool) -> Node | None:
    """The step that a method is, `None` if it is none."""
    effects = _effects(function, owner.module)
    is_step = Effect.STEP in effects
    if not is_step and Effect.UNKNOWN not in effects:
        return None
    is_opaque = Effect.UNKNOWN in effects or (is_step and Effect.NO_STEP in effects)
    is_parallel: bool | None = Effect.PARALLEL in effects
    if not is_parallel and (mutated or Effect.MAY_BE_PARALLEL in effects):
        is_parallel = None
    marks = [d for d in function.decorators if metaflow_name(d.qualified) == "step"]
    return Node(
        function.name,
        function,
        owner,
        len(function.plain_parameters),
        next_of(function),
        tuple(inner_transitions(function)),
        is_start=any(_is_marked(decorator, "start") for decorator in marks[:1]),
        is_end=any(_is_marked(decorator, "end") for decorator in marks[:1]),
        is_parallel=is_parallel,
        is_opaque=is_opaque,
    )


def _effects(function: Function, module: Module) -> list[Effect]:
    return [effect_on_method(decorator, module) for decorator in function.decorators]


def _is_marked(decorator: Decorator, argument: str) -> bool:
    value = decorator.argument(argument)
    return isinstance(value, Constant) and bool(value.value)


def _has_mutator(owner: Flow) -> bool:
    """Whether a class has a decorator that may add others to its steps."""
    return any(metaflow_name(d.qualified) is None for d in owner.decorators)


@remembered
def _is_known(owner: Flow) -> bool:
    """Whether a class holds what its body says, and nothing else."""
    definition, module = owner.definition, owner.module
    if any(keyword.name == "metaclass" or keyword.star for keyword in definition.keywords):
        return False
    if not all(leaves_class_alone(decorator, module) for decorator in definition.decorators):
        return False
    if not all(_is_plain(statement, definition, module) for statement in definition.body):
        return False
    return not _is_changed_elsewhere(owner)


_HOOKS = ("__init_subclass__", "__class_getitem__", "__getattr__")


def _is_plain(statement: Statement, definition: Class, module: Module) -> bool:
    """Whether a statement of a class body certainly makes no step but a method that is one."""
    match statement:
        case Function():
            return statement.name not in _HOOKS
        case Class() | Pass():
            return True
        case Import():
            return _brings_no_step(statement)
        case Expr():
            return isinstance(statement.value, Constant)
        case Assignment():
            named = all(isinstance(t, Name) and "." not in t.name for t in statement.targets)
            return named and (
                statement.value is None or _is_no_step(statement.value, definition, module)
            )
        case If():
            nested = [inner for body in statement.blocks for inner in body]
            return all(
                isinstance(inner, Assignment | Pass | Expr | Import)
                and _is_plain(inner, definition, module)
                for inner in nested
            )
    return False


def _brings_no_step(statement: Import) -> bool:
    """Whether an import in a class body brings modules, or names of Python's or Metaflow's."""
    if not statement.is_from:
        return True
    known = not statement.level and statement.packages() <= {"metaflow", *STDLIB}
    return known and not statement.is_star and all(n.name != "step" for n in statement.names)


def _is_no_step(value: Expression, definition: Class, module: Module) -> bool:
    """Whether what a class attribute is given is certainly no step."""
    methods = {function.name for function in definition.functions}
    for part in value.walk():
        if isinstance(part, Call) and not _makes_no_step(part, module):
            return False
        if isinstance(part, Name) and (part.head in methods or _may_be_step(part, module)):
            return False
    return True


def _may_be_step(reference: Name, module: Module) -> bool:
    """Whether a name may be a function under `@step`, or an attribute of a flow."""
    qualified = reference.qualified
    if qualified is not None:
        found = None if is_harmless(qualified, module) else module.resolver.definition(qualified)
        return found is not None and bool(found[1].decorators)
    function = module.functions.get(reference.name)
    return reference.head in module.classes or bool(function and function.decorators)


def _makes_no_step(call: Call, module: Module) -> bool:
    if call.function.qualified is not None:
        if is_harmless(call.function.qualified, module):
            return True
        found = module.resolver.definition(call.function.qualified)
        return found is not None and _speaks_of_no_step(found[0])
    if isinstance(call.function, Name) and "." not in call.function.name:
        return _speaks_of_no_step(module, call)
    return True


def _speaks_of_no_step(module: Module, call: Call | None = None) -> bool:
    """Whether the functions of a module never use `@step`, so that none can make one."""
    if call is not None and isinstance(call.function, Name):
        function = module.functions.get(call.function.name)
        if function is None:
            return call.function.name in module.classes
        names = {reference.qualified for reference in function.descendants.names}
        return not any(metaflow_name(name) == "step" for name in names)
    return "metaflow.step" not in module.scope.imports.values()


def _is_changed_elsewhere(owner: Flow) -> bool:
    """Whether the file sets attributes of the class outside of it, or may do so."""
    module, name = owner.module, owner.name
    if _definitions(module)[name] > 1 or name in _changed(module):
        return True
    return any(not _sets_on_self(call) for call in module.calls_of_setattr)


@remembered
def _definitions(module: Module) -> Counter[str]:
    """How often a file defines each name."""
    return Counter(definition.name for definition in module.definitions)


@remembered
def _changed(module: Module) -> frozenset[str]:
    """The names that a file assigns or deletes, themselves or attributes of theirs."""
    return frozenset(r.head for r in module.descendants.names if r.context != "load")


def _sets_on_self(call: Call) -> bool:
    target = call.argument("obj", 0)
    return isinstance(target, Name) and target.name == "self"
