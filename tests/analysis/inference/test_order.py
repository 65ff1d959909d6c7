"""What is known of a value depends neither on the order of files nor on what was asked before."""

from itertools import permutations

import pytest

from lint_rules.engine.linter import Linter
from lint_rules.engine.registry import all_rules
from lint_rules.settings.options import Settings
from lint_rules.workspace.source import Source

FLOW = """\
from metaflow import FlowSpec, step
{before}

class {name}(FlowSpec):
    @step
    def start(self):
{work}
        self.next(self.end)

    @step
    def end(self):
        pass
"""
CHAIN = "\n".join(
    [
        "import pandas as pd",
        *(f"def f{i}():\n    return f{i + 1}()" for i in range(4)),
        "def f4():\n    return pd.DataFrame()",
    ]
)


def flow(name, *work, before=""):
    lines = "\n".join(f"        {line}" for line in work)
    return FLOW.format(name=name, work=lines, before=before)


def found(folder, texts, *codes):
    """The messages about each file, checked in the order given."""
    sources = []
    for name, text in texts.items():
        (folder / name).write_text(text)
        if name.endswith("flow.py"):
            sources.append(Source(folder / name, text))
    linter = Linter(all_rules(), [folder])
    linter.expect(source.path for source in sources)
    settings = Settings(select=codes)
    return sorted((d.path, d.message) for d in linter.check_all(sources, lambda _: settings))


CASES = {
    "a chain of functions, entered at both ends": {
        "frames.py": CHAIN,
        "a_flow.py": flow("First", "self.deep = f0()", before="from frames import f0"),
        "b_flow.py": flow("Second", "self.papers = f2()", before="from frames import f2"),
        "c_flow.py": flow("Third", "self.papers = f4()", before="from frames import f4"),
    },
    "functions that call each other": {
        "frames.py": "import pandas as pd\ndef even(n):\n    return odd(n - 1)\n"
        "def odd(n):\n    if n:\n        return even(n - 1)\n    return pd.DataFrame()",
        "a_flow.py": flow("First", "self.papers = even(3)", before="from frames import even"),
        "b_flow.py": flow("Second", "self.papers = odd(3)", before="from frames import odd"),
    },
}


@pytest.mark.parametrize("case", CASES)
def test_the_order_of_files_does_not_matter(case, tmp_path):
    texts = CASES[case]
    expected = found(tmp_path, texts, "MF402")
    assert expected
    for order in permutations(texts):
        assert found(tmp_path, {name: texts[name] for name in order}, "MF402") == expected


def test_one_more_line_hides_nothing(tmp_path):
    whole = flow("First", "self.deep = f0()", "self.papers = f2()", before=CHAIN)
    alone = flow("First", "self.papers = f2()", before=CHAIN)
    assert found(tmp_path, {"flow.py": whole}, "MF402") == found(
        tmp_path, {"flow.py": alone}, "MF402"
    )


SUBCLASSES = """\
import pandas as pd
from metaflow import FlowSpec, step


class Base(FlowSpec):
    def chosen(self):
        return self.made()


class First(Base):
    @step
    def start(self):
        self.papers = self.chosen()
        self.next(self.end)

    @step
    def end(self):
        pass

    def made(self):
        return {first}


class Second(Base):
    @step
    def start(self):
        self.topics = self.chosen()
        self.next(self.end)

    @step
    def end(self):
        pass

    def made(self):
        return {second}
"""


@pytest.mark.parametrize(
    ("first", "second", "named"),
    [("pd.DataFrame()", "{}", "papers"), ("{}", "pd.DataFrame()", "topics")],
)
def test_a_helper_is_looked_at_for_each_flow(tmp_path, first, second, named):
    text = SUBCLASSES.format(first=first, second=second)
    ((_, message),) = found(tmp_path, {"flow.py": text}, "MF402")
    assert f"`{named}`" in message


def test_names_are_followed_the_same_way_from_both_files(tmp_path):
    """A chain of constants that is too long from its end is not so from its middle."""
    head = "from metaflow import project\nfrom names import {0}\n\n\n@project(name={0})"
    texts = {
        "names.py": "\n".join(["A0 = 'Not Valid'", *(f"A{i} = A{i - 1}" for i in range(1, 25))]),
        "a_flow.py": flow("First", "pass", before=head.format("A24")).replace(
            ")\n\nclass", ")\nclass"
        ),
        "b_flow.py": flow("Second", "pass", before=head.format("A9")).replace(
            ")\n\nclass", ")\nclass"
        ),
    }
    expected = found(tmp_path, texts, "MF103")
    assert [path for path, _ in expected] == [str(tmp_path / "b_flow.py")]
    assert expected == found(tmp_path, dict(reversed(texts.items())), "MF103")
