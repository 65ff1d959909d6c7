"""What Metaflow refuses in a single step: its name, its arguments, its transition."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lint_rules.analysis.step_graph.names import reserved_names
from lint_rules.analysis.step_graph.nodes import Node, StepGraph
from lint_rules.analysis.step_graph.problems import Problem
from lint_rules.diagnostics.diagnostic import Related
from lint_rules.model.code import Call, Expr, Function, Name, Raise, Return

_NAME = re.compile(r"[a-z0-9][a-z0-9_]*")


def name_problems(node: Node) -> Iterator[Problem]:
    """A name that Metaflow does not take for a step."""
    kind = ""
    if node.name in reserved_names():
        kind = "reserved"
    elif not _NAME.fullmatch(node.name):
        kind = "underscore" if node.name.startswith("_") else "letters"
    if kind:
        yield Problem("MF806", kind, node.name, node.location, (node.name,))


def argument_problems(node: Node, graph: StepGraph) -> Iterator[Problem]:
    """Arguments that neither a step nor a join takes, and a join that splits."""
    function = node.function
    is_end = graph.end == node.name
    if is_end and node.arguments > 1:
        yield Problem("MF805", "end-join", node.name, node.location, (node.name,))
    elif node.arguments > 2:
        given = ", ".join(p.name for p in function.plain_parameters[2:])
        yield Problem("MF807", "too-many", node.name, node.location, (node.name, given))
    elif node.arguments == 0:
        kind = "marked" if function.parameters else "no-self"
        yield Problem("MF807", kind, node.name, node.location, (node.name,))
    elif node.arguments == 2 and node.next and node.next.kind in ("split", "foreach", "switch"):
        joined = function.plain_parameters[1].name
        names = (node.name, node.next.kind, joined)
        related = (Related(node.location, f"`{node.name}` takes `{joined}`: it is a join"),)
        yield Problem("MF813", "join-splits", node.name, node.next.location, names, related=related)


def next_problems(node: Node, graph: StepGraph, after: str = "") -> Iterator[Problem]:
    """A transition that is missing, or that Metaflow does not take.

    Args:
        node: the step.
        graph: the flow's graph.
        after: the step that can only follow, if this one has no transition.
    """
    if graph.end == node.name:
        if node.next is not None:
            yield Problem("MF805", "end-goes-on", node.name, node.next.location, (node.name,))
        return
    if node.next is None:
        # Where `self.next` is not the last statement, `conditional-next` reports it, if the step
        # calls its first argument `self`.
        if not node.inner or node.function.self_name != "self":
            other = _other_name(node)
            kind = "self-name" if other else "missing"
            names = (node.name, other or after)
            place = node.function.body[-1].location if other else node.location
            thing = None if other else node.function
            yield Problem("MF808", kind, node.name, place, names, thing=thing)
    elif node.next.fault:
        yield _invalid(node)


def _other_name(node: Node) -> str:
    """The name under which a step calls `next` as its last statement; empty if it does not."""
    last, own = node.function.body[-1], node.function.self_name
    call = last.value if isinstance(last, Expr) else None
    if isinstance(call, Call) and isinstance(call.function, Name) and own:
        return own if call.function.name == f"{own}.next" else ""
    return ""


def follower(graph: StepGraph) -> str:
    """The step that can only follow the one without a transition, empty if there is a doubt.

    It is the next in the class, takes no inputs, and is the only step that nothing leads to.
    """
    lacking = [n for n in graph.nodes.values() if n.next is None and n.name != graph.end]
    if len(lacking) != 1 or any(node.is_opaque for node in graph.nodes.values()):
        return ""
    (node,) = lacking
    entered = {target for targets in graph.after.values() for target in targets}
    left = [name for name in graph.nodes if name not in entered and name != graph.start]
    body = node.owner.definition.body
    below = body[body.index(node.function) + 1 :]
    after = next((statement for statement in below if isinstance(statement, Function)), None)
    if after is None or left != [after.name] or graph.nodes[after.name].function is not after:
        return ""
    leaves = any(isinstance(statement, Return | Raise) for statement in node.function.statements)
    return "" if leaves or graph.nodes[after.name].arguments != 1 else after.name


def _invalid(node: Node) -> Problem:
    following = node.next
    assert following is not None  # noqa: S101
    names = (node.name, *following.names)
    return Problem(
        "MF809", following.fault, node.name, following.location, names, thing=following.call
    )


def parallel_problems(graph: StepGraph) -> Iterator[Problem]:
    """`num_parallel` to a step without `@parallel`, and the other way round."""
    before = graph.before()
    for name, node in graph.nodes.items():
        following = node.next
        if following is not None and following.is_parallel and following.kind == "foreach":
            for target in following.targets:
                other = graph.nodes[target.name]
                if other.is_parallel is False:
                    names = (name, target.name)
                    also = Related(other.location, f"`{target.name}` has no `@parallel`")
                    yield Problem(
                        "MF814", "undecorated", name, following.location, names, related=(also,)
                    )
        if node.is_parallel:
            yield from _of_parallel_step(node, before[name], graph)


def _of_parallel_step(node: Node, before: list[str], graph: StepGraph) -> Iterator[Problem]:
    for source in before:
        leading = graph.nodes[source].next
        if leading is not None and not leading.is_parallel:
            names = (node.name, source)
            also = Related(leading.location, f"`{source}` leads to it without `num_parallel`")
            yield Problem("MF814", "uncalled", node.name, node.location, names, related=(also,))
            return
    if graph.kinds[node.name] == "end":
        yield Problem("MF814", "end", node.name, node.location, (node.name,))
        return
    if graph.start == node.name:
        yield Problem("MF814", "start", node.name, node.location, (node.name,))
        return
    following = graph.after[node.name][0]
    if graph.kinds[following] != "join":
        names = (node.name, following)
        also = Related(graph.nodes[following].location, f"`{following}` takes no inputs")
        yield Problem("MF814", "unjoined", node.name, node.exit, names, related=(also,))
