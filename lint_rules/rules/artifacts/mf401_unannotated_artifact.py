"""MF401."""

from __future__ import annotations

from collections.abc import Iterator

from lint_rules.analysis.artifact_types import asks_for_annotations, certain_type
from lint_rules.diagnostics.diagnostic import Edit, Finding, InsertLines, Safety
from lint_rules.model.code import Assignment
from lint_rules.model.flow import Flow
from lint_rules.model.memoize import remembered
from lint_rules.rules.base import Bad, Good, Rule
from lint_rules.settings.groups import Group


class UnannotatedArtifact(Rule):
    """
    ## What it does
    Checks that every artifact has a type annotation.

    ## Why is this bad?
    Artifacts are the results of a flow. Other steps, other flows and people read them, long after
    the code has run. An annotation tells readers which type to expect. Most teams write all
    annotations in the class body (`papers: list[str]`), so that they read like a table of contents.
    An annotation in a step (`self.papers: list[str] = …`) or in a base flow is fine too.

    The rule reports each artifact once, at its first assignment.

    ## Fix safety
    The fix adds an annotation to the class body, which changes nothing when the flow runs. It is
    safe, unless code asks for annotations (`get_type_hints`, `__annotations__`) or the class has a
    decorator of the project's own: then it is unsafe. The linter offers it if all assignments show the same built-in type, also those in classes
    that derive from the flow.

    There is no fix for a name that the class gives a value too, and for one that `@catch(var=…)`
    sets. The fix adds the types inside a container only if the file already has such types, or
    `from __future__ import annotations`, because `list[str]` in a class body needs Python 3.9. It
    leaves them out if other code may change the container: code that puts something into it, gives
    it another name, or passes it to a function.

    ## References
    The guide, "Artifacts".
    """

    code, name, fix_safety = "MF401", "unannotated-artifact", Safety.SAFE
    group = Group.STYLE
    bad = [
        Bad(
            """
            from metaflow import FlowSpec, step


            class ArxivTopics(FlowSpec):
                @step
                def start(self):
                    self.year = 2024
                    self.papers = fetch(self.year)
                    self.words = ["topic", "model"]
                    self.next(self.end)

                @step
                def end(self):
                    self.papers = self.papers[:10]
            """,
            at=("self.year", "self.papers", "self.words"),
            fixed="""
            from metaflow import FlowSpec, step


            class ArxivTopics(FlowSpec):
                year: int
                words: list

                @step
                def start(self):
                    self.year = 2024
                    self.papers = fetch(self.year)
                    self.words = ["topic", "model"]
                    self.next(self.end)

                @step
                def end(self):
                    self.papers = self.papers[:10]
            """,
        ),
        Bad(
            """
            from metaflow import FlowSpec, step


            class ArxivTopics(FlowSpec):
                \"\"\"Topics of papers.\"\"\"

                papers: list[str]  # their titles

                @step
                def start(self):
                    self.papers, (self.years, *self.rest) = fetch()
                    with archive() as self.archive:
                        pass
                    for self.paper in self.papers:
                        pass
                    self.count = len(self.papers)
                    self.names = {}
                    self.names["a"] = 1
                    self.texts = [f"{paper}." for paper in self.papers]
                    self.helper()

                def helper(self):
                    self.total += 1
            """,
            at=(
                "self.years",
                "self.rest",
                "self.archive",
                "self.paper",
                "self.count",
                "self.names",
                "self.texts",
                "self.total",
            ),
            fixed="""
            from metaflow import FlowSpec, step


            class ArxivTopics(FlowSpec):
                \"\"\"Topics of papers.\"\"\"

                papers: list[str]  # their titles
                paper: str
                count: int
                names: dict
                texts: list[str]

                @step
                def start(self):
                    self.papers, (self.years, *self.rest) = fetch()
                    with archive() as self.archive:
                        pass
                    for self.paper in self.papers:
                        pass
                    self.count = len(self.papers)
                    self.names = {}
                    self.names["a"] = 1
                    self.texts = [f"{paper}." for paper in self.papers]
                    self.helper()

                def helper(self):
                    self.total += 1
            """,
        ),
        Bad(
            """
            from metaflow import FlowSpec, step


            class ArxivTopics(FlowSpec):
                @step
                def start(self):
                    self.score = 0
                    self.topics = None
                    self.next(self.end)

                @step
                def end(self):
                    self.score = 0.5
                    if self.score:
                        count = 3
                    else:
                        count = fetch()
                    self.count = count
            """,
            at=("self.score", "self.topics", "self.count"),
        ),
        Bad(
            """
            from __future__ import annotations

            from metaflow import FlowSpec, step

            from topics import fetch


            class ArxivTopics(FlowSpec):
                @step
                def start(self):
                    self.papers = fetch()
            """,
            at="self.papers",
            fixed="""
            from __future__ import annotations

            from metaflow import FlowSpec, step

            from topics import fetch


            class ArxivTopics(FlowSpec):
                papers: dict[str, int]

                @step
                def start(self):
                    self.papers = fetch()
            """,
            packages={"topics.py": "def fetch() -> dict[str, int]:\n    return load()\n"},
        ),
    ]
    good = [
        """
        from metaflow import FlowSpec, step


        class ArxivTopics(FlowSpec):
            papers: list[str]

            @step
            def start(self):
                self.papers = fetch()
                self.year: int = 2024
                self.next(self.end)

            @step
            def end(self):
                self.year = 2025
        """,
        Good(
            """
            from metaflow import FlowSpec, Parameter, step


            class Papers(FlowSpec):
                papers: "list[str]"
                year: int = 2024


            class ArxivTopics(Papers):
                limit = Parameter("limit", default=10)

                @step
                def start(self):
                    self.papers = fetch()
                    self.year = 2025
                    self.limit = 11
                    self.papers[0] = "first"
                    self.papers.count = 3
                    self.first = None

                @property
                def first(self):
                    return self.papers[0]

                @classmethod
                def prepare(cls):
                    cls.cache = {}
            """,
            why="A base flow has the annotation. Parameters, properties and attributes are not artifacts.",
        ),
    ]

    def check(self, flow: Flow) -> Iterator[Finding]:
        parameters = {parameter.attribute for parameter in flow.all_parameters}
        with_steps = [base for base in flow.lineage[1:] if not base.is_base]
        for name, artifacts in flow.artifacts.items():
            everywhere = [a for base in flow.lineage for a in base.artifacts.get(name, ())]
            if name in parameters or name in flow.annotations:
                continue
            if any(a.is_annotated for a in everywhere) or any(
                name in b.artifacts for b in with_steps
            ):
                continue
            type_ = certain_type(flow, name)
            yield self.finding(
                artifacts[0],
                f"The artifact `{name}` of `{flow.name}` has no type annotation",
                f"add its type to the class body, as in `{name}: {type_ or '…'}`",
                self.fix(
                    "Annotate the artifact",
                    _annotate(flow, name, type_),
                    Safety.UNSAFE if asks_for_annotations(flow) else Safety.SAFE,
                ),
            )


