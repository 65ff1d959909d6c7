"""MF305."""

from __future__ import annotations

from collections.abc import Iterator

from lint_rules.analysis.class_attributes import computed_attributes
from lint_rules.analysis.existence_checks import IMPORT_ERRORS, expects_errors
from lint_rules.analysis.import_effects import BeforeImports, may_change_imports
from lint_rules.diagnostics.diagnostic import DeleteStatement, Edit, Finding, InsertLines, Safety
from lint_rules.fixes.edits import import_into, import_line
from lint_rules.model.code import (
    Constant,
    Expr,
    Function,
    Import,
    Statement,
    Try,
    With,
)
from lint_rules.model.step import Step
from lint_rules.rules.base import Bad, Good, Rule
from lint_rules.settings.groups import Group


class LateStepImport(Rule):
    """
    ## What it does
    Checks for imports inside a step that are not at its top.

    ## Why is this bad?
    The imports at the top of a step show what its machine or environment needs. If a package is
    missing, the step should fail at once, not after an hour of work.

    Some code must run before an import: it changes `sys.path`, sets an environment variable, or
    installs a package. This code may come before the import. Functions inside the step may have
    their own imports.

    An import may stay where an error is expected: in an `except:` block, and in a `try:` or a
    `with suppress(…)` that catches a failed import. There, the step goes on without the package.
    If the `except:` block raises an error again, the step does not go on, and the rule reports the
    import.

    ## Fix safety
    The fix moves the import up to the other imports.

    It is safe if the code before the import certainly does not matter to it: other imports,
    constants, plain calculations, log lines, and functions that are only defined.

    It is unsafe after other code, such as a call of a helper method, a `return` in a branch, or
    anything that takes time, and if the import is inside a `with` block.

    There is no fix if a statement before the import is likely to change what it imports, or gives
    its name another meaning. There is no fix either for an import in a branch, a loop or a `try:`,
    because the step may not reach it.

    ## References
    The guide, "Imports".
    """

    code, name, fix_safety = "MF305", "late-step-import", Safety.SAFE
    group = Group.STYLE
    bad = [
        Bad(
            """
            from metaflow import FlowSpec, step


            class ArxivTopics(FlowSpec):
                @step
                def start(self):
                    \"\"\"Fetch papers.\"\"\"
                    import json

                    self.papers = json.loads("[]")
                    import numpy as np  # for the counts
                    from topics import (
                        clean,
                        count,
                    )

                    self.counts = np.array(count(clean(self.papers))).tolist()
                    self.next(self.end)

                @step
                def end(self):
                    print("The end.")
                    import logging

                    logging.info("The end.")
            """,
            at=(
                "import numpy as np",
                "from topics import (\n            clean,\n            count,\n        )",
                "import logging",
            ),
            fixed="""
            from metaflow import FlowSpec, step


            class ArxivTopics(FlowSpec):
                @step
                def start(self):
                    \"\"\"Fetch papers.\"\"\"
                    import json

                    import numpy as np  # for the counts
                    from topics import clean, count

                    self.papers = json.loads("[]")

                    self.counts = np.array(count(clean(self.papers))).tolist()
                    self.next(self.end)

                @step
                def end(self):
                    import logging

                    print("The end.")

                    logging.info("The end.")
            """,
        ),
        Bad(
            """
            from metaflow import S3, FlowSpec, step


            class ArxivTopics(FlowSpec):
                @step
                def start(self):
                    with S3(run=self) as s3:
                        import json

                        json.loads(s3.get("papers").text)
            """,
            at="import json",
            fixed="""
            from metaflow import S3, FlowSpec, step


            class ArxivTopics(FlowSpec):
                @step
                def start(self):
                    import json

                    with S3(run=self) as s3:
                        json.loads(s3.get("papers").text)
            """,
        ),
        Bad(
            """
            from metaflow import FlowSpec, step


            class ArxivTopics(FlowSpec):
                @step
                def start(self):
                    topics = 3
                    if self.papers:
                        import plots
                    install("torch")
                    import torch
                    from arxiv import topics
            """,
            at=("import plots", "import torch", "from arxiv import topics"),
        ),
    ]
    good = [
        """
        from metaflow import FlowSpec, step


        class ArxivTopics(FlowSpec):
            @step
            def start(self):
                \"\"\"Fetch papers.\"\"\"
                import json

                self.papers = json.loads("[]")
                self.next(self.end)

            @step
            def end(self):
                pass
        """,
        Good(
            """
            from metaflow import FlowSpec, step


            class ArxivTopics(FlowSpec):
                @step
                def start(self):
                    import os
                    import sys

                    sys.path.append("..")
                    os.environ["OMP_NUM_THREADS"] = "1"
                    os.system("pip install umap")
                    try:
                        import umap
                    except ImportError:
                        umap = None
                    import numpy as np

                    def embed(texts):
                        texts = [text.lower() for text in texts]
                        import torch

                    self.helper(umap, np, embed)

                def helper(self, *args):
                    print(args)
                    import json
            """,
            why="Setup that an import needs, a fallback, and functions that are not steps.",
        ),
    ]

    def check(self, step: Step) -> Iterator[Finding]:
        top = _top(step.function)
        before = BeforeImports(step.function, computed_attributes(step.flow))
        for statement, blocks in _imports(step.function.body_without_docstring, ()):
            if statement not in top:
                names = ", ".join(f"`{name.bound}`" for name in statement.names) or "`*`"
                yield self.finding(
                    statement,
                    f"The step `{step.name}` imports {names} in the middle of its work",
                    "move the import to the top of the step, below the docstring",
                    self.fix(
                        "Move the import up",
                        _hoist(step.function, statement, blocks, before),
                        Safety.SAFE if before.are_inert(statement) else Safety.UNSAFE,
                    ),
                )


