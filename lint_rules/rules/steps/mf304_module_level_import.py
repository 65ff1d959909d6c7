"""MF304."""

from __future__ import annotations

from collections.abc import Iterator

from lint_rules.analysis.import_uses import ImportUse, is_movable, use_of
from lint_rules.analysis.stdlib import STDLIB
from lint_rules.diagnostics.diagnostic import (
    DeleteStatement,
    Edit,
    Finding,
    Replace,
    Safety,
)
from lint_rules.fixes.edits import import_into, import_line, is_bound_once
from lint_rules.metaflow.packages import PACKAGES
from lint_rules.model.code import Import, ImportedName
from lint_rules.model.module import Module
from lint_rules.rules.base import Bad, Good, Rule
from lint_rules.settings.groups import Group

_METAFLOW = frozenset({"metaflow", "metaflow_extensions", *PACKAGES})


class ModuleLevelImport(Rule):
    """
    ## What it does
    Checks for modules that a flow file imports at module level and uses only in steps.

    ## Why is this bad?
    Steps can run on different machines, in different environments. A package may be installed for
    one step but not for another. Often it is not installed on the machine that starts or deploys
    the flow. An import at module level must work in all these places. An import inside a step must
    work only for that step.

    These imports may stay at module level:

    - Metaflow itself;
    - the standard library (see `module-level-stdlib-import`);
    - names that code outside steps uses too;
    - imports for type checkers;
    - packages of the same repository that Metaflow packages only because the flow's file imports
      them: those with `METAFLOW_PACKAGE_POLICY = "include"` (see `unshipped-package`).

    Modules beside the flow's file are not among them. Metaflow packages the whole folder, and they
    often import packages that only some steps have.

    ## Fix safety
    The fix moves the import to the top of each step that uses it.

    It is safe if code at module level certainly does not matter to the import: other imports,
    constants, functions, flows, log lines, and a guard that starts the flow.

    It is unsafe if there is other code at module level, such as a call or a decorator of another
    package: it may change what the import finds or does. It is also unsafe if code looks up names
    while it runs (`globals()`, `eval`, `mock.patch`), and if the file reaches the module through
    another import (`import xml` next to `import xml.etree.ElementTree as ET`).

    There is no fix

    - if something else in the file binds the name;
    - for an import under `if` or `try`, and a relative import;
    - for a package of the same repository, because that may set something up for others when it
      is imported.

    A name that the file lists in `__all__`, names in an annotation in quotes or declares `global`,
    and one that another file of the repository takes from this one, counts as used outside of
    steps, so the rule does not report it.

    ## References
    The guide, "Imports".
    """

    code, name, fix_safety = "MF304", "module-level-import", Safety.SAFE
    group = Group.STYLE
    options = ("own-packages",)
    bad = [
        Bad(
            """
            import pandas as pd  # 2.2 or newer
            from metaflow import FlowSpec, step


            class ArxivTopics(FlowSpec):
                @step
                def start(self):
                    self.papers = pd.read_csv("papers.csv").to_dict(orient="records")
                    self.next(self.end)

                @step
                def end(self):
                    pass
            """,
            at="import pandas as pd",
            fixed="""
            from metaflow import FlowSpec, step


            class ArxivTopics(FlowSpec):
                @step
                def start(self):
                    import pandas as pd  # 2.2 or newer

                    self.papers = pd.read_csv("papers.csv").to_dict(orient="records")
                    self.next(self.end)

                @step
                def end(self):
                    pass
            """,
        ),
        Bad(
            """
            from metaflow import FlowSpec, step
            from sklearn.cluster import (
                DBSCAN,
                KMeans as Means,
            )


            class ArxivTopics(FlowSpec):
                clusters = DBSCAN

                @step
                def start(self):
                    \"\"\"Start.\"\"\"
                    # as many as there are topics
                    model = Means(3)
                    self.next(self.end)

                @step
                def end(self):
                    Means(4)
            """,
            at="from sklearn.cluster import (\n    DBSCAN,\n    KMeans as Means,\n)",
            fixed="""
            from metaflow import FlowSpec, step
            from sklearn.cluster import DBSCAN


            class ArxivTopics(FlowSpec):
                clusters = DBSCAN

                @step
                def start(self):
                    \"\"\"Start.\"\"\"
                    from sklearn.cluster import KMeans as Means

                    # as many as there are topics
                    model = Means(3)
                    self.next(self.end)

                @step
                def end(self):
                    from sklearn.cluster import KMeans as Means

                    Means(4)
            """,
        ),
        Bad(
            """
            from metaflow import FlowSpec, step
            from sklearn.cluster import (
                # by density
                DBSCAN,
            )


            class ArxivTopics(FlowSpec):
                @step
                def start(self):
                    DBSCAN()
            """,
            at="from sklearn.cluster import (\n    # by density\n    DBSCAN,\n)",
        ),
        Bad(
            """
            from metaflow import FlowSpec, step

            try:
                import numpy as np
            except ImportError:
                np = None


            class ArxivTopics(FlowSpec):
                @step
                def start(self):
                    np.zeros(3)
            """,
            at="import numpy as np",
        ),
        Bad(
            """
            from metaflow import FlowSpec, step

            from topics.papers import fetch


            class ArxivTopics(FlowSpec):
                @step
                def start(self):
                    self.papers = fetch()
            """,
            at="from topics.papers import fetch",
            packages={
                "../pyproject.toml": "",
                "../topics/__init__.py": "",
                "../topics/papers.py": "",
            },
        ),
    ]
    good = [
        Good(
            """
            import requests
            from metaflow import FlowSpec, step


            def fetch(url):
                return requests.get(url).json()


            class ArxivTopics(FlowSpec):
                @step
                def start(self):
                    self.papers = requests.get("https://example.org").json()
            """,
            why="A function at module level uses it too, and needs it there.",
        ),
        """
        from metaflow import FlowSpec, step


        class ArxivTopics(FlowSpec):
            @step
            def start(self):
                import pandas as pd

                self.papers = pd.read_csv("papers.csv").to_dict(orient="records")
                self.next(self.end)

            @step
            def end(self):
                pass
        """,
        Good(
            """
            import json

            import metaflow
            import pandas as pd
            import torch
            from metaflow.cards import Markdown
            from metaflow import FlowSpec, Parameter, step


            class ArxivTopics(FlowSpec):
                device = Parameter("device", default=torch.device("cpu").type)

                @step
                def start(self):
                    import numpy as pd

                    json.dumps(pd.zeros(3).tolist() + torch.zeros(3).tolist())
                    Markdown("#")
            """,
            why="The standard library, a name used outside steps, and a name hidden by a local import.",
        ),
        Good(
            """
            from typing import TYPE_CHECKING

            from metaflow import FlowSpec, step

            if TYPE_CHECKING:
                import pandas as pd


            class ArxivTopics(FlowSpec):
                @step
                def start(self):
                    papers: pd.DataFrame = load()
            """,
            why="An import for type checkers never runs.",
        ),
        Good(
            """
            import pandas as pd
            from metaflow import FlowSpec, step


            class ArxivTopics(FlowSpec):
                @step
                def start(self):
                    self.papers = self.load()

                def load(self):
                    return pd.read_csv("papers.csv").to_dict(orient="records")
            """,
            why="A helper method uses it.",
        ),
        Good(
            """
            import topics
            from metaflow import FlowSpec, step


            class ArxivTopics(FlowSpec):
                @step
                def start(self):
                    self.papers = topics.LATEST
            """,
            why="Metaflow includes a package with the policy only if the file imports it.",
            packages={
                "../pyproject.toml": "",
                "../src/topics/__init__.py": 'METAFLOW_PACKAGE_POLICY = "include"\n',
            },
        ),
    ]

    def check(self, module: Module) -> Iterator[Finding]:
        yield from misplaced(self, module, stdlib=False)


