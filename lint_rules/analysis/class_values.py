"""Which expressions are classes themselves, and not objects of one."""

from __future__ import annotations

from lint_rules.model.code import Assignment, Call, Class, Definition, Expression, IfExp, Name
from lint_rules.model.module import Module
from lint_rules.python import standard_library

MOST_NAMES = 10
"""How many names are followed to a class."""

_KEEPING = ("attr.", "attrs.", "dataclasses.", "enum.", "functools.", "pydantic.", "typing.")
"""Where decorators come from that leave a class a class."""

_CLASS_PACKAGES = frozenset({"catboost", "lightgbm", "pandas", "sklearn", "xgboost"})
"""Packages in which what is written like a class is one."""

_NO_CLASSES = frozenset({"pandas.NA", "pandas.NaT"})


def stays_class(definition: Definition) -> bool:
    """Whether a definition is a class, whatever its decorators do."""
    return isinstance(definition, Class) and all(
        (decorator.qualified or "").startswith(_KEEPING) for decorator in definition.decorators
    )


def is_class(expression: Expression, module: Module, names: int = MOST_NAMES) -> bool:
    """Whether an expression is a class.

    Args:
        expression: the expression, at module level or in the body of a class.
        module: the file it stands in.
        names: how many more names are followed.
    """
    if not names or not module.budget.spend():
        return False
    match expression:
        case IfExp(body=body, orelse=orelse):
            return is_class(body, module, names - 1) and is_class(orelse, module, names - 1)
        case Call():
            return makes_class(expression)
        case Name(qualified=None):
            return _is_own_class(expression, module, names)
        case Name(qualified=str(qualified)):
            return is_imported_class(qualified, module, names)
    return False


def makes_class(call: Call) -> bool:
    """Whether a call makes a class of a name and its contents: `namedtuple("Row", "a b")`."""
    qualified = call.function.qualified or ""
    if qualified == "builtins.type":
        return len(call.arguments) == 3
    return qualified in standard_library().makers and len(call.arguments) > 1


def is_imported_class(qualified: str, module: Module, names: int = MOST_NAMES) -> bool:
    """Whether a dotted name is a class: of Python, a library or the repository."""
    if standard_library().is_class(qualified):
        return True
    package, _, last = qualified.partition(".")
    if package in _CLASS_PACKAGES:
        name = last.rpartition(".")[2]
        is_written_so = name[:1].isupper() and qualified not in _NO_CLASSES
        return is_written_so and not module.resolver.is_own(package)
    found = module.resolver.definition(qualified)
    if found is not None:
        return stays_class(found[1])
    constant = module.resolver.constant(qualified)
    return constant is not None and is_class(*constant, names - 1)


def _is_own_class(reference: Name, module: Module, names: int) -> bool:
    """Whether a name of the file itself is a class, or an alias of one."""
    head, _, rest = reference.name.partition(".")
    owner = reference.scope.owner(head)
    if owner is None or owner.kind not in ("class", "module"):
        return False
    if owner.kind == "module":
        statements = module.statements
    else:
        nested = (d for d in module.descendants.definitions if isinstance(d, Class))
        found = next((definition for definition in nested if definition.scope is owner), None)
        statements = found.statements if found is not None else ()
    binding = _only_binding(statements, head)
    if isinstance(binding, Class) and rest:
        inner = _only_binding(binding.statements, rest)
        return isinstance(inner, Class) and stays_class(inner)
    if rest or binding is None or head in module.scope.rebound:
        return False
    if isinstance(binding, Expression):
        return is_class(binding, module, names - 1)
    return stays_class(binding)


def _only_binding(statements: tuple[object, ...], name: str) -> Definition | Expression | None:
    """What a name is bound to, where one statement alone binds it."""
    found: list[Definition | Expression | None] = []
    for statement in statements:
        if isinstance(statement, Definition) and statement.name == name:
            found.append(statement)
        elif isinstance(statement, Assignment) and any(
            isinstance(target, Name) and target.name == name for target, _, _ in statement.bindings
        ):
            is_plain = len(statement.targets) == 1 and isinstance(statement.targets[0], Name)
            found.append(statement.value if is_plain else None)
    return found[0] if len(found) == 1 else None
