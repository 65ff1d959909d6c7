"""What edits leave behind together looks as if a person had written it."""

import pytest

from lint_rules.diagnostics.diagnostic import TextEdit
from lint_rules.fixes.edits import apply

FLOW = "\n\n\nclass Topics:\n    pass\n"


def without(text, *gone):
    return apply(text, [TextEdit(text.index(g), text.index(g) + len(g), "") for g in gone])


@pytest.mark.parametrize(
    ("text", "gone", "left"),
    [
        ("import a\n\nimport b\n", ["import a\n"], "import b\n"),
        ("import a\n\nimport b\n" + FLOW[1:], ["import b\n"], "import a\n" + FLOW[1:]),
        ("import a\nimport b" + FLOW, ["import b\n"], "import a" + FLOW),
        ("import a\n\nimport b\nimport c" + FLOW, ["import b\n", "import c\n"], "import a" + FLOW),
        ("import a\n\nimport b\n\nimport c\n", ["import b\n"], "import a\n\nimport c\n"),
        ("if a:\n    import b\n\n    c()\n", ["    import b\n"], "if a:\n    c()\n"),
        ("if a:  # now\r\n    b\r\n\r\n    c()\r\n", ["    b\r\n"], "if a:  # now\r\n    c()\r\n"),
        ("a()\nimport b\n\nc()\n", ["import b\n"], "a()\n\nc()\n"),
    ],
)
def test_blank_lines_go_with_what_they_were_around(text, gone, left):
    assert without(text, *gone) == left


NAMES = ", ".join(f"something_{number}" for number in range(7))
WRAPPED = f"from own import (\n    {NAMES}\n)\n".replace(", ", ",\n    ").replace("\n)", ",\n)")


def test_an_import_that_becomes_too_long_gets_parentheses():
    short = "from own import something_0\n"
    end = len(short) - 1
    added = NAMES.removeprefix("something_0")
    assert apply(short, [TextEdit(end, end, added)]) == WRAPPED


def test_an_import_that_was_too_long_stays():
    text = f"from own import {NAMES}\n"
    assert apply(f"{text}year = 3\n", [TextEdit(len(text), len(text) + 9, "")]) == text


STEP = "def start():\n{}    work()\n"


@pytest.mark.parametrize(
    ("before", "new", "after"),
    [
        ("    import os\n", "import json", "    import json\n    import os\n"),
        ("    import os\n", "import numpy", "    import os\n\n    import numpy\n"),
        (
            "    import numpy\n",
            "from os import path",
            "    from os import path\n\n    import numpy\n",
        ),
        (
            "    import os\n\n    import pandas\n",
            "import json",
            "    import json\n    import os\n\n    import pandas\n",
        ),
        (
            "    import numpy\n    import os\n",
            "import json",
            "    import json\n    import numpy\n    import os\n",
        ),
    ],
)
def test_new_imports_of_a_step_are_sorted_among_sorted_ones(before, new, after):
    text = STEP.format(before)
    at = text.index("    import")
    assert apply(text, [TextEdit(at, at, f"    {new}\n")]) == STEP.format(after)
