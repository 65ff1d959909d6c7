"""What a run says in the end."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING, TextIO

from lint_rules.cli.check.invocation import Run
from lint_rules.cli.check.messages import counted, warn
from lint_rules.cli.check.source_cache import Texts
from lint_rules.reports import FOR_PEOPLE
from lint_rules.reports.style import Style
from lint_rules.reports.text import encodable

if TYPE_CHECKING:
    from lint_rules.diagnostics.diagnostic import Diagnostic
    from lint_rules.rules.base import Rule

RULES = "https://github.com/org/template/tree/main/docs/rules"


def show(run: Run, diagnostics: list[Diagnostic], texts: Texts, mended: int) -> None:
    """Prints the report, or writes it to a file.

    Args:
        run: the run.
        diagnostics: what was found and is not known, in order.
        texts: what it was found in.
        mended: how many fixes were made.
    """
    arguments, inputs = run.arguments, run.inputs
    fixed_stdin = inputs.has_stdin and (arguments.fix or arguments.unsafe_fixes)
    stream: TextIO = sys.stderr if fixed_stdin else sys.stdout
    style = Style() if arguments.output_file else Style.of(stream)
    for_people = arguments.output_format in FOR_PEOPLE
    shown: list[str] = []
    if arguments.statistics:
        shown = list(_statistics(diagnostics, style))
    elif diagnostics or not for_people:
        shown = list(_formatted(run, diagnostics, texts, style))
    if for_people and not (arguments.statistics and diagnostics):
        shown.append(_summary(run, diagnostics, mended))
    text = "\n".join(shown) + "\n"
    if arguments.output_file:
        from lint_rules.workspace.atomic_write import write

        write(arguments.output_file, text.encode("utf-8", "backslashreplace"))
    else:
        stream.write(encodable(text, arguments.output_format, stream.encoding))
        stream.flush()
    if not inputs.count and not inputs.unread:
        warn("there are no Python files here, or all are excluded.")


def _formatted(
    run: Run, diagnostics: list[Diagnostic], texts: Texts, style: Style
) -> Iterator[str]:
    from lint_rules.reports.base import Report, lines

    def rule_of(code: str) -> type[Rule] | None:
        return run.linter.book(run.here).known.get(code)

    report = Report(diagnostics, texts.around, rule_of, style)
    return lines(run.arguments.output_format, report)


def _summary(run: Run, diagnostics: list[Diagnostic], mended: int) -> str:
    inputs = run.inputs
    if not inputs.count:
        return "Nothing was checked."
    if not inputs.relevant:
        return f"All checks passed! ({counted(inputs.count, 'file')}, none of which uses Metaflow)"
    if not diagnostics:
        fixed = f"Fixed {counted(mended, 'finding')}. " if mended else ""
        return f"{fixed}All checks passed!"
    found = f"Found {counted(len(diagnostics), 'finding')}."
    if mended:
        total = counted(len(diagnostics) + mended, "finding")
        found = f"Found {total} ({mended} fixed, {len(diagnostics)} remaining)."
    safe = sum(diagnostic.fixable for diagnostic in diagnostics)
    unsafe = sum(d.safety is not None and not d.fixable for d in diagnostics)
    if run.arguments.output_format == "full":
        found = f"The reasons: {RULES}\n{found}"
    offers = [f"[*] {safe} fixable with `--fix`"] if safe else []
    if unsafe and not run.arguments.unsafe_fixes:
        offers.append(f"{unsafe} {'more' if safe else 'fixable'} with `--unsafe-fixes`")
    return f"{found}\n{', '.join(offers)}." if offers else found


def _statistics(diagnostics: list[Diagnostic], style: Style) -> Iterator[str]:
    """How often each rule found something, the most frequent first."""
    counts = Counter((diagnostic.code, diagnostic.name) for diagnostic in diagnostics)
    fixable = {d.code for d in diagnostics if d.fixable}
    width = len(str(max(counts.values(), default=0)))
    for (code, name), count in sorted(counts.items(), key=lambda item: (-item[1], item[0])):
        mark = "[*]" if code in fixable else "[ ]"
        yield f"{str(count).rjust(width)}  {style('red', code)}  {mark} {name}"
