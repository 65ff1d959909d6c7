"""What a rule's author needs to test it: its examples, checked as they stand."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from lint_rules.diagnostics.diagnostic import Diagnostic, Safety
from lint_rules.engine.apply_fixes import apply_fixes as apply_all
from lint_rules.engine.linter import Linter
from lint_rules.rules.base import Bad, Good, Rule, dedent
from lint_rules.settings.options import OWN_FILE, Settings
from lint_rules.settings.status import Status
from lint_rules.settings.validation import parse
from lint_rules.workspace.source import Source

FLOW_FILE = "flow.py"


def check_rule(rule: type[Rule]) -> None:
    """Checks that a rule finds and fixes what its bad examples mark, and nothing in good ones.

    Raises:
        AssertionError: an example does not hold; the message shows it.
    """
    for bad in rule.bad:
        _check_bad(rule, bad)
    for given in rule.good:
        good = given if isinstance(given, Good) else Good(given)
        code = dedent(good.code)
        found = diagnose(rule, code, good.options, good.packages)
        assert not found, f"{rule.code} is not silent ({found[0].message}) on:\n{code}"


def _check_bad(rule: type[Rule], bad: Bad) -> None:
    code = dedent(bad.code)
    found, fixed = diagnose_and_fix(rule, code, bad.options, bad.packages)
    marked = [_text(code, diagnostic) for diagnostic in found]
    expected = [bad.at] if isinstance(bad.at, str) else list(bad.at)
    assert marked == expected, f"{rule.code} marks {marked}, not {expected}, in:\n{code}"
    for diagnostic in found:
        assert diagnostic.help, f"{rule.code} gives no help for `{diagnostic.message}`"
    wanted = code if bad.fixed is None else dedent(bad.fixed)
    assert fixed == wanted, f"{rule.code} makes:\n{fixed}\nand not:\n{wanted}"


def diagnose(
    rule: type[Rule],
    code: str,
    options: Mapping[str, Any] | None = None,
    packages: Mapping[str, str] | None = None,
) -> list[Diagnostic]:
    """What one rule says of a flow file.

    Args:
        rule: the rule.
        code: the file's text.
        options: settings as they are written in TOML.
        packages: texts of other files by their paths from the flow file's folder.
    """
    with TemporaryDirectory() as folder:
        source = _laid_out(Path(folder), code, packages or {})
        linter = Linter([rule])
        found = linter.check(source, _settings(rule, options))
        _assert_whole(linter)
        return found


def apply_fixes(
    rule: type[Rule],
    code: str,
    options: Mapping[str, Any] | None = None,
    packages: Mapping[str, str] | None = None,
) -> str:
    """A flow file's text after all of a rule's fixes. Arguments as for `diagnose`."""
    return diagnose_and_fix(rule, code, options, packages)[1]


def diagnose_and_fix(
    rule: type[Rule],
    code: str,
    options: Mapping[str, Any] | None = None,
    packages: Mapping[str, str] | None = None,
) -> tuple[list[Diagnostic], str]:
    """What `diagnose` and `apply_fixes` return, from one reading of the files. Arguments as for
    `diagnose`."""
    with TemporaryDirectory() as folder:
        source = _laid_out(Path(folder), code, packages or {})
        linter = Linter([rule])
        settings = _settings(rule, options)
        found = linter.check(source, settings)
        linter.expect([source.path])
        fixed = apply_all(linter, [source], lambda _: settings, set(Safety))
        _assert_whole(linter)
        assert not fixed.problems, f"{rule.code}: {fixed.problems[0]}"
        return found, fixed.sources[0].text


mend = apply_fixes
"""The earlier name of `apply_fixes`, which tests of other packages may use."""


def _assert_whole(linter: Linter) -> None:
    incidents = linter.incidents
    assert not incidents.failures, incidents.failures[0]
    assert not incidents.notes, incidents.notes[0]


def _settings(rule: type[Rule], options: Mapping[str, Any] | None) -> Settings:
    """Settings with which a rule runs, whatever its status is."""
    is_selected = {"select": ("ALL",), "preview": rule.status is Status.PREVIEW}
    return Settings(**{**parse(dict(options or {}), Path(OWN_FILE)), **is_selected})


def _laid_out(folder: Path, code: str, packages: Mapping[str, str]) -> Source:
    """The flow file in a folder of its own, with the other files around it."""
    flow = folder / "flows" / FLOW_FILE
    for path, text in {FLOW_FILE: code, **packages}.items():
        file = (flow.parent / path).resolve()
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return Source(flow, code)


def _text(code: str, diagnostic: Diagnostic) -> str:
    """The text that a diagnostic marks."""
    source = Source(Path(FLOW_FILE), code)
    start = source.line_starts[diagnostic.start.row - 1] + diagnostic.start.column - 1
    end = source.line_starts[diagnostic.end.row - 1] + diagnostic.end.column - 1
    return code[start:end]
