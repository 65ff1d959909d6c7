"""`required-version`: which versions of the linter may run with a configuration."""

from __future__ import annotations

import operator
import re
from pathlib import Path

from lint_rules import __version__
from lint_rules.settings.options import SettingsError

_BOUND = re.compile(r"\s*(==|!=|<=|>=|<|>)?\s*(\d+(?:\.\d+)*)")
_COMPARE = {
    "==": operator.eq,
    "!=": operator.ne,
    "<=": operator.le,
    ">=": operator.ge,
    "<": operator.lt,
    ">": operator.gt,
}


def check_version(required: str, file: Path, version: str = __version__) -> None:
    """Makes sure that a version may run.

    Args:
        required: bounds as `forms.VERSION` allows them; a version alone is that version.
        file: the configuration file, for the message.
        version: the version in question.

    Raises:
        SettingsError: it may not.
    """
    for bound in required.split(","):
        found = _BOUND.match(bound)
        if found and not _COMPARE[found[1] or "=="](_numbers(version), _numbers(found[2])):
            raise SettingsError(
                f"{file}: `required-version` is `{required.strip()}`, and this is metaflow-lint "
                f"{version}. Install a version that fits, or change the setting."
            )


def _numbers(version: str) -> list[int]:
    """The numbers of a version; zeros at its end mean nothing."""
    numbers = [int(number) for number in re.findall(r"\d+", version)]
    while numbers and not numbers[-1]:
        numbers.pop()
    return numbers
