"""Flows that a quick look takes for plain get no report from the whole analysis either."""

import random

import pytest

from lint_rules.analysis.data_flow import plain_flows
from lint_rules.analysis.data_flow.plain_flows import is_plain
from lint_rules.analysis.imports import ImportResolver
from lint_rules.rules.base import dedent
from lint_rules.syntax.parse_cache import module_of
from tests.analysis.data_flow.compare import RULES
from tests.rules.cases import cases

CODES = {rule.code for rule in RULES}
LIKELY = ("self.a = 1", "self.b = self.a", "print(self.b)", "self.c = [self.a]", "self.c[0] = 1")
STATEMENTS = [
    *("self.a = 1", "self.b = self.a", "self.a += 1", "print(self.b)", "self.c = [self.a]"),
    *("if self.a: self.b = 1", "for self.c in []: pass", "self.c[0] = 1", "self.a = self.a + 1"),
    *("self.help()", "with open('x') as self.c: pass", "self.d: int", "self.a, self.b = 1, 2"),
    *("print(self.LIMIT, self.limit)", "self.b.append(self.c)", "f = lambda: self.c", "del self.a"),
    *("setattr(self, 'd', 1)", "print(self.input)", "[self.a for _ in self.b]", "(d := self.d)"),
    *("try: self.d = 1\n        except OSError: pass", "self.merge_artifacts([])", "pass"),
]


def random_line(seed):
    chosen = random.Random(seed)
    lines = ["from metaflow import FlowSpec, Parameter, step", "", "", "class A(FlowSpec):"]
    lines += ["    LIMIT = 3", "    limit = Parameter('limit', default=1)"]
    names = ["start", "more", "end"]
    for name, following in zip(names, [*names[1:], ""], strict=True):
        lines += ["    @step", f"    def {name}(self):"]
        lines += ["        self.a = 1", "        self.b = [2]"] if name == "start" else []
        for _ in range(chosen.randint(1, 3)):
            of = STATEMENTS if chosen.random() < 0.3 else LIKELY
            lines.append(f"        {chosen.choice(of)}")
        lines += [f"        self.next(self.{following})"] if following else []
    lines += ["    def help(self):", f"        {chosen.choice((*LIKELY, 'print(self.LIMIT)'))}"]
    return "\n".join(lines)


INSIDE_LIKELY = (
    *("self.d = self.input", "print(self.index)", "self.d = 1", "self.a = self.a + 1", "pass"),
    *(
        "if self.a: self.d = 1\n        else: self.d = 2",
        "with lock: self.d = 1",
        "self.c = self.a",
    ),
    *("try: self.d = 1\n        except OSError: self.d = 2", "self.d = [self.a]"),
)
INSIDE = (
    *("self.d = [self.input, self.b]", "self.b = []", "self.b.append(1)", "print(self.e)"),
    *("if self.a: self.e = 1", "self.merge()", "del self.b", "show(self)", "self.a += self.d"),
)
JOINING_LIKELY = (
    *("self.d = [i.d for i in inputs]", "for i in inputs: print(i.a)", "self.d = inputs.left.d"),
    *("self.a = sum(i.a for i in inputs)", "self.d = {i.a: i.d for i in inputs}", "self.d = 1"),
)
JOINING = (
    *("print(inputs[0].d)", "self.merge_artifacts(inputs)", "print([j.a for j in [*inputs]])"),
    *("self.b = [i for i in inputs if i.e]", "print(inputs.right.e)", "print(inputs.other.a)"),
    *("i = inputs.left; print(i.e)", "best = max(inputs, key=lambda i: i.d)", "print(self.a)"),
    *("print(self.input)", "self.d = {i.a: i.index for i in inputs}", "self.e = len(list(inputs))"),
)
LISTS = (*["[1, 2]"] * 12, "[]", "3", "list(range(200))", "zip()", "[*range(200)]", "{1}")


def random_branches(seed):
    """A flow with a split or a foreach, in which anything may be wrong."""
    chosen = random.Random(seed)
    is_foreach = chosen.random() < 0.5

    def some(likely, others):
        return [chosen.choice(others if chosen.random() < 0.15 else likely) for _ in range(2)]

    steps = {
        "start": ["self.a = 1", f"self.b = {chosen.choice(LISTS)}", chosen.choice(LIKELY)],
        "left": some(INSIDE_LIKELY[0 if is_foreach else 2 :], INSIDE),
        "right": some(INSIDE_LIKELY[2:], INSIDE),
        "join": some(JOINING_LIKELY, JOINING),
        "end": [chosen.choice(("print(self.a)", "print(self.d)", "pass"))],
    }
    after = {
        "start": 'self.left, foreach="b"' if is_foreach else "self.left, self.right",
        "left": "self.join",
        "right": "self.join",
        "join": "self.end",
    }
    if chosen.random() < 0.05:
        after["right"] = after["join"] = "self.join"
    lines = ["from metaflow import FlowSpec, catch, step", "", "", "class A(FlowSpec):"]
    for name, body in steps.items():
        if name == "right" and is_foreach:
            continue
        lines += ["    @catch(var='e')"] if chosen.random() < 0.1 else []
        inputs = ", inputs" if name == "join" else ""
        lines += ["    @step", f"    def {name}(self{inputs}):"]
        lines += [f"        {line}" for line in body]
        lines += [f"        self.next({after[name]})"] if name in after else []
    return "\n".join(lines)


def flows_of(texts):
    return [flow for text in texts for flow in module_of(text, ImportResolver()).flows]


@pytest.fixture(scope="module")
def plain():
    texts = [random_line(seed) for seed in range(200)]
    texts += [random_branches(seed) for seed in range(400)]
    texts += [case.code for code, case in cases() if code in CODES]
    for rule in RULES:
        texts += [dedent(getattr(each, "code", each)) for each in (*rule.bad, *rule.good)]
    found = flows_of(texts)
    return [flow for flow in found if not flow.is_base and is_plain(flow)]


def test_plain_flows_get_no_report(plain, monkeypatch):
    monkeypatch.setattr(plain_flows, "is_plain", lambda _: False)
    wrong = [(flow.module.code, r.code) for flow in plain for r in RULES for _ in r.check(flow)]
    wrong = [(code, rule) for code, rule in wrong if rule != "MF406"]
    assert wrong == []
    assert len(plain) > 30


FLOW = """\
from metaflow import FlowSpec, step


class A(FlowSpec):
    @step
    def start(self):
        self.a = 1
        self.next(self.end)

    @step
    def end(self):
        {end}
"""


@pytest.mark.parametrize(
    ("end", "expected"),
    [
        ("print(self.a)", True),
        ("self.b = self.a; print(self.b, self.a.b)", True),
        ("print(self.b)", False),
        ("self.b = self.b", False),
        ("self.b += 1", False),
        ("show(self)", False),
        ("del self.a", False),
        ("print(self.input)", False),
        ("if self.a: self.b = 1\n        print(self.b)", False),
    ],
)
def test_what_is_plain(end, expected):
    (flow,) = flows_of([FLOW.format(end=end)])
    assert is_plain(flow) is expected
