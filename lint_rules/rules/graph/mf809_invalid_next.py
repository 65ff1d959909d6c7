"""MF809."""

from __future__ import annotations

from collections.abc import Iterator

from lint_rules.analysis.step_graph import problems
from lint_rules.analysis.suggestions import meant_next_keyword
from lint_rules.diagnostics.diagnostic import Finding, Safety
from lint_rules.fixes.next_call import renamed_keyword, steps_for_strings
from lint_rules.model.code import Call
from lint_rules.model.flow import Flow
from lint_rules.rules.base import Bad, Rule
from lint_rules.settings.groups import Group


class InvalidNext(Rule):
    """
    ## What it does
    Checks that Metaflow accepts the arguments of `self.next`.

    ## Why is this bad?
    Metaflow reads the graph from the code. So steps must be written as `self.step`, and the only
    keywords are `foreach`, `num_parallel` and `condition`. It refuses anything else: "Step *start* specifies an
    invalid self.next() transition. Make sure the self.next() expression matches with one of the
    supported transition types". A switch needs at least two cases with literal keys ("Step *start*
    is a switch split but defines 1 transitions") and a condition. Some mistakes pass that check and
    fail in every run: `foreach` with the list itself instead of its name ("The argument to
    'foreach' must be a string"), or a switch with another keyword.

    ## Fix safety
    The fix is safe, because Metaflow refuses the flow without it. It replaces `"end"` by `self.end` if that is a step. It corrects a misspelled keyword if
    Metaflow accepts the result.

    ## References
    Metaflow, "Basics of Metaflow": branch, foreach; "Conditional and recursive flows".
    """

    code, name = "MF809", "invalid-next"
    group = Group.CORRECTNESS
    fix_safety = Safety.SAFE
    bad = [
        Bad(
            """
            from metaflow import FlowSpec, step


            class ArxivTopics(FlowSpec):
                @step
                def start(self):
                    self.papers = [1, 2]
                    self.next(self.model, for_each="papers")

                @step
                def model(self):
                    self.next(self.join)

                @step
                def join(self, inputs):
                    self.next("end")

                @step
                def end(self):
                    pass
            """,
            at=('self.next(self.model, for_each="papers")', 'self.next("end")'),
            fixed="""
            from metaflow import FlowSpec, step


            class ArxivTopics(FlowSpec):
                @step
                def start(self):
                    self.papers = [1, 2]
                    self.next(self.model, foreach="papers")

                @step
                def model(self):
                    self.next(self.join)

                @step
                def join(self, inputs):
                    self.next(self.end)

                @step
                def end(self):
                    pass
            """,
        ),
        Bad(
            """
            from metaflow import FlowSpec, step

            LONG = "long"


            class ArxivTopics(FlowSpec):
                @step
                def start(self):
                    self.length = "long"
                    self.next({LONG: self.summary, "short": self.words}, condition="length")

                @step
                def summary(self):
                    self.next({"yes": self.words}, condition="length")

                @step
                def words(self):
                    self.next()

                @step
                def end(self):
                    pass
            """,
            at=(
                'self.next({LONG: self.summary, "short": self.words}, condition="length")',
                'self.next({"yes": self.words}, condition="length")',
                "self.next()",
            ),
        ),
        Bad(
            """
            from metaflow import FlowSpec, step


            class ArxivTopics(FlowSpec):
                @step
                def start(self):
                    self.papers = [1, 2]
                    self.next(self.words, self.authors, foreach="papers")

                @step
                def words(self):
                    self.next(self.find_step("join"))

                @step
                def authors(self):
                    steps = [self.join]
                    self.next(*steps)

                @step
                def join(self, inputs):
                    self.next(self.end)

                @step
                def end(self):
                    pass
            """,
            at=(
                'self.next(self.words, self.authors, foreach="papers")',
                'self.next(self.find_step("join"))',
                "self.next(*steps)",
            ),
        ),
    ]
    good = [
        """
        from metaflow import Config, FlowSpec, step


        class ArxivTopics(FlowSpec):
            kinds = Config("kinds", default_value={"long": "l"})

            @step
            def start(self):
                self.papers = [1, 2]
                self.next(self.words, foreach="papers")

            @step
            def words(self):
                self.next(self.join)

            @step
            def join(self, inputs):
                self.next(self.choose)

            @step
            def choose(self):
                self.length = "l"
                self.next({self.kinds.long: self.summary, 3: self.end}, condition="length")

            @step
            def summary(self):
                self.next(self.end)

            @step
            def end(self):
                pass
        """,
    ]

    def check(self, flow: Flow) -> Iterator[Finding]:
        for problem in problems(flow, self.code):
            step, *names = problem.names
            name = names[0] if names else ""
            message, help = _words(problem.kind, step, name)
            fix = None
            call = problem.thing
            if isinstance(call, Call) and problem.kind == "string" and name in flow.all_steps:
                fix = self.fix(f"Write `self.{name}`", steps_for_strings(call, flow))
            elif isinstance(call, Call) and problem.kind == "keyword":
                meant = meant_next_keyword(name, call)
                if meant:
                    help = f"write `{meant}=`"
                    fix = self.fix(f"Write `{meant}=`", renamed_keyword(call, name, meant, flow))
            yield self.finding(problem, message, help, fix)


