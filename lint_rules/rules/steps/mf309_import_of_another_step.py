"""MF309."""

from __future__ import annotations

from collections.abc import Iterator

from lint_rules.diagnostics.diagnostic import Edit, Finding, Safety
from lint_rules.fixes.edits import import_into, import_line
from lint_rules.model.code import Function, Import, ImportedName, Name
from lint_rules.model.scope import Scope
from lint_rules.model.step import Step
from lint_rules.rules.base import Bad, Good, Rule


class ImportOfAnotherStep(Rule):
    """
    ## What it does
    Checks for names that a step reads and only another step imports.

    ## Why is this bad?
    An import inside a step is known there and nowhere else. The other step fails with a
    NameError, after all steps before it have run.

    ## Fix safety
    The fix imports the name at the top of the step, in the way the other step does.

    ## References
    The guide, "Imports"; Python, "Naming and
    binding".
    """

    code, name, fix_safety = "MF309", "import-of-another-step", Safety.SAFE
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
                    from topics import count
                    import json

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
            why="Known at module level too, a builtin, a name of the step's own, and `global`.",
        ),
    ]

    def check(self, step: Step) -> Iterator[Finding]:
        elsewhere = _imports_of_others(step)
        if not elsewhere or _has_star(step.function.scope):
            return
        reported: set[str] = set()
        for reference in step.function.descendants.names:
            name = reference.head
            if name not in elsewhere or name in reported or not _is_unknown(reference):
                continue
            reported.add(name)
            imports = elsewhere[name]
            other = imports[0][0]
            yield self.finding(
                reference,
                f"The step `{step.name}` reads `{name}`, which only `{other.name}` imports: "
                "a NameError at run time",
                f"import `{name}` at the top of `{step.name}` too",
                self.fix("Import it here too", _import(step.function, imports)),
            )


_Found = tuple[Step, Import, ImportedName]


def _imports_of_others(step: Step) -> dict[str, list[_Found]]:
    """The names that other steps import for themselves, with the imports."""
    found: dict[str, list[_Found]] = {}
    for other in step.flow.all_steps.values():
        if other.function is step.function:
            continue
        for statement in other.function.descendants.imports:
            for name in statement.names:
                found.setdefault(name.bound, []).append((other, statement, name))
    return found


def _has_star(scope: Scope) -> bool:
    return any(visible.stars for visible in scope.visible())


def _is_unknown(reference: Name) -> bool:
    """Whether nothing that a name's reader can see binds it."""
    name = reference.head
    return (reference.context == "load" or "." in reference.name) and (
        reference.scope.owner(name) is None and reference.scope.resolve(name) is None
    )


def _import(function: Function, imports: list[_Found]) -> list[Edit] | None:
    """The edits that import a name as the other steps do, where they agree on it."""
    lines = {import_line(statement, [name]) for _, statement, name in imports}
    return import_into(function, lines.pop()) if len(lines) == 1 else None
