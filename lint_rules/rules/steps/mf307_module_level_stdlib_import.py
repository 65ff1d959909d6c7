"""MF307."""

from __future__ import annotations

from collections.abc import Iterator

from lint_rules.diagnostics.diagnostic import Finding, Safety
from lint_rules.model.module import Module
from lint_rules.rules.base import Bad, Good, Rule
from lint_rules.rules.steps.mf304_module_level_import import misplaced


class ModuleLevelStdlibImport(Rule):
    """
    ## What it does
    Checks for modules of the standard library that are imported at the top of a flow file and
    used in steps alone.

    ## Why is this bad?
    The guide wants all imports that a step uses inside it. Its reason, that a package may be
    missing where another step runs, does not hold for the standard library, which is there
    wherever Python is. This rule is for teams that want to keep the guide to the letter; see
    `module-level-import` for the rest.

    ## Fix safety
    The fix moves the import to the top of each step that uses it, where only steps use it.

    ## References
    The guide, "Imports".
    """

    code, name, default, fix_safety = (
        "MF307",
        "module-level-stdlib-import",
        False,
        Safety.SAFE,
    )
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
            why="What is used outside steps, and what is not of the standard library.",
        ),
    ]

    def check(self, module: Module) -> Iterator[Finding]:
        yield from misplaced(self, module, stdlib=True)
