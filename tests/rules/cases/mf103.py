from tests.rules.cases import Case

FLOWS = """\
from metaflow import FlowSpec, project, step


@project(name="{}")
class Base(FlowSpec):
    pass


@project(name="{}")
class ArxivTopics(Base):
    @step
    def start(self): pass
"""


def names(own, base="arxiv"):
    return FLOWS.format(base, own)


CASES = [
    Case("128 characters are taken", names("a" * 128)),
    Case(
        "129 are not",
        names("a" * 129),
        at=(f'"{"a" * 129}"',),
        says=("has 129 characters, more than 128",),
    ),
    Case("none are not", names(""), at=('""',), says=("is empty",)),
    Case(
        "a good name hides no other",
        names("arxiv", "Arxiv"),
        at=('"Arxiv"',),
        says=("contains `A`",),
    ),
]
