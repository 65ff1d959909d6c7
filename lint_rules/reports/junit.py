"""JUnit's XML: a test suite for each file, a failing case for each diagnostic."""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree import ElementTree

from lint_rules.reports.base import Report
from lint_rules.reports.style import printable


def report(report: Report) -> Iterator[str]:
    """The lines of the report. A run without findings has one passing case."""
    total = str(len(report.diagnostics))
    root = ElementTree.Element(
        "testsuites", name="metaflow-lint", tests=total, failures=total, errors="0"
    )
    for path, diagnostics in report.by_file().items():
        name = printable(report.paths.relative(path))
        count = str(len(diagnostics))
        suite = ElementTree.SubElement(
            root, "testsuite", name=name, tests=count, failures=count, errors="0", skipped="0"
        )
        for diagnostic in diagnostics:
            case = ElementTree.SubElement(
                suite,
                "testcase",
                name=f"{diagnostic.code} {diagnostic.name}",
                classname=name,
                file=name,
                line=str(diagnostic.start.row),
            )
            failure = ElementTree.SubElement(
                case,
                "failure",
                message=printable(diagnostic.message),
                type=report.severity_of(diagnostic).value,
            )
            where = printable(diagnostic.where)
            failure.text = f"{where}: {printable(diagnostic.message)}\n{printable(diagnostic.help)}"
    if not report.diagnostics:
        suite = ElementTree.SubElement(
            root, "testsuite", name="metaflow-lint", tests="1", failures="0", errors="0"
        )
        ElementTree.SubElement(suite, "testcase", name="no findings", classname="metaflow-lint")
        root.set("tests", "1")
    ElementTree.indent(root)
    yield '<?xml version="1.0" encoding="utf-8"?>'
    # `##[` anywhere begins a command to the runner of GitHub Actions.
    yield ElementTree.tostring(root, encoding="unicode").replace("##[", "##&#91;")
