"""The pages of the rules, made from their classes."""

from __future__ import annotations

from lint_rules.findings import Safety
from lint_rules.rules.base import Good, Rule, dedent
from lint_rules.settings import default_of, option_fields

_FIXES = {
    None: "It has no fix.",
    Safety.SAFE: "`--fix` mends it where it safely can.",
    Safety.UNSAFE: "`--unsafe-fixes` mends it where it can.",
}


def rule_page(rule: type[Rule]) -> str:
    """The page of a rule, in Markdown: its docstring, its examples, its options."""
    default = "on by default" if rule.default else "only when selected"
    parts = [
        f"# {rule.name} ({rule.code})",
        f"This rule is {default}. {_FIXES[rule.fix_safety]}",
        _with_examples(rule),
    ]
    if rule.options:
        parts.append("## Options\n\n" + "\n".join(_option(name) for name in rule.options))
    return "\n\n".join(parts) + "\n"


def _with_examples(rule: type[Rule]) -> str:
    """The docstring with the first bad example, and its remedy, before the later sections."""
    page = rule.page()
    examples = _examples(rule)
    for heading in ("## Fix safety", "## References"):
        before, found, after = page.partition(heading)
        if found:
            return f"{before.rstrip()}\n\n{examples}\n\n{heading}{after}"
    return f"{page}\n\n{examples}"


def _examples(rule: type[Rule]) -> str:
    parts = []
    if rule.bad:
        parts.append(f"## Example\n\n```python\n{dedent(rule.bad[0].code)}```")
    instead = rule.bad[0].fixed if rule.bad and rule.bad[0].fixed else None
    if instead is None and rule.good:
        first = rule.good[0]
        instead = first.code if isinstance(first, Good) else first
    if instead is not None:
        parts.append(f"Use instead:\n\n```python\n{dedent(instead)}```")
    return "\n\n".join(parts)


def _option(name: str) -> str:
    field = option_fields()[name]
    default = default_of(field)
    shown = "not set" if default in ((), {}, None) else f"`{default!r}`"
    return f"- `{name}` (default: {shown}): {field.metadata['doc']}"
