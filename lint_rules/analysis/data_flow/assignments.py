"""Follows assignments, to artifacts and to local names."""

from __future__ import annotations

from lint_rules.analysis.data_flow.calls import Calls
from lint_rules.analysis.data_flow.code import is_call_of
from lint_rules.analysis.data_flow.folding import elements, operate
from lint_rules.analysis.data_flow.python_calls import with_item
from lint_rules.analysis.data_flow.state import Point
from lint_rules.analysis.data_flow.values import (
    UNKNOWN,
    Items,
    Kind,
    Value,
    items,
    widened,
)
from lint_rules.model.code import (
    Assignment,
    Attribute,
    Collection,
    Expression,
    Name,
    Starred,
    Subscript,
)

_GROWING = frozenset({Kind.LIST, Kind.DICT, Kind.SET, Kind.ANY})


class Assignments(Calls):
    """Follows assignments, and all expressions."""

    def assignment(self, statement: Assignment, point: Point) -> None:
        """Follows an assignment with all of its targets."""
        if statement.value is None:
            return
        value = self.evaluate(statement.value, point)
        for target in statement.targets:
            if statement.operator == "=":
                self.assign(target, value, point)
            else:
                self._augmented(target, statement.operator[:-1], value, point)

    def assign(self, target: Expression, value: Value, point: Point) -> None:
        """Follows an assignment to one target, which may be unpacked."""
        match target:
            case Name():
                self._assign_name(target, value, point)
            case Starred(value=inner):
                self.assign(inner, UNKNOWN.depending_on(value), point)
            case Collection(items=targets):
                self._unpack(targets, value, point)
            case Subscript(value=owner, index=index):
                self.keep(value, point)
                old = self.evaluate(owner, point)
                keys = [self.evaluate(part, point) for part in index]
                key = keys[0] if len(keys) == 1 else UNKNOWN
                self.change(owner, old, with_item(old, key, value), False, target, point)
            case Attribute(value=owner, name=name):
                old = self.evaluate(owner, point)
                if is_call_of("builtins.type", owner):
                    point.state.may_set(name)
                self.change_unknown(owner, old, target, point)

    def _assign_name(self, target: Name, value: Value, point: Point) -> None:
        head, _, rest = target.name.partition(".")
        if not rest:
            point.names[head] = value
            return
        self.keep(value, point)
        holder = point.names.get(head)
        if holder is None or not holder.special("self"):
            if holder is not None:
                point.names[head] = widened(holder)
            return
        name, _, further = rest.partition(".")
        if name == "__class__" and further:
            point.state.may_set(further)
        elif name == "__dict__":
            point.state.forget()
        elif further:
            old = self.read(name, target, point)
            self.change_unknown(
                Name(target.file, target.start, target.end, f"{head}.{name}", target.scope, "load"),
                old,
                target,
                point,
            )
        else:
            point.state.set(name, value, self.site(target))

    def _unpack(self, targets: tuple[Expression, ...], value: Value, point: Point) -> None:
        atom = value.single
        starred = [n for n, target in enumerate(targets) if isinstance(target, Starred)]
        known: tuple[Value, ...] | None = None
        if isinstance(atom, Items) and atom.kind in (Kind.LIST, Kind.TUPLE):
            known = atom.items
        if known is None or (len(known) != len(targets) and not starred):
            for target in targets:
                self.assign(target, elements(value), point)
            return
        if not starred:
            for target, item in zip(targets, known, strict=True):
                self.assign(target, item, point)
            return
        (at, *_), after = starred, len(targets) - starred[0] - 1
        for target, item in zip(targets[:at], known, strict=False):
            self.assign(target, item, point)
        inner = targets[at]
        if isinstance(inner, Starred):
            middle = known[at : len(known) - after] if after else known[at:]
            self.assign(inner.value, items(Kind.LIST, middle), point)
        if after:
            for target, item in zip(targets[at + 1 :], known[-after:], strict=False):
                self.assign(target, item, point)

    def _augmented(self, target: Expression, sign: str, value: Value, point: Point) -> None:
        """Follows `target += value`: a container is changed in place, anything else is set."""
        if isinstance(target, Name):
            head, _, rest = target.name.partition(".")
            holder = point.names.get(head)
            old = holder if not rest and holder is not None else UNKNOWN
            if rest and holder is not None and holder.special("self") and "." not in rest:
                old = self.read_to_change(rest, target, point)
                new = operate(sign, old, value)
                if old.kinds & _GROWING and not old.kinds - _GROWING:
                    read = Name(
                        target.file, target.start, target.end, target.name, target.scope, "load"
                    )
                    self.change(read, old, new, True, target, point)
                else:
                    point.state.set(rest, new, self.site(target))
                return
            if not rest:
                point.replace_alias(old, operate(sign, old, value))
            self.assign(target, operate(sign, old, value), point)
        elif isinstance(target, Subscript | Attribute):
            old = self.evaluate(target.value, point)
            for part in target.parts[1:]:
                self.evaluate(part, point)
            self.change_unknown(target.value, old, target, point)

    def read_to_change(self, name: str, target: Expression, point: Point) -> Value:
        """Follows the read of an artifact that `+=` or `del` needs."""
        return self.read(name, target, point)

    def change_unknown(self, owner: Expression, old: Value, at: Expression, point: Point) -> None:
        """Follows a change in place whose result is not known."""
        self.change(owner, old, widened(old), False, at, point)
