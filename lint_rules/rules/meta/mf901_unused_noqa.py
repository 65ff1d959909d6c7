"""MF901."""

from __future__ import annotations

from collections.abc import Iterator

from lint_rules.diagnostics.diagnostic import Finding, Safety
from lint_rules.model.module import Module
from lint_rules.rules.base import Rule
from lint_rules.settings.groups import Group


class UnusedNoqa(Rule):
    """
    ## What it does
    Checks for a `# noqa: MF…` that suppresses nothing, or that names no rule.

    ## Why is this bad?
    A `noqa` comment tells readers that somebody checked the code and wants to keep it. If the code
    changes and the comment stays, it hides problems that nobody has checked.

    The rule ignores codes of rules that are not selected, because another run may select them. It
    also ignores codes of other tools, and `# noqa` without codes.

    ## Fix safety
    The fix removes the unused codes, and the reason after them. It is safe, because it changes
    comments alone.

    ## References
    Ruff, `unused-noqa`, for Metaflow's codes.
    """

    code, name, fix_safety = "MF901", "unused-noqa", Safety.SAFE
    group = Group.STYLE

    def check(self, module: Module) -> Iterator[Finding]:
        """Yields nothing: the linter itself reports these after all rules have run."""
        yield from ()
