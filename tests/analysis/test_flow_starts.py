"""Where a file starts its flows."""

import pytest

from lint_rules.analysis.flow_starts import never_reached, starts_flow
from tests.analysis.modules import module_of

HELPERS = """\
def main():
    if ready():
        Topics()


def around():
    main()


def again():
    again()


"""


@pytest.mark.parametrize(
    ("line", "does"),
    [
        ("Topics()", True),
        ("Topics(use_cli=False)", True),
        ("run(Topics())", True),
        ("topics = Topics()", True),
        ("main()", True),
        ("around()", True),
        ("again()", False),
        ("Other()", False),
        ("run(Topics)", False),
        ("def later():\n    Topics()", False),
        ("class Later:\n    Topics()", False),
    ],
)
def test_a_statement_starts_a_flow(line, does):
    module = module_of(HELPERS + line)
    assert starts_flow(module.body[-1], {"Topics"}, module) is does


@pytest.mark.parametrize(
    ("lines", "count"),
    [
        ("Topics().run()", 1),
        ("topics = Topics()\ntopics.run()", 1),
        ("topics = Topics()\ntopics.run()\ntopics.run()", 2),
        ("topics = make()\ntopics.run()", 0),
        ("Topics()\nrun()", 0),
        ("Topics().start()", 0),
    ],
)
def test_what_comes_after_a_flow_is_never_reached(lines, count):
    assert len([*never_reached(list(module_of(lines).body), {"Topics"})]) == count
