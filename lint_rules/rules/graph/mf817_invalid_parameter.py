"""MF817."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from lint_rules.analysis.decorators import is_changed
from lint_rules.analysis.metaflow_version import metaflow_of
from lint_rules.analysis.parameter_calls import ParameterCall
from lint_rules.diagnostics.diagnostic import Finding
from lint_rules.model.code import Name
from lint_rules.model.flow import Flow, Parameter
from lint_rules.rules.base import Bad, Good, Rule
from lint_rules.settings.groups import Group


class InvalidParameter(Rule):
    """
    ## What it does
    Checks that Metaflow accepts a flow's Parameters, IncludeFiles and Configs.

    ## Why is this bad?
    The flow stops when it is loaded or when a run begins: "Parameter *size* is specified twice.
    Note that parameter names are case-insensitive", "Parameter name 'tag' is a reserved word",
    "Invalid value for '--size': many is not a valid integer", "TypeError: Parameter.__init__() got
    an unexpected keyword argument", "For config 'config', you can only specify default or
    default_value, not both". If the default is a function, Metaflow passes the flow's context to
    it, so a function without arguments fails.

    ## References
    Metaflow, "Basics of Metaflow": how to define parameters; "Configuring flows".
    """

    code, name = "MF817", "invalid-parameter"
    group = Group.CORRECTNESS
    base_flows = True
    options = ("metaflow-version",)
    bad = [
        Bad(
            """
            from metaflow import FlowSpec, Parameter, step


            class ArxivTopics(FlowSpec):
                year = Parameter("year", type=int, default=lambda: 2024)
                limit = Parameter("limit", type=int, default=[10, 20])
                size = Parameter("size", default=1, descr="how many")

                @step
                def start(self):
                    self.next(self.end)

                @step
                def end(self):
                    pass
            """,
            at=("lambda: 2024", "[10, 20]", 'descr="how many"'),
        ),
        Bad(
            """
            from metaflow import Config, FlowSpec, Parameter, step


            class ArxivTopics(FlowSpec):
                config = Config("config", default="config.json", default_value={"year": 2024})
                tag = Parameter("tag", default="papers")

                @step
                def start(self):
                    self.next(self.end)

                @step
                def end(self):
                    pass
            """,
            at=('{"year": 2024}', '"tag"'),
        ),
        Bad(
            """
            from metaflow import FlowSpec, Parameter, step


            class ArxivTopics(FlowSpec):
                size = Parameter("size", default=1)
                count = Parameter("Size", type="int", default=2)

                @step
                def start(self):
                    self.next(self.end)

                @step
                def end(self):
                    pass
            """,
            at=('"Size"', '"int"'),
        ),
    ]
    good = [
        """
        from metaflow import Config, FlowSpec, IncludeFile, JSONType, Parameter, step


        class ArxivTopics(FlowSpec):
            config = Config("size", default_value='{"year": 2024}')
            size = Parameter("size", type=int, default="3", required=True)
            year = Parameter("year", type=int, default=lambda context: 2024)
            rate = Parameter("rate", type=float, default=3)
            names = Parameter("names", type=JSONType, default=["a", "b"])
            many = Parameter("many", multiple=True, type=int, default=[1, 2])
            quick = Parameter("quick", type=bool, default="yes")
            papers = IncludeFile("papers", default=None, is_text=True)

            @step
            def start(self):
                self.next(self.end)

            @step
            def end(self):
                pass
        """,
        Good(
            """
            from metaflow import FlowSpec, Parameter, step


            class Sized(FlowSpec):
                size = Parameter("size", default=1)


            class ArxivTopics(Sized):
                size = Parameter("size", default=2)

                @step
                def start(self):
                    self.next(self.end)

                @step
                def end(self):
                    pass
            """,
            why="The parameter replaces the inherited one.",
        ),
    ]

    def check(self, flow: Flow) -> Iterator[Finding]:
        if not flow.parameters:
            return
        metaflow = metaflow_of(flow.module, self.settings.metaflow_version)
        if metaflow is None:
            return
        replaced = _replaced(flow)
        for parameter in flow.parameters:
            kind = metaflow.parameter_options.get(parameter.kind)
            if kind is None or parameter.module is not flow.module or parameter in replaced:
                continue
            for problem in ParameterCall(parameter, kind, flow).problems(metaflow):
                yield self.finding(problem.at, problem.message, problem.help)
        if metaflow.same_parameter and not is_changed(flow):
            yield from self._same_names(flow, replaced)

    def _same_names(self, flow: Flow, replaced: set[Parameter]) -> Iterator[Finding]:
        first: dict[tuple[bool, str], Parameter] = {}
        own = set(flow.parameters)
        inherited = [p for p in flow.all_parameters if p not in own]
        for parameter in [*inherited, *flow.parameters]:
            name = parameter.name
            if name is None or parameter in replaced:
                continue
            is_config = parameter.kind == "Config"
            key = (is_config, name if is_config else name.lower())
            other = first.setdefault(key, parameter)
            if other is parameter or other.attribute == parameter.attribute:
                continue
            at = parameter.call.argument("name", 0) or parameter
            yield self.finding(
                at if parameter.module is flow.module else parameter,
                f"The {parameter.kind} `{parameter.attribute}` has the same name, `{name}`, as "
                f"`{other.attribute}`",
                "choose another name; Metaflow ignores case in names"
                if not is_config
                else "choose another name",
                related=[(other, "the other one")],
            )


def _replaced(flow: Flow) -> set[Parameter]:
    """The parameters whose name a class body gives something else, too."""
    found: set[Parameter] = set()
    for owner in flow.lineage:
        assigned = Counter(
            target.name
            for statement in owner.definition.statements
            for target, _, _ in statement.bindings
            if isinstance(target, Name)
        )
        found.update(p for p in owner.parameters if assigned[p.attribute] != 1)
    return found
