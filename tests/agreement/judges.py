"""What Metaflow says of a flow's text, and what the linter does."""

from __future__ import annotations

import ast
import itertools
import linecache
import re
import sys
import types
from bisect import bisect
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from metaflow.flowspec import FlowSpec, FlowSpecMeta, InvalidNextException
from metaflow.lint import linter as metaflow_linter

from lint_rules.analysis.imports import ImportResolver
from lint_rules.engine.incidents import Incidents
from lint_rules.engine.registry import all_rules
from lint_rules.engine.run_rules import run_rules
from lint_rules.settings.options import Settings
from lint_rules.syntax.parse_cache import module_of

ON_THE_GRAPH = (*(f"MF8{number:02}" for number in range(1, 15)), "MF820", "MF821")
"""Rules on what the check of the graph sees: `test_honest_rules` has the others."""

RULES = [rule(Settings()) for rule in all_rules() if rule.code in ON_THE_GRAPH]

NOT_REFUSED = ("MF820", "MF821")
"""Rules on steps that vanish: Metaflow accepts the flow that is left."""

FAILS_IN_RUNS = ("MF801", "MF809")
"""Rules that also report what the check accepts and every run refuses."""

_NUMBERS = itertools.count()


@dataclass(frozen=True)
class Refusal:
    """Metaflow's complaint: its message, and the steps that it names."""

    message: str
    steps: frozenset[str]


@dataclass(frozen=True)
class Report:
    """A diagnostic of the linter: its code, message, and the steps in which it marks something."""

    code: str
    message: str
    steps: frozenset[str]


def loaded(text: str) -> Any:
    """The last flow of a text, as Python makes it."""
    name = f"agreement_flow_{next(_NUMBERS)}"
    file = f"<{name}>"
    linecache.cache[file] = (len(text), None, text.splitlines(keepends=True), file)
    module = types.ModuleType(name)
    module.__file__ = file
    sys.modules[name] = module
    try:
        exec(compile(text, file, "exec"), module.__dict__)
    finally:
        del sys.modules[name]
    flows = [value for value in vars(module).values() if isinstance(value, FlowSpecMeta)]
    return [flow for flow in flows if flow is not FlowSpec][-1]


def refusal(text: str) -> Refusal | None:
    """Metaflow's complaint about a flow when it is loaded and checked, `None` if it has none."""
    try:
        flow = loaded(text)
        metaflow_linter.run_checks(flow._graph)
    except Exception as error:
        line = getattr(error, "line_no", None)
        named = set(re.findall(r"\w+", " ".join(re.findall(r"\*([^*]+)\*", str(error)))))
        return Refusal(str(error), frozenset(named | step_at(text, line)))
    finally:
        for file in [name for name in linecache.cache if name.startswith("<agreement_flow_")]:
            del linecache.cache[file]
    return None


def reports(text: str) -> list[Report]:
    """What the rules on the graph report of a flow, each with the steps in which it marks code."""
    module = module_of(text, ImportResolver())
    methods = sorted(
        (d.location_with_decorators.start, d.name)
        for c in module.classes.values()
        for d in c.functions
    )
    anchors = [anchor for anchor, _ in methods]

    def steps(offsets: list[int]) -> frozenset[str]:
        found = (bisect(anchors, offset) - 1 for offset in offsets)
        return frozenset(methods[at][1] for at in found if at >= 0)

    return [
        Report(f.code, f.message, steps([f.location.start, *(r.location.start for r in f.related)]))
        for f, _ in run_rules(RULES, module, Path("flow.py"), Incidents())
    ]


def step_at(text: str, row: int | None) -> set[str]:
    """The methods in whose text a row is."""
    return {
        node.name
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and row is not None
        for first in [min([node.lineno, *(d.lineno for d in node.decorator_list)])]
        if first <= row <= (node.end_lineno or node.lineno)
    }


def fails_in_every_run(text: str) -> bool:
    """Whether a step's own call of `self.next` fails, whatever the artifacts' values."""
    flow = loaded(text)
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            step = getattr(flow, node.name, None)
            if hasattr(step, "is_step") and _fails(flow, node):
                return True
            # The end goes on to nothing: a run that sees it call `self.next` stops there.
            if node.name == flow._graph.end_step and any(map(_is_next, node.body)):
                return True
    return False


def _fails(flow: Any, node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Makes the calls of `self.next` that stand in a method itself, one after the other."""
    own = object.__new__(flow)
    own._transition, own._current_step = None, node.name
    for statement in node.body:
        if _is_next(statement):
            call = compile(ast.unparse(statement), "<next>", "eval")
            for case in _values(statement):
                own.__dict__.update({"items": [1], "kind": case, "key": case})
                try:
                    eval(call, {"self": own, "Flow": flow})
                except InvalidNextException:
                    return True
                except Exception:
                    continue
    return False


def _is_next(statement: ast.stmt) -> bool:
    """Whether a statement calls `self.next`."""
    return isinstance(statement, ast.Expr) and ast.unparse(statement).startswith("self.next(")


def _values(statement: ast.Expr) -> list[object]:
    """The literal keys of a switch, else any value."""
    keys = [n.value for n in ast.walk(statement) if isinstance(n, ast.Constant)]
    return keys[:1] or ["x"]


@dataclass(frozen=True)
class Verdicts:
    """What both say of a flow, and where they do not agree."""

    refusal: Refusal | None
    reports: tuple[Report, ...]
    difference: str = ""

    @property
    def is_same_step(self) -> bool:
        """Whether a report is about a step that Metaflow's first complaint is about."""
        if self.refusal is None or not self.refusal.steps:
            return True
        return any(self.refusal.steps & r.steps or not r.steps for r in self.reports)


def compare(text: str) -> Verdicts:
    """What both say of a flow, with the difference in words, empty if they agree."""
    output, found = refusal(text), tuple(reports(text))
    if output is not None:
        return Verdicts(output, found, "" if found else f"missed: {output.message}")
    wrong = [r for r in found if r.code not in NOT_REFUSED]
    excused = all(r.code in FAILS_IN_RUNS for r in wrong) and fails_in_every_run(text)
    if not wrong or excused:
        return Verdicts(output, found)
    return Verdicts(output, found, f"wrong: {wrong[0].code} {wrong[0].message}")
