"""Which name was meant."""

import pytest

from lint_rules.analysis.suggestions import LONGEST, certain_match, meant_next_keyword, similar
from lint_rules.metaflow import facts
from tests.analysis.modules import module_of


def test_the_most_similar_name_is_found():
    module = module_of("")
    assert similar("papres", ["papers", "topics", "papres"], module) == "papers"
    assert similar("x", ["papers", "topics"], module) is None
    assert similar("p" * (LONGEST + 1), ["p" * LONGEST], module) is None


@pytest.mark.parametrize(
    ("call", "meant"),
    [
        ("f(self.a, for_each='x')", "foreach"),
        ("f(self.a, foreachs='x')", "foreach"),
        ("f(self.a, numParallel=3)", "num_parallel"),
        ("f({'a': self.a}, conditon='x')", "condition"),
        ("f(self.a, conditon='x')", ""),
        ("f({'a': self.a}, for_each='x')", ""),
        ("f(self.a, self.b, for_each='x')", ""),
        ("f(self.a, for_each='x', other=1)", ""),
        ("f(self.a, for_each='x', **more)", ""),
        ("f(self.a, items='x')", ""),
    ],
)
def test_a_misspelt_keyword_of_next(call, meant):
    (found,) = module_of(call).descendants.calls
    keyword = next(argument.name for argument in found.arguments if argument.name)
    assert meant_next_keyword(keyword, found) == meant


@pytest.mark.parametrize(
    ("name", "decorator", "meant"),
    [
        ("gpus", "kubernetes", "gpu"),
        ("time", "retry", "times"),
        ("package", "conda", "packages"),
        ("minute", "timeout", "minutes"),
        ("GPU", "kubernetes", "gpu"),
        ("gpuvendor", "kubernetes", "gpu_vendor"),
        ("attempts", "retry", None),
        ("size", "kubernetes", None),
        ("tmpfs", "kubernetes", None),
        ("x", "timeout", None),
    ],
)
def test_what_a_misspelt_attribute_is_meant_to_be(name, decorator, meant):
    assert certain_match(name, facts().decorator(decorator).attributes) == meant
