"""`metaflow-lint graph`: what is on the map of a project, and in which words."""

import json

import pygraphviz
import pytest

from lint_rules.diagrams import FORMATS
from lint_rules.diagrams import json as json_format
from lint_rules.diagrams.find import Finder
from lint_rules.settings.configuration import Configuration
from tests.folder import FLOW
from tests.in_process import run

PAPERS = '''\
"""Papers."""

from metaflow import FlowSpec, project, schedule, step


@schedule(weekly=True)
@project(name="arxiv_topics")
class ArxivPapers(FlowSpec):
    """The papers of a week."""

    papers: list[str]

    @step
    def start(self):
        """Fetch them."""
        self.papers = ["Attention"]
        self.next(self.end)

    @step
    def end(self):
        """Tell the others."""
        from arxiv_topics.events import namespaced_trigger

        namespaced_trigger.raise_event("papers", safe_publish=True)
'''

TOPICS = '''\
from metaflow import FlowSpec, project, step, trigger

from arxiv_topics.events import namespaced_trigger
from arxiv_topics.getters import get_papers


@namespaced_trigger(events=["papers", {"name": "new_month", "parameters": {}}])
@project(name="arxiv_topics")
class ArxivTopics(FlowSpec):
    @step
    def start(self):
        """Read the papers."""
        self.papers = get_papers(branch="prod")
        self.next(self.end)

    @step
    def end(self):
        """Tell."""
        self.tell("topics")

    def tell(self, name):
        from arxiv_topics.raw import tell

        tell(name)
'''

LABELS = '''\
from metaflow import Flow, FlowSpec, Run, current, step, trigger, trigger_on_finish
from metaflow import namespaced_event_name
from metaflow.integrations import ArgoEvent


@trigger_on_finish(flows=["ArxivTopics", {"name": "Species", "project": "biology"}])
@trigger(events=[namespaced_event_name("topics"), "topics"])
class Labels(FlowSpec):
    @step
    def start(self):
        """Read the topics."""
        run = Flow("ArxivTopics").latest_successful_run
        self.old = Run(f"OldTopics/{run.id}").data.topics
        self.next(self.end)

    @step
    def end(self):
        """End."""
        ArgoEvent(current.pathspec).safe_publish()
'''

GETTERS = """\
from arxiv_topics.runs import latest_run


def get_papers(branch=None):
    return latest_run("ArxivPapers", branch).data.papers
"""

RUNS = """\
from metaflow import Flow


def latest_run(name, branch):
    return next(iter(_runs(flow_name=name)))


def _runs(flow_name):
    return Flow(flow_name)
"""

RAW = """\
from metaflow.integrations import ArgoEvent


def tell(event):
    ArgoEvent(name=event).publish()
"""

REPORT = """\
from metaflow import Flow

print(Flow("Labels").latest_run.data.labels)
"""

FILES = {
    "pyproject.toml": '[tool.metaflow-lint]\nexternal-events = ["new_month"]\n',
    "papers/flow.py": PAPERS,
    "topics/flow.py": TOPICS,
    "labels/flow.py": LABELS,
    "report.py": REPORT,
    "arxiv_topics/__init__.py": "",
    "arxiv_topics/getters.py": GETTERS,
    "arxiv_topics/runs.py": RUNS,
    "arxiv_topics/raw.py": RAW,
    "arxiv_topics/events.py": "import metaflow\n\n\nclass namespaced_trigger:\n    pass\n",
}


@pytest.fixture
def project(folder):
    """Three flows, in two projects and none, that are linked in every way."""
    for name, text in FILES.items():
        folder.write(name, text)
    return folder


def drawn(folder, *paths):
    """What the command says with `--output-format json`, without a process for it."""
    finder = Finder([folder.path / path for path in paths or ("",)], Configuration(), folder.path)
    document = json_format.document(finder.map(with_findings=True))
    assert finder.unread == []
    return json.loads(json.dumps(document))


def links(document):
    """Each link as `flow_A raises event_x`, with the details of it."""
    found = []
    for link in document["links"]:
        row = link["spot"]["location"]["row"]
        at = f"{link['spot']['filename']}:{row}"
        via = f" via {link['via']}" if link["via"] else ""
        found.append(f"{link['source']} {link['kind']} {link['target']}{via} at {at}")
    return found


