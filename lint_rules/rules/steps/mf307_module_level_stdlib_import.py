"""MF307."""

from __future__ import annotations

from collections.abc import Iterator

from lint_rules.diagnostics.diagnostic import Finding, Safety
from lint_rules.model.module import Module
from lint_rules.rules.base import Bad, Good, Rule
from lint_rules.rules.steps.mf304_module_level_import import misplaced
from lint_rules.settings.groups import Group


class ModuleLevelStdlibImport(Rule):
    """
    ## What it does
    Checks for modules of the standard library that a flow file imports at module level and uses
    only in steps.

    ## Why is this bad?
    The guide asks for all imports of a step inside the step, because a package may be missing on
    another machine. That reason does not apply to the standard library, which every Python has.
    This rule is for teams that want to follow the guide exactly. For all other modules, see
    `module-level-import`.

    ## Fix safety
    The fix moves the import to the top of each step that uses it. It is safe, unsafe and not
    offered under the same conditions as the fix of `module-level-import`.

    ## References
    The guide, "Imports".
    """

    code, name, default, fix_safety = (
        "MF307",
        "module-level-stdlib-import",
        False,
        Safety.SAFE,
    )
    group = Group.STYLE
    options = ("own-packages",)
    bad = [
        Bad(
            """
            import json
            import os.path
            from pathlib import Path
            from metaflow import FlowSpec, step


            class ArxivTopics(FlowSpec):
                @step
                def start(self):
                    self.papers = json.loads(Path("papers.json").read_text())
                    self.next(self.end)

                @step
                def end(self):
                    print(os.path.exists("papers.json"))
            """,
            at=("import json", "import os.path", "from pathlib import Path"),
            fixed="""
            from metaflow import FlowSpec, step


            class ArxivTopics(FlowSpec):
                @step
                def start(self):
                    import json
                    from pathlib import Path

                    self.papers = json.loads(Path("papers.json").read_text())
                    self.next(self.end)

                @step
                def end(self):
                    import os.path

                    print(os.path.exists("papers.json"))
            """,
        ),
    ]
    good = [
        """
        from metaflow import FlowSpec, step


        class ArxivTopics(FlowSpec):
            @step
            def start(self):
                import json

                self.papers = json.loads("[]")
                self.next(self.end)

            @step
            def end(self):
                pass
        """,
        Good(
            """
            from __future__ import annotations

            import os
            from datetime import datetime

            import pandas as pd
            from metaflow import FlowSpec, Parameter, step


            class ArxivTopics(FlowSpec):
                user = Parameter("user", default=os.environ.get("USER", ""))

                @step
                def start(self):
                    print(os.getcwd())
                    pd.read_csv("papers.csv")

                def now(self):
                    return datetime.now()
            """,
            why="A name used outside steps, and a package that is not in the standard library.",
        ),
    ]

    def check(self, module: Module) -> Iterator[Finding]:
        yield from misplaced(self, module, stdlib=True)
