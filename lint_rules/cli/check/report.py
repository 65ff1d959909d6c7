"""The report at the end of a run."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING, TextIO

from lint_rules.cli.check.invocation import Run
from lint_rules.cli.check.messages import counted, warn
from lint_rules.cli.check.source_cache import SourceCache
from lint_rules.errors import CannotRun
from lint_rules.reports import FOR_PEOPLE
from lint_rules.reports.base import Report, lines
from lint_rules.reports.style import Style
from lint_rules.reports.text import encodable
from lint_rules.settings.groups import MEANINGS, Group
from lint_rules.settings.severity import Severity

if TYPE_CHECKING:
    from lint_rules.diagnostics.diagnostic import Diagnostic
    from lint_rules.rules.base import Rule

RULES = "https://github.com/org/template/tree/main/docs/rules"


def show(
    run: Run, diagnostics: list[Diagnostic], source_cache: SourceCache, fixed_count: int
) -> None:
    """Prints the report, or writes it to a file.

    Args:
        run: the run.
        diagnostics: what was found and the baseline does not know, in order.
        source_cache: the files that it was found in.
        fixed_count: how many fixes were made.

    Raises:
        CannotRun: statistics are asked for in a format that has none.
    """
    arguments, inputs = run.arguments, run.inputs
    # The fixed text of standard input has standard output for itself.
    stream: TextIO = sys.stderr if inputs.has_stdin and arguments.fix else sys.stdout
    style = Style() if arguments.output_file else Style.of(stream)
    shown = list(_lines(run, diagnostics, source_cache, style))
    is_summed_up = not (arguments.quiet or (arguments.statistics and diagnostics))
    if is_summed_up and arguments.output_format in FOR_PEOPLE:
        shown.append(_summary(run, diagnostics, fixed_count))
    text = "".join(f"{line}\n" for line in shown)
    if arguments.output_file:
        from lint_rules.workspace.atomic_write import write

        write(arguments.output_file, text.encode("utf-8", "backslashreplace"))
    else:
        stream.write(encodable(text, arguments.output_format, stream.encoding))
        stream.flush()
    if not inputs.count and not inputs.unread and not arguments.quiet:
        warn("there are no Python files here, or all are excluded.")


def _lines(
    run: Run, diagnostics: list[Diagnostic], source_cache: SourceCache, style: Style
) -> Iterator[str]:
    output_format = run.arguments.output_format
    for_people = output_format in FOR_PEOPLE
    report = _report(run, diagnostics, source_cache, style)
    if run.arguments.statistics:
        from lint_rules.reports import statistics

        if output_format == "json":
            return statistics.as_json(report)
        if not for_people:
            raise CannotRun(
                f"--statistics: there are none in the format {output_format}. "
                "Take --output-format json, or one of full, concise and grouped."
            )
        return statistics.lines(report)
    return lines(output_format, report) if diagnostics or not for_people else iter(())


def _report(
    run: Run, diagnostics: list[Diagnostic], source_cache: SourceCache, style: Style
) -> Report:
    def rule_of(code: str) -> type[Rule] | None:
        return run.linter.book(run.here).known.get(code)

    unsafe: bool = run.arguments.unsafe_fixes
    return Report(
        diagnostics,
        source_cache.around,
        rule_of,
        style,
        unsafe_fixes=unsafe,
        severity_of=run.severity_of,
    )


def _summary(run: Run, diagnostics: list[Diagnostic], fixed_count: int) -> str:
    inputs = run.inputs
    if not inputs.count:
        return "Nothing was checked."
    if not inputs.relevant:
        return f"All checks passed! ({counted(inputs.count, 'file')}, none of which uses Metaflow)"
    if not diagnostics:
        fixed = f"Fixed {counted(fixed_count, 'finding')}. " if fixed_count else ""
        return f"{fixed}All checks passed!"
    found = f"Found {counted(len(diagnostics), 'finding')}."
    if fixed_count:
        total = counted(len(diagnostics) + fixed_count, "finding")
        found = f"Found {total} ({fixed_count} fixed, {len(diagnostics)} remaining)."
    offered = sum(d.fixable or (d.safety is not None and _takes_unsafe(run)) for d in diagnostics)
    unsafe = sum(d.safety is not None for d in diagnostics) - offered
    severities = Counter(map(run.severity_of, diagnostics))
    if {*severities} != {Severity.WARNING}:
        listed = (counted(severities[s], s.noun) for s in Severity if severities[s])
        found += f"\nBy severity: {', '.join(listed)}."
    if certain := sum(d.group.is_certain for d in diagnostics):
        found += f"\n{certain} of the group `correctness`: {MEANINGS[Group.CORRECTNESS]}"
    if run.arguments.output_format == "full":
        found = f"The reasons: {RULES}\n{found}"
    offers = [f"[*] {offered} fixable with `--fix`"] if offered else []
    if unsafe:
        offers.append(f"{unsafe} {'more' if offered else 'fixable'} with `--fix --unsafe-fixes`")
    return f"{found}\n{', '.join(offers)}." if offers else found


def _takes_unsafe(run: Run) -> bool:
    return bool(run.arguments.unsafe_fixes)
