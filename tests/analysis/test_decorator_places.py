"""What Metaflow's decorators stand on, and which of them stand on the wrong thing."""

from lint_rules.analysis.decorator_places import decorated, misplaced
from lint_rules.metaflow import facts
from tests.analysis.modules import module_of

FLOW = """\
from metaflow import FlowSpec, project, retry, schedule, step
from tenacity import retry as again


@retry
@project(name="arxiv_topics")
class ArxivTopics(FlowSpec):
    @schedule(daily=True)
    @retry
    @step
    def start(self):
        self.next(self.end)

    @retry
    def fetch(self):
        pass

    @retry
    def lacks_step(self):
        self.next(self.end)

    @again
    @retry
    def wrapped(self):
        pass

    @step
    def end(self):
        pass
"""


def places():
    (flow,) = module_of(FLOW).flows
    return {place.definition.name: place for place in decorated(flow, facts())}


def test_only_what_has_decorators_is_a_place():
    assert {name: place.kind for name, place in places().items()} == {
        "ArxivTopics": "flow",
        "start": "step",
        "fetch": "method",
        "lacks_step": "method",
        "wrapped": "method",
    }


def test_decorators_that_stand_on_the_wrong_thing():
    found = {name: [one.name for one in misplaced(place)] for name, place in places().items()}
    assert found == {
        "ArxivTopics": ["retry"],
        "start": ["schedule"],
        "fetch": ["retry"],
        "lacks_step": [],
        "wrapped": [],
    }


def test_a_step_comes_with_the_decorators_of_its_flow():
    start = places()["start"]
    assert [one.name for one in start.of_flow] == ["project"]
    assert [one.name for one in start.fitting] == ["retry"]
    assert start.step.name == "start"


def test_what_another_decorator_may_change_is_not_certain():
    assert {name: place.is_certain for name, place in places().items()} == {
        "ArxivTopics": True,
        "start": True,
        "fetch": True,
        "lacks_step": True,
        "wrapped": False,
    }
