"""The keys of Configs: which there are by default, and where code reads others."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lint_rules.analysis.class_evaluation import evaluated
from lint_rules.model.code import (
    Attribute,
    Call,
    Compare,
    Constant,
    Dict,
    Expression,
    Function,
    Name,
    Subscript,
    Try,
)
from lint_rules.model.flow import Flow, Parameter
from lint_rules.model.module import Module
from lint_rules.model.scope import Scope, metaflow_name

Tree = dict[str, object]
"""Keys with what they hold: a `Tree` for a dictionary, `None` for anything else."""

_METHODS = frozenset(dir(dict)) | {"to_dict", "name", "kwargs", "parser"}
"""Attributes of a config's value that are no keys."""

_ASKING = frozenset({"builtins.hasattr", "builtins.getattr"})


@dataclass(frozen=True, eq=False)
class UnknownKey:
    """A key that a Config does not have: where it is read, the Config, the way to it, and what is
    there instead."""

    at: Expression
    config: Parameter
    path: tuple[str, ...]
    known: tuple[str, ...]


def unknown_keys(flow: Flow) -> Iterator[UnknownKey]:
    """The keys that a flow's own code reads from its Configs, which have defaults without them."""
    trees: dict[Parameter, Tree] = {}
    for config in flow.all_parameters:
        tree = default_tree(config) if config.kind == "Config" else None
        if tree is not None:
            trees[config] = tree
    if not trees:
        return
    by_attribute = {config.attribute: config for config in trees}
    own = {attribute: c for attribute, c in by_attribute.items() if c in flow.parameters}
    scope = flow.definition.scope
    for expression in evaluated(flow.definition):
        for at, (head, *names) in _paths(expression):
            looked_up = _scope(at)
            if head in own and looked_up and looked_up.owner(head) is scope:
                yield from _missing(at, own[head], names, trees[own[head]])
        yield from _in_config_expr(expression, trees)
    for function in flow.definition.functions:
        unasked = {a: c for a, c in by_attribute.items() if not _is_asked(function, a)}
        for statement in function.statements if unasked else ():
            for expression in statement.expressions:
                for at, (head, *names) in _paths(expression):
                    if names and head == function.self_name and names[0] in unasked:
                        config = unasked[names[0]]
                        yield from _missing(at, config, names[1:], trees[config])


def default_tree(config: Parameter) -> Tree | None:
    """The keys that a Config has if a run does not give it another value, `None` if unknown."""
    call, module = config.call, config.module
    if call.has_unpacking or call.named("parser") or call.named("plain"):
        return None
    required = call.argument("required", 4)
    if required is not None and getattr(required, "value", True) is not False:
        return None
    value = call.argument("default_value", 2)
    found = module.known(value)
    if isinstance(found, Dict):
        return _tree(found, module)
    text = module.text(value)
    file = module.text(call.argument("default", 1))
    if value is None and file is not None:
        text = module.resolver.text_of_file(file)
    try:
        loaded = json.loads(text) if text else None
    except (ValueError, RecursionError):
        return None
    return _loaded(loaded) if isinstance(loaded, dict) else None


def _tree(display: Dict, module: Module) -> Tree | None:
    tree: Tree = {}
    for key, value in display.items:
        if not isinstance(key, Constant) or key.text is None:
            return None
        found = module.known(value)
        tree[key.text] = _tree(found, module) if isinstance(found, Dict) else None
    return tree


def _loaded(value: dict[str, object]) -> Tree:
    return {key: _loaded(v) if isinstance(v, dict) else None for key, v in value.items()}


def _missing(
    at: Expression, config: Parameter, path: Sequence[str], tree: Tree
) -> Iterator[UnknownKey]:
    """The first key on a way that is not there."""
    for depth, key in enumerate(path):
        if key not in tree:
            if key not in _METHODS:
                yield UnknownKey(at, config, tuple(path[: depth + 1]), tuple(tree))
            return
        below = tree[key]
        if not isinstance(below, dict):
            return
        tree = below


def _paths(expression: Expression) -> Iterator[tuple[Expression, list[str]]]:
    """The longest chains of attributes and literal keys in an expression that is evaluated, with
    what they are made of: `self.c["a"].b` is `["self", "c", "a", "b"]`."""
    waiting = [expression]
    while waiting:
        found = waiting.pop()
        path = _path(found)
        if path:
            yield found, path
            continue
        if isinstance(found, Subscript):
            waiting += found.index
        waiting += found.parts[::-1]


def _path(expression: Expression) -> list[str]:
    match expression:
        case Name(context="load"):
            return expression.name.split(".")
        case Attribute():
            before = _path(expression.value)
            return [*before, expression.name] if before else []
        case Subscript(index=(Constant() as key,)) if key.text is not None:
            before = _path(expression.value)
            return [*before, key.text] if before else []
    return []


def _scope(expression: Expression) -> Scope | None:
    """The scope in which the first name of a chain is looked up."""
    while isinstance(expression, Attribute | Subscript):
        expression = expression.value
    return expression.scope if isinstance(expression, Name) else None


def _in_config_expr(expression: Expression, trees: dict[Parameter, Tree]) -> Iterator[UnknownKey]:
    by_name = {config.name: config for config in trees}
    for call in expression.walk():
        if not isinstance(call, Call) or metaflow_name(call.function.qualified) != "config_expr":
            continue
        given = call.argument("expr", 0)
        if not isinstance(given, Constant) or given.text is None:
            continue
        for head, *names in _paths_in(given.text):
            if head in by_name:
                yield from _missing(given, by_name[head], names, trees[by_name[head]])


def _paths_in(text: str) -> Iterator[list[str]]:
    """The chains of attributes and keys in the text of an expression."""
    try:
        tree = ast.parse(text, mode="eval")
    except (SyntaxError, ValueError, RecursionError):
        return
    waiting: list[ast.AST] = [tree]
    while waiting:
        node = waiting.pop()
        path = _names_of(node)
        if path:
            yield path
        elif isinstance(node, ast.IfExp | ast.BoolOp | ast.Compare):
            # It may ask first whether a key is there.
            continue
        else:
            waiting += ast.iter_child_nodes(node)


def _names_of(node: ast.AST) -> list[str]:
    match node:
        case ast.Name():
            return [node.id]
        case ast.Attribute():
            before = _names_of(node.value)
            return [*before, node.attr] if before else []
        case ast.Subscript(slice=ast.Constant(value=str() as key)):
            before = _names_of(node.value)
            return [*before, key] if before else []
    return []


def _is_asked(function: Function, attribute: str) -> bool:
    """Whether a function may ask first which keys a Config has: by `in`, `hasattr` or `try`."""
    name = f"{function.self_name}.{attribute}"
    for statement in function.statements:
        if isinstance(statement, Try):
            return True
        parts = (part for expression in statement.expressions for part in expression.walk())
        if any(_starts(asked, name) for part in parts for asked in _asked(part)):
            return True
    return False


def _asked(part: Expression) -> tuple[Expression, ...]:
    """What an expression asks for a key."""
    if isinstance(part, Compare) and {"in", "not in"} & set(part.operators):
        return part.comparators
    if isinstance(part, Call) and part.function.qualified in _ASKING:
        return part.positional
    return ()


def _starts(expression: Expression, name: str) -> bool:
    path = ".".join(_path(expression))
    return path == name or path.startswith(f"{name}.")
