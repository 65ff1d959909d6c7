from tests.rules.cases import Case

NAMESPACE = 'from metaflow import namespace\n\nnamespace("project:papers")\n'
FLOW = """\
from metaflow import FlowSpec, namespace, project, step

{above}
@project(name="{project}")
class ArxivTopics(FlowSpec):
    @step
    def start(self): pass
"""
CALL = ('namespace("project:papers")',)


def beside(project="arxiv", above=""):
    return {
        "../pyproject.toml": "",
        "../topics/flow.py": FLOW.format(project=project, above=above),
    }


CASES = [
    Case(
        "it is of another project",
        NAMESPACE,
        at=CALL,
        says=(
            "but the flows are in the project `arxiv`",
            "`ArxivTopics` is in the project `arxiv`",
        ),
        packages=beside(),
    ),
    Case("it is of this one", NAMESPACE, packages=beside("papers")),
    Case(
        "it is of the project of the settings",
        NAMESPACE,
        options={"project": "papers"},
        packages=beside(),
    ),
    Case(
        "the settings say another",
        NAMESPACE,
        at=CALL,
        says=("but the flows are in the project `topics`", 'namespace("project:topics")'),
        options={"project": "topics"},
        packages=beside(),
    ),
    Case(
        "the settings alone say another",
        NAMESPACE,
        at=CALL,
        says=("but the flows are in the project `topics`", "[]"),
        options={"project": "topics"},
        packages={"../pyproject.toml": ""},
    ),
    Case("there are no flows", NAMESPACE, packages={"../pyproject.toml": ""}),
    Case("no project is known", NAMESPACE, packages=beside('" + find() + "')),
    Case(
        "a flow's file is another rule's, and hides no other",
        NAMESPACE,
        at=CALL,
        packages={
            **beside(),
            "../a/flow.py": FLOW.format(project="arxiv", above='namespace("project:papers")\n\n'),
        },
    ),
    Case(
        "a function chooses when it is called",
        NAMESPACE.replace("namespace(", "x = namespace("),
        packages=beside(),
    ),
]
