"""What Mermaid itself makes of the flowcharts: it takes them all, and every label is as it was."""

import os
from pathlib import Path

import pytest

from lint_rules.diagrams import labels
from lint_rules.diagrams.find import Finder
from lint_rules.diagrams.formats import Wanted, draw
from lint_rules.settings.configuration import Configuration
from tests.diagrams.test_diagrams import FILES, HOSTILE, STEPS

from .conftest import picture

RENDER = """async (text) => {
  const { svg } = await mermaid.render('drawn', text);
  document.body.innerHTML = svg;
  return [...document.querySelectorAll('span.nodeLabel, span.edgeLabel')]
    .map((label) => label.innerText.replaceAll('\\u2060', '').trim()).filter(Boolean);
}"""


@pytest.fixture
def rendered(browser):
    """Renders a flowchart as GitHub does, with strict security; returns its labels."""
    context = browser.new_context(viewport={"width": 1400, "height": 900})
    page = context.new_page()
    page.goto("about:blank")
    page.add_script_tag(path=os.environ["MERMAID"])
    page.evaluate("mermaid.initialize({startOnLoad: false, securityLevel: 'strict'})")

    def render(name, text):
        labels = page.evaluate(RENDER, text)
        picture(page, f"mermaid-{name}")
        assert page.locator("script").count() <= 1
        return labels

    yield render
    context.close()


def found(folder: Path, files):
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return Finder([folder], Configuration(), folder).map(with_findings=True)


def test_a_map(rendered, tmp_path):
    drawn = found(tmp_path, FILES)
    shown = rendered("map", draw("mermaid", Wanted(drawn, None)))
    for box in (*drawn.flows, *drawn.events, *drawn.files):
        expected = [labels.title(box), *labels.lines(box)]
        assert any(label.split("\n")[: len(expected)] == expected for label in shown), expected
    for link in drawn.links:
        assert any(label.startswith(labels.of_link(link)) for label in shown)
    assert "project arxiv_topics" in shown


@pytest.mark.parametrize("name", ["Counts", "Hostile"])
def test_steps(rendered, tmp_path, name):
    drawn = found(tmp_path, {"counts.py": STEPS, "hostile.py": HOSTILE})
    flow = next(flow for flow in drawn.flows if flow.name == name)
    shown = rendered(name, draw("mermaid", Wanted(drawn, flow)))
    for step in flow.steps:
        expected = [labels.title(step), *labels.of_step(step)]
        assert any(label.split("\n")[: len(expected)] == expected for label in shown), expected
    for arrow in flow.arrows:
        assert labels.of_marked_arrow(arrow) in ["", *shown]


def test_nothing_of_a_source_is_markup(rendered, tmp_path):
    drawn = found(tmp_path, {"hostile.py": HOSTILE})
    shown = rendered("hostile", draw("mermaid", Wanted(drawn, None)))
    (event,) = drawn.events
    assert any(label.startswith(f"{labels.title(event)}\n") for label in shown), shown
