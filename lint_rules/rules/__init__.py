"""The rules: a folder for each family, a file for each rule, named for its code.

A new file here is a new rule: `lint_rules.engine.registry` finds it.
"""

import os


def modules() -> list[str]:
    """The dotted names of the modules with rules, below this package, in order."""
    here = __path__[0]
    return [
        f"{family}.{name.removesuffix('.py')}"
        for family in sorted(os.listdir(here))  # noqa: PTH208 - quicker, in every run
        if "." not in family and not family.startswith("_")
        for name in sorted(os.listdir(f"{here}/{family}"))  # noqa: PTH208
        if name.startswith("mf") and name.endswith(".py")
    ]


def codes() -> list[str]:
    """The codes of the rules here, read from the names of their files."""
    names = (module.rpartition(".")[2] for module in modules())
    return sorted(name.partition("_")[0].upper() for name in names)
