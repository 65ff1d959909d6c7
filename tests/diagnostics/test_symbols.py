"""What a finding is known by: the same after a formatter, annotations and a base class."""

import ast
from collections import Counter

import pytest

from lint_rules.engine.registry import all_rules
from lint_rules.rules.base import dedent
from lint_rules.testing import diagnose

RULES = [rule for rule in all_rules() if rule.bad]


class Annotated(ast.NodeTransformer):
    """Code with an annotation at each assignment and function, and one more base of each flow."""

    def visit_Assign(self, node):
        (target, *others) = node.targets
        if others or not isinstance(target, ast.Attribute):
            return node
        return ast.AnnAssign(target, ast.Name("object"), node.value, simple=0)

    def visit_FunctionDef(self, node):
        self.generic_visit(node)
        node.returns = node.returns or ast.Name("object")
        return node

    def visit_ClassDef(self, node):
        self.generic_visit(node)
        if any(ast.unparse(base).endswith("FlowSpec") for base in node.bases):
            node.bases.insert(0, ast.Name("Owned"))
        return node


def identities(rule, code, example, packages=None):
    found = diagnose(rule, code, example.options, {**example.packages, **(packages or {})})
    return Counter(diagnostic.identity for diagnostic in found)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_what_examples_are_known_by(rule):
    """`ast.unparse` changes quotes, parentheses, line breaks, blank lines and comments."""
    owned = {"owned.py": "class Owned:\n    owner = 'data'\n"}
    for example in rule.bad:
        code = dedent(example.code)
        before = identities(rule, code, example)
        assert before
        assert identities(rule, ast.unparse(ast.parse(code)), example) == before
        changed = ast.unparse(Annotated().visit(ast.parse(code)))
        after = identities(rule, f"from owned import Owned\n{changed}", example, owned)
        assert after <= before
