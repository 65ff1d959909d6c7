"""Which artifacts a join reads from its inputs: `inputs[0].x`, `for one in inputs: one.x` …"""

from __future__ import annotations

from collections.abc import Container, Iterator

from lint_rules.model.code import (
    Attribute,
    Call,
    Collection,
    Comprehension,
    Expression,
    Function,
    Lambda,
    Name,
)


def read_from_inputs(function: Function, inputs: str, artifacts: Container[str]) -> tuple[str, ...]:
    """The artifacts that a join's code reads from its inputs, in order.

    Args:
        function: the join.
        inputs: the name of the parameter that takes the inputs.
        artifacts: those that the inputs may have.
    """
    expressions = [
        expression
        for statement in function.statements
        for outer in statement.expressions
        for expression in outer.walk()
    ]
    names = _holders(function, inputs, expressions, artifacts)
    found = (_read(expression, names, artifacts) for expression in expressions)
    return tuple(dict.fromkeys(name for name in found if name is not None))


def _holders(
    function: Function, inputs: str, expressions: list[Expression], artifacts: Container[str]
) -> set[str]:
    """The local names that hold the inputs or one of them."""
    names = {inputs}
    size = 0
    while size != len(names):
        size = len(names)
        for name, bindings in function.locals.items():
            if any(_gives_input(binding.source, names, artifacts) for binding in bindings):
                names.add(name)
        for expression in expressions:
            if isinstance(expression, Comprehension):
                for clause in expression.generators:
                    if _gives_input(clause.iterable, names, artifacts):
                        names.update(_targets(clause.target))
            elif isinstance(expression, Call):
                lambdas = [a.value for a in expression.arguments if isinstance(a.value, Lambda)]
                if lambdas and _gives_input(expression, names, artifacts):
                    names.update(p.name for one in lambdas for p in one.parameters)
    return names


def _targets(target: Expression) -> Iterator[str]:
    items = target.items if isinstance(target, Collection) else (target,)
    for item in items:
        if isinstance(item, Name) and item.context == "store":
            yield item.name


def _gives_input(source: Expression | None, names: set[str], artifacts: Container[str]) -> bool:
    """Whether an expression may be an input, or several: it holds one, and not merely a part."""
    parts = list(_outside_lambdas(source)) if source is not None else []
    return any(isinstance(part, Name) and part.head in names for part in parts) and not any(
        _read(part, names, artifacts) for part in parts
    )


def _outside_lambdas(expression: Expression) -> Iterator[Expression]:
    yield expression
    if not isinstance(expression, Lambda):
        for part in expression.parts:
            yield from _outside_lambdas(part)


def _read(expression: Expression, names: set[str], artifacts: Container[str]) -> str | None:
    """The artifact of an input that an expression reads."""
    if isinstance(expression, Name):
        head, *rest = expression.name.split(".")
        return next((name for name in rest if name in artifacts), None) if head in names else None
    if isinstance(expression, Attribute) and expression.name in artifacts:
        holds = any(
            isinstance(part, Name) and part.head in names
            for part in _outside_lambdas(expression.value)
        )
        return expression.name if holds else None
    return None
