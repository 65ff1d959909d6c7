"""The pages of the rules and settings. `make docs` writes them from the code."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

from lint_rules.diagnostics.diagnostic import Diagnostic, Safety
from lint_rules.engine.registry import own_rules
from lint_rules.rules.base import Good, Rule, dedent
from lint_rules.rules.removed import REMOVED
from lint_rules.settings.groups import MEANINGS
from lint_rules.settings.merging import replaces
from lint_rules.settings.options import options
from lint_rules.settings.schema import schema
from lint_rules.settings.severity import SEVERITIES, Severity
from lint_rules.settings.status import STATUSES, Status
from lint_rules.testing import diagnose

_FIXES = {
    None: "It has no fix.",
    Safety.SAFE: "It has safe fixes, which `--fix` applies.",
    Safety.UNSAFE: "It has unsafe fixes, which `--fix --unsafe-fixes` applies.",
}
_ELSEWHERE = {
    Severity.ERROR: ("error", "error", "critical"),
    Severity.WARNING: ("warning", "warning", "major"),
    Severity.INFO: ("note", "notice", "info"),
}
"""What SARIF, GitHub's annotations and GitLab's reports call a severity."""


def rule_page(rule: type[Rule]) -> str:
    """The page of a rule, in Markdown: its docstring, its examples, its options."""
    default = "This rule is on by default."
    if not rule.default:
        turn_on = f'extend-select = ["{rule.code}"]'
        default = f"This rule is off by default. Turn it on with `{turn_on}`."
    parts = [
        f"# {rule.name} ({rule.code})",
        *_status(rule),
        f"{default} {_FIXES[rule.fix_safety]} {_group(rule)}",
        _with_examples(rule),
        *_messages(rule),
    ]
    if rule.options:
        parts.append("## Options\n\n" + "\n".join(_option(name) for name in rule.options))
    return "\n\n".join(parts) + "\n"


def _status(rule: type[Rule]) -> Iterator[str]:
    """What to know before a rule is used: its status, if it is not stable, and its former codes."""
    since = f" since version {rule.since}" if rule.since else ""
    if rule.status is Status.PREVIEW:
        yield (
            f"This rule is in [preview](../stability.md#the-life-of-a-rule){since}. It may change "
            "in any version, and runs only with `preview = true` or `--preview`."
        )
    if rule.status is Status.DEPRECATED:
        yield (
            f"This rule is [deprecated](../stability.md#the-life-of-a-rule){since}. A later "
            f"version removes it. {rule.instead}"
        )
    if rule.former_codes:
        yield f"Its code was {', '.join(f'`{code}`' for code in rule.former_codes)} before."


def _group(rule: type[Rule]) -> str:
    return (
        f"It is in the group [`{rule.group.value}`](README.md#groups), "
        f"and its severity is [`{rule.severity().value}`](README.md#severities)."
    )


def _with_examples(rule: type[Rule]) -> str:
    """The docstring, with the first bad example and the better code before the last sections."""
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


def _messages(rule: type[Rule]) -> Iterator[str]:
    """The messages for the example on the page, then those for the rule's other examples."""
    found = [diagnose(rule, dedent(bad.code), bad.options, bad.packages) for bad in rule.bad]
    shown = dict.fromkeys(_message(d) for d in found[0]) if found else {}
    others = dict.fromkeys(_message(d) for diagnostics in found[1:] for d in diagnostics)
    if shown:
        yield "## Messages\n\nFor the example above:\n\n" + "\n".join(shown)
    more = [line for line in others if line not in shown]
    if more:
        yield "For other code:\n\n" + "\n".join(more)


def _message(diagnostic: Diagnostic) -> str:
    """A message as a list item, with its help, its related locations and its fix below."""
    lines = [f"- {_sentence(diagnostic.message)}", f"  - Help: {_sentence(diagnostic.help)}"]
    lines += (f"  - See: {_sentence(related.message)}" for related in diagnostic.related)
    if diagnostic.safety and diagnostic.fix_message:
        lines.append(f"  - Fix ({diagnostic.safety.value}): {_sentence(diagnostic.fix_message)}")
    return "\n".join(lines)


