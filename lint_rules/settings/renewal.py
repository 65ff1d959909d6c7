"""Selectors of earlier versions: what they select now, and what to tell those who wrote them.

Source: Ruff's `rule_redirects.rs` and its preview mode (https://docs.astral.sh/ruff/preview/).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from lint_rules.settings.groups import GROUPS
from lint_rules.settings.options import Selection, Settings, SettingsError
from lint_rules.settings.selection import ALL
from lint_rules.settings.status import Removed, Status

if TYPE_CHECKING:
    from lint_rules.rules.base import Rule

SELECTING = ("select", "extend_select")
"""The settings that turn rules on. They cannot name a rule that is gone; others can."""

_LISTS = (*SELECTING, "ignore")


class Renewed(NamedTuple):
    """Settings whose selectors are those of this version.

    Attributes:
        settings: the settings.
        warnings: a sentence for each selector that should be changed.
    """

    settings: Settings
    warnings: tuple[str, ...]


def renamed(rules: Iterable[type[Rule]]) -> dict[str, str]:
    """The codes that rules have now, by the codes that they had."""
    return {former: rule.code for rule in rules for former in rule.former_codes}


def is_now(former: str, code: str) -> str:
    """The beginning of a sentence: a rule's code has changed."""
    return f"`{former}` is now `{code}`"


def renewed(
    settings: Settings, rules: tuple[type[Rule], ...], removed: Mapping[str, Removed]
) -> Renewed:
    """Settings with current selectors.

    Args:
        settings: settings, perhaps written for an earlier version.
        rules: all rules there are.
        removed: the rules that are gone, by code.

    Raises:
        SettingsError: `select` or `extend-select` names a rule that is gone, or a deprecated one
            although the preview is on.
    """
    by_code = {rule.code: rule for rule in rules}
    former = renamed(rules)
    warnings: list[str] = []

    def current(selector: str, name: str, origin: Path | None = None) -> str | None:
        """What a selector of a setting is called now, `None` if its rule is gone."""
        blame = f"{origin}: " if origin else settings.blame(name)
        if selector in removed and selector not in by_code:
            sentence = f"{blame}{removed[selector].told(selector)}"
            if name in SELECTING:
                raise SettingsError(sentence)
            warnings.append(sentence)
            return None
        if selector in former and selector not in by_code:
            warnings.append(f"{blame}{is_now(selector, former[selector])}. Write the new code.")
            selector = former[selector]
        if name in SELECTING:
            warnings.extend(_told(selector, by_code, settings, blame))
        return selector

    changed: dict[str, Any] = {}
    if settings.selections:
        changed["selections"] = tuple(
            _renewed(selection, partial(current, origin=selection.origin))
            for selection in settings.selections
        )
    else:
        (own,) = settings.selecting
        renewed_own = _renewed(own, current)
        changed |= {name: getattr(renewed_own, name) for name in _LISTS}
    changed["severity"] = {
        selector: value
        for given, value in settings.severity.items()
        if (selector := current(given, "severity")) is not None
    }
    changed["per_file_ignores"] = {
        pattern: _all(selectors, "per_file_ignores", current)
        for pattern, selectors in settings.per_file_ignores.items()
    }
    return Renewed(settings._replace(**changed), tuple(dict.fromkeys(warnings)))


def _renewed(selection: Selection, current: Callable[[str, str], str | None]) -> Selection:
    lists: dict[str, Any] = {name: _all(getattr(selection, name), name, current) for name in _LISTS}
    return selection._replace(**lists)


def _all(
    selectors: Iterable[str], name: str, current: Callable[[str, str], str | None]
) -> tuple[str, ...]:
    found = (current(selector, name) for selector in selectors)
    return tuple(selector for selector in found if selector is not None)


def _told(
    selector: str, rules: Mapping[str, type[Rule]], settings: Settings, blame: str
) -> Iterator[str]:
    """What to warn of where a rule is selected that is in preview or deprecated."""
    if selector == ALL or selector in GROUPS:
        return
    matching = [rule for code, rule in rules.items() if code.startswith(selector)]
    if not settings.preview and matching and all(r.status is Status.PREVIEW for r in matching):
        yield (
            f"{blame}`{selector}` selects nothing, because it is in preview. Turn the preview "
            "on with `preview = true` or `--preview`."
        )
    rule = rules.get(selector)
    if rule is not None and rule.status is Status.DEPRECATED:
        sentence = (
            f"{blame}`{selector}` ({rule.name}) is deprecated, and a later version removes it. "
            f"{rule.instead}"
        )
        if settings.preview:
            raise SettingsError(f"{sentence} It does not run with `preview`.")
        yield sentence
