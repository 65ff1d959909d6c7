"""MF203."""

from __future__ import annotations

from collections.abc import Iterator

from lint_rules.analysis.test_mode import ATTRIBUTE, NAME, test_mode
from lint_rules.diagnostics.diagnostic import Edit, Finding, Replace, Safety
from lint_rules.model.code import Constant, Name
from lint_rules.model.flow import Flow, Parameter
from lint_rules.rules.base import Bad, Good, Rule
from lint_rules.settings.groups import Group


class TestModeName(Rule):
    """
    ## What it does
    Checks that the test mode is named `test_mode = Parameter("test-mode", …)`.

    ## Why is this bad?
    If every flow uses the same name, a reviewer, a test or a pipeline can run any flow quickly, and
    does not have to read it first: `python flow.py run --test-mode True`. If the names differ,
    somebody will start a full run by mistake.

    ## Fix safety
    The fix renames the parameter, and every use of it in the flow. It is unsafe for three reasons:

    - commands with the old option fail;
    - programs that read the artifact need the name that the run had;
    - the fix does not see a name that the code builds from strings.

    The fix is not offered if the flow already has something named `test_mode`, if another class
    takes part in it, or if the file uses the old name in a way that the fix cannot change:
    `getattr(self, "testing")`, or `inputs.train.testing`.

    ## References
    The guide, "Test mode": the name is a convention.
    """

    code, name, fix_safety = "MF203", "test-mode-name", Safety.UNSAFE
    group = Group.STYLE
    bad = [
        Bad(
            """
            from metaflow import FlowSpec, Parameter, step


            class ArxivTopics(FlowSpec):
                testing = Parameter("testing", default=True)

                @step
                def start(self):
                    self.papers = fetch_papers(10 if self.testing else None)
                    self.next(self.end)

                @step
                def end(self):
                    testing = self.testing
            """,
            at="testing",
            fixed="""
            from metaflow import FlowSpec, Parameter, step


            class ArxivTopics(FlowSpec):
                test_mode = Parameter("test-mode", default=True)

                @step
                def start(self):
                    self.papers = fetch_papers(10 if self.test_mode else None)
                    self.next(self.end)

                @step
                def end(self):
                    testing = self.test_mode
            """,
        ),
        Bad(
            """
            from metaflow import FlowSpec, Parameter, step


            class ArxivTopics(FlowSpec):
                test_mode = Parameter(name="test_mode", default=True)

                @step
                def start(self):
                    self.papers = fetch_papers(10 if self.test_mode else None)
            """,
            at="test_mode",
            fixed="""
            from metaflow import FlowSpec, Parameter, step


            class ArxivTopics(FlowSpec):
                test_mode = Parameter(name="test-mode", default=True)

                @step
                def start(self):
                    self.papers = fetch_papers(10 if self.test_mode else None)
            """,
        ),
        Bad(
            """
            import metaflow as mf


            class ArxivTopics(mf.FlowSpec):
                is_test = mf.Parameter("test-mode", default=True)

                @mf.step
                def start(self):
                    self.next(self.join)

                @mf.step
                def join(self, inputs):
                    if inputs[0].is_test:
                        print("a test")
            """,
            at="is_test",
        ),
    ]
    good = [
        """
        from metaflow import FlowSpec, Parameter, step


        class ArxivTopics(FlowSpec):
            test_mode = Parameter("test-mode", default=True)

            @step
            def start(self):
                self.papers = fetch_papers(10 if self.test_mode else None)
        """,
        Good(
            """
            from metaflow import FlowSpec, IncludeFile, Parameter, step


            class ArxivTopics(FlowSpec):
                test = IncludeFile("test", default="test.csv")
                test_share = Parameter("test-share", default=0.2)

                @step
                def start(self):
                    print(self.test, self.test_share)
            """,
            why="Test data is not a test mode.",
        ),
    ]

    def check(self, flow: Flow) -> Iterator[Finding]:
        parameter = test_mode(flow)
        if parameter is None:
            return
        name = parameter.name
        if parameter.attribute == ATTRIBUTE and (name == NAME or name is None):
            return
        yield self.finding(
            parameter,
            f"The option for the test mode of the flow `{flow.name}` is `--{name}`, not `--{NAME}`"
            if name and parameter.attribute == ATTRIBUTE
            else f"The test mode of the flow `{flow.name}` is named `{parameter.attribute} = "
            f'{parameter.kind}("{name or "…"}", …)`',
            f'write `{ATTRIBUTE} = {parameter.kind}("{NAME}", …)`',
            self.fix("Rename the parameter", _rename(flow, parameter)),
        )


def _rename(flow: Flow, parameter: Parameter) -> list[Edit]:
    """The edits that rename a parameter, if all code that reads it is visible."""
    edits: list[Edit] = []
    written = parameter.call.argument("name", 0)
    if not isinstance(written, Constant) or not flow.knows_its_bases:
        return []
    if written.text != NAME:
        quote = "'" if parameter.module.code_of(written).startswith("'") else '"'
        edits.append(Replace(written.location, f"{quote}{NAME}{quote}"))
    old = parameter.attribute
    if old == ATTRIBUTE:
        return edits
    edits.append(Replace(parameter.location, ATTRIBUTE))
    methods = {function.name for function in flow.definition.functions}
    if ATTRIBUTE in {*flow.attributes, *flow.artifacts, *methods} or len(flow.lineage) > 1:
        return []
    renamed = set()
    for function in flow.definition.functions:
        own = f"{function.self_name}.{old}"
        for reference in function.descendants.names:
            if reference.name == own or reference.name.startswith(f"{own}."):
                rest = reference.name.removeprefix(own)
                edits.append(Replace(reference.location, f"{function.self_name}.{ATTRIBUTE}{rest}"))
                renamed.add(reference)
    inside = flow.definition.descendants
    unsure = [r for r in inside.names if r not in renamed and _names(r, old)]
    hidden = any(member.name == old for member in inside.attributes) or any(
        isinstance(value, Constant) and value.text == old
        for call in inside.calls
        if call is not parameter.call
        for value in call.positional
    )
    return [] if unsure or hidden else edits


def _names(reference: Name, attribute: str) -> bool:
    """Whether a name may be an attribute of a flow, in another task or in the class body."""
    parts = reference.name.split(".")
    if reference.scope.kind == "class" and reference.context == "load":
        return parts[0] == attribute
    return attribute in parts[1:]
