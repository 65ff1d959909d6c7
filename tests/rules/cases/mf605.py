from tests.rules.cases import Case, flow

PROJECT = '@project(name="arxiv_topics")'
LATEST = "Flow('Papers').latest_run"


def asking(namespace):
    return flow(
        f"print({LATEST})",
        top=f"from metaflow import Flow, namespace\n\n{namespace}",
        above=PROJECT,
    )


CASES = [
    *(
        Case(f"{namespace} is a project's", asking(namespace), at=(LATEST,))
        for namespace in (
            'namespace("project:arxiv")',
            'namespace(ns="project:arxiv")',
            'namespace(f"project:{name}")',
        )
    ),
    *(
        Case(f"{namespace} is not", asking(namespace))
        for namespace in (
            'namespace("user:project:me")',
            "namespace(None)",
            "namespace(3)",
            'namespace(f"{name}project:arxiv")',
            'namespace(f"user:{name}")',
            'namespace("")',
        )
    ),
    Case(
        "a step that chooses another hides no other step",
        flow(
            f"namespace(None)\nprint({LATEST})",
            f"print({LATEST})",
            top='from metaflow import Flow, namespace\n\nnamespace("project:arxiv")',
            above=PROJECT,
        ),
        at=(LATEST,),
    ),
    Case(
        "the name is given by its name there too",
        flow(
            f'namespace(ns="user:me")\nprint({LATEST})',
            top='from metaflow import Flow, namespace\n\nnamespace("project:arxiv")',
            above=PROJECT,
        ),
    ),
]
