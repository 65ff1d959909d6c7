"""What rules make of code that is too odd, or too much like other code, to be on their pages."""

import ast
import re
from collections import Counter

import pytest

from lint_rules.engine.registry import all_rules
from lint_rules.testing import diagnose_and_fix
from lint_rules.workspace.source import Source
from tests.rules.cases import cases

RULES = {rule.code: rule for rule in all_rules()}
CASES = list(cases())


def _ids():
    """A name for each case; several that show the same are numbered."""
    count = Counter()
    for code, case in CASES:
        name = re.sub(r"\W+", "-", f"{code}-{case.shows}").strip("-")
        count[name] += 1
        yield name if count[name] == 1 else f"{name}-{count[name]}"


@pytest.mark.parametrize(("code", "case"), CASES, ids=_ids())
def test_case_holds(code, case):
    ast.parse(case.code)
    rule = RULES[code]
    found, fixed = diagnose_and_fix(rule, case.code, case.options, case.packages)
    assert tuple(_marked(case.code, diagnostic) for diagnostic in found) == case.at
    assert all((diagnostic.code, diagnostic.name) == (code, rule.name) for diagnostic in found)
    messages = "\n".join(f"{d.message}\n{d.help}\n{[r.message for r in d.related]}" for d in found)
    place = 0
    for text in case.says:
        place = messages.find(text, place)
        assert place >= 0, f"{text!r} is not in {messages!r}, or not after what is before it"
    assert fixed == (case.code if case.fixed is None else case.fixed)


def _marked(code, diagnostic):
    starts = Source("flow.py", code).line_starts
    start = starts[diagnostic.start.row - 1] + diagnostic.start.column - 1
    end = starts[diagnostic.end.row - 1] + diagnostic.end.column - 1
    return code[start:end]