def test_all_that_links_flows_is_on_the_map(project):
    assert links(drawn(project)) == [
        "flow_ArxivTopics finishes flow_Labels at labels/flow.py:6",
        "flow_Species finishes flow_Labels at labels/flow.py:6",
        "flow_ArxivPapers raises event_papers at papers/flow.py:24",
        "flow_ArxivTopics raises event_topics_2 via tell at topics/flow.py:19",
        "flow_Labels raises event_worked_out at labels/flow.py:19",
        "flow_ArxivPapers reads flow_ArxivTopics via get_papers at topics/flow.py:13",
        "flow_ArxivTopics reads flow_Labels at labels/flow.py:12",
        "flow_Labels reads file_report_py at report.py:3",
        "flow_OldTopics reads flow_Labels at labels/flow.py:13",
        "event_new_month starts flow_ArxivTopics at topics/flow.py:7",
        "event_papers starts flow_ArxivTopics at topics/flow.py:7",
        "event_topics starts flow_Labels at labels/flow.py:7",
        "event_topics_2 starts flow_Labels at labels/flow.py:7",
    ]


def test_what_is_namespaced_and_what_is_not(project):
    document = drawn(project)
    assert {e["id"]: (e["full_name"], e["problem"]) for e in document["events"]} == {
        "event_papers": ("arxiv_topics.{branch}.papers", None),
        "event_new_month": ("arxiv_topics.{branch}.new_month", None),
        "event_topics": ("mfns.{project}.{branch}.topics", "raised by nothing here"),
        "event_topics_2": ("topics", None),
        "event_worked_out": ("current.pathspec", None),
    }
    assert [
        (flow["id"], flow["project"], flow["is_in_project"], flow["spot"] is None)
        for flow in document["flows"]
    ] == [
        ("flow_Labels", None, False, False),
        ("flow_ArxivPapers", "arxiv_topics", True, False),
        ("flow_ArxivTopics", "arxiv_topics", True, False),
        ("flow_OldTopics", None, False, True),
        ("flow_Species", "biology", True, True),
    ]
    kept = {
        (link["kind"], link["target"]): (link["is_namespaced"], link["is_safe"])
        for link in document["links"]
    }
    assert kept["raises", "event_papers"] == (True, True)
    assert kept["raises", "event_topics_2"] == (False, False)
    assert kept["reads", "flow_ArxivTopics"] == (None, None)


def test_the_json_says_its_version_and_all_of_the_steps(project):
    document = json.loads(project.lint("graph", "--output-format", "json", "papers").out)
    assert document == drawn(project, "papers")
    assert document["version"] == 1
    assert [flow["id"] for flow in document["flows"]] == ["flow_ArxivPapers", "flow_ArxivTopics"]
    papers = document["flows"][0]
    assert (papers["summary"], papers["schedule"]) == ("The papers of a week.", "weekly")
    assert [(s["name"], s["kind"], s["makes"], s["summary"]) for s in papers["steps"]] == [
        ("start", "start", ["papers"], "Fetch them."),
        ("end", "end", [], "Tell the others."),
    ]
    assert papers["arrows"] == [
        {
            "source": "flow_ArxivPapers__start",
            "target": "flow_ArxivPapers__end",
            "kind": "linear",
            "decided_by": "",
            "case": "",
            "findings": [],
        }
    ]
    assert papers["spot"] == {
        "filename": "papers/flow.py",
        "location": {"row": 8, "column": 7},
        "end_location": {"row": 8, "column": 18},
    }


def test_findings_are_with_what_they_are_about(project):
    document = drawn(project)
    labels = document["flows"][0]
    codes = {n["code"] for n in labels["findings"]}
    assert {"MF005", "MF101", "MF201"} <= codes
    start, end = labels["steps"]
    assert {note["code"] for note in start["findings"]} == {"MF401"}
    topics = next(flow for flow in document["flows"] if flow["id"] == "flow_ArxivTopics")
    assert "MF101" not in {note["code"] for note in topics["findings"]}
    assert end["findings"] == []
    finishes = document["links"][0]
    assert finishes["findings"] == []
    project.write(
        "raw/flow.py",
        PAPERS.replace("Papers(", "Raw(")
        .replace("step\n\n", "step, trigger\n\n", 1)
        .replace("@schedule(weekly=True)", '@trigger(event="x")'),
    )
    (link,) = [link for link in drawn(project, "raw")["links"] if link["target"] == "flow_ArxivRaw"]
    assert [note["code"] for note in link["findings"]] == ["MF701"]


