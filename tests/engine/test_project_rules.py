"""What only the whole project shows: mistakes that no file makes alone."""

import json

import pytest

FLOW = """\
from metaflow import FlowSpec, project, step


@project(name="{project}")
class {name}(FlowSpec):
    @step
    def start(self):
        \"\"\"Begin and end.\"\"\"


if __name__ == "__main__":
    {name}()
"""


def flow(name, project="arxiv_topics"):
    return FLOW.format(name=name, project=project)


def test_two_flows_of_one_name_are_found_in_both_files(folder):
    folder.write("pyproject.toml", "")
    folder.write("papers/flow.py", flow("ArxivPapers"))
    folder.write("topics/flow.py", flow("ArxivTopics"))
    folder.write("old/flow.py", flow("ArxivTopics"))
    assert folder.codes("--select", "MF006") == ["old/flow.py:5 MF006", "topics/flow.py:5 MF006"]


def test_a_commit_hook_reports_only_the_given_files(folder):
    folder.write("pyproject.toml", "")
    folder.write("papers/flow.py", flow("ArxivPapers"))
    folder.write("topics/flow.py", flow("ArxivTopics"))
    folder.write("old/flow.py", flow("ArxivTopics"))
    assert folder.codes("--select", "MF006", "old/flow.py") == ["old/flow.py:5 MF006"]
    assert folder.codes("--select", "MF006", "papers/flow.py") == []


def test_reports_say_the_other_place(folder):
    folder.write("pyproject.toml", "")
    folder.write("old/flow.py", flow("ArxivTopics"))
    folder.write("topics/flow.py", flow("ArxivTopics"))
    words = ("check", "--select", "MF006", "old/flow.py", "--output-format")
    (finding,) = json.loads(folder.lint(*words, "json").out)
    assert finding["related"] == [
        {
            "end_location": {"column": 18, "row": 5},
            "filename": str(folder.path / "topics" / "flow.py"),
            "location": {"column": 7, "row": 5},
            "message": "another flow has the name `ArxivTopics`",
        }
    ]
    (result,) = json.loads(folder.lint(*words, "sarif").out)["runs"][0]["results"]
    (related,) = result["relatedLocations"]
    assert related["physicalLocation"]["artifactLocation"]["uri"] == "topics/flow.py"
    assert related["physicalLocation"]["region"]["startLine"] == 5
    assert (
        "topics/flow.py:5:7: another flow has the name `ArxivTopics`"
        in folder.lint(*words, "full").out
    )


def test_a_project_ends_where_another_begins(folder):
    folder.write("one/pyproject.toml", "")
    folder.write("one/flow.py", flow("ArxivTopics"))
    folder.write("two/pyproject.toml", "")
    folder.write("two/flow.py", flow("ArxivTopics"))
    assert folder.codes("--select", "MF006") == []
    folder.write("metaflow-lint.toml", 'project-root = "."')
    assert folder.codes("--select", "MF006", "two") == ["two/flow.py:5 MF006"]


def test_repositories_in_one_folder_are_projects_of_their_own(folder):
    for repository in ("one", "two"):
        folder.write(f"{repository}/README.md", "")
        folder.write(f"{repository}/flows/flow.py", flow("ArxivTopics"))
    assert folder.codes("--select", "MF006") == []


def test_the_project_is_called_what_most_flows_call_it(folder):
    folder.write("pyproject.toml", "")
    folder.write("papers/flow.py", flow("ArxivPapers"))
    folder.write("authors/flow.py", flow("ArxivAuthors"))
    file = folder.write("topics/flow.py", flow("ArxivTopics", "arxiv"))
    assert folder.codes("--select", "MF102") == ["topics/flow.py:4 MF102"]
    folder.lint("check", "--select", "MF102", "--fix", "--unsafe-fixes")
    assert file.read_text() == flow("ArxivTopics")
    assert folder.codes("--select", "MF102") == []


def test_noqa_suppresses_what_the_project_shows_and_is_not_unused(folder):
    folder.write("pyproject.toml", "")
    folder.write("old/flow.py", flow("ArxivTopics"))
    text = flow("ArxivTopics").replace("(FlowSpec):", "(FlowSpec):  # noqa: MF006")
    folder.write("topics/flow.py", text)
    assert folder.codes("--select", "MF006,MF901", "topics") == []


