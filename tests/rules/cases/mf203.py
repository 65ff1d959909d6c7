from tests.rules.cases import Case, flow

MODE = "{} = Parameter({}, default=lambda _: not current.is_production)\n\n"


def mode(attribute, name, start="pass", end="pass", **around):
    around["body"] = MODE.format(attribute, name) + around.get("body", "")
    return flow(start, end, **around)


def left(shows, code, at="testing"):
    return Case(shows, code, at=(at,))


CASES = [
    Case(
        "quotes stay",
        mode("testing", "'testing'", "print(self.testing, 'x')"),
        at=("testing",),
        fixed=mode("test_mode", "'test-mode'", "print(self.test_mode, 'x')"),
    ),
    Case(
        "only the attribute is renamed, where the name is right",
        mode("testing", '"test-mode"', "print(self.testing.real, tested.real)"),
        at=("testing",),
        fixed=mode("test_mode", '"test-mode"', "print(self.test_mode.real, tested.real)"),
        says=('is named `testing = Parameter("test-mode", …)`',),
    ),
    Case(
        "only the name is changed, where the attribute is right",
        mode("test_mode", '"testing"', "print(self.test_mode)"),
        at=("test_mode",),
        fixed=mode("test_mode", '"test-mode"', "print(self.test_mode)"),
    ),
    Case("a name that is worked out may be right", mode("test_mode", "NAME")),
    Case(
        "beside a name that is worked out",
        mode("testing", "NAME"),
        at=("testing",),
        says=('`testing = Parameter("…", …)`',),
    ),
    Case(
        "what a base flow has is reported once",
        """\
from metaflow import FlowSpec, Parameter, current, step


class Base(FlowSpec):
    testing = Parameter("testing", default=lambda _: not current.is_production)


class ArxivTopics(Base):
    @step
    def start(self): pass


class ArxivPapers(Base):
    @step
    def start(self): pass
""",
        at=("testing",),
    ),
    left(
        "a base flow may read it",
        mode("testing", '"testing"')
        .replace("(FlowSpec)", "(OwnFlow)")
        .replace("\n\nclass", "from own import OwnFlow\n\n\nclass"),
    ),
    left(
        "a base flow in the file reads it",
        """\
from metaflow import FlowSpec, Parameter, current, step


class Base(FlowSpec):
    def is_tested(self): return self.testing


class ArxivTopics(Base):
    testing = Parameter("testing", default=lambda _: not current.is_production)

    @step
    def start(self): pass
""",
    ),
    left(
        "the name may be taken by an artifact", mode("testing", '"testing"', "self.test_mode = 1")
    ),
    left(
        "the name may be taken in the class body",
        mode("testing", '"testing"', body="test_mode = 1\n\n"),
    ),
    left(
        "the name may be taken by a step",
        mode("testing", '"testing"').replace("def end", "def test_mode"),
    ),
    left(
        "the name may be taken by a method",
        mode("testing", '"testing"', body="def test_mode(self): pass\n\n"),
    ),
    left("another task's may be meant", mode("testing", '"testing"', "print(branch.testing)")),
    left("that of a call too", mode("testing", '"testing"', "print(branch().testing)")),
    left("or that of a member", mode("testing", '"testing"', "print(flow.branch.testing)")),
    left(
        "the class body may read it",
        mode("testing", '"testing"', body="quick = testing\n\n"),
    ),
    left("a text may name it", mode("testing", '"testing"', 'print(getattr(self, "testing"))')),
    Case(
        "other texts and names do not",
        mode("testing", '"testing"', 'print(getattr(self, "tested"), testing, tested.x)'),
        at=("testing",),
        fixed=mode("test_mode", '"test-mode"', 'print(getattr(self, "tested"), testing, tested.x)'),
    ),
]
