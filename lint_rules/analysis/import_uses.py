"""Which code uses what a file imports at module level."""

from __future__ import annotations

from dataclasses import dataclass

from lint_rules.model.code import ImportedName
from lint_rules.model.module import Module
from lint_rules.model.step import Step


@dataclass(frozen=True)
class ImportUse:
    """Which code uses an imported name.

    Attributes:
        steps: the steps whose bodies use it.
        in_functions: whether functions of the module use it too. MF003 reports these.
        at_import: whether other code uses it: a class body, a decorator, a helper method.
    """

    name: ImportedName
    steps: tuple[Step, ...]
    in_functions: bool
    at_import: bool

    @property
    def is_only_in_steps(self) -> bool:
        """Whether steps use it, and nothing that runs when the file is imported."""
        return bool(self.steps) and not self.at_import


def use_of(name: ImportedName, module: Module) -> ImportUse:
    """Which code of a file uses a name that the file imports at module level."""
    steps: dict[Step, None] = {}
    in_functions = at_import = False
    for reference in module.references.get(name.bound, ()):
        is_binding = reference.context == "store" and "." not in reference.name
        if is_binding:
            continue
        if reference.scope.owner(name.bound) is module.scope:
            step = module.step_references.get(reference)
            if step is not None and reference.context != "del":
                steps[step] = None
            elif reference in module.function_references:
                in_functions = True
            else:
                at_import = True
    return ImportUse(name, tuple(steps), in_functions, at_import)
