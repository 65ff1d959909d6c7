"""MF818."""

from __future__ import annotations

from collections.abc import Iterator

from lint_rules.analysis.config_keys import unknown_keys
from lint_rules.analysis.decorators import is_changed
from lint_rules.analysis.suggestions import similar
from lint_rules.diagnostics.diagnostic import Finding
from lint_rules.model.flow import Flow
from lint_rules.rules.base import Bad, Good, Rule
from lint_rules.settings.groups import Group


class UnknownConfigKey(Rule):
    """
    ## What it does
    Checks that the default of a `Config` has the keys that the flow reads. The default is a
    `default_value`, or a `default` that is a JSON file of the repository.

    ## Why is this bad?
    With the default, Metaflow refuses the flow if a decorator reads the key ("AttributeError:
    'ConfigValue' object has no attribute 'memroy'"), or the step that reads it fails. A run with
    another config may have the key, but then the default should have it, too.

    The rule does not report code that first checks whether the key exists.

    ## References
    Metaflow, "Configuring flows": default configs, `config_expr`.
    """

    code, name = "MF818", "unknown-config-key"
    group = Group.CORRECTNESS
    base_flows = True
    bad = [
        Bad(
            """
            from metaflow import Config, FlowSpec, config_expr, resources, retry, step


            class ArxivTopics(FlowSpec):
                config = Config("config", default_value={"memory": 1000, "model": {"depth": 3}})

                @resources(memory=config.memroy)
                @step
                def start(self):
                    self.depth = self.config.model.deep
                    self.next(self.model)

                @retry(times=config_expr("config.retries"))
                @step
                def model(self):
                    self.topics = self.config["topics"]
                    self.next(self.end)

                @step
                def end(self):
                    pass
            """,
            at=(
                "config.memroy",
                "self.config.model.deep",
                '"config.retries"',
                'self.config["topics"]',
            ),
        ),
    ]
    good = [
        """
        from metaflow import Config, FlowSpec, config_expr, resources, step


        class ArxivTopics(FlowSpec):
            config = Config("config", default_value={"memory": 1000, "model": {"depth": 3}})

            @resources(memory=config.memory, cpu=config_expr("config.model.get('cpu', 1)"))
            @step
            def start(self):
                self.depth = self.config.model.depth
                self.topics = self.config.get("topics", 10)
                if "words" in self.config:
                    self.words = self.config.words
                self.next(self.end)

            @step
            def end(self):
                pass
        """,
        Good(
            """
            from metaflow import Config, FlowSpec, step


            class ArxivTopics(FlowSpec):
                config = Config("config", default=None)
                other = Config("other", default_value='{"topics": 3}', parser="json.loads")

                @step
                def start(self):
                    self.topics = self.config.topics + self.other.topics
                    self.next(self.end)

                @step
                def end(self):
                    pass
            """,
            why="The linter does not know the config of a run, or the result of a parser.",
        ),
    ]

    def check(self, flow: Flow) -> Iterator[Finding]:
        if is_changed(flow):
            return
        for unknown in unknown_keys(flow):
            key = unknown.path[-1]
            way = ".".join((unknown.config.attribute, *unknown.path[:-1]))
            meant = similar(key, unknown.known, flow.module)
            help = f"write `{meant}`" if meant else f"add `{key}` to the default of the Config"
            yield self.finding(
                unknown.at,
                f"`{way}` has no key `{key}` by default",
                help,
                related=[(unknown.config, "defined here")],
            )
