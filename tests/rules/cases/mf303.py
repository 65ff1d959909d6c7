from tests.rules.cases import Case, flow


def middle(work, **around):
    """A flow with a step between its first and last."""
    lines = "\n".join(f"        {line}" for line in work.splitlines())
    text = flow(**around).replace("self.next(self.end)", "self.next(self.middle)")
    return text.replace(
        "    @step\n    def end",
        f"    @step\n    def middle(self):\n{lines}\n        self.next(self.end)\n\n"
        "    @step\n    def end",
    )


def complex_(work, says, **around):
    return Case(f"{work} is complex", middle(work, **around), at=("middle",), says=(says,))


def simple(work, **around):
    return Case(f"{work} is simple", middle(work, **around))


PARAMETERS = 'years = Parameter("years")\n\n'

CASES = [
    complex_("while more(): a()", "has a loop"),
    complex_("for one in all: a()", "has a loop"),
    complex_("if a: b()", "has a branch"),
    complex_("match a:\n    case 1: b()", "has a branch"),
    complex_("def count(): pass", "defines `count`"),
    complex_('""""""\nif a: b()', "has a branch"),
    complex_("'''  '''\nif a: b()", "has a branch"),
    complex_("if self.limit: a()", "has a branch", body=PARAMETERS),
    complex_("if self.papers.years: a()", "has a branch", body=PARAMETERS),
    complex_("if other.years: a()", "has a branch", body=PARAMETERS),
    complex_("if self.years and more: a()", "has a branch", body=PARAMETERS),
    complex_("if a(): b()", "has a branch", body=PARAMETERS),
    simple("if self.years: a()", body=PARAMETERS),
    simple("if self.years.start.real: a()", body=PARAMETERS),
    simple("if current.is_production: a()"),
    simple("if current.is_production and self.years: a()", body=PARAMETERS),
    simple("match self.years:\n    case 1: b()", body=PARAMETERS),
    simple('"""Say it."""\nif a: b()'),
]
