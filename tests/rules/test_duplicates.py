"""One mistake is reported once, also where several rules know of it."""

import itertools
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from lint_rules.engine.linter import Linter
from lint_rules.engine.registry import all_rules
from lint_rules.rules.base import dedent
from lint_rules.settings.groups import Group
from lint_rules.settings.options import Settings
from lint_rules.testing import diagnose
from lint_rules.workspace.source import Source

RULES = [rule for rule in all_rules() if rule.group is Group.CORRECTNESS]
HEAD = "from metaflow import FlowSpec, project, step, trigger\n\n\n"
TAIL = "class Arxiv(FlowSpec):\n    @step\n    def start(self): pass\n"


def found(code, packages=None):
    with TemporaryDirectory() as folder:
        for name, text in {"flow.py": code, **(packages or {})}.items():
            file = Path(folder, "flows", name)
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
        linter = Linter(RULES)
        return linter.check(Source(Path(folder, "flows", "flow.py"), code), Settings())


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_no_two_certain_rules_mark_the_same_code(rule):
    for bad in rule.bad:
        places = [(d.start, d.end) for d in found(dedent(bad.code), bad.packages)]
        assert [place for place in places if places.count(place) > 1] == []


@pytest.mark.parametrize(
    ("above", "codes"),
    [
        ('@trigger(event="a", events=["b"])', ["MF704"]),
        ("@trigger()", ["MF704"]),
        ("@trigger(events=[])", ["MF704"]),
        ('@trigger(events=["a", "a"])', ["MF704"]),
        ('@trigger(event="a", when=1)', ["MF815"]),
        ('@trigger("a")', ["MF815"]),
        ('@project(name="My Project")', ["MF103"]),
        ("@project()", ["MF815"]),
    ],
)
def test_a_decorator_is_reported_once(above, codes):
    code = f"{HEAD}{above}\n{TAIL}"
    assert [d.code for d in found(code)] == codes
    alone = [r for r in RULES if r.code == "MF815"]
    assert [d.code for rule in alone for d in diagnose(rule, code)] in ([], ["MF815"])


def test_rules_yield_to_rules_that_exist():
    codes = {rule.code for rule in all_rules()}
    assert set(itertools.chain(*(rule.yields_to for rule in all_rules()))) <= codes
