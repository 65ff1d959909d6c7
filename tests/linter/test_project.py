"""What only the whole project shows: mistakes that no file makes alone."""

import json

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


def test_in_a_commit_hook_only_the_files_given_are_spoken_of(folder):
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
            "message": "the other `ArxivTopics`",
        }
    ]
    (result,) = json.loads(folder.lint(*words, "sarif").out)["runs"][0]["results"]
    (related,) = result["relatedLocations"]
    assert related["physicalLocation"]["artifactLocation"]["uri"] == "topics/flow.py"
    assert related["physicalLocation"]["region"]["startLine"] == 5
    assert "topics/flow.py:5:7: the other `ArxivTopics`" in folder.lint(*words, "full").out


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
