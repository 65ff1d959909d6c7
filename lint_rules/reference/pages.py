"""The pages of the rules and settings, made from the code: `make docs` writes them."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

from lint_rules.diagnostics.diagnostic import Safety
from lint_rules.engine.registry import own_rules
from lint_rules.rules.base import Good, Rule, dedent
from lint_rules.settings.options import options
from lint_rules.settings.schema import schema
from lint_rules.testing import diagnose

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
        *_said(rule),
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


def _said(rule: type[Rule]) -> Iterator[str]:
    """What the rule says of its bad examples, each sentence with its remedy and fix once."""
    found = [
        d for bad in rule.bad for d in diagnose(rule, dedent(bad.code), bad.options, bad.packages)
    ]
    lines = dict.fromkeys(
        f"- {d.message}: {d.help}."
        + "".join(f"\n  - {r.message}." for r in d.related)
        + (f"\n  - Fix ({d.safety.value}): {d.fix_message}." if d.safety else "")
        for d in found
    )
    if lines:
        yield "## What it says of its examples\n\n" + "\n".join(lines)


def _option(name: str) -> str:
    option = options()[name]
    unset = option.default in ((), {}, None)
    shown = "not set" if unset else f"`{json.dumps(option.default)}`"
    return f"- `{name}` (default: {shown}): {option.doc}"


def index_page() -> str:
    """The page that lists all rules, in Markdown."""
    lines = [
        "# Rules",
        "",
        "What they hold flows to is [the guide](../guide.md). *Default*: **on** is in the default",
        "selection, *opt* only when selected. *Fix*: safe ones are made by `--fix`, unsafe ones",
        "with `--unsafe-fixes` besides.",
        "",
        "| code | rule | checks | default | fix |",
        "|---|---|---|---|---|",
    ]
    for rule in own_rules():
        what = rule.summary().removeprefix("Checks for ").removeprefix("Checks that ").rstrip(".")
        default = "**on**" if rule.default else "*opt*"
        fix = rule.fix_safety.value if rule.fix_safety else "–"
        link = f"[{rule.name}]({rule.name}.md)"
        lines.append(f"| {rule.code} | {link} | {what} | {default} | {fix} |")
    return "\n".join(lines) + "\n"


def pages() -> dict[str, str]:
    """All pages of `docs/rules` by file name."""
    return {"README.md": index_page(), **{f"{r.name}.md": rule_page(r) for r in own_rules()}}


_SETTINGS_INTRODUCTION = """\
Write settings into `[tool.metaflow-lint]` of `pyproject.toml`, or at the top of
`metaflow-lint.toml`. The nearest such file above a flow holds for it. `metaflow-lint check
--show-settings PATH` shows the settings of a file or folder.

Paths are relative to the file that they are written in, also when another file extends it.
Patterns start from the folder of the file that was found, and from the current folder for a file
that `--config` names.

Settings are checked when they are loaded; a message names the file and the line. Editors check
and complete them with [the schema](settings.schema.json). With the extension Even Better TOML for
Visual Studio Code, begin `metaflow-lint.toml` with `#:schema ADDRESS`, where `ADDRESS` is

    https://raw.githubusercontent.com/org/template/main/docs/settings.schema.json

PyCharm: *Settings*, *Languages & Frameworks*, *Schemas and DTDs*, *JSON Schema Mappings*."""


def settings_page() -> str:
    """The page that lists all settings, in Markdown."""
    lines = [
        "# Settings",
        "",
        *_SETTINGS_INTRODUCTION.split("\n"),
        "",
        "| setting | default | what it is |",
        "|---|---|---|",
    ]
    for name, option in options().items():
        shown = "" if option.default is None else f"`{json.dumps(option.default)}`"
        lines.append(f"| `{name}` | {shown} | {option.doc} |")
    return "\n".join(lines) + "\n"


def files() -> dict[str, str]:
    """All generated files below `docs` by their paths."""
    return {
        "settings.md": settings_page(),
        "settings.schema.json": json.dumps(schema(), indent=2) + "\n",
        **{f"rules/{name}": text for name, text in pages().items()},
    }


def main(folder: Path) -> None:
    """Writes all generated files below a folder, and removes pages of rules that are gone."""
    wanted = files()
    (folder / "rules").mkdir(parents=True, exist_ok=True)
    for file in (folder / "rules").glob("*.md"):
        if f"rules/{file.name}" not in wanted:
            file.unlink()
    for name, text in wanted.items():
        (folder / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
