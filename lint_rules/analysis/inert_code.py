"""Code that certainly does not matter to an import after it: constants, definitions, log lines.

Whatever is not named here may matter. It may change what the import finds (`sys.path`), what the
module does when it is imported (an environment variable, a patch, a seed), or whether it is
imported at all (`return`).
"""

from __future__ import annotations

from collections.abc import Iterable

from lint_rules.model.code import (
    Assignment,
    Attribute,
    Await,
    Call,
    Class,
    Constant,
    Expr,
    Expression,
    For,
    Function,
    Global,
    If,
    Import,
    Name,
    NamedExpr,
    Nonlocal,
    Pass,
    Statement,
    Subscript,
    Yield,
    YieldFrom,
)
from lint_rules.model.scope import metaflow_name

_PURE = frozenset(
    "builtins." + name
    for name in "abs all any bool bytearray bytes chr complex dict divmod enumerate float format "
    "frozenset hex int isinstance issubclass len list max min object oct ord pow range repr "
    "reversed round set slice sorted str sum tuple type zip print property super".split()
) | frozenset(
    {
        "json.dumps",
        "json.loads",
        "logging.getLogger",
        "os.environ.get",
        "os.getcwd",
        "os.getenv",
        "os.path.abspath",
        "os.path.basename",
        "os.path.dirname",
        "os.path.exists",
        "os.path.join",
        "pathlib.Path",
        "re.compile",
        "functools.partial",
        "datetime.date",
        "datetime.timedelta",
        "typing.TypeVar",
        "typing.NewType",
        "typing.cast",
    }
)
"""What may be called: it changes nothing that an import can see, and takes no time to speak of."""

_PURE_MODULES = ("collections.", "itertools.", "math.", "statistics.", "string.", "decimal.")

_DECORATORS = frozenset(
    {
        "abc.abstractmethod",
        "builtins.classmethod",
        "builtins.property",
        "builtins.staticmethod",
        "contextlib.contextmanager",
        "dataclasses.dataclass",
        "functools.cache",
        "functools.cached_property",
        "functools.lru_cache",
        "functools.wraps",
        "typing.overload",
    }
)
"""Decorators that only make something of what they are given."""

_CLASS_CALLS = frozenset({"Parameter", "Config", "IncludeFile", "config_expr"})
"""What a flow's class body may call of Metaflow's."""

_BASES = ("abc.", "enum.", "typing.", "builtins.", "metaflow.", "pydantic.", "dataclasses.")
_LEVELS = frozenset("debug info warning warn error exception critical log".split())
_LOGGERS = frozenset({"log", "logger", "logging", "_log", "_logger", "LOG", "LOGGER"})


def is_inert(statement: Statement, self_name: str = "") -> bool:
    """Whether a statement certainly does not matter to an import that runs after it.

    Args:
        statement: the statement.
        self_name: the first parameter of the method it stands in: its attributes may be set.
    """
    match statement:
        case Import() | Pass() | Global() | Nonlocal():
            return True
        case Expr():
            return is_inert_expression(statement.value)
        case Assignment():
            return all(_is_own_target(t, self_name) for t in statement.targets) and all(
                is_inert_expression(e)
                for e in (statement.value, statement.annotation)
                if e is not None
            )
        case If() | For():
            inner = (nested for block in statement.blocks for nested in block)
            return all(map(is_inert_expression, statement.expressions)) and all(
                is_inert(nested, self_name) for nested in inner
            )
        case Function():
            return _is_inert_definition(statement)
        case Class():
            bases = all(_is_plain_base(base) for base in statement.bases)
            inner = (nested for nested in statement.body)
            return (
                bases
                and _is_inert_definition(statement)
                and not statement.keywords
                and all(is_inert(nested) for nested in inner)
            )
    return False


def are_inert(statements: Iterable[Statement], self_name: str = "") -> bool:
    """Whether none of some statements matters to an import that runs after them."""
    return all(is_inert(statement, self_name) for statement in statements)


def _is_own_target(target: Expression, self_name: str) -> bool:
    """Whether an assignment changes nothing but a variable or an attribute of `self`."""
    if isinstance(target, Name):
        owner, _, _ = target.name.rpartition(".")
        return not owner or owner == self_name
    parts = [part for part in target.walk() if isinstance(part, Attribute | Subscript | Call)]
    names = [part for part in target.walk() if isinstance(part, Name)]
    return not parts and all(_is_own_target(name, self_name) for name in names)


def _is_inert_definition(definition: Function | Class) -> bool:
    defaults = (
        [p.default for p in definition.parameters] if isinstance(definition, Function) else []
    )
    return all(_is_inert_decorator(d.qualified, d.call) for d in definition.decorators) and all(
        is_inert_expression(default) for default in defaults if default is not None
    )


def _is_inert_decorator(qualified: str | None, call: Call | None) -> bool:
    if qualified is None:
        return False
    known = metaflow_name(qualified) is not None or qualified in _DECORATORS
    return known and (call is None or all(map(is_inert_expression, call.parts[1:])))


def _is_plain_base(base: Expression) -> bool:
    """Whether to derive from a class runs no code of the repository's or another package's."""
    if isinstance(base, Subscript):
        base = base.value
    if not isinstance(base, Name):
        return False
    # A class of the same file is looked at where it stands.
    return base.qualified is None or base.qualified.startswith(_BASES)


def is_inert_expression(expression: Expression) -> bool:
    """Whether to evaluate an expression certainly does not matter to a later import."""
    return all(_is_inert_part(part) for part in expression.walk())


def _is_inert_part(part: Expression) -> bool:
    if isinstance(part, Await | Yield | YieldFrom | NamedExpr):
        return False
    return not isinstance(part, Call) or _is_inert_call(part)


def _is_inert_call(call: Call) -> bool:
    function = call.function
    if isinstance(function, Attribute):
        # A method of a text or a display, or of the result of a call that is looked at too.
        return isinstance(function.value, Constant) or _is_log_line(function)
    qualified = function.qualified
    if qualified is None:
        return isinstance(function, Name) and _is_log_line(function)
    if qualified in _PURE or qualified.startswith(_PURE_MODULES):
        # `sorted(papers, key=rank)` calls what is not looked at.
        return call.argument("key") is None
    if metaflow_name(qualified) in _CLASS_CALLS:
        return True
    return qualified.startswith("logging.") and qualified.rpartition(".")[2] in _LEVELS


def _is_log_line(function: Name | Attribute) -> bool:
    """Whether this is the method of a logger: `logger.info`."""
    if isinstance(function, Attribute):
        owner = function.value
        is_logger = isinstance(owner, Call) and owner.function.qualified == "logging.getLogger"
        return is_logger and function.name in _LEVELS
    *owners, method = function.name.split(".")
    return bool(owners) and owners[-1] in _LOGGERS and method in _LEVELS
