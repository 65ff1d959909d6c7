"""What made an artifact, where it went, and how it is used: relatives of each other."""

import pytest

from lint_rules.engine.linter import Linter
from lint_rules.engine.registry import all_rules
from lint_rules.settings.options import Settings
from lint_rules.workspace.source import Source

FLOW = """\
from metaflow import Flow, FlowSpec, Run, step

import shop
from shop import Topics, Words, cleaned, loaded, pair, trained


class {name}(FlowSpec):
    @step
    def start(self):
        import numpy as np
        import pandas as pd

        papers = pd.read_csv("papers.csv")
{first}
        self.next(self.use)

    @step
    def use(self):
{second}
        self.next(self.end)

    @step
    def end(self):
        pass
"""

SHOP = """\
from typing import TypedDict

import unknown


class Topics:
    def __init__(self, given=None):
        self.given = given

    @classmethod
    def load(cls, path):
        return cls(path)

    def table(self):
        import pandas as pd

        return pd.DataFrame()

    def count(self):
        return 3


class Words(TypedDict):
    title: str


def made():
    return Topics()


def loaded():
    return unknown.load("model")


def trained():
    from sklearn.svm import SVC

    model = SVC()
    model.fit([[1]], [1])
    return model


def pair(texts: list) -> tuple:
    from sklearn.feature_extraction.text import TfidfVectorizer

    words = TfidfVectorizer()
    return words, words.fit_transform(texts)


def cleaned(papers):
    papers = papers.copy()
    papers["year"] = papers["year"].astype(int)
    return papers
"""

FOUND = {
    # What made it.
    ("self.x = np.cumsum([1])", ""): "`numpy.ndarray`",
    ("self.x = np.round(papers['year'])", ""): "`pandas.Series`",
    ("self.x = papers.set_index('year').name", "self.x.dropna()"): "`pandas` object",
    ("import plotly.express as px\nself.x = px.scatter(papers)", ""): "plotly.graph_objects.Figure",
    ("import networkx as nx\nself.x = nx.karate_club_graph()", ""): "`networkx.Graph`",
    ("import polars as pl\nself.x = pl.DataFrame({}).lazy()", ""): "`polars.LazyFrame`",
    ("import sklearn.metrics as m\n_, self.x, _ = m.roc_curve([1], [1])", ""): "`numpy.ndarray`",
    ("import duckdb\nself.x = duckdb.sql('select 1')", ""): "`duckdb.DuckDBPyRelation`",
    ("import duckdb\nself.x = duckdb.connect().sql('select 1').df()", ""): "`pandas.DataFrame`",
    ("import gensim\nself.x = gensim.models.Word2Vec([]).wv", ""): "gensim.models.KeyedVectors",
    ("import mlflow\nself.x = mlflow.sklearn.load_model('m')", ""): "a fitted model",
    ("self.x = Run('ArxivPapers/1')", ""): "`metaflow.Run`",
    ("self.x = Flow('ArxivPapers').latest_run['start'].task", ""): "`metaflow.Task`",
    # Neither a sparse matrix nor a list of dataframes is an array.
    ("self.w, self.x = pair(['a'])", ""): "library objects",
    ("w, self.x = pair(['a'])", ""): "`scipy.sparse.spmatrix`",
    (
        "from sklearn.model_selection import train_test_split\nself.x = train_test_split(papers)",
        "",
    ): "a list of `pandas.DataFrame`",
    ("self.x = np.array_split(papers, 3)", ""): "a list of `pandas.DataFrame`",
    # Where it went.
    ("self.x = trained()", ""): "`sklearn.svm.SVC`",
    ("self.x = cleaned(papers)", ""): "`pandas.DataFrame`",
    ("self.x = Topics()", ""): "`shop.Topics`, so readers need the module `shop`",
    ("self.x = shop.Topics.load('a')", ""): "`shop.Topics`",
    ("self.x = Topics().table()", ""): "`pandas.DataFrame`",
    ("self.x = shop.made()", ""): "`shop.Topics`, so readers need the module `shop`",
    ("self.x = [Topics(one) for one in range(3)]", ""): "a list of `shop.Topics`",
    (
        "from sklearn.svm import SVC\nmodels = {'svc': SVC}\nself.x = models['svc'](C=1)",
        "",
    ): "`sklearn.svm.SVC`",
    (
        "from sklearn.svm import SVC\nself.kind = SVC\nself.x = self.kind(C=1)",
        "",
    ): "sklearn.svm.SVC",
    (
        "from sklearn.model_selection import KFold\n"
        "self.x = list(enumerate(KFold(3).split(papers)))",
        "",
    ): "a list of `numpy.ndarray`",
    # How it is used.
    ("self.x = loaded()", "print(self.x.groupby('year'))"): "a `pandas` object",
    ("self.x = loaded()", "print(self.x[['year', 'title']])"): "`pandas.DataFrame`",
    ("self.x = loaded()", "print(self.x.head(), self.x.columns)"): "a `pandas` object",
    ("self.x = loaded()", "x = self.x\nprint(x.iloc[0], x['year'])"): "`pandas.DataFrame`",
    ("self.x = loaded()\nprint(self.x.predict([1]))", ""): "a fitted model",
    ("self.x = loaded()", "print(self.x.coef_)"): "a fitted model",
    ("self.x = loaded()", "print(self.x[:, 0])"): "a dataframe or array",
    ("self.x = loaded()", "self.x.savefig('a.png')"): "a figure",
    ("model = loaded()\nmodel.fit(papers)\nself.x = model", ""): "a fitted model",
    ("self.x = loaded().predict(papers)", ""): "a dataframe or array",
    ("self.x = unknown().state_dict()", ""): "a `torch` object",
    (
        "self.x = Flow('ArxivPapers').latest_run.data.papers",
        "print(self.x.sort_values('year'))",
    ): "a `pandas` object",
    ("self.x = loaded().metrics_dataframe", ""): "`pandas.DataFrame`",
}
"""Lines of the first and the second step, and what the report says."""

