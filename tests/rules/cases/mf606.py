from lint_rules.rules.base import dedent
from tests.rules.cases import Case

PAPERS = """\
from metaflow import FlowSpec, Parameter, step


class ArxivPapers(FlowSpec):
    LIMIT = 10
    year = Parameter("year", default=2024)

    @step
    def start(self):
        self.years = [1, 2]
        self.next(self.fetch, foreach="years")

    @step
    def fetch(self):
        self.papers = [self.input]
        self.next(self.join)

    @step
    def join(self, inputs):
        self.papers = [paper for one in inputs for paper in one.papers]
        self.next(self.end)

    @step
    def end(self):
        self.count = len(self.papers)
"""
RUNS = """\
from metaflow import Flow, Run, namespace


def everywhere():
    namespace(None)


def latest_run(name, tag=None) -> Run:
    for run in Flow(name).runs(tag):
        if run.successful:
            return run
    raise LookupError(name)


def newest(name):
    return Flow(name).latest_run
"""
PACKAGES = {"../pyproject.toml": "", "../papers/flow.py": PAPERS, "../own/__init__.py": ""}


def read(text):
    """A file that reads results."""
    return "from metaflow import Flow, Run, Step, Task\n\n\n" + dedent(text)


GETTERS = """\
from metaflow import Flow
from own.runs import latest_run


def papers(name):
    print(Flow(name).latest_run, latest_run("ArxivPapers").data.papers)
    return latest_run("ArxivPaper").data.papers, Flow("Other").latest_run.data.topics
"""
NAMESPACE = 'from metaflow import namespace\n\nnamespace("project:arxiv")\n'
IN_PROJECT = PAPERS.replace("class", '@project(name="arxiv")\nclass').replace(
    "step\n", "project, step\n", 1
)


def in_package(shows, namespace, flow, at=(), getters=GETTERS):
    """Getters in a package that sets a namespace, next to a flow."""
    packages = {
        "../pyproject.toml": "",
        "../papers/flow.py": flow,
        "../own/runs.py": RUNS,
        "__init__.py": namespace,
    }
    return Case(shows, getters, at=at, packages=packages)


CASES = [
    in_package(
        "a flow that is not there, in a package that sets the namespace of the project",
        NAMESPACE,
        IN_PROJECT,
        ('latest_run("ArxivPaper")', 'Flow("Other")'),
    ),
    in_package(
        "a flow is named once, and not again by each caller of the function that names it",
        NAMESPACE,
        IN_PROJECT,
        ('Flow("Other")',),
        getters=read(
            """
            def topics():
                return Flow("Other").latest_run.data.topics


            def print_topics():
                print(topics())
            """
        ),
    ),
    *(
        in_package(
            f"the run with an id may be of a flow that is gone, or of another repository: {run}",
            NAMESPACE,
            IN_PROJECT,
            getters=read(f"def topics(run_id):\n    return {run}"),
        )
        for run in (
            'Run(f"Other/{run_id}").data.topics',
            'Run("Other/12").data.topics',
            'Step("Other/12/end").task.data.topics',
            'Task("Other/" + run_id).data.topics',
        )
    ),
    *(
        in_package(
            f"a file that looks at other namespaces: {change}",
            NAMESPACE,
            IN_PROJECT,
            getters=f"{imports}\nfrom metaflow import Flow\n\n\n"
            f"def topics():\n    {change}\n    return Flow('Other').latest_run.data.topics\n",
        )
        for imports, change in (
            ("from metaflow import namespace", "namespace(None)"),
            ("from metaflow import namespace", "namespace(f'user:{name}')"),
            ("from own.runs import everywhere", "everywhere()"),
            ("from elsewhere import namespace_context", "with namespace_context(None): pass"),
        )
    ),
    in_package("a package that sets no namespace", "", IN_PROJECT),
    in_package("flows without a project", NAMESPACE, PAPERS),
    Case(
        "through functions of the project, in a file that does not mention Metaflow",
        dedent(
            """
            from own.runs import latest_run, newest


            def papers(**which):
                data = latest_run("ArxivPapers", **which).data
                return data.papers, data.titles, newest("ArxivPapers").data.titel
            """
        ),
        at=("data.titles", 'newest("ArxivPapers").data.titel'),
        says=("No step of `ArxivPapers` sets `titles`",),
        packages={**PACKAGES, "../own/runs.py": RUNS},
    ),
    Case(
        "what is lost at the join, and what a join hands on",
        read(
            """
            def papers():
                run = Flow("ArxivPapers").latest_successful_run
                return run.data.years, run.data.papers, run.data.year, run.data.LIMIT
            """
        ),
        at=("run.data.years",),
        says=("`end` of `ArxivPapers` does not have `years`, but `start`, `fetch` have it",),
        packages=PACKAGES,
    ),
    Case(
        "runs, steps and tasks that are looped over, and a step that does not exist",
        read(
            """
            def papers():
                for run in Flow("ArxivPapers").runs():
                    for task in run["fetch"]:
                        print(task.data.count, task.data.papers)
                    print(run["fetched"].task)
                print(next(iter(Flow("ArxivPapers"))).data.titles)
            """
        ),
        at=(
            "task.data.count",
            'run["fetched"]',
            'next(iter(Flow("ArxivPapers"))).data.titles',
        ),
        says=("does not have `count`", "did you mean `fetch`?"),
        packages=PACKAGES,
    ),
    Case(
        "what is not known: the flow, the step, other attributes, errors that are expected",
        read(
            """
            def papers(name, step, run):
                print(Flow(name).latest_run.data.titles, run.data.titles)
                print(Run(f"{name}/1").data.titles, Step(f"ArxivPapers/1/{step}").task.data.papers)
                print(Flow("ArxivPapers").latest_run.tags, Flow("ArxivPapers").latest_run.data._x)
                try:
                    return Flow("ArxivPapers").latest_run.data.titles
                except AttributeError:
                    return None
            """
        ),
        packages=PACKAGES,
    ),
    Case(
        "a flow that sets artifacts in a way that cannot be seen",
        read("print(Flow('ArxivPapers').latest_run.data.titles)"),
        packages={
            **PACKAGES,
            "../papers/flow.py": PAPERS.replace(
                "self.count =",
                "for name in self.names: setattr(self, name, 1)\n        self.count =",
            ),
        },
    ),
]