def test_a_file_that_cannot_be_read_hides_only_itself(folder):
    folder.write("pyproject.toml", "")
    folder.write("broken.py", "import metaflow\nclass (\n")
    folder.write("old/flow.py", flow("ArxivTopics"))
    folder.write("topics/flow.py", flow("ArxivTopics"))
    assert folder.codes("--select", "MF006", "old") == ["old/flow.py:5 MF006"]


def test_a_finish_that_nobody_reaches_is_found(folder):
    folder.write("pyproject.toml", "")
    folder.write("papers/flow.py", flow("ArxivPapers"))
    waiting = flow("ArxivTopics").replace("step\n\n", "step, trigger_on_finish\n\n", 1)
    folder.write(
        "topics/flow.py", waiting.replace("@project", '@trigger_on_finish(flow="Paper")\n@project')
    )
    assert folder.codes("--select", "MF707") == ["topics/flow.py:4 MF707"]


def test_an_event_that_a_module_raises_is_known(folder):
    folder.write("pyproject.toml", "")
    folder.write(
        "src/arxiv_topics/news.py",
        "from arxiv_topics.events import namespaced_trigger\n\n\n"
        'def tell():\n    namespaced_trigger.raise_event("papers", safe_publish=True)\n',
    )
    waiting = flow("ArxivTopics").replace(
        "@project", '@namespaced_trigger(event="papers")\n@project'
    )
    file = folder.write(
        "topics/flow.py", "from arxiv_topics.events import namespaced_trigger\n" + waiting
    )
    assert folder.codes("--select", "MF706") == []
    file.write_text(file.read_text().replace('"papers"', '"paper"'))
    assert folder.codes("--select", "MF706", "topics") == ["topics/flow.py:5 MF706"]


def test_the_namespace_of_another_project_is_found(folder):
    folder.write("pyproject.toml", "")
    folder.write("papers/flow.py", flow("ArxivPapers"))
    folder.write(
        "src/arxiv_topics/__init__.py",
        'from metaflow import namespace\n\nnamespace("project:arxiv")\n',
    )
    assert folder.codes("--select", "MF604") == ["src/arxiv_topics/__init__.py:3 MF604"]


BASE = """\
from metaflow import FlowSpec, Parameter, current, project


def not_production(context):
    return not current.is_production


@project(name="arxiv_topics")
class ArxivBase(FlowSpec):
    test_mode = Parameter("test-mode", type=bool, default=not_production)
"""

SUBCLASS = """\
{imported}


class ArxivTopics({base}):
    pass


class ArxivPapers(ArxivTopics):
    @step
    def start(self):
        self.papers = fetch(self.test_mode)
"""


def subclass(imported, base):
    return "from metaflow import step\n" + SUBCLASS.format(imported=imported, base=base)


IMPORTS = [
    ("from arxiv_topics.base import ArxivBase", "ArxivBase"),
    ("from arxiv_topics import ArxivBase as Base", "Base"),
    ("import arxiv_topics.base as common", "common.ArxivBase"),
    ("from arxiv_topics import base", "base.ArxivBase"),
    ("from arxiv_topics.all import ArxivBase", "ArxivBase"),
]


@pytest.mark.parametrize(("imported", "base"), IMPORTS)
def test_what_a_base_flow_in_another_file_hands_on_is_known(folder, imported, base):
    folder.write("pyproject.toml", "")
    folder.write("src/arxiv_topics/__init__.py", "from .base import ArxivBase\n")
    folder.write("src/arxiv_topics/all.py", "from .base import *\n")
    folder.write("src/arxiv_topics/base.py", BASE)
    folder.write("flows/papers/flow.py", subclass(imported, base))
    assert folder.codes("--select", "MF101,MF201,MF206") == []
    folder.write("src/arxiv_topics/base.py", BASE.replace('@project(name="arxiv_topics")\n', ""))
    assert folder.codes("--select", "MF101", "flows") == ["flows/papers/flow.py:9 MF101"]


def test_a_relative_import_and_a_mixin_are_followed(folder):
    folder.write("flows/__init__.py", "")
    folder.write("flows/base.py", BASE)
    folder.write(
        "flows/mixin.py", "class Reads:\n    def read(self):\n        return self.test_mode\n"
    )
    text = subclass("from .base import ArxivBase\nfrom .mixin import Reads", "Reads, ArxivBase")
    folder.write("flows/papers.py", text.replace("fetch(self.test_mode)", "self.read()"))
    assert folder.codes("--select", "MF101,MF201,MF205", "flows/papers.py") == []


