"""The name that was probably meant, for the help of a finding."""

from __future__ import annotations

from collections.abc import Collection
from difflib import get_close_matches

from lint_rules.budget import Budget
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


@remembered
def _budget(_module: Module) -> Budget:
    return Budget(MOST_COMPARED)