def test_a_folder_shows_its_flows_and_what_they_are_linked_with(project):
    document = drawn(project, "papers")
    assert [flow["name"] for flow in document["flows"]] == ["ArxivPapers", "ArxivTopics"]
    assert [event["name"] for event in document["events"]] == ["papers"]
    assert document["files"] == []


MERMAID = """\
flowchart LR
    subgraph project_arxiv_topics["project arxiv_topics"]
        flow_ArxivPapers["<b>ArxivPapers</b><br/><i>on a schedule: weekly</i>"]
        flow_ArxivTopics["<b>ArxivTopics</b>"]
        event_papers(["<b>papers</b><br/><i>arxiv_topics.{branch}.papers</i>"])
    end
    flow_ArxivPapers -->|"raises"| event_papers
    flow_ArxivPapers -.->|"results, by get_papers"| flow_ArxivTopics
    event_papers -->|"starts"| flow_ArxivTopics
"""


def test_mermaid(project):
    project.write("pyproject.toml", '[tool.metaflow-lint]\nselect = ["MF006"]\n')
    assert project.lint("graph", "papers").out == MERMAID
    found = project.lint("graph").out
    assert 'event_topics(["<b>topics</b><br/><i>mfns.{project}.{branch}.topics</i>' in found
    assert "classDef loose" in found
    project.write("pyproject.toml", FILES["pyproject.toml"])
    assert "    class event_topics loose" in project.lint("graph").out


DOT = """\
    rankdir=LR
    subgraph cluster_0 {
        label="project arxiv_topics"
        style=rounded
        flow_ArxivPapers [label="ArxivPapers\\non a schedule: weekly", shape="box"]
        flow_ArxivTopics [label="ArxivTopics", shape="box"]
        event_papers [label="papers\\narxiv_topics.{branch}.papers", shape="oval"]
    }
    flow_ArxivPapers -> event_papers [label="raises"]
    flow_ArxivPapers -> flow_ArxivTopics [label="results, by get_papers", style="dashed"]
    event_papers -> flow_ArxivTopics [label="starts"]
}
"""


def test_dot(project):
    project.write("pyproject.toml", '[tool.metaflow-lint]\nselect = ["MF006"]\n')
    made = project.lint("graph", "--output-format", "dot", "papers").out
    assert (
        "".join(line for line in made.splitlines(True) if "font" not in line)
        == f"digraph {{\n{DOT}"
    )


def test_the_same_project_is_always_drawn_alike(project, process_folder):
    for output_format in ("mermaid", "dot", "json"):
        words = ("graph", "--output-format", output_format)
        first = process_folder.lint(*words, PYTHONHASHSEED="1").out
        assert process_folder.lint(*words, PYTHONHASHSEED="2").out == first


HOSTILE = '''\
from metaflow import FlowSpec, project, step, trigger


@project(name="a\\x1b</script>")
@trigger(event='"];%%{x}%% </script><b>`\\\\n\\x1b[31m#quot; & $$')
class Hostile(FlowSpec):
    """</script><script>alert(1)</script>"""

    @step
    def start(self):
        self.next({'"]</script>': self.end, "\\\\": self.end}, condition="x")

    @step
    def end(self):
        pass
'''


def test_nothing_of_a_source_is_markup(folder):
    folder.write("flow.py", HOSTILE)
    for words in ((), ("--flow", "Hostile")):
        found = folder.lint("graph", ".", *words).out
        labels = [line.split('"')[1] for line in found.splitlines() if '"' in line]
        assert labels
        assert all(line.count('"') in (0, 2) for line in found.splitlines())
        for text in ("</script>", "%%", "\x1b", "`", "\\", "$", "& "):
            assert text not in found
        dot = folder.lint("graph", "--output-format", "dot", ".", *words).out
        assert "\x1b" not in dot
        assert all(
            line.replace("\\\\", "").replace('\\"', "").count('"') % 2 == 0
            for line in dot.splitlines()
        )
        known = pygraphviz.AGraph(string=dot)
        labels = {node: node.attr["label"] for node in known.nodes()}
        if words:
            assert {edge.attr["label"] for edge in known.edges()} == {'x: "]</script>', "x: \\\\"}
        else:
            shown = [label for node, label in labels.items() if node.startswith("event")]
            assert shown[0].startswith('"];%%{x}%% </script><b>`')
    (event,) = drawn(folder)["events"]
    assert event["name"] == '"];%%{x}%% </script><b>`\\n\x1b[31m#quot; & $$'
    assert "\x1b" not in folder.lint("graph", "--output-format", "json").out


