"""What Metaflow puts into the code package, which it sends to other machines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lint_rules.model.code import Class, Collection, Expression, Import
from lint_rules.model.flow import Flow
from lint_rules.model.module import Module
from lint_rules.model.scope import metaflow_name

if TYPE_CHECKING:
    from lint_rules.analysis.imports import ImportResolver


_BRINGING = frozenset({"FlowMutator", "StepMutator", "UserStepDecorator", "user_step_decorator"})
"""Metaflow packages a module that uses one of these to define classes or functions."""


def names_as_source(flow: Flow, package: str) -> bool:
    """Whether `@package_sources` names a package, or what it names cannot be read."""
    for owner in flow.lineage:
        for decorator in owner.decorators:
            if metaflow_name(decorator.qualified) != "package_sources" or not decorator.call:
                continue
            if decorator.call.has_unpacking:
                return True
            texts = [
                owner.module.text(part)
                for argument in decorator.call.arguments
                if argument.name != "suffixes"
                for part in _items(owner.module.known(argument.value))
            ]
            if any(t is None or t.rstrip("/").rpartition("/")[2] == package for t in texts):
                return True
    return False


def _items(expression: Expression | None) -> list[Expression]:
    """What a list or tuple holds, also inside of others; else the expression itself."""
    if isinstance(expression, Collection):
        return [found for item in expression.items for found in _items(item)]
    return [] if expression is None else [expression]


def is_included_by_itself(statement: Import, package: str, around: ImportResolver) -> bool:
    """Whether Metaflow includes all modules that an import names: modules with the policy, and
    modules that define mutators or step decorators (Metaflow, `MetaflowPackage`)."""
    if statement.is_from:
        names = [f"{statement.module}.{name.name}" for name in statement.names]
    else:
        names = [name.name for name in statement.names if name.name.split(".")[0] == package]
    modules = [around.module(name) for name in names]
    return bool(modules) and all(module is not None and _is_included(module) for module in modules)


def _is_included(module: Module) -> bool:
    if module.text(module.constants.get("METAFLOW_PACKAGE_POLICY")) == "include":
        return True
    for definition in module.definitions:
        used = [decorator.qualified for decorator in definition.decorators]
        if isinstance(definition, Class):
            used = [base.qualified for base in definition.bases]
        if any(metaflow_name(name) in _BRINGING for name in used):
            return True
    return False
