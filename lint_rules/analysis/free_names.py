"""Whether a name is free in a flow's class: a fix that adds an attribute asks here."""

from __future__ import annotations

import re
from collections.abc import Iterable

from lint_rules.analysis.takers import dependents
from lint_rules.metaflow import facts
from lint_rules.model.code import Constant
from lint_rules.model.flow import Flow
from lint_rules.model.module import Module

_CLASS = re.compile(rb"^[ \t]*class[ \t]+\w+[ \t]*\(", re.MULTILINE)


def is_free_in_class(flow: Flow, *names: str) -> bool:
    """Whether nothing else can be meant by some names in a flow, or in any flow that derives from
    it: they stand nowhere in the files of its classes, nor in a file with classes that imports
    one of these.

    Args:
        flow: the flow.
        names: the spellings of one name, as `test_mode` and `test-mode`.
    """
    if any(name in facts().flowspec_attributes for name in names):
        return False
    modules = {id(owner.module): owner.module for owner in flow.lineage}.values()
    if any(_mentions(module.code.encode(), names) for module in modules):
        return False
    if any(_sets_any(module) for module in modules):
        return False
    return not any(
        _CLASS.search(content) and _mentions(content, names) for content in dependents(flow.module)
    )


def _mentions(content: bytes, names: Iterable[str]) -> bool:
    # Few files have the name in them at all, and the expression takes far longer than `in`.
    there = [name.encode() for name in names if name.encode() in content]
    return any(re.search(rb"\b" + re.escape(name) + rb"\b", content) for name in there)


def _sets_any(module: Module) -> bool:
    """Whether code sets attributes whose names are not written in it."""
    return any(
        len(call.positional) < 2 or not isinstance(call.positional[1], Constant)
        for call in module.calls_of_setattr
    )