def test_names_need_be_no_text_and_terminals_no_unicode(folder):
    text = HOSTILE.replace("#quot;", "\\ud800 ünï").replace('name="a', 'name="\\udfff')
    folder.write("flow.py", text)
    for output_format in FORMATS:
        words = ("graph", ".", "--output-format", output_format)
        result = run(folder.path, *words, encoding="ascii", read_as="utf-8")
        assert (result.status, result.err) == (0, "")
        assert "ünï" in result.out or "\\u00fcn\\u00ef" in result.out


def test_one_file_with_one_flow_shows_its_steps(project):
    found = project.lint("graph", "labels/flow.py").out
    assert found.startswith("flowchart TD\n")
    assert found == project.lint("graph", "--flow", "Labels").out


STEPS = '''\
from metaflow import FlowSpec, Parameter, step, retry


class Base(FlowSpec):
    limit = Parameter("limit", default=10)

    @step
    def end(self):
        """Show."""
        print(self.total, self.extra)


class Counts(Base):
    scale = 2

    @step
    def start(self):
        """Take."""
        self.items = list(range(self.limit))
        self.mode = "fast"
        self.next(self.left, self.right)

    @step
    def left(self):
        """Each."""
        self.next(self.count, foreach="items")

    @retry
    @step
    def count(self):
        """Count."""
        self.total = self.input * self.scale
        self.helped()
        self.next(self.add)

    def helped(self):
        self.extra = [self.mode]

    @step
    def add(self, inputs):
        """Add."""
        best = max(inputs, key=lambda one: one.total)
        self.total = best.total + sum(each.total for each in inputs)
        self.merge_artifacts(inputs, include=["extra"])
        self.next(self.join)

    @step
    def right(self):
        """Choose."""
        self.next({"fast": self.quick, "slow": self.join}, condition="mode")

    @step
    def quick(self):
        """Quickly."""
        self.total = self.total + 1
        self.next(self.join)

    @step
    def join(self, inputs):
        """Join."""
        self.total = inputs.add.total
        self.merge_artifacts(inputs)
        self.next(self.end)

    @step
    def lonely(self):
        """Never."""
        self.next(self.end)
'''


def test_a_flows_steps_with_what_they_make_and_read(folder):
    folder.write("pyproject.toml", '[tool.metaflow-lint]\nselect = ["MF006"]\n')
    folder.write("flow.py", STEPS)
    (flow,) = [flow for flow in drawn(folder)["flows"] if flow["name"] == "Counts"]
    steps = {
        step["name"]: (
            step["kind"],
            step["makes"],
            {read["name"]: read["made_by"] for read in step["reads"]},
            step["merges"],
            step["parameters"],
        )
        for step in flow["steps"]
    }
    assert steps == {
        "start": ("start", ["items", "mode"], {}, [], ["limit"]),
        "left": ("foreach", [], {"items": ["start"]}, [], []),
        "right": ("switch", [], {"mode": ["start"]}, [], []),
        "count": ("linear", ["total", "extra"], {"mode": ["start"]}, [], []),
        "quick": ("linear", ["total"], {"total": []}, [], []),
        "add": ("join", ["total"], {"total": ["count"]}, ["extra"], []),
        "join": (
            "join",
            ["total"],
            {"total": ["quick", "add"]},
            ["items", "mode", "extra"],
            [],
        ),
        "end": ("end", [], {"total": ["join"], "extra": ["count"]}, [], []),
        "lonely": ("linear", [], {}, [], []),
    }
    assert [
        (a["source"].rpartition("_")[2], a["target"].rpartition("_")[2], a["kind"], a["case"])
        for a in flow["arrows"]
    ] == [
        ("start", "left", "split", ""),
        ("start", "right", "split", ""),
        ("left", "count", "foreach", ""),
        ("right", "quick", "switch", "fast"),
        ("right", "join", "switch", "slow"),
        ("count", "add", "linear", ""),
        ("quick", "join", "linear", ""),
        ("join", "end", "linear", ""),
        ("add", "join", "linear", ""),
        ("lonely", "end", "linear", ""),
    ]
    shown = folder.lint("graph", "--flow", "Counts").out
    assert 'flow_Counts__left ==>|"for each of items"| flow_Counts__count' in shown
    assert 'flow_Counts__right -->|"mode: fast"| flow_Counts__quick' in shown
    assert "<b>end</b><br/><i>from Base</i><br/><i>reads total, extra</i>" in shown
    assert "<b>count</b><br/><i>@retry</i><br/>" in shown
    assert "class flow_Counts__lonely elsewhere" in shown


