"""The rules that this package had and that are gone. Their codes are never used again."""

from lint_rules.settings.status import Removed

REMOVED: dict[str, Removed] = {}
"""The removed rules by their codes. A rule is deprecated for a minor version before it goes."""
