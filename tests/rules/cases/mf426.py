from tests.rules.cases import Case

FLOW = """\
from metaflow import FlowSpec, step


class ArxivTopics(FlowSpec):
    @step
    def start(self):
        self.years = {years}
        self.found = []
        self.next(self.count, foreach="years")

    @step
    def count(self):
        self.total = find(self.input)
        self.same = 3
        self.found.append(self.input)
        self.next(self.join)

    @step
    def join(self, inputs):
        {join}
        self.next(self.end)

    @step
    def end(self):
        pass
"""


def taken(join, *at, years="[2023, 2024]"):
    return Case(f"{join} {years}", FLOW.format(join=join, years=years), at=at)


CASES = [
    taken("self.total = inputs.count.total", "inputs.count.total"),
    taken("self.total = inputs[0].total", "inputs[0].total"),
    taken("self.total = inputs[0].total", "inputs[0].total", years="find()"),
    taken("self.total = inputs[0].total", years="[2023]"),
    taken("self.found = inputs[0].found", "inputs[0].found"),
    taken("self.same = inputs[0].same"),
    taken("self.years = inputs.count.years"),
    taken("self.totals = inputs[0].total + inputs[1].total"),
    taken("self.total = inputs[0].total; print([one.total for one in inputs])"),
    taken("self.total = max(inputs, key=lambda one: one.total).total"),
]
