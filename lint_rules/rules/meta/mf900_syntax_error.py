"""MF900."""

from __future__ import annotations

from collections.abc import Iterator

from lint_rules.diagnostics.diagnostic import Finding
from lint_rules.model.module import Module
from lint_rules.rules.base import Rule


class UnreadableFile(Rule):
    """
    ## What it does
    Reports files that speak of Metaflow and cannot be parsed.

    ## Why is this bad?
    Nothing in such a file is checked. The rule cannot be left out: silence would look like a
    clean file.

    Everything that Python 3.10 to 3.14 can say is understood, whatever Python the linter runs on.

    ## References
    libcst, "Supported Python versions".
    """

    code, name = "MF900", "syntax-error"

    def check(self, module: Module) -> Iterator[Finding]:
        """A file that cannot be parsed has no model; the linter itself reports it."""
        yield from ()
