"""How the work on a project and the memory for it grow with its files."""

import gc
import sys

import pytest

from lint_rules.analysis.data_flow.flow_states import FlowDataFlow
from lint_rules.engine.linter import Linter
from lint_rules.engine.project_index import ProjectIndex
from lint_rules.engine.registry import all_rules
from lint_rules.settings.options import Settings
from lint_rules.workspace.source import Source

FLOW = """\
from metaflow import Flow, FlowSpec, project, step, trigger, trigger_on_finish
from metaflow.integrations import ArgoEvent
from package_{number}.events import tell


def notify(name):
    ArgoEvent(name=name).safe_publish()


@trigger(event="ready_{before}")
@trigger_on_finish(flow="Rows{before}")
@project(name="project_{number}")
class Rows{number}(FlowSpec):
    @step
    def start(self):
        self.rows = Flow("Rows{before}").latest_run.data.total
        notify("ready_{number}")
        tell("done_{number}")
        self.next(self.end)

    @step
    def end(self):
        self.total = 1
"""

EVENTS = """\
from metaflow import Flow
from metaflow.integrations import ArgoEvent


def tell(name):
    ArgoEvent(name=name).safe_publish()


def rows():
    return Flow("Rows{number}").latest_run.data.total
"""

SETTINGS = Settings(select=("ALL",))


def write(root, flows):
    """Writes flows that have nothing in common, but each waits for the one before it."""
    (root / "pyproject.toml").touch()
    for number in range(flows):
        package = root / "src" / f"package_{number}"
        folder = root / "flows" / str(number)
        package.mkdir(parents=True)
        folder.mkdir(parents=True)
        (package / "__init__.py").touch()
        (package / "events.py").write_text(EVENTS.format(number=number))
        text = FLOW.format(number=number, before=(number - 1) % flows)
        (folder / "flow.py").write_text(text)


def calls(work):
    """How many Python functions some work calls."""
    count = 0

    def profile(_frame, event, _argument):
        nonlocal count
        count += event == "call"

    before = sys.getprofile()
    sys.setprofile(profile)
    try:
        work()
    finally:
        sys.setprofile(before)
    return count


@pytest.mark.parametrize("code", ["MF006", "MF102", "MF603", "MF604", "MF606", "MF706", "MF707"])
def test_a_rule_on_projects_takes_twice_as_long_for_twice_the_files(tmp_path, code):
    took = []
    for flows in (8, 16):
        root = tmp_path / str(flows)
        root.mkdir()
        write(root, flows)
        linter = Linter(all_rules(), [root])
        index = ProjectIndex(linter.snapshot, [root])
        project = index.of(root / "flows" / "0" / "flow.py", SETTINGS)
        assert len(project.flows) == flows
        rules = linter.book(SETTINGS).rules_for(Source(root / "flows" / "0" / "flow.py", ""))
        (rule,) = [rule for rule in rules if rule.code == code]
        index.findings(project, rule, linter.incidents)  # what is found out of files is known now
        took.append(calls(lambda rule=rule, project=project: list(rule.check(project))))
    assert took[1] < 2.2 * took[0]


def test_what_rules_find_out_of_a_file_is_gone_when_it_is_checked(tmp_path):
    write(tmp_path, 3)
    sources = [Source(file, file.read_text()) for file in sorted(tmp_path.rglob("flow.py"))]
    linter = Linter(all_rules(), [tmp_path])
    linter.expect([source.path for source in sources])
    gc.collect()
    before = sum(isinstance(thing, FlowDataFlow) for thing in gc.get_objects())
    assert linter.check_all(sources, lambda _: SETTINGS)
    gc.collect()
    assert sum(isinstance(thing, FlowDataFlow) for thing in gc.get_objects()) == before
