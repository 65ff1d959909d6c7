"""MF306."""

from __future__ import annotations

from collections.abc import Iterator

from lint_rules.diagnostics.diagnostic import Finding
from lint_rules.model.code import Import
from lint_rules.model.module import Module
from lint_rules.model.scope import is_metaflow
from lint_rules.rules.base import Bad, Good, Rule


class UnportableImport(Rule):
    """
    ## What it does
    Checks for `from package import *` and relative imports in flow files.

    ## Why is this bad?
    A flow file is run as a script, on each machine that runs one of its steps: a relative import
    fails there, "attempted relative import with no known parent package". A star can stand only
    at module level, where it must work on all of these machines, and hides which names the steps
    need, so that nobody can move them to where they are used.

    Metaflow itself is everywhere; its own names may come by a star.

    ## References
    The guide, "Imports", and its example.
    """

    code, name = "MF306", "unportable-import"
    bad = [
        Bad(
            """
            from metaflow import FlowSpec, step

            from topics.papers import *


            class ArxivTopics(FlowSpec):
                @step
                def start(self):
                    self.papers = fetch()
                    self.next(self.end)

                @step
                def end(self):
                    pass
            """,
            at="from topics.papers import *",
        ),
        Bad(
            """
            import metaflow as mf

            from . import events
            from ..base import Base

            try:
                from .papers import *
            except ImportError:
                pass


            class ArxivTopics(mf.FlowSpec):
                @mf.step
                def start(self):
                    from .papers import fetch
            """,
            at=(
                "from . import events",
                "from ..base import Base",
                "from .papers import *",
                "from .papers import fetch",
            ),
        ),
    ]
    good = [
        """
        from metaflow import FlowSpec, step


        class ArxivTopics(FlowSpec):
            @step
            def start(self):
                from topics.papers import fetch

                self.papers = fetch()
                self.next(self.end)

            @step
            def end(self):
                pass
        """,
        Good(
            """
            from typing import TYPE_CHECKING

            from metaflow import *

            if TYPE_CHECKING:
                from .papers import Paper


            class ArxivTopics(FlowSpec):
                @step
                def start(self):
                    pass
            """,
            why="Metaflow is everywhere, and an import for type checkers never runs.",
        ),
        Good(
            """
            from metaflow import FlowSpec, project

            from .papers import *


            @project(name="arxiv_topics")
            class Base(FlowSpec):
                pass
            """,
            why="A file with a base flow alone is imported, never run.",
        ),
    ]

    def check(self, module: Module) -> Iterator[Finding]:
        if not module.runnable:
            return
        top = {s for s in module.statements if isinstance(s, Import)}
        for statement in module.descendants.imports:
            if statement in top and statement not in module.imports:
                continue
            origin = "." * statement.level + (statement.module or "")
            if statement.level:
                yield self.finding(
                    statement,
                    f"The flow file imports from `{origin}`, relative to a package that a script "
                    "does not have",
                    "import by the full name of the package",
                )
            elif statement.is_star and not is_metaflow(origin):
                yield self.finding(
                    statement,
                    f"The flow file imports all names of `{origin}` at once",
                    "import the names that a step needs at the top of that step",
                )
