"""MF303."""

from __future__ import annotations

from collections.abc import Iterator

from lint_rules.analysis.step_size import Work, counted, doings
from lint_rules.diagnostics.diagnostic import Finding
from lint_rules.model.code import Definition, Expression, For, If, Match, Name, While
from lint_rules.model.scope import metaflow_name
from lint_rules.model.step import Step
from lint_rules.rules.base import Bad, Good, Rule
from lint_rules.settings.groups import Group


class UndocumentedComplexStep(Rule):
    """
    ## What it does
    Checks that complex steps have a docstring. For the first and the last step, see
    `missing-step-docstring`.

    ## Why is this bad?
    The name of a step is enough if the step makes one or two calls. A step that branches, loops or
    does many things needs a sentence that tells readers its purpose.

    A step is complex if it has one of these:

    - more than `docstring-step-statements` statements;
    - a loop, except a loop in a join that does one thing with each of its inputs;
    - a branch, except one that checks only parameters or `current`, such as the test mode;
    - a function or a class.

    A comprehension, a lambda or an `x if y else z` counts as one more statement. These do not
    count: the docstring, imports, constants, logging, printing and `self.merge_artifacts`.

    ## References
    The guide, "Docstrings".
    """

    code, name, default = "MF303", "undocumented-complex-step", False
    group = Group.STYLE
    options = ("docstring-step-statements",)
    bad = [
        Bad(
            """
            from metaflow import FlowSpec, step


            class ArxivTopics(FlowSpec):
                @step
                def model(self):
                    papers = load(self.year)
                    words = count_words(papers)
                    pruned = prune(words)
                    topics = find_topics(pruned)
                    self.topics = label(topics)
                    self.next(self.check)

                @step
                def check(self):
                    if not self.topics:
                        raise ValueError("no topics")
                    self.next(self.publish)

                @step
                def publish(self):
                    \"\"\" \"\"\"
                    for topic in self.topics:
                        upload(topic)
                    self.next(self.end)
            """,
            at=("model", "check", "publish"),
        ),
        Bad(
            """
            from metaflow import FlowSpec, step


            class ArxivTopics(FlowSpec):
                @step
                def model(self):
                    self.papers = load()
                    self.next(self.end)
            """,
            at="model",
            options={"docstring-step-statements": 1},
        ),
    ]
    good = [
        """
        from metaflow import FlowSpec, step


        class ArxivTopics(FlowSpec):
            @step
            def model(self):
                \"\"\"Find the topics, and give each the name of its most frequent word.\"\"\"
                papers = load(self.year)
                words = count_words(papers)
                pruned = prune(words)
                topics = find_topics(pruned)
                self.topics = label(topics)
                self.next(self.end)

            @step
            def end(self):
                pass
        """,
        Good(
            """
            from metaflow import FlowSpec, Parameter, current, step


            class ArxivTopics(FlowSpec):
                test_mode = Parameter("test-mode", type=bool, default=True)

                @step
                def start(self):
                    for topic in self.topics:
                        upload(topic)

                @step
                def model(self):
                    from topics import find_topics

                    if self.test_mode and not current.is_production:
                        self.papers = self.papers[:10]
                    if self.papers:
                        print("There are papers.")
                    self.topics = find_topics(self.papers)
                    self.next(self.join)

                @step
                def join(self, inputs):
                    self.counts = {}
                    for branch in inputs:
                        self.counts.update(branch.counts)
                    self.threshold = 3
                    self.places, self.year = [], 2024
                    self.merge_artifacts(inputs)
                    self.next(self.end)
            """,
            why="The first step has its own rule. Setup, output and merging are not complex.",
        ),
    ]

    def check(self, step: Step) -> Iterator[Finding]:
        docstring = step.function.docstring
        documented = docstring is not None and (docstring.text or "").strip()
        if step.is_start or step.is_end or documented:
            return
        reason = _complexity(step, self.settings.docstring_step_statements)
        if reason:
            yield self.finding(
                step,
                f"The step `{step.name}` has no docstring, but {reason}",
                "describe in one sentence what the step does",
            )


def _complexity(step: Step, most: int) -> str | None:
    done = doings(step)
    if len(done) > most:
        return f"has {len(done)} statements{counted(done)}"
    for statement in done.statements:
        if isinstance(statement, Definition):
            return f"defines `{statement.name}`"
        if isinstance(statement, For | While) and not _is_merging(statement, step, done):
            return "has a loop"
        if isinstance(statement, If | Match) and not _is_setup(statement, step):
            return "has a branch"
    return None


def _is_merging(loop: For | While, step: Step, done: Work) -> bool:
    """Whether a loop over the inputs of a join does one thing with each input."""
    over = loop.iterable if isinstance(loop, For) else None
    is_inputs = isinstance(over, Name) and over.name == step.inputs
    return is_inputs and len(done.inside(loop)) == 1


def _is_setup(branch: If | Match, step: Step) -> bool:
    """Whether a branch checks only parameters and attributes of Metaflow's `current`."""
    parameters = {p.attribute for p in step.flow.all_parameters}
    names = (e for given in branch.expressions for e in given.walk() if isinstance(e, Name))
    asked = [name for name in names if name.context == "load"]
    return bool(asked) and all(
        _is_parameter(reference, parameters, step) or _is_current(reference) for reference in asked
    )


def _is_parameter(reference: Name, parameters: set[str], step: Step) -> bool:
    owner, _, rest = reference.name.partition(".")
    return owner == step.function.self_name and rest.partition(".")[0] in parameters


def _is_current(reference: Expression) -> bool:
    owner = (reference.qualified or "").rpartition(".")[0]
    return metaflow_name(owner) == "current"
