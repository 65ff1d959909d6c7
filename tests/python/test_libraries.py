"""What libraries return, as the data says it, and how the data is written."""

from lint_rules.python.libraries import library_facts
from tools.library_facts.__main__ import by_type


def test_functions_and_methods_have_types():
    facts = library_facts()
    assert facts.functions["numpy.arange"] == "numpy.ndarray"
    assert facts.functions["plotly.express.scatter"] == "plotly.graph_objects.Figure"
    assert facts.methods["polars.DataFrame"]["lazy"] == "polars.LazyFrame"
    assert "numpy.sqrt" in facts.elementwise


def test_the_parts_of_a_tuple_are_told_apart():
    made = library_facts().functions["sklearn.metrics.roc_curve"]
    assert made.split(",") == ["numpy.ndarray"] * 3


def test_what_may_be_a_number_is_left_out():
    facts = library_facts()
    for name in "sum mean trace einsum round median nansum".split():
        assert f"numpy.{name}" not in facts.functions
    assert "sklearn.metrics.accuracy_score" not in facts.functions


def test_functions_are_written_by_module_and_type():
    functions = {"a.b.two": "X", "a.b.one": "X", "a.three": "Y,?"}
    assert by_type(functions) == {"a.b": {"X": "one two"}, "a": {"Y,?": "three"}}
