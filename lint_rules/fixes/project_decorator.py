"""The edits that put a flow into a project."""

from __future__ import annotations

from lint_rules.diagnostics.diagnostic import Edit, InsertLines
from lint_rules.fixes.edits import spelled
from lint_rules.model.flow import Flow


def add_project(flow: Flow, project: str | None) -> list[Edit]:
    """The edits that put a flow into a project, none if the project's name is not known."""
    if project is None:
        return []
    decorator, edits = spelled(flow.module, "project")
    line = f'@{decorator}(name="{project}")'
    return [*edits, InsertLines(flow.definition.location_with_decorators, (line,))]
