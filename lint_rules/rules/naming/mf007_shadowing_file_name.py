"""MF007."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from lint_rules.diagnostics.diagnostic import Finding
from lint_rules.metaflow import facts
from lint_rules.model.module import Module
from lint_rules.rules.base import Bad, Rule
from lint_rules.settings.groups import Group
from lint_rules.workspace.snapshot import Files, remembered


class ShadowingFileName(Rule):
    """
    ## What it does
    Checks the names of flow files, and of modules and packages in their folder.

    They must not be `metaflow`, or the name of a module of the standard library that Metaflow
    imports.

    ## Why is this bad?
    Python looks for modules first in the folder of the file that it runs. So Metaflow imports your
    file instead of the module, and stops, often with a message that names neither: "AttributeError:
    partially initialized module 'random' has no attribute 'Random' (most likely due to a circular
    import)", "ImportError: cannot import name 'FlowSpec' from 'metaflow'".

    The list of these names comes from trying each of them.

    ## References
    Python, "The initialization of the sys.path module search path".
    """

    code, name = "MF007", "shadowing-file-name"
    group = Group.CORRECTNESS
    bad = [
        Bad(
            """
            from metaflow import FlowSpec, step


            class ArxivTopics(FlowSpec):
                @step
                def start(self):
                    self.next(self.end)

                @step
                def end(self):
                    pass
            """,
            at="ArxivTopics",
            packages={"random.py": ""},
        ),
        Bad(
            """
            from metaflow import FlowSpec, step


            class ArxivTopics(FlowSpec):
                @step
                def start(self):
                    self.next(self.end)

                @step
                def end(self):
                    pass
            """,
            at="ArxivTopics",
            packages={"logging/__init__.py": ""},
        ),
    ]
    good = [
        """
        from metaflow import FlowSpec, step


        class ArxivTopics(FlowSpec):
            @step
            def start(self):
                self.next(self.end)

            @step
            def end(self):
                pass
        """,
    ]

    def check(self, module: Module) -> Iterator[Finding]:
        path, folder = module.resolver.path, module.resolver.folder
        if not module.runnable or path is None or folder is None:
            return
        files, names = module.resolver.files, facts().shadowing_modules
        flow = module.runnable[0]
        if path.stem in names and path.suffix == ".py":
            yield self.finding(
                flow,
                f"The file of the flow `{flow.name}` is called `{path.name}`, like a module that "
                "Metaflow imports",
                f"give the file another name, such as `{path.stem}_flow.py`",
            )
        for name, kind in _shadowing(files, folder):
            if folder / name != path:
                stem = name.removesuffix(".py")
                yield self.finding(
                    flow,
                    f"The {kind} `{name}` beside the flow `{flow.name}` is imported instead of the "
                    f"module `{stem}`, which Metaflow needs",
                    f"give the {kind} another name",
                )


@remembered
def _shadowing(files: Files, folder: Path) -> tuple[tuple[str, str], ...]:
    """The modules and packages in a folder that shadow others, each with what it is."""
    names = facts().shadowing_modules
    found = []
    for name in sorted(files.names_in(folder)):
        stem = name.removesuffix(".py")
        if stem in names and files.has_file(folder / name / "__init__.py"):
            found.append((name, "folder"))
        elif stem in names and stem != name and files.has_file(folder / name):
            found.append((name, "file"))
    return tuple(found)
