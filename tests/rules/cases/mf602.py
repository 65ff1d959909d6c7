from tests.rules.cases import Case

TOP = "from metaflow import Flow, namespace\n\n"


def asking(text):
    return TOP + text


CASES = [
    Case(
        "the namespace may be named by its name",
        asking('namespace(ns=None)\nrun = Flow("Papers").latest_run\n'),
        at=('Flow("Papers").latest_run',),
    ),
    Case(
        "a function has its own",
        asking(
            "def find():\n    namespace(None)\n    return Flow('Papers').latest_run\n\n\n"
            "def look():\n    return Flow('Papers').latest_run\n"
        ),
        at=("Flow('Papers').latest_run",),
    ),
    Case(
        "that of a file holds for its functions, the last one",
        asking(
            "def find():\n    return Flow('Papers').latest_run\n\n\n"
            "namespace('project:a')\nnamespace(None)\n"
        ),
        at=("Flow('Papers').latest_run",),
    ),
    Case(
        "but not for what the file does before",
        asking("run = Flow('Papers').latest_run\nnamespace(None)\n"),
    ),
    Case(
        "nor after another",
        asking("namespace(None)\nnamespace('project:a')\nrun = Flow('Papers').latest_run\n"),
    ),
]
