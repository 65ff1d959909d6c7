"""Modules of texts, for tests of analyses."""

from pathlib import Path

from lint_rules.analysis.imports import ImportResolver
from lint_rules.model.module import Module
from lint_rules.syntax.read import read
from lint_rules.workspace.workspace import Workspace


def module_of(text: str, path: Path | None = None) -> Module:
    """The module of a text, which may stand in a file of a repository."""
    resolver = ImportResolver(Workspace().snapshot(), path)
    return Module(*read(text, resolver.path), resolver, text)
