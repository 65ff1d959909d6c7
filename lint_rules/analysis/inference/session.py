"""What is known already, and what is being found out, of the values in a file."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from lint_rules.budget import Budget
from lint_rules.model.memoize import remembered
from lint_rules.model.module import Module

if TYPE_CHECKING:
    from lint_rules.analysis.inference.value import Value

DEEPEST = 80
"""How many questions may be open inside each other: each takes up to six calls of Python's stack,
which holds a thousand."""

_NOTHING = 1 << 30


@dataclass(eq=False)
class Session:
    """The questions about values that one file asks, of its own code and of code elsewhere.

    An answer is kept for good if it does not depend on what was open when it was found: a thing
    that leads back to itself is not known while it is being found out about, nor is one that is
    too far down. Such an answer is forgotten when what it depends on is closed. So no answer
    depends on what was asked before.

    Args:
        budget: the steps that may be taken.
    """

    budget: Budget
    depth: int = 0
    _known: dict[Hashable, Value | None] = field(default_factory=dict)
    _open: dict[object, int] = field(default_factory=dict)
    _for_now: dict[Hashable, tuple[Value | None, int]] = field(default_factory=dict)
    _until: dict[int, list[Hashable]] = field(default_factory=dict)
    """The answers that are forgotten when a thing is closed, by its number in `_open`."""
    _lowest: int = _NOTHING
    """The number of the outermost open thing that the answer that is found now depends on."""

    def enter(self, on: str) -> bool:
        """Begins a question; says whether it may be asked. If so, `leave` ends it.

        Args:
            on: the function that it is about.
        """
        if self.depth >= DEEPEST:
            # Asked from elsewhere, it may be answered.
            self._lowest = 0
            return False
        if not self.budget.spend(on=on):
            return False
        self.depth += 1
        return True

    def leave(self) -> None:
        """Ends a question."""
        self.depth -= 1

    def answer(
        self, thing: object, key: Hashable, find: Callable[[object], Value | None]
    ) -> Value | None:
        """What a thing is; `None` if it is being found out about right now.

        Args:
            thing: the thing.
            key: all that the answer depends on.
            find: finds it out.
        """
        if thing in self._open:
            self._lowest = min(self._lowest, self._open[thing])
            return None
        if key in self._known:
            return self._known[key]
        if key in self._for_now:
            value, lowest = self._for_now[key]
            self._lowest = min(self._lowest, lowest)
            return value
        number = self._open[thing] = len(self._open)
        before, self._lowest = self._lowest, _NOTHING
        try:
            value = find(thing)
        finally:
            del self._open[thing]
            for dependent in self._until.pop(number, ()):
                del self._for_now[dependent]
            lowest, self._lowest = self._lowest, before
        if lowest >= number:
            self._known[key] = value
        else:
            self._for_now[key] = value, lowest
            self._until.setdefault(lowest, []).append(key)
            self._lowest = min(before, lowest)
        return value


@remembered
def session_of(module: Module) -> Session:
    """The questions that a file asks."""
    return Session(module.budget)
