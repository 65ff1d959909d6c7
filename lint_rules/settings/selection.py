"""Which rules hold: selectors such as `MF101`, `MF3`, `ALL` and rules' names."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from lint_rules.settings.options import Settings, SettingsError, nearest
from lint_rules.workspace.gitignore import patterns

if TYPE_CHECKING:
    from lint_rules.rules.base import Rule

ALL = "ALL"


def selected(settings: Settings, rules: Iterable[type[Rule]]) -> tuple[type[Rule], ...]:
    """The rules that settings select, of all those there are.

    As in Ruff, the more specific selector wins: `select = ["MF3"]` with `ignore = ["MF302"]`
    leaves MF302 out, `select = ["MF302"]` with `ignore = ["MF3"]` keeps it.

    Raises:
        SettingsError: a selector names no rule.
    """
    rules = tuple(rules)
    check_selectors(settings, [rule.code for rule in rules])
    return tuple(rule for rule in rules if _is_selected(rule, settings))


def check_selectors(settings: Settings, codes: list[str]) -> None:
    """Makes sure that every selector of some settings fits one of several codes.

    Raises:
        SettingsError: a selector names no rule.
    """
    for name in ("select", "extend_select", "ignore"):
        for selector in getattr(settings, name):
            _check_selector(selector, codes, settings.blame(name))
    for selectors in settings.per_file_ignores.values():
        for selector in selectors:
            _check_selector(selector, codes, settings.blame("per_file_ignores"))


def _check_selector(selector: str, codes: list[str], blame: str) -> None:
    if selector != ALL and not any(code.startswith(selector) and selector for code in codes):
        raise SettingsError(
            f"{blame}no rule has the code `{selector}`.{nearest(selector, codes)} "
            "`metaflow-lint rules` lists all rules."
        )


def _is_selected(rule: type[Rule], settings: Settings) -> bool:
    chosen = _strength(rule.code, (*settings.select, *settings.extend_select))
    if not settings.select and rule.default:
        chosen = max(chosen, 0)
    left_out = _strength(rule.code, settings.ignore)
    return chosen > left_out or (chosen >= 0 and left_out < 0)


def matches(code: str, selectors: Iterable[str]) -> bool:
    """Whether one of several selectors fits a code."""
    return _strength(code, selectors) >= 0


def _strength(code: str, selectors: Iterable[str]) -> int:
    """The length of the longest selector that fits a code; `ALL` counts 0, none -1."""
    lengths = [0 if s == ALL else len(s) for s in selectors if s == ALL or code.startswith(s)]
    return max(lengths, default=-1)


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
