"""Methods that are meant as steps and lack `@step`."""

from __future__ import annotations

from lint_rules.analysis.step_graph.nodes import Node, Steps, in_order
from lint_rules.analysis.step_graph.transitions import inner_transitions, next_of
from lint_rules.model.code import Function, Reference
from lint_rules.model.flow import Flow


def with_undecorated(steps: Steps) -> Steps:
    """The steps, and the methods that end in `self.next` though they are none."""
    known = {*steps.nodes, *steps.methods}
    used = _used(steps)
    found = dict(steps.nodes)
    methods = dict(steps.methods)
    for name, (owner, function) in steps.methods.items():
        node = _node(name, owner, function)
        if node is not None and name not in used and _leads_to(node, known):
            found[name] = node
            del methods[name]
    return Steps({name: found[name] for name in in_order(found)}, methods, steps.shadowed)


def _node(name: str, owner: Flow, function: Function) -> Node | None:
    following = next_of(function)
    if following is None or function.decorators or len(function.plain_parameters) not in (1, 2):
        return None
    return Node(
        name,
        function,
        owner,
        len(function.plain_parameters),
        following,
        tuple(inner_transitions(function)),
        is_decorated=False,
    )


def _leads_to(node: Node, known: set[str]) -> bool:
    """Whether all that a method names as next are steps or methods of the flow."""
    targets = node.next.targets if node.next else ()
    return bool(targets) and all(target.name in known for target in targets)


def _used(steps: Steps) -> set[str]:
    """The methods that steps and other methods use otherwise than as a next step."""
    functions = [node.function for node in steps.nodes.values()]
    functions += [function for _, function in steps.methods.values()]
    named = {
        target.place
        for function in functions
        for following in filter(None, (next_of(function), *inner_transitions(function)))
        for target in following.targets
    }
    return {
        reference.name.rpartition(".")[2]
        for function in functions
        for reference in function.inside.references
        if isinstance(reference, Reference) and reference.place not in named
    }
