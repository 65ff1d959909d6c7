from tests.rules.cases import Case, flow

SUBCLASSES = """\
from metaflow import FlowSpec, step


class ArxivPapers(FlowSpec):
    @step
    def start(self):
        self.papers = fetch()
        self.next(self.end)

    @step
    def end(self):
        pass


class ArxivTopics(ArxivPapers):
    @step
    def end(self):
        self.papers = fetch()
        self.topics = fetch()
"""

CASES = [
    Case(
        "what a flow sets that it derives from is reported there",
        SUBCLASSES,
        at=("self.papers", "self.topics"),
    ),
    Case(
        "one that is annotated hides no other",
        flow("self.papers: list = fetch()\nself.topics = fetch()\nself.authors = fetch()"),
        at=("self.topics", "self.authors"),
    ),
    Case(
        "a comment stays with the step it is about",
        flow("self.count = 1", body="# Fetch the papers.\n").replace("    # Fetch", "    # Fetch"),
        at=("self.count",),
        fixed=flow("self.count = 1", body="count: int\n\n# Fetch the papers.\n"),
    ),
    *(
        Case(
            f"after {line} it is a list of something",
            flow(f'self.papers = ["a"]\n{line}', body="topics: list[str]\n\n"),
            at=("self.papers",),
            fixed=flow(
                f'self.papers = ["a"]\n{line}', body=f"topics: list[str]\npapers: {type_}\n\n"
            ),
        )
        for line, type_ in (
            ("print(self.papers)", "list[str]"),
            ("self.topics.append(1)", "list[str]"),
            ("self.papers.append(1)", "list"),
            ("self.papers[0] = 1", "list"),
        )
    ),
    Case(
        "another step may make it a list of something else",
        flow('self.papers = ["a"]', "self.papers.append(1)", body="topics: list[str]\n\n"),
        at=("self.papers",),
        fixed=flow(
            'self.papers = ["a"]',
            "self.papers.append(1)",
            body="topics: list[str]\npapers: list\n\n",
        ),
    ),
    Case(
        "or leave it as it is",
        flow('self.papers = ["a"]', "self.topics.append(1)", body="topics: list[str]\n\n"),
        at=("self.papers",),
        fixed=flow(
            'self.papers = ["a"]',
            "self.topics.append(1)",
            body="topics: list[str]\npapers: list[str]\n\n",
        ),
    ),
    Case(
        "other generics do not say that those of lists may stand in a class body",
        flow('self.papers = ["a"]', body="topics: Topics[str]\n\n"),
        at=("self.papers",),
        fixed=flow('self.papers = ["a"]', body="topics: Topics[str]\npapers: list\n\n"),
    ),
]
