"""MF403."""

from __future__ import annotations

from collections.abc import Iterator

from lint_rules.analysis.inference import FUNCTIONS, Kind
from lint_rules.analysis.saved_artifacts import persisted
from lint_rules.diagnostics.diagnostic import Finding
from lint_rules.model.flow import Flow
from lint_rules.rules.base import Bad, Good, Rule
from lint_rules.settings.groups import Group


class FunctionArtifact(Rule):
    """
    ## What it does
    Checks for functions, methods and lambdas saved as artifacts.

    ## Why is this bad?
    When Metaflow saves artifacts, it leaves out functions without a warning. The attribute works
    until the step ends. In the next step, or for a reader of the run, it does not exist.

    Metaflow saves a container with a function in it if it can pickle the function. If not, see
    `unpicklable-artifact`.

    ## References
    The guide, "Surprises". Metaflow's task datastore does not save functions or methods.
    """

    code, name = "MF403", "function-artifact"
    group = Group.CORRECTNESS
    bad = [
        Bad(
            """
            from metaflow import FlowSpec, step


            class ArxivTopics(FlowSpec):
                @step
                def start(self):
                    self.clean = lambda text: text.lower()
                    self.next(self.end)

                @step
                def end(self):
                    print(self.clean("Topics"))
            """,
            at="self.clean",
        ),
        Bad(
            """
            import metaflow as mf

            from topics import clean


            def prune(text):
                return text


            class ArxivTopics(mf.FlowSpec):
                @mf.step
                def start(self):
                    def score(topic):
                        return topic

                    shorten = score
                    self.score, self.prune = score, prune
                    self.shorten = shorten
                    self.clean = clean
                    self.weigh = self.helper

                def helper(self):
                    pass
            """,
            at=(
                "self.score",
                "self.prune",
                "self.shorten",
                "self.clean",
                "self.weigh",
            ),
            packages={"topics.py": "def clean(text):\n    return text\n"},
        ),
    ]
    good = [
        Good(
            """
            from metaflow import FlowSpec, step


            class ArxivTopics(FlowSpec):
                @step
                def start(self):
                    self.clean = lambda text: text.lower()
                    self.weigh = len
                    self.title, self.weight = self.clean("Topics"), self.weigh("Topics")
                    self.weigh = None
                    del self.clean
                    self.next(self.end)

                @step
                def end(self):
                    pass
            """,
            why="Metaflow does not save what a step deletes or replaces.",
        ),
        """
        from metaflow import FlowSpec, step


        class ArxivTopics(FlowSpec):
            @step
            def start(self):
                from topics import clean

                self.title = clean("Topics")
                self.next(self.end)

            @step
            def end(self):
                pass
        """,
        Good(
            """
            from functools import partial

            from metaflow import FlowSpec, step

            from topics import accelerated, find_topics


            def prune(text):
                return text


            class ArxivTopics(FlowSpec):
                @step
                def start(self):
                    @accelerated
                    def score(topic):
                        return topic

                    self.score = score
                    self.functions = {"prune": prune}
                    self.prune = partial(prune, 1)
                    self.find = find_topics
                    self.first = self.summary
                    self.type = int

                @property
                def summary(self):
                    return "summary"
            """,
            why="A container, a partial function, a property, and a function with an unknown decorator.",
        ),
    ]

    def check(self, flow: Flow) -> Iterator[Finding]:
        for saved in persisted(flow):
            artifact, value = saved.artifact, saved.value
            if value is not None and value.kind in FUNCTIONS and not value.container:
                is_lambda = value.kind is Kind.LOCAL_FUNCTION and value.type == "lambda"
                what = "a lambda" if is_lambda else f"the function `{value.type}`"
                yield self.finding(
                    artifact,
                    f"The artifact `{artifact.name}` is {what}, which Metaflow does not save",
                    "import or define the function where you call it, and save only its data",
                )
