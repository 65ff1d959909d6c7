"""Where a repository has room for code that does not belong into a flow file."""

from __future__ import annotations

from lint_rules.model.module import Module


def own_package(module: Module) -> str | None:
    """The package of the repository that a file imports first, or that is called as its project."""
    around = module.resolver
    imported = (p for s in module.descendants.imports for p in sorted(s.packages()))
    names = (name for name in (*imported, around.project) if name and name != "metaflow")
    return next((name for name in names if around.package(name) is not None), None)


def home_for_code(module: Module) -> str:
    """Where functions of a flow file can go, for a message: without a package, into a module beside
    the file, which Metaflow packages too."""
    package = own_package(module)
    return f"the package `{package}`" if package else "a module beside this file"
