"""Which code uses what a file imports at module level."""

from __future__ import annotations

from dataclasses import dataclass

from lint_rules.analysis.flow_starts import makes_flow
from lint_rules.analysis.hidden_uses import has_hidden_use, looks_names_up
from lint_rules.analysis.inert_code import InertCode
from lint_rules.model.code import Expr, Import, ImportedName, Statement
from lint_rules.model.module import Module
from lint_rules.model.step import Step


@dataclass(frozen=True)
class ImportUse:
    """Which code uses an imported name.

    Attributes:
        steps: the steps whose bodies use it.
        elsewhere: whether other code uses it too: a function of the module, a class body, a
            decorator, a helper method, a text that is an annotation, another file.
    """

    name: ImportedName
    steps: tuple[Step, ...]
    elsewhere: bool

    @property
    def is_only_in_steps(self) -> bool:
        """Whether steps use it, and no other code of the file."""
        return bool(self.steps) and not self.elsewhere


def use_of(name: ImportedName, module: Module) -> ImportUse:
    """Which code of a file uses a name that the file imports at module level."""
    steps: dict[Step, None] = {}
    elsewhere = False
    for reference in module.references.get(name.bound, ()):
        is_binding = reference.context == "store" and "." not in reference.name
        if is_binding:
            continue
        if reference.scope.owner(name.bound) is module.scope:
            step = module.step_references.get(reference)
            if step is not None and reference.context != "del":
                steps[step] = None
            else:
                elsewhere = True
    if steps and not elsewhere:
        elsewhere = has_hidden_use(name.bound, module)
    return ImportUse(name, tuple(steps), elsewhere)


def is_movable(statement: Import, uses: list[ImportUse], module: Module) -> bool:
    """Whether names of an import at module level certainly mean the same when the steps that use
    them import them.

    That needs code at module level that does not matter to the import, no code that may look up
    any name, and no other import that leads to the same modules.
    """
    if looks_names_up(module) or not InertCode().statements(_loaded(module)):
        return False
    moving = {use.name for use in uses}
    return not any(
        _leads_on(name, statement, other, module)
        for name in statement.names
        if name in moving
        for other in module.descendants.imports
        if other is not statement
    )


def _loaded(module: Module) -> list[Statement]:
    """The statements at module level that run when the file is loaded, apart from the guard that
    does nothing but start a flow."""
    flows = {flow.name for flow in module.flows}
    starting = [
        guard
        for guard in module.main_guards()
        if not guard.orelse
        and all(isinstance(s, Expr) and makes_flow(s.value, flows) for s in guard.body)
    ]
    return [statement for statement in module.body if statement not in starting]


def _leads_on(name: ImportedName, statement: Import, other: Import, module: Module) -> bool:
    """Whether code reaches a module that an import loads through another import.

    After `import xml` alone, `xml.etree` is there if something else has imported it.
    """
    loaded = _dotted(statement, name)
    for imported in other.names:
        package = _dotted(other, imported)
        if not other.is_from and imported.alias is None:
            package = imported.bound
        if not loaded.startswith(f"{package}."):
            continue
        further = loaded[len(package) + 1 :].partition(".")[0]
        for reference in module.references.get(imported.bound, ()):
            rest = reference.name.split(".")[1:]
            if (not rest or rest[0] == further) and reference.context != "store":
                return True
    return False


def _dotted(statement: Import, name: ImportedName) -> str:
    """The module, or what of one, that an import is of."""
    return f"{statement.module}.{name.name}" if statement.is_from else name.name
