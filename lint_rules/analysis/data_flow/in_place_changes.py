"""Follows what code changes in place, or may change: lists, dicts, and the flow itself."""

from __future__ import annotations

from lint_rules.analysis.data_flow.comprehensions import Comprehensions
from lint_rules.analysis.data_flow.state import Point, Site, is_mutable
from lint_rules.analysis.data_flow.values import UNKNOWN, Value, widened
from lint_rules.model.code import Attribute, Call, Expression, Name, Subscript
from lint_rules.model.scope import is_metaflow, metaflow_name

HARMLESS = frozenset(
    f"builtins.{name}"
    for name in "bool callable dir format hash help id isinstance issubclass print repr str "
    "super type".split()
)
"""Python's functions that change nothing of what they are given."""


class InPlaceChanges(Comprehensions):
    """Follows changes in place, and all expressions."""

    def escape_of(
        self, call: Call, point: Point, arguments: list[Value], is_pure: bool = False
    ) -> None:
        """Notes what a call may do with what it is given: code that cannot be read."""
        qualified = call.function.qualified or ""
        for argument in call.arguments:
            given = argument.value
            is_self = isinstance(given, Name) and point.names.get(given.name, UNKNOWN).special(
                "self"
            )
            known = qualified in HARMLESS or is_metaflow(qualified)
            if is_self and not known and metaflow_name(qualified) is None:
                point.state.escape()
            elif not is_pure and isinstance(given, Name):
                value = point.names.get(given.name)
                if value is None and "." in given.name:
                    value = self._artifact_value(given, point)
                if value is not None:
                    self.forget_items(value, point)
        if not is_pure:
            for value in arguments:
                self.forget_items(value, point)

    def _artifact_value(self, name: Name, point: Point) -> Value | None:
        head, _, rest = name.name.partition(".")
        holder = point.names.get(head)
        if holder is None or not holder.special("self") or rest not in point.state.facts:
            return None
        return point.state.facts[rest].value

    def forget_items(self, value: Value, point: Point) -> None:
        """Notes that other code may have changed a container."""
        if any(is_mutable(atom) for atom in value.atoms):
            point.replace_alias(value, widened(value))

    def change(
        self,
        owner: Expression,
        old: Value,
        new: Value,
        keeps: bool,
        at: Expression,
        point: Point,
    ) -> None:
        """Follows a change in place of what an expression holds."""
        point.replace_alias(old, new)
        root, is_whole = owner, True
        while isinstance(root, Subscript | Attribute):
            root, is_whole = root.value, False
        if not isinstance(root, Name):
            return
        head, _, rest = root.name.partition(".")
        holder = point.names.get(head)
        if holder is not None and holder.special("self") and rest:
            name, _, further = rest.partition(".")
            fact = point.state.get(name)
            value = new if is_whole and not further else widened(fact.value)
            if fact.present and not fact.is_class:
                site = Site(self.task.step, at.location, keeps and is_whole and not further)
                point.state.change(name, value, site)
        elif holder is not None and not rest:
            point.names[head] = new if is_whole else widened(holder)

    def site(self, at: Expression) -> Site:
        """Where an artifact is set."""
        return Site(self.task.step, at.location)

    def site_text(self, at: Expression, point: Point) -> str:
        """A text for where, and in which task, something is asked for."""
        return f"{self.task.step} {at.location} {sorted(point.state.pins.items())}"
