"""What names refer to: the imports that a module, class or function binds."""

from __future__ import annotations

import builtins
from collections.abc import Iterator
from typing import Literal, TypeAlias

ScopeKind: TypeAlias = Literal["module", "class", "function", "comprehension", "types"]

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
        kind: what it belongs to: `module`, `class`, `function` (also a lambda), `comprehension`,
            or the `types` of a definition with type parameters.

    Attributes:
        imports: the names that imports bind, with their dotted names.
        bound: the names that anything else binds.
        stars: the modules of its `from module import *`.
        globals: the names that `global` declares in it.
        nonlocals: the names that `nonlocal` declares in it.
        rebound: of a module, the names that functions bind in it by `global`.
    """

    __slots__ = (
        "_resolved",
        "bound",
        "globals",
        "imports",
        "kind",
        "nonlocals",
        "outer",
        "rebound",
        "stars",
    )

    def __init__(self, outer: Scope | None = None, kind: ScopeKind = "function") -> None:
        self.outer = outer
        self.kind = kind
        self.imports: dict[str, str] = {}
        self.bound: set[str] = set()
        self.stars: list[str] = []
        self.globals: set[str] = set()
        self.nonlocals: set[str] = set()
        self.rebound: set[str] = set()
        self._resolved: dict[str, str | None] = {}

    def bind(self, name: str) -> None:
        """Notes that something binds a name, in the scope in which it does."""
        self._binder(name).bound.add(name)

    def bind_import(self, name: str, qualified: str) -> None:
        """Notes that an import binds `name`; of fallbacks in `try:` the first wins, or Metaflow."""
        imports = self._binder(name).imports
        if name not in imports or is_metaflow(qualified):
            imports[name] = qualified

    def _binder(self, name: str) -> Scope:
        """The scope in which an assignment in this one binds a name."""
        if name in self.globals:
            module = self.module
            module.rebound.add(name)
            return module
        if name in self.nonlocals and self.outer is not None:
            return self.outer.owner(name) or self
        return self

    @property
    def module(self) -> Scope:
        """The scope of the module that it is in."""
        scope = self
        while scope.outer is not None:
            scope = scope.outer
        return scope

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
        for scope in self.visible(head):
            if head in scope.imports:
                return scope.imports[head] + dot + rest
            if head in scope.bound:
                return None
            if head in METAFLOW_NAMES and any(is_metaflow(module) for module in scope.stars):
                return f"metaflow.{name}"
        return f"builtins.{name}" if head in _BUILTINS else None

    def visible(self, name: str = "") -> Iterator[Scope]:
        """The scopes in which a name (a local one, if none is given) is looked up, the nearest
        first."""
        scope: Scope | None = self
        # A function does not see the names of the class around it; a type parameter's bound does.
        sees_class = True
        while scope is not None:
            if scope.outer is not None and name in scope.globals:
                yield scope.module
                return
            if sees_class or scope.kind != "class":
                yield scope
            sees_class = scope.kind == "types" and scope is self
            scope = scope.outer

    def owner(self, name: str) -> Scope | None:
        """The scope that binds a name as it is seen from this one."""
        for scope in self.visible(name):
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
