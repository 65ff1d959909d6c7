"""What places in the code are called."""

import time

import pytest

from lint_rules.model.code import Range
from lint_rules.model.symbol import Symbol, symbol_at
from lint_rules.syntax.read import look_up

CODE = """\
import numpy as np, json
from .tables import load, save

LIMIT = 3


@project(name="a")
class Topics(Base, mf.FlowSpec):
    limit = Parameter("limit", default={"key": "sk-secret"})

    @mf.conda(libraries={})
    @step
    def start(self, rows: int = DEFAULT):
        if self.limit:
            with S3(run=self) as s3:
                self.papers, self.count = frame.merge(other)[0].query("x"), 1
        elif other_test():
            pass
        else:
            def helper(): return await_me
        for row in rows: print("sk-secret", row + 1)
        self.next(self.end)
"""


@pytest.mark.parametrize(
    ("at", "scope", "name"),
    [
        ("import numpy as np, json", "", "numpy, json"),
        ("json", "", "json"),
        ("from .tables import load, save", "", ".tables"),
        ("save", "", ".tables: save"),
        ("LIMIT = 3", "", "LIMIT"),
        ("LIMIT", "", "LIMIT"),
        ('@project(name="a")', "Topics", "@project"),
        ("Topics", "Topics", ""),
        ("mf.FlowSpec", "Topics", "mf.FlowSpec"),
        ('limit = Parameter("limit", default={"key": "sk-secret"})', "Topics", "limit"),
        ('"sk-secret"}', "Topics", "Parameter()"),
        ("mf.conda(", "Topics.start", "@mf.conda"),
        ("start", "Topics.start", ""),
        ("rows: int", "Topics.start", "rows"),
        ("DEFAULT", "Topics.start", "rows"),
        ("self.limit", "Topics.start", "self.limit"),
        ("S3(run=self)", "Topics.start", "S3()"),
        ("self.papers", "Topics.start", "self.papers"),
        ("frame.merge(other)[0].query", "Topics.start", "frame.merge()[].query"),
        ("other_test()", "Topics.start", "other_test()"),
        ("pass", "Topics.start", "pass"),
        ("helper", "Topics.start.helper", ""),
        ("return await_me", "Topics.start.helper", "return await_me"),
        ('"sk-secret", row', "Topics.start", "print()"),
        ("row + 1", "Topics.start", "binop row"),
        ("self.next(self.end)", "Topics.start", "self.next()"),
    ],
)
def test_symbols(at, scope, name):
    start = CODE.index(at)
    if at == "helper":
        start = CODE.index("helper()")
    found = symbol_at(look_up(CODE, None).body, Range(start, start + len(at.rstrip("}("))))
    assert found == Symbol(scope, name)


def test_what_is_outside_of_all_statements_has_no_symbol():
    assert symbol_at(look_up("# only a comment\n", None).body, Range(0, 5)) == Symbol()


def test_symbols_of_long_code_are_short():
    """A chain of calls, a long sum and many definitions."""
    chain = "x" + ".a()" * 300
    body = look_up(f"{chain}\nprint({' + '.join(['y'] * 300)})\n", None).body
    first = symbol_at(body, Range(0, len(chain)))
    second = symbol_at(body, Range(len(chain) + 7, len(chain) + 8))
    assert first.name.startswith("…")
    assert max(map(len, (first.name, second.name))) <= 100


def test_a_file_with_many_definitions():
    text = "def f():\n    g()\n" * 5000
    body = look_up(text, None).body
    begun = time.process_time()
    for start in range(0, len(text), len(text) // 5000):
        assert symbol_at(body, Range(start, start + 1)).scope == "f"
    assert time.process_time() - begun < 2
