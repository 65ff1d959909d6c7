"""What is put into the payloads of events."""

from __future__ import annotations

from collections.abc import Iterator

from lint_rules.analysis.events import is_argo_event
from lint_rules.analysis.inference import Kind, Reader
from lint_rules.model.code import (
    Attribute,
    Call,
    Collection,
    Comprehension,
    Dict,
    Expression,
    Function,
    Lambda,
    Name,
)
from lint_rules.model.module import Module

_PUBLISHING = {"publish": 0, "safe_publish": 0}
_TEXTS = ("dict", "list", "tuple", "set")
_NOT_JSON = ("set", "frozenset", "bytes", "bytearray", "complex")
_OBJECTS = frozenset(
    f"datetime.{owner}"
    for owner in (
        *("datetime", "date", "time", "timedelta"),
        *(f"datetime.{name}" for name in ("now", "utcnow", "today", "strptime", "fromisoformat")),
        *(f"date.{name}" for name in ("today", "fromisoformat")),
    )
) | frozenset(
    ["uuid.uuid1", "uuid.uuid4", "uuid.UUID", "decimal.Decimal", "pathlib.Path"],
)


class Payloads:
    """Finds what is put into the payloads of the events of a file.

    Args:
        module: the file.
    """

    def __init__(self, module: Module) -> None:
        self._module = module
        functions = [d for d in module.descendants.definitions if isinstance(d, Function)]
        self._owners = {c: function for function in functions for c in function.descendants.calls}

    def texts(self) -> Iterator[tuple[Expression, str]]:
        """The containers that `add_to_payload` turns into their Python text, with their types."""
        for call in self._methods("add_to_payload"):
            value = call.argument("value", 1)
            type_ = self._type(value, call) if value is not None else None
            if value is not None and type_ in _TEXTS:
                yield value, type_

    def unpublishable(self) -> Iterator[tuple[Expression, str]]:
        """What no JSON can hold, and payloads that are no dictionaries, with what they are."""
        for call in self._module.descendants.calls:
            payload = self._payload(call)
            if payload is not None:
                yield from self._whole(payload, call)

    def _payload(self, call: Call) -> Expression | None:
        if is_argo_event(call):
            return call.argument("payload", 2)
        function = call.function
        name = function.name.rpartition(".")[2] if isinstance(function, Name | Attribute) else ""
        if name in _PUBLISHING and self._is_event(_owner(call)):
            return call.argument("payload", _PUBLISHING[name])
        return None

    def _whole(self, payload: Expression, call: Call) -> Iterator[tuple[Expression, str]]:
        display = self._module.known(payload)
        if isinstance(display, Dict):
            yield from self._inside(display, call)
            return
        type_ = self._type(payload, call)
        if type_ in ("list", "tuple", "set", "str", "int", "float", "bytes"):
            yield payload, f"a payload of the type `{type_}`"

    def _inside(self, display: Expression, call: Call) -> Iterator[tuple[Expression, str]]:
        waiting = [display]
        while waiting:
            part = waiting.pop()
            known = self._module.known(part)
            if isinstance(known, Dict):
                for key, value in known.items:
                    if isinstance(key, Collection):
                        yield key, f"a {key.kind} as a key"
                    if key is not None:
                        waiting.append(value)
            elif isinstance(known, Collection) and known.kind != "set":
                waiting += known.items
            else:
                what = self._not_json(part, known, call)
                if what is not None:
                    yield part, what

    def _not_json(self, part: Expression, known: Expression | None, call: Call) -> str | None:
        if isinstance(known, Lambda):
            return "a function"
        if isinstance(known, Comprehension) and known.kind == "generator":
            return "a generator"
        if isinstance(known, Call) and known.function.qualified in _OBJECTS:
            return f"what `{self._module.code_of(known.function)}(…)` returns"
        value = Reader(self._module, self._owners.get(call), None).value(part)
        if value is None:
            return None
        base = value.type.partition("[")[0]
        if value.kind is Kind.PLAIN and base in _NOT_JSON:
            return f"a `{base}`"
        if value.kind is Kind.LIBRARY and base.endswith(("DataFrame", "Series", "ndarray")):
            return f"a `{base}`"
        return None

    def _methods(self, wanted: str) -> Iterator[Call]:
        for call in self._module.descendants.calls:
            function = call.function
            if isinstance(function, Name | Attribute):
                name = function.name.rpartition(".")[2]
                if name == wanted and self._is_event(_owner(call)):
                    yield call

    def _is_event(self, expression: Expression | None) -> bool:
        """Whether an expression is an `ArgoEvent`, also with something added to its payload."""
        for _ in range(50):
            known = self._module.known(expression)
            if known is None or is_argo_event(known):
                return known is not None
            if not isinstance(known, Call) or not isinstance(known.function, Attribute | Name):
                return False
            if known.function.name.rpartition(".")[2] != "add_to_payload":
                return False
            expression = _owner(known)
        return False

    def _type(self, value: Expression, call: Call) -> str | None:
        found = Reader(self._module, self._owners.get(call), None).value(value)
        if found is None:
            return None
        if found.container:
            return found.container
        return found.type.partition("[")[0] if found.kind is Kind.PLAIN else None


def _owner(call: Call) -> Expression | None:
    """What a method is called of."""
    match call.function:
        case Attribute(value=value):
            return value
        case Name() as name if "." in name.name:
            return name.without_last()
    return None
