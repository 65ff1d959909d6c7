"""MF901."""

from __future__ import annotations

from collections.abc import Iterator

from lint_rules.diagnostics.diagnostic import Finding, Safety
from lint_rules.model.module import Module
from lint_rules.rules.base import Rule


class UnusedNoqa(Rule):
    """
    ## What it does
    Checks for `# noqa: MF…` that suppresses nothing, or names no rule.

    ## Why is this bad?
    A directive says: this was looked at, and is meant. One that is left behind when the code
    around it changes says it of whatever comes next.

    Codes of rules that are not selected are left alone, since another run may select them; so are
    codes of other tools, and `# noqa` without codes.

    ## Fix safety
    The fix removes what is dead, and a reason that stands behind it with it.

    ## References
    Ruff, `unused-noqa`, for Metaflow's codes.
    """

    code, name, fix_safety = "MF901", "unused-noqa", Safety.SAFE

    def check(self, module: Module) -> Iterator[Finding]:
        """What suppresses anything is known only after all rules; the linter itself reports it."""
        yield from ()
