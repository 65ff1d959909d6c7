"""MF812."""

from __future__ import annotations

from collections.abc import Iterator

from lint_rules.analysis.step_graph import Problem, problems
from lint_rules.diagnostics.diagnostic import Finding
from lint_rules.model.flow import Flow
from lint_rules.rules.base import Bad, Rule
from lint_rules.settings.groups import Group


class UnbalancedJoin(Rule):
    """
    ## What it does
    Checks that every split and foreach is joined, and that every join closes one of them.

    ## Why is this bad?
    Metaflow refuses the flow: "The terminal step *end* was reached before a split started at
    step(s) *words, authors* were joined. Add a join step before *end*", "Step *join* seems like a
    join step (it takes an extra input argument) but an incorrect number of steps (*words*) lead to
    it", "… but it is not preceded by a split", or "Step *join* joins steps from unrelated splits.
    Ensure that there is a matching join for every split". The cases of a switch need no join, because
    only one of them runs.

    ## References
    Metaflow, "Basics of Metaflow": branch, foreach; "Conditional and recursive flows".
    """

    code, name = "MF812", "unbalanced-join"
    group = Group.CORRECTNESS
    bad = [
        Bad(
            """
            from metaflow import FlowSpec, step


            class ArxivTopics(FlowSpec):
                @step
                def start(self):
                    self.papers = [1, 2]
                    self.next(self.model, foreach="papers")

                @step
                def model(self):
                    self.next(self.end)

                @step
                def end(self):
                    pass
            """,
            at="self.end",
        ),
        Bad(
            """
            from metaflow import FlowSpec, step


            class ArxivTopics(FlowSpec):
                @step
                def start(self):
                    self.next(self.words, self.authors, self.years)

                @step
                def words(self):
                    self.next(self.join)

                @step
                def authors(self):
                    self.next(self.join)

                @step
                def years(self):
                    self.next(self.end)

                @step
                def join(self, inputs):
                    self.next(self.end)

                @step
                def end(self):
                    pass
            """,
            at="join",
        ),
        Bad(
            """
            from metaflow import FlowSpec, step


            class ArxivTopics(FlowSpec):
                @step
                def start(self):
                    self.next({"long": self.words, "short": self.authors}, condition="length")

                @step
                def words(self):
                    self.next(self.join)

                @step
                def authors(self):
                    self.next(self.join)

                @step
                def join(self, inputs):
                    self.next(self.end)

                @step
                def end(self):
                    pass
            """,
            at="join",
        ),
        Bad(
            """
            from metaflow import FlowSpec, step


            class ArxivTopics(FlowSpec):
                @step
                def start(self):
                    self.next(self.words, self.authors)

                @step
                def words(self):
                    self.next(self.nouns, self.verbs)

                @step
                def nouns(self):
                    self.next(self.join)

                @step
                def verbs(self):
                    self.next(self.join)

                @step
                def authors(self):
                    self.next(self.join)

                @step
                def join(self, inputs):
                    self.next(self.end)

                @step
                def end(self):
                    pass
            """,
            at="join",
        ),
    ]
    good = [
        """
        from metaflow import FlowSpec, step


        class ArxivTopics(FlowSpec):
            @step
            def start(self):
                self.next(self.words, self.authors)

            @step
            def words(self):
                self.parts = ["a", "b"]
                self.next(self.count, foreach="parts")

            @step
            def count(self):
                self.next(self.counted)

            @step
            def counted(self, inputs):
                self.next(self.join)

            @step
            def authors(self):
                self.next({"many": self.most, "few": self.rest}, condition="number")

            @step
            def most(self):
                self.next(self.join)

            @step
            def rest(self):
                self.next(self.join)

            @step
            def join(self, inputs):
                self.next(self.end)

            @step
            def end(self):
                pass
        """,
    ]

    def check(self, flow: Flow) -> Iterator[Finding]:
        for problem in problems(flow, self.code):
            message, help = _words(problem)
            yield self.finding(problem, message, help, related=problem.related)


def _words(problem: Problem) -> tuple[str, str]:
    way = " → ".join(f"`{name}`" for name in problem.way)
    step, *names = problem.names
    match problem.kind:
        case "unjoined":
            end, kind = names
            return (
                f"The end step `{end}` is reached before the {kind} that `{step}` starts is joined: {way}",
                f"add a join step, which takes `self` and `inputs`, before `{end}`",
            )
        case "switch-cases":
            return (
                f"The step `{step}` takes inputs like a join, but only the cases of the switch in "
                f"`{names[0]}` meet there",
                f"write `def {step}(self):`, because only one case runs, and there is nothing to join",
            )
        case "no-split":
            return (
                f"The step `{step}` takes inputs like a join, but there is no split to join: {way}",
                f"write `def {step}(self):`, or split in a step before it",
            )
        case "some-branches":
            return (
                f"The join `{step}` does not get all branches of the split in `{names[0]}`: "
                f"{names[1]} is missing",
                f"let all of them lead to `{step}`, and join inner splits first",
            )
        case "other-branches":
            return (
                f"The join `{step}` joins the split in `{names[0]}`, but {names[1]}, which leads "
                "to it, is not part of that split",
                "join each split in a step of its own, the inner ones first",
            )
    first, second = names
    return (
        f"The step `{step}` joins `{first}` and `{second}`, which belong to unrelated splits",
        "join each split in a step of its own, the inner ones first",
    )
