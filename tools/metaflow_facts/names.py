"""Reads the names that `FlowSpec`, `current` and cards have, and those that steps may have."""

from __future__ import annotations

import ast
import inspect
import re
import string
import textwrap
from typing import Any

from metaflow import FlowSpec, current, lint
from metaflow.exception import MetaflowException
from metaflow.graph import FlowGraph
from metaflow.plugins import CARDS
from metaflow.plugins.cards import card_decorator

from tools.metaflow_facts.trials import Refusal, load, message_of

_NAMED = """
from metaflow import FlowSpec, step

class Tried(FlowSpec):
    @step
    def start(self):
        self.next(self.{name})

    @step
    def {name}(self):
        self.next(self.end)

    @step
    def end(self):
        pass
"""


def read_current() -> list[str]:
    """Return the public names that `current` always has."""
    return sorted(name for name in dir(current) if not name.startswith("_"))


def read_flowspec() -> dict[str, dict[str, Any]]:
    """Return all names that a flow has, with what they are and what comes of setting them."""
    flow = load(_NAMED.format(name="work"))(use_cli=False)
    own = {"start", "work", "end"}
    unsaved = getattr(FlowSpec, "_EPHEMERAL", ())
    found = {}
    for name in sorted({*dir(flow), *vars(flow)} - own):
        if hasattr(object, name) or (name.startswith("__") and name.endswith("__")):
            continue
        facts: dict[str, Any] = {"is": _role(flow, name)}
        if name in unsaved:
            facts["saved"] = False
        try:
            setattr(flow, name, getattr(flow, name, None))
        except AttributeError:
            facts["settable"] = False
        found[name] = facts
    return found


def _role(flow: FlowSpec, name: str) -> str:
    static = inspect.getattr_static(type(flow), name, None)
    if name in vars(flow) and static is None:
        return "instance attribute"
    if isinstance(static, property):
        return "property"
    if callable(static) or isinstance(static, (classmethod, staticmethod)):
        return "method"
    return "class attribute"


def read_step_names() -> dict[str, Any]:
    """Return the step names that are refused, and the characters that names may be made of."""
    words = {n.value for n in ast.walk(ast.parse(inspect.getsource(lint))) if _is_word(n)}
    candidates = {*words, *dir(FlowSpec), *read_flowspec()}
    names = sorted(n for n in candidates if n.isidentifier() and not n.startswith("_"))
    reserved = {n: r._asdict() for n in names if (r := _try_step_name(n))}
    letters = string.ascii_letters + string.digits + "_é"
    first = {c: _try_step_name(f"{c}work") for c in letters if f"{c}work".isidentifier()}
    later = {c: _try_step_name(f"work{c}work") for c in letters}
    refused = next((r for r in (*first.values(), *later.values()) if r), None)
    return {
        "reserved_step_names": reserved,
        "step_name": {
            "first": "".join(c for c, refusal in first.items() if refusal is None),
            "characters": "".join(c for c, refusal in later.items() if refusal is None),
            **(refused._asdict() if refused else {}),
        },
    }


def _is_word(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def _try_step_name(name: str) -> Refusal | None:
    if name in ("start", "end"):
        return None
    try:
        flow = load(_NAMED.format(name=name))
    except Exception as error:
        return Refusal("load", message_of(error).replace(name, "{name}"))
    try:
        lint.linter.run_checks(FlowGraph(flow))
    except MetaflowException as error:
        return Refusal("check", message_of(error).replace(f"*{name}*", "*{name}*"))
    except Exception as error:
        return Refusal("check", message_of(error))
    return None


def read_next_options() -> list[str]:
    """Return the keyword options that `self.next` takes."""
    tree = ast.parse(textwrap.dedent(inspect.getsource(FlowSpec.next)))
    return sorted(
        call.args[0].value
        for call in ast.walk(tree)
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Attribute)
        and isinstance(call.func.value, ast.Name)
        and call.func.value.id == "kwargs"
        and call.func.attr in ("pop", "get")
    )


def read_cards() -> dict[str, Any]:
    """Return the types of cards that Metaflow brings along, and the pattern of a card's id."""
    return {
        "types": sorted({card.type for card in CARDS if not card.type.startswith("test_")}),
        "id_pattern": re.compile(card_decorator.CARD_ID_PATTERN).pattern,
    }
