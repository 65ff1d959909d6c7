"""The calls of S3's methods, with what is known of their clients and keys."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from lint_rules.analysis.inference import Kind, Reader
from lint_rules.analysis.metaflow_calls import metaflow_calls
from lint_rules.metaflow import S3Method, facts
from lint_rules.model.code import (
    Attribute,
    BinOp,
    Call,
    Constant,
    Expression,
    Function,
    JoinedStr,
    Name,
    With,
)
from lint_rules.model.module import Module
from lint_rules.model.scope import metaflow_name

Root = Literal["none", "some", "unknown"]
SCHEME = "s3://"


@dataclass(frozen=True, eq=False)
class S3Call:
    """A call of a method of S3 that takes keys.

    Attributes:
        call: the call.
        name: the method's name.
        method: what is known about it.
        client: the call that makes the client.
        root: whether the client has a root, which its keys are below.
        function: the function around it.
    """

    call: Call
    name: str
    method: S3Method
    client: Call
    root: Root
    function: Function | None

    def given(self, index: int) -> Expression | None:
        """What a parameter of the method gets."""
        parameters = self.method.parameters
        if index >= len(parameters) or self.call.has_unpacking:
            return None
        return self.call.argument(parameters[index], index)


def s3_calls(module: Module) -> Iterator[S3Call]:
    """The calls of methods of clients that stand beside them: `with S3() as s3:`, `s3 = S3()` in
    the same function, `S3().get(…)`."""
    clients = {call: root_of(call) for call in metaflow_calls(module).get("S3", ())}
    if not clients:
        return
    functions = [d for d in module.descendants.definitions if isinstance(d, Function)]
    owners = {call: function for function in functions for call in function.descendants.calls}
    named = _named(functions, module, clients)
    for call in module.descendants.calls:
        client = None
        if isinstance(call.function, Name):
            owner, _, name = call.function.name.rpartition(".")
            scope = call.function.scope.owner(owner) if owner else None
            client = named.get((id(scope), owner))
        elif isinstance(call.function, Attribute) and isinstance(call.function.value, Call):
            name = call.function.name
            client = call.function.value if call.function.value in clients else None
        if client is not None and name in facts().s3_methods:
            method = facts().s3_methods[name]
            yield S3Call(call, name, method, client, clients[client], owners.get(call))


def _named(
    functions: list[Function], module: Module, clients: dict[Call, Root]
) -> dict[tuple[int, str], Call]:
    """The clients by the names that hold nothing else, with the scopes of the names."""
    found: dict[tuple[int, str], Call] = {}
    for function in functions:
        for name, bindings in function.locals.items():
            source = bindings[0].source if len(bindings) == 1 else None
            if isinstance(source, Call) and source in clients and not bindings[0].path:
                found[id(function.scope), name] = source
    for name, value in module.constants.items():
        if isinstance(value, Call) and value in clients:
            found[id(module.scope), name] = value
    counts: dict[str, list[Call]] = {}
    for statement in module.statements:
        for item in statement.items if isinstance(statement, With) else ():
            if isinstance(item.target, Name) and isinstance(item.context, Call):
                counts.setdefault(item.target.name, []).append(item.context)
    for name, calls in counts.items():
        if len(calls) == 1 and calls[0] in clients:
            found[id(module.scope), name] = calls[0]
    return found


def root_of(client: Call) -> Root:
    """Whether a client of S3 has a root."""
    if client.has_unpacking:
        return "unknown"
    # S3(tmproot, bucket, prefix, run, s3root)
    given = [client.argument("run", 3), client.argument("s3root", 4)]
    values = [value for value in given if value is not None and not _is_none(value)]
    if not values:
        return "none"
    # A run may turn out to be `None`, unless it is the flow itself.
    certain = any(_is_certain(value) for value in values)
    return "some" if certain else "unknown"


def _is_none(value: Expression) -> bool:
    return isinstance(value, Constant) and value.value is None


def _is_certain(value: Expression) -> bool:
    if isinstance(value, Name):
        return value.name == "self" or value.name.endswith("current.run")
    if isinstance(value, Constant):
        return bool(value.text)
    is_run = isinstance(value, Call) and metaflow_name(value.function.qualified) == "Run"
    return is_run or isinstance(value, JoinedStr | BinOp)


def beginning(key: Expression, module: Module) -> tuple[str, bool]:
    """How a key begins, as far as it is written, and whether that is all of it."""
    text = module.text(key)
    if text is not None:
        return text, True
    value = module.known(key)
    if isinstance(value, JoinedStr) and value.values:
        first = value.values[0]
        if isinstance(first, str):
            return first, False
        return (module.text(first.value) or "") if first.is_plain else "", False
    if isinstance(value, BinOp) and value.operator in ("+", "%"):
        begun = beginning(value.left, module)[0]
        return (begun if value.operator == "+" else begun.partition("%")[0]), False
    return "", False


def is_url(begun: str, is_whole: bool) -> bool | None:
    """Whether a key is a whole URL of S3, as Metaflow asks for it; `None` if it may be."""
    if is_whole and begun:
        bucket, _, path = begun.removeprefix(SCHEME).partition("/")
        return begun.startswith(SCHEME) and bool(bucket and path)
    if begun.startswith(SCHEME):
        return True
    return None if SCHEME.startswith(begun) else False


def reader_at(one: S3Call, module: Module) -> Reader:
    """Infers the values of expressions that stand beside a call."""
    owner = one.function
    flow = next((f for f in module.flows if owner in f.definition.functions), None)
    return Reader(module, owner, flow)


def not_storable(value: Expression, one: S3Call, module: Module) -> str | None:
    """In words, what a value is that S3 does not store; `None` if S3 may store it."""
    opened = module.known(value)
    if isinstance(opened, Call):
        qualified = opened.function.qualified
        if qualified == "builtins.open":
            mode = opened.argument("mode", 1)
            is_text = mode is None or (isinstance(mode, Constant) and "b" not in (mode.text or "b"))
            return "a file that is open as text" if is_text else None
        if qualified == "io.StringIO":
            return "a `StringIO`"
    found = reader_at(one, module).value(value)
    if found is None:
        return None
    base = found.type.partition("[")[0]
    if found.kind is Kind.PLAIN and base not in ("str", "bytes", "bytearray", "object"):
        return f"of the type `{base}`"
    if found.container:
        return f"a `{found.container}`"
    return f"a `{found.type}`" if found.kind is Kind.LIBRARY and base.endswith("Frame") else None