def test_a_base_of_another_distribution_of_the_repository_is_found(folder):
    (folder.path / ".git").mkdir()
    folder.write("packages/common/pyproject.toml", "")
    folder.write("packages/common/src/common/__init__.py", "")
    folder.write("packages/common/src/common/base.py", BASE.replace("@project", "# @project"))
    folder.write("packages/papers/pyproject.toml", "")
    folder.write(
        "packages/papers/flow.py", subclass("from common.base import ArxivBase", "ArxivBase")
    )
    assert folder.codes("--select", "MF101", "packages/papers") == [
        "packages/papers/flow.py:9 MF101"
    ]


def test_a_flow_whose_file_does_not_name_metaflow_is_linted(folder):
    folder.write("pyproject.toml", "")
    folder.write(
        "base.py", BASE.replace("@project", "# @project") + "    from metaflow import step\n"
    )
    folder.write(
        "between.py", "from base import ArxivBase\n\n\nclass Between(ArxivBase):\n    pass\n"
    )
    folder.write(
        "papers.py",
        "from between import Between\n\n\nclass ArxivPapersFlow(Between):\n"
        "    @Between.step\n    def start(self):\n        pass\n",
    )
    result = folder.lint("check", "--show-files")
    assert "papers.py" in result.out
    folder.write(
        "other.py", "from json import JSONDecoder\n\n\nclass Decoder(JSONDecoder):\n    pass\n"
    )
    result = folder.lint("check", "other.py")
    assert "none of which uses Metaflow" in result.out
    result = folder.lint("check", "papers.py")
    assert "none of which uses Metaflow" not in result.out


def test_files_that_import_each_other_in_a_circle_are_read(folder):
    folder.write(
        "a.py", "from b import B\nfrom metaflow import FlowSpec\n\n\nclass A(B):\n    pass\n"
    )
    folder.write(
        "b.py", "from a import A\nfrom metaflow import FlowSpec\n\n\nclass B(A):\n    pass\n"
    )
    assert folder.codes("--select", "ALL") == []


def test_an_event_constant_of_another_module_is_read(folder):
    folder.write("pyproject.toml", "")
    folder.write("names.py", 'EVENT = "papers"\n')
    text = flow("ArxivTopics").replace("step\n\n", "step, trigger\n\nfrom names import EVENT\n", 1)
    folder.write("flow.py", text.replace("@project", "@trigger(event=EVENT)\n@project"))
    assert folder.codes("--select", "MF701") == ["flow.py:5 MF701"]


def test_a_chain_of_base_flows_may_be_long(folder):
    folder.write("base0.py", BASE)
    for n in range(1, 250):
        folder.write(
            f"base{n}.py",
            f"from base{n - 1} import ArxivBase as Last\n\n\nclass ArxivBase(Last):\n    pass\n",
        )
    folder.write("flow.py", subclass("from base249 import ArxivBase", "ArxivBase"))
    assert folder.codes("--select", "MF101,MF201", "flow.py") == []


def test_a_mixin_hands_its_parameters_on(folder):
    mixin = BASE.replace("class ArxivBase(FlowSpec)", "class Tested")
    mixin = mixin.replace('@project(name="arxiv_topics")\n', "")
    text = subclass("from metaflow import FlowSpec", "Tested, FlowSpec")
    folder.write("flow.py", mixin + "\n\n" + text)
    assert folder.codes("--select", "MF201") == []


def test_a_package_that_stays_behind_and_a_namespace_that_is_missing_are_found(folder):
    folder.write("pyproject.toml", "")
    init = folder.write("src/arxiv_topics/__init__.py", "")
    text = flow("ArxivTopics").replace("step\n\n", "step\n\nfrom arxiv_topics import papers\n", 1)
    folder.write("flows/topics/flow.py", text)
    rules = "MF107,MF603,MF604"
    assert folder.codes("--select", rules) == [
        "flows/topics/flow.py:3 MF107",
        "flows/topics/flow.py:5 MF603",
    ]
    init.write_text(
        "from metaflow import namespace\n\n"
        'METAFLOW_PACKAGE_POLICY = "include"\nnamespace("project:arxiv_topics")\n'
    )
    assert folder.codes("--select", rules) == []
