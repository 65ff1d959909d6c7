"""The families of rules: what their codes begin with, and what they are about."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from importlib import import_module
from itertools import groupby
from typing import NamedTuple

from lint_rules import rules as own
from lint_rules.rules.base import Rule


class Family(NamedTuple):
    """Rules that belong together.

    Attributes:
        code: what their codes begin with.
        title: what they are about.
        rules: the rules, by code.
    """

    code: str
    title: str
    rules: tuple[type[Rule], ...]


def families(rules: Sequence[type[Rule]]) -> Iterator[Family]:
    """Rules by family, in the order of their codes."""
    for code, group in groupby(
        sorted(rules, key=lambda rule: rule.code), key=lambda rule: family_code(rule.code)
    ):
        members = tuple(group)
        yield Family(code, _title(members[0]), members)


def family_code(code: str) -> str:
    """What the codes of a rule's family begin with: `MF4` of `MF401`, `TEAM` of `TEAM001`."""
    letters = code.rstrip("0123456789")
    return code[: len(letters) + 1] if letters == "MF" else letters


def _title(rule: type[Rule]) -> str:
    """What the family of a rule is about, as its package says it."""
    package = rule.__module__.rpartition(".")[0]
    if not package.startswith(f"{own.__name__}."):
        return "rules of other packages, or of your own"
    summary = (import_module(package).__doc__ or "").strip().split("\n")[0]
    return summary.partition(": ")[2].rstrip(".") or summary
