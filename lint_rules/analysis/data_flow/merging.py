"""What `merge_artifacts` takes from the inputs of a join."""

from __future__ import annotations

from lint_rules.analysis.data_flow.records import Merge
from lint_rules.analysis.data_flow.state import MAYBE, Fact, State, joined
from lint_rules.analysis.data_flow.values import Items, Literal, Value, union
from lint_rules.model.code import Collection, Expression
from lint_rules.model.constants import known
from lint_rules.model.module import Module


def texts_of(
    given: Expression | None, value: Value | None, module: Module
) -> frozenset[str] | None:
    """The texts of a list, `None` if one of them is not known.

    Args:
        given: the list as it is written.
        value: what it can be.
        module: the file in which it stands.
    """
    atom = value.single if value is not None else None
    if isinstance(atom, Items):
        texts = [item.single for item in atom.items]
        if all(isinstance(text, Literal) and isinstance(text.value, str) for text in texts):
            return frozenset(str(t.value) for t in texts if isinstance(t, Literal))
        return None
    found, where = known(given, module) if given is not None else (None, module)
    if isinstance(found, Collection):
        written = [where.text(item) for item in found.items]
        return None if None in written else frozenset(text for text in written if text)
    return None


def merge(found: Merge, inputs: dict[str, State], state: State) -> None:
    """Gives a join what it merges.

    Args:
        found: the call of `merge_artifacts`.
        inputs: what the steps before the join hand on.
        state: what the join has, which is changed.
    """
    names = {name for given in inputs.values() for name in given.facts}
    names |= found.included or frozenset()
    for name in names:
        own = state.get(name)
        if own.is_set or _is_left(found, name):
            continue
        new = _from_inputs([given.get(name) for given in inputs.values()])
        if not found.takes(name):
            # It is not known whether it is among those that are taken.
            new = joined(new, own, is_graph=False)
        state.facts[name] = new if not own.present else joined(own, new, is_graph=False)
    if found.include is None and any(given.rest.present for given in inputs.values()):
        state.rest = MAYBE


def _is_left(found: Merge, name: str) -> bool:
    """Whether a merge certainly leaves an artifact where it is."""
    if found.excluded is not None and name in found.excluded:
        return True
    return found.included is not None and name not in found.included


def _from_inputs(facts: list[Fact]) -> Fact:
    there = [fact for fact in facts if fact.present]
    if not there:
        lost = frozenset().union(*(fact.lost for fact in facts)) if facts else frozenset()
        return Fact(lost=lost)
    return Fact(
        True,
        not any(fact.is_set for fact in there),
        union(fact.value for fact in there),
        frozenset().union(*(fact.set_at for fact in there)),
        frozenset().union(*(fact.changed for fact in there)),
        frozenset().union(*(fact.lost for fact in there)),
        all(fact.lacks_a_way for fact in facts),
        all(fact.is_class for fact in facts),
    )
