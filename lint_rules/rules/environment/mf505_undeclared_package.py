"""MF505."""

from __future__ import annotations

from collections.abc import Iterator

from lint_rules.analysis.data_flow.flow_states import data_flow
from lint_rules.analysis.environments import (
    Environment,
    environment_of,
    imports_of_task,
    libraries_to_unpickle,
    may_be_changed,
)
from lint_rules.diagnostics.diagnostic import Finding
from lint_rules.model.flow import Flow
from lint_rules.python.distributions import brought_by, distribution_of, is_known
from lint_rules.rules.base import Bad, Good, HasLocation, Rule
from lint_rules.settings.groups import Group


class UndeclaredPackage(Rule):
    """
    ## What it does
    Checks steps with `@pypi` or `@conda`, or with a flow's `@pypi_base` or `@conda_base`, for
    packages that their environment does not have. The step, or the flow's file, imports them, or
    the step reads an artifact that is an object of such a package.

    ## Why is this bad?
    The step runs in an environment with the packages that the decorator names, what these bring
    along, and nothing of your own environment. So the import fails:
    "ModuleNotFoundError: No module named 'sklearn'". The same happens when the step reads an
    artifact whose class the environment does not have. The imports at the top of the file run in
    the environment of each step.

    The rule knows which packages about 70 distributions have and bring along. It does not judge
    other packages, nor an environment with other distributions. It also ignores imports in `try`
    and below `if`.

    ## References
    Metaflow, "Managing libraries": "The @pypi decorator".
    """

    code, name = "MF505", "undeclared-package"
    group = Group.CORRECTNESS
    options = ("event-decorators",)
    bad = [
        Bad(
            """
            from metaflow import FlowSpec, pypi, pypi_base, step


            @pypi_base(python="3.11.9", packages={"polars": "1.8.2"})
            class ArxivTopics(FlowSpec):
                @pypi(packages={"numpy": "2.1.1"})
                @step
                def start(self):
                    import numpy as np
                    import polars as pl
                    from sklearn.cluster import KMeans

                    papers = pl.read_csv("papers.csv")
                    self.topics = KMeans().fit_predict(np.asarray(papers)).tolist()
                    self.next(self.end)

                @step
                def end(self):
                    import numpy as np

                    print(np.unique(self.topics))
            """,
            at=("from sklearn.cluster import KMeans",),
        ),
        Bad(
            """
            import pandas as pd
            from metaflow import FlowSpec, conda, step


            class ArxivTopics(FlowSpec):
                @step
                def start(self):
                    self.papers = pd.read_csv("papers.csv")
                    self.next(self.end)

                @conda(packages={"scipy": "1.14.1"})
                @step
                def end(self):
                    print(len(self.papers))
            """,
            at=("import pandas as pd", "self.papers"),
        ),
    ]
    good = [
        """
        from metaflow import FlowSpec, pypi, step


        class ArxivTopics(FlowSpec):
            @pypi(python="3.11.9", packages={"pandas": "2.2.2", "scikit-learn": "1.5.1"})
            @step
            def start(self):
                import numpy as np
                import pandas as pd
                from sklearn.cluster import KMeans

                self.papers = pd.read_csv("papers.csv").to_dict("records")
                self.topics = np.asarray(KMeans().fit_predict(self.papers)).tolist()
                self.next(self.end)

            @step
            def end(self):
                import sklearn

                print(sklearn.__version__)
        """,
        Good(
            """
            from metaflow import FlowSpec, pypi, step

            try:
                import seaborn
            except ImportError:
                seaborn = None


            class ArxivTopics(FlowSpec):
                @pypi(packages={"our-own-package": "1.0"})
                @step
                def start(self):
                    import pandas
                    import requests

                    self.next(self.end)

                @pypi(packages={"numpy": "2.1.1"})
                @step
                def end(self):
                    import our_own_package
                    import requests
            """,
            why="A package that is not known may bring others, and Metaflow itself adds `requests`.",
        ),
    ]

    def check(self, flow: Flow) -> Iterator[Finding]:
        if not flow.knows_its_bases:
            return
        lacking = {
            step: environment
            for step in flow.reported_steps
            if (environment := environment_of(step, flow)) is not None
            and all(map(is_known, environment.packages))
        }
        if not lacking or may_be_changed(flow, self.settings.event_decorators):
            return
        said: set[object] = set()
        for step in flow.all_steps.values():
            if step not in lacking:
                continue
            environment = lacking[step]
            for statement, module in imports_of_task(step, flow):
                for package in sorted(statement.packages()):
                    wanted = _lacks(environment, package)
                    if wanted and statement not in said and not module.resolver.is_own(package):
                        said.add(statement)
                        yield self._finding(
                            statement, f"imports `{package}`", step.name, wanted, environment
                        )
        for read, package in libraries_to_unpickle(data_flow(flow, self.settings.event_decorators)):
            reading = flow.all_steps[read.step]
            wanted = _lacks(lacking[reading], package) if reading in lacking else None
            if wanted and (read.step, read.name) not in said:
                said.add((read.step, read.name))
                what = f"reads `{read.name}`, an object of `{package}`"
                yield self._finding(read.at, what, read.step, wanted, lacking[reading])

    def _finding(
        self, at: HasLocation, what: str, step: str, wanted: str, environment: Environment
    ) -> Finding:
        kind = environment.kind
        return self.finding(
            at,
            f"A task of `{step}` {what}, which the packages of its `@{kind}` do not have",
            f'add `"{wanted}"` with its version to the packages of `@{kind}`',
            related=[(environment.decorator.value, "its environment")],
        )


def _lacks(environment: Environment, package: str) -> str | None:
    """The distribution of a package that an environment certainly does not have."""
    wanted = distribution_of(package)
    return wanted if wanted and wanted not in brought_by(environment.packages) else None
