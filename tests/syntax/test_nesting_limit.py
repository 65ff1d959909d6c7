"""Code that libcst's parser cannot bear is refused; code that people write is not."""

import sysconfig
from pathlib import Path

import pytest

from lint_rules.analysis.imports import ImportResolver
from lint_rules.syntax.errors import CannotRead
from lint_rules.syntax.nesting_limit import DEEPEST, MOST_STRINGS, Nesting, is_too_deep
from lint_rules.syntax.read import read
from lint_rules.workspace.workspace import Workspace

DEEP = {
    "minus": ("x = (", "-\n", "b)"),
    "not": ("x = (", "not\n", "b)"),
    "and": ("x = (", "a and\n", "b)"),
    "power": ("x = (", "a **\n", "b)"),
    "plus": ("x = (", "a +\n", "b)"),
    "less": ("x = (", "a <\n", "b)"),
    "not in": ("x = (", "a not in\n", "b)"),
    "conditional": ("x = (", "a if b else\n", "c)"),
    "lambda": ("x = ", "lambda: ", "1"),
    "lambda with parameters": ("x = ", "lambda a, b=1: ", "1"),
    "lambda in a call": ("f(", "lambda a, b:\n", "1)"),
    "walrus": ("x = ", "(a := ", "1", ")"),
    "call": ("x = (f", "(1)\n", ")"),
    "call of keywords": ("x = ", "f(a=", "1", ")"),
    "subscript": ("x = (f", "[1]\n", ")"),
    "slice": ("x = ", "a[1:", "2", "]"),
    "attribute": ("x = (f", "\n.a", ")"),
    "continued attribute": ("x = f", ".a\\\n", ".b"),
    "continued minus": ("x = ", "-\\\n", "b"),
    "comment between": ("x = (", "- # a, b\n", "b)"),
    "dict": ("x = ", "{1:\n", "2", "}"),
    "mixed brackets": ("x = ", "([{", "1", "}])"),
    "after a comma": ("f(1, ", "-\n", "1)"),
    "after a colon": ("x = {a: ", "-\n", "1}"),
    "after an equals sign": ("f(a=", "not\n", "1)"),
    "decorator": ("@f", ".a()", "\ndef g(): pass"),
    "annotation": ("x: ", "a | ", "b"),
    "comprehension": ("x = [0", " for a in b\n", "]"),
    "conditions": ("x = [0 for a in b", " if a\n", "]"),
    "parameter's default": ("def f(a=", "-\n", "1): pass"),
    "f-string's field": ('x = f"{', "-", 'b}"'),
    "f-string's brackets": ("x = f'''{", "(\n", "1", ")", "}'''"),
    "f-string's format": ('x = f"{a:', "{b:", "c", "}", '}"'),
    "f-string after one": ("x = f'{a}' + f'{b!r:>{w}}' + (", "-\n", "1)"),
    "f-string's escape": ('x = f"\\{', "(", "1", ")", '}"'),
    "f-strings inside each other": ("x = ", 'f"{', "1", '}"'),
    "after doubled braces": ('x = f"{{" + (', "-\n", "1)"),
    "after a string with a bracket": ("x = '(' + (", "-\n", "1)"),
    "after a raw string": ("x = r'\\\\' + '' + (", "-\n", "1)"),
    "after a closing bracket": (") ] }\nx = (", "-\n", "1)"),
    "string between": ("x = (", "'''\nclass A:\n''' + ", "1)"),
    "blocks": ("", "", ""),
}
"""What stands before, what is repeated, what is in the middle, what closes it, and what is last."""


def deep(kind, times):
    if kind == "blocks":
        return "".join(f"{' ' * i}if a:\n" for i in range(times)) + " " * times + "pass\n"
    before, repeated, middle, *closing = DEEP[kind]
    closed, after = (*closing, "", "")[:2]
    return f"{before}{repeated * times}{middle}{closed * times}{after}\n"


@pytest.mark.parametrize("kind", DEEP)
def test_deep_code_is_refused(kind):
    assert is_too_deep(deep(kind, DEEPEST + 1))
    with pytest.raises(CannotRead, match="nested too deeply"):
        read(deep(kind, DEEPEST + 1), ImportResolver(Workspace().snapshot()))


@pytest.mark.parametrize("kind", DEEP)
def test_what_people_write_is_not(kind):
    assert not is_too_deep(deep(kind, 20))
    assert not is_too_deep((deep(kind, 5) + "\n") * 100)


@pytest.mark.parametrize("kind", DEEP)
def test_many_deep_places_are_refused_together(kind):
    if kind != "blocks":
        assert is_too_deep((deep(kind, 150) + "\n") * 120)


def test_strings_in_a_row():
    assert is_too_deep("x = (" + "'a'\n" * (MOST_STRINGS + 1) + ")\n")
    assert is_too_deep("x = (" + "f'{a}'\n" * (MOST_STRINGS + 1) + ")\n")
    assert not is_too_deep("x = (" + "'a'\n" * MOST_STRINGS + ")\n")
    assert not is_too_deep("x = [" + "'a',\n" * (3 * MOST_STRINGS) + "]\n")


@pytest.mark.parametrize(
    "text",
    [
        "x = [" + "a + b,\n" * 5000 + "]\n",
        "x = {" + "'a': -1,\n" * 5000 + "}\n",
        "x = f(" + "lambda a, b: a - b,\n" * 3000 + ")\n",
        "a = b - c\n" * 5000,
        "a - b;" * 5000,
        "def f(a: int | None = None) -> int: return -a\n" * 2000,
        "x = '" + "(" * 5000 + "'\n",
        "# " + "(" * 5000 + "\n",
        "x = '''" + "- (\n" * 5000 + "'''\n",
        "x = f'''" + "- (( {a} {{\n" * 3000 + "'''\n",
        "x = f'''" + "{a:>{w}} {b!r} {c['d']}\n" * 500 + "'''\n",
        "x = b'\\''; y = R'\\\\'; z = u''\n" * 2000,
        "a = " * 5000 + "1\n",
        "@a\n" * 5000 + "def f(): pass\n",
        "if a:\n\tb\n\n  # c\nelse:\n    d\n" * 2000,
    ],
)
def test_long_code_is_not_deep(text):
    assert not is_too_deep(text)
    assert Nesting(text).depth < 50


def test_depths_are_those_of_the_text():
    assert Nesting("f(a, -b, not c)").depth == 6
    assert Nesting("f'{a + b}'").depth == 6
    assert Nesting("f'{a!r:>{w}}' + -b").depth == 10
    assert Nesting("a + b\nc").depth == 1
    assert Nesting("(a + b\n+ c)").depth == 7
    assert Nesting("a + \\\nb + c").depth == 2
    assert Nesting("if a:\n  if b:\n    c\nd").indents == 2


LIBRARY = Path(sysconfig.get_path("stdlib"))


@pytest.mark.parametrize(
    "name", ["typing.py", "argparse.py", "_pydecimal.py", "pydoc_data/topics.py", "tarfile.py"]
)
def test_the_standard_library_is_read(name):
    assert not is_too_deep((LIBRARY / name).read_text(encoding="utf-8"))


def test_it_takes_linear_time():
    """Counted in what is looked at: no place is looked at twice."""
    for kind in ("minus", "f-strings inside each other", "string between"):
        text = deep(kind, 2000)
        nesting = Nesting(text)
        assert nesting.depth <= 6 * len(text)
