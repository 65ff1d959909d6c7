"""Reads the names that the module `metaflow` offers.

This module imports nothing but Metaflow: what else is imported makes more submodules visible.
"""

from __future__ import annotations

from functools import partial
from types import FunctionType, ModuleType

import metaflow
from metaflow.plugins import FLOW_DECORATORS, STEP_DECORATORS

_BOUND = [name for name in vars(metaflow) if not name.startswith("_")]


def read_public_names() -> dict[str, str]:
    """Return what `from metaflow import *` binds, and what each name is."""
    exported = getattr(metaflow, "__all__", _BOUND)
    return {name: _kind(getattr(metaflow, name)) for name in sorted(exported)}


def _kind(thing: object) -> str:
    mutator = getattr(metaflow, "FlowMutator", None)
    if isinstance(thing, partial):
        decorators = {"step decorator": STEP_DECORATORS, "flow decorator": FLOW_DECORATORS}
        return next((k for k, d in decorators.items() if thing.args[0] in d), "function")
    if isinstance(thing, type):
        made = mutator and issubclass(thing, mutator) and thing is not mutator
        return "flow mutator" if made else "class"
    kinds = {FunctionType: "function", ModuleType: "module"}
    return kinds.get(type(thing), "value")
