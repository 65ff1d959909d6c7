"""A flow's test mode: the parameter that makes it run quickly, and its default."""

from __future__ import annotations

from lint_rules.model.code import (
    Call,
    Compare,
    Constant,
    Expression,
    Function,
    Lambda,
    Name,
    Return,
    UnaryOp,
)
from lint_rules.model.flow import Flow, Parameter
from lint_rules.model.module import Module
from lint_rules.model.scope import metaflow_name

ATTRIBUTE, NAME = "test_mode", "test-mode"

_OTHER_SPELLINGS = frozenset(
    [
        "test",
        "testmode",
        "testing",
        "istest",
        "testrun",
        "runtest",
        "istestmode",
        "intest",
    ]
)


def test_mode(flow: Flow) -> Parameter | None:
    """The flow's test-mode parameter, own or inherited, however it is spelled."""
    candidates = [p for p in flow.all_parameters if p.kind == "Parameter"]
    for parameter in candidates:
        if parameter.attribute == ATTRIBUTE or parameter.name == NAME:
            return parameter
    for parameter in candidates:
        if {
            _letters(parameter.attribute),
            _letters(parameter.name or ""),
        } & _OTHER_SPELLINGS:
            return parameter
    return None


def _letters(name: str) -> str:
    return name.replace("-", "").replace("_", "").lower()


def result(module: Module, default: Expression) -> Expression | None:
    """What a parameter's callable default returns, where the repository shows it.

    Of a lambda its body, of a function of the module the value of its only `return`.
    """
    default = module.known(default) or default
    if isinstance(default, Lambda):
        return default.body
    if isinstance(default, Name) and default.qualified is None:
        function = module.functions.get(default.name)
        return _returned(function) if function else None
    if isinstance(default, Name) and default.qualified is not None:
        found = module.resolver.definition(default.qualified)
        if found and isinstance(found[1], Function):
            return _returned(found[1])
    return None


def default_parts(flow: Flow) -> list[Expression]:
    """The code of the test mode's default, which asks about production for itself alone."""
    parameter = test_mode(flow)
    if parameter is None:
        return []
    returned = result(parameter.module, parameter.default) if parameter.default else None
    return [parameter.call, returned] if returned else [parameter.call]


def _returned(function: Function) -> Expression | None:
    returns = [s for s in function.statements if isinstance(s, Return)]
    return returns[0].value if len(returns) == 1 else None


def is_not_production(expression: Expression) -> bool:
    """Whether an expression is the logical not of `current.is_production`."""
    if isinstance(expression, UnaryOp):
        return expression.operator == "not" and _is_production(expression.operand)
    if not isinstance(expression, Compare) or not _is_production(expression.left):
        return False
    compared = [c.value for c in expression.comparators if isinstance(c, Constant)]
    return (*expression.operators, *compared) in {
        ("is", False),
        ("==", False),
        ("is not", True),
        ("!=", True),
    }


def _is_production(expression: Expression) -> bool:
    """Whether an expression is `current.is_production`, or asks for it by `get` or `getattr`."""
    if isinstance(expression, Name):
        owner, _, name = (expression.qualified or "").rpartition(".")
        return name == "is_production" and metaflow_name(owner) == "current"
    if isinstance(expression, Call):
        if expression.function.qualified == "builtins.getattr":
            asked = expression.positional[1:2]
        elif (expression.function.qualified or "").endswith("current.get"):
            asked = expression.positional[:1]
        elif expression.function.qualified == "builtins.bool":
            return any(_is_production(value) for value in expression.positional)
        else:
            return False
        return any(isinstance(a, Constant) and a.text == "is_production" for a in asked)
    return False
