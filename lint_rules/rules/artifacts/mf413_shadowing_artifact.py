"""MF413."""

from __future__ import annotations

from collections.abc import Iterator

from lint_rules.analysis.shadowing import Shadowing, refused_writes, shadowings
from lint_rules.diagnostics.diagnostic import Finding
from lint_rules.model.flow import Flow
from lint_rules.rules.base import Bad, Good, HasLocation, Rule
from lint_rules.settings.groups import Group


class ShadowingArtifact(Rule):
    """
    ## What it does
    Checks that no artifact has the name of something in the class: a step, a method, a property, a
    class attribute, or one of `FlowSpec`'s own, such as `next`, `input` and `name`.

    ## Why is this bad?
    - A class attribute and a property are read-only in a task: "AttributeError: Flow level
      attributes and Parameters are not modifiable", "AttributeError: property 'area' of
      'ArxivTopics' object has no setter".
    - The value takes the place of the step or method for the rest of the task. `self.train = [1]`
      before `self.next(self.train)` fails, and so does a call: "TypeError: 'int' object is not
      callable".
    - In later tasks, Python finds the class's step, method or `_name` first. The artifact is there,
      but `self.train` is the step, and `self.name` the name of the flow.

    The rule reports the name of a step or a method only if the flow reads the value later.

    ## References
    Metaflow, "Basics of Metaflow": artifacts and constants of a flow.
    """

    code, name = "MF413", "shadowing-artifact"
    group = Group.CORRECTNESS
    bad = [
        Bad(
            """
            from metaflow import FlowSpec, step


            class ArxivTopics(FlowSpec):
                limit = 10

                def weigh(self, topic):
                    return len(topic)

                @step
                def start(self):
                    self.weigh = 3
                    self.model = [1]
                    self.next(self.model)

                @step
                def model(self):
                    self.limit = 20
                    self.next(self.end)

                @step
                def end(self):
                    self.input = []
                    print(self.weigh + 1)
            """,
            at=("self.weigh", "self.model", "self.limit", "self.input"),
        ),
    ]
    good = [
        Good(
            """
            from metaflow import FlowSpec, step


            class ArxivTopics(FlowSpec):
                limit = 10
                titles: list[str]

                def weigh(self, topic):
                    return len(topic)

                @step
                def start(self):
                    self.titles = ["a title"]
                    self.limits = self.limit + 1
                    self.next(self.model)

                @step
                def model(self):
                    self.model = self.weigh("a topic")
                    print(self.model)
                    self.next(self.end)

                @step
                def end(self):
                    print(self.titles, self.limits)
            """,
            why="No later step reads `self.model`, and results of the run still have it.",
        ),
    ]

    def check(self, flow: Flow) -> Iterator[Finding]:
        if not flow.graph.is_complete:
            return
        for found in shadowings(flow):
            if any(found.artifact.function in o.definition.functions for o in flow.lineage):
                yield self._of(found)
        for write, shadowed in refused_writes(flow):
            owner = "the flow" if shadowed.attribute is not None else "`FlowSpec`"
            yield self.finding(
                write.at,
                f"`{write.function.name}` {write.does} the {shadowed.what} `{write.name}` of "
                f"{owner}, which is read-only when the flow runs",
                f"give the artifact another name than `{write.name}`",
                related=[(shadowed.attribute, "defined here")] if shadowed.attribute else [],
            )

    def _of(self, found: Shadowing) -> Finding:
        artifact, shadowed = found.artifact, found.shadowed
        name, where = artifact.name, artifact.function.name
        owner = "the flow" if shadowed.attribute is not None else "`FlowSpec`"
        what = f"the {shadowed.what} `{name}` of {owner}"
        related: list[tuple[HasLocation, str]] = []
        if shadowed.attribute is not None:
            related.append((shadowed.attribute, "defined here"))
        if found.read is not None:
            related.append((found.read, "read here"))
        if shadowed.refuses:
            message = f"`{where}` assigns to {what}, which is read-only when the flow runs"
        elif found.breaks:
            message = f"`{where}` replaces {what} with a value, but needs it afterwards"
        else:
            message = (
                f"`{where}` gives an artifact the name of {what}, so `{found.reader}` does "
                "not get the artifact"
            )
        return self.finding(
            artifact, message, f"give the artifact another name than `{name}`", related=related
        )
