"""MF825."""

from __future__ import annotations

from collections.abc import Iterator

from lint_rules.analysis.class_evaluation import (
    GIVEN,
    OWN,
    Early,
    early_uses,
)
from lint_rules.analysis.early_names import (
    early_current,
    early_self,
    late_calls,
)
from lint_rules.diagnostics.diagnostic import Finding
from lint_rules.model.flow import Flow
from lint_rules.rules.base import Bad, Good, Rule
from lint_rules.settings.groups import Group


class ValueBeforeRun(Rule):
    """
    ## What it does
    Checks that no code uses the value of a `Config` or `Parameter`, or reads `current`, while Python
    creates the flow's class. Also checks that no step creates a `Parameter` or calls `config_expr`.

    ## Why is this bad?
    While Python creates the class, a `Parameter` or `Config` has no value yet. Metaflow replaces a
    `Config` with its value later, if it is passed on unchanged. Arithmetic with it fails
    ("TypeError: unsupported operand type(s) for *: 'DelayEvaluator' and 'int'"). Other uses do not
    fail but are wrong: `f"{config.name}_table"` is `config_table`, `if config.debug` is always
    true. Before a run, `current` has no values: `current.run_id` is `None`, and
    `current.is_production` raises an `AttributeError`. In a step, Metaflow never evaluates
    `config_expr("…")`.

    ## References
    Metaflow, "Configuring flows": `config_expr`, and how configs are evaluated; "Passing parameters
    to flows".
    """

    code, name = "MF825", "value-before-run"
    group = Group.CORRECTNESS
    base_flows = True
    bad = [
        Bad(
            """
            from metaflow import Config, FlowSpec, Parameter, resources, step


            class ArxivTopics(FlowSpec):
                config = Config("config", default_value={"memory": 1000, "table": "papers"})
                table = Parameter("table", default=f"{config.table}_v2")

                @resources(memory=config.memory * 2)
                @step
                def start(self):
                    self.next(self.end)

                @step
                def end(self):
                    pass
            """,
            at=("config.table", "config.memory"),
        ),
        Bad(
            """
            from metaflow import FlowSpec, Parameter, current, project, retry, step


            @project(name="arxiv_topics")
            class ArxivTopics(FlowSpec):
                year = Parameter("year", default=2024)
                NEXT_YEAR = year + 1
                TABLE = "papers" if current.is_production else "papers_test"

                @retry(times=self.year)
                @step
                def start(self):
                    self.next(self.end)

                @step
                def end(self):
                    pass
            """,
            at=("year", "current.is_production", "self.year"),
        ),
        Bad(
            """
            from metaflow import Config, FlowSpec, Parameter, config_expr, step


            class ArxivTopics(FlowSpec):
                config = Config("config", default_value={"memory": 1000})

                @step
                def start(self):
                    self.memory = config_expr("config.memory") + 1
                    self.next(self.end)

                @step
                def end(self):
                    self.year = Parameter("year", default=2024)
            """,
            at=('config_expr("config.memory")', 'Parameter("year", default=2024)'),
        ),
    ]
    good = [
        """
        from metaflow import (
            Config, FlowSpec, Parameter, config_expr, current, environment, project, resources, step
        )


        @project(name=config_expr("config.project + '_topics'"))
        class ArxivTopics(FlowSpec):
            config = Config("config", default_value={"memory": 1000, "project": "arxiv"})
            table = Parameter("table", default=config.project)
            year = Parameter("year", type=int, default=lambda ctx: 2024)
            test_mode = Parameter(
                "test-mode", type=bool, default=lambda _: not current.is_production
            )

            @environment(vars={"PROJECT": config["project"]})
            @resources(memory=config_expr("config.memory * 2"))
            @step
            def start(self):
                self.memory = self.config.memory * 2
                print(f"{self.config.project}: {self.year + 1} of {current.run_id}")
                self.next(self.end)

            @step
            def end(self):
                pass
        """,
        Good(
            """
            from metaflow import FlowSpec, Parameter, current, step

            RUN = current.run_id if current.is_running_flow else None


            class ArxivTopics(FlowSpec):
                year = Parameter("year", default=2024)
                OPTION = f"--{year.name}"

                @step
                def start(self):
                    self.next(self.end)

                @step
                def end(self):
                    print(RUN, self.OPTION)
            """,
            why="The file checks whether there is a run, and a parameter knows its own name.",
        ),
    ]

    def check(self, flow: Flow) -> Iterator[Finding]:
        for early in early_uses(flow):
            yield self._of_value(early)
        for reference in early_current(flow):
            name = reference.name.rpartition(".")[2]
            yield self.finding(
                reference,
                f"`current.{name}` is read while the file is loaded, before there is a run",
                "read it in a step, or in a function that is the `default` of a Parameter",
            )
        for reference in early_self(flow):
            yield self.finding(
                reference,
                f"`{reference.name}` is used while Python creates the class, where there is no `self`",
                'use a constant, or a Config as `config_expr("config.key")`',
            )
        for call, name, function in late_calls(flow):
            if name == "config_expr":
                message = (
                    f"`config_expr` is called in `{function.name}`, where nothing evaluates it"
                )
                help = "read the config, as in `self.config.key`"
            else:
                message = f"`{function.name}` creates a {name}, which has no value in a run"
                help = "move it into the body of the flow's class"
            yield self.finding(call, message, help)

    def _of_value(self, early: Early) -> Finding:
        parameter = early.parameter
        what = "`config_expr(…)`"
        if parameter is not None:
            what = f"the {parameter.kind} `{parameter.attribute}`"
        message = f"The value of {what} {early.how} before the run, when it has no value yet"
        if early.how == OWN and parameter is not None:
            message = f"`{parameter.attribute}.name` is the name of the Config, not one of its keys"
            return self.finding(early, message, f'write `{parameter.attribute}["name"]`')
        if parameter is None or parameter.kind == "Config":
            help = 'write all of it into `config_expr("…")`, or use the value in a step'
        elif early.how == GIVEN:
            help = "write a constant or use a Config: Metaflow reads decorators before parameters"
        else:
            help = f"use `self.{parameter.attribute}` in a step"
        related = [(parameter, "defined here")] if parameter else []
        return self.finding(early, message, help, related=related)
