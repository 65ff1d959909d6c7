"""The name that was probably meant, for the help of a finding."""

from __future__ import annotations

from collections.abc import Collection
from difflib import get_close_matches

from lint_rules.budget import Budget
from lint_rules.model.code import Call, Dict
from lint_rules.model.memoize import remembered
from lint_rules.model.module import Module

LONGEST = 80
"""Characters of a name for which others are looked through."""

MOST_COMPARED = 10_000
"""How many names are compared for all findings of a file. After that nothing is offered."""


def similar(name: str, names: Collection[str], module: Module) -> str | None:
    """The name among some that is most like another one, `None` where none is like it.

    Args:
        name: what is written.
        names: what may be meant.
        module: the file that it is written in.
    """
    if len(name) > LONGEST or not _budget(module).spend(len(names)):
        return None
    known = sorted(known for known in names if len(known) <= LONGEST and known != name)
    return next(iter(get_close_matches(name, known, 1)), None)


def meant_next_keyword(keyword: str, call: Call) -> str:
    """The keyword of `self.next` that a misspelt one means, empty if that is not certain."""
    meant = get_close_matches(
        keyword.lower().replace("_", ""), ["foreach", "numparallel", "condition"], 1, 0.8
    )
    named = [argument.name for argument in call.arguments if argument.name]
    if not meant or named != [keyword] or call.has_unpacking or len(call.positional) != 1:
        return ""
    is_switch = isinstance(call.positional[0], Dict)
    if is_switch != (meant[0] == "condition"):
        return ""
    return "num_parallel" if meant[0] == "numparallel" else meant[0]


@remembered
def _budget(_module: Module) -> Budget:
    return Budget(MOST_COMPARED)
