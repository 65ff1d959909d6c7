"""The reader: both parsers give the same model, and every way to write a flow."""

import re
import sys
import sysconfig
from pathlib import Path

import pytest

import lint_rules
from lint_rules.analysis.imports import ImportResolver
from lint_rules.engine.linter import Linter
from lint_rules.engine.registry import all_rules
from lint_rules.syntax.comments import by_libcst, comments_of
from lint_rules.syntax.errors import CannotRead
from lint_rules.syntax.parse_cache import module_of
from lint_rules.syntax.read import read
from lint_rules.workspace.source import CannotDecode, Source
from tests.corpus.lowerings import differences, is_plain
from tests.corpus.properties import problems_in

LONGEST = 30_000
"""Bytes of a file that is read here; libcst takes a second for three times as many."""


def sample(folder: Path, count: int) -> list[Path]:
    """Some files below a folder, always the same ones, from all parts of it."""
    files = sorted(f for f in folder.rglob("*.py") if 500 < f.stat().st_size < LONGEST)
    return files[:: max(1, len(files) // count)][:count]


SOURCES = [
    *sample(Path(lint_rules.__file__).parent, 10),
    *sample(Path(sysconfig.get_path("purelib")) / "metaflow", 20),
    *sample(Path(sysconfig.get_path("stdlib")) / "asyncio", 5),
    *sample(Path(sysconfig.get_path("stdlib")) / "test", 25),
]
"""The whole library and all packages are behind `make lowerings`."""


def flows(text: str) -> list[str]:
    module = module_of(text, ImportResolver())
    return [flow.name for flow in module.flows]


@pytest.mark.slow
@pytest.mark.parametrize("path", SOURCES, ids=lambda path: "-".join(path.parts[-3:]))
def test_both_parsers_give_the_same_model(path):
    source = Source.decode(path, path.read_bytes())
    assert list(differences(source.text)) == []


@pytest.mark.parametrize(
    "header",
    [
        "from metaflow import FlowSpec\nclass A(FlowSpec): pass",
        "import metaflow\nclass A(metaflow.FlowSpec): pass",
        "import metaflow as mf\nclass A(mf.FlowSpec): pass",
        "from metaflow.flowspec import FlowSpec\nclass A(FlowSpec): pass",
        "from metaflow import FlowSpec as Base\nclass A(Base): pass",
        "from metaflow import *\nclass A(FlowSpec): pass",
        "import metaflow.flowspec\nclass A(metaflow.flowspec.FlowSpec): pass",
        "try:\n    from metaflow import FlowSpec\nexcept ImportError:\n    FlowSpec = object\n"
        "class A(FlowSpec): pass",
        "from metaflow import FlowSpec\nif True:\n    class A(FlowSpec): pass",
        "from obproject import ProjectFlow\nclass A(ProjectFlow): pass",
        "from own import Base\nfrom metaflow import step\nclass A(Base):\n    @step\n"
        "    def start(self): pass",
        "from metaflow import FlowSpec\nfrom typing import Generic, TypeVar\nT = TypeVar('T')\n"
        "class A(FlowSpec, Generic[T]): pass",
    ],
)
def test_flows_are_found(header):
    assert flows(header) == ["A"]


@pytest.mark.parametrize(
    "text",
    [
        "class FlowSpec: pass\nclass A(FlowSpec): pass",
        "from metaflow_helper import FlowSpec\nclass A(FlowSpec): pass",
        "import metaflow\nclass A: pass",
        "from own import Base\nimport metaflow\nclass A(Base): pass",
        "from metaflow import step\nclass Mixin:\n    @step\n    def start(self): pass",
    ],
)
def test_other_classes_are_no_flows(text):
    assert flows(text) == []


def test_bases_in_the_same_file_are_known():
    module = module_of(
        "from metaflow import FlowSpec\nclass Mixin: pass\nclass A(FlowSpec): pass\n"
        "class B(A, Mixin): pass\nclass C(B): pass\nclass D(B, Elsewhere): pass",
        ImportResolver(),
    )
    assert [flow.name for flow in module.flows[2].lineage] == ["C", "B", "A", "Mixin"]
    assert [flow.knows_its_bases for flow in module.flows] == [True, True, True, False]


LINEAGES = {
    "its own base": "class X(X): pass",
    "a circle": "class X(Y): pass\nclass Y(X): pass",
    "a long chain": "class C0: pass\n"
    + "".join(f"class C{n}(C{n - 1}): pass\n" for n in range(1, 400))
    + "class X(C399): pass",
    "many ways": "class A0: pass\nclass B0: pass\n"
    + "".join(
        f"class A{n}(A{n - 1}, B{n - 1}): pass\nclass B{n}(A{n}): pass\n" for n in range(1, 60)
    )
    + "class X(B59): pass",
}
"""Bases that were followed for ever, or for too long."""


@pytest.mark.parametrize("text", LINEAGES.values(), ids=LINEAGES)
def test_bases_are_followed_to_an_end(text):
    assert flows(f"from metaflow import FlowSpec\n{text}\nclass A(X, FlowSpec): pass") == ["A"]


def test_a_class_may_replace_its_base():
    module = module_of(
        "from metaflow import FlowSpec\nclass X: a = 1\nclass X(X): b = 2\n"
        "class A(X, FlowSpec): pass",
        ImportResolver(),
    )
    assert [len(flow.definition.statements) for flow in module.flows[0].lineage] == [1, 1, 1]
    assert module.flows[0].knows_its_bases


NEWER = {
    "match": "match x:\n    case {'a': [1, *rest], **more} if rest: pass\n"
    "    case A(b=c) | d: pass",
    "walrus": "if (n := 10) > 5: print(f'{n=!r:>{n}}')",
    "generics": "type X[T: int, *Ts, **P] = list[T]\ndef f[T](x: T) -> T: return x\n"
    "class C[T]: pass",
    "nested f-strings": "f'{x['a']:{'>' + f'{1}'}}'",
    "t-strings": "t'{x} and {y!r}'",
    "except groups": "try: pass\nexcept* ValueError as e: pass",
    "async": "async def f():\n    async with a as b, c: [x async for x in y]\n    await z",
    "decorators": "@(lambda f: f)\n@a[0].b\ndef f(): pass",
    "positional only": "def f(a, /, b, *, c=1, **d): pass",
    "parenthesised with": "with (open('a') as a, open('b') as b,): pass",
    "unpacking": "x[*a] = b, *c = (yield)",
}


@pytest.mark.parametrize("text", NEWER.values(), ids=NEWER)
def test_all_that_python_can_say_is_read(text):
    read("import metaflow\n" + text + "\n", None)


@pytest.mark.parametrize(
    "content",
    [
        b"\xef\xbb\xbfimport metaflow\n",
        b"import metaflow",
        b"import metaflow\r\nclass A(metaflow.FlowSpec):\r\n\tpass\r\n",
        b"import metaflow\x0c\n\x0cclass A(metaflow.FlowSpec): pass\n",
        b"# coding: latin-1\nimport metaflow\nx = '\xe9'\n",
        b"import metaflow\rx = 1\r",
        b"import metaflow\nif x:\n\tif y:\n\t    pass\n",
        b"import metaflow\nx = 1 + \\\n    2\n",
    ],
)
def test_layouts_are_read_and_kept(content):
    source = Source.decode(Path("flow.py"), content)
    read(source.text, None)
    assert source.encode(source.text) == content


ODD_LAYOUTS = {
    "form feed before a class": "import metaflow\n\fclass A(metaflow.FlowSpec): pass\n",
    "form feeds in indentation": (
        "import metaflow\n\fclass A(metaflow.FlowSpec):\n\f    @metaflow.step\n\f  # c\n"
        "    def start(self): pass\n"
    ),
    "form feed dropped once": (
        "import metaflow\nif x:\n\f  y = 1\n  def f(): pass\n\fdef g(): pass  # c\n"
    ),
    "backslash alone on a line": "import metaflow\n\\\nclass A(metaflow.FlowSpec): pass  # c\n",
    "carriage returns": "import metaflow\r\fclass A(metaflow.FlowSpec): pass  # c\r",
    "a comment that libcst loses": (
        "import metaflow\nclass A(metaflow.FlowSpec):\n        x = 1\n\t# comment\n  \n# c"
    ),
}
"""Layouts that libcst does not write as it read them, found by fuzzing."""


@pytest.mark.slow
@pytest.mark.parametrize("text", ODD_LAYOUTS.values(), ids=ODD_LAYOUTS)
def test_ranges_hold_in_odd_layouts(text, tmp_path):
    assert list(problems_in(tmp_path / "flow.py", text.encode(), Linter(all_rules()))) == []
    for definition in module_of(text, ImportResolver()).definitions:
        start, end = definition.name_location.range
        assert text[start:end] == definition.name
    assert all(text.startswith("# c", offset) for offset, _ in comments_of(text).comments)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize(
    "tail", ["\n  \n# c", "  # c 1\n  \n# c 2\n", "\n\t\n# c\n  \n # c\n  \n# c", "\n\n# c"]
)
def test_libcst_finds_comments_below_lines_of_blanks(tail, end):
    text = f"class A:\n    def f(self):\n        '# c'{tail}".replace("\n", end)
    starts = [match.start() for match in re.finditer("(?<!')# c", text)]
    assert [start for start, _ in by_libcst(text).comments] == starts


LAYOUTS = {
    **NEWER,
    **ODD_LAYOUTS,
    "nothing": "",
    "a comment alone": "# c",
    "no newline at the end": "x = 1  # c",
    "blanks at the end": "x = 1\n   \n\t# c\n    ",
    "newlines of several kinds": "if x:\r\n    y = 1\n\r\n\r    z = '''a\r\nb'''\r\n",
    "tabs": "if x:\n\ty\t=\t1\t# c\n\tif\ty:\n\t\tpass\n",
    "tabs and blanks": "if x:\n        if y:\n        \tpass\n",
    "unicode": "größe = '🛰 数据'; 数据: int = größe  # ü 🛰\n",
    "combined letters": "e\u0301 = 1; \ufb01 = e\u0301\n",
    "separators that end no line": "x = 'a\u2028b\x85c\x0bd'; y = 1  # \u2029 e\nz = 2\n",
    "line continuations": "x = 1 + \\\n    2; assert x, \\\n  'why'\n"
    "from a \\\n import b, \\\n c\n",
    "a continuation in a header": "if x \\\n  and y:\n    pass\n\\\n\nz = 1\n",
    "semicolons": "a = 1;b = 2 ; c = 3;\nif x: a; b;\nclass C: a; b; pass;  # c\n",
    "one-line suites": "if x: y\nelif z: w\nelse: v\nwhile x: y\nelse: z\nfor a in b: c\n"
    "else: d\ntry: a\nexcept B: c\nelse: d\nfinally: e\nwith a: b\ndef f(): pass\nclass C: d\n",
    "suites on lines": "if x:\n  y\n\n# a\nelif z:  # b\n    w\n    # c\n  # d\nelse  :\n v\n"
    "# e\nwhile x:\n  y\nelse:\n  z\n",
    "else in else": "if a:\n    b\nelse:\n    if c:\n        d\n    elif e: f\n"
    "    else:\n        g\n",
    "try": "try:\n    a\nexcept (B, C) as d:\n    e\nexcept:\n    f\nelse:\n    g\n"
    "finally:\n    h\n",
    "match": "match (a, b):\n    case [C(d=1 | 2, e=f), *g] if h: pass\n    # c\n"
    "    case {'a': -1, **r}:\n        x\n    case (None | (1)) as y:\n        pass\n"
    "    case _: pass\nmatch = case = 1\n",
    "decorators": "@a.b  # c\n# d\n@(c)\n\n@d(  # e\n    f,\n    # g\n    h=1,\n)\nclass C:\n"
    "    @ e\n    async  def f(self): pass\n",
    "parentheses": "x = ((1)); y = ( (a) . b ( (c) ) [ (d) ] ); z = (  # c\n    (e),\n    (g),\n)\n"
    "del (a), (b)\nfor (x) in (y): pass\nwith (a) as b, (c): pass\nimport a . b as c\n",
    "operators": "x = (a + (b) * - (c)) if (not (d)) else (lambda: (e))\ny = ((a) < (b) <= c)\n",
    "functions inside": "def f(a, b=(1), *c, d: (int) = 2, **e) -> (int):\n"
    "    def g(): return 1\n    class H: '''d'''\n    return g\n",
    "docstrings alone": "class A:\n    '''a\n    b'''\n\nclass B: 'c'\n\ndef f():\n"
    "    (\n'''d\n'''  'e')\n",
    "strings in pieces": "x = ('a'\n     f'{b!r:>{c}}'  # d\n\n     r'e' \\\n  'g')\n",
    "formatted strings": "x = f'''a {b\n!r} {{ {c:{d}.{e}f} {f'{g}'} {h = } }}\n'''\n"
    "y = f'{(lambda: 1)()}' 'z'\n",
    "empty brackets": "a = (); b = [ ]; c = { }; d(  ); e = ( # f\n)\n",
    "subscripts": "a[ (b) , c : d : e , * f ] [ ... ] = g [ : , ]\n",
    "comprehensions": "[ (a) for b , c in (d) if (e) for f in g ]\n{ a : b async for a in c }\n",
    "keywords of classes": "class A ( B , metaclass = ( C ) , ** d ) : x : int ; y : int = 1\n",
    "type parameters": "class A [ T : (int) = str , * Ts , ** P ] ( B ) : pass\n"
    "type X [ T ] = ( T )\n",
    "await and yield": "async def f():\n    ( await  x ).y\n    async  with a as ( b ) : pass\n"
    "    yield\n    c = yield  from  d\n",
    "small statements": "def f():\n    global a , b\n    nonlocal c\n    raise (A) from (B)\n"
    "    return\n",
}
"""Layouts in which ranges must be right."""


@pytest.mark.parametrize("text", LAYOUTS.values(), ids=LAYOUTS)
def test_both_parsers_give_the_same_model_in_every_layout(text):
    for variant in (text, text.replace("\n", "\r\n"), text.replace("\n", "\r")):
        read(variant, None)
        # libcst takes names as they are written, Python normalizes them (PEP 3131).
        assert list(differences(variant)) == [] or not is_plain(variant)


TOO_MUCH = {
    "half a class": "class (",
    "nul": "\x00",
    "brackets": "(" * 5000,
    "brackets in lines": "f(\n" * 5000,
    "signs": "x = " + "-" * 100_000 + "1",
    "sum": "x = " + "1 + " * 5000 + "1",
    "attributes": "x = a" + ".b" * 5000,
    "calls": "x = a" + "()" * 5000,
    "length": "x = 1\n" * 200_000,
    "an order that libcst refuses itself": "try: a\nexcept: b\nexcept C: d\n",
    "length of a line": "x = '" + "a" * 1_000_000 + "'",
}


@pytest.mark.parametrize("text", TOO_MUCH.values(), ids=TOO_MUCH)
def test_what_cannot_be_read_says_so(text):
    with pytest.raises(CannotRead):
        read("import metaflow\n" + text, None)


ODD_ENCODINGS = {
    "half a character": b"# coding: utf-7\nimport metaflow\nx = '+2AA-'\n",
    "other bytes": b"# coding: utf-7\nimport metaflow\nx = '+ACI-'\n",
    "an encoding of names": b"# coding: idna\nimport metaflow\nx = '\xff'\n",
    "one that refuses all": b"# coding: undefined\nimport metaflow\n",
}


@pytest.mark.parametrize("content", ODD_ENCODINGS.values(), ids=ODD_ENCODINGS)
def test_what_cannot_be_decoded_and_written_again_says_so(content):
    with pytest.raises(CannotDecode):
        Source.decode(Path("flow.py"), content)


def test_long_lines_that_are_flat_are_read():
    data = ", ".join(f"('{'+' * 50}', a.b, -{n})" for n in range(5000))
    read(f"import metaflow\nx = [{data}]\n", None)


def test_a_limit_of_the_parser_is_called_so():
    """Python reads this, libcst does not; people must not search for a mistake of theirs."""
    text = "import metaflow\nif x:\n    if y:\n\t    z = 1\n"
    compile(text, "flow.py", "exec")
    with pytest.raises(CannotRead, match="Python may read it, but libcst"):
        read(text, None)


def test_what_python_finds_only_later_is_reported_in_its_words():
    with pytest.raises(CannotRead, match="default 'except:' must be last") as caught:
        read("import metaflow\ntry: a\nexcept: b\nexcept C: d\n", None)
    assert caught.value.row == 3


def test_rows_are_reported_for_an_error():
    with pytest.raises(CannotRead) as caught:
        read("import metaflow\n\nclass (\n", None)
    assert caught.value.row == 3


def test_python_version_of_the_tests_is_supported():
    assert sys.version_info >= (3, 10)
