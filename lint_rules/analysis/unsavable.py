"""What in a flow's body makes every run fail: what Metaflow cannot save before the run, or cannot
hand to the tasks as it is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from lint_rules.analysis.attribute_uses import functions
from lint_rules.analysis.class_attributes import ClassAttribute, class_attributes
from lint_rules.analysis.class_values import (
    is_class,
    is_imported_class,
    makes_class,
    stays_class,
)
from lint_rules.analysis.inference import Kind, Reader
from lint_rules.model.code import (
    Assignment,
    Call,
    Class,
    Constant,
    Expression,
    Function,
    Import,
    Lambda,
    Name,
)
from lint_rules.model.flow import Flow
from lint_rules.model.module import Module
from lint_rules.model.scope import is_metaflow
from lint_rules.python import standard_library

CLASS, ALIAS, PROPERTY, PARTIAL, MODULE, UNPICKLABLE, NAMELESS, TAKEN, CALLED = (
    "class",
    "alias",
    "cached_property",
    "partialmethod",
    "module",
    "unpicklable",
    "nameless",
    "taken",
    "called",
)

_TAKEN = frozenset({"cmd", "foreach_stack", "script_name"})
"""Names of `FlowSpec`'s own that Metaflow does not take for constants, but saves."""

_KEEPERS = frozenset(
    "builtins.filter builtins.map collections.defaultdict functools.partial types.SimpleNamespace"
    "".split()
)
"""What keeps the function that it is given."""

_CACHES = frozenset({"functools.lru_cache", "functools.cache"})


@dataclass(frozen=True)
class Unsavable:
    """A class attribute that a run fails over.

    Attributes:
        attribute: the attribute.
        how: what is wrong with it, one of the constants of this module.
        what: what it is, in words, where `how` does not tell.
        read: the read of `self.<name>` that fails, of `CALLED` alone.
    """

    attribute: ClassAttribute
    how: str
    what: str = ""
    read: Name | None = None


def unsavable(flow: Flow) -> Iterator[Unsavable]:
    """The attributes of a flow's class that every run fails over, or that no step can call."""
    for attribute in class_attributes(flow).values():
        if not attribute.is_saved or not attribute.is_certain:
            continue
        found = _before_the_run(attribute)
        if found is not None:
            yield found
        elif not attribute.is_private and _is_callable_object(attribute):
            read = _call_of(flow, attribute.name)
            if read is not None:
                yield Unsavable(attribute, CALLED, read=read)


def _before_the_run(attribute: ClassAttribute) -> Unsavable | None:
    """What is wrong with an attribute that cannot be saved."""
    statement, module = attribute.statement, attribute.owner.module
    match statement:
        case Class():
            # A class whose name begins with `_` is saved by its name, and not taken away.
            if not attribute.is_private and stays_class(statement):
                return Unsavable(attribute, CLASS)
        case Function(decorators=(first, *_)):
            if first.qualified == "functools.cached_property" and not attribute.is_private:
                return Unsavable(attribute, PROPERTY)
        case Import():
            return _of_import(attribute, statement, module)
        case Assignment() if attribute.value is not None:
            return _of_value(attribute, attribute.value, module)
    return None


def _of_import(attribute: ClassAttribute, statement: Import, module: Module) -> Unsavable | None:
    qualified = attribute.owner.definition.scope.imports.get(attribute.name) or ""
    if not statement.is_from or qualified in standard_library().modules:
        return Unsavable(attribute, MODULE)
    if not attribute.is_private and is_imported_class(qualified, module):
        return Unsavable(attribute, ALIAS)
    return None


def _of_value(attribute: ClassAttribute, value: Expression, module: Module) -> Unsavable | None:
    called = value.function.qualified if isinstance(value, Call) else None
    if attribute.name in _TAKEN and isinstance(value, Constant):
        return Unsavable(attribute, TAKEN)
    if called is not None and _is_elsewhere(called, module):
        return None
    if called == "functools.partialmethod":
        return Unsavable(attribute, PARTIAL)
    if called == "functools.cached_property" and not attribute.is_private:
        return Unsavable(attribute, PROPERTY)
    if isinstance(value, Call) and _is_nameless(value, module):
        return Unsavable(attribute, NAMELESS)
    if not attribute.is_private and is_class(value, module):
        return Unsavable(attribute, ALIAS)
    if called in _KEEPERS and isinstance(value, Call):
        given = (argument.value for argument in value.arguments)
        if any(isinstance(one, Lambda) for one in given):
            what = f"a `{called.rpartition('.')[2]}` with a lambda"
            return Unsavable(attribute, UNPICKLABLE, what)
    known = Reader(module, None).value(value)
    if known is None:
        return None
    article = "an" if known.type[:1] in "aeiou" else "a"
    if known.kind is Kind.UNPICKLABLE:
        what = f"{article} {known.type}"
        what = f"a {known.container} with {what}" if known.container else what
        return Unsavable(attribute, UNPICKLABLE, what)
    if known.kind is Kind.LOCAL_FUNCTION and known.container:
        return Unsavable(attribute, UNPICKLABLE, f"a {known.container} with a lambda")
    return None


def _is_elsewhere(called: str, module: Module) -> bool:
    """Whether a function is Metaflow's, or stands in another file of the repository: to read that
    for a class attribute alone takes long."""
    package = called.partition(".")[0]
    return is_metaflow(called) or not package or module.resolver.is_own(package)


def _is_nameless(call: Call, module: Module) -> bool:
    """Whether a call makes something that pickle looks up by its name, at module level, where
    nothing has that name."""
    by_name = (call.function.qualified or "") in standard_library().pickled_by_name
    if not by_name and not makes_class(call):
        return False
    first = call.positional[0] if call.positional else None
    if not isinstance(first, Constant) or first.text is None:
        return False
    scope = module.scope
    return first.text not in scope.bound and first.text not in scope.imports


def _is_callable_object(attribute: ClassAttribute) -> bool:
    """Whether an attribute is called like a method and is none: Metaflow makes a property of it
    that calls it with the flow alone."""
    match attribute.statement:
        case Function(decorators=decorators):
            names = [decorator.qualified or "" for decorator in decorators]
            cached = next((at for at, name in enumerate(names) if name in _CACHES), None)
            if cached is None:
                return False
            outer = set(names[:cached])
            return outer <= {"builtins.staticmethod"}
        case Assignment() if attribute.value is not None:
            value = attribute.value
            if isinstance(value, Call):
                return value.function.qualified in ("functools.partial", *_CACHES) and bool(
                    value.positional
                )
            return standard_library().is_builtin_function(value.qualified or "")
    return False


def _call_of(flow: Flow, name: str) -> Name | None:
    """A call of `self.<name>` in the flow's steps and methods."""
    for function in functions(flow):
        wanted = f"{function.self_name}.{name}"
        for call in function.descendants.calls:
            called = call.function
            if isinstance(called, Name) and called.name == wanted:
                return called
    return None
