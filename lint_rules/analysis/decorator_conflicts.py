"""Which decorators of Metaflow do not fit each other, or the step that they stand on."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from lint_rules.analysis.decorators import Applied, applied
from lint_rules.metaflow import UNKNOWN, Exclusion, Facts
from lint_rules.model.flow import Flow
from lint_rules.model.scope import metaflow_name
from lint_rules.model.step import Step


def repeated(found: list[Applied]) -> Iterator[tuple[Applied, Applied]]:
    """The decorators of one function or class that stand on it a second time, and may not.

    Each comes with the one below it that is applied first.
    """
    first: dict[str, Applied] = {}
    for one in found[::-1]:
        if not _may_stand_once(one):
            continue
        other = first.setdefault(one.name, one)
        if other is not one:
            yield one, other


def inherited(flow: Flow, facts: Facts) -> Iterator[tuple[Applied, Flow, Applied, Flow]]:
    """The decorators of flows that a flow has from two of its classes, and may have once.

    Returns:
        The first decorator of each name, its class, the second one, and its class.
    """
    first: dict[str, tuple[Flow, Applied]] = {}
    found: set[str] = set()
    for base in flow.lineage:
        for other in applied(base.definition, base.module, facts)[::-1]:
            if other.known.kind != "flow" or not _may_stand_once(other):
                continue
            owner, one = first.setdefault(other.name, (base, other))
            # That a base has the decorator of a base of its own is the base's fault.
            is_of_owner = owner is not flow and base in owner.lineage
            if other.name not in found and base is not owner and not is_of_owner:
                found.add(other.name)
                yield one, owner, other, base


def _may_stand_once(one: Applied) -> bool:
    return not one.known.allow_multiple and one.known.twice is not None


def excluding(
    found: list[Applied], above: list[Applied], facts: Facts
) -> Iterator[tuple[Applied, Applied]]:
    """The pairs of decorators that exclude each other.

    Args:
        found: the decorators of a step or flow.
        above: those of the step's flow.
        facts: what the project's Metaflow knows.
    """
    for first, second in (*combinations(found, 2), *((a, one) for a in above for one in found)):
        exclusion = facts.excludes(first.name, second.name)
        if exclusion and _hold(exclusion, first, second):
            yield first, second


def unsupported(step: Step, found: list[Applied]) -> Iterator[tuple[Applied, str]]:
    """The decorators that do not support a kind of step that the step is, with that kind."""
    names = {one.name for one in found}
    kinds = _kinds(step)
    for one in found:
        for kind in one.known.unsupported_on:
            words = kind.split()
            if words[0] in kinds and names.issuperset(words[1:]):
                yield one, words[0]


def _kinds(step: Step) -> set[str]:
    """What kinds of step it is, as far as its one transition says that."""
    kinds = {"join"} if step.inputs is not None else set()
    if len(step.transitions) == 1:
        kind = step.transitions[0].kind
        kinds.add({"parallel": "foreach"}.get(kind, kind))
    if any(metaflow_name(d.qualified) == "parallel" for d in step.function.decorators):
        kinds.add("parallel")
    return kinds


def _hold(exclusion: Exclusion, first: Applied, second: Applied) -> bool:
    """Whether two decorators that may exclude each other certainly do."""
    both = {one.name: one for one in (first, second)}
    if any(one.has_unpacking for one in both.values()):
        return False
    for unless in exclusion.unless:
        for name, attribute in unless.items():
            if name in both and both[name].values.get(attribute, False):
                return False
    if not exclusion.when:
        return True
    return any(
        all(_is_given(both[name], attribute) for name, attribute in when.items() if name in both)
        for when in exclusion.when
    )


def _is_given(one: Applied, attribute: str) -> bool:
    value = one.values.get(attribute)
    return value is not UNKNOWN and bool(value)
