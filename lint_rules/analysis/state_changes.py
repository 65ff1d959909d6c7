"""What one function sets and reads of the state of its process."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from lint_rules.model.code import (
    Assert,
    Assignment,
    BoolOp,
    Call,
    Collection,
    Compare,
    Comprehension,
    Constant,
    Dict,
    Expression,
    Function,
    If,
    IfExp,
    Name,
    Statement,
    Subscript,
    While,
)
from lint_rules.model.memoize import remembered
from lint_rules.model.module import Module

_MARKS = ("chdir(", "seed(", "basicConfig(", "dictConfig(", "fileConfig(", "putenv(")
_SETS_ENVIRONMENT = re.compile(r"environ(\[[^\]\n]*\]\s*=[^=]|\.(update|setdefault)\()")
_GROWING = frozenset(
    "append appendleft extend add update insert setdefault pop popitem remove discard clear".split()
)
_CONTAINERS = frozenset(
    f"{module}.{name}"
    for module, names in (
        ("builtins", ("dict", "list", "set")),
        ("collections", ("defaultdict", "OrderedDict", "Counter", "deque")),
    )
    for name in names
)
_SEEDS = {
    "random.seed": "random.",
    "numpy.random.seed": "numpy.random.",
    "torch.manual_seed": "torch.rand",
}
_NO_DRAW = ("seed", "getstate", "setstate", "get_state", "set_state", "default_rng")
_LOGGING = frozenset({"addHandler", "setLevel"})
_QUIET = frozenset({"info", "debug"})
_LOUD = frozenset({"WARNING", "WARN", "ERROR", "CRITICAL", "FATAL"})


class Key(NamedTuple):
    """A piece of the state of a process.

    Attributes:
        kind: "variable", "environment variable", "working folder", "seed" or "logging
            configuration".
        name: which one: the variable's name, the module of a seed.
    """

    kind: str
    name: str


@dataclass(slots=True)
class Changes:
    """What a function sets and reads, each with the first place.

    Attributes:
        sets: what it sets.
        reads: what it reads and counts on.
        asked: what it reads and can do without.
        kinds: the kinds of state of which it may set anything.
    """

    sets: dict[Key, Expression] = field(default_factory=dict)
    reads: dict[Key, Expression] = field(default_factory=dict)
    asked: set[Key] = field(default_factory=set)
    kinds: set[str] = field(default_factory=set)


@remembered
def marks(module: Module) -> bool:
    """Whether a file may set any such state in its functions."""
    if module.scope.rebound or any(mark in module.code for mark in _MARKS):
        return True
    if "environ" in module.code and _SETS_ENVIRONMENT.search(module.code):
        return True
    return any(_may_change(name, module) for name in module.constants if name in module.references)


def _may_change(name: str, module: Module) -> bool:
    """Whether a file may change a container of its own."""
    value = module.constants[name]
    if not isinstance(value, Dict | Collection | Comprehension | Call):
        return False
    methods = {reference.name.rpartition(".")[2] for reference in module.references[name]}
    return not _GROWING.isdisjoint(methods) or f"{name}[" in module.code


def changes_of(module: Module, function: Function | None) -> Changes:
    """What a function sets and reads; a module's own statements where there is none."""
    found = Changes()
    statements = module.statements if function is None else function.statements
    expressions = [e for s in statements for one in s.expressions for e in one.walk()]
    asked = _asked(statements)
    written = _written(statements)
    for expression in expressions:
        if isinstance(expression, Call):
            _look_at_call(expression, module, function, found)
    for target in written:
        _look_at_target(target, module, found)
    for expression in expressions:
        if expression not in written:
            _look_at_read(expression, module, found)
    for key, at in list(found.reads.items()):
        # What asks first whether it is there does not count on it.
        if at in asked or _is_asked_later(at, statements, asked):
            found.asked.add(key)
    return found


def _look_at_call(call: Call, module: Module, function: Function | None, found: Changes) -> None:
    qualified = call.function.qualified or ""
    given = call.positional
    if qualified in _SEEDS:
        found.sets.setdefault(Key("seed", qualified.rpartition(".")[0]), call)
    elif qualified == "logging.basicConfig":
        if function is None or not _is_loud(call.argument("level")):
            found.sets.setdefault(Key("logging configuration", ""), call)
    elif qualified in ("logging.config.dictConfig", "logging.config.fileConfig"):
        found.sets.setdefault(Key("logging configuration", ""), call)
    elif qualified == "os.chdir":
        folder = Key("working folder", "")
        if folder in found.sets:
            found.kinds.add("working folder")
        found.sets.setdefault(folder, call)
    elif qualified in ("os.environ.setdefault", "os.putenv"):
        _set_variable(given[0] if given else None, call, module, found)
    elif qualified == "os.environ.update":
        found.kinds.add("environment variable")
        for argument in call.arguments:
            if argument.name:
                found.sets.setdefault(Key("environment variable", argument.name), call)
        for key, _ in given[0].items if given and isinstance(given[0], Dict) else ():
            _set_variable(key, call, module, found)
    elif "dotenv" in qualified:
        found.kinds.add("environment variable")
    elif isinstance(call.function, Name):
        owner, _, method = call.function.name.rpartition(".")
        if method in _LOGGING or ("log" in method.lower() and method != "getLogger"):
            found.kinds.add("logging configuration")
        if method in _GROWING and _is_container(owner, call.function, module):
            found.sets.setdefault(Key("variable", owner), call)


