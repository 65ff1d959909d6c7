"""The pages of a generated project's docs do what they say."""

import re

import pytest

from .baking import BakedProject


def blocks(page: str) -> list[tuple[str, str]]:
    """Return a page's examples, each with its language."""
    return re.findall(r"^```(\w+)\n(.*?)^```$", page, re.DOTALL | re.MULTILINE)


def run_page(project: BakedProject, page: str, **environment: str) -> None:
    """Run a page from top to bottom: commands in a shell, Python in between in one session.

    What the Python prints has to be the text below it.
    """
    environment |= {"PYTHONPATH": "src"}
    session, expected = "", ""
    for language, text in [*blocks(page), ("sh", "")]:
        if language == "python":
            session += text
        elif language == "text":
            expected += text
        else:
            assert language == "sh"
            assert project.python("-c", session, **environment).stdout == expected
            session, expected = "", ""
            project.run("sh", "-euc", text, **environment)


def test_results_are_found_as_the_page_says(project: BakedProject):
    page = project.read("docs/results.md")
    first, others = page.split("## Resuming a run")
    run_page(project, first)
    code = (
        "from palmer_penguins.runs import latest_run; print(latest_run('PenguinMeasurements').id)"
    )
    run_page(project, others, ORIGIN=project.python("-c", code).stdout.strip())


@pytest.mark.parametrize("answers", [{}, {"example_flows": "no"}])
def test_links_lead_somewhere(bake, answers: dict[str, str]):
    project = bake(**answers)
    for page in (project.path / "README.md", *project.file("docs").glob("*.md")):
        for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text()):
            assert (page.parent / target).exists(), f"{page.name}: {target}"
