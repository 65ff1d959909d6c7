"""MF301."""

from __future__ import annotations

from collections.abc import Iterator

from lint_rules.analysis.home_for_code import home_for_code
from lint_rules.analysis.operations import operations
from lint_rules.analysis.step_size import Work, work
from lint_rules.diagnostics.diagnostic import Finding
from lint_rules.model.code import Break, Continue, Definition, For, Function, Lambda, While, With
from lint_rules.model.step import Step
from lint_rules.rules.base import Bad, Good, Rule
from lint_rules.settings.groups import Group

_MOST_IN_STATEMENT = 3
_MOST_IN_BLOCK = 3
_FEWEST_WITH_SKIPS = 2
_LONG_LAMBDA = 12
"""A lambda with this many names, calls and operators should be a function with a name."""


class StepNotMinimal(Rule):
    """
    ## What it does
    Checks for steps that do the work themselves instead of calling functions.

    ## Why is this bad?
    You cannot test, reuse or read the code inside a step without the flow around it. A step should
    show *what* happens. It prepares something, calls a few functions with clear names, and does
    what only the flow can do, such as merging artifacts.

    A reviewer asks: does the step read as "import, call, save, next"? If it does not, the work
    belongs in a function, however few lines it takes. A chain of five dataframe operations is one
    statement and still work.

    The rule reports a step that:

    - does more than `max-step-statements` operations;
    - does more than three operations in one statement;
    - has a loop or a `with` block with more than three statements of work;
    - has a `for` loop with at least two statements that skips items with `continue` or `break`;
    - defines a function, a class or a longer lambda.

    Each statement is one operation, also in nested blocks. Each of these counts as one more:

    - a call after the second in a statement, such as in `papers.merge(x).query(y).groupby(z)`;
      calls that only convert a value, such as `.tolist()`, do not count;
    - an arithmetic operator after the first in a statement; those that join texts or the parts of
      a path (`folder / "papers.csv"`) do not count;
    - a comprehension, and each further `for` and `if` in it;
    - a lambda, and an `x if y else z`;
    - ten literals, as in a table that is written into the step; the keys of a dict that a call is
      given do not count.

    These do not count as work: the docstring, imports, logging, printing, cards, `self.next`,
    `merge_artifacts`, taking artifacts from `inputs`, and taking less data in test mode.

    ## References
    The guide, "Steps".
    """

    code, name = "MF301", "step-not-minimal"
    group = Group.STYLE
    options = ("max-step-statements",)
    bad = [
        Bad(
            """
            from metaflow import FlowSpec, step


            class ArxivTopics(FlowSpec):
                @step
                def start(self):
                    import json

                    with open("papers.json") as file:
                        papers = json.load(file)
                    titles = [paper["title"] for paper in papers]
                    words = [title.lower().split() for title in titles]
                    counts = {}
                    for word in words:
                        counts[word] = counts.get(word, 0) + 1
                    self.counts = counts
                    self.next(self.end)

                @step
                def end(self):
                    print(self.counts)
            """,
            at="start",
        ),
        Bad(
            """
            import metaflow as mf


            class ArxivTopics(mf.FlowSpec):
                @mf.step
                def start(self):
                    for page in range(10):
                        papers = fetch(page)
                        for paper in papers:
                            store(clean(paper))
                            count(paper)
                    self.next(self.join)

                @mf.step
                async def join(self, inputs):
                    def score(branch):
                        return branch.model.score(branch.papers)

                    self.best = max(inputs, key=score)
                    self.next(self.end)

                @mf.step
                def end(self):
                    self.words = sorted(
                        self.best, key=lambda word: (len(word.split("-")), word.lower(), -self.counts[word] / 2)
                    )
            """,
            at=("start", "join", "end"),
        ),
        Bad(
            """
            from metaflow import FlowSpec, step


            class ArxivTopics(FlowSpec):
                @step
                def start(self):
                    papers = fetch()
                    self.topics = find_topics(papers)
                    self.next(self.end)

                @step
                def end(self):
                    publish(self.topics)
            """,
            at="start",
            options={"max-step-statements": 1},
        ),
    ]
    good = [
        """
        from metaflow import FlowSpec, step


        class ArxivTopics(FlowSpec):
            @step
            def start(self):
                from topics.papers import count_words, read

                self.counts = count_words(read("papers.json"))
                self.next(self.end)

            @step
            def end(self):
                print(self.counts)
        """,
        Good(
            """
            import logging

            from metaflow import FlowSpec, Parameter, step

            logger = logging.getLogger(__name__)


            class ArxivTopics(FlowSpec):
                year = Parameter("year", default=2024)

                @step
                def start(self):
                    \"\"\"Fetch papers.\"\"\"
                    import logging
                    from topics.papers import connection, papers_of

                    logging.basicConfig(level=logging.INFO)
                    logger.info("year %s", self.year)
                    self.logger.warning("This may take a while.")
                    print("Fetching.")
                    for name in ("a", "b", "c"):
                        print(name)
                        print(name)
                        print(name)
                        logger.info(name)
                    with connection() as archive:
                        papers = papers_of(archive, self.year)
                    papers: list
                    self.papers = [paper.title for paper in papers]
                    self.next(self.model)

                @step
                def model(self):
                    pass
            """,
            why="Setup, logging and printing are not work.",
        ),
        Good(
            """
            from metaflow import FlowSpec, step


            class ArxivTopics(FlowSpec):
                @step
                def join(self, inputs):
                    self.papers = inputs.papers.papers
                    self.words = inputs.words.words
                    self.topics = inputs.topics.topics
                    self.years = inputs[0].years
                    self.authors = inputs[0].authors
                    self.places = inputs[0].places
                    self.scores = [branch.score for branch in inputs]
                    self.titles = [branch.title for branch in inputs]
                    self.links = [branch.link for branch in inputs]
                    self.merge_artifacts(inputs)
                    self.next(self.end)
            """,
            why="Merging artifacts is the job of the flow.",
        ),
    ]

    def check(self, step: Step) -> Iterator[Finding]:
        most: int = self.settings.max_step_statements
        done = work(step)
        reason = _too_much(done, most) or _statement(done) or _block(done) or _definition(done)
        if reason:
            yield self.finding(
                step,
                f"The step `{step.name}` does the work itself: {reason}",
                f"move the work into functions of {home_for_code(step.flow.module)}, give them "
                "clear names, and call them here",
            )


