"""The name that a misspelled one was meant to be.

`certain_match` is for fixes and for names that a guess would hide; `similar` is a guess that a
finding's help offers.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from difflib import get_close_matches

from lint_rules.budget import Budget
from lint_rules.metaflow import facts
from lint_rules.model.code import Call, Dict
from lint_rules.model.memoize import remembered
from lint_rules.model.module import Module

LONGEST = 80
"""Characters of a name for which others are looked through."""

MOST_COMPARED = 10_000
"""How many names are compared for all findings of a file. After that nothing is offered."""


def similar(name: str, names: Collection[str], module: Module) -> str | None:
    """The name among some that is most like another one, `None` if none is like it.

    Args:
        name: what is written.
        names: what may be meant.
        module: the file that it is written in.
    """
    if len(name) > LONGEST or not _budget(module).spend(len(names)):
        return None
    known = sorted(known for known in names if len(known) <= LONGEST and known != name)
    return next(iter(get_close_matches(name, known, 1)), None)


def certain_match(name: str, names: Iterable[str]) -> str | None:
    """The name among some that another one is certainly meant to be, or `None`.

    It is certain if one is near and no other is: `gpus` for `gpu`, `time` for `times`.
    """
    known = sorted(names)
    folded = [other for other in known if _folded(other) == _folded(name)]
    if len(folded) == 1:
        return folded[0]
    near = get_close_matches(name, known, n=2, cutoff=0.8)
    return near[0] if len(near) == 1 else None


def meant_next_keyword(keyword: str, call: Call) -> str:
    """The keyword of `self.next` that a misspelled one means, empty if that is not certain."""
    meant = certain_match(keyword, facts().next_options)
    named = [argument.name for argument in call.arguments if argument.name]
    if not meant or named != [keyword] or call.has_unpacking or len(call.positional) != 1:
        return ""
    is_switch = isinstance(call.positional[0], Dict)
    return meant if is_switch == (meant == "condition") else ""


def _folded(name: str) -> str:
    return name.replace("_", "").replace("-", "").lower().removesuffix("s")


@remembered
def _budget(_module: Module) -> Budget:
    return Budget(MOST_COMPARED)
