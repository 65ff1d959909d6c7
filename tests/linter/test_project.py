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
