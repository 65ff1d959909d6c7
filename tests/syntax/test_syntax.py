"""The model of Python's syntax: what each node holds, and what names refer to."""

import pytest

from lint_rules.model.code import (
    Assignment,
    BoolOp,
    Compare,
    Constant,
    For,
    Function,
    Global,
    If,
    JoinedStr,
    Match,
    MatchOr,
    Slice,
    Subscript,
    Try,
    With,
)
from lint_rules.syntax.read import look_up, read

READERS = [read, look_up]


@pytest.fixture(params=READERS, ids=lambda reader: reader.__name__)
def lowered(request):
    """Reads a text, as a file that is checked and as one that is only looked up."""
    return lambda text: request.param(text, None)


def value_of(module, index=0):
    return module.body[index].value


def test_a_try_keeps_its_parts_apart(lowered):
    text = "try: a\nexcept (B, C) as d: e\nexcept: f\nelse: g\nfinally: h, i\n"
    (statement,) = lowered(text).body
    assert isinstance(statement, Try)
    assert [h.target.name if h.target else None for h in statement.handlers] == ["d", None]
    parts = (statement.body, statement.orelse, statement.finalbody)
    assert [text[part[0].start : part[0].end] for part in parts] == ["a", "g", "h, i"]
    handler = statement.handlers[0]
    assert text[handler.start : handler.end] == "except (B, C) as d: e"


def test_each_context_of_a_with_has_its_own_target(lowered):
    (statement,) = lowered("with a, b as c, d as (e, f): pass\n").body
    assert isinstance(statement, With)
    assert [(t.name, s.name, path) for t, s, path in statement.bindings] == [
        ("c", "b", ()),
        ("e", "d", (0,)),
        ("f", "d", (1,)),
    ]


def test_a_loop_may_have_an_else(lowered):
    (statement,) = lowered("for a in b: c\nelse: d\n").body
    assert isinstance(statement, For)
    assert [len(block) for block in statement.blocks] == [1, 1]


def test_all_operators_of_a_comparison_are_there(lowered):
    compared = value_of(lowered("a < b <= c not in d is not e\n"))
    assert isinstance(compared, Compare)
    assert compared.operators == ("<", "<=", "not in", "is not")
    assert [one.name for one in compared.operands] == ["a", "b", "c", "d", "e"]


def test_the_same_boolean_operator_in_a_row_is_one(lowered):
    joined = value_of(lowered("a and b and (c and d) or e\n"))
    assert isinstance(joined, BoolOp)
    first, last = joined.values
    assert (joined.operator, last.name, len(first.values)) == ("or", "e", 3)


def test_parameters_have_their_kind_in_the_order_of_the_text(lowered):
    (function,) = lowered("def f(a, /, b, c=1, *d, e, f=2, **g): pass\n").body
    assert [(p.name, p.kind, p.default is not None) for p in function.parameters] == [
        ("a", "positional-only", False),
        ("b", "positional or keyword", False),
        ("c", "positional or keyword", True),
        ("d", "variadic positional", False),
        ("e", "keyword-only", False),
        ("f", "keyword-only", True),
        ("g", "variadic keyword", False),
    ]


def test_slices_have_bounds(lowered):
    subscript = value_of(lowered("a[1:, ::b]\n"))
    assert isinstance(subscript, Subscript)
    first, second = subscript.index
    assert isinstance(first, Slice)
    assert (first.lower.value, first.upper, first.step) == (1, None, None)
    assert (second.lower, second.upper, second.step.name) == (None, None, "b")


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("f'a{b}c'", ["a", ("b", "", None), "c"]),
        ("f'{{{b!r:>{c}}}}'", ["{", ("b", "r", [">", ("c", "", None)]), "}"]),
        (r"f'\n{b}' 'c' rf'\n'", ["\n", ("b", "", None), r"c\n"]),
        ("f'{b = }'", ["b = ", ("b", "r", None)]),
        ("f'{b = :>9}'", ["b = ", ("b", "", [">9"])]),
    ],
)
def test_f_strings_hold_what_comes_out(lowered, text, parts):
    string = value_of(lowered(f"{text}\n"))
    assert isinstance(string, JoinedStr)
    assert shown(string) == parts


def shown(string):
    return [
        part
        if isinstance(part, str)
        else (part.value.name, part.conversion, part.format_spec and shown(part.format_spec))
        for part in string.values
    ]


