from tests.rules.cases import Case

CODE = """\
from metaflow import FlowSpec, kubernetes, resources, retry, step


class ArxivTopics(FlowSpec):
    @step
    @kubernetes
    @resources(cpu=2)
    @retry
    def start(self):
        pass
"""

CASES = [
    Case(
        "several decorators are listed as people list them",
        CODE,
        at=("@kubernetes",),
        says=("`@kubernetes`, `@resources` and `@retry` of the step `start` are below `@step`",),
        fixed=CODE.replace("    @step\n", "").replace("@retry\n", "@retry\n    @step\n"),
    ),
]
