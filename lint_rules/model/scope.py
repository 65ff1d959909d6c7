"""What names refer to: the imports that a module, class or function binds."""

from __future__ import annotations

import builtins
from collections.abc import Iterator

METAFLOW_NAMES = frozenset(
    [
        "FlowSpec",
        "step",
        "Parameter",
        "Config",
        "IncludeFile",
        "JSONType",
        "JSONTypeClass",
        "config_expr",
        "current",
        "project",
        "trigger",
        "trigger_on_finish",
        "schedule",
        "batch",
        "kubernetes",
        "conda",
        "conda_base",
        "pypi",
        "pypi_base",
        "card",
        "catch",
        "retry",
        "timeout",
        "resources",
        "environment",
        "secrets",
        "parallel",
        "unbounded_test_foreach_internal",
        "namespace",
        "get_namespace",
        "default_namespace",
        "metadata",
        "get_metadata",
        "default_metadata",
        "Metaflow",
        "Flow",
        "Run",
        "Step",
        "Task",
        "DataArtifact",
        "S3",
        "Runner",
        "NBRunner",
        "Deployer",
        "FlowMutator",
        "StepMutator",
        "user_step_decorator",
        "USER_SKIP_STEP",
        "profile",
        "exit_hook",
        "namespaced_event_name",
    ]
)
"""The names that `from metaflow import *` may bind and that rules ask about."""

_BUILTINS = frozenset(dir(builtins))


class Scope:
    """The names bound in a module, class or function, and how to find out what they mean.

    Args:
        outer: the enclosing scope, `None` for a module's.
        is_class: whether this is a class body, which functions inside it cannot see.
    """

    __slots__ = ("_resolved", "bound", "imports", "is_class", "outer", "stars")

    def __init__(self, outer: Scope | None = None, *, is_class: bool = False) -> None:
        self.outer = outer
        self.is_class = is_class
        self.imports: dict[str, str] = {}
        self.bound: set[str] = set()
        self.stars: list[str] = []
        self._resolved: dict[str, str | None] = {}

    def bind_import(self, name: str, qualified: str) -> None:
        """Notes that an import binds `name`; of fallbacks in `try:` the first wins, or Metaflow."""
        if name not in self.imports or is_metaflow(qualified):
            self.imports[name] = qualified

    def resolve(self, name: str) -> str | None:
        """The qualified form of a dotted name, `None` for a local or unknown one.

        `pd.DataFrame` after `import pandas as pd` is `pandas.DataFrame`, and `open`, where nothing
        else binds it, `builtins.open`.
        """
        if name not in self._resolved:
            self._resolved[name] = self._resolve(name)
        return self._resolved[name]

    def _resolve(self, name: str) -> str | None:
        head, dot, rest = name.partition(".")
        for scope in self.visible():
            if head in scope.imports:
                return scope.imports[head] + dot + rest
            if head in scope.bound:
                return None
            if head in METAFLOW_NAMES and any(is_metaflow(module) for module in scope.stars):
                return f"metaflow.{name}"
        return f"builtins.{name}" if head in _BUILTINS else None

    def visible(self) -> Iterator[Scope]:
        """The scopes in which a name is looked up, the nearest first."""
        yield self
        scope = self.outer
        while scope is not None:
            # A function does not see the names of the class around it.
            if not scope.is_class:
                yield scope
            scope = scope.outer

    def owner(self, name: str) -> Scope | None:
        """The scope that binds a name as it is seen from this one."""
        for scope in self.visible():
            if name in scope.imports or name in scope.bound:
                return scope
        return None


def is_metaflow(qualified: str) -> bool:
    """Whether a dotted name is Metaflow's own: `metaflow_helper.x` is not."""
    return qualified == "metaflow" or qualified.startswith("metaflow.")


def metaflow_name(qualified: str | None) -> str | None:
    """The last part of one of Metaflow's own names, wherever in Metaflow it was imported from.

    `FlowSpec` for `metaflow.FlowSpec` and `metaflow.flowspec.FlowSpec`, `None` for any other.
    """
    if qualified is None or not qualified.startswith("metaflow."):
        return None
    return qualified.rpartition(".")[2]
