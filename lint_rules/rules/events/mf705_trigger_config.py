"""MF705."""

from __future__ import annotations

from collections.abc import Iterator

from lint_rules.diagnostics.diagnostic import Finding
from lint_rules.model.flow import Flow
from lint_rules.rules.base import Bad, Good, Rule
from lint_rules.settings.groups import Group


class TriggerConfig(Rule):
    """
    ## What it does
    Checks that the flow has the `Config` that `@namespaced_trigger(config_name="…")` names.

    ## Why is this bad?
    `@namespaced_trigger` reads three settings from that config: the project, the branch, and
    whether this is production. Without the config, the settings are lost, or Metaflow refuses the
    flow.

    ## References
    The guide, "Events", about `@namespaced_trigger`: the flow must have the config.
    """

    code, name = "MF705", "trigger-config"
    group = Group.CORRECTNESS
    options = ("event-decorators",)
    bad = [
        Bad(
            """
            from metaflow import Config, FlowSpec, project, step

            from arxiv_topics.events import namespaced_trigger


            @namespaced_trigger(event="papers", config_name="deployment")
            @project(name="arxiv_topics")
            class ArxivTopics(FlowSpec):
                project = Config("project", default_value={})

                @step
                def start(self):
                    pass
            """,
            at='"deployment"',
        ),
    ]
    good = [
        """
        from metaflow import Config, FlowSpec, project, step

        from arxiv_topics.events import namespaced_trigger


        @namespaced_trigger(event="papers", config_name="deployment")
        @project(name="arxiv_topics")
        class ArxivTopics(FlowSpec):
            deployment = Config("deployment", default_value={})

            @step
            def start(self):
                pass
        """,
        Good(
            """
            from metaflow import FlowSpec, Config, project, step

            from arxiv_topics.events import namespaced_trigger


            class Base(FlowSpec):
                deployment = Config("deployment", default_value={})


            @namespaced_trigger(event="papers", config_name="deployment")
            @project(name="arxiv_topics")
            class ArxivTopics(Base):
                @step
                def start(self):
                    pass


            @namespaced_trigger(event="topics")
            @project(name="arxiv_topics")
            class ArxivAuthors(FlowSpec):
                @step
                def start(self):
                    pass
            """,
            why="The flow inherits the config, or its trigger names none.",
        ),
    ]

    def check(self, flow: Flow) -> Iterator[Finding]:
        if not flow.knows_its_bases:
            return
        configs = {p.name for p in flow.all_parameters if p.kind == "Config"}
        if None in configs:
            return
        for owner in flow.lineage:
            for decorator in owner.decorators:
                if decorator.name not in self.settings.event_decorators:
                    continue
                given = decorator.argument("config_name")
                name = owner.module.text(given)
                if given is not None and name is not None and name not in configs:
                    yield self.finding(
                        given,
                        f"The flow `{flow.name}` has no config `{name}`, "
                        f"which `@{decorator.name}` reads",
                        f'add `{name} = Config("{name}", default_value={{}})` to the flow, '
                        "or remove `config_name`",
                    )
