"""MF306."""

from __future__ import annotations

from collections.abc import Iterator

from lint_rules.diagnostics.diagnostic import Finding
from lint_rules.model.code import Import
from lint_rules.model.module import Module
from lint_rules.model.scope import is_metaflow
from lint_rules.rules.base import Bad, Good, Rule
from lint_rules.settings.groups import Group


class UnportableImport(Rule):
    """
    ## What it does
    Checks for `from package import *` and relative imports in flow files.

    ## Why is this bad?
    Every machine that runs a step runs the flow file as a script. A relative import fails there:
    "attempted relative import with no known parent package". Python allows `import *` only at
    module level, so it must work on all of these machines. It also hides which names the steps use,
    so nobody can move the imports into the steps.

    The rule allows `from metaflow import *`, because Metaflow is installed on every machine.

    ## References
    The guide, "Imports", and its example.
    """

    code, name = "MF306", "unportable-import"
    group = Group.SUSPICIOUS
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
            why="Every machine has Metaflow, and an import for type checkers never runs.",
        ),
        Good(
            """
            from metaflow import FlowSpec, project

            from .papers import *


            @project(name="arxiv_topics")
            class Base(FlowSpec):
                pass
            """,
            why="A file with only a base flow is imported, and never run.",
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
                    f"The flow file imports from `{origin}`, but a relative import fails in a file that "
                    "runs as a script",
                    _help(statement, module),
                )
            elif statement.is_star and not is_metaflow(origin):
                yield self.finding(
                    statement,
                    f"The flow file imports all names of `{origin}`",
                    "import the names that a step needs at the top of that step",
                )


def _help(statement: Import, module: Module) -> str:
    line = _absolute(statement, module)
    return f"write `{line}`" if line else "import with the full name of the package"


def _absolute(statement: Import, module: Module) -> str | None:
    """A relative import with the whole name, without one if it leads out of the package."""
    folder, up = module.resolver.folder, statement.level - 1
    names: list[str] = []
    while folder is not None and module.resolver.files.has_file(folder / "__init__.py"):
        names.insert(0, folder.name)
        folder = folder.parent
    if (up and up >= len(names)) or statement.is_star:
        return None
    origin = ".".join([*names[: len(names) - up], *filter(None, [statement.module])])
    listed = ", ".join(f"{n.name} as {n.alias}" if n.alias else n.name for n in statement.names)
    return f"from {origin} import {listed}" if origin else f"import {listed}"
