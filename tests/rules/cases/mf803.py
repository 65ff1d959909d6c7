from tests.rules.cases import Case

BRANCHES = """\
from metaflow import FlowSpec, step
from own import own


class Base({base}):
    @step
    def join(self{taken}):
        {join}
        self.next(self.end)


class ArxivTopics({of}):
    @step
    def start(self):
        {start}

    {by}@step
    def papers(self):
        {papers}

    @step
    def authors(self):
        self.next(self.{to})

    @step
    def other(self):
        {other}
        self.next(self.end)

    @step
    def end(self): pass
"""


def branches(**parts):
    return BRANCHES.format(
        **{
            "base": "FlowSpec",
            "of": "Base",
            "taken": "",
            "join": "pass",
            "start": "self.next(self.papers, self.authors)",
            "by": "",
            "papers": "self.next(self.join)",
            "to": "join",
            "other": "pass",
            **parts,
        }
    )


CASES = [
    Case(
        "a step of a base flow is checked with the flow that completes it",
        branches(),
        at=("join",),
        says=("joins `papers` and `authors`, but does not take `inputs`",),
    ),
    Case("it takes them", branches(taken=", inputs")),
    Case("a base flow is unknown", branches(base="own.Flow")),
    Case("a decorator of others may make a switch of a split", branches(by="@own\n    ")),
    Case(
        "a step may go on in two ways",
        branches(papers="if own:\n            self.next(self.join)\n        self.next(self.other)"),
    ),
    Case(
        "one that takes its inputs hides no other",
        branches(taken=", inputs", other="print(inputs)"),
        at=("inputs",),
        says=("The step `other` reads `inputs`, but does not take it as an argument",),
    ),
    Case(
        "what a base flow's step reads is reported once",
        branches(join="print(inputs)"),
        at=("inputs",),
    ),
    Case(
        "of several subclasses that have the join, the first reports it",
        branches() + "\n\n" + branches().rpartition("\n\n\n")[2].replace("ArxivTopics", "Arxiv"),
        at=("join",),
    ),
]
