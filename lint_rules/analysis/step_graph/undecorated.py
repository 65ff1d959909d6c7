"""Methods that are meant as steps and lack `@step`."""

from __future__ import annotations

from lint_rules.analysis.step_graph.build import marked
from lint_rules.analysis.step_graph.nodes import Node, Steps, in_order
from lint_rules.analysis.step_graph.transitions import inner_transitions, next_of
from lint_rules.model.code import Function, Name
from lint_rules.model.flow import Flow


def with_undecorated(steps: Steps) -> Steps:
    """The steps, and the methods that end in `self.next`, or are the end, though they are none."""
    known = {*steps.nodes, *steps.methods}
    used = _used(steps)
    wanted = _wanted(steps)
    found = dict(steps.nodes)
    methods = dict(steps.methods)
    for name, (owner, function) in steps.methods.items():
        node = _node(name, owner, function)
        if node is None or name in used:
            continue
        if _leads_to(node, known) or (node.next is None and name in wanted):
            found[name] = node
            del methods[name]
    return Steps({name: found[name] for name in in_order(found)}, methods, steps.shadowed)


def _node(name: str, owner: Flow, function: Function) -> Node | None:
    if function.decorators or len(function.plain_parameters) not in (1, 2):
        return None
    return Node(
        name,
        function,
        owner,
        len(function.plain_parameters),
        next_of(function),
        tuple(inner_transitions(function)),
        is_decorated=False,
    )


def _wanted(steps: Steps) -> set[str]:
    """`end`, where steps lead to it and no step is it."""
    if "end" in steps.nodes or marked(steps.nodes, "end"):
        return set()
    named = (target for node in steps.nodes.values() if node.next for target in node.next.targets)
    return {"end"} if any(target.name == "end" for target in named) else set()


def _leads_to(node: Node, known: set[str]) -> bool:
    """Whether all that a method names as next are steps or methods of the flow."""
    targets = node.next.targets if node.next else ()
    return bool(targets) and all(target.name in known for target in targets)


def _used(steps: Steps) -> set[str]:
    """The methods that steps and other methods use otherwise than as a next step."""
    functions = [node.function for node in steps.nodes.values()]
    functions += [function for _, function in steps.methods.values()]
    named = {
        target.location
        for function in functions
        for following in filter(None, (next_of(function), *inner_transitions(function)))
        for target in following.targets
    }
    return {
        reference.name.rpartition(".")[2]
        for function in functions
        for reference in function.descendants.names
        if isinstance(reference, Name) and reference.location not in named
    }
