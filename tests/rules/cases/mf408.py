from tests.rules.cases import Case, flow

YEAR = 'year = Parameter("year")\n\n'

CASES = [
    Case("del", flow("del self.year", body=YEAR), at=("self.year",)),
    Case(
        "setattr",
        flow('setattr(self, "year", 1)', body=YEAR),
        at=('setattr(self, "year", 1)',),
        says=("`start` sets the Parameter `year`",),
    ),
    Case(
        "setattr of another",
        flow('setattr(self, "month", 1)\nsetattr(papers, "year", 1)', body=YEAR),
    ),
    Case(
        "an artifact hides no parameter",
        flow("self.papers = 1\nself.year = 2", body=YEAR),
        at=("self.year",),
    ),
    Case(
        "a base flow sets what only one of its subclasses has as a parameter",
        """\
from metaflow import FlowSpec, Parameter, step


class Base(FlowSpec):
    def set(self): self.year = 1


class ArxivPapers(Base):
    @step
    def start(self): pass


class ArxivTopics(Base):
    year = Parameter("year")

    @step
    def start(self): pass
""",
        at=("self.year",),
    ),
]