NOT_FOUND = [
    ("self.x = np.round(0.5)", ""),
    ("self.x = np.sum([1])", ""),
    ("self.x = float(papers['year'].mean())", ""),
    ("self.x = papers['year'].tolist()", ""),
    ("self.x = papers.shape[0]", ""),
    ("self.x = Topics().count()", ""),
    ("self.x = Words(title='a')", ""),
    ("self.x = Flow('ArxivPapers').latest_run.pathspec", ""),
    ("self.x = loaded()", ""),
    ("self.x = loaded()", "print(self.x['year'], len(self.x), self.x.items())"),
    ("self.x = loaded()", "print(self.x.head())"),
    ("self.x = loaded()", "print(self.x[0], self.x[1:], self.x['a'])"),
    ("self.x = loaded()", "if hasattr(self.x, 'groupby'):\n    self.x.groupby('year')"),
    ("self.x = loaded()", "if isinstance(self.x, dict):\n    self.x.fit(3)"),
    ("self.x = loaded()", "self.x = self.x.to_dict()\nprint(self.x.groupby('a'))"),
    ("self.x = list(loaded())", "print(self.x.fit)"),
    ("x = loaded()\nself.x = len(x)\nprint(x.iloc[0])", ""),
    ("self.x = loaded().predict(['a text'])", ""),
    ("self.x = {'a': 1}", "print(self.x.fit(1))"),
    ("self.x = loaded().predict({'instances': papers.to_numpy()})", ""),
    ("from sklearn.metrics import r2_score\nself.x = float(r2_score([1], [1]))", ""),
    (
        "from sklearn.model_selection import train_test_split\n"
        "self.x, self.y = train_test_split(['a', 'b'])",
        "",
    ),
]
"""Lines of the first and the second step that save no library's object as `x`."""


def indented(lines):
    return "\n".join(f"        {line}" for line in (lines or "pass").splitlines())


@pytest.fixture(scope="module")
def reports(tmp_path_factory):
    """What MF402 says of each flow about `x`, by the lines of its steps."""
    folder = tmp_path_factory.mktemp("flows")
    (folder / "shop.py").write_text(SHOP)
    sources, lines_of = [], {}
    for number, lines in enumerate([*FOUND, *NOT_FOUND]):
        path = folder / f"papers_{number}_flow.py"
        text = FLOW.format(
            name=f"Papers{number}", first=indented(lines[0]), second=indented(lines[1])
        )
        path.write_text(text)
        sources.append(Source(path, text))
        lines_of[str(path)] = lines
    linter = Linter(all_rules(), [folder])
    linter.expect(source.path for source in sources)
    settings = Settings(select=("MF402", "MF900"))
    found = {}
    for diagnostic in linter.check_all(sources, lambda _: settings):
        if "`x`" in diagnostic.message or diagnostic.code != "MF402":
            found[lines_of[diagnostic.path]] = diagnostic.message
    return found


@pytest.mark.parametrize("lines", FOUND, ids=" / ".join)
def test_a_library_object_is_found(lines, reports):
    assert FOUND[lines] in reports.get(lines, "")


@pytest.mark.parametrize("lines", NOT_FOUND, ids=" / ".join)
def test_plain_and_unknown_things_are_left_alone(lines, reports):
    assert reports.get(lines) is None
