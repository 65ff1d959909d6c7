"""Which fixes are safe: what a flow does never changes."""

import pytest

from tests.folder import Folder

FLOW = """\
{top}
from metaflow import FlowSpec, catch, project, step

{above}


{decorator}class ArxivTopics(FlowSpec):
{body}
    @step
    def start(self):
{start}
        self.next(self.end)

    @step
    def end(self):
{end}


if __name__ == "__main__":
    ArxivTopics()
"""
PROJECT = '@project(name="arxiv")\n'


def flow(top="", above="", start="pass", end="pass", body="", decorator=""):
    def indented(text, by):
        return "\n".join(f"{' ' * by}{line}" for line in text.splitlines())

    return FLOW.format(
        top=top,
        above=above,
        decorator=decorator,
        body=indented(body, 4),
        start=indented(start, 8),
        end=indented(end, 8),
    )


USE = "print(decimal.Decimal(1))"
LATE = "{}\nimport decimal\nprint(decimal)"

SAFE = {
    "an import that steps use": ("MF307", flow("import decimal", start=USE)),
    "beside constants, functions and loggers": (
        "MF307",
        flow("import decimal\nimport logging\nlogger = logging.getLogger()\nLIMIT = 3", start=USE),
    ),
    "after a constant in a step": ("MF305", flow(start=LATE.format("self.year = 2024"))),
    "after a line of the log": ("MF305", flow(start=LATE.format("print('working')"))),
    "a name that the step always reads": ("MF309", flow(start="import decimal", end=USE)),
    "a parameter for a flow in a project": ("MF201", flow(decorator=PROJECT)),
    "an annotation": ("MF401", flow(start="self.year = 2024")),
}
UNSAFE = {
    "next to code that may matter": ("MF307", flow("import decimal", "setup()", start=USE)),
    "next to a decorator of its own": (
        "MF307",
        flow("import decimal", "@own\ndef f(): pass", start=USE),
    ),
    "where names are looked up": ("MF307", flow("import decimal", start=f"{USE}\neval('x')")),
    "after a call": ("MF305", flow(start=LATE.format("self.prepare()"))),
    "after a return": ("MF305", flow(end=LATE.format("if self.year:\n    return"))),
    "after a timer": ("MF305", flow(start=LATE.format("from time import time\nbegan = time()"))),
    "in a with": ("MF305", flow(start="with open('a') as f:\n    import decimal\n    print(f)")),
    "where it expects errors": (
        "MF305",
        flow(start="with suppress(ImportError):\n    import decimal\n    print(decimal)"),
    ),
    "after another meaning": ("MF305", flow(start=LATE.format("print(decimal := 3)"))),
    "a name that the step may not read": (
        "MF309",
        flow(start="import decimal", end=f"if self.year:\n    {USE}"),
    ),
    "a name that an error is expected for": (
        "MF309",
        flow(start="import decimal", end=f"try:\n    {USE}\nexcept NameError:\n    pass"),
    ),
    "a name that is an artifact": (
        "MF201",
        flow(decorator=PROJECT, start="self.test_mode = 3"),
    ),
    "a name that is a method": (
        "MF201",
        flow(decorator=PROJECT, body="def test_mode(self): return 3"),
    ),
    "a flow with a decorator of its own": ("MF201", flow(decorator=f"@own\n{PROJECT}")),
    "a module in which current is something else": (
        "MF201",
        flow("from own import current", decorator=PROJECT),
    ),
    "a type that catch changes": (
        "MF401",
        flow(start="pass", body="@catch(var='year')\n@step\ndef work(self):\n    self.year = 2024"),
    ),
    "the largest of a dict's keys": (
        "MF401",
        flow(
            start="scores = {1: 'a'}\nself.best = max(scores, key=scores.get)",
            end="self.best = 'b'",
        ),
    ),
    "a flow that asks for its annotations": (
        "MF401",
        flow(start="self.year = 2024", end="print(type(self).__annotations__)"),
    ),
    "a value of the class": ("MF401", flow(body="year = 3", start="self.year = 2024")),
}


def fixed(code, text, tmp_path):
    (tmp_path / ".git").mkdir()
    folder = Folder(tmp_path)
    path = folder.write("flow.py", text)
    folder.lint("check", "--isolated", "--select", code, "--fix", "--exit-zero", "flow.py")
    return path.read_text()


@pytest.mark.parametrize("shape", SAFE)
def test_it_is_made(shape, tmp_path):
    code, text = SAFE[shape]
    assert fixed(code, text, tmp_path) != text


@pytest.mark.parametrize("shape", UNSAFE)
def test_it_is_not_made(shape, tmp_path):
    code, text = UNSAFE[shape]
    assert fixed(code, text, tmp_path) == text


def test_an_import_stays_that_another_one_needs(tmp_path):
    text = flow("import xml\nimport xml.dom as dom", start="print(dom)", end="print(xml.dom)")
    assert "\nimport xml.dom as dom\n" in f"\n{fixed('MF307', text, tmp_path)}"


def test_comments_stay_where_they_belong(tmp_path):
    text = flow(
        start="pass", body="@step  # the first\n@catch(var='a')  # again\ndef work(self): pass"
    ).replace("catch, project,", "catch,\\\n    project,")
    made = fixed("MF308", text, tmp_path)
    assert "    @catch(var='a')  # again\n    @step  # the first\n    def work" in made
