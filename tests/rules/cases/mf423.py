from tests.rules.cases import Case, flow

READ = "print(self.rows)"


def case(start, *at, body="rows = []", end=READ, **around):
    return Case(f"{body}; {start}", flow(start, end, body=f"{body}\n", **around), at=at)


CASES = [
    case("self.rows.append(1)", "self.rows.append(1)"),
    case("self.rows.append(1)", "self.rows.append(1)", body="rows = list()"),
    case("self.rows += [1]"),
    case("self.rows[0] = 1", "self.rows[0]"),
    case("self.rows['a'] = 1", "self.rows['a']", body="rows = {}"),
    case("self.rows['a'] += 1", "self.rows['a']", body="rows = {'a': 0}"),
    case("self.rows['a'].append(1)", "self.rows['a'].append(1)", body="rows = {'a': []}"),
    case("del self.rows['a']", "self.rows['a']", body="rows = {'a': []}"),
    case("self.rows.update(a=1)", "self.rows.update(a=1)", body="rows = dict(b=2)"),
    case("self.rows.add(1)", "self.rows.add(1)", body="rows = {1}"),
    case("self.rows.sort()", "self.rows.sort()", body="rows = [2, 1]"),
    case("self.rows.a = 2", "self.rows.a", body="rows = Rows()", above="class Rows: pass\n"),
    case("self.rows.add(2)", body="rows = Rows()", above="class Rows: pass\n"),
    case("self.rows.append(1)", body="rows = unknown()"),
    case("rows = self.rows\nrows.append(1)", "rows.append(1)"),
    case("rows = self.rows\nrows[0] = 1", "rows[0]"),
    case("rows = list(self.rows)\nrows.append(1)"),
    case("rows = self.rows\nrows = []\nrows.append(1)"),
    case("self.rows.count(1)"),
    case(
        "self._rows.append(1)", "self._rows.append(1)", body="_rows = []", end="print(self._rows)"
    ),
    case("self.rows.append(1)", end="pass"),
    case("self.rows.append(1)\nprint(self.rows)", end="pass"),
    case("self.rows.append(1)", end="self.rows.append(2)\nprint(self.rows)"),
    case("pass", end="self.rows.append(1)\nprint(self.rows)"),
    case("self.rows = []\nself.rows.append(1)", body="rows: list"),
    case("self.rows.append(1)", body='rows = Parameter("rows")'),
    case(
        "self.rows.append(1)",
        "self.rows.append(1)",
        body='rows = Parameter("rows", type=JSONType)',
        top="from metaflow import JSONType",
    ),
    case(
        "self.put(1)",
        "self.rows.append(x)",
        body="rows = []\n\ndef put(self, x):\n    self.rows.append(x)\n",
    ),
    case("pass", body="rows = []\n\ndef put(self, x):\n    self.rows.append(x)\n"),
    case(
        "self.c['a'] = 1", "self.c['a']", body='c = Config("c")', top="from metaflow import Config"
    ),
    case("self.c.a.b = 1", "self.c.a.b", body='c = Config("c")', top="from metaflow import Config"),
    case(
        "self.c.update(a=1)",
        "self.c.update(a=1)",
        body='c = Config("c")',
        top="from metaflow import Config",
    ),
    case("self.c.a.append(1)", body='c = Config("c")', top="from metaflow import Config"),
    case(
        "try:\n    self.c.a = 1\nexcept Exception:\n    pass",
        body='c = Config("c")',
        top="from metaflow import Config",
    ),
    Case(
        "a join reads what its inputs have changed",
        """\
from metaflow import FlowSpec, step


class ArxivTopics(FlowSpec):
    rows = []

    @step
    def start(self):
        self.pages = [1, 2]
        self.next(self.load, foreach="pages")

    @step
    def load(self):
        self.rows.append(self.input)
        self.next(self.join)

    @step
    def join(self, inputs):
        print([one.rows for one in inputs])
        self.next(self.end)

    @step
    def end(self):
        pass
""",
        at=("self.rows.append(self.input)",),
    ),
]
