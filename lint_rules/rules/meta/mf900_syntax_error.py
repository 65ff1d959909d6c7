"""MF900."""

from __future__ import annotations

from collections.abc import Iterator

from lint_rules.diagnostics.diagnostic import Finding
from lint_rules.model.module import Module
from lint_rules.rules.base import Rule
from lint_rules.settings.groups import Group


class UnreadableFile(Rule):
    """
    ## What it does
    Reports files that use Metaflow and that the linter cannot parse.

    ## Why is this bad?
    The linter cannot check such a file. You cannot turn this rule off, because a file without
    diagnostics would look correct.

    The linter parses the syntax of Python 3.10 to 3.14, whichever Python version runs it.

    ## References
    libcst, "Supported Python versions".
    """

    code, name = "MF900", "syntax-error"
    group = Group.CORRECTNESS

    def check(self, module: Module) -> Iterator[Finding]:
        """Yields nothing: a file that cannot be parsed has no model. The linter itself reports it."""
        yield from ()