def _too_much(done: Work, most: int) -> str | None:
    if done.operations <= most:
        return None
    return f"it does {done.operations} operations, more than the limit of {most}"


def _statement(done: Work) -> str | None:
    for statement in done.statements:
        count = operations(statement)
        if count > _MOST_IN_STATEMENT:
            return f"one statement does {count} operations, more than {_MOST_IN_STATEMENT}"
    return None


def _block(done: Work) -> str | None:
    for statement in done.statements:
        if not isinstance(statement, For | While | With):
            continue
        kind = "`with` block" if isinstance(statement, With) else "loop"
        inside = len(done.inside(statement))
        if inside > _MOST_IN_BLOCK:
            return f"a {kind} in it has {inside} statements of work, more than {_MOST_IN_BLOCK}"
        if isinstance(statement, For) and inside >= _FEWEST_WITH_SKIPS and _skips(statement):
            return "a loop in it decides which items to skip"
    return None


def _skips(loop: For) -> bool:
    return any(
        isinstance(statement, Continue | Break)
        for body in loop.blocks
        for s in body
        for statement in s.walk()
    )


def _definition(done: Work) -> str | None:
    for statement in done.statements:
        if isinstance(statement, Definition):
            kind = "function" if isinstance(statement, Function) else "class"
            return f"it defines the {kind} `{statement.name}`"
    lambdas = (expression for expression in done.hidden if isinstance(expression, Lambda))
    if any(sum(1 for _ in found.body.walk()) >= _LONG_LAMBDA for found in lambdas):
        return "it contains a long lambda"
    return None
