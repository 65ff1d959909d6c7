"""Advice fits what is saved."""

import pytest

from lint_rules.analysis.inference import Kind, Value
from lint_rules.analysis.libraries import FIGURE, MODEL, TABLE
from lint_rules.analysis.saved_objects import instead_of, named, needed_for


@pytest.mark.parametrize(
    ("type_", "advice"),
    [
        ("pandas.DataFrame", "plain records"),
        ("polars.LazyFrame", "plain records"),
        ("pandas", "plain records"),
        ("numpy.ndarray", "`.tolist()`"),
        (TABLE, "`.tolist()`"),
        ("sklearn.svm.SVC", "model registry"),
        (MODEL, "`# noqa: MF402`"),
        ("matplotlib.Figure", "card"),
        (FIGURE, "card"),
        ("metaflow.Run", "`pathspec`"),
        ("networkx.Graph", "plain Python data"),
    ],
)
def test_advice_fits_the_kind(type_, advice):
    assert advice in instead_of(Value(Kind.LIBRARY, type_))


def test_an_own_class_is_named_with_its_module():
    own = Value(Kind.OWN_CLASS, "shop.topics.Topics")
    assert named(own) == "`shop.topics.Topics`"
    assert needed_for(own) == "the module `shop.topics`"
    assert "plain data" in instead_of(own)
    assert needed_for(Value(Kind.OWN_CLASS, "Topics")) == "the flow file that defines `Topics`"


def test_general_words_have_an_article_and_a_plural():
    assert named(Value(Kind.LIBRARY, MODEL)) == "a fitted model"
    assert named(Value(Kind.LIBRARY, "array or sparse matrix")) == "an array or sparse matrix"
    assert named(Value(Kind.LIBRARY, TABLE, "list")) == "a list of dataframes or arrays"
    assert named(Value(Kind.LIBRARY, "pandas.Series", "dict")) == "a dict of `pandas.Series`"
