"""`metaflow-lint graph --check` and `--write`: drawings in documents."""

import pytest

from tests.folder import FLOW

OTHER = FLOW.replace("ArxivTopics", "ArxivPapers").replace(
    "@project", '@namespaced_trigger(event="topics")\n@project'
)

README = """\
# Topics

How a drawing is made:

````md
<!-- metaflow-lint graph -->
<!-- /metaflow-lint graph -->
````

<!-- metaflow-lint graph -->
<!-- /metaflow-lint graph -->

And its steps:

<!-- metaflow-lint graph --flow ArxivTopics flows/topics.py -->
something old
<!-- /metaflow-lint graph -->
The end.
"""

STALE = "The drawing is out of date. Update it with `metaflow-lint graph --write "


@pytest.fixture
def project(folder):
    folder.write("pyproject.toml", "")
    folder.write("flows/topics.py", FLOW)
    folder.write("README.md", README)
    return folder


def test_a_document_is_written_and_stays_current(project):
    stale = project.lint("graph", "--check", "README.md")
    assert stale.status == 1
    assert stale.out.splitlines() == [
        f"README.md:10: {STALE}README.md`.",
        f"README.md:15: {STALE}README.md`.",
    ]
    assert (project.path / "README.md").read_text() == README
    written = project.lint("graph", "--write", "README.md")
    assert (written.status, written.out) == (0, "README.md: updated.\n")
    text = (project.path / "README.md").read_text()
    before, _, rest = text.partition("```mermaid\nflowchart LR\n")
    first, _, rest = rest.partition("```\n")
    assert before == README[: len(before)]
    assert "ArxivTopics" in first
    assert "```mermaid\nflowchart TD\n" in rest
    assert "something old" not in text
    assert text.endswith("```\n<!-- /metaflow-lint graph -->\nThe end.\n")
    for words in ("--check", "--write"):
        again = project.lint("graph", words, "README.md")
        assert (again.status, again.out) == (0, "")
    assert (project.path / "README.md").read_text() == text


def test_a_changed_event_makes_the_check_fail(project):
    project.lint("graph", "--write", "README.md")
    project.write("flows/papers.py", OTHER)
    result = project.lint("graph", "--check", "README.md")
    assert result.status == 1
    assert result.out == f"README.md:10: {STALE}README.md`.\n"
    project.lint("graph", "--write", "README.md")
    renamed = OTHER.replace('"topics"', '"arxiv_topics"')
    project.write("flows/papers.py", renamed)
    assert project.lint("graph", "--check", "README.md").status == 1
    project.write("flows/papers.py", f"# Another line, and a finding.\nimport pandas\n{OTHER}")
    assert project.lint("graph", "--check", "README.md").status == 0


def test_a_document_elsewhere_is_drawn_from_its_own_folder(project):
    project.write("flows/papers.py", OTHER)
    file = project.write(
        "docs/the map's.md",
        "<!-- metaflow-lint graph ../flows -->\r\n<!-- /metaflow-lint graph -->\r\n",
    )
    stale = project.lint("graph", "--check", "docs/the map's.md")
    assert f"""{STALE}'docs/the map'"'"'s.md'`""" in stale.out
    project.lint("graph", "--write", "docs/the map's.md")
    lines = file.read_bytes().split(b"\r\n")
    assert lines[1:3] == [b"```mermaid", b"flowchart LR"]
    assert b"\n" not in b"".join(lines)
    assert project.lint("graph", "--check", "docs/the map's.md").status == 0


def test_a_project_without_flows_has_an_empty_map(folder):
    folder.write("README.md", "<!-- metaflow-lint graph -->\n<!-- /metaflow-lint graph -->\n")
    assert folder.lint("graph", "--check", "README.md").status == 1
    assert folder.lint("graph", "--write", "README.md").status == 0
    assert "\nThere are no flows yet.\n" in (folder.path / "README.md").read_text()
    assert folder.lint("graph", "--check", "README.md").status == 0


@pytest.mark.parametrize(
    ("text", "output"),
    [
        ("# Nothing\n", "README.md: there is no place for a drawing: put the lines"),
        ("```\n<!-- metaflow-lint graph -->\n```\n", "there is no place for a drawing"),
        ("<!-- metaflow-lint graph -->\n", "line 1: the drawing has no end"),
        (
            "<!-- metaflow-lint graph -->\n" * 2 + "<!-- /metaflow-lint graph -->",
            "line 1: the drawing has no end",
        ),
        ("<!-- metaflow-lint graph --flow -->\n<!-- /metaflow-lint graph -->\n", "needs the name"),
        ("<!-- metaflow-lint graph --dot -->\n<!-- /metaflow-lint graph -->\n", "not `--dot`"),
        (
            "<!-- metaflow-lint graph 'x -->\n<!-- /metaflow-lint graph -->\n",
            "No closing quotation",
        ),
        (
            "<!-- metaflow-lint graph --flow Topics -->\n<!-- /metaflow-lint graph -->\n",
            "no flow here is called `Topics`",
        ),
        (b"\xff\xfe<", "this is no text in UTF-8"),
    ],
)
def test_what_cannot_be_drawn_leaves_the_document_alone(project, text, output):
    file = project.write("README.md", text)
    before = file.read_bytes()
    for words in ("--check", "--write"):
        result = project.lint("graph", words, "README.md")
        assert result.status == 2
        assert output in result.err
    assert file.read_bytes() == before


def test_a_file_that_cannot_be_read_changes_no_document(project):
    project.write("flows/broken.py", "from metaflow import FlowSpec\nclass Broken(\n")
    result = project.lint("graph", "--write", "README.md")
    assert result.status == 2
    assert "broken.py:3:1" in result.err or "broken.py:2:" in result.err
    assert (project.path / "README.md").read_text() == README


def test_what_is_drawn_stands_in_the_document_alone(project):
    result = project.lint("graph", "--check", "README.md", "flows")
    assert result.status == 2
    assert "--check and --write take the flow and the paths from the document" in result.err
    assert project.lint("graph", "--check", "a.md", "--write", "b.md").status == 2