def test_what_cannot_be_drawn_is_reported(project):
    nothing = project.lint("graph", "arxiv_topics")
    assert (nothing.status, nothing.out) == (2, "")
    assert "there is no flow in arxiv_topics" in nothing.err
    unknown = project.lint("graph", "--flow", "ArxivTopic")
    assert unknown.status == 2
    assert "no flow here is called `ArxivTopic`. Did you mean `ArxivTopics`?" in unknown.err
    project.write("other/flow.py", PAPERS)
    two = project.lint("graph", "--flow", "ArxivPapers")
    assert two.status == 2
    assert "\n  - other/flow.py:8\n  - papers/flow.py:8\n" in two.err
    assert project.lint("graph", "other/flow.py").out.startswith("flowchart TD")
    missing = project.lint("graph", "paper")
    assert missing.status == 2
    assert "Did you mean `papers`?" in missing.err


def test_files_that_cannot_be_read_are_reported_last(project):
    project.write("broken.py", "from metaflow import FlowSpec\nclass Broken(FlowSpec:\n")
    result = project.lint("graph")
    assert result.status == 2
    assert "ArxivTopics" in result.out
    assert "broken.py:2:" in result.err


def test_flows_of_one_name_are_distinct(project):
    project.write("old/papers/flow.py", PAPERS)
    project.write("old/topics.py", TOPICS)
    document = drawn(project)
    read = [link for link in links(document) if " reads flow_ArxivTopics" in link]
    assert read == [
        "flow_ArxivPapers reads flow_ArxivTopics via get_papers at old/topics.py:13",
        "flow_ArxivPapers_2 reads flow_ArxivTopics_2 via get_papers at topics/flow.py:13",
    ]
    assert "<i>old/papers/flow.py</i>" in project.lint("graph").out


def test_flows_of_tests_are_drawn_as_check_reads_them(folder):
    folder.write("pyproject.toml", "")
    folder.write("tests/flow.py", FLOW)
    folder.write("flows/flow.py", FLOW.replace("ArxivTopics", "ArxivPapers"))
    names = [flow["name"] for flow in drawn(folder)["flows"]]
    assert sorted(names) == ["ArxivPapers", "ArxivTopics"]
    assert [flow["name"] for flow in drawn(folder, "tests")["flows"]] == ["ArxivTopics"]
    assert [flow["name"] for flow in drawn(folder, "tests/flow.py")["flows"]] == ["ArxivTopics"]


def test_a_flow_in_a_folder_for_tests_is_drawn_in_its_project(folder):
    """Outerbounds' example of several projects has `flows/test/flow.py`."""
    folder.write("flows/test/flow.py", FLOW)
    assert [flow["project"] for flow in drawn(folder)["flows"]] == ["arxiv_topics"]


def test_it_is_written_to_a_file(project):
    result = project.lint("graph", "--output-file", "map.mmd", "papers")
    assert (result.status, result.out) == (0, "")
    assert (project.path / "map.mmd").read_text() == project.lint("graph", "papers").out


def test_names_come_through_constants_and_configs(project):
    project.write("arxiv_topics/names.py", 'PREFIX = "pap"\nEVENTS = [f"{PREFIX}ers"]\n')
    text = TOPICS.replace('["papers", {"name": "new_month", "parameters": {}}]', "EVENTS")
    text = text.replace("get_papers\n", "get_papers\nfrom arxiv_topics.names import EVENTS\n", 1)
    project.write("topics/flow.py", text)
    assert [link for link in links(drawn(project)) if "event_papers" in link] == [
        "flow_ArxivPapers raises event_papers at papers/flow.py:24",
        "event_papers starts flow_ArxivTopics at topics/flow.py:8",
    ]
