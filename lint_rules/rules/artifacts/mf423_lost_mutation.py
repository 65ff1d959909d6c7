"""MF423."""

from __future__ import annotations

from collections.abc import Iterator

from lint_rules.analysis.lost_changes import LostChange, lost_changes
from lint_rules.diagnostics.diagnostic import Finding
from lint_rules.model.flow import Flow, Parameter
from lint_rules.rules.base import Bad, Good, Rule
from lint_rules.settings.groups import Group


class LostMutation(Rule):
    """
    ## What it does
    Checks for steps that change a class attribute, a `Parameter` or a `Config` in place, as in
    `self.results.append(…)`, if a later step reads it.

    ## Why is this bad?
    Only what a step assigns to `self` becomes an artifact. A list in the body of the class is not
    an artifact. Each task runs in its own process, and starts with the list that is in the file. So
    the next step does not have the items that a step added. The run succeeds, but at its end the
    list contains only what the class body gives it.

    A `Config` does not allow changes at all: "TypeError: ConfigValue is immutable".

    The rule does not report a change that only the same task uses, such as a cache.

    ## References
    Metaflow, "Basics of Metaflow": artifacts and constants of a flow.
    """

    code, name = "MF423", "lost-mutation"
    group = Group.CORRECTNESS
    bad = [
        Bad(
            """
            from metaflow import Config, FlowSpec, step


            class ArxivTopics(FlowSpec):
                config = Config("config", default_value={"depth": 3})
                titles = []
                counts = {}

                @step
                def start(self):
                    self.titles.append("a title")
                    self.next(self.count)

                @step
                def count(self):
                    self.counts["words"] = 2
                    self.config.depth = 4
                    self.next(self.end)

                @step
                def end(self):
                    print(self.titles, self.counts)
            """,
            at=('self.titles.append("a title")', 'self.counts["words"]', "self.config.depth"),
        ),
    ]
    good = [
        Good(
            """
            from metaflow import FlowSpec, step


            class ArxivTopics(FlowSpec):
                cache = {}
                SIZES = [1, 2]

                def words(self, title):
                    if title not in self.cache:
                        self.cache[title] = len(title.split())
                    return self.cache[title]

                @step
                def start(self):
                    self.titles = []
                    self.titles.append("a title")
                    self.count = self.words("a title")
                    self.next(self.end)

                @step
                def end(self):
                    print(self.titles, self.words("a title"), self.SIZES)
            """,
            why="An artifact, a cache that each task fills for itself, and a constant.",
        ),
    ]

    def check(self, flow: Flow) -> Iterator[Finding]:
        for found in lost_changes(flow):
            if any(found.function in owner.definition.functions for owner in flow.lineage):
                yield self._of(found)

    def _of(self, found: LostChange) -> Finding:
        what, name = found.what, found.change.name
        kind = what.kind if isinstance(what, Parameter) else "class attribute"
        related = [(what, "defined here")]
        if found.fails or found.read is None:
            message = f"`{found.function.name}` changes the {kind} `{name}`, which is immutable"
            held = f"{found.function.self_name}.{name}"
            help = f"copy it, change the copy, and save that as an artifact: `{held}.to_dict()`"
            return self.finding(found.change.at, message, help, related=related)
        message = (
            f"`{found.function.name}` changes the {kind} `{name}` in place, but the change "
            f"is lost when the task ends, so `{found.reader}` gets the old value"
        )
        help = f"set `self.{name}` in the start step instead of in the body of the class"
        if isinstance(what, Parameter):
            help = f"copy it, and save the copy as an artifact with another name than `{name}`"
        read = (found.read, f"`{found.reader}` reads it here")
        return self.finding(found.change.at, message, help, related=[*related, read])