def _sentence(text: str) -> str:
    """A text with a full stop at its end, if it does not end a sentence already."""
    return text if text.endswith((".", "?")) else f"{text}."


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
        "[The guide](../guide.md) explains the reasons for the rules. In the column *default*,",
        "*off* means that you must turn the rule on with `extend-select`. In the column *fix*,",
        "`--fix` applies *safe* fixes, and `--fix --unsafe-fixes` applies *unsafe* fixes too.",
        "",
        "## Groups",
        "",
        "Each rule is in one group. The groups are selectors, as codes and prefixes are:",
        "`metaflow-lint check --select correctness` reports only what is certain. The report shows",
        "these findings first.",
        "",
        "| group | a finding means |",
        "|---|---|",
        *(f"| `{group.value}` | {meaning} |" for group, meaning in MEANINGS.items()),
        "",
        "## Severities",
        "",
        "Each rule has a severity, which reports for editors, code hosts and CI show. The setting",
        "`severity` changes it, as in `severity = { MF301 = 'info' }`. Every finding makes `check`",
        "end with status 1. With `fail-on` or `--fail-on`, only a finding of that severity or a",
        "worse one does.",
        "",
        "| severity | a finding means | SARIF | GitHub | GitLab |",
        "|---|---|---|---|---|",
        *(
            f"| `{severity.value}` | {meaning} | {' | '.join(_ELSEWHERE[severity])} |"
            for severity, meaning in SEVERITIES.items()
        ),
        "",
        "## Status",
        "",
        "Each rule has a status. The list names it if it is not *stable*.",
        "[Stability](../stability.md) says how rules change.",
        "",
        "| status | meaning |",
        "|---|---|",
        *(f"| `{status.value}` | {meaning} |" for status, meaning in STATUSES.items()),
        "",
        "## List",
        "",
        "| code | rule | checks | group | severity | default | fix |",
        "|---|---|---|---|---|---|---|",
    ]
    for rule in own_rules():
        what = rule.summary().removeprefix("Checks for ").removeprefix("Checks that ").rstrip(".")
        default = "**on**" if rule.default else "*off*"
        if rule.status is not Status.STABLE:
            default += f", {rule.status.value}"
        fix = rule.fix_safety.value if rule.fix_safety else "–"
        link = f"[{rule.name}]({rule.name}.md)"
        lines.append(
            f"| {rule.code} | {link} | {what} | {rule.group.value} | "
            f"{rule.severity().value} | {default} | {fix} |"
        )
    if REMOVED:
        lines += [
            "",
            "## Removed rules",
            "",
            "| code | rule | removed in | instead |",
            "|---|---|---|---|",
        ]
        lines += (f"| {c} | {r.name} | {r.since} | {r.instead} |" for c, r in REMOVED.items())
    return "\n".join(lines) + "\n"


def pages() -> dict[str, str]:
    """All pages of `docs/rules` by file name."""
    return {"README.md": index_page(), **{f"{r.name}.md": rule_page(r) for r in own_rules()}}


_SETTINGS_INTRODUCTION = """\
Write settings into the table `[tool.metaflow-lint]` of `pyproject.toml`, or at the top level of
`metaflow-lint.toml`. The linter uses the nearest of these files above a flow. `metaflow-lint check
--show-settings PATH` shows the settings of a file or folder.

Paths are relative to the file that contains them, even if another file extends it. Patterns are
relative to the folder of the configuration file that the linter found. For a file that you pass
with `--config`, they are relative to the current folder.

`extend` names a file in the repository, or one in an installed package: `extend =
"pkg:acme_lint/strict.toml"`. The linter finds such a file without running the package's code, and
ignores packages that are in the repository itself. If a file extends another, its lists and tables
add to those of the other, and its single values replace them. The table below names the exceptions.
Of two entries of a table with the same key, that of the extending file holds.

As in Ruff, rules are selected file by file. `extend-select` and `ignore` change what the extended
file selects, so a file can enable a rule that the other ignores. `select` begins anew. The options
of the command line come last. Each file's `required-version` must hold.

The linter checks the settings when it loads them, and its messages name the file and the line.
Editors can check and complete settings with [the schema](settings.schema.json). With the extension
Even Better TOML for Visual Studio Code, start `metaflow-lint.toml` with `#:schema ADDRESS`. Here
`ADDRESS` is

    https://raw.githubusercontent.com/org/template/main/docs/settings.schema.json

PyCharm: *Settings*, *Languages & Frameworks*, *Schemas and DTDs*, *JSON Schema Mappings*."""


def settings_page() -> str:
    """The page that lists all settings, in Markdown."""
    lines = [
        "# Settings",
        "",
        *_SETTINGS_INTRODUCTION.split("\n"),
        "",
        "| setting | default | if another file is extended | explanation |",
        "|---|---|---|---|",
    ]
    for name, option in options().items():
        shown = "" if option.default is None else f"`{json.dumps(option.default)}`"
        joins = "replaces" if replaces(option) else "adds"
        lines.append(f"| `{name}` | {shown} | {joins} | {option.doc} |")
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
