"""MF305."""

from __future__ import annotations

from collections.abc import Iterator

from lint_rules.diagnostics.diagnostic import DeleteStatement, Edit, Finding, InsertLines, Safety
from lint_rules.fixes.edits import import_into, import_line
from lint_rules.model.code import (
    Assignment,
    Block,
    Call,
    Evaluation,
    Expression,
    Function,
    Import,
    Literal,
    Member,
    Reference,
    Statement,
    Subscript,
)
from lint_rules.model.step import Step
from lint_rules.rules.base import Bad, Good, Rule

_WAYS = frozenset(
    [
        "chdir",
        "clone",
        "config",
        "configure",
        "conda",
        "copy",
        "dotenv",
        "download",
        "env",
        "environ",
        "exec",
        "execute",
        "extract",
        "extractall",
        "import",
        "init",
        "install",
        "login",
        "path",
        "pip",
        "popen",
        "putenv",
        "run",
        "setup",
        "syspath",
        "system",
        "unpack",
        "unzip",
        "use",
    ]
)
"""Words in the names of calls that may change what an import finds or does."""

_PLACES = ("sys.path", "sys.modules", "os.environ")


class LateStepImport(Rule):
    """
    ## What it does
    Checks for imports inside a step that are not at its top.

    ## Why is this bad?
    The imports at the top of a step show what its machine or environment needs. If a package is
    missing, the step should fail at once, not after an hour of work.

    Some code must run before an import: it changes `sys.path`, sets an environment variable, or
    installs a package. This code may come before the import. A `try:` with a fallback may contain
    imports. Functions inside the step may have their own imports.

    ## Fix safety
    The fix moves the import up to the other imports. There is no fix if a statement before the
    import could change what it imports. There is no fix either for an import in a branch or a loop,
    because it may never run.

    ## References
    The guide, "Imports".
    """

    code, name, fix_safety = "MF305", "late-step-import", Safety.SAFE
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
        for statement, blocks in _imports(step.function.work, ()):
            if statement not in top:
                names = ", ".join(f"`{name.bound}`" for name in statement.names) or "`*`"
                yield self.finding(
                    statement,
                    f"The step `{step.name}` imports {names} in the middle of its work",
                    "move the import to the top of the step, below the docstring",
                    self.fix("Move the import up", _hoist(step.function, statement, blocks)),
                )


def _imports(
    statements: tuple[Statement, ...], around: tuple[Block, ...]
) -> Iterator[tuple[Import, tuple[Block, ...]]]:
    """The imports of a step with the blocks that contain them, outermost first."""
    for statement in statements:
        if isinstance(statement, Import):
            yield statement, around
        for body in statement.blocks:
            yield from _imports(body, (*around, statement))  # type: ignore[arg-type]


def _top(function: Function) -> set[Statement]:
    """The imports at the top of a function, including those that need some setup first."""
    found: set[Statement] = set()
    for statement in function.work:
        if isinstance(statement, Import):
            found.add(statement)
        elif isinstance(statement, Block) and statement.kind == "try":
            inner = [s for s in statement.walk() if isinstance(s, Import)]
            if not inner:
                break
            found.update(inner)
        elif not (_is_text(statement) or _may_decide(statement)):
            break
    return found


def _is_text(statement: Statement) -> bool:
    return isinstance(statement, Evaluation) and isinstance(statement.value, Literal)


def _may_decide(statement: Statement) -> bool:
    """Whether a statement may change what a later import finds or does."""
    return any(
        _touches(inner) for s in statement.walk() for e in s.expressions for inner in e.walk()
    )


def _touches(expression: Expression) -> bool:
    if isinstance(expression, Reference):
        name = expression.qualified or expression.name
        return name.startswith(_PLACES)
    if isinstance(expression, Call):
        function = expression.function
        if not isinstance(function, Reference | Member):
            return True
        qualified = function.qualified or function.name
        if qualified.startswith(("builtins.", "json.", "metaflow.")):
            return qualified in ("builtins.exec", "builtins.eval", "builtins.__import__")
        words = function.name.replace(".", "_").lower().split("_")
        package = qualified.partition(".")[0]
        return package in ("subprocess", "importlib", "site", "zipimport") or bool(
            _WAYS.intersection(words)
        )
    return False


def _hoist(function: Function, statement: Import, blocks: tuple[Block, ...]) -> list[Edit] | None:
    """The edits that move an import to the top, `None` if that may change what it does."""
    if statement.is_star or any(block.kind != "with" for block in blocks):
        return None
    if blocks and any(len(body) == 1 and statement in body for body in blocks[-1].bodies):
        return None
    before = [s for s in function.statements if s.place < statement.place]
    bound = {name.bound for name in statement.names}
    if any(_may_decide(s) or _binds(s, bound) for s in before):
        return None
    line = import_line(statement, statement.names)
    leading = []
    for first in function.work:
        if not isinstance(first, Import):
            break
        leading.append(first)
    top: list[Edit] = (
        [InsertLines(leading[-1].place, (line,), after=True, comment_of=statement.place)]
        if leading
        else import_into(function, line, statement.place)
    )
    return [*top, DeleteStatement(statement.place)]


def _binds(statement: Statement, names: set[str]) -> bool:
    """Whether a statement gives one of these names another meaning."""
    if isinstance(statement, Import):
        return any(name.bound in names for name in statement.names)
    targets = [target for target, _, _ in statement.bindings]
    if isinstance(statement, Assignment):
        targets += [t.of for t in statement.targets if isinstance(t, Subscript)]
    return any(isinstance(t, Reference) and t.head in names for t in targets)
