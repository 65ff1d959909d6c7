from tests.rules.cases import Case

FLOW = """\
from metaflow import FlowSpec, {imports}project, step
from metaflow.integrations import ArgoEvent
{own}

@project(name="arxiv_topics")
class ArxivTopics(FlowSpec):
    @step
    def start(self):
        {raises}
"""
OWN = "\nfrom arxiv_topics.events import namespaced_trigger\n"


def own(raises):
    """Where the project's own decorator is imported."""
    return FLOW.format(imports="", own=OWN, raises=raises)


def metaflows(raises):
    """Where Metaflow's function is imported."""
    return FLOW.format(imports="namespaced_event_name, ", own="", raises=raises)


def mended(before, after, at='ArgoEvent("papers")', write=own):
    return Case(
        f"{before} becomes {after or 'nothing else'}",
        write(before),
        at=(at,),
        fixed=after and write(after),
    )


CASES = [
    mended('ArgoEvent("papers").publish()', 'namespaced_trigger.raise_event("papers")'),
    mended(
        'ArgoEvent("papers").safe_publish()',
        'namespaced_trigger.raise_event("papers", safe_publish=True)',
    ),
    mended(
        'ArgoEvent("papers").publish({"a": 1})',
        'namespaced_trigger.raise_event("papers", {"a": 1})',
    ),
    mended(
        'ArgoEvent("papers").safe_publish(payload={"a": 1})',
        'namespaced_trigger.raise_event("papers", payload={"a": 1}, safe_publish=True)',
    ),
    mended('ArgoEvent("papers").publish({"a": 1}, True)', None),
    mended('ArgoEvent("papers").publish({"a": 1}, force=True)', None),
    mended('ArgoEvent("papers").publish(*given)', None),
    mended('ArgoEvent("papers", {"a": 1}).publish()', None, at='ArgoEvent("papers", {"a": 1})'),
    mended(
        'ArgoEvent("papers", {"a": 1}, True).publish()',
        None,
        at='ArgoEvent("papers", {"a": 1}, True)',
    ),
    mended('event = ArgoEvent("papers")', None),
    mended('tell(ArgoEvent("papers"))', None),
    mended(
        'ArgoEvent("papers").publish({"a": 1}, force=True)',
        'ArgoEvent(namespaced_event_name("papers")).publish({"a": 1}, force=True)',
        write=metaflows,
    ),
    mended(
        'tell(ArgoEvent(name="papers"))',
        'tell(ArgoEvent(name=namespaced_event_name("papers")))',
        at='ArgoEvent(name="papers")',
        write=metaflows,
    ),
    mended(
        'ArgoEvent("pap" "ers").publish()',
        'ArgoEvent(namespaced_event_name("pap" "ers")).publish()',
        at='ArgoEvent("pap" "ers")',
        write=metaflows,
    ),
    mended(
        'ArgoEvent("pap" + "ers").publish()', None, at='ArgoEvent("pap" + "ers")', write=metaflows
    ),
]
