"""Which function of the repository a call runs, and which calls run a function."""

import pytest

from lint_rules.analysis.call_graph import (
    Callers,
    Code,
    callee,
    callee_or_constructor,
    may_run,
    methods,
)
from lint_rules.analysis.reached_code import reached
from tests.analysis.modules import module_of

HELPERS = """\
class Papers:
    def __init__(self, folder):
        self.folder = folder


def fetch(name):
    return name
"""

FLOW = """\
from metaflow import FlowSpec, current, step
from helpers import Papers, fetch
import helpers as h


def clean(papers):
    return papers


def log(flow):
    flow.load()


class Base(FlowSpec):
    def load(self):
        return clean([])

    def save(self):
        return fetch("base")


class ArxivTopics(Base):
    @step
    def start(self):
        {body}

    def save(self):
        return super().save()
"""


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "pyproject.toml").touch()
    (tmp_path / "helpers.py").write_text(HELPERS)
    return tmp_path


def start(folder, body):
    """The step `start` with a body, as a node of the call graph."""
    module = module_of(FLOW.format(body=body), folder / "flow.py")
    flow = module.flows[-1]
    return Code(module, flow.steps[0].function, flow)


@pytest.mark.parametrize(
    ("call", "called"),
    [
        ("self.load()", "load"),
        ("clean([])", "clean"),
        ("fetch('a')", "fetch"),
        ("h.fetch('a')", "fetch"),
        ("log(self)", "log"),
        ("Papers('a')", None),
        ("self.next(self.end)", None),
        ("self.unknown()", None),
        ("len([])", None),
        ("current.get('a')", None),
        ("[clean][0]([])", None),
    ],
)
def test_a_call_runs_a_function(folder, call, called):
    code = start(folder, call)
    found = callee(code.function.descendants.calls[0], code)
    assert (found.function.name if found else None) == called


def test_a_local_name_is_no_function_of_the_file(folder):
    code = start(folder, "clean = print; clean([])")
    assert callee(code.function.descendants.calls[-1], code) is None


def test_a_class_runs_its_constructor_for_those_who_ask(folder):
    code = start(folder, "Papers('a')")
    (call,) = code.function.descendants.calls
    found = callee_or_constructor(call, code)
    assert found.function.name == "__init__"
    assert found.module.resolver.path == folder / "helpers.py"


def test_a_method_is_that_of_the_flow_which_runs(folder):
    code = start(folder, "self.save()")
    found = callee(code.function.descendants.calls[0], code)
    assert found == Code(code.module, code.flow.definition.functions[-1], code.flow)
    assert [c.function.name for c in methods(code.flow)["save"]] == ["save", "save"]


def test_a_method_that_a_flow_inherits_belongs_to_the_file_of_its_base(folder):
    (folder / "bases.py").write_text(
        "from metaflow import FlowSpec\n\n\ndef read():\n    pass\n\n\n"
        "class Base(FlowSpec):\n    def load(self):\n        read()\n"
    )
    module = module_of(
        "from bases import Base\nfrom metaflow import step\n\n\nclass ArxivTopics(Base):\n"
        "    @step\n    def start(self):\n        self.load()\n",
        folder / "flow.py",
    )
    (flow,) = module.flows
    code = Code(module, flow.steps[0].function, flow)
    load = callee(code.function.descendants.calls[0], code)
    assert load.module.resolver.path == folder / "bases.py"
    assert callee(load.function.descendants.calls[0], load).function.name == "read"


def test_a_function_that_gets_the_flow_calls_its_methods(folder):
    code = start(folder, "log(self)")
    found, unseen = reached(code.flow.steps[0], code.flow)
    assert [one.function.name for one in found] == ["start", "log", "load", "clean"]
    assert unseen == ()
    assert {one.at for one in found[1:]} == {code.function.descendants.calls[0]}


def test_a_function_that_gets_something_else_does_not(folder):
    code = start(folder, "log(print)")
    found, unseen = reached(code.flow.steps[0], code.flow)
    assert [one.function.name for one in found] == ["start", "log"]
    assert len(unseen) == 1


def test_functions_that_are_handed_on_may_run(folder):
    code = start(folder, "print(map(self.load, []), clean, super().save())")
    names = [one.function.name for one in may_run(code, code.flow)]
    assert names == ["load", "clean", "save", "save"]


def test_the_calls_of_a_function_in_all_files(folder):
    helpers = module_of(HELPERS, folder / "helpers.py")
    flow = start(folder, "fetch('a'), h.fetch('b'), clean([])").module
    other = module_of("def fetch(name): ...\n\n\nfetch('c')\n", folder / "other.py")
    fetch = flow.resolver.definition("helpers.fetch")[1]
    calls = Callers([helpers, flow, other]).of(fetch)
    assert [module.code_of(call) for call, module in calls] == [
        'fetch("base")',
        "fetch('a')",
        "h.fetch('b')",
    ]
    assert len(Callers([other]).of(other.functions["fetch"])) == 1
