"""MF309."""

from __future__ import annotations

from collections.abc import Iterator

from lint_rules.analysis.existence_checks import NAME_ERRORS, expecting
from lint_rules.analysis.hidden_uses import looks_names_up
from lint_rules.analysis.unconditional import always_run
from lint_rules.diagnostics.diagnostic import Edit, Finding, Safety
from lint_rules.fixes.edits import import_into, import_line
from lint_rules.model.code import Function, Import, ImportedName, Name
from lint_rules.model.flow import Flow
from lint_rules.model.memoize import remembered
from lint_rules.model.scope import Scope
from lint_rules.model.step import Step
from lint_rules.rules.base import Bad, Good, Rule
from lint_rules.settings.groups import Group


class ImportOfAnotherStep(Rule):
    """
    ## What it does
    Checks for names that a step reads but only another step imports.

    ## Why is this bad?
    An import inside a step defines a name only in that step. Another step that reads the name fails
    with a `NameError`, after all steps before it have run.

    ## Fix safety
    The fix adds the import of the other step at the top of this step. It is safe if this step
    certainly fails without it: it reads the name each time it runs, and has no decorator that could
    take care of the error. Otherwise it is unsafe. There is no fix if other steps import the name in
    different ways, or only in a branch or a `try`.

    ## References
    The guide, "Imports"; Python, "Naming and
    binding".
    """

    code, name, fix_safety = "MF309", "import-of-another-step", Safety.SAFE
    group = Group.CORRECTNESS
    bad = [
        Bad(
            """
            from metaflow import FlowSpec, step


            class ArxivTopics(FlowSpec):
                @step
                def start(self):
                    import pandas as pd

                    self.papers = pd.read_csv("papers.csv").to_dict()
                    self.next(self.end)

                @step
                def end(self):
                    print(pd.DataFrame(self.papers), pd.__version__)
            """,
            at="pd.DataFrame",
            fixed="""
            from metaflow import FlowSpec, step


            class ArxivTopics(FlowSpec):
                @step
                def start(self):
                    import pandas as pd

                    self.papers = pd.read_csv("papers.csv").to_dict()
                    self.next(self.end)

                @step
                def end(self):
                    import pandas as pd

                    print(pd.DataFrame(self.papers), pd.__version__)
            """,
        ),
        Bad(
            """
            from metaflow import FlowSpec, step


            class ArxivTopics(FlowSpec):
                @step
                def start(self):
                    from topics import clean, count
                    from papers import fetch

                @step
                def model(self):
                    from archive import fetch

                @step
                def end(self):
                    \"\"\"Count.\"\"\"
                    import json

                    print(json.dumps([count(paper) for paper in fetch()]))
            """,
            at=("count", "fetch"),
            fixed="""
            from metaflow import FlowSpec, step


            class ArxivTopics(FlowSpec):
                @step
                def start(self):
                    from topics import clean, count
                    from papers import fetch

                @step
                def model(self):
                    from archive import fetch

                @step
                def end(self):
                    \"\"\"Count.\"\"\"
                    import json

                    from topics import count

                    print(json.dumps([count(paper) for paper in fetch()]))
            """,
        ),
    ]
    good = [
        """
        from metaflow import FlowSpec, step


        class ArxivTopics(FlowSpec):
            @step
            def start(self):
                import pandas as pd

                self.papers = pd.read_csv("papers.csv").to_dict()
                self.next(self.end)

            @step
            def end(self):
                import pandas as pd

                print(pd.DataFrame(self.papers))
        """,
        Good(
            """
            import topics
            from metaflow import FlowSpec, step


            class ArxivTopics(FlowSpec):
                @step
                def start(self):
                    import pandas as pd
                    import topics
                    from builtins import print

                    self.pd = pd

                @step
                def end(self):
                    print(topics.LATEST, self.pd)
                    for pd in range(3):
                        print(pd)

                @step
                def shared(self):
                    global np
                    import numpy as np

                @step
                def last(self):
                    np.zeros(3)
            """,
            why="Names from the module, from Python, from the step itself, and with `global`.",
        ),
    ]

    def check(self, step: Step) -> Iterator[Finding]:
        imported_in_other_functions = _imports(step.flow)
        if not imported_in_other_functions or _has_star(step.function.scope):
            return
        if looks_names_up(step.flow.module):
            return
        expected = expecting(step.function, NAME_ERRORS)
        reported: set[str] = set()
        for reference in step.function.descendants.names:
            name = reference.head
            if (
                name not in imported_in_other_functions
                or name in reported
                or reference in expected
                or not _is_unknown(reference)
            ):
                continue
            reported.add(name)
            imports = [
                one
                for one in imported_in_other_functions[name]
                if one[0].function is not step.function
            ]
            if not imports:
                continue
            other = imports[0][0]
            yield self.finding(
                reference,
                f"The step `{step.name}` reads `{name}`, which only `{other.name}` imports, so it fails "
                "with a `NameError`",
                f"import `{name}` at the top of `{step.name}` too",
                self.fix(
                    "Import it here too",
                    _import(step.function, imports),
                    Safety.SAFE if _fails(step, reference) else Safety.UNSAFE,
                ),
            )


_Found = tuple[Step, Import, ImportedName]


@remembered
def _imports(flow: Flow) -> dict[str, list[_Found]]:
    """The names that steps import for themselves, with the imports."""
    found: dict[str, list[_Found]] = {}
    for step in flow.all_steps.values():
        for statement in step.function.descendants.imports:
            for name in statement.names:
                found.setdefault(name.bound, []).append((step, statement, name))
    return found


def _has_star(scope: Scope) -> bool:
    return any(visible.stars for visible in scope.visible())


def _is_unknown(reference: Name) -> bool:
    """Whether no code that the reader of a name can see defines it."""
    name = reference.head
    return (reference.context == "load" or "." in reference.name) and (
        reference.scope.owner(name) is None and reference.scope.resolve(name) is None
    )


def _fails(step: Step, reference: Name) -> bool:
    """Whether the step certainly fails, so that an import can only make it better: it reads the
    name whenever it runs, and no decorator takes care of the error."""
    has_others = any(d is not step.decorator for d in step.function.decorators)
    return not has_others and reference in always_run(step.function)


def _import(function: Function, imports: list[_Found]) -> list[Edit] | None:
    """The edits that import a name as the other steps do, if they all import it the same way, and
    whenever they run."""
    if any(statement not in step.function.body for step, statement, _ in imports):
        return None
    lines = {import_line(statement, [name]) for _, statement, name in imports}
    return import_into(function, lines.pop()) if len(lines) == 1 else None
