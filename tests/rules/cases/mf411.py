from tests.rules.cases import Case

FLOW = """\
import random
import time

from metaflow import FlowSpec, catch, step


class ArxivTopics(FlowSpec):
    @step
    def start(self):
        self.years = {years}
        self.found = []
        self.now = time.time()
        self.next(self.count, foreach="years")

    {above}@step
    def count(self):
        {count}
        self.next(self.join)

    @step
    def join(self, inputs):
        {merge}
        self.next(self.end)

    @step
    def end(self):
        pass

    def remember(self):
        self.found.append(self.input)
"""
MERGE = "self.merge_artifacts(inputs)"


def merged(count, is_bad=True, *, merge=MERGE, years="[2023, 2024]", above=""):
    text = FLOW.format(count=count, merge=merge, years=years, above=above)
    at = (merge.partition("; ")[0],) if is_bad else ()
    return Case(f"{count} {merge} {years} {above}", text, at=at)


CATCH = '@catch(var="failure")\n    '
CASES = [
    merged("self.x = self.input"),
    merged("self.x = self.index"),
    merged("self.x = f'{self.input}.csv'"),
    merged("self.x = [self.input, 1]"),
    merged("self.x = random.random()"),
    merged("self.remember()"),
    merged("self.found.append(self.input)"),
    merged("self.found = self.found + [self.input]"),
    merged("found = self.found; found.append(self.input)", False),
    merged("self.x = self.input % 1", False),
    merged("self.x = self.now", False),
    merged("self.x = find(self.input)", False),
    merged("self.x = self.input", False, years="[2023]"),
    merged("self.x = self.input", False, years="find()"),
    merged("self.x = self.input", False, merge='self.merge_artifacts(inputs, exclude=["x"])'),
    merged("self.x = self.input", False, merge='self.merge_artifacts(inputs, include=["years"])'),
    merged("self.x = self.input", False, merge="self.merge_artifacts(inputs, exclude=find())"),
    merged("find(self.found, self.input)", False),
    merged("if find(): self.x = self.input", False),
    merged("pass", above=CATCH),
    merged(
        "pass",
        False,
        merge='self.merge_artifacts(inputs, exclude=["failure", "_catch_exception"])',
        above=CATCH,
    ),
]
