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
    "@card(  # a card\n        type='blank',\n        # with\n        options={'a': (1)},\n    )",
    "@retry \\\n    (times=2)",
    "# no decorator",
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
    "print(rf\"{os.sep!s:>{len('a')}}\\d\" 'b' f'''{1:\n>4}''')",
    "match [1, 2]:\n            case [first, *rest] if rest: self.rest = rest\n"
    "            case {'k': v, **more}: print(v, more)\n            case str() | None as other:\n"
    "                self.other: str = str(other)",
    "async def later():\n            async with open() as f: return [x async for x in f]\n"
    "            await f",
    "self.values = [last := n for n in range(3)]; self.last = last;",
    "if 1 and \\\n                2: pass\n"
    "        elif (\n            3\n        ): self.y = (yes := 4)\n"
    "        else:  # no\n            self.y = 5  # 5",
    "from os \\\n            import path as p, sep; print(p, sep)",
    "def shout(\n            text: str = 'a',  # what\n            *, loud=lambda x: x.upper(),\n"
    "        ) -> str: return loud(text)",
    "class Small(dict): '''Doc.'''; x: int = 1",
    "self.table = {**{'a': [*range(3)]}, 'b': (1,)}['a'][:-1:2]",
    "try: import numpy as np\n        except (ImportError, ValueError) as error: np = None\n"
    "        else: pass",
    "print(collections.abc.Mapping, dumps({}))",
    "global counter; counter = 1",
]

NEWER_STATEMENTS = [
    "def same[T: (int, str), *Ts, **P](x: T) -> T: return x",
    "type Pair[T] = tuple[T, T]",
    "print(f'{'a' + f'{'b'}':>{'1' + '2'}} {self!r:{'^'}9} {1:\\n}')",
    "print(f'{\n            1  # one\n        }')",
    "class Box[T]:\n            held: T",
    "try: pass\n        except* ValueError: pass",
]
"""What not every Python loads in which these tests run."""

PARAMETERS = [
    "limit = Parameter('limit', default=10)",
    "test_mode = Parameter('test-mode', default=lambda _: not current.is_production)",
    "when = Parameter('when', help='two\\nlines',\n        default='now')  # soon",
    "quick = Parameter('quick', type=bool, default=True)",
    "config: dict[str, int]",
    "secret_key = Parameter(\n        name='secret-key',  # shared\n\n"
    "        default=\\\n        'x')",
]

HEADERS = [
    "from metaflow import FlowSpec, step, Parameter, current, project\n"
    "from metaflow import card, catch, resources, retry, timeout",
    "from metaflow import (\n    FlowSpec, step,  # both\n    Parameter, current,\n"
    "    card, catch, project, resources, retry, timeout,\n)",
    "from metaflow import *",
    "import collections.abc; from json import dumps\n"
    "from metaflow import FlowSpec, Parameter, step; from metaflow import (current, project)\n"
    "from metaflow import card as card, catch, \\\n    resources, retry, timeout;",
]

CLASSES = [
    "class ArxivTopics(FlowSpec):",
    "class ArxivTopics (\n    FlowSpec,  # a flow\n) :  # of Arxiv",
    'class ArxivTopics(FlowSpec):\n    """Topics\n    of papers."""',
]

COMMENTS = ["", "# Über uns 🛰", "# fmt: off", "#!shebang", "# -*- coding: utf-8 -*-"]


@st.composite
def flows(draw: st.DrawFn, *, newer: bool = False) -> str:
    """A flow file's text that Metaflow loads (in a newer Python, if wished), with `\\n` and four
    blanks."""
    lines = [draw(st.sampled_from(COMMENTS)), draw(st.sampled_from(['"""Doc."""', ""]))]
    lines += ["import json", "import os, sys", draw(st.sampled_from(HEADERS)), "", ""]
    if draw(st.booleans()):
        lines.append("@project(name='arxiv_topics')")
    lines.append(draw(st.sampled_from(CLASSES)))
    lines += [f"    {line}" for line in draw(st.lists(st.sampled_from(PARAMETERS), unique=True))]
    if draw(st.booleans()):
        lines.append("    # a comment at the top")
    for name, (arguments, transition) in draw(st.sampled_from(GRAPHS)).items():
        lines += ["", *(f"    {d}" for d in draw(_decorators()))]
        lines += ["    @step", f"    def {name}(self{arguments}):"]
        known = [*STATEMENTS, *NEWER_STATEMENTS] if newer else STATEMENTS
        body = draw(st.lists(st.sampled_from(known), max_size=3))
        if not body and draw(st.booleans()):
            lines[-1] += f" {transition or 'pass'}"
            continue
        if draw(st.booleans()):
            lines.append('        """What it does."""')
        lines += [f"        {line}" for line in body]
        if transition or not body:
            lines.append(f"        {transition or 'pass'}")
    ending = ["", "", "if __name__ == '__main__':", "    ArxivTopics()", ""]
    return "\n".join(lines + draw(st.sampled_from([ending, [""], ["", "", "  ", "# end"]])))


def _decorators() -> st.SearchStrategy[list[str]]:
    """Decorators of a step, none of them twice: Metaflow refuses that."""
    given = st.sampled_from(STEP_DECORATORS)
    return st.lists(
        given, max_size=2, unique_by=lambda decorator: decorator.split("(")[0].strip(" \\\n")
    )


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
    text = draw(flows(newer=True))
    indent = draw(st.sampled_from(["    ", "  ", "\t"]))
    odd = draw(st.sampled_from([0, 0, 0.1, 0.5]))
    dice = draw(st.randoms(use_true_random=False))
    rows: list[str] = []
    in_string = False
    for row in text.split("\n"):
        depth = (len(row) - len(row.lstrip(" "))) // 4
        rest = row[4 * depth :]
        # A line of its own means nothing, wherever it stands, but inside a string.
        is_free = not in_string and not (rows and rows[-1].endswith("\\"))
        if is_free and dice.random() < odd:
            rows.append(dice.choice(["", "   ", "\f", "\t# comment", "# c \t", f"{indent}# é"]))
        in_string ^= (row.count("'''") + row.count('"""')) % 2 == 1
        if not in_string and "#" not in row and not row.endswith("\\") and dice.random() < odd:
            rest += dice.choice([" ", "\t", "  # c", "# noqa", "  # noqa: MF304  why"])
        rows.append(indent * depth + rest)
    newline = draw(st.sampled_from(["\n", "\r\n", "\r"]))
    content = newline.join(rows).encode()
    return draw(st.sampled_from([b"", b"\xef\xbb\xbf"])) + content
