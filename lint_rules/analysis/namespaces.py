"""Namespaces: whose runs Metaflow's client looks at."""

from __future__ import annotations

from collections.abc import Iterator

from lint_rules.analysis.call_graph import callee
from lint_rules.model.code import Call, Expr, Function, Name
from lint_rules.model.module import Module
from lint_rules.model.scope import metaflow_name

CLIENT = frozenset({"Metaflow", "Flow", "Run", "Step", "Task", "DataArtifact"})
"""The names of Metaflow's client that read results."""

_PREFIX = "project:"


def namespace_calls(module: Module) -> Iterator[Call]:
    """The calls of Metaflow's `namespace` in a file."""
    for call in module.descendants.calls:
        if metaflow_name(call.function.qualified) == "namespace":
            yield call


def chosen_at_import(module: Module) -> list[Call]:
    """The calls of Metaflow's `namespace` that a file makes as it is imported."""
    at_import = {s.value for s in module.statements if isinstance(s, Expr)}
    return [call for call in namespace_calls(module) if call in at_import]


def is_undone(call: Call, module: Module) -> bool:
    """Whether the function that calls `namespace` sets the namespace again that `get_namespace()`
    gave it before. What `namespace` itself returns is the new one."""
    for function in module.descendants.definitions:
        if isinstance(function, Function) and call in function.descendants.calls:
            kept = {
                name
                for name, assignments in function.locals.items()
                for assignment in assignments
                if isinstance(assignment.source, Call) and assignment.source.start < call.start
                if metaflow_name(assignment.source.function.qualified) == "get_namespace"
            }
            for later in function.descendants.calls:
                given = later.argument("ns", 0)
                if (
                    later.start > call.start
                    and metaflow_name(later.function.qualified) == "namespace"
                    and isinstance(given, Name)
                    and given.name in kept
                ):
                    return True
    return False


def project_in(call: Call, module: Module) -> str | None:
    """The project in `namespace("project:…")`, where it can be read."""
    text = module.text(call.argument("ns", 0))
    return text.removeprefix(_PREFIX) if text and text.startswith(_PREFIX) else None


def may_leave_the_project(module: Module) -> bool:
    """Whether code of a file may look at runs outside the project: it changes the namespace, itself
    or through a function that does so or is called after it, such as `with in_namespace(None)`."""
    for call in module.descendants.calls:
        if project_in(call, module) is not None:
            continue
        if "namespace" in (call.function.qualified or "").rpartition(".")[2].lower():
            return True
        called = callee(call, module)
        if called is not None and any(
            metaflow_name(inner.function.qualified) == "namespace"
            for inner in called.function.descendants.calls
        ):
            return True
    return False


def reads_results(module: Module) -> bool:
    """Whether a file reads results through Metaflow's client."""
    return any(
        metaflow_name(call.function.qualified) in CLIENT for call in module.descendants.calls
    )


def sets_the_namespace(module: Module) -> bool:
    """Whether a file is in a package that sets the namespace of a project when it is imported:
    then it finds runs of that project alone."""
    package = module.resolver.outermost_package
    return package is not None and module.resolver.sets_project_namespace(package)