def misplaced(rule: Rule, module: Module, *, stdlib: bool) -> Iterator[Finding]:
    """The imports at module level that should be in steps.

    Args:
        stdlib: whether to check the standard library, or all other modules.
    """
    for statement in module.imports:
        packages = statement.packages()
        if statement.is_star or packages & _METAFLOW or "__future__" in packages:
            continue
        if bool(packages & STDLIB) is not stdlib:
            continue
        own = any(module.resolver.is_own(package) for package in packages)
        if own and all(module.resolver.must_be_seen(package) for package in packages):
            continue
        uses = [
            use
            for use in (use_of(name, module) for name in statement.names)
            if use.is_only_in_steps
        ]
        if not uses:
            continue
        steps = dict.fromkeys(step for use in uses for step in use.steps)
        yield rule.finding(
            statement,
            f"{_imported(statement, [use.name for use in uses])} imported at module level but used "
            "only in steps",
            _help([f"`{step.name}`" for step in steps], is_one=len(uses) == 1),
            rule.fix(
                "Move the import into the steps",
                None if own else _move(statement, uses, module),
                Safety.SAFE if is_movable(statement, uses, module) else Safety.UNSAFE,
            ),
        )


def _move(statement: Import, uses: list[ImportUse], module: Module) -> list[Edit] | None:
    """The edits that move some names of an import into the steps that use them."""
    if statement not in module.body or statement.level:
        return None
    if any(_is_bound_again(use.name, module) for use in uses):
        return None
    moving = [use.name for use in uses]
    staying = [name for name in statement.names if name not in moving]
    edits: list[Edit] = (
        [Replace(statement.location, import_line(statement, staying))]
        if staying
        else [DeleteStatement(statement.location, with_comments_above=True)]
    )
    for step in dict.fromkeys(step for use in uses for step in use.steps):
        line = import_line(statement, [use.name for use in uses if step in use.steps])
        edits += import_into(step.function, line, None if staying else statement.location)
    return edits


def _is_bound_again(name: ImportedName, module: Module) -> bool:
    """Whether something else binds the name, or it has another one in methods (`__name`)."""
    return name.bound.startswith("__") or not is_bound_once(name, module)


def _imported(statement: Import, names: list[ImportedName]) -> str:
    """The names that are to move, with the module that they are imported from."""
    if len(names) == 1:
        return f"{_shown(statement, names[0])} is"
    if not statement.is_from:
        return f"{_listed([_shown(statement, name) for name in names])} are"
    origin = f"{'.' * statement.level}{statement.module or ''}"
    return f"{_listed([f'`{name.name}`' for name in names])} of `{origin}` are"


def _help(steps: list[str], *, is_one: bool) -> str:
    if is_one or len(steps) == 1:
        return f"import {'it' if is_one else 'them'} at the top of {_listed(steps)}"
    return f"import each at the top of the steps that use it ({_listed(steps)})"


def _shown(statement: Import, name: ImportedName) -> str:
    if not statement.is_from:
        return f"`{name.name}`"
    dots = "." * statement.level
    return f"`{dots}{statement.module}.{name.name}`" if statement.module else f"`{dots}{name.name}`"


def _listed(words: list[str]) -> str:
    """Words in a sentence: `a`, `a and b`, `a, b and c`."""
    *first, last = words
    return f"{', '.join(first)} and {last}" if first else last
