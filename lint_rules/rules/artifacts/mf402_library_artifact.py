"""MF402."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lint_rules.analysis.inference import Kind, Value
from lint_rules.analysis.libraries import FRAME
from lint_rules.analysis.saved_artifacts import Persisted, persisted
from lint_rules.analysis.saved_objects import instead_of, named, needed_for
from lint_rules.analysis.takers import files_naming
from lint_rules.diagnostics.diagnostic import Append, Edit, Finding, Safety
from lint_rules.model.code import Attribute, Call, Function, Name, Subscript
from lint_rules.model.flow import Flow
from lint_rules.model.step import Artifact
from lint_rules.rules.base import Bad, Good, Rule
from lint_rules.settings.groups import Group

_FOR_RECORDS_TOO = frozenset({"builtins.len", "builtins.print", "pandas.DataFrame"})
"""What does with a list of records what it does with a dataframe."""


class LibraryArtifact(Rule):
    """
    ## What it does
    Checks for artifacts that are dataframes, arrays, tensors, models or other objects of a library,
    or objects of a class from the repository.

    ## Why is this bad?
    To read such an artifact, you need the library, in a version that can load what another version
    saved. The reader may be a small service without pandas, or a colleague a year from now. Every
    Python can read lists, dicts, strings and numbers, and readers can make a dataframe from them.
    To load an object of a class from the repository, you need the module of the class, as it was.

    A reviewer asks of each artifact: can a Python that has none of the flow's packages load it?
    What counts is the object that is saved when the step ends, not how its line is written. So a
    dataframe is reported if a helper in another file returns it, if it lies in a list or a dict, or
    if only a later step shows what it is (`self.papers.groupby("year")`). A number that comes from
    a dataframe, a path, a list of strings, and a table that the step writes to S3 are fine.

    The rule reports only what the code shows:

    - **what made it**: a constructor, or a function or method of which the library says what it
      returns (`read_csv`, `to_numpy`, `train_test_split`);
    - **where it went**: through names, tuples, lists and dicts, the repository's functions, methods
      and classes, other artifacts, `self.input` and the inputs of a join;
    - **how it is used** until it is assigned again, in the same step and those that follow:
      `.iloc`, `.predict(…)` and `x[["title", "year"]]` show it alone, of `.head()` and `.columns`
      it takes two;
    - an annotation with such a type, or a call with a name such as `load_df` or `to_dataframe`.

    How something is used says nothing if the function asks what it is (`isinstance`, `hasattr`).

    It does not report an object that the step converts or deletes before it ends, because Metaflow
    does not save it.

    ## Fix safety
    The fix converts a dataframe into a list of dicts with `.to_dict(orient="records")`. It is
    unsafe because you must also change the functions and flows that use the artifact. There is no
    fix if code visibly uses the artifact as a dataframe: `self.papers.shape`,
    `self.papers["title"]`, a call that is given the artifact, or another file that names both the
    flow and the artifact.

    ## References
    The guide, "Artifacts".
    """

    code, name, fix_safety = "MF402", "library-artifact", Safety.UNSAFE
    group = Group.STYLE
    options = ("library-types",)
    bad = [
        Bad(
            """
            from metaflow import FlowSpec, step


            class ArxivTopics(FlowSpec):
                @step
                def start(self):
                    import pandas as pd

                    self.papers = pd.read_csv("papers.csv")
                    self.next(self.end)

                @step
                def end(self):
                    import pandas as pd

                    print(len(pd.DataFrame(self.papers)))
            """,
            at="self.papers",
            fixed="""
            from metaflow import FlowSpec, step


            class ArxivTopics(FlowSpec):
                @step
                def start(self):
                    import pandas as pd

                    self.papers = pd.read_csv("papers.csv").to_dict(orient="records")
                    self.next(self.end)

                @step
                def end(self):
                    import pandas as pd

                    print(len(pd.DataFrame(self.papers)))
            """,
        ),
        Bad(
            """
            from metaflow import FlowSpec, step
            from sklearn.cluster import KMeans

            from database import sql_to_dataframe
            from topics.papers import counts, titles


            class Model:
                pass


            class ArxivTopics(FlowSpec):
                @step
                def start(self):
                    import numpy as np
                    from sklearn.model_selection import train_test_split

                    papers = titles()
                    self.words = papers["words"].dropna()
                    self.train, self.test = train_test_split(papers)
                    self.counts = counts()
                    self.own = Model()
                    self.models = {}
                    for k in range(3):
                        self.models[k] = KMeans(k).fit(papers)
                    self.next(self.score)

                @step
                def score(self):
                    self.vector = self.words.to_numpy() * 2
                    self.years = sql_to_dataframe("select year from papers")
                    self.authors = sql_to_dataframe("select author from papers")
                    self.next(self.join)

                @step
                def join(self, inputs):
                    self.vectors = [branch.vector for branch in inputs]
                    self.first = min(branch.years["year"].min() for branch in inputs)
                    self.last = inputs[0].authors.iloc[-1]["author"]
                    self.best = inputs[0].models
                    self.kept = {k: model for k, model in self.best.items() if k}
                    self.ranked = []
                    for rank, (k, model) in enumerate(self.kept.items()):
                        self.ranked.append(model)
            """,
            at=(
                "self.words",
                "self.train",
                "self.counts",
                "self.own",
                "self.models",
                "self.vector",
                "self.years",
                "self.authors",
                "self.vectors",
                "self.best",
                "self.kept",
                "self.ranked",
            ),
            packages={
                "topics/__init__.py": "",
                "topics/papers.py": (
                    "import pandas as pd\n\n\n"
                    "def titles() -> pd.DataFrame:\n    return load()\n\n\n"
                    "def counts():\n    frame = titles()\n    return frame.groupby('year')\n"
                ),
            },
        ),
        Bad(
            """
            import numpy.typing as npt
            from metaflow import FlowSpec, step


            class ArxivTopics(FlowSpec):
                vectors: npt.ArrayLike

                @step
                def start(self):
                    self.vectors = embed()
                    self.place = geo.point(1, 2)
                    self.next(self.end)

                @step
                def end(self):
                    import geo

                    self.place = geo.point(1, 2)
            """,
            at=("self.vectors", "self.place"),
            options={"library-types": ["geo.point"]},
        ),
    ]
    good = [
        """
        from metaflow import FlowSpec, step


        class ArxivTopics(FlowSpec):
            @step
            def start(self):
                import pandas as pd

                self.papers = pd.read_csv("papers.csv").to_dict(orient="records")
                self.next(self.end)

            @step
            def end(self):
                pass
        """,
        Good(
            """
            from collections import Counter
            from datetime import datetime
            from pathlib import Path

            from documents import create_documents_from_dataframe
            from metaflow import FlowSpec, step

            from topics.papers import fetch


            class ArxivTopics(FlowSpec):
                @step
                def start(self):
                    import pandas as pd

                    self.dataframe = {"title": []}
                    self.papers = pd.read_csv("papers.csv")
                    self.count = len(self.papers)
                    self.first = self.papers["title"].iloc[0]
                    self.words = Counter(self.papers["words"].tolist())
                    self.papers = self.papers.to_dict(orient="records")
                    self.raw = pd.read_csv("raw.csv")
                    del self.raw
                    self.where, self.when = Path.cwd(), datetime.now()
                    self.topics = fetch()
                    self.mean = self.papers["year"].mean()
                    self.documents = create_documents_from_dataframe(self.count)
                    self.table = self.get_df()
                    tables = {}
                    for year in range(3):
                        tables[year] = {"papers": pd.read_csv(f"{year}.csv"), "score": year / 3}
                    self.scores = {year: table["score"] for year, table in tables.items()}

                def get_df(self):
                    return {"title": []}
            """,
            why="Plain data, objects converted or deleted in time, and objects of an unknown type.",
            packages={"topics/papers.py": "def fetch():\n    return load()\n"},
        ),
    ]

    def check(self, flow: Flow) -> Iterator[Finding]:
        with_steps = [base for base in flow.lineage[1:] if not base.is_base]
        seen: set[str] = set()
        found: dict[object, list[tuple[Persisted, Value]]] = {}
        for saved in persisted(flow, self.settings.library_types):
            name, value = saved.artifact.name, saved.value
            if value is None or value.kind not in (Kind.LIBRARY, Kind.OWN_CLASS) or name in seen:
                continue
            seen.add(name)
            if not any(name in base.artifacts for base in with_steps):
                found.setdefault(saved.artifact.statement, []).append((saved, value))
        for group in found.values():
            yield self._finding(flow, group)

    def _finding(self, flow: Flow, group: list[tuple[Persisted, Value]]) -> Finding:
        (saved, value), *others = group
        names = ", ".join(f"`{one.artifact.name}`" for one, _ in group)
        what, needed, help_ = named(value), needed_for(value), instead_of(value)
        if len({one.type for _, one in group}) > 1:
            what, needed = "library objects", "their libraries"
        artifacts = "The artifacts" if others else "The artifact"
        verb = "are" if others else "is"
        return self.finding(
            saved.artifact,
            f"{artifacts} {names} {verb} saved as {what}, so readers need {needed}",
            help_,
            self.fix("Save a list of dicts", None if others else _as_records(flow, saved, value)),
        )


def _as_records(flow: Flow, saved: Persisted, value: Value) -> list[Edit] | None:
    """The edit that converts a dataframe at the assignment that saves it."""
    assigned = saved.artifact.value
    if value.type != FRAME or value.container or not isinstance(assigned, Call | Name | Subscript):
        return None
    if any(isinstance(p, Name | Attribute) and p.name.endswith("groupby") for p in assigned.walk()):
        # Of one column, it gives a `Series`.
        return None
    function = saved.artifact.function
    name = f"{function.self_name}.{saved.artifact.name}"
    if any(
        reference is not assigned
        and reference.start >= assigned.start
        and reference.context == "load"
        and (reference.name == name or reference.name.startswith(f"{name}."))
        for reference in function.descendants.names
    ):
        return None
    if any(_needs_frame(other, saved.artifact) for other in _others(flow, function)):
        return None
    read = re.compile(rb"\.\s*" + saved.artifact.name.encode() + rb"\b")
    if any(read.search(content) for content in files_naming(flow.module, flow.name)):
        return None
    return [Append(assigned.location, '.to_dict(orient="records")')]


def _others(flow: Flow, function: Function) -> Iterator[Function]:
    """The other functions of a flow, of its base flows and of its subclasses, and its file's."""
    for related in (*flow.lineage, *flow.subclasses):
        for other in related.definition.functions:
            if other is not function:
                yield other
    yield from flow.module.functions.values()


def _needs_frame(function: Function, artifact: Artifact) -> bool:
    """Whether a function does more with an artifact than count or print it.

    The code may write the artifact as `self.x`, as an input of a join, or after any other name.
    """
    handed = {
        argument.value
        for call in function.descendants.calls
        if call.function.qualified in _FOR_RECORDS_TOO
        for argument in call.arguments
    }
    for reference in function.descendants.names:
        _, *attributes = reference.name.split(".")
        if artifact.name in attributes and reference not in handed:
            assigned = reference.context == "store" and attributes == [artifact.name]
            if not assigned:
                return True
        elif artifact.name in attributes[:-1]:
            return True
    return any(m.name == artifact.name and m not in handed for m in function.descendants.attributes)