def _look_at_target(target: Expression, module: Module, found: Changes) -> None:
    if isinstance(target, Subscript) and isinstance(target.value, Name):
        name = target.value
        if name.qualified == "os.environ":
            _set_variable(target.index[0] if target.index else None, target, module, found)
        elif _is_container(name.name, name, module):
            found.sets.setdefault(Key("variable", name.name), target)
    elif isinstance(target, Name) and target.name in target.scope.globals:
        found.sets.setdefault(Key("variable", target.name), target)


def _look_at_read(expression: Expression, module: Module, found: Changes) -> None:
    match expression:
        case Subscript(value=Name() as owner) if owner.qualified == "os.environ":
            _read_variable(expression.index[0] if expression.index else None, expression, found)
        case Call(function=Name() as function):
            _look_at_reading_call(expression, function, module, found)
        case Name() if expression.context == "load" and expression.qualified is None:
            head = expression.head
            is_known = head in module.constants or head in module.scope.rebound
            if is_known and expression.scope.owner(head) is module.scope:
                method = expression.name.rpartition(".")[2]
                if method not in _GROWING or "." not in expression.name:
                    found.reads.setdefault(Key("variable", head), expression)


def _look_at_reading_call(call: Call, function: Name, module: Module, found: Changes) -> None:
    qualified = function.qualified or ""
    given = call.positional
    if qualified in ("os.environ.get", "os.getenv"):
        _read_variable(given[0] if given else None, call, found)
    elif qualified in ("os.getcwd", "pathlib.Path.cwd"):
        found.reads.setdefault(Key("working folder", ""), call)
    elif function.name.rpartition(".")[2] in _QUIET and _is_logger(function, qualified, module):
        found.reads.setdefault(Key("logging configuration", ""), call)
    else:
        for seeder, prefix in _SEEDS.items():
            name = qualified.removeprefix(seeder.rpartition(".")[0] + ".")
            if qualified.startswith(prefix) and name[:1].islower() and name not in _NO_DRAW:
                found.reads.setdefault(Key("seed", seeder.rpartition(".")[0]), call)


def _is_logger(function: Name, qualified: str, module: Module) -> bool:
    """Whether a method is one of `logging` itself, or of a logger of the file."""
    if qualified or "." not in function.name:
        return qualified.startswith("logging.")
    made = module.known(function.without_last())
    return isinstance(made, Call) and made.function.qualified == "logging.getLogger"


def _set_variable(key: Expression | None, at: Expression, module: Module, found: Changes) -> None:
    name = module.text(key)
    if name is None:
        found.kinds.add("environment variable")
    else:
        found.sets.setdefault(Key("environment variable", name), at)


def _read_variable(key: Expression | None, at: Expression, found: Changes) -> None:
    if isinstance(key, Constant) and key.text is not None:
        found.reads.setdefault(Key("environment variable", key.text), at)


def _is_container(name: str, at: Name, module: Module) -> bool:
    """Whether a name is a list, set or dict of the module itself."""
    value = module.constants.get(name)
    if value is None or at.scope.owner(name) is not module.scope:
        return False
    if isinstance(value, Call):
        return value.function.qualified in _CONTAINERS
    is_tuple = isinstance(value, Collection) and value.kind == "tuple"
    return isinstance(value, Dict | Collection | Comprehension) and not is_tuple


def _is_loud(level: Expression | None) -> bool:
    """Whether `basicConfig` leaves the level as it is without it."""
    if level is None:
        return True
    if isinstance(level, Name):
        return level.name.rpartition(".")[2] in _LOUD
    return isinstance(level, Constant) and level.value in (*_LOUD, 30, 40, 50)


def _written(statements: Iterable[Statement]) -> Mapping[Expression, None]:
    """The targets of assignments."""
    assignments = (s for s in statements if isinstance(s, Assignment) and s.value is not None)
    return {target: None for s in assignments for target, _, _ in s.bindings}


def _asked(statements: Iterable[Statement]) -> frozenset[Expression]:
    """The expressions in tests, and in the operands of `or` and `and`."""
    return frozenset(part for one in _tests(statements) for part in one.walk())


def _tests(statements: Iterable[Statement]) -> Iterator[Expression]:
    for statement in statements:
        if isinstance(statement, If | While):
            yield statement.test
        if isinstance(statement, Assert):
            continue
        for expression in statement.expressions:
            for part in expression.walk():
                if isinstance(part, IfExp):
                    yield part.test
                elif isinstance(part, BoolOp) or (
                    isinstance(part, Compare) and {"in", "not in"} & {*part.operators}
                ):
                    yield part


def _is_asked_later(
    at: Expression, statements: Iterable[Statement], asked: frozenset[Expression]
) -> bool:
    """Whether what is read is assigned to a variable that a test asks about."""
    tested = {part.name for part in asked if isinstance(part, Name)}
    for statement in statements:
        if isinstance(statement, Assignment) and statement.value is not None:
            names = {t.name for t in statement.targets if isinstance(t, Name)}
            if names & tested and any(part is at for part in statement.value.walk()):
                return True
    return False
