"""Where the repository has the project's own event decorator, for files that do not import it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from lint_rules.model.module import Module
from lint_rules.model.project import stated_project


@dataclass(frozen=True, slots=True)
class Home:
    """A name, and the module that defines it: `arxiv_topics.events`."""

    module: str
    name: str

    @property
    def line(self) -> str:
        """The statement that imports it."""
        return f"from {self.module} import {self.name}"


def home_of(names: Iterable[str], module: Module) -> Home | None:
    """Where one of some names is defined, `None` unless that is one module alone: in the packages
    of the repository that a file imports, the one it stands in, and the one that is called as its
    project."""
    around = module.resolver
    stated = (stated_project(flow) for flow in module.flows)
    packages = {
        *(package for statement in module.descendants.imports for package in statement.packages()),
        *(found.name for found in stated if found),
        *(each for each in (around.outermost_package, around.project) if each),
    }
    found = around.defining(tuple(names), packages)
    return Home(*found) if found else None
