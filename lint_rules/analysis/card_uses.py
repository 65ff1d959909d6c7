"""The cards of a step, and what the code adds to them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lint_rules.analysis.call_graph import Code
from lint_rules.analysis.current_reads import asked_of_current
from lint_rules.analysis.decorators import Applied, applied
from lint_rules.analysis.inference import Kind, Reader
from lint_rules.metaflow import UNKNOWN, facts
from lint_rules.model.code import (
    Attribute,
    Call,
    Collection,
    Constant,
    Descendants,
    Expression,
    Name,
    Starred,
    Subscript,
)
from lint_rules.model.flow import Flow
from lint_rules.model.scope import metaflow_name
from lint_rules.model.step import Step

_ADDING = frozenset({"append", "extend"})


@dataclass(frozen=True, eq=False)
class Card:
    """A `@card` of a step.

    Attributes:
        decorator: the decorator.
        id: its id, `None` if it has none or none that Metaflow accepts.
        given_id: the id that is written.
        is_known: whether all that decides on its use is written as literals.
        is_editable: whether steps may add to it.
        is_customized: whether it goes before others.
    """

    decorator: Applied
    id: str | None
    given_id: str | None
    is_known: bool
    is_editable: bool
    is_customized: bool


@dataclass(frozen=True, eq=False)
class Addition:
    """A use of `current.card` that adds to a card. `at` is what to mark of it.

    Attributes:
        at: `current.card.append` or `current.card["id"]`.
        call: the call that adds.
        is_bare: whether it names no card.
        id: the card's id, where it is written as a literal.
    """

    at: Expression
    call: Call
    is_bare: bool
    id: str | None

    @property
    def components(self) -> tuple[Expression, ...]:
        """What it adds, where that is written there."""
        if len(self.call.positional) != 1:
            return ()
        given = self.call.positional[0]
        if not _is_extending(self.call):
            return (given,)
        items = given.items if isinstance(given, Collection) else ()
        return tuple(item for item in items if not isinstance(item, Starred))


def cards_of(step: Step) -> list[Card]:
    """The cards of a step."""
    found = (d for d in applied(step.function, step.flow.module, facts()) if d.name == "card")
    return [_card(decorator) for decorator in found]


def may_have_more(step: Step, flow: Flow) -> bool:
    """Whether a step may have cards that do not stand there: decorators that are not Metaflow's
    own may add some."""
    placed = [*step.function.decorators, *(d for owner in flow.lineage for d in owner.decorators)]
    names = [metaflow_name(decorator.qualified) for decorator in placed]
    return any(name != "step" and (name is None or not facts().decorator(name)) for name in names)


def _card(decorator: Applied) -> Card:
    values = decorator.values
    card_id, kind = values.get("id"), values.get("type", "default")
    given = card_id if isinstance(card_id, str) else None
    fits = given is not None and re.match(facts().card_id_pattern, given) is not None
    customize = values.get("customize", False)
    is_known = UNKNOWN not in (card_id, kind, customize) and kind in facts().card_types
    return Card(
        decorator,
        given if fits else None,
        given,
        is_known and not decorator.has_unpacking,
        kind in facts().editable_cards,
        str(customize) == "True",
    )


def takes_bare(cards: list[Card]) -> bool:
    """Whether Metaflow knows which card `current.card.append` is for."""
    editable = [card for card in cards if card.is_editable]
    if len(editable) == 1 or sum(card.id is None for card in editable) == 1:
        return True
    return sum(card.is_customized for card in editable) == 1


def additions(inside: Descendants) -> Iterator[Addition]:
    """The uses of `current.card` in some code that add to a card."""
    for call in inside.calls:
        function = call.function
        if isinstance(function, Name) and function.name.rpartition(".")[2] in _ADDING:
            owner = function.without_last()
            if asked_of_current(owner) is not None and owner.name.endswith(".card"):
                yield Addition(function, call, True, None)
        elif isinstance(function, Attribute) and function.name in _ADDING:
            of = function.value
            if isinstance(of, Subscript) and _is_card(of.value):
                yield Addition(of, call, False, _id_of(of))


def _is_card(expression: Expression) -> bool:
    is_name = isinstance(expression, Name) and expression.name.endswith(".card")
    return is_name and asked_of_current(expression) is not None  # type: ignore[arg-type]


def _id_of(subscript: Subscript) -> str | None:
    index = subscript.index[0] if len(subscript.index) == 1 else None
    return index.text if isinstance(index, Constant) else None


def _is_extending(call: Call) -> bool:
    function = call.function
    return isinstance(function, Name | Attribute) and function.name.endswith("extend")


def type_without_component(value: Expression, code: Code, flow: Flow) -> str | None:
    """The type of a value that a card leaves out, because it is no component.

    Args:
        value: what is added to the card.
        code: the function that adds it.
        flow: the flow that runs it.

    Returns:
        `None` if the value is a component, or may be one.
    """
    own = any(code.function in owner.definition.functions for owner in flow.lineage)
    found = Reader(code.module, code.function, flow if own else None).value(value)
    if found is None or found.type.startswith("metaflow"):
        return None
    is_plain = found.kind is Kind.PLAIN and found.type != "object"
    is_of_library = found.kind is Kind.LIBRARY and found.type.endswith(("DataFrame", "Figure"))
    return found.type if is_plain or is_of_library else None
