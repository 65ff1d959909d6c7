"""What an expression says before anything runs: the texts of names, f-strings and configs.

A name is followed to the one assignment that gives it its value, in the function, the module or
another module of the repository; a `Config` is known by its default.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import TYPE_CHECKING

from lint_rules.model.code import (
    Assignment,
    Call,
    Class,
    Expression,
    Literal,
    Mapping,
    Member,
    Operation,
    Reference,
    Subscript,
    Template,
)
from lint_rules.model.scope import metaflow_name

if TYPE_CHECKING:
    from lint_rules.model.flow import Flow, Parameter
    from lint_rules.model.module import Module

_MOST_STEPS = 20
"""How many names are followed for one text: a chain that is longer may be a circle."""

Known = tuple[Expression, "Module"]
"""An expression, and the module in which its names mean something."""


def known(
    expression: Expression, module: Module, flow: Flow | None = None, steps: int = _MOST_STEPS
) -> Known:
    """What an expression stands for, as far as names and configs lead: in the end itself.

    Args:
        expression: the expression.
        module: the module that it stands in.
        flow: the flow whose configs it may speak of.
        steps: how many more names are followed.
    """
    found = _behind(expression, module, flow, steps) if steps else None
    return known(*found, flow, steps - 1) if found else (expression, module)


def text_of(
    expression: Expression | None,
    module: Module,
    flow: Flow | None = None,
    steps: int = _MOST_STEPS,
) -> str | None:
    """The text that an expression is, `None` where that is not to be seen. Arguments as `known`."""
    if expression is None or not steps:
        return None
    value, where = known(expression, module, flow, steps)
    match value:
        case Literal():
            return value.text
        case Template():
            pieces = (_piece(piece, where, flow, steps - 1) for piece in value.pieces)
            return _together(pieces)
        case Operation(operator="Add"):
            operands = (text_of(one, where, flow, steps - 1) for one in value.operands)
            return _together(operands)
    given = _from_config(value, where, flow)
    return given if isinstance(given, str) else None


def _piece(piece: str | Expression, module: Module, flow: Flow | None, steps: int) -> str | None:
    if isinstance(piece, Expression):
        return text_of(piece, module, flow, steps)
    # What is escaped in the source reads otherwise.
    return None if any(mark in piece for mark in "{}\\") else piece


def _together(pieces: Iterable[str | None]) -> str | None:
    found = list(pieces)
    return None if None in found else "".join(piece for piece in found if piece)


def _behind(expression: Expression, module: Module, flow: Flow | None, steps: int) -> Known | None:
    """What a name or an item of a dict is, one step on."""
    if isinstance(expression, Subscript):
        of, where = known(expression.of, module, flow, steps - 1)
        key = text_of(expression.index[0], module, flow, steps - 1) if expression.index else None
        item = _item(of, key) if key is not None else None
        return (item, where) if item is not None else _config_default(expression, module, flow)
    if isinstance(expression, Reference):
        return _named(expression, module) or _config_default(expression, module, flow)
    if isinstance(expression, Member | Call):
        return _config_default(expression, module, flow)
    return None


def _named(reference: Reference, module: Module) -> Known | None:
    if reference.qualified is not None:
        return module.resolver.constant(reference.qualified)
    head, _, rest = reference.name.partition(".")
    owner = reference.scope.owner(head)
    if owner is None or owner is module.scope:
        value = module.constants.get(head)
        if value is not None and not rest:
            return value, module
        found = next((d for d in module.definitions if d.name == head), None)
        inner = class_constant(found, rest) if isinstance(found, Class) else None
        return (inner, module) if inner is not None else None
    if rest:
        return None
    function = module.function_of_scope(owner)
    bindings = function.locals.get(head, ()) if function else ()
    is_parameter = function is not None and any(p.name == head for p in function.parameters)
    if len(bindings) == 1 and not bindings[0].path and not is_parameter:
        binding = bindings[0]
        if isinstance(binding.statement, Assignment) and binding.source is not None:
            return binding.source, module
    return None


def class_constant(owner: Class, name: str) -> Expression | None:
    """What a class body gives a name, of an `Enum` also as `NAME.value`."""
    name = name.removesuffix(".value")
    values = [
        statement.value
        for statement in owner.statements
        if isinstance(statement, Assignment)
        for target in statement.targets
        if isinstance(target, Reference) and target.name == name
    ]
    return values[0] if len(values) == 1 else None


def _item(of: Expression, key: str) -> Expression | None:
    """The value of a key in a dict display."""
    for name, value in of.items if isinstance(of, Mapping) else ():
        if isinstance(name, Literal) and name.text == key:
            return value
    return None


# Configs


def _config_default(expression: Expression, module: Module, flow: Flow | None) -> Known | None:
    """What the default of a `Config` that is written as a dict says."""
    found = _config_path(expression, module, flow)
    if found is None:
        return None
    config, path = found
    default = config.call.argument("default_value")
    if default is None or not path:
        return None
    value, where = known(default, config.module)
    for key in path:
        item = _item(value, key)
        if item is None:
            return None
        value, where = known(item, where)
    return value, where


def _from_config(expression: Expression, module: Module, flow: Flow | None) -> object:
    """What the default of a `Config` that is JSON, in a text or a file, says."""
    found = _config_path(expression, module, flow)
    if found is None:
        return None
    config, path = found
    if config.call.argument("parser") is not None:
        return None
    content = text_of(config.call.argument("default_value"), config.module)
    file = text_of(config.default, config.module)
    if content is None and file is not None:
        content = config.module.resolver.text_of_file(file)
    try:
        value = json.loads(content) if content is not None else None
    except (ValueError, RecursionError):
        return None
    for key in path:
        value = value.get(key) if isinstance(value, dict) else None
    return value


def _config_path(
    expression: Expression, module: Module, flow: Flow | None
) -> tuple[Parameter, list[str]] | None:
    """The config that an expression reads, and the keys on the way: of `config.events.papers`,
    `self.config["events"]["papers"]` and `config_expr("config.events").papers`."""
    if flow is None:
        return None
    path = _path(expression, module)
    configs = [p for p in flow.all_parameters if p.kind == "Config"]
    for start in (0, 1):
        for config in configs if len(path) > start else ():
            if path[start] in (config.attribute, config.name):
                return config, path[start + 1 :]
    return None


def _path(expression: Expression, module: Module) -> list[str]:
    """The names on the way to an expression, none where it is no such way."""
    match expression:
        case Reference() if expression.qualified is None:
            return expression.name.split(".")
        case Member():
            before = _path(expression.of, module)
            return [*before, expression.name] if before else []
        case Subscript(index=(Literal() as key,)) if key.text is not None:
            before = _path(expression.of, module)
            return [*before, key.text] if before else []
        case Call() if metaflow_name(expression.function.qualified) == "config_expr":
            given = expression.argument("expr", 0)
            written = given.text if isinstance(given, Literal) else None
            if written and all(part.isidentifier() for part in written.split(".")):
                return written.split(".")
    return []
