"""MF406 agrees with pickle on classes that a function makes, and on Python's iterators.

The code of each case runs, and pickle saves what it makes, as Metaflow does when a step ends.
"""

import pickle
import sys
from types import ModuleType, SimpleNamespace

import pytest

from lint_rules.rules.artifacts.mf406_unpicklable_artifact import UnpicklableArtifact
from lint_rules.testing import diagnose

TOP = """\
import collections, csv, dataclasses, enum, hashlib, re, typing
from collections import namedtuple
from dataclasses import dataclass
from enum import Enum, IntEnum
from typing import NamedTuple

Known = namedtuple("Known", "a b")
MANY = range(len("abc"))
"""

FAILING = [
    "Point = namedtuple('Point', 'a b')\nself.x = Point(1, 2)",
    "Point = namedtuple('Point', 'a b')\nself.x = [Point(1, 2)]",
    "Point = collections.namedtuple('Point', ['a', 'b'])\nself.x = {'first': Point(a=1, b=2)}",
    "self.x = namedtuple('Point', 'a b')",
    "class Color(Enum):\n    RED = 1\nself.x = Color.RED",
    "class Color(IntEnum):\n    RED = 1\nself.x = [Color.RED]",
    "class Color(Enum):\n    RED = 1\nself.x = Color(1)",
    "class Color(Enum):\n    RED = enum.auto()\nself.x = (1, Color.RED)",
    "Color = Enum('Color', 'RED GREEN')\nself.x = Color.GREEN",
    "Color = Enum('Color', ['RED', 'GREEN'])\nself.x = Color.RED",
    "class Row(NamedTuple):\n    a: int\nself.x = Row(1)",
    "Row = typing.NamedTuple('Row', [('a', int)])\nself.x = Row(1)",
    "Row = dataclasses.make_dataclass('Row', ['a'])\nself.x = Row(1)",
    "@dataclass\nclass Row:\n    a: int\nself.x = Row(1)",
    "class Row(dict):\n    pass\nself.x = Row(a=1)",
    "class Row:\n    pass\nself.x = Row",
    "self.x = re.finditer('a', 'aa')",
    "self.x = hashlib.sha256(b'a')",
    "self.x = csv.DictReader(['a'])",
]
FINE = [
    "Point = namedtuple('Point', 'a b')\nself.x = Point(1, 2)._asdict()",
    "Point = namedtuple('Point', 'a b')\nself.x = Point(1, 2).a",
    "Point = namedtuple('Point', 'a b')\nself.x = tuple(Point(1, 2))",
    "Point = namedtuple('Point', 'a b')\na, b = Point(1, 2)\nself.x = a",
    "Point = namedtuple('Point', 'a b')\nself.x = [point.a for point in [Point(1, 2)]]",
    "Point = namedtuple('Point', 'a b')\nself.x = Point._fields",
    "Point = namedtuple('Point', 'a b')\nself.x = [Point(i, i) for i in MANY[3:]]",
    "self.x = Known(1, 2)",
    "Known = namedtuple('Known', 'a b')\nself.x = Known._fields",
    "global Point\nPoint = namedtuple('Point', 'a b')\nself.x = Point(1, 2)",
    "Point = namedtuple('Point', 'a b')\nglobals()['Point'] = Point\nself.x = Point(1, 2)",
    "class Color(Enum):\n    RED = 1\nself.x = Color.RED.value",
    "class Color(Enum):\n    RED = 1\nself.x = Color.RED.name",
    "class Color(Enum):\n    RED = 1\nself.x = [color.value for color in Color]",
    "class Color(IntEnum):\n    RED = 1\nself.x = int(Color.RED)",
    "class Color(Enum):\n    RED = 1\n    def __reduce_ex__(self, _): return int, (1,)\n"
    "self.x = Color.RED",
    "class Limits:\n    LOW = 1\nself.x = Limits.LOW",
    "class Row(typing.TypedDict):\n    a: int\nself.x = Row(a=1)",
    "Row = typing.TypedDict('Row', {'a': int})\nself.x = Row(a=1)",
    "self.x = list(re.finditer('b', 'aa'))",
    "self.x = re.match('b', 'aa')",
    "self.x = [match.group() for match in re.finditer('a', 'aa')]",
    "self.x = hashlib.sha256(b'a').hexdigest()",
    "self.x = re.compile('a')",
]


def pickles(body: str) -> bool:
    """Whether pickle saves what the code makes, in a module as a flow's file is one."""
    module = ModuleType("made_for_a_test")
    inside = "\n".join(f"    {line}" for line in body.splitlines())
    sys.modules[module.__name__] = module
    flow = SimpleNamespace()
    try:
        exec(f"{TOP}\ndef start(self):\n{inside}\n", module.__dict__)
        module.start(flow)
        pickle.dumps(flow.x, protocol=4)
    except (TypeError, AttributeError, pickle.PicklingError) as error:
        if "pickle" not in str(error).lower():
            raise
        return False
    finally:
        del sys.modules[module.__name__]
    return True


def reported(body: str) -> bool:
    inside = "\n".join(f"        {line}" for line in body.splitlines())
    code = (
        f"from metaflow import FlowSpec, step\n{TOP}\n\nclass ArxivTopics(FlowSpec):\n"
        f"    @step\n    def start(self):\n{inside}\n        self.next(self.end)\n\n"
        "    @step\n    def end(self):\n        print(self.x)\n"
    )
    return bool(diagnose(UnpicklableArtifact, code))


@pytest.mark.parametrize("body", FAILING)
def test_what_pickle_refuses_is_reported(body: str):
    assert not pickles(body)
    assert reported(body)


@pytest.mark.parametrize("body", FINE)
def test_what_pickle_saves_is_not(body: str):
    assert pickles(body)
    assert not reported(body)