_TEXTS = {
    "unpacking": (
        "passes steps with `*` or `**`, which Metaflow cannot read",
        "write each step, as in `self.next(self.a, self.b)`",
    ),
    "keyword": (
        "gives `self.next` the unknown keyword `{name}`",
        "use `foreach=`, `num_parallel=` or `condition=`, or none",
    ),
    "nothing": (
        "names no step in `self.next`",
        "write the next step, as in `self.next(self.step_name)`",
    ),
    "string": (
        "names the next step with a string, `{name!r}`",
        "write `self.{name}`",
    ),
    "name": (
        "names `{name}` as the next step, which is not an attribute of `self`",
        "write a step, as in `self.next(self.step_name)`",
    ),
    "expression": (
        "computes the next step, but Metaflow reads only `self.step_name`",
        'write the step; to choose one at run time, use a switch: `self.next({{…}}, condition="…")`',
    ),
    "condition": (
        "gives a `condition` without a dictionary of cases",
        'write `self.next({{"case": self.step_name, …}}, condition="…")`',
    ),
    "combined": (
        "gives `self.next` more than one of `foreach`, `num_parallel` and `condition`",
        "keep one of them, and move the other into a step of its own",
    ),
    "targets": (
        "gives several steps with `{name}`, which takes only one",
        "keep one step, and split in the step after it",
    ),
    "foreach": (
        "gives `foreach` a value, but it takes the name of an artifact as a string",
        'save the list as an artifact, and write its name, as in `foreach="papers"`',
    ),
    "no-condition": (
        "gives a dictionary of cases without a `condition`",
        'add `condition="…"`, the name of the artifact that chooses the case',
    ),
    "no-cases": (
        "is a switch without cases",
        'write at least two cases, as in `{{"case": self.step_name, …}}`',
    ),
    "one-case": (
        "is a switch with one case, but a switch needs at least two",
        "write another case, or `self.next(self.step_name)` if there is no choice",
    ),
    "case": (
        "is a switch with a key that is not a literal",
        "write the keys as strings, numbers or `self.config.key`",
    ),
    "case-target": (
        "is a switch with a case that does not lead to `self.step_name`",
        "write a step of the flow for each case",
    ),
    "condition-name": (
        "gives a `condition` that is not the name of an artifact as a string",
        'write the name of the artifact, as in `condition="kind"`',
    ),
}
"""The message of each mistake, and what to do; the message continues "The step `start` …"."""


def _words(kind: str, step: str, name: str) -> tuple[str, str]:
    what, help = _TEXTS[kind]
    return f"The step `{step}` {what.format(name=name)}", help.format(name=name)
