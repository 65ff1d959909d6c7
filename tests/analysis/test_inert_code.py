"""Which code certainly does not matter to an import after it."""

import pytest

from lint_rules.analysis.inert_code import InertCode
from tests.analysis.modules import module_of

TOP = "import logging, dataclasses, functools, json, own, sys, time\nlogger = logging.getLogger()\n"
INERT = [
    "'a docstring'",
    "import os",
    "LIMIT = 3",
    "a, (b, *c) = 1, (2, 3)",
    "names = [name.name for name in papers if name]",
    "print('working', len(papers))",
    "logger.info('working')",
    "logging.getLogger(__name__).debug('working')",
    "papers = json.loads('[]')",
    "words = 'a b'.split()",
    "self.year = 2024",
    "if LIMIT > 3: LIMIT = 3",
    "for paper in papers: count = 1",
    "def read(path='a'): own.setup()",
    "@functools.lru_cache(maxsize=3)\ndef read(): pass",
    "@dataclasses.dataclass\nclass Paper:\n    title: str",
]
ACTIVE = [
    "own.setup()",
    "setup()",
    "sys.path.insert(0, 'lib')",
    "own.LIMIT = 3",
    "own.limits['a'] = 3",
    "self.prepare()",
    "self.ready",
    "self.ready = 3",
    "started = time.time()",
    "if LIMIT: raise ValueError",
    "while LIMIT: break",
    "with open('a') as file: pass",
    "try: pass\nexcept ImportError: pass",
    "del LIMIT",
    "assert LIMIT",
    "(LIMIT := 3)",
    "sorted(papers, key=own.rank)",
    "@own.timed\ndef read(): pass",
    "def read(path=own.find()): pass",
    "class Paper(own.Base): pass",
    "class Paper(metaclass=own.Meta): pass",
    "class Paper:\n    def __init_subclass__(cls): own.setup()",
    "class Paper:\n    own.setup()",
]


@pytest.mark.parametrize("code", INERT)
def test_it_does_not_matter(code):
    assert _judged(code)


@pytest.mark.parametrize("code", ACTIVE)
def test_it_may_matter(code):
    assert not _judged(code)


def _judged(code):
    body = module_of(TOP + code).body
    return InertCode("self", frozenset({"ready"})).statement(body[2])
