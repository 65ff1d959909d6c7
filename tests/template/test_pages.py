"""The pages of a generated project's docs do what they say."""

import json
import re
import textwrap

import pytest

from .baking import BakedProject
from .stand_ins import Buckets, Webhook


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
    run_page_on_results(project, "PenguinMeasurements")


def test_results_of_a_first_flow_are_found_as_the_page_says(bake):
    project = bake(example_flows="no")
    project.python("tools/new_flow.py", "prime_numbers")
    run_page_on_results(project, "PrimeNumbers")


def run_page_on_results(project: BakedProject, flow: str) -> None:
    first, others = project.read("docs/results.md").split("## Resuming a run")
    run_page(project, first)
    code = f"from palmer_penguins.runs import latest_run; print(latest_run('{flow}').id)"
    run_page(project, others, ORIGIN=project.python("-c", code).stdout.strip())


@pytest.mark.parametrize("answers", [{}, {"example_flows": "no"}])
def test_links_lead_somewhere(bake, answers: dict[str, str]):
    project = bake(**answers)
    for page in (project.path / "README.md", *project.file("docs").glob("*.md")):
        for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text()):
            assert (page.parent / target).exists(), f"{page.name}: {target}"


EVENTS_FLOW = """
from metaflow import Config, FlowSpec, Parameter, current, project, step
from palmer_penguins.events import namespaced_trigger
from palmer_penguins.test_mode import no_test_mode_in_production


{decorators}
class PenguinEvents(FlowSpec):
    colour = Parameter("colour", default="red")
    test_mode = Parameter("test-mode", type=bool, default=lambda _: not current.is_production)
    {config}

    @step
    def start(self):
        self.next(self.end)

    @step
    def end(self):
{statements}


if __name__ == "__main__":
    PenguinEvents()
"""


def test_events_are_raised_and_waited_for_as_the_page_says(project: BakedProject):
    """Every form of the decorator on the page, and what the page raises, in flows of their own."""
    examples = [text for _, text in blocks(project.read("docs/events.md"))]
    raised = [text for text in examples if "raise_event" in text and "class " not in text]
    waits = [text for text in examples if text.startswith("@namespaced_trigger")]
    forms = [form for text in waits for form in re.split(r"\n\n(?=@)", text.strip())]
    (config,) = [text.strip() for text in examples if "Config(" in text]
    assert (len(raised), len(forms)) == (2, 5)
    flow = project.file("flows/penguin_events/flow.py")
    flow.parent.mkdir()
    for form in forms:
        whole = form if "@project" in form else f'{form}\n@project(name="palmer_penguins")'
        statements = textwrap.indent("".join(raised), " " * 8)
        flow.write_text(EVENTS_FLOW.format(decorators=whole, config=config, statements=statements))
        project.flow("penguin_events", "check")
    output = project.flow(
        "penguin_events", "--config-value", "project", '{"branch": "new_data"}', "run"
    ).stdout
    name = "palmer_penguins.test.new_data.penguins_measured"
    assert output.count(f"Argo Event ({name}) was not published") == 2


def test_metaflows_own_events_are_moved_to_as_the_page_says(
    project: BakedProject, buckets: Buckets, webhook: Webhook
):
    (moved,) = [text for _, text in blocks(project.read("docs/events.md")) if "class " in text]
    flow = project.file("flows/moved_listener/flow.py")
    flow.parent.mkdir()
    flow.write_text(moved)
    # Nothing waits for what it raises, and what it waits for is still raised in the old way.
    project.run("metaflow-lint", "check", "--ignore", "MF706", "flows")
    project.run("ruff", "check", str(flow))
    create = ("--datastore=s3", "--production", "argo-workflows", "create", "--only-json")
    output = project.flow("moved_listener", *create, **buckets.settings).stdout
    (waited_for,) = json.loads(json.loads(output)["metadata"]["annotations"]["metaflow/triggers"])
    assert waited_for["name"] == "mfns.palmer_penguins.prod.penguins_measured"
    deployed = {
        "ARGO_WORKFLOW_TEMPLATE": "deployed",
        "METAFLOW_ARGO_EVENTS_WEBHOOK_URL": webhook.address,
    }
    project.flow("moved_listener", "--branch", "x", "run", **deployed)
    assert [event["name"] for event in webhook.events] == ["mfns.palmer_penguins.test.x.listened"]
    # Without a project, its name crosses branches.
    code = "from metaflow import namespaced_event_name as name; print(name('food')())"
    assert project.python("-c", code).stdout == "mfns.food\n"
