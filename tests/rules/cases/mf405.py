from tests.rules.cases import Case, flow

HOOK = """\

    def prepare(self):
        pass


if __name__ == "__main__":
    {}()
"""
MIXIN = """\
from metaflow import FlowSpec, step


class Prepared:
    def prepare(self):
        self.papers = []


class Base(FlowSpec):
    def prepare(self):
        self.topics = []


class ArxivTopics(Prepared, Base):
    def prepare(self):
        super().prepare()
        self.authors = []

    @step
    def start(self):
        self.prepare()
        self.next(self.end)

    @step
    def end(self):
        print(self.papers, self.authors, self.topics)
"""
CASES = [
    Case(
        "a name that is looked up without another value",
        flow("print(getattr(self, 'papers'))"),
        at=("getattr(self, 'papers')",),
    ),
    Case("a name that is looked up with another value", flow("getattr(self, 'papers', [])")),
    Case(
        "a method that does nothing, in a flow that its file runs",
        flow("self.prepare()\nprint(self.papers)", below=HOOK.format("ArxivTopics")),
        at=("self.papers",),
    ),
    Case(
        "a method that does nothing, in a flow that may be there for others to derive from",
        flow("self.prepare()\nprint(self.papers)", below=HOOK.format("Other")),
    ),
    Case(
        "a decorator of events sets no artifacts",
        flow("print(self.papers)", above='@namespaced_trigger(event="papers")').replace(
            "\n\n", "\nfrom arxiv_topics.events import namespaced_trigger\n\n", 1
        ),
        at=("self.papers",),
        says=(
            "`start` reads `papers`, which no step sets",
            "set `self.papers` before this line\n",
        ),
    ),
    Case(
        "one of which nothing is known may",
        flow("print(self.papers)", above="@own").replace("\n\n", "\nfrom own import own\n\n", 1),
    ),
    Case(
        "it is reported once, for the first step",
        flow("print(self.papers)", "print(self.papers)"),
        at=("self.papers",),
    ),
    Case(
        "private names hide no other",
        flow("print(self._private, self.papers, self.topics)"),
        at=("self.papers", "self.topics"),
    ),
    Case(
        "a step reads before it sets",
        flow("print(self.papers)\nself.papers = 1"),
        at=("self.papers",),
        says=("`start` reads `papers` before it is set",),
    ),
    Case(
        "two steps set it later",
        flow("print(self.papers)\nself.count = 1")
        .replace(
            "self.next(self.end)\n",
            "self.next(self.more)\n\n    @step\n    def more(self):\n        self.papers = 1\n"
            "        self.next(self.end)\n",
        )
        .replace("        pass\n", "        self.papers = 2\n"),
        at=("self.papers",),
        says=("`start` reads `papers`, which no earlier step sets, only `more` and `end`",),
    ),
    Case(
        "a name like it is suggested, the nearest",
        flow("self.papers = self.paperz = 1", "print(self.papes)"),
        at=("self.papes",),
        says=("or did you mean `self.papers`?",),
    ),
    Case(
        "a parameter has another name on the command line",
        flow("print(self.learning_rate)", body='rate = Parameter("learning-rate", default=1)\n\n'),
        at=("self.learning_rate",),
        says=("read `self.rate`, which has the option `--learning-rate`\n",),
    ),
    Case(
        "`super()` goes to the mixin, which stands before the base flow",
        MIXIN,
        at=("self.topics",),
    ),
]
