"""The names that code takes from its module are those that Python's own scope analysis knows."""

import random

import pytest

from tests.corpus.references import STANDARD_LIBRARY, differences

FILES = sorted(path for path in STANDARD_LIBRARY.glob("*.py") if path.stat().st_size < 40_000)

HARD = {
    "a pattern with alternatives": "match x:\n        case a.B | c.D | [e.F, *g] if h: pass",
    "a pattern of a class": "match x:\n        case a.B(c=d.E) | f.G(): pass",
    "a global of an inner function": "def inner():\n        global a\n        return a",
    "a name that a class hides": "class a:\n        b = 1\n        def c(self): return b",
    "a walrus in a comprehension": "return [(b := a) for a in c if b], b",
    "a default, an annotation and a decorator": "@a\n    def b(c: d = e) -> f: return c, g",
    "a format of a format": "return f'{a:{b.c}} {d!r}'",
    "an exception that is gone": "try: a\n    except b as c: c\n    return c",
}


@pytest.mark.parametrize("path", random.Random(18).sample(FILES, 12), ids=lambda path: path.name)
def test_the_standard_library(path):
    assert list(differences(path.read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize("shape", HARD)
def test_hard_shapes(shape):
    assert list(differences(f"import a\n\n\ndef function(x):\n    {HARD[shape]}\n")) == []


def test_a_name_that_is_not_read_is_noticed(monkeypatch):
    monkeypatch.setattr("tests.corpus.references._taken", lambda definition, module: ())
    assert list(differences("import a\n\n\ndef function():\n    return a\n")) == ["function: ['a']"]
