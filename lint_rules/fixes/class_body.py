"""The edits that put attributes into a flow's class: all that are added stand in the same order."""

from __future__ import annotations

from lint_rules.diagnostics.diagnostic import Edit, InsertLines, Replace
from lint_rules.model.code import Definition, Pass
from lint_rules.model.flow import Flow


def as_attribute(flow: Flow, lines: tuple[str, ...]) -> list[Edit]:
    """The edits that put the lines of a parameter into a class: behind its other parameters, else
    above its functions. There are none if the class has nothing to put it next to."""
    body = flow.definition.body_without_docstring
    own = [p.statement for p in flow.parameters if p.statement in body]
    if own:
        return [InsertLines(own[-1].location, lines, after=True)]
    if len(body) == 1 and isinstance(body[0], Pass):
        before = flow.module.code[: body[0].start].rpartition("\n")[2]
        if before.strip():
            return []
        return [Replace(body[0].location, f"\n{before}".join(lines))]
    functions = [statement for statement in body if isinstance(statement, Definition)]
    if functions:
        place = functions[0].location_with_decorators
        return [InsertLines(place, (*lines, ""), above_comments=True)]
    return [InsertLines(body[-1].location, lines, after=True)] if body else []
