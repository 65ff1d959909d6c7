from tests.rules.cases import Case, flow

READ = 'self.papers = pd.read_csv("papers.csv")'
RECORDS = f'{READ}.to_dict(orient="records")'
PANDAS = "import pandas as pd"

SUBCLASSES = """\
from metaflow import FlowSpec, step
import pandas as pd


class ArxivPapers(FlowSpec):
    @step
    def start(self):
        self.papers = pd.DataFrame({{}})[{0}]
        self.next(self.end)

    @step
    def end(self):
        pass


class ArxivTopics(ArxivPapers):
    @step
    def end(self):
        self.papers = pd.DataFrame({{}})[{0}]
        self.topics = pd.DataFrame({{}})[{0}]
"""


def saved(line, what, names=1):
    """A step that saves what visibly is no plain data, without a fix."""
    return Case(
        f"it is {what}",
        flow(
            f"kept, rest = train_test_split(given)\n{line}",
            top=f"{PANDAS}\nfrom sklearn.model_selection import train_test_split",
        ),
        at=(line.partition(" =")[0].partition(",")[0],),
        says=(what,),
    )


def used(line, offered):
    """A flow of which another step uses the artifact."""
    return Case(
        f"a step that does {line} is {'content' if offered else 'not content'} with records",
        flow(READ, line, top=PANDAS),
        at=("self.papers",),
        fixed=flow(RECORDS, line, top=PANDAS) if offered else None,
    )


CASES = [
    saved("self.kept = kept", "a dataframe or array, so readers need its library"),
    saved(
        "self.parts = [kept, rest]",
        "a list of dataframes or arrays, so readers need its library",
    ),
    saved("self.years = pd.DataFrame(given)[key]", "a `pandas` object, so readers need `pandas`"),
    saved(
        "self.years = [pd.DataFrame(given)[key]]",
        "a list of `pandas` objects, so readers need `pandas`",
    ),
    saved("self.parts = [pd.DataFrame(given)]", "a list of `pandas.DataFrame`"),
    saved(
        "self.kept, self.papers = kept, pd.DataFrame(given)",
        "The artifacts `kept`, `papers` are saved as library objects, "
        "so readers need their libraries",
    ),
    saved(
        "self.kept, self.papers = pd.DataFrame(given), pd.DataFrame(given)",
        "are saved as `pandas.DataFrame`, so readers need `pandas`",
    ),
    Case(
        "it is reported once for each artifact",
        flow("self.papers = pd.Series([])", "self.papers = pd.Series([1])", top=PANDAS),
        at=("self.papers",),
    ),
    Case(
        "what a flow saves that it derives from is reported there",
        SUBCLASSES.format("key"),
        at=("self.papers", "self.topics"),
    ),
    used("print(len(self.papers))", True),
    used("self.papers = []", True),
    used("print(self.papers.shape)", False),
    used("print(len(self.papers.index))", False),
    used("print(self.papers.dtypes.kind)", False),
    used("print(len(self.papers.dtypes.kind))", False),
    used("self.papers.index = [1]", False),
    used("for paper in self.papers: print(paper)", False),
    used('print(load().papers["year"])', False),
    used("print(load().papers)", True),
    used("print(load().topics[0])", True),
    *(
        Case(
            f"below, its own step does {line}",
            flow(f"{READ}\n{line}", top=PANDAS),
            at=("self.papers",),
            fixed=fixed and flow(f"{RECORDS}\n{line}", top=PANDAS),
        )
        for line, fixed in (
            ("print(len(self.papers))", None),
            ("print(self.papers.shape)", None),
            ("print(self.papers_of_2020)", True),
            ("self.papers: list", True),
        )
    ),
    *(
        Case(
            f"what a helper gives is known from {source!r}",
            flow("self.papers = load(given)", top="from own import load"),
            at=("self.papers",) if what else (),
            says=(what,) if what else (),
            packages={"own.py": source, "own_topics.py": "class Topics:\n    pass\n"},
        )
        for source, what in (
            (
                "from own_topics import Topics\ndef load(given) -> Topics:\n    return given[0]\n",
                "`own_topics.Topics`",
            ),
            (
                "from own_topics import Topics\nfrom typing import Optional\n"
                "def load(given) -> Optional[Topics]:\n    return given[0]\n",
                "`own_topics.Topics`",
            ),
            (
                "class Topics:\n    pass\ndef load(given) -> list[Topics]:\n    return given\n",
                "a list of `own.Topics`",
            ),
            (
                "from typing import TypeVar\nimport numpy as np\nArray = TypeVar('Array')\n"
                "def load(given) -> Array:\n    return np.array(given)\n",
                "`numpy.ndarray`",
            ),
            (
                "from lightfm.data import Dataset\n"
                "def load(given: Dataset):\n    return given.build_user_features([])\n",
                "`scipy.sparse.spmatrix`",
            ),
            (
                "from imblearn.over_sampling import SMOTE\n"
                "def load(given):\n    return SMOTE().fit_resample(given, given)\n",
                "a tuple of",
            ),
            (
                "from typing import TypeVar\nT = TypeVar('T')\n"
                "def load(given: T) -> T:\n    return given\n",
                "",
            ),
            (
                "from typing import TypedDict\nclass Topics(TypedDict):\n    year: int\n"
                "def load(given) -> Topics:\n    return given[0]\n",
                "",
            ),
            (
                "from enum import Enum\nclass Topics(Enum):\n    A = 1\n"
                "def load(given) -> Topics:\n    return given[0]\n",
                "",
            ),
            (
                "import pandas as pd\nTopics = list\n"
                "def load(given) -> Topics:\n    return given[0]\n",
                "",
            ),
        )
    ),
    *(
        Case(
            f"a later step does {line}",
            flow("self.papers = load(given)", line),
            at=("self.papers",) if is_frame else (),
        )
        for line, is_frame in (
            ("self.papers.to_csv('papers.csv', index=False)", True),
            ("self.papers.to_excel('papers.xlsx', index=False)", True),
            ("self.papers.to_csv('papers.csv')", False),
        )
    ),
    Case(
        "a list of dataframes is not turned into records",
        flow("parts = [pd.DataFrame(given)]\nself.parts = parts", top=PANDAS),
        at=("self.parts",),
    ),
    Case(
        "what has to be put into brackets first is left alone",
        flow("self.papers = pd.DataFrame(given) if given else pd.DataFrame()", top=PANDAS),
        at=("self.papers",),
    ),
    Case(
        "it is made of what it was",
        flow("self.papers = pd.concat([self.papers, pd.read_csv(path)])", top=PANDAS),
        at=("self.papers",),
    ),
]
