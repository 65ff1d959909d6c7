"""MF602."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from lint_rules.diagnostics.diagnostic import Finding
from lint_rules.model.code import Attribute, Call, Constant, Descendants, Function, Name
from lint_rules.model.module import Module
from lint_rules.model.scope import metaflow_name
from lint_rules.rules.base import Bad, Good, Rule
from lint_rules.settings.groups import Group

LATEST = ("latest_run", "latest_successful_run")


class LatestInGlobalNamespace(Rule):
    """
    ## What it does
    Checks for `latest_run` and `latest_successful_run` after `namespace(None)`, in any file that
    uses Metaflow.

    ## Why is this bad?
    In the global namespace, the latest run can be anybody's. If another person tries out the flow,
    in test mode or with a mistake, your code reads that run. To choose a run, use a namespace, a
    tag or a run id.

    ## References
    Metaflow, "Organizing results": relative references make little sense in the global namespace.
    """

    code, name = "MF602", "latest-in-global-namespace"
    group = Group.SUSPICIOUS
    notebooks = True
    bad = [
        Bad(
            """
            from metaflow import Flow, namespace

            namespace(None)
            papers = Flow("ArxivPapers").latest_successful_run.data.papers
            """,
            at='Flow("ArxivPapers").latest_successful_run',
        ),
        Bad(
            """
            import metaflow as mf

            mf.namespace(None)


            def topics():
                flow = mf.Flow("ArxivTopics")
                return flow.latest_run.data.topics


            def papers():
                mf.namespace("project:arxiv_topics")
                return mf.Flow("ArxivPapers").latest_run


            def authors():
                mf.namespace("user:alice")
                mf.namespace(None)
                return mf.Flow("ArxivAuthors").latest_run
            """,
            at=("flow.latest_run.data.topics", 'mf.Flow("ArxivAuthors").latest_run'),
        ),
    ]
    good = [
        """
        from metaflow import Flow, namespace

        namespace("project:arxiv_topics")
        papers = Flow("ArxivPapers").latest_successful_run.data.papers
        """,
        Good(
            """
            from metaflow import Flow, Run, get_namespace, namespace


            def papers(run_id):
                before = get_namespace()
                namespace(None)
                found = Run(run_id).data.papers
                namespace(before)
                return found, Flow("ArxivPapers").latest_run


            def authors():
                latest = Flow("ArxivAuthors").latest_run
                namespace(None)
                return latest
            """,
            why="A run by its id, and the latest run in another namespace.",
        ),
    ]

    def check(self, module: Module) -> Iterator[Finding]:
        whole = _Body()
        bodies: dict[object, _Body] = {}
        # Inner functions come after outer ones, and keep what belongs to them.
        for function in _functions(module):
            body = _Body()
            inside = function.descendants
            for thing in (*inside.calls, *inside.names, *inside.attributes):
                bodies[thing] = body
        for call in module.descendants.calls:
            if metaflow_name(call.function.qualified) == "namespace":
                bodies.get(call, whole).switches.append(call)
        if not whole.switches and not any(body.switches for body in set(bodies.values())):
            return
        for thing in latest(module.descendants):
            body = bodies.get(thing, whole)
            switch = body.before(thing) or (whole.last() if body is not whole else None)
            if switch is not None and _is_global(switch):
                name = next(part for part in thing.name.split(".") if part in LATEST)
                yield self.finding(
                    thing,
                    f"After `namespace(None)`, `{name}` is the latest run of any user",
                    "set a namespace such as `user:…` or `project:…`, or choose the run by its id "
                    '(`Run("…/…")`) or a tag',
                )


@dataclass(eq=False)
class _Body:
    """The code of a function, or of a module without its functions.

    Attributes:
        switches: its calls of `namespace`, in order.
    """

    switches: list[Call] = field(default_factory=list)

    def before(self, thing: Name | Attribute) -> Call | None:
        """The last call that changed the namespace before some part of the code."""
        earlier = [switch for switch in self.switches if switch.start < thing.start]
        return earlier[-1] if earlier else None

    def last(self) -> Call | None:
        """The call that sets the namespace after the code has run."""
        return self.switches[-1] if self.switches else None


def _functions(module: Module) -> list[Function]:
    """The functions of a file, outer functions before inner ones."""
    return [d for d in module.descendants.definitions if isinstance(d, Function)]


def _is_global(switch: Call) -> bool:
    given = switch.argument("ns", 0)
    return isinstance(given, Constant) and given.value is None


def latest(inside: Descendants) -> list[Name | Attribute]:
    """The code that asks for the latest run of a flow, in order."""
    wanted = frozenset(LATEST)
    members = [member for member in inside.attributes if member.name in wanted]
    references = [r for r in inside.names if not wanted.isdisjoint(r.name.split(".")[1:])]
    return sorted([*members, *references], key=lambda thing: thing.range)
