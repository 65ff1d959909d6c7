"""MF401."""

from __future__ import annotations

from collections.abc import Iterator

from lint_rules.analysis.inference import NONE, Kind, Reader, grown, joined
from lint_rules.diagnostics.diagnostic import Edit, Finding, InsertLines, Safety
from lint_rules.model.code import Assignment, Subscript
from lint_rules.model.flow import Flow
from lint_rules.model.memoize import remembered
from lint_rules.model.step import Artifact
from lint_rules.rules.base import Bad, Good, Rule
from lint_rules.settings.groups import Group

_CONTAINERS = frozenset({"list", "dict", "set", "tuple", "frozenset"})
_SCALARS = frozenset({"int", "float", "str", "bool", "bytes", "complex"})


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
    The fix adds an annotation to the class body, which changes nothing when the flow runs. The
    linter offers it if all assignments show the same built-in type. It adds the types inside a
    container only if the file already has such types, or `from __future__ import annotations`,
    because `list[str]` in a class body needs Python 3.9.

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
            type_ = _certain_type(flow, name, everywhere)
            yield self.finding(
                artifacts[0],
                f"The artifact `{name}` of `{flow.name}` has no type annotation",
                f"add its type to the class body, as in `{name}: {type_ or '…'}`",
                self.fix("Annotate the artifact", _annotate(flow, name, type_)),
            )


def _certain_type(flow: Flow, name: str, artifacts: list[Artifact]) -> str | None:
    """The built-in type that all assignments of an artifact show."""
    values = [Reader(flow.module, a.function, flow).artifact(a) for a in artifacts]
    bases = {v.type.partition("[")[0] if v and v.kind is Kind.PLAIN else None for v in values}
    if len(bases) != 1:
        return None
    (base,) = bases
    if base not in _SCALARS | _CONTAINERS or base is None:
        return None
    if flow.definition.scope.resolve(base) != f"builtins.{base}":
        return None
    whole = joined(values)
    if whole and whole != NONE and name not in _growing(flow) and _writes_generics(flow):
        return whole.type
    return base


@remembered
def _growing(flow: Flow) -> frozenset[str]:
    """The artifacts that something is put into after they are made."""
    return frozenset(
        name.removeprefix(f"{function.self_name}.")
        for owner in flow.lineage
        for function in owner.definition.functions
        for name in grown(function)
        if name.startswith(f"{function.self_name}.")
    )


@remembered
def _writes_generics(flow: Flow) -> bool:
    """Whether the file must run in a Python that allows `list[str]` in a class body."""
    if flow.module.scope.imports.get("annotations") == "__future__.annotations":
        return True
    return any(
        isinstance(statement, Assignment)
        and isinstance(statement.annotation, Subscript)
        and (statement.annotation.value.qualified or "").removeprefix("builtins.") in _CONTAINERS
        for statement in flow.definition.statements
    )


@remembered
def _last_annotation(flow: Flow) -> Assignment | None:
    """The last of the annotations that the class body has."""
    for statement in reversed(flow.definition.body):
        if isinstance(statement, Assignment) and statement.annotation and not statement.value:
            return statement
    return None


def _annotate(flow: Flow, name: str, type_: str | None) -> list[Edit] | None:
    """The edits that add an annotation after those of the class body, or at its top."""
    if type_ is None:
        return None
    line = f"{name}: {type_}"
    last = _last_annotation(flow)
    if last is not None:
        return [InsertLines(last.location, (line,), after=True)]
    work = flow.definition.body_without_docstring
    if not work:
        return None
    place = work[0].location_with_decorators
    return [
        InsertLines(place, (line,), above_comments=True),
        InsertLines(place, ("",), above_comments=True, rank=(1, "")),
    ]
