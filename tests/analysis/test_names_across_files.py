"""Names across files: what an event, a flow or a project is called, wherever that is written."""

import pytest

HEAD = "from metaflow import Config, FlowSpec, config_expr, project, step, trigger\n"

FLOW = """\
@trigger(event={event})
@project(name="arxiv_topics")
class ArxivTopics(FlowSpec):
{body}
    @step
    def start(self):
        \"\"\"Begin and end.\"\"\"
"""

PAPERS = """\
from metaflow import FlowSpec, project, step
from metaflow.integrations import ArgoEvent


@project(name="arxiv_topics")
class ArxivPapers(FlowSpec):
    @step
    def start(self):
        ArgoEvent(name="papers").safe_publish()
"""

CONFIG = '    settings = Config("settings", default_value={})\n'

READABLE = {
    "a constant": ("EVENT", 'EVENT = "papers"', ""),
    "a constant of a constant": ("EVENT", 'NAME = "papers"\nEVENT = NAME', ""),
    "an imported constant": ("EVENT", "from arxiv_topics.names import EVENT", ""),
    "an imported constant by another name": (
        "PAPERS",
        "from arxiv_topics.names import EVENT as PAPERS",
        "",
    ),
    "a constant of an imported module": ("names.EVENT", "from arxiv_topics import names", ""),
    "a constant of a module in full": ("a.names.EVENT", "import arxiv_topics as a", ""),
    "a constant that the package hands on": ("EVENT", "from arxiv_topics import EVENT", ""),
    "a constant that a star hands on": ("EVENT", "from arxiv_topics.all import EVENT", ""),
    "a constant through five modules": ("EVENT", "from arxiv_topics.hop5 import EVENT", ""),
    "a constant that another module reads": (
        "READ",
        "from arxiv_topics.shared import READ",
        "",
    ),
    "a constant of a class": ("Events.PAPERS", "from arxiv_topics.names import Events", ""),
    "a member of an enum": ("Events.PAPERS.value", "from arxiv_topics.names import Events", ""),
    "an item of a dict": ('EVENTS["papers"]', "from arxiv_topics.names import EVENTS", ""),
    "an f-string": ('f"{PLACE}ers"', 'PLACE = "pap"', ""),
    "an f-string of an imported constant": (
        'f"{PLACE}ers"',
        "from arxiv_topics.names import PLACE",
        "",
    ),
    "a sum": ('PLACE + "ers"', "from arxiv_topics.names import PLACE", ""),
    "a config's default": (
        'config_expr("settings.event")',
        "",
        CONFIG.replace("{}", '{"event": "papers"}'),
    ),
    "a config's default, deeper": (
        'config_expr("settings").events.papers',
        "",
        CONFIG.replace("{}", '{"events": {"papers": "papers"}}'),
    ),
    "a config's default of another module": (
        'config_expr("settings.event")',
        "from arxiv_topics.names import DEFAULTS",
        CONFIG.replace("{}", "DEFAULTS"),
    ),
    "a config's default as JSON": (
        'config_expr("settings.event")',
        "",
        CONFIG.replace("{}", '\'{"event": "papers"}\''),
    ),
    "a config's file": (
        'config_expr("settings.event")',
        "",
        CONFIG.replace("default_value={}", 'default="settings.json"'),
    ),
}

UNREADABLE = {
    "what runs": ("name_of_event()", "from arxiv_topics.names import name_of_event", ""),
    "an f-string of what runs": ('f"{name_of_event()}"', "def name_of_event(): ...", ""),
    "a constant with two values": ("EVENT", 'EVENT = "a"\nEVENT = "b"', ""),
    "a number put into form": ('f"{NUMBER:03d}"', 'NUMBER = "1"', ""),
    "a config without a default": (
        'config_expr("settings.event")',
        "",
        '    settings = Config("settings")\n',
    ),
    "a config that a parser reads": (
        'config_expr("settings.event")',
        "",
        CONFIG.replace("default_value={}", 'default="settings.json", parser="own.parse"'),
    ),
    "a config's default that nests deeply": (
        'config_expr("settings.event")',
        "",
        CONFIG.replace("{}", f"'{'[' * 10_000}'"),
    ),
    "what an installed package holds": ("EVENT", "from kafka.names import EVENT", ""),
    "a circle": ("EVENT", "from arxiv_topics.round import EVENT", ""),
}


@pytest.fixture
def project(folder):
    """A package with names, and a flow that raises the event `papers`."""
    package = "src/arxiv_topics"
    folder.write("pyproject.toml", "")
    folder.write(f"{package}/__init__.py", "from .names import EVENT\nfrom . import names\n")
    folder.write(
        f"{package}/names.py",
        'from enum import Enum\n\nPLACE = "pap"\nEVENT: str = "papers"\n'
        'EVENTS = {"papers": EVENT}\n'
        'DEFAULTS = {"event": EVENT}\n\n\nclass Events(Enum):\n    PAPERS = "papers"\n',
    )
    folder.write(f"{package}/all.py", "from .names import *\n")
    folder.write(f"{package}/shared.py", "from arxiv_topics import names\n\nREAD = names.EVENT\n")
    for n in range(6):
        source = f"hop{n - 1}" if n else "names"
        folder.write(f"{package}/hop{n}.py", f"from .{source} import EVENT\n")
    folder.write(f"{package}/round.py", "from arxiv_topics.trip import EVENT\n")
    folder.write(f"{package}/trip.py", "from arxiv_topics.round import EVENT\n")
    folder.write("settings.json", '{"event": "papers"}')
    folder.write("flows/papers/flow.py", PAPERS)
    return folder


def waiting(event, imported, body):
    return f"{HEAD}\n{imported}\n\n\n{FLOW.format(event=event, body=body)}"


