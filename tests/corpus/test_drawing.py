"""The steps that `metaflow-lint graph` draws are those that Metaflow knows."""

import re

import pytest

from lint_rules.diagrams.find import Finder
from lint_rules.settings.configuration import Configuration
from tests.corpus.drawing import differences, drawn_ways
from tests.corpus.test_graph import FOLDER, TUTORIALS, metaflow_says

SHAPES = """\
from metaflow import FlowSpec, step


class Ends(FlowSpec):
    @step
    def end(self):
        pass


class Shapes(Ends):
    @step
    def start(self):
        self.items = [1, 2]
        self.answer = "a"
        self.next(self.left, self.right)

    @step
    def left(self):
        self.next(self.each, foreach="items")

    @step
    def each(self):
        self.next(self.inner, foreach="items")

    @step
    def inner(self):
        self.next(self.gather)

    @step
    def gather(self, inputs):
        self.merge_artifacts(inputs)
        self.next(self.again)

    @step
    def again(self, inputs):
        self.next(self.one, self.two)

    @step
    def one(self):
        self.next(self.both)

    @step
    def two(self):
        self.next(self.both)

    @step
    def both(self, inputs):
        self.next(self.meet)

    @step
    def right(self):
        self.next({"a": self.short, "b": self.long, "c": self.right}, condition="answer")

    @step
    def short(self):
        self.next(self.meet)

    @step
    def long(self):
        self.next(self.short)

    @step
    def meet(self, inputs):
        self.next(self.many)

    @step
    def many(self):
        self.next(self.node, num_parallel=2)

    @step
    def node(self):
        self.next(self.done)

    @step
    def done(self, inputs):
        self.next(self.end)


if __name__ == "__main__":
    Shapes()
"""


@pytest.mark.slow
@pytest.mark.parametrize(
    "tutorial",
    [path.relative_to(FOLDER) for path in TUTORIALS],
    ids=lambda path: path.name,
    indirect=True,
)
def test_tutorials_are_drawn_as_metaflow_knows_them(tutorial):
    assert differences(tutorial) == []


@pytest.mark.slow
def test_all_shapes_are_drawn_as_metaflow_knows_and_draws_them(tmp_path):
    file = tmp_path / "shapes.py"
    file.write_text(SHAPES, encoding="utf-8")
    assert differences(file) == []
    (flow,) = Finder([file], Configuration(isolated=True), tmp_path).map(with_findings=False).flows
    says = metaflow_says(file, tmp_path, "output-dot")
    edges = re.findall(r'^(\w+) -> (\w+)(?: \[label="(\w+)")?', says, re.MULTILINE)
    names = {step.id: step.name for step in flow.steps}
    assert sorted(edges) == sorted(
        (names[arrow.source], names[arrow.target], arrow.case) for arrow in flow.arrows
    )
    assert len(drawn_ways(flow)) == len(edges)
