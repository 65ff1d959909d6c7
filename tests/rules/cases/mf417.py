from tests.rules.cases import Case

FLOW = """\
import pandas as pd
from metaflow import FlowSpec, Parameter, step


class ArxivTopics(FlowSpec):
    limit = Parameter("limit", type=int, default=3)

    @step
    def start(self):
        {start}
        self.next(self.count, foreach="{name}")

    @step
    def count(self):
        print(self.input)
        self.next(self.join)

    @step
    def join(self, inputs):
        self.next(self.end)

    @step
    def end(self):
        pass

    def fill(self):
        self.items.append(1)


def fill(items):
    items.append(1)
"""


def over(start, is_bad, name="items"):
    text = FLOW.format(start=start, name=name)
    return Case(f"{start} {name}", text, at=(f'"{name}"',) if is_bad else ())


CASES = [
    over("self.items = 5", True),
    over("self.items = None", True),
    over("items = [2, 1]; self.items = items.sort()", True),
    over("items = [[1]]; self.items = items.pop()", False),
    over("self.items = fill([1]).sort()", False),
    over("self.items = {'a': 1}", True),
    over("self.items = {0: 'a'}", False),
    over("self.items = pd.DataFrame([1])", True),
    over("self.items = map(str, [1])", True),
    over("self.items = {'a': 1}.keys()", True),
    over("self.items = list({'a': 1})", False),
    over("self.items = []", True),
    over("self.items = [1][1:]", True),
    over("self.items = [1, 2][1:]", False),
    over("self.items = find()[:0]", False),
    over("self.items = []; self.items.append(1)", False),
    over("self.items = []; self.fill()", False),
    over("self.items = []; fill(self.items)", False),
    over("items = self.items = []; items.append(1)", False),
    over("self.items = items = []; find(items)", False),
    over("self.items = []; self.all = [self.items]; self.all[0].append(1)", False),
    over("self.items = [x for x in [1, 2] if x > 2]", True),
    over("self.items = [x for x in find()]", False),
    over("self.items = list(range(200))", True),
    over("self.items = (1, 2)", False),
    over("self.items = 'ab'", False),
    over("self.items = find() or 5", False),
    over("self.items = 5 if find() else [1]", False),
    over("pass", True, name="limit"),
    Case(
        "a list of a parameter needs another name",
        FLOW.format(start="pass", name="limit"),
        at=('"limit"',),
        says=("`self.items = list(range(self.limit))`, and write",),
    ),
    Case(
        "a list of a dataframe would be its columns",
        FLOW.format(start="self.items = pd.DataFrame([1])", name="items"),
        at=('"items"',),
        says=('`self.items = ….to_dict(orient="records")`',),
    ),
]
