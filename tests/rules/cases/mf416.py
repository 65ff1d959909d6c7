from tests.rules.cases import Case

FLOW = """\
from metaflow import FlowSpec, Parameter, step


class ArxivTopics(FlowSpec):
    fast = Parameter("fast", type=bool, default=True)

    @step
    def start(self):
        self.papers = find()
        {start}
        self.next({{{cases}}}, condition="{name}")

    @step
    def short(self):
        self.next(self.end)

    @step
    def long(self):
        self.next(self.end)

    @step
    def end(self):
        pass
"""
TEXTS = '"short": self.short, "long": self.long'


def switch(start, is_bad, cases=TEXTS, name="kind"):
    text = FLOW.format(start=start, cases=cases, name=name)
    return Case(f"{start} {cases} {name}", text, at=(f'"{name}"',) if is_bad else ())


CASES = [
    switch("self.kind = 'medium'", True),
    switch("self.kind = 'Short'", True),
    switch("self.kind = 'Short'.lower()", False),
    switch("self.kind = 1", True),
    switch("self.kind = len(self.papers) > 1", True),
    switch("self.kind = not self.papers", True),
    switch("self.kind = 'medium' if self.papers else 'short'", False),
    switch("self.kind = 'medium' if self.papers else 'tiny'", True),
    switch("self.kind = self.papers", False),
    switch("self.kind = str(self.papers)", False),
    switch("self.kind = 1", False, "True: self.short, False: self.long"),
    switch("self.kind = 2", True, "True: self.short, False: self.long"),
    switch("pass", True, name="fast"),
    switch("pass", False, "True: self.short, False: self.long", name="fast"),
]
