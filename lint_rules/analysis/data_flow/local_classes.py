"""Classes that a function makes, by a `class` statement or a call such as `namedtuple("Row", "a")`.

Pickle saves an object together with the name of its class, and looks the class up by that name: in
a module, where a class that a function made is not to be found.
"""

from __future__ import annotations

import re

from lint_rules.analysis.class_values import makes_class
from lint_rules.analysis.data_flow.values import Special
from lint_rules.model.code import Assignment, Call, Class, Collection, Constant, Expression, Name
from lint_rules.model.module import Module

_OWN_PICKLING = frozenset(
    {"__reduce__", "__reduce_ex__", "__getnewargs__", "__getnewargs_ex__", "__new__"}
)
_ENUMS = frozenset(f"enum.{name}" for name in ("Enum", "IntEnum", "StrEnum", "Flag", "IntFlag"))
_BASES = _ENUMS | frozenset(
    {
        *("typing.NamedTuple", "collections.OrderedDict", "collections.Counter"),
        *(f"builtins.{name}" for name in "object dict list set str int float Exception".split()),
    }
)
"""Bases whose objects pickle saves by the name of their own class."""

_PLAIN = frozenset({"typing.TypedDict"})
"""Makers of classes whose objects are of another class: of Python's `dict`."""


def made_by(call: Call, module: Module) -> Special | None:
    """The class that a call in a function of a module makes, if pickle cannot find it.

    That of a name which the module has, or may get by `globals()`, could be the same class.
    """
    maker = call.function.qualified
    first = call.positional[0] if call.positional else None
    name = first.text if isinstance(first, Constant) else None
    if not makes_class(call) or maker in _PLAIN or name is None or call.has_unpacking:
        return None
    is_placed = any(call.argument(one) is not None for one in ("module", "qualname"))
    is_known = name in module.scope.bound or name in module.scope.imports
    is_known = is_known or any(
        other.function.qualified == "builtins.globals" for other in module.descendants.calls
    )
    return None if is_placed or is_known else Special("class", name, call)


def instance_of(made: Special) -> str | None:
    """What calling such a class gives, in words; `None` if it may be pickled."""
    if isinstance(made.thing, Class):
        definition = made.thing
        own = {function.name for function in definition.functions}
        bases = {base.qualified for base in definition.bases}
        if own & _OWN_PICKLING or definition.keywords or not bases <= _BASES:
            return None
    return f"an instance of `{made.mode}`, a class that is defined inside a function"


def member_of(made: Special, name: str) -> str | None:
    """What an attribute of such a class is, in words, if it is a member of an enum."""
    if instance_of(made) is None or name not in _members(made.thing):
        return None
    return f"a member of `{made.mode}`, an enum that is defined inside a function"


def _members(made: object) -> set[str]:
    """The names of an enum's members, none of another class."""
    if isinstance(made, Class) and any(base.qualified in _ENUMS for base in made.bases):
        return {
            target.name
            for statement in made.statements
            if isinstance(statement, Assignment) and statement.value is not None
            for target in statement.targets
            if isinstance(target, Name) and not target.name.startswith("_")
        }
    if isinstance(made, Call) and made.function.qualified in _ENUMS:
        return set(_listed(made.argument("names", 1)))
    return set()


def _listed(names: Expression | None) -> list[str]:
    if isinstance(names, Collection):
        return [item.text for item in names.items if isinstance(item, Constant) and item.text]
    if isinstance(names, Constant) and names.text:
        return re.split(r"[\s,]+", names.text.strip())
    return []
