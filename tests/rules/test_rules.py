"""Every rule keeps what its class says: its examples, its page, its place in the catalogue."""

import re
from pathlib import Path

import pytest

from lint_rules.engine.registry import all_rules
from lint_rules.reference.pages import rule_page
from lint_rules.rules.base import Good, dedent
from lint_rules.settings.options import options
from lint_rules.testing import check_rule

RULES = all_rules()


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_examples_hold(rule):
    check_rule(rule)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_examples_are_python(rule):
    for example in (*rule.bad, *rule.good):
        code = example if isinstance(example, str) else example.code
        compile(dedent(code), rule.name, "exec", dont_inherit=True)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_page_is_complete(rule):
    page = rule.page()
    headings = re.findall(r"^## (.+)$", page, re.MULTILINE)
    expected = ["What it does", "Why is this bad?", "References"]
    if rule.fix_safety:
        expected.insert(2, "Fix safety")
    assert headings == expected
    assert all(option in options() for option in rule.options)
    if rule.code not in ("MF900", "MF901"):
        assert rule.bad
        assert rule.good


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_page_says_what_the_rule_says(rule):
    """Sentences are reviewed when they change, too: `make docs` writes the page again."""
    page = Path(__file__).parents[2] / "docs" / "rules" / f"{rule.name}.md"
    assert page.read_text(encoding="utf-8") == rule_page(rule)


def test_good_examples_say_why():
    unexplained = [r.code for r in RULES for g in r.good if isinstance(g, Good) and not g.why]
    assert not unexplained


def test_file_names_say_code_and_name():
    for rule in RULES:
        module = rule.__module__.rpartition(".")[2]
        family = module.partition("_")[0].upper()
        assert rule.code == family or rule.code.startswith(family.rstrip("0123456789"))
