"""Outerbounds projects: `obproject.toml` names the project, and `obproject` has its base flow."""

import json

import pytest

from tests.folder import Folder

HEAD = """\
from metaflow import step, trigger, trigger_on_finish
from metaflow.integrations import ArgoEvent
from obproject import ProjectEvent, ProjectFlow, highlight, project_schedule, project_trigger


"""
END = """\
        self.next(self.end)

    @step
    def end(self):
        pass
"""


def flow(name: str, start: str, *decorators: str) -> str:
    above = "".join(f"{decorator}\n" for decorator in decorators)
    body = f"class {name}(ProjectFlow):\n    @step\n    def start(self):\n        {start}\n"
    return f"{HEAD}{above}{body}{END}"


@pytest.fixture
def project(folder: Folder) -> Folder:
    folder.write("obproject.toml", 'project = "arxiv"\n')
    return folder


def drawn(folder: Folder) -> dict:
    return json.loads(folder.lint("graph", "--output-format", "json").out)


@pytest.mark.parametrize(
    ("start", "found"),
    [
        ("print(self.prj.branch, self.project_config['title'], self.project_spec)", []),
        ("print(self.papers)", ["flows/topics/flow.py:9 MF405"]),
        ("print(self.highlight)", ["flows/topics/flow.py:9 MF405"]),
    ],
)
def test_the_base_flow_is_known(project: Folder, start: str, found: list[str]):
    project.write("flows/topics/flow.py", flow("ArxivTopics", start))
    assert project.codes("--select", "MF1,MF404,MF405,MF8") == found


def test_highlight_gives_the_step_an_attribute(project: Folder):
    text = flow("ArxivTopics", "self.highlight.set_title('topics')")
    project.write("flows/topics/flow.py", text.replace("    @step", "    @highlight\n    @step", 1))
    assert project.codes("--select", "MF405") == []


def test_an_own_package_of_the_name_is_read_instead(project: Folder):
    project.write("src/obproject/__init__.py", "from .base import ProjectFlow\n")
    project.write(
        "src/obproject/base.py",
        "from metaflow import FlowSpec\n\n\nclass ProjectFlow(FlowSpec):\n    pass\n",
    )
    project.write(
        "flows/topics/flow.py",
        "from metaflow import step\nfrom obproject import ProjectFlow\n\n\n"
        f"class ArxivTopics(ProjectFlow):\n    @step\n    def start(self):\n{END}",
    )
    assert project.codes("--select", "MF101") == ["flows/topics/flow.py:5 MF101"]


def test_imports_are_found_in_src(project: Folder):
    project.write("src/arxiv/__init__.py", "")
    text = flow("ArxivTopics", "pass").replace("\n\n\n", "\nfrom arxiv import topics\n\n\n", 1)
    project.write("flows/topics/flow.py", text)
    # A copy of the file, with which the flow can be run in its own folder.
    project.write("flows/topics/obproject.toml", 'project = "arxiv"\n')
    assert project.codes("--select", "MF107") == ["flows/topics/flow.py:4 MF107"]


def test_each_file_names_its_own_project(folder: Folder):
    for name in ("arxiv", "biology"):
        folder.write(f"{name}/obproject.toml", f'project = "{name}"\n')
        start = "self.prj.safe_publish_event('papers')"
        folder.write(f"{name}/flows/papers/flow.py", flow("Papers", start))
        folder.write(
            f"{name}/flows/topics/flow.py",
            flow("Topics", "pass", '@project_trigger(event="papers")'),
        )
    events = {event["full_name"] for event in drawn(folder)["events"]}
    assert events == {"prj.arxiv.{branch}.papers", "prj.biology.{branch}.papers"}
    assert folder.codes("--select", "MF006,MF102,MF706") == []


@pytest.mark.parametrize(
    "raises",
    [
        "self.prj.publish_event('papers')",
        "self.prj.safe_publish_event(name='papers', payload={'year': 2024})",
        "ProjectEvent('papers').publish()",
        "ProjectEvent('papers', project='arxiv', branch='main').safe_publish()",
        "ProjectEvent('papers', project=PROJECT).publish()",
        "ArgoEvent(f'prj.{PROJECT}.{BRANCH}.papers').safe_publish()",
        "ArgoEvent('prj.arxiv.main.papers').safe_publish()",
        "event = ProjectEvent('papers'); event.publish()",
        "tell(self.prj, 'papers')",
    ],
)
def test_events_meet(project: Folder, raises: str):
    project.write("src/telling.py", "def tell(prj, name):\n    prj.safe_publish_event(name)\n")
    papers = flow("ArxivPapers", raises).replace(
        "\n\n\n", "\nfrom os import BRANCH, PROJECT\nfrom telling import tell\n\n\n", 1
    )
    project.write("flows/papers/flow.py", papers)
    waits = '@project_trigger(event="papers")'
    project.write("flows/topics/flow.py", flow("ArxivTopics", "pass", waits))
    assert project.codes("--select", "MF701,MF702,MF706") == []
    (event,) = drawn(project)["events"]
    assert event["full_name"] == "prj.arxiv.{branch}.papers"
    assert (event["is_raised"], event["is_awaited"]) == (True, True)


def test_a_schedule_for_each_branch_is_drawn(project: Folder):
    decorator = '@project_schedule({"main": {"cron": "0 8 * * 1-5"}, "dev/*": {"daily": True}})'
    project.write("flows/papers/flow.py", flow("ArxivPapers", "pass", decorator))
    (box,) = drawn(project)["flows"]
    assert (box["project"], box["schedule"]) == ("arxiv", "main: 0 8 * * 1-5; dev/*: daily")


@pytest.mark.parametrize("content", ["project = [", 'title = "x"\n', "project = 3\n"])
def test_a_file_without_the_name_leaves_it_open(folder: Folder, content: str):
    folder.write("obproject.toml", content)
    folder.write("flows/papers/flow.py", flow("ArxivPapers", "print(self.papers)"))
    assert folder.codes("--select", "MF1,MF405") == ["flows/papers/flow.py:9 MF405"]
    (box,) = drawn(folder)["flows"]
    assert (box["is_in_project"], box["project"]) == (True, None)
