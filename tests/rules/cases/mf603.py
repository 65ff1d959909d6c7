from tests.rules.cases import Case

FLOW = """\
from metaflow import FlowSpec, project, step


@project(name="arxiv")
class ArxivTopics(FlowSpec):
    @step
    def start(self):
        {work}
"""
SETS = 'from metaflow import namespace\n\nnamespace("project:arxiv")\n'
GETTER = 'from metaflow import Flow\n\n\ndef get():\n    return Flow("Papers").latest_run\n'


def packages(**files):
    return {
        "../pyproject.toml": "",
        **{f"../src/{name.replace('__', '/')}.py": text for name, text in files.items()},
    }


def importing(*names):
    return FLOW.format(work="; ".join(f"import {name}" for name in names))


AT = ('"arxiv"',)

CASES = [
    Case(
        "a package that sets it hides no other",
        importing("first", "second"),
        at=AT,
        says=("The package `second` does not set",),
        packages={
            **packages(first__results=GETTER, second__results=GETTER),
            "../src/first/__init__.py": SETS,
            "../src/second/__init__.py": "import os\n",
        },
    ),
    Case(
        "a package that reads no results needs none",
        importing("first"),
        packages={**packages(first__counts="import json\n"), "../src/first/__init__.py": ""},
    ),
    Case(
        "one that is called like the project does",
        importing("arxiv"),
        at=AT,
        packages={**packages(arxiv__counts=""), "../src/arxiv/__init__.py": "import os\n"},
    ),
    Case(
        "flows in it read for themselves",
        importing("first"),
        packages={
            **packages(first__flow=FLOW.format(work='Flow("A").latest_run')),
            "../src/first/__init__.py": "",
        },
    ),
    Case(
        "the package that a flow stands in is meant too",
        FLOW.format(work="pass"),
        at=AT,
        says=("The package `flows` does not set",),
        packages={"../pyproject.toml": "", "__init__.py": "import os\n", "results.py": GETTER},
    ),
    *(
        Case(
            f"{name} is for tests",
            importing(name),
            packages={
                "../pyproject.toml": "",
                f"../src/{name}/__init__.py": "",
                f"../src/{name}/results.py": GETTER,
            },
        )
        for name in ("test", "tests", "test_arxiv")
    ),
]
