from tests.rules.cases import Case

FLOW = """\
from metaflow import FlowSpec, project, step


@project(name="{}")
class {}(FlowSpec):
    @step
    def start(self): pass
"""


def beside(other):
    return {
        "../pyproject.toml": "",
        "../papers/flow.py": FLOW.format(other, "ArxivPapers"),
    }


CASES = [
    *(
        Case(
            f"{other} is made of the same words",
            FLOW.format("arxiv_topics", "ArxivTopics"),
            at=('"arxiv_topics"',),
            says=(f"but `ArxivPapers` is in `{other}`",),
            packages=beside(other),
        )
        for other in ("topics_arxiv", "Arxiv_Topics", "arxiv-topics")
    ),
    *(
        Case(
            f"{other} is another project",
            FLOW.format("arxiv_topics", "ArxivTopics"),
            packages=beside(other),
        )
        for other in ("arxivtopics", "arxiv_papers", "arxiv.topics", "arxiv_topics_topics")
    ),
]
