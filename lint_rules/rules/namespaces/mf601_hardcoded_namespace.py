"""MF601."""

from __future__ import annotations

from collections.abc import Iterator

from lint_rules.analysis.home_for_code import own_package
from lint_rules.analysis.namespaces import is_undone, namespace_calls
from lint_rules.diagnostics.diagnostic import Finding
from lint_rules.model.code import Call, Constant, Expression, JoinedStr, Name
from lint_rules.model.flow import Flow
from lint_rules.model.module import Module
from lint_rules.model.project import stated_project
from lint_rules.rules.base import Bad, Good, Rule
from lint_rules.settings.groups import Group


class HardcodedNamespace(Rule):
    """
    ## What it does
    Checks for `namespace("…")` in a flow file.

    ## Why is this bad?
    The namespace decides which results a flow reads. If the flow file sets it, it applies to every
    run. A test run then reads results of production, or production reads results of a test run. If
    you leave it out, each deployment reads its own results, and you can change the namespace of one
    run with `--namespace`.

    A function may change the namespace for a moment, if it keeps `get_namespace()` before and sets
    it again. `before = namespace(None)` does not keep it: Metaflow returns the new namespace.

    A project's functions that read results need the project's namespace everywhere. Set it once, in
    the `__init__.py` of the package.

    ## References
    The guide, "Namespaces", and Metaflow, "Organizing
    results".
    """

    code, name = "MF601", "hardcoded-namespace"
    group = Group.STYLE
    bad = [
        Bad(
            """
            from metaflow import Flow, FlowSpec, namespace, step


            class ArxivTopics(FlowSpec):
                @step
                def start(self):
                    namespace(None)
                    self.papers = Flow("ArxivPapers").latest_run.data.papers
            """,
            at="namespace(None)",
        ),
        Bad(
            """
            import metaflow as mf

            NAMESPACE = "user:alice"
            mf.namespace(NAMESPACE)


            class ArxivTopics(mf.FlowSpec):
                @mf.step
                def start(self):
                    mf.namespace(f"production:{TOKEN}")
            """,
            at=("mf.namespace(NAMESPACE)", 'mf.namespace(f"production:{TOKEN}")'),
        ),
    ]
    good = [
        """
        from metaflow import Flow, FlowSpec, step


        class ArxivTopics(FlowSpec):
            @step
            def start(self):
                self.papers = Flow("ArxivPapers").latest_run.data.papers
        """,
        Good(
            """
            from metaflow import FlowSpec, Parameter, get_namespace, namespace, step


            class ArxivTopics(FlowSpec):
                read_from = Parameter("read-from", default="user:alice")

                @step
                def start(self):
                    before = get_namespace()
                    namespace(self.read_from)
                    namespace(f"project:{self.read_from}")
                    namespace(before)
            """,
            why="One flow lets the user choose, and the other restores the earlier namespace.",
        ),
        Good(
            """
            from metaflow import Flow, namespace

            namespace("project:arxiv_topics")
            papers = Flow("ArxivPapers").latest_run.data.papers
            """,
            why="This is not a flow file.",
        ),
    ]

    def check(self, module: Module) -> Iterator[Finding]:
        flow = next(iter(module.runnable), None)
        if flow is None:
            return
        for call in namespace_calls(module):
            given = call.argument("ns", 0)
            if given is not None and _is_fixed(given, module) and not is_undone(call, module):
                text = module.text(given)
                shown = (
                    "all namespaces"
                    if _is_none(given)
                    else f"`{text}`"
                    if text
                    else "one namespace"
                )
                yield self.finding(
                    call,
                    f"Every run of the flow `{flow.name}` reads from {shown}, and users cannot "
                    "change that",
                    _help(flow),
                )


def _help(flow: Flow) -> str:
    package, stated = own_package(flow.module), stated_project(flow)
    help = "remove it, and give a run another namespace with `run --namespace`"
    if package and stated:
        line = f'namespace("project:{stated.name}")'
        help += f", or all of them with `{line}` in the `__init__.py` of `{package}`"
    return help


def _is_none(value: Expression) -> bool:
    return isinstance(value, Constant) and value.value is None


def _is_fixed(value: Expression, module: Module) -> bool:
    """Whether the code sets a fixed namespace, not one that the run gets or computes."""
    known = module.known(value)
    if isinstance(known, JoinedStr):
        return not any(
            isinstance(part, Call) or (isinstance(part, Name) and "." in part.name)
            for part in known.walk()
        )
    return isinstance(known, Constant)
