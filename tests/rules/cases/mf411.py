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


def merged(count, fix="", *, merge=MERGE, years="[2023, 2024]", above="", after=None):
    """The case of a join that fails, with the names that a fix leaves out; `None`: it has none."""

    def flow(merge):
        text = FLOW.format(count=count, merge=merge, years=years, above=above)
        return text if after is None else text.replace("        pass\n\n    def r", after)

    is_bad = fix != ""
    at = (merge.partition("; ")[0],) if is_bad else ()
    fixed = flow(f"self.merge_artifacts(inputs, exclude=[{fix}])") if fix else None
    return Case(f"{count} {merge} {years} {above} {after}", flow(merge), at=at, fixed=fixed)


CATCH = '@catch(var="failure")\n    '
CASES = [
    merged("self.x = self.input", '"x"'),
    merged("self.x = self.index", '"x"'),
    merged("self.x = f'{self.input}.csv'", '"x"'),
    merged("self.x = [self.input, 1]", '"x"'),
    merged("self.x = random.random()", '"x"'),
    merged("self.remember()", '"found"'),
    merged("self.found.append(self.input)", '"found"'),
    merged("self.found = self.found + [self.input]", '"found"'),
    merged("self.x = self.y = self.input", '"x", "y"'),
    merged(
        "self.x = self.y = self.input",
        '"x", "y"',
        merge='self.merge_artifacts(inputs, exclude=["x"])',
    ),
    merged("self.x = self.input", None, merge='self.merge_artifacts(inputs, include=["x"])'),
    merged("self.x = self.input", None, merge='self.merge_artifacts(inputs, exclude=("y",))'),
    merged("self.x = self.input", None, after="        print(self.x)\n\n    def r"),
    merged("self.x = self.input", None, after="        save(self)\n\n    def r"),
    merged("self.x = self.input", None, merge=f"{MERGE}; print(self.x)"),
    merged("found = self.found; found.append(self.input)"),
    merged("self.x = self.input % 1"),
    merged("self.x = self.now"),
    merged("self.x = find(self.input)"),
    merged("self.x = self.input", years="[2023]"),
    merged("self.x = self.input", years="find()"),
    merged("self.x = self.input", merge='self.merge_artifacts(inputs, exclude=["x"])'),
    merged("self.x = self.input", merge='self.merge_artifacts(inputs, include=["years"])'),
    merged("self.x = self.input", merge="self.merge_artifacts(inputs, exclude=find())"),
    merged("find(self.found, self.input)"),
    merged("if find(): self.x = self.input"),
    # Each flow has a name, so `merge_artifacts` leaves it alone.
    merged("self.name = self.input"),
    merged("pass", '"failure", "_catch_exception"', above=CATCH),
    merged("pass", None, above=CATCH, after="        print(self.failure)\n\n    def r"),
    merged(
        "pass",
        merge='self.merge_artifacts(inputs, exclude=["failure", "_catch_exception"])',
        above=CATCH,
    ),
]
