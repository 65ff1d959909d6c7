"""What a step changes in its own process, which no other step sees, and what steps read of that.

Each task is a process of its own: module variables, the environment, the working folder, seeds and
the configuration of logging start again in each.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from lint_rules.analysis.reached_code import Reached, reached
from lint_rules.analysis.state_changes import Changes, Key, changes_of, marks
from lint_rules.model.code import Call, Expression, Name
from lint_rules.model.flow import Flow
from lint_rules.model.module import Module
from lint_rules.model.step import Step


@dataclass(frozen=True, eq=False)
class LostState:
    """Something that a step sets for its own process, and that another step counts on.

    Attributes:
        key: what it is.
        step: the step that sets it.
        at: what sets it, in that step.
        reader: the step that counts on it.
        read: what reads it there.
    """

    key: Key
    step: Step
    at: Expression
    reader: Step
    read: Expression


def lost_state(flow: Flow) -> Iterator[LostState]:
    """The state that steps of a flow set and that later ones count on, each once a key."""
    if not flow.graph.is_complete or not any(marks(owner.module) for owner in flow.lineage):
        return
    steps = {name: _of_step(node.step, flow) for name, node in flow.graph.nodes.items()}
    always = _at_import(flow)
    for name, found in steps.items():
        for key, at in found.sets.items():
            if key in always.sets or key.kind in always.kinds:
                continue
            for later in _after(name, flow):
                other = steps[later]
                if key in other.reads and _is_counted_on(key, other):
                    reader = flow.graph.nodes[later].step
                    step = flow.graph.nodes[name].step
                    yield LostState(key, step, at, reader, other.reads[key])
                    break


def _is_counted_on(key: Key, reader: Changes) -> bool:
    """Whether a step that reads something may only have it from another step."""
    return key not in reader.sets and key not in reader.asked and key.kind not in reader.kinds


def _after(name: str, flow: Flow) -> Iterable[str]:
    """The steps that come after one, in the order of the graph, without itself."""
    found: dict[str, None] = {}
    waiting = [name]
    while waiting:
        for edge in flow.graph.nodes[waiting.pop()].after:
            if edge.target not in found:
                found[edge.target] = None
                waiting.append(edge.target)
    return [one for one in flow.graph.nodes if one in found and one != name]


def _of_step(step: Step, flow: Flow) -> Changes:
    found = Changes()
    functions, unseen = reached(step, flow)
    own = {one.function: changes_of(one.module, one.function) for one in functions}
    is_seen = not any(_may_use_seeds(call, step) for call in unseen)
    for one in functions:
        _add(own[one.function], one, found)
    for key in list(found.sets):
        # A step that uses what it sets may have set it for itself alone.
        if key.kind == "seed" and (key in found.reads or not is_seen):
            del found.sets[key]
            found.kinds.add("seed")
    environment = any(d.name == "environment" for d in step.function.decorators)
    if environment:
        found.kinds.add("environment variable")
    return found


def _add(changes: Changes, one: Reached, found: Changes) -> None:
    for key, at in changes.sets.items():
        found.sets.setdefault(key, one.shown(at))
    for key, at in changes.reads.items():
        found.reads.setdefault(key, one.shown(at))
    found.asked |= changes.asked
    found.kinds |= changes.kinds


_MESSAGES = frozenset("debug info warning error exception critical log".split())
_WITHOUT_SEEDS = frozenset(
    "builtins metaflow os sys logging json time datetime math random numpy torch".split()
)


def _may_use_seeds(call: Call, step: Step) -> bool:
    """Whether a call may lead to code that draws random numbers: any library's may."""
    if call.function.qualified is not None:
        head = call.function.qualified.partition(".")[0]
        return head not in _WITHOUT_SEEDS
    if not isinstance(call.function, Name):
        return True
    owner, _, method = call.function.name.rpartition(".")
    return owner != step.function.self_name and method not in _MESSAGES


def _at_import(flow: Flow) -> Changes:
    """What the flow's files, and the modules of the repository that they import, set when they are
    loaded: each task does so again."""
    found = Changes()
    modules: dict[Module, None] = {owner.module: None for owner in flow.lineage}
    for module in list(modules):
        for statement in module.imports:
            names = [n.name for n in statement.names]
            dotted = [f"{statement.module}.{n}" for n in names] if statement.is_from else names
            if statement.level == 0:
                for name in (*dotted, statement.module or ""):
                    other = module.resolver.module(name) if name else None
                    if other is not None and marks(other):
                        modules[other] = None
    for module in modules:
        changes = changes_of(module, None)
        found.sets |= changes.sets
        found.kinds |= changes.kinds
        # A function of another module may do it while that is loaded.
        if module not in {owner.module for owner in flow.lineage}:
            found.kinds |= {"seed", "logging configuration", "environment variable"}
    return found
