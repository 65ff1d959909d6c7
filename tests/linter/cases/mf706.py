from tests.linter.cases import Case

WAITING = """\
from metaflow import FlowSpec, namespaced_event_name, project, step, trigger
from metaflow.integrations import ArgoEvent

from arxiv_topics.events import namespaced_trigger


{waits}
@project(name="arxiv_topics")
class ArxivTopics(FlowSpec):
    @step
    def start(self):
        {raises}
"""
PROJECT = {"../pyproject.toml": ""}


def events(waits="", raises="pass"):
    return WAITING.format(waits=waits, raises=raises)


CASES = [
    *(
        Case(
            f"{raises} is heard by {waits}",
            events(waits, raises),
            packages=PROJECT,
        )
        for waits in (
            '@trigger(event="papers")',
            '@trigger(event=namespaced_event_name("papers"))',
            '@trigger(event=namespaced_event_name(name="papers"))',
            '@trigger(event={"name": "papers", "parameters": {}})',
            '@trigger(events=["papers"])',
            '@namespaced_trigger(event="papers")',
        )
        for raises in (
            'ArgoEvent("papers").publish()',
            'ArgoEvent(name="papers").publish()',
            'ArgoEvent(namespaced_event_name("papers")).publish()',
            'ArgoEvent(name=namespaced_event_name(name="papers")).safe_publish()',
            'namespaced_trigger.raise_event("papers", {})',
            'namespaced_trigger.raise_event(name="papers", payload={})',
            'namespaced_trigger.raise_event({}, event="papers")',
        )
    ),
    Case(
        "each side is told of what the other does not do",
        events('@trigger(event="paper")', 'ArgoEvent({"a": "papers"}, name="papers").publish()'),
        at=('"paper"', '"papers"'),
        says=("raises the event `paper`,", "waits for the event `papers`,"),
        packages=PROJECT,
    ),
    Case(
        "a name may be worked out where events are raised",
        events('@trigger(event="paper")', "ArgoEvent(self.event).publish()"),
        packages=PROJECT,
    ),
    Case(
        "a name may be worked out where they are waited for",
        events("@trigger(event=lambda context: name())", 'ArgoEvent("papers").publish()'),
        packages=PROJECT,
    ),
    Case(
        "an event may be raised without a name in sight",
        events('@trigger(event="paper")', "ArgoEvent().publish()"),
        packages=PROJECT,
    ),
    Case(
        "what another function makes of a name is another name",
        events('@trigger(event="papers")', 'ArgoEvent(own("paper")).publish()'),
        packages=PROJECT,
    ),
]
