"""Which rules hold, for a run and for each of its files."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from lint_rules.engine.results import fingerprint
from lint_rules.rules.removed import REMOVED
from lint_rules.settings.options import Settings
from lint_rules.settings.renewal import renamed, renewed
from lint_rules.settings.selection import ignored_in, matches, selected
from lint_rules.workspace.notebook import Notebook
from lint_rules.workspace.source import Source

if TYPE_CHECKING:
    from lint_rules.rules.base import Rule


class RuleBook:
    """The rules that hold under some settings.

    Raises:
        SettingsError: a selector names no rule, or one that can no longer be selected.
        RuleLoadError: a rule of the repository's own cannot be loaded.

    Attributes:
        known: all rules there are, by code.
        renamed: the codes of rules by the codes that they had.
        settings: the settings, with the selectors of this version.
        warnings: a sentence for each selector that should be changed.
    """

    def __init__(self, rules: tuple[type[Rule], ...], settings: Settings) -> None:
        # Keeping the settings keeps their identity from being given to others.
        self._settings = settings
        if settings.local_rules:
            from lint_rules.engine.registry import local_rules

            rules += local_rules(tuple(settings.path(name) for name in settings.local_rules))
        self.known = {rule.code: rule for rule in rules}
        self.renamed = renamed(rules)
        self.settings, self.warnings = renewed(settings, rules, REMOVED)
        self.rules = [rule(settings) for rule in selected(self.settings, rules)]
        self.has_project_rules = any(rule.of_project for rule in self.rules)

    @cached_property
    def fingerprint(self) -> str:
        """A digest of the settings, and of which rules there are: not of how these are defined."""
        rules = [f"{code} {r.__module__}.{r.__qualname__}" for code, r in self.known.items()]
        return fingerprint([self._settings, rules])

    @cached_property
    def joint_rules(self) -> list[Rule]:
        """The rules whose fixes belong together, selected or not."""
        return [rule(self._settings) for rule in self.known.values() if rule.is_joint]

    def knows(self, code: str) -> bool:
        """Whether there is a rule with a code, or was before it got another one."""
        return self.current(code) in self.known

    def current(self, code: str) -> str:
        """The code that a rule has now, by one that it may have had before."""
        return code if code in self.known else self.renamed.get(code, code)

    def checks(self, code: str) -> bool:
        """Whether a rule is selected; one that does not exist is looked for in vain."""
        return code not in self.known or any(rule.code == code for rule in self.rules)

    def rules_for(self, source: Source) -> list[Rule]:
        """The rules that hold for a file."""
        ignored = ignored_in(source.path, self.settings)
        is_notebook = isinstance(source, Notebook)
        return [
            rule
            for rule in self.rules
            if not (ignored and matches(rule, ignored)) and (rule.notebooks or not is_notebook)
        ]
