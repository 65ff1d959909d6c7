"""How many operations a statement does."""

import pytest

from lint_rules.analysis.operations import operations
from lint_rules.syntax.read import read

COUNTS = {
    "x = y": 1,
    "x = f(y)": 1,
    "x = f(g(y))": 1,
    "x = f(g(h(y)))": 2,
    "x = y.merge(a).query(b).groupby(c)": 2,
    "x = y.merge(a).query(b).groupby(c).to_list()": 2,
    "x = [f(a) for a in b]": 2,
    "x = [f(a) for a in b if a]": 3,
    "x = [f(a) for a in b for c in a if c if a]": 5,
    "x = a + b": 1,
    "x = a + b * c": 2,
    "x = folder / 'papers' / f'{year}.csv'": 1,
    "x = 's3://' + bucket + '/' + year + '/papers.csv'": 1,
    "x = a / b / c": 2,
    "x = str(Path(f()).parent / g(y).isoformat())": 1,
    "f({1: a, 2: b, 3: c, 4: d, 5: e, 6: g, 7: h, 8: i, 9: j, 10: k})": 1,
    "f([{1: a, 2: b, 3: {4: c, 5: d}}, {6: e, 7: g, 8: h, 9: i, 10: j}])": 1,
    "x = {1: a, 2: b, 3: c, 4: d, 5: e, 6: g, 7: h, 8: i, 9: j, 10: k}": 2,
    "f({'a': 1, 'b': 2, 'c': 3, 'd': 4, 'e': 5, 'f': [6, 7, 8, 9, 10]})": 2,
    "x = sorted(y, key=lambda z: z.w)": 2,
    "x = a if b else c": 2,
    "x = [1, 2, 3, 4, 5, 6, 7, 8, 9]": 1,
    "x = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]": 2,
    "for a in f(g(h(b))):\n    c(d(e(f(a))))": 2,
}


@pytest.mark.parametrize("text", COUNTS)
def test_a_statement_counts_without_what_is_in_its_blocks(text):
    assert operations(read(text, None).body[0]) == COUNTS[text]
