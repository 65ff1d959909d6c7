from tests.rules.cases import Case

FLOW = """\
from metaflow import FlowSpec, step


class ArxivTopics(FlowSpec):
    @step
    def start(self):
        self.common = 1
        self.next(self.a, self.b)

    @step
    def a(self):
        self.x = 1
        self.next(self.join)

    @step
    def b(self):
        self.y = 1
        self.next(self.join)

    @step
    def join(self, inputs):
        {join}
        self.next(self.end)

    @step
    def end(self):
        pass

    def take(self, one):
        return one.y

    def total(self, many):
        return sum(one.y for one in many)
"""


def joined(join, *at, says=()):
    return Case(join, FLOW.format(join=join), at=at, says=says)


CASES = [
    joined(
        "print(inputs.a.y)",
        "inputs.a.y",
        says=(
            "`join` reads `y` from its inputs, but `a` does not have it",
            "read it from the branch that sets it (`b`)",
        ),
    ),
    joined("print(inputs.b.y, inputs.a.common)"),
    joined("best = len(list(inputs)) - 1; print(inputs[best].common, inputs[best].y)"),
    joined("print(inputs[self.of()].common)"),
    joined("best = max(range(2)); print(inputs[best].z)", "inputs[best].z"),
    joined("print(self.take(inputs.a))", "one.y"),
    joined("print(self.take(inputs.b))"),
    joined("print(self.total(inputs))", "one.y"),
    joined("one = inputs.a; print(one.y)", "one.y"),
    joined("print([one.x for one in inputs])", "one.x"),
    joined("print([one.x for one in inputs if one.common > 1])"),
    joined("print([getattr(one, 'x', 0) for one in inputs])"),
    joined("print(max(inputs, key=lambda one: one.common).x)"),
    joined(
        "print(max(inputs, key=lambda one: one.common).z)",
        "max(inputs, key=lambda one: one.common).z",
    ),
    joined("print(inputs[0].x)"),
    joined("print(inputs[0].z)", "inputs[0].z"),
    joined(
        "print(inputs.c.x)", "inputs.c.x", says=("has no branch `c`: its inputs are `a` and `b`",)
    ),
    joined("print(sorted(inputs, key=lambda one: one.common)[0].x)"),
]
