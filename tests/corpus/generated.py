"""Flows made by chance: any mix of what Metaflow and Python allow, laid out in any way."""

from __future__ import annotations

from hypothesis import strategies as st

NAMES = st.sampled_from(["a", "train", "größe", "_x", "Model2", "数据"])

STEP_DECORATORS = [
    "@retry(times=3)",
    "@card(type='blank')",
    "@resources(\n        cpu=1,  # little\n    )",
    "@timeout(minutes=5)",
    "@catch(var='failed')",
]

STATEMENTS = [
    "self.x = 1",
    "self.x: int = 1",
    "self.words, (self.n, *_) = ['a'], (1, 2)",
    "self.total += 1 if hasattr(self, 'total') else 0",
    "import math; self.root = math.sqrt(2)  # why",
    "from collections import (  # many\n            Counter,\n            OrderedDict as O,\n"
    "        )",
    "with (open(__file__) as f, open(__file__) as g):\n            print(f.name, g)",
    "match self:\n            case None: pass\n            case _:\n                y = 2",
    "print(f'{1!r:>{4}} {{}} {\"a\"}')",
    "text = '''\n# noqa: MF101\n  no code\n'''",
    "z = 1 + \\\n            2",
    "if (n := len('é')) > 1: print(n)",
    "for i in range(3): self.i = i",
    "pd = json.dumps({'a': os.sep})",
    "try:\n            pass\n        except ValueError: raise\n        finally: pass",
    "lambda *a, k=1, **b: a",
    "'''A string, not a docstring.'''",
    "assert True, 'never'  # noqa: MF301, E501",
]

PARAMETERS = [
    "limit = Parameter('limit', default=10)",
    "test_mode = Parameter('test-mode', default=lambda _: not current.is_production)",
    "when = Parameter('when', help='two\\nlines',\n        default='now')  # soon",
    "quick = Parameter('quick', type=bool, default=True)",
]

HEADERS = [
    "from metaflow import FlowSpec, step, Parameter, current, project\n"
    "from metaflow import card, catch, resources, retry, timeout",
    "from metaflow import (\n    FlowSpec, step,  # both\n    Parameter, current,\n"
    "    card, catch, project, resources, retry, timeout,\n)",
    "from metaflow import *",
]

COMMENTS = ["", "# Über uns 🛰", "# fmt: off", "#!shebang", "# -*- coding: utf-8 -*-"]


@st.composite
def flows(draw: st.DrawFn) -> str:
    """A flow file's text that Metaflow loads, with `\\n` and four blanks."""
    lines = [draw(st.sampled_from(COMMENTS)), draw(st.sampled_from(['"""Doc."""', ""]))]
    lines += ["import json", "import os, sys", draw(st.sampled_from(HEADERS)), "", ""]
    if draw(st.booleans()):
        lines.append("@project(name='arxiv_topics')")
    lines.append("class ArxivTopics(FlowSpec):")
    lines += [f"    {line}" for line in draw(st.lists(st.sampled_from(PARAMETERS), unique=True))]
    if draw(st.booleans()):
        lines.append("    # a comment at the top")
    for name, (arguments, transition) in draw(st.sampled_from(GRAPHS)).items():
        lines += ["", *(f"    {d}" for d in draw(_decorators()))]
        lines += ["    @step", f"    def {name}(self{arguments}):"]
        if draw(st.booleans()):
            lines.append('        """What it does."""')
        body = draw(st.lists(st.sampled_from(STATEMENTS), max_size=3))
        lines += [f"        {line}" for line in body]
        if transition or not body:
            lines.append(f"        {transition or 'pass'}")
    ending = ["", "", "if __name__ == '__main__':", "    ArxivTopics()", ""]
    return "\n".join(lines + draw(st.sampled_from([ending, [""], ["", "", "  ", "# end"]])))


def _decorators() -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(STEP_DECORATORS), max_size=2, unique=True)


GRAPHS = [
    {"start": ("", "self.next(self.end)"), "end": ("", "")},
    {
        "start": ("", "self.next(self.a, self.b)"),
        "a": ("", "self.next(self.join)"),
        "b": ("", "self.next(self.join)"),
        "join": (", inputs", "self.next(self.end)"),
        "end": ("", ""),
    },
    {
        "start": ("", "self.items = [1, 2]; self.next(self.each, foreach='items')"),
        "each": ("", "self.next(self.join)"),
        "join": (", inputs", "self.merge_artifacts(inputs); self.next(self.end)"),
        "end": ("", ""),
    },
    {
        "start": ("", "self.k = 'a'; self.next({'a': self.a, 'b': self.end}, condition='k')"),
        "a": ("", "self.next(self.end)"),
        "end": ("", ""),
    },
]
"""Steps by name: their further arguments, and where they go."""


@st.composite
def layouts(draw: st.DrawFn) -> bytes:
    """A flow file's bytes, laid out in some odd way that means the same to Python."""
    text = draw(flows())
    indent = draw(st.sampled_from(["    ", "  ", "\t"]))
    rows = []
    for row in text.split("\n"):
        depth = (len(row) - len(row.lstrip(" "))) // 4
        rest = row[4 * depth :]
        rows.append(indent * depth + rest)
    newline = draw(st.sampled_from(["\n", "\r\n"]))
    if draw(st.booleans()):
        at = draw(st.integers(0, len(rows)))
        # A line of its own means nothing, wherever it stands, but inside a string.
        if "'''" not in text and "\\\n" not in text:
            rows.insert(at, draw(st.sampled_from(["", "   ", "\f", "\t# comment", "# c \t"])))
    content = newline.join(rows).encode()
    return draw(st.sampled_from([b"", b"\xef\xbb\xbf"])) + content
