"""Statements that only tell people something."""

from __future__ import annotations

from lint_rules.model.code import Assignment, Attribute, Call, Expr, Expression, Name, Statement

_OUTPUT_OWNERS = frozenset(
    ["logging", "logger", "log", "_logger", "_log", "console", "warnings", "loguru", "pprint"]
)
_OUTPUT_METHODS = frozenset(
    [
        "add",
        "addFilter",
        "addHandler",
        "basicConfig",
        "critical",
        "debug",
        "disable",
        "error",
        "exception",
        "filterwarnings",
        "getLogger",
        "info",
        "log",
        "pprint",
        "print",
        "remove",
        "rule",
        "setFormatter",
        "setLevel",
        "simplefilter",
        "success",
        "trace",
        "warn",
        "warning",
    ]
)
_GIVING = (Expr, Assignment)
_NAMED = (Name, Attribute)
_OUTPUT_FUNCTIONS = frozenset({"print", "pprint", "echo", "display"})
_OUTPUT = _OUTPUT_FUNCTIONS | _OUTPUT_METHODS


def is_output(statement: Statement) -> bool:
    """Whether a statement only tells people something: it prints, logs, or sets up a logger."""
    if not isinstance(statement, _GIVING) or not isinstance(statement.value, Call):
        return False
    function = statement.value.function
    if not isinstance(function, _NAMED) or function.name.rpartition(".")[2] not in _OUTPUT:
        return False
    is_alone = isinstance(statement, Expr)
    path = _path(function)
    name = path[-1]
    if len(path) == 1:
        return is_alone and name in _OUTPUT_FUNCTIONS
    owner = path[-2] if len(path) > 1 else ""
    if name == "getLogger" or (owner.lower() in _OUTPUT_OWNERS and name in _OUTPUT_METHODS):
        return True
    return is_alone and name in _OUTPUT_FUNCTIONS


def _path(function: Expression) -> tuple[str, ...]:
    """The names of a called attribute: `self.logger.info` gives `self`, `logger`, `info`."""
    names: list[str] = []
    while isinstance(function, Attribute):
        names.append(function.name)
        owner = function.value
        function = owner.function if isinstance(owner, Call) else owner
    if isinstance(function, Name):
        return (*function.name.split("."), *reversed(names))
    return ("", *reversed(names))