def test_names_in_f_strings_stand_where_they_are(lowered):
    text = "x = (f'''a\n{b}''' f'{b}'\n     f'é{ b !r:{b}}')\n"
    names = [name for name in lowered(text).descendants.names if name.name == "b"]
    starts = [offset for offset, letter in enumerate(text) if letter == "b"]
    assert [name.start for name in names] == starts


def test_patterns_bind_and_refer(lowered):
    text = "match a:\n    case (C.d | 1) as e if f: pass\n    case {'k': [g, *h], **i}: pass\n"
    module = lowered(text)
    (statement,) = module.body
    assert isinstance(statement, Match)
    assert isinstance(statement.cases[0].pattern.pattern, MatchOr)
    names = {name.name: name.context for name in module.descendants.names}
    assert names == {
        **dict.fromkeys(["a", "C.d", "f"], "load"),
        **dict.fromkeys(["e", "g", "h", "i"], "store"),
    }
    assert {target.name for target, _, _ in statement.bindings} == {"e", "g", "h", "i"}
    assert [text[n.start : n.end] for n in module.descendants.names] == list(names)


def test_global_binds_in_the_module(lowered):
    module = lowered(
        "def f():\n    global np, x\n    import numpy as np\n    x = 1\ndef g(): np.zeros\n"
    )
    first, second = module.body
    assert isinstance(first, Function)
    assert isinstance(first.body[0], Global)
    assert first.locals == {}
    assert module.scope.bound == {"f", "g", "x"}
    assert second.body[0].value.qualified == "numpy.zeros"


def test_nonlocal_binds_in_the_function_around(lowered):
    module = lowered("def f():\n    x = 1\n    def g():\n        nonlocal x\n        x = 2\n")
    outer, inner = module.descendants.definitions
    assert inner.locals == {}
    assert inner.scope.owner("x") is outer.scope


def test_bounds_of_type_parameters_are_read():
    module = read(
        "import numpy as np\nclass A:\n    B = 1\n    def f[T: (np.int_, B)](self, x: T): pass\n",
        None,
    )
    names = {name.name: name for name in module.descendants.names}
    assert names["np.int_"].qualified == "numpy.int_"
    assert names["B"].scope.owner("B").kind == "class"
    assert names["T"].scope.owner("T").kind == "types"


def test_the_first_iterable_of_a_comprehension_belongs_to_the_scope_around(lowered):
    module = lowered("class A:\n    b = [c for c in d if (e := c)]\n")
    kinds = {name.name: name.scope.kind for name in module.descendants.names}
    assert kinds == {"b": "class", "c": "comprehension", "d": "class", "e": "class"}


def test_an_assignment_holds_from_its_end():
    (statement,) = read("x = y = f(x)\n", None).body
    assert isinstance(statement, Assignment)
    assert {statement.bound_from(target) for target in statement.targets} == {len("x = y = f(x)")}


def test_long_chains_do_not_exhaust_the_stack(lowered):
    sums = " + ".join(["1"] * 900)
    branches = "".join(f"elif x == {n}: pass\n" for n in range(900))
    module = lowered(f"a = {sums}\nb = x{'.y()' * 50}\nif x: pass\n{branches}")
    deepest = module.body[2]
    for _ in range(900):
        assert isinstance(deepest, If)
        (deepest,) = deepest.orelse


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1_000", 1000),
        ("'a' \"b\" r'\\n'", "ab\\n"),
        ("b'x'", b"x"),
        ("...", ...),
        ("None", None),
        ("0x_ff", 255),
        ("'''a\r\nb'''", "a\nb"),
        ("2j", 2j),
    ],
)
def test_constants_have_their_value(lowered, text, value):
    constant = value_of(lowered(f"{text}\n"))
    assert isinstance(constant, Constant)
    assert constant.value == value


def test_arguments_include_the_parentheses_around_them(lowered):
    text = "f((a), ( (b) ), *(c), d=(e), **g)(h for h in i)\n"
    outer = value_of(lowered(text))
    inner = outer.function
    shown = [text[a.start : a.end] for a in (*inner.arguments, *outer.arguments)]
    assert shown == ["(a)", "( (b) )", "*(c)", "d=(e)", "**g", "h for h in i"]
