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


def fixed_to(before, after, at='ArgoEvent("papers")', write=own):
    return Case(
        f"{before} becomes {after or 'nothing else'}",
        write(before),
        at=(at,),
        fixed=after and write(after),
    )


CASES = [
    fixed_to('ArgoEvent("papers").publish()', 'namespaced_trigger.raise_event("papers")'),
    fixed_to(
        'ArgoEvent("papers").safe_publish()',
        'namespaced_trigger.raise_event("papers", safe_publish=True)',
    ),
    fixed_to(
        'ArgoEvent("papers").publish({"a": 1})',
        'namespaced_trigger.raise_event("papers", {"a": 1})',
    ),
    fixed_to(
        'ArgoEvent("papers").safe_publish(payload={"a": 1})',
        'namespaced_trigger.raise_event("papers", payload={"a": 1}, safe_publish=True)',
    ),
    fixed_to('ArgoEvent("papers").publish({"a": 1}, True)', None),
    fixed_to('ArgoEvent("papers").publish({"a": 1}, force=True)', None),
    fixed_to('ArgoEvent("papers").publish(*given)', None),
    fixed_to('ArgoEvent("papers", {"a": 1}).publish()', None, at='ArgoEvent("papers", {"a": 1})'),
    fixed_to(
        'ArgoEvent("papers", {"a": 1}, True).publish()',
        None,
        at='ArgoEvent("papers", {"a": 1}, True)',
    ),
    fixed_to('event = ArgoEvent("papers")', None),
    fixed_to('tell(ArgoEvent("papers"))', None),
    fixed_to(
        'ArgoEvent("papers").publish({"a": 1}, force=True)',
        'ArgoEvent(namespaced_event_name("papers")).publish({"a": 1}, force=True)',
        write=metaflows,
    ),
    fixed_to(
        'tell(ArgoEvent(name="papers"))',
        'tell(ArgoEvent(name=namespaced_event_name("papers")))',
        at='ArgoEvent(name="papers")',
        write=metaflows,
    ),
    fixed_to(
        'ArgoEvent("pap" "ers").publish()',
        'ArgoEvent(namespaced_event_name("pap" "ers")).publish()',
        at='ArgoEvent("pap" "ers")',
        write=metaflows,
    ),
    fixed_to(
        'ArgoEvent("pap" + "ers").publish()', None, at='ArgoEvent("pap" + "ers")', write=metaflows
    ),
]
