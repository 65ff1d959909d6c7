"""What is wrong in a flow's graph, as plain data."""

from __future__ import annotations

from dataclasses import dataclass

from lint_rules.diagnostics.diagnostic import Related
from lint_rules.model.code import Call, Function, Location


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that Metaflow refuses, or that makes a step vanish.

    Attributes:
        code: the code of the rule that reports it.
        kind: which of the rule's messages it is.
        step: the name of the step in which it is; empty if it is about the flow.
        location: where it is reported.
        names: the names that its message needs, in the order of the message.
        way: the steps on the way to it, for a problem that is about a way.
        related: the other places.
        thing: what a fix has to change: the call of `self.next`, or a method.
    """

    code: str
    kind: str
    step: str
    location: Location
    names: tuple[str, ...] = ()
    way: tuple[str, ...] = ()
    related: tuple[Related, ...] = ()
    thing: Call | Function | None = None