def _imports(
    statements: tuple[Statement, ...], around: tuple[Statement, ...]
) -> Iterator[tuple[Import, tuple[Statement, ...]]]:
    """The imports of a step with the blocks that contain them, outermost first. Those that may
    fail, and those that only run after an error, are left out."""
    for statement in statements:
        if isinstance(statement, Import):
            yield statement, around
        for body in statement.blocks:
            if not expects_errors(statement, body, IMPORT_ERRORS):
                yield from _imports(body, (*around, statement))


def _top(function: Function) -> set[Statement]:
    """The imports at the top of a function, including those that need some setup first."""
    found: set[Statement] = set()
    for statement in function.body_without_docstring:
        if isinstance(statement, Import):
            found.add(statement)
        elif isinstance(statement, Try):
            inner = [s for s in statement.walk() if isinstance(s, Import)]
            if not inner:
                break
            found.update(inner)
        elif not (_is_text(statement) or may_change_imports(statement)):
            break
    return found


def _is_text(statement: Statement) -> bool:
    return isinstance(statement, Expr) and isinstance(statement.value, Constant)


def _always_goes_on(block: Statement) -> bool:
    """Whether the code in a block always runs."""
    return isinstance(block, With)


def _hoist(
    function: Function, statement: Import, blocks: tuple[Statement, ...], before: BeforeImports
) -> list[Edit] | None:
    """The edits that move an import to the top, `None` if that may change what it does."""
    if statement.is_star or not all(_always_goes_on(block) for block in blocks):
        return None
    if blocks and any(len(body) == 1 and statement in body for body in blocks[-1].blocks):
        return None
    if not before.allows(statement):
        return None
    line = import_line(statement, statement.names)
    leading = before.leading
    origin = statement.location
    top: list[Edit] = (
        [
            InsertLines(
                leading[-1].location,
                (line,),
                after=True,
                comment_of=origin,
                with_comments_above=True,
            )
        ]
        if leading
        else import_into(function, line, origin)
    )
    return [*top, DeleteStatement(origin, with_comments_above=True)]
