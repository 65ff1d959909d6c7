from tests.rules.cases import Case

FLOW = """\
from metaflow import FlowSpec, step


class ArxivTopics(FlowSpec):
    @step
    def start(self):
        self.years = {years}
        self.next(self.fetch, foreach="years")

    @step
    def fetch(self):
        {fetch}
        self.next(self.count)

    @step
    def count(self):
        print({read})
        self.next(self.join)

    @step
    def join(self, inputs):
        self.next(self.end)

    @step
    def end(self):
        pass
"""


def changed(fetch, is_bad, years="[2023, 2024]", read="self.input"):
    text = FLOW.format(fetch=fetch, years=years, read=read)
    return Case(f"{fetch} {years} {read}", text, at=(read,) if is_bad else ())


CASES = [
    changed("self.years = [2024, 2023]", True),
    changed("self.years = find()", True, "find()"),
    changed("self.years.reverse()", True),
    changed("self.years[0] = 1", True),
    changed("self.years = self.years + [2025]", False, "find()"),
    changed("self.years += [2025]", False),
    changed("self.years.append(2025)", False, "find()"),
    changed("self.years = [2023, 2024, 2025]", False),
    changed("if find(): self.years = []", False),
    changed("find(self.years)", False),
    changed("self.years = []", False, read="self.index"),
    changed("del self.years", True),
]
