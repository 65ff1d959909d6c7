"""`self.next`, read as Metaflow reads it: the last statement of a step alone, by its letters."""

from __future__ import annotations

from collections.abc import Iterator

from lint_rules.analysis.step_graph.nodes import Next, Target
from lint_rules.model.code import (
    Argument,
    Attribute,
    Call,
    Collection,
    Comprehension,
    Constant,
    Dict,
    Expr,
    Expression,
    Function,
    Name,
)
from lint_rules.model.step import assigned

KEYWORDS = ("foreach", "num_parallel", "condition")
"""The keywords that `self.next` takes."""


def next_of(function: Function) -> Next | None:
    """What the last statement of a step says, `None` if that is no call of `self.next`."""
    last = function.body[-1]
    call = last.value if isinstance(last, Expr) else None
    return transition(call, function) if isinstance(call, Call) and _is_next(call) else None


def inner_transitions(function: Function) -> Iterator[Next]:
    """The calls of `self.next` in a step but the last statement, those of inner functions too."""
    last = function.body[-1]
    tail = last.value if isinstance(last, Expr) else None
    for call in function.descendants.calls:
        if call is not tail and _is_next(call):
            yield transition(call, function)


def _is_next(call: Call) -> bool:
    return isinstance(call.function, Name) and call.function.name == "self.next"


def transition(call: Call, function: Function) -> Next:
    """A call of `self.next`, read as Metaflow's `DAGNode` reads it."""
    given = [a for a in call.arguments if a.name is None and a.star != "**"]
    keywords = {a.name: a.value for a in call.arguments if a.name is not None or a.star == "**"}
    if len(given) == 1 and isinstance(given[0].value, Dict) and not given[0].star:
        return _switch(call, given[0].value, keywords)
    targets = tuple(_targets(given))
    fault, names = _fault(given, targets, keywords, function)
    kind: str | None = None
    if not fault or fault == "foreach":
        kind = "foreach" if keywords else "split" if len(targets) > 1 else "linear"
    is_parallel = "num_parallel" in keywords
    is_refused = bool(fault) and kind is None
    return Next(call, kind, targets, is_parallel, fault, is_refused, names)


def _targets(given: list[Argument]) -> Iterator[Target]:
    """The steps that arguments name as attributes of anything."""
    for argument in given:
        name = _attribute(argument.value) if not argument.star else None
        if name is not None:
            yield Target(name, argument.value.location)


def _attribute(expression: Expression) -> str | None:
    """The attribute that an expression is: `a` of `self.a`, `self.x.a` and `f().a`."""
    match expression:
        case Name() if "." in expression.name:
            return expression.name.rpartition(".")[2]
        case Attribute():
            return expression.name
    return None


def _fault(
    given: list[Argument],
    targets: tuple[Target, ...],
    keywords: dict[str | None, Expression],
    function: Function,
) -> tuple[str, tuple[str, ...]]:
    """Why a transition that is no switch is refused, and the names in question."""
    unknown = [name for name in keywords if name not in KEYWORDS]
    if any(argument.star for argument in given) or None in keywords:
        return "unpacking", ()
    if unknown:
        return "keyword", (str(unknown[0]),)
    if not given:
        return "nothing", ()
    for argument in given:
        value = argument.value
        if isinstance(value, Constant) and value.text is not None:
            return "string", (value.text,)
        if _attribute(value) is None:
            named = isinstance(value, Name)
            return ("name", (value.name,)) if named else ("expression", ())  # type: ignore[attr-defined]
    if "condition" in keywords:
        return ("combined", ()) if len(keywords) > 1 else ("condition", ())
    if len(keywords) > 1:
        return "combined", ()
    if keywords and len(targets) > 1:
        return "targets", tuple(str(name) for name in keywords)
    foreach = keywords.get("foreach")
    if foreach is not None and _is_never_a_text(foreach, function):
        return "foreach", ()
    return "", ()


def _switch(call: Call, cases: Dict, keywords: dict[str | None, Expression]) -> Next:
    """A transition whose one argument is a dictionary."""
    named = [(key, _attribute_of_self(value), value) for key, value in cases.items]
    targets = tuple(Target(name, value.location) for _, name, value in named if name)
    condition = keywords.get("condition")
    keys = [_case(key) for key, _, _ in named]
    unknown = next((str(name) for name in keywords if name not in (*KEYWORDS, None)), None)
    if condition is None and unknown is not None:
        return Next(call, None, targets, fault="keyword", is_refused=True, names=(unknown,))
    if condition is None:
        fault = "no-condition"
    elif not cases.items:
        fault = "no-cases"
    elif any(key is None for key in keys):
        fault = "case"
    elif not all(name for _, name, _ in named):
        fault = "case-target"
    elif not (isinstance(condition, Constant) and condition.text):
        fault = "condition-name"
    else:
        return _known_switch(call, named, keys, keywords)
    return Next(call, None, targets, fault=fault, is_refused=True)


def _known_switch(
    call: Call,
    named: list[tuple[Expression | None, str | None, Expression]],
    keys: list[object],
    keywords: dict[str | None, Expression],
) -> Next:
    """A switch as Metaflow takes it: of two equal cases the last holds, as in Python."""
    by_case: dict[object, Target] = {}
    for key, (_, name, value) in zip(keys, named, strict=True):
        by_case[key] = Target(name or "", value.location)
    targets = tuple(by_case.values())
    unknown = [str(name) for name in keywords if name not in (*KEYWORDS, None)]
    others = [name for name in ("foreach", "num_parallel") if name in keywords]
    if len(targets) < 2:
        every = tuple(Target(name or "", value.location) for _, name, value in named)
        return Next(call, "switch", every, fault="one-case", is_refused=True)
    # Metaflow's check looks at no other keyword of a switch; its run does.
    if unknown:
        return Next(call, "switch", targets, fault="keyword", names=(unknown[0],))
    if any(_is_given(keywords[name]) for name in others):
        return Next(call, "switch", targets, fault="combined")
    return Next(call, "switch", targets)


def _case(key: Expression | None) -> object:
    """What a switch's key is to Metaflow, `None` if it does not take it."""
    match key:
        case Constant():
            return key.value
        case Name() if key.name.count(".") == 2 and key.head == "self":
            _, config, name = key.name.split(".")
            return f"config:{config}.{name}"
    return None


def _attribute_of_self(value: Expression) -> str | None:
    """`a` of `self.a`."""
    if isinstance(value, Name) and value.name.startswith("self."):
        name = value.name.removeprefix("self.")
        return None if "." in name else name
    return None


def _is_given(value: Expression) -> bool:
    """Whether a keyword's value is certainly not `None`."""
    return isinstance(value, Constant) and value.value is not None


_COLLECTIONS = (Collection, Dict, Comprehension)


def _is_never_a_text(value: Expression, function: Function) -> bool:
    """Whether `foreach` certainly gets something else than an artifact's name."""
    if isinstance(value, Constant):
        return not isinstance(value.value, str) and bool(value.value)
    if isinstance(value, _COLLECTIONS):
        return True
    if not isinstance(value, Name) or value.head != function.self_name:
        return False
    given = [a.value for a in assigned(function) if f"{function.self_name}.{a.name}" == value.name]
    return bool(given) and all(isinstance(each, _COLLECTIONS) for each in given)
