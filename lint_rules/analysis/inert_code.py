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

_RUN_BY_CLASSES = frozenset({"__init_subclass__", "__set_name__", "__prepare__"})
"""Methods that run when a class is defined."""

_BASES = ("abc.", "enum.", "typing.", "builtins.", "metaflow.", "pydantic.", "dataclasses.")
_LEVELS = frozenset("debug info warning warn error exception critical log".split())
_LOGGERS = frozenset({"log", "logger", "logging", "_log", "_logger", "LOG", "LOGGER"})


class InertCode:
    """Says which code certainly does not matter to an import after it.

    Args:
        self_name: the first parameter of the method that the code stands in: its attributes may be
            set.
        computed: the attributes of it that run code when they are read or set.
    """

    def __init__(self, self_name: str = "", computed: frozenset[str] = frozenset()) -> None:
        self._self_name = self_name
        self._computed = computed

    def statements(self, statements: Iterable[Statement]) -> bool:
        """Whether none of some statements matters."""
        return all(self.statement(statement) for statement in statements)

    def statement(self, statement: Statement) -> bool:
        """Whether a statement does not matter."""
        match statement:
            case Import() | Pass() | Global() | Nonlocal():
                return True
            case Expr():
                return self.expression(statement.value)
            case Assignment():
                given = (statement.value, statement.annotation)
                return all(map(self._is_own_target, statement.targets)) and all(
                    self.expression(one) for one in given if one is not None
                )
            case If() | For():
                return all(map(self.expression, statement.expressions)) and all(
                    map(self.statements, statement.blocks)
                )
            case Function():
                defaults = (p.default for p in statement.parameters if p.default is not None)
                return self._has_inert_decorators(statement) and all(map(self.expression, defaults))
            case Class():
                return (
                    all(map(_is_plain_base, statement.bases))
                    and not statement.keywords
                    and not any(f.name in _RUN_BY_CLASSES for f in statement.functions)
                    and self._has_inert_decorators(statement)
                    and InertCode().statements(statement.body)
                )
        return False

    def expression(self, expression: Expression) -> bool:
        """Whether to evaluate an expression does not matter."""
        return all(map(self._is_inert_part, expression.walk()))

    def _is_inert_part(self, part: Expression) -> bool:
        match part:
            case Await() | Yield() | YieldFrom() | NamedExpr():
                return False
            case Call():
                return _is_inert_call(part)
            case Name():
                owner, _, attribute = part.name.partition(".")
                is_own = bool(self._self_name) and owner == self._self_name
                return not (is_own and attribute.partition(".")[0] in self._computed)
        return True

    def _is_own_target(self, target: Expression) -> bool:
        """Whether an assignment changes nothing but a variable or an attribute of `self`."""
        if isinstance(target, Name):
            owner, _, _ = target.name.rpartition(".")
            return (not owner or owner == self._self_name) and self._is_inert_part(target)
        parts = list(target.walk())
        return not any(isinstance(part, Attribute | Subscript | Call) for part in parts) and all(
            self._is_own_target(part) for part in parts if isinstance(part, Name)
        )

    def _has_inert_decorators(self, definition: Function | Class) -> bool:
        for decorator in definition.decorators:
            qualified = decorator.qualified or ""
            if metaflow_name(qualified) is None and qualified not in _DECORATORS:
                return False
            if decorator.call and not all(map(self.expression, decorator.call.parts[1:])):
                return False
        return True


def _is_plain_base(base: Expression) -> bool:
    """Whether to derive from a class runs no code of the repository's or another package's."""
    if isinstance(base, Subscript):
        base = base.value
    if not isinstance(base, Name):
        return False
    # A class of the same file is looked at where it stands.
    return base.qualified is None or base.qualified.startswith(_BASES)


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
