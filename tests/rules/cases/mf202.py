from tests.rules.cases import Case, flow

SUBCLASSES = """\
from metaflow import FlowSpec, Parameter, step


class Base(FlowSpec):
    test_mode = Parameter("test-mode", type=bool, default=False)


class ArxivTopics(Base):
    @step
    def start(self): pass


class ArxivPapers(Base):
    @step
    def start(self): pass
"""
PROJECT = '@project(name="arxiv_topics")'
WANTED = "lambda _: not current.is_production"


def mode(arguments, top=""):
    return flow(
        above=PROJECT,
        top=top,
        body=f"test_mode = Parameter({arguments})\n\n",
    )


CASES = [
    Case("nothing is reported in a flow without one", flow(above=PROJECT)),
    Case(
        "what a base flow has is reported once",
        SUBCLASSES,
        at=("test_mode",),
        fixed=SUBCLASSES.replace("False", "True"),
    ),
    Case("options from elsewhere may hold the default", mode('"test-mode", **options')),
    *(
        Case(f"{default} is on", mode(f'"test-mode", default={default}, type=bool'))
        for default in ("lambda _: True", "True", "own", "own()", WANTED)
    ),
    *(
        Case(
            f"{default} is off",
            mode(f'"test-mode", default={default}, type=bool'),
            at=("test_mode",),
            fixed=mode(f'"test-mode", default={WANTED}, type=bool'),
        )
        for default in ("lambda _: False", "lambda _: None", "lambda _: 1", "False", "not True")
    ),
    Case(
        "it may have a name alone",
        mode('"test-mode"'),
        at=("test_mode",),
        fixed=mode(f'"test-mode", default={WANTED}, type=bool'),
    ),
]
