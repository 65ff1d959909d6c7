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
    Attribute,
    BinOp,
    Call,
    Class,
    Constant,
    Dict,
    Expression,
    FormattedValue,
    JoinedStr,
    Name,
    Subscript,
)
from lint_rules.model.memoize import remembered
from lint_rules.model.scope import metaflow_name

if TYPE_CHECKING:
    from lint_rules.analysis.imports import ImportResolver
    from lint_rules.model.flow import Flow, Parameter
    from lint_rules.model.module import Module

_MOST_STEPS = 20
"""How many names are followed for one text: a chain that is longer may be a circle."""

_TEXTS = "the module's code"

LONGEST = 20_000
"""Characters of a text that is put together; names, commands and queries are shorter."""

_TOML_PARSERS = ("tomllib.loads", "tomli.loads", "toml.loads")

DEEPEST_PATH = 50
"""Items and attributes on the way to a config's value."""

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
    if not steps:
        return expression, module
    # An answer depends on all of these: how many steps are left says where a chain is cut.
    key = expression, flow, steps
    if key not in module.known_expressions:
        found = _behind(expression, module, flow, steps) if module.budget.spend(on=_TEXTS) else None
        here = expression, module
        module.known_expressions[key] = known(*found, flow, steps - 1) if found else here
    return module.known_expressions[key]


def text_of(
    expression: Expression | None,
    module: Module,
    flow: Flow | None = None,
    steps: int = _MOST_STEPS,
) -> str | None:
    """The text that an expression is, `None` if that is not to be seen. Arguments as `known`."""
    if expression is None or not steps:
        return None
    key = expression, flow, steps
    if key not in module.known_texts:
        module.known_texts[key] = _text_of(expression, module, flow, steps)
    return module.known_texts[key]


def _text_of(expression: Expression, module: Module, flow: Flow | None, steps: int) -> str | None:
    if not module.budget.spend(on=_TEXTS):
        return None
    value, where = known(expression, module, flow, steps)
    match value:
        case Constant():
            return value.text
        case JoinedStr():
            pieces = (_piece(piece, where, flow, steps - 1) for piece in value.values)
            return _together(pieces)
        case BinOp(operator="+"):
            operands = (text_of(one, where, flow, steps - 1) for one in value.operands)
            return _together(operands)
    given = _from_config(value, where, flow)
    return given if isinstance(given, str) else None


def _piece(
    piece: str | FormattedValue, module: Module, flow: Flow | None, steps: int
) -> str | None:
    if isinstance(piece, str):
        return piece
    return text_of(piece.value, module, flow, steps) if piece.is_plain else None


def _together(pieces: Iterable[str | None]) -> str | None:
    found: list[str] = []
    length = 0
    for piece in pieces:
        if piece is None:
            return None
        length += len(piece)
        if length > LONGEST:
            return None
        found.append(piece)
    return "".join(found)


def _behind(expression: Expression, module: Module, flow: Flow | None, steps: int) -> Known | None:
    """What a name or an item of a dict is, one step on."""
    if isinstance(expression, Subscript):
        of, where = known(expression.value, module, flow, steps - 1)
        key = text_of(expression.index[0], module, flow, steps - 1) if expression.index else None
        item = _item(of, key, where) if key is not None else None
        return (item, where) if item is not None else _config_default(expression, module, flow)
    if isinstance(expression, Name):
        return _named(expression, module) or _config_default(expression, module, flow)
    if isinstance(expression, Attribute | Call):
        return _config_default(expression, module, flow)
    return None


def _named(reference: Name, module: Module) -> Known | None:
    if reference.qualified is not None:
        return module.resolver.constant(reference.qualified)
    head, _, rest = reference.name.partition(".")
    owner = reference.scope.owner(head)
    if owner is None or owner is module.scope:
        value = module.constants.get(head)
        if value is not None and not rest:
            return value, module
        found = module.first_definitions.get(head)
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
    values = _assigned(owner).get(name.removesuffix(".value"), ())
    return values[0] if len(values) == 1 else None


@remembered
def _assigned(owner: Class) -> dict[str, list[Expression | None]]:
    """What a class body assigns to each name."""
    found: dict[str, list[Expression | None]] = {}
    for statement in owner.statements:
        if isinstance(statement, Assignment):
            for target in statement.targets:
                if isinstance(target, Name):
                    found.setdefault(target.name, []).append(statement.value)
    return found


def _item(of: Expression, key: str, module: Module) -> Expression | None:
    """The value of a key in a dict display of a module."""
    if not isinstance(of, Dict):
        return None
    if of not in module.known_items:
        items = module.known_items[of] = {}
        for name, value in of.items:
            if isinstance(name, Constant) and name.text is not None:
                items.setdefault(name.text, value)
    return module.known_items[of].get(key)


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
        item = _item(value, key, where)
        if item is None:
            return None
        value, where = known(item, where)
    return value, where


def _from_config(expression: Expression, module: Module, flow: Flow | None) -> object:
    """What the default of a `Config`, in a text or a file, says."""
    found = _config_path(expression, module, flow)
    if found is None:
        return None
    config, path = found
    # The file of an installed package's config is looked for around the flow.
    of_package = config.module.resolver.is_of_package
    around = flow.module.resolver if of_package and flow else config.module.resolver
    where = config, around.path
    if where not in config.module.known_configs:
        config.module.known_configs[where] = _value_of(config, around)
    value = config.module.known_configs[where]
    for key in path:
        value = value.get(key) if isinstance(value, dict) else None
    return value


def _value_of(config: Parameter, around: ImportResolver) -> object:
    """The default of a config that is JSON or, with a parser for it, TOML, in a text or a file.

    Args:
        config: the config.
        around: finds the file.
    """
    parser = config.call.argument("parser")
    named = parser.qualified or text_of(parser, config.module) if parser is not None else None
    if parser is not None and named not in _TOML_PARSERS:
        return None
    content = text_of(config.call.argument("default_value"), config.module)
    file = text_of(config.default, config.module)
    if content is None and file is not None:
        content = around.text_of_file(file)
    if parser is not None:
        return around.toml(content) if content is not None else None
    try:
        return json.loads(content) if content is not None else None
    except (ValueError, RecursionError):
        return None


def _config_path(
    expression: Expression, module: Module, flow: Flow | None
) -> tuple[Parameter, list[str]] | None:
    """The config that an expression reads, and the keys on the way: of `config.events.papers`,
    `self.config["events"]["papers"]` and `config_expr("config.events").papers`."""
    if flow is None:
        return None
    path = _path(expression)
    for start in (0, 1):
        config = flow.configs.get(path[start]) if len(path) > start else None
        if config is not None:
            return config, path[start + 1 :]
    return None


def _path(expression: Expression) -> list[str]:
    """The names on the way to an expression, none if it is no such way."""
    after: list[str] = []
    for _ in range(DEEPEST_PATH):
        match expression:
            case Name() if expression.qualified is None:
                return [*expression.name.split("."), *reversed(after)]
            case Attribute():
                after.append(expression.name)
                expression = expression.value
            case Subscript(index=(Constant() as key,)) if key.text is not None:
                after.append(key.text)
                expression = expression.value
            case Call() if metaflow_name(expression.function.qualified) == "config_expr":
                given = expression.argument("expr", 0)
                written = given.text if isinstance(given, Constant) else None
                if written and all(part.isidentifier() for part in written.split(".")):
                    return [*written.split("."), *reversed(after)]
                return []
            case _:
                return []
    return []