@remembered
def _last_annotation(flow: Flow) -> Assignment | None:
    """The last of the annotations that the class body has."""
    for statement in reversed(flow.definition.body):
        if isinstance(statement, Assignment) and statement.annotation and not statement.value:
            return statement
    return None


def _has_heading(flow: Flow, last: Assignment) -> bool:
    """Whether a comment on a line of its own stands above the annotations that end with one: what
    is added does not belong under it."""
    lines = flow.module.code[: last.start].splitlines()[:-1]
    while lines and lines[-1].strip():
        if lines[-1].lstrip().startswith("#"):
            return True
        lines.pop()
    return False


def _annotate(flow: Flow, name: str, type_: str | None) -> list[Edit] | None:
    """The edits that add an annotation after those of the class body, or at its top."""
    if type_ is None:
        return None
    line = f"{name}: {type_}"
    last = _last_annotation(flow)
    if last is not None:
        edits: list[Edit] = [InsertLines(last.location, (line,), after=True)]
        if _has_heading(flow, last):
            edits.append(InsertLines(last.location, ("",), after=True, rank=(-1, "")))
        return edits
    work = flow.definition.body_without_docstring
    if not work:
        return None
    place = work[0].location_with_decorators
    return [
        InsertLines(place, (line,), above_comments=True),
        InsertLines(place, ("",), above_comments=True, rank=(1, "")),
    ]