@pytest.mark.parametrize("given", READABLE.values(), ids=READABLE)
def test_an_event_is_known_by(project, given):
    project.write("flows/topics/flow.py", waiting(*given))
    assert project.codes("--select", "MF706") == []
    # Mistaken by one letter where it is raised, both ends are found.
    project.write("flows/papers/flow.py", PAPERS.replace('"papers"', '"paper"'))
    found = project.codes("--select", "MF706")
    assert [place.split("/")[1] for place in found] == ["papers", "topics"]


@pytest.mark.parametrize("given", UNREADABLE.values(), ids=UNREADABLE)
def test_an_event_is_not_checked_by(project, given):
    project.write("flows/papers/flow.py", PAPERS.replace('"papers"', '"other"'))
    project.write("flows/topics/flow.py", waiting(*given))
    assert project.codes("--select", "MF706") == []


def test_an_event_that_a_step_takes_from_a_config_is_known(project):
    config = CONFIG.replace("{}", '{"event": "papers"}')
    text = PAPERS.replace("(FlowSpec):\n", f"(FlowSpec):\n{config}")
    text = text.replace("import FlowSpec", "import Config, FlowSpec")
    text = text.replace('name="papers"', "name=self.settings.event")
    project.write("flows/papers/flow.py", text)
    project.write("flows/topics/flow.py", waiting('"papers"', "", ""))
    assert project.codes("--select", "MF706") == []
    project.write("flows/topics/flow.py", waiting('"paper"', "", ""))
    assert len(project.codes("--select", "MF706")) == 2


def test_events_in_an_imported_list_are_known(project):
    project.write("src/arxiv_topics/lists.py", 'from .names import EVENT\n\nALL = [EVENT, "new"]\n')
    text = waiting("x", "from arxiv_topics.lists import ALL", "").replace("event=x", "events=ALL")
    project.write("flows/topics/flow.py", text)
    # `new` is raised by nobody.
    found = project.codes("--select", "MF701,MF706")
    assert found == ["flows/topics/flow.py:6 MF701", "flows/topics/flow.py:6 MF706"]


def test_an_upstream_flow_is_known_by_a_constant(project):
    text = waiting("x", "from arxiv_topics.names import EVENT", "")
    text = text.replace("@trigger(event=x)", "@trigger_on_finish(flow=EVENT)")
    text = text.replace("step, trigger", "step, trigger_on_finish")
    project.write("flows/topics/flow.py", text)
    assert project.codes("--select", "MF707") == ["flows/topics/flow.py:6 MF707"]


def test_upstream_flows_in_an_imported_list_are_known(project):
    project.write(
        "src/arxiv_topics/lists.py",
        "from .names import EVENT\n\n"
        'BEFORE = ["ArxivPapers", EVENT, {"name": "Species", "project": "biology"}, "b.prod.X"]\n',
    )
    text = waiting("x", "from arxiv_topics.lists import BEFORE", "")
    text = text.replace("@trigger(event=x)", "@trigger_on_finish(flows=BEFORE)")
    text = text.replace("step, trigger", "step, trigger_on_finish")
    project.write("flows/topics/flow.py", text)
    # Only what is of this project and not there: the flow that is called as the event.
    assert project.codes("--select", "MF707") == ["flows/topics/flow.py:6 MF707"]
    output = project.lint("check", "--select", "MF707", "--output-format", "concise").out
    assert "`papers`" in output


def test_a_project_is_known_by_a_config(project):
    body = CONFIG.replace("{}", '{"project": "arxiv"}')
    text = waiting('"papers"', "", body)
    text = text.replace('name="arxiv_topics"', 'name=config_expr("settings.project")')
    project.write("flows/topics/flow.py", text)
    project.write("flows/more/flow.py", PAPERS.replace("ArxivPapers", "ArxivAuthors"))
    assert project.codes("--select", "MF102") == ["flows/topics/flow.py:7 MF102"]


READ = """\
from metaflow import Parameter, current


def not_production(context):
    return not current.is_production


TEST_MODE = Parameter("test-mode", type=bool, default=not_production)
"""

TESTED = """\
from metaflow import FlowSpec, project, step
{imported}


@project(name="arxiv_topics")
class ArxivTopics(FlowSpec):
    test_mode = {value}

    @step
    def start(self):
        print(self.test_mode)
"""


@pytest.mark.parametrize(
    ("imported", "value"),
    [
        ("from arxiv_topics.shared import TEST_MODE", "TEST_MODE"),
        ("from arxiv_topics import shared", "shared.TEST_MODE"),
        ("from arxiv_topics.hand_on import MODE", "MODE"),
    ],
)
def test_a_test_mode_may_be_an_imported_parameter(project, imported, value):
    rules = "MF201,MF202,MF203,MF204,MF205"
    project.write("src/arxiv_topics/shared.py", READ)
    project.write("src/arxiv_topics/hand_on.py", "from .shared import TEST_MODE as MODE\n")
    project.write("flows/topics/flow.py", TESTED.format(imported=imported, value=value))
    assert project.codes("--select", rules, "flows/topics") == []
    project.write(
        "src/arxiv_topics/shared.py", READ.replace("default=not_production", "default=False")
    )
    assert project.codes("--select", rules, "flows/topics") == ["flows/topics/flow.py:7 MF202"]
    project.write("src/arxiv_topics/shared.py", READ.replace("type=bool, ", ""))
    assert project.codes("--select", rules, "flows/topics") == ["flows/topics/flow.py:7 MF204"]
    project.write("src/arxiv_topics/shared.py", READ.replace("Parameter(", "str("))
    assert project.codes("--select", rules, "flows/topics") == ["flows/topics/flow.py:6 MF201"]
