"""Which rules hold: selectors such as `MF101`, `MF3`, `correctness` and `ALL`."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from lint_rules.settings.groups import GROUPS, Group
from lint_rules.settings.options import Settings, SettingsError, nearest
from lint_rules.settings.severity import Severity
from lint_rules.settings.status import Status
from lint_rules.workspace.gitignore import patterns

if TYPE_CHECKING:
    from lint_rules.diagnostics.diagnostic import Diagnostic
    from lint_rules.rules.base import Rule

ALL = "ALL"

_BY_ALL, _BY_GROUP = 0, 1
"""How specific these selectors are; a code counts one more than it has characters."""


class Selectable(Protocol):
    """What selectors fit: rules and their findings."""

    @property
    def code(self) -> str:
        """The code of the rule."""

    @property
    def group(self) -> Group:
        """The group of the rule."""


def selected(settings: Settings, rules: Iterable[type[Rule]]) -> tuple[type[Rule], ...]:
    """The rules that settings select, of all those there are.

    As in Ruff, the more specific selector wins: `select = ["MF3"]` with `ignore = ["MF302"]`
    leaves MF302 out, `select = ["MF302"]` with `ignore = ["MF3"]` keeps it. A group is more
    specific than `ALL`, and less than any code. What a file says goes before what the file says
    that it extends, and what the command line says before both. Rules in preview are selected only
    with `preview`, and deprecated ones only without it.

    Raises:
        SettingsError: a selector names no rule.
    """
    rules = tuple(rules)
    check_selectors(settings, [rule.code for rule in rules])
    return tuple(rule for rule in rules if _is_selected(rule, settings))


def check_selectors(settings: Settings, codes: list[str]) -> None:
    """Makes sure that every selector of some settings is a group or fits one of several codes.

    Raises:
        SettingsError: a selector names no rule.
    """
    for selection in settings.selecting:
        for name in ("select", "extend_select", "ignore"):
            blame = f"{selection.origin}: " if selection.origin else settings.blame(name)
            for selector in getattr(selection, name):
                _check_selector(selector, codes, blame)
    for selector in settings.severity:
        _check_selector(selector, codes, settings.blame("severity"))
    for selectors in settings.per_file_ignores.values():
        for selector in selectors:
            _check_selector(selector, codes, settings.blame("per_file_ignores"))


def _check_selector(selector: str, codes: list[str], blame: str) -> None:
    if selector == ALL or selector in GROUPS:
        return
    if not any(code.startswith(selector) and selector for code in codes):
        hint = nearest(selector, codes) or nearest(selector.lower(), GROUPS)
        raise SettingsError(
            f"{blame}no rule has the code `{selector}`.{hint} "
            "`metaflow-lint rules` lists all rules."
        )


def _is_selected(rule: type[Rule], settings: Settings) -> bool:
    if rule.status is (Status.DEPRECATED if settings.preview else Status.PREVIEW):
        return False
    is_on = rule.default
    for selection in settings.selecting:
        chosen = _strength(rule, (*selection.select, *selection.extend_select))
        left_out = _strength(rule, selection.ignore)
        if selection.select or max(chosen, left_out) >= 0:
            is_on = chosen > left_out
    return is_on


def matches(what: Selectable | type[Rule], selectors: Iterable[str]) -> bool:
    """Whether one of several selectors fits a rule, or a finding of it."""
    return _strength(what, selectors) >= 0


def severity_of(diagnostic: Diagnostic, settings: Settings) -> Severity:
    """How bad a finding is: what the most specific selector of `severity` says, else its rule."""
    given = ((_specificity(selector, diagnostic), selector) for selector in settings.severity)
    strength, selector = max(given, default=(-1, ""))
    return Severity(settings.severity[selector]) if strength >= 0 else diagnostic.severity


def _strength(what: Selectable | type[Rule], selectors: Iterable[str]) -> int:
    """How specific the most specific selector is that fits a rule; -1 if none does."""
    return max((_specificity(selector, what) for selector in selectors), default=-1)


def _specificity(selector: str, what: Selectable | type[Rule]) -> int:
    """How specific a selector is, -1 if it does not fit a rule."""
    if selector == ALL:
        return _BY_ALL
    if selector in GROUPS:
        return _BY_GROUP if what.group is GROUPS[selector] else -1
    return len(selector) + 1 if what.code.startswith(selector) else -1


def ignored_in(path: Path, settings: Settings) -> tuple[str, ...]:
    """The selectors that `per-file-ignores` leaves out in a file."""
    if not settings.per_file_ignores or settings.root is None:
        return ()
    try:
        relative = path.absolute().relative_to(settings.root).as_posix()
    except ValueError:
        return ()
    found: list[str] = []
    for pattern, selectors in settings.per_file_ignores.items():
        if patterns((pattern,)).excludes(relative, is_folder=False):
            found += selectors
    return tuple(found)
